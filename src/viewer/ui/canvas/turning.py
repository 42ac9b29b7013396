"""Turns and flips of what lies on the canvas."""

from PySide6.QtGui import QTransform

from viewer.domain.image import Frame
from viewer.domain.view import Affine, Turn, laid_out


def turning(frame: Frame, turn: Turn) -> QTransform:
    """From the upright picture on the canvas, whose rows have their true height, to the turned one."""
    rows, columns = frame.values.shape[:2]
    stored = Affine(1.0, 0.0, 0.0, 0.0, 1.0 / frame.pixel_aspect, 0.0)
    whole = stored.then(laid_out(turn, rows, columns, frame.pixel_aspect))
    return QTransform(whole.a, whole.d, whole.b, whole.e, whole.c, whole.f)
