"""Draws what the reader drew: lines of one width on screen, on a dark halo, with handles and labels."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QApplication, QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from viewer.domain.annotation import Annotation, Kind
from viewer.domain.handles import handles
from viewer.ui.canvas.labels import Lettering, Mark, draw, lettering, place, within
from viewer.ui.canvas.outline import dashes, handle_at, lies_on, on_screen, outline
from viewer.ui.canvas.stroke import Stroke
from viewer.ui.theme import colour

LINE, HALO = 1.8, 5.0
HANDLE = 4.5
SHADE = 175
"""Opacity of the halo and of the ground of labels, 0 to 255."""
KEPT = 2_000
"""Labels of which the size is remembered."""
EDGE = 6.0
"""Labels stay this far from the edge of the canvas."""


class Marks(QGraphicsItem):
    """The annotations of one frame, one of which may be selected, and the one that is being drawn.

    It lies in the scene itself, whose unit is a screen pixel, and maps the points of the stored frame when it paints:
    zoom, turns and flips move no annotation and widen no line.

    Attributes:
        marks: What is drawn.
        badge: Words at the top; `""` for none.
        selected: Identifier of the annotation that is chosen; `""` for none.
        handle: The chosen one of its handles.
        stroke: The shape that is being drawn.
        in_motion: Whether lines are drawn plainly: smooth ones take ten times as long.
    """

    def __init__(
        self,
        to_scene: Callable[[], QTransform],
        area: Callable[[], QRectF],
        occupied: Callable[[], Sequence[QRectF]],
    ) -> None:
        """Prepare.

        Args:
            to_scene: From the stored frame to the scene, as the picture lies now.
            area: What the canvas shows of the scene.
            occupied: Where other words stand over the picture.
        """
        super().__init__()
        self.setZValue(10)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.marks: tuple[Mark, ...] = ()
        self.badge = ""
        self.selected = ""
        self.handle: int | None = None
        self.stroke: Stroke | None = None
        self.in_motion = False
        self._to_scene, self._area, self._occupied = to_scene, area, occupied
        self._bounds = QRectF()
        self._lettering: dict[str, tuple[Mark, str, Lettering]] = {}
        self._places: dict[str, QRectF] | None = None

    def show_marks(self, marks: Sequence[Mark], badge: str) -> None:
        """Show the annotations of a frame, and words at the top; `""` for none."""
        if not self._empty:
            self.update()
        self.marks, self.badge = tuple(marks), badge
        if len(self._lettering) > KEPT:
            self._lettering.clear()
        self.refresh()

    def find(self, identifier: str) -> Annotation | None:
        """The shown annotation of that identifier."""
        found = (mark.annotation for mark in self.marks if mark.annotation.id == identifier)
        return next(found, None)

    def refresh(self) -> None:
        """Something has moved: place the labels anew, and paint."""
        if self._area() != self._bounds:
            self.prepareGeometryChange()
            self._bounds = self._area()
        self._places = None
        if not self._empty:  # else what stands beside the picture would be painted for nothing
            self.update()

    def handle_under(self, at: QPointF) -> int | None:
        """The handle of the selected annotation under a point of the scene."""
        chosen = self.find(self.selected)
        return None if chosen is None else handle_at(chosen, self._to_scene(), at)

    def under(self, at: QPointF) -> Annotation | None:
        """The uppermost annotation under a point of the scene, by its lines or its label."""
        places, to_scene = self.places(), self._to_scene()
        for mark in reversed(self.marks):
            box = places.get(mark.annotation.id)
            if (box is not None and box.contains(at)) or lies_on(mark.annotation, to_scene, at):
                return mark.annotation
        return None

    def places(self) -> dict[str, QRectF]:
        """Where the labels lie, by identifier; one whose shape is out of sight has none."""
        if self._places is None:
            self._places = self._lay_out()
        return self._places

    def boundingRect(self) -> QRectF:
        """All of the canvas: labels stand beside their shapes."""
        return self._bounds

    def shape(self) -> QPainterPath:
        """Nothing: the mouse finds annotations by `under`."""
        return QPainterPath()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the lines, then the handles, then the labels."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not self.in_motion)
        to_scene = self._to_scene()
        for mark in self.marks:
            ink = colour("mark_selected" if mark.annotation.id == self.selected else "mark")
            drawn = mark.annotation
            _draw_lines(painter, dashes(drawn, to_scene), ink, Qt.PenStyle.DotLine)
            _draw_lines(painter, outline(drawn.kind, drawn.points, to_scene), ink)
        chosen = self.find(self.selected)
        if chosen is not None and chosen.kind is not Kind.TEXT:
            self._draw_handles(painter, [on_screen(point, to_scene) for point in handles(chosen)])
        self._draw_labels(painter)
        if self.stroke is not None:
            ink = colour("mark_selected")
            _draw_lines(painter, outline(self.stroke.kind, self.stroke.seen, to_scene, closed=False), ink)
            self._draw_handles(painter, [on_screen(point, to_scene) for point in self.stroke.points])
        if self.badge:
            self._draw_badge(painter)

    @property
    def _empty(self) -> bool:
        """Whether nothing is drawn."""
        return not (self.marks or self.badge or self.stroke)

    def _lay_out(self) -> dict[str, QRectF]:
        """Texts stand where they were written; the labels of shapes make room for them and for each other."""
        to_scene, area = self._to_scene(), self._area().adjusted(EDGE, EDGE, -EDGE, -EDGE)
        placed: dict[str, QRectF] = {}
        shapes: dict[str, QRectF] = {}
        for mark in self.marks:
            drawn, text = mark.annotation, self._text(mark)
            if drawn.kind is Kind.TEXT:
                at = on_screen(drawn.points[0], to_scene)
                if area.contains(at):
                    placed[drawn.id] = within(QRectF(at.x(), at.y(), text.width, text.height), area)
            elif (shape := _box(drawn, to_scene)).intersects(area):
                shapes[drawn.id] = shape
        taken = [*self._occupied(), *placed.values(), *([self._badge_text()[1]] if self.badge else [])]
        for mark in sorted(self.marks, key=lambda mark: mark.annotation.id != self.selected):
            name = mark.annotation.id
            if name in shapes and mark.lines:
                placed[name] = place(self._text(mark), shapes[name], area, taken, tuple(shapes.values()))
                taken.append(placed[name])
        return placed

    def _badge_text(self) -> tuple[Lettering, QRectF]:
        """The words at the top, and where they stand: in the middle, below what stands there already."""
        text = lettering((self.badge,), QApplication.font())
        area = self._area()
        box = QRectF(area.center().x() - text.width / 2, area.top() + EDGE, text.width, text.height)
        for other in sorted(self._occupied(), key=QRectF.top):
            if other.intersects(box):
                box.moveTop(other.bottom() + EDGE)
        return text, box

    def _text(self, mark: Mark) -> Lettering:
        font = QApplication.font()
        kept = self._lettering.get(mark.annotation.id)
        if kept is None or kept[0] != mark or kept[1] != font.key():
            small = QFont(font)
            small.setPixelSize(max(font.pixelSize() - 2, 9))
            kept = mark, font.key(), lettering(mark.lines, font, mark.small, small)
            self._lettering[mark.annotation.id] = kept
        return kept[2]

    def _draw_labels(self, painter: QPainter) -> None:
        places = self.places()
        for mark in self.marks:
            box = places.get(mark.annotation.id)
            if box is None:
                continue
            chosen = mark.annotation.id == self.selected
            ink = colour("mark_selected" if chosen else "mark")
            _draw_ground(painter, box, ink if chosen else None)
            painter.setPen(ink)
            draw(painter, self._text(mark), box.topLeft())

    def _draw_badge(self, painter: QPainter) -> None:
        text, box = self._badge_text()
        _draw_ground(painter, box, colour("mark"))
        painter.setPen(colour("mark"))
        draw(painter, text, box.topLeft())

    def _draw_handles(self, painter: QPainter, points: Sequence[QPointF]) -> None:
        for index, point in enumerate(points):
            half = HANDLE + 2 if index == self.handle else HANDLE
            painter.setPen(QPen(colour("mark_halo"), 1.5))
            painter.setBrush(colour("mark" if index == self.handle else "mark_selected"))
            painter.drawRect(QRectF(point.x() - half, point.y() - half, 2 * half, 2 * half))
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _box(drawn: Annotation, to_scene: QTransform) -> QRectF:
    """Box around an annotation in the scene, never without any extent."""
    corners = [on_screen(point, to_scene) for point in handles(drawn)]
    xs, ys = [corner.x() for corner in corners], [corner.y() for corner in corners]
    return QRectF(QPointF(min(xs), min(ys)), QPointF(max(xs), max(ys))).adjusted(-1, -1, 1, 1)


def _draw_lines(
    painter: QPainter, path: QPainterPath, ink: QColor, style: Qt.PenStyle = Qt.PenStyle.SolidLine
) -> None:
    if path.isEmpty():
        return
    halo = QPen(_shade(), HALO)
    halo.setCapStyle(Qt.PenCapStyle.RoundCap)
    halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, halo)
    painter.strokePath(path, QPen(ink, LINE, style))


def _draw_ground(painter: QPainter, box: QRectF, edge: QColor | None) -> None:
    painter.setPen(Qt.PenStyle.NoPen if edge is None else QPen(edge, 1.0))
    painter.setBrush(_shade())
    painter.drawRoundedRect(box, 3, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _shade() -> QColor:
    shade = colour("mark_halo")
    shade.setAlpha(SHADE)
    return shade
