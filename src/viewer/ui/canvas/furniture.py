"""What stands over a picture without being part of it: corner text, edge letters and scale bar, in screen pixels."""

from dataclasses import dataclass, field

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QWidget

from viewer.domain.view import EdgeLetters
from viewer.present.corners import Corners, Line
from viewer.present.scale_bar import ScaleBar
from viewer.ui.canvas.halo import RIM, HaloText

MARGIN, GAP = 8.0, 10.0
TICK = 5.0
"""Height of the ends of the scale bar over and under its line."""

LEAST_WIDTH = 56.0
"""A line with less room than this is left out: what is left of it would tell nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What there is to tell.

    Attributes:
        corners: Text of the corners.
        letters: Directions in the patient at the edges.
        bar: The scale.
    """

    corners: Corners = field(default_factory=Corners)
    letters: EdgeLetters | None = None
    bar: ScaleBar | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Words at a place, or a bar where there are none.

    Attributes:
        words: What is painted; `""` for the scale bar.
        left, top, width, height: What they cover, without their rim.
    """

    words: str
    left: float
    top: float
    width: float
    height: float

    @property
    def area(self) -> QRectF:
        """What they cover."""
        return QRectF(self.left, self.top, self.width, self.height)


Known = dict[tuple[object, ...], list[Placed]]
"""Corners that were arranged already, for one font."""

KEPT = 64


def bar_room(room: QSizeF) -> float:
    """Most pixels a scale bar may take."""
    return min(160.0, room.width() / 4)


def arranged(content: Content, room: QSizeF, text: HaloText, known: Known | None = None) -> tuple[Placed, ...]:
    """Find everything a place where nothing overlaps.

    Letters stand in the middle of the edges, the bar above the lower one, lines in the corners. What has no room is
    left out: of lines those of the highest ranks first. Corners that are `known` are not arranged again: with most
    frames of a clip one of four is another.
    """
    known = {} if known is None else known
    letters = _letters(content.letters, room, text)
    bar = _bar(content.bar, room, text)
    between = (*letters[:1], *letters[2:3], *bar)
    count = int(room.height() / (4 * text.height))  # at most half of the height, so that the picture is seen
    corners = content.corners
    placed = [*letters, *bar]
    for lines, right, bottom in (
        (corners.top_left, False, False),
        (corners.top_right, True, False),
        (corners.bottom_left, False, True),
        (corners.bottom_right, True, True),
    ):
        corner = (lines, between, room.width(), room.height(), right, bottom)
        if corner not in known:
            known[corner] = _corner(most_telling(lines, count), between, room, text, right=right, bottom=bottom)
        placed += known[corner]
    return tuple(placed)


def most_telling(lines: tuple[Line, ...], count: int) -> tuple[Line, ...]:
    """As many lines as there is room for, in their order."""
    kept = sorted(lines, key=lambda line: line.rank)[: max(count, 0)]
    return tuple(line for line in lines if line in kept)


def _letters(letters: EdgeLetters | None, room: QSizeF, text: HaloText) -> tuple[Placed, ...]:
    """Top, left, bottom, right."""
    if letters is None:
        return ()
    middle, centre = room.width() / 2, (room.height() - text.height) / 2
    low, high = room.height() - MARGIN - text.height, MARGIN

    def placed(words: str, left: float, top: float) -> Placed:
        return Placed(words, left, top, text.width(words), text.height)

    return (
        placed(letters.top, middle - text.width(letters.top) / 2, high),
        placed(letters.left, MARGIN, centre),
        placed(letters.bottom, middle - text.width(letters.bottom) / 2, low),
        placed(letters.right, room.width() - MARGIN - text.width(letters.right), centre),
    )


def _bar(bar: ScaleBar | None, room: QSizeF, text: HaloText) -> tuple[Placed, ...]:
    """The bar and, to its right, its length; both together in the middle."""
    if bar is None:
        return ()
    width = bar.pixels + GAP / 2 + text.width(bar.words)
    left, top = (room.width() - width) / 2, room.height() - MARGIN - 2 * text.height
    if top < (room.height() + text.height) / 2:  # letters at the sides come first
        return ()
    return (
        Placed("", left, top + text.height / 2 - TICK, bar.pixels, 2 * TICK),
        Placed(bar.words, left + width - text.width(bar.words), top, text.width(bar.words), text.height),
    )


def _corner(
    lines: tuple[Line, ...], between: tuple[Placed, ...], room: QSizeF, text: HaloText, *, right: bool, bottom: bool
) -> list[Placed]:
    """Lines from the edge to the middle, or to what stands there beside them.

    Lower ones hold numbers: but for the first in rank they are left out rather than cut.
    """
    middle = room.width() / 2
    top = room.height() - MARGIN - len(lines) * text.height if bottom else MARGIN
    placed = []
    for words, rank in lines:
        beside = [other for other in between if other.top < top + text.height and other.top + other.height > top]
        width = middle - max((middle - other.left for other in beside), default=0.0) - GAP - MARGIN
        if width >= (text.width(words) if bottom and rank else min(text.width(words), LEAST_WIDTH)):
            shown = text.shortened(words, width)
            wide = text.width(shown)
            placed.append(Placed(shown, room.width() - MARGIN - wide if right else MARGIN, top, wide, text.height))
        top += text.height
    return placed


class Furniture:
    """Keeps what stands over one picture, and has repainted only what is another."""

    def __init__(self, surface: QWidget) -> None:
        """Prepare.

        Args:
            surface: It is painted on.
        """
        self._surface = surface
        self._text = HaloText()
        self._content = Content()
        self._placed: tuple[Placed, ...] = ()
        self._known: Known = {}

    @property
    def placed(self) -> tuple[Placed, ...]:
        """What is painted, and where."""
        return self._placed

    @property
    def words(self) -> tuple[str, ...]:
        """Everything that can be read."""
        return tuple(placed.words for placed in self._placed if placed.words)

    def use(self, font: QFont, ink: QColor, rim: QColor) -> None:
        """Write in a font and colours from now on."""
        self._text.use(font, ink, rim, self._surface.devicePixelRatioF())
        self._known.clear()
        self._surface.update()
        self.arrange()

    def show(self, content: Content) -> None:
        """Tell something else."""
        if content != self._content:
            self._content = content
            self.arrange()

    def arrange(self) -> None:
        """Find everything its place anew: there is other content, or other room."""
        before = self._placed
        if len(self._known) >= KEPT:
            self._known.clear()
        self._placed = arranged(self._content, QSizeF(self._surface.size()), self._text, self._known)
        if self._placed != before:
            for changed in set(before).symmetric_difference(self._placed):
                # Each for itself: one area around them all, or the whole, costs more than they do.
                self._surface.update(*_around(changed))

    def paint(self, painter: QPainter) -> None:
        """Paint everything, in pixels of the surface."""
        for placed in self._placed:
            if placed.words:
                self._text.paint(painter, placed.left, placed.top, placed.words)
            else:
                self._paint_bar(painter, placed.area)

    def _paint_bar(self, painter: QPainter, area: QRectF) -> None:
        middle = area.center().y()
        strokes = (
            QRectF(area.left(), middle - 1, area.width(), 2),
            QRectF(area.left(), area.top(), 2, area.height()),
            QRectF(area.right() - 2, area.top(), 2, area.height()),
        )
        for stroke in strokes:
            painter.fillRect(stroke.adjusted(-1, -1, 1, 1), self._text.rim)
        for stroke in strokes:
            painter.fillRect(stroke, self._text.ink)


def _around(placed: Placed) -> tuple[int, int, int, int]:
    """Left, top, width and height of the pixels that it covers with its rim."""
    rim = RIM + 1
    return (
        int(placed.left) - rim,
        int(placed.top) - rim,
        int(placed.width) + 2 * rim + 1,
        int(placed.height) + 2 * rim + 1,
    )
