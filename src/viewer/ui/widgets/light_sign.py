"""The traffic light: colour, shape and position together."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from viewer.domain.result import Light
from viewer.present.colours import look
from viewer.present.wording import LIGHT_TITLE
from viewer.ui.texts import tr
from viewer.ui.theme import colour, current_theme, scale, scaled

ORDER = (Light.GREEN, Light.AMBER, Light.RED, Light.GREY)
CELL, LIT, DIM = 34, 12.0, 5.5
ROOMY, CLOSE = 1.2, 28
"""Size of letters up to which places stand a cell apart, and how far they do beyond."""
DISC_INSET = 0.06
"""Part of the radius by which the disc is smaller than the box of the square: they differ by their corners alone."""
MARK = 18
"""Side of a light that stands alone beside words, in pixels at 100 %."""


class LightSign(QWidget):
    """Four places in a row, one per light; only the place of the light that is on is drawn large and filled."""

    def __init__(self) -> None:
        super().__init__()
        self._light: Light | None = None
        self.setFixedSize(self.sizeHint())
        self.set_light(None)

    def set_light(self, light: Light | None) -> None:
        """Show a light; none is on while it is waited for."""
        self._light = light
        self.setAccessibleName(spoken(light))
        self.update()

    def sizeHint(self) -> QSize:
        """Four places."""
        return QSize(scaled(pitch() * len(ORDER)), scaled(CELL))

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setFixedSize(self.sizeHint())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the four places."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale(), scale())
        for place, light in enumerate(ORDER):
            centre = QPointF(pitch() * (place + 0.5), CELL / 2)
            if light is self._light:
                draw_shape(painter, light, centre, LIT, ink(light), filled=True)
            else:
                draw_shape(painter, light, centre, DIM, colour("edge"), filled=False)


class LightMark(QWidget):
    """One light beside words; three dots where there is none yet."""

    def __init__(self) -> None:
        super().__init__()
        self._light: Light | None = None
        self.setFixedSize(self.sizeHint())

    def set_light(self, light: Light | None) -> None:
        """Show a light, or that it is waited for."""
        self._light = light
        self.setAccessibleName(spoken(light))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the light."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale(), scale())
        draw_mark(painter, self._light, QPointF(MARK / 2, MARK / 2))

    def sizeHint(self) -> QSize:
        """Room for one light."""
        return QSize(scaled(MARK), scaled(MARK))

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setFixedSize(self.sizeHint())


def pitch() -> int:
    """From one place to the next, at 100 %: closer with large letters, for a panel grows by less than they do."""
    return CELL if scale() <= ROOMY else CLOSE


def spoken(light: Light | None) -> str:
    """A light for those who hear it."""
    return f"{tr(LIGHT_TITLE)}: {look(light).word if light else tr('not known yet')}"


def ink(light: Light) -> QColor:
    """The colour of a light in the theme in use."""
    return QColor(look(light, current_theme().name).colour)


def draw_mark(painter: QPainter, light: Light | None, centre: QPointF) -> None:
    """Draw one light in a box of `MARK` pixels; None is three dots, for one that is waited for."""
    if light is not None:
        draw_shape(painter, light, centre, MARK / 3, ink(light), filled=True)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("muted"))
    for step in (-1, 0, 1):
        painter.drawEllipse(centre + QPointF(step * MARK / 4, 0), 1.4, 1.4)


def draw_shape(painter: QPainter, light: Light, centre: QPointF, radius: float, ink: QColor, *, filled: bool) -> None:
    """Draw the shape of a light: disc, triangle, square, or a dashed ring for grey."""
    pen = QPen(ink, radius / 4 if filled else 1.3)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)  # corners tell a square from a disc where both are small
    painter.setPen(pen)
    painter.setBrush(ink if filled else Qt.BrushStyle.NoBrush)
    box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
    if light is Light.AMBER:
        points = [QPointF(centre.x(), box.top()), box.bottomRight(), box.bottomLeft()]
        painter.drawPolygon(QPolygonF(points))
    elif light is Light.RED:
        painter.drawRect(box)
    elif light is Light.GREEN:
        inset = radius * DISC_INSET
        painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen.setStyle(Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([1.6, 1.5])
        painter.setPen(pen)
        painter.drawEllipse(box)
