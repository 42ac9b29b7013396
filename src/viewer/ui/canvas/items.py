"""What lies on the canvas: the picture and the maps over it."""

from math import hypot

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QTransform
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject, QStyleOptionGraphicsItem, QWidget

CRISP_FROM = 4.0
"""Screen pixels per picture pixel from which single pixels are shown as squares."""


EXACT = 1e-6
"""Difference to one screen pixel per picture pixel that is none."""


class FrameItem(QGraphicsObject):
    """Draws one frame; a scene unit is one column wide, rows are as high as the pixel aspect says."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self._small: dict[int, QImage] = {}
        self._bounds = QRectF()

    def set_pixels(self, pixels: NDArray[np.uint8], pixel_aspect: float) -> None:
        """Show pixels, uint8 (rows, cols) grey or (rows, cols, 3) sRGB, contiguous."""
        # 32-bit pixels scale three times as fast as 24-bit ones, which more than pays for the conversion.
        self._image = _as_image(pixels).convertToFormat(QImage.Format.Format_RGB32)
        self._small.clear()
        bounds = QRectF(0, 0, pixels.shape[1], pixels.shape[0] * pixel_aspect)
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self.prepareGeometryChange()
        self._image, self._bounds = QImage(), QRectF()
        self._small.clear()

    def boundingRect(self) -> QRectF:
        """Where the picture lies."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the picture, averaged where it is made much smaller, crisp where it is made much larger."""
        if self._image.isNull():
            return
        world = painter.worldTransform()
        scale = hypot(world.m11(), world.m12()) * painter.device().devicePixelRatioF()
        if abs(scale - 1) < EXACT and self._bounds.height() == self._image.height():
            self._onto_pixels(painter, painter.device().devicePixelRatioF())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < CRISP_FROM)
        painter.drawImage(self._bounds, self._at_scale(scale))

    def _onto_pixels(self, painter: QPainter, ratio: float) -> None:
        """Shift by less than a pixel of the screen, so that each stored pixel is one of them and none is blurred."""
        world = painter.worldTransform()
        parts = (world.m11(), world.m12(), world.m21(), world.m22(), world.dx(), world.dy())
        a, b, c, d, right, down = (round(part * ratio) / ratio for part in parts)
        painter.setWorldTransform(QTransform(a, b, c, d, right, down))

    def _at_scale(self, scale: float) -> QImage:
        """The picture, halved as often as it fits: bilinear scaling alone would skip pixels below one half."""
        halvings = max(0, int(np.floor(np.log2(1 / scale)))) if 0 < scale < 1 else 0
        if halvings == 0:
            return self._image
        if halvings not in self._small:
            size = self._image.size() / 2**halvings
            mode = Qt.TransformationMode.SmoothTransformation
            self._small[halvings] = self._image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
        return self._small[halvings]


class OverlayItem(QGraphicsItem):
    """Draws one coloured map above the picture."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self._bounds = QRectF()
        self.setZValue(1)

    def set_map(self, rgba: NDArray[np.uint8], bounds: QRectF) -> None:
        """Show a map, uint8 (h, w, 4) with straight alpha, stretched over `bounds`."""
        self.prepareGeometryChange()
        rows, columns, _ = rgba.shape
        buffer = np.ascontiguousarray(rgba)
        straight = QImage(buffer.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
        self._image = straight.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        self._bounds = bounds
        self.update()

    def boundingRect(self) -> QRectF:
        """Where the map lies."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the map smoothly."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        painter.drawImage(self._bounds, self._image)


def _as_image(pixels: NDArray[np.uint8]) -> QImage:
    """A view on the pixels as an image; it is converted before `pixels` may go away."""
    rows, columns = pixels.shape[:2]
    kind = QImage.Format.Format_Grayscale8 if pixels.ndim == 2 else QImage.Format.Format_RGB888
    return QImage(pixels.data, columns, rows, pixels.strides[0], kind)
