"""Small pictures that were made off the GUI thread, as Qt has them."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage


def image_of(rgb: NDArray[np.uint8]) -> QImage:
    """An image of its own from uint8 (h, w, 3)."""
    rows, columns, _ = rgb.shape
    rgb = np.ascontiguousarray(rgb)
    return QImage(rgb.data, columns, rows, rgb.strides[0], QImage.Format.Format_RGB888).copy()
