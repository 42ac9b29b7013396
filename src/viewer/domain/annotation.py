"""What a reader draws and marks, in coordinates of the stored frame."""

import math
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from viewer.domain.geometry import Point

MAX_POINTS = 2_000
"""Corners of a polygon: whether more of them cross could not be told while the hand draws."""
MAX_TEXT = 2_000
"""Characters of a text."""

MAX_AUTHOR = 200
FARTHEST = 1e6
"""Largest coordinate, in pixels: no picture is so large."""

_ID = re.compile("[0-9A-Za-z_-]{1,64}")
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters other than tab and new line, and halves of characters."""


class Kind(StrEnum):
    """What an annotation is."""

    DISTANCE = "distance"
    ANGLE = "angle"
    COBB = "cobb"
    ELLIPSE = "ellipse"
    RECTANGLE = "rectangle"
    POLYGON = "polygon"
    ARROW = "arrow"
    TEXT = "text"
    KEY_IMAGE = "key image"


_POINTS = {
    Kind.DISTANCE: (2, 2),
    Kind.ANGLE: (3, 3),
    Kind.COBB: (4, 4),
    Kind.ELLIPSE: (2, 2),
    Kind.RECTANGLE: (2, 2),
    Kind.POLYGON: (3, MAX_POINTS),
    Kind.ARROW: (2, 2),
    Kind.TEXT: (1, 1),
    Kind.KEY_IMAGE: (0, 0),
}
"""Fewest and most points of each kind."""

AREAS = frozenset({Kind.ELLIPSE, Kind.RECTANGLE, Kind.POLYGON})
"""Kinds that enclose pixels."""


def new_id() -> str:
    """An identifier that no other annotation has."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """One thing a reader drew or marked on one frame.

    Attributes:
        kind: What it is.
        frame: Index of the frame from 0.
        points: x to the right and y down in pixels of the stored frame, as in `geometry.Point`. Distance: both ends.
            Angle: a point on one leg, the vertex, a point on the other. Cobb: both ends of one line, and of another.
            Ellipse and rectangle: opposite corners of the box. Polygon: its corners. Arrow: its tail, then its head.
            Text: where it begins. Key image: none.
        text: Words of a text; a label of anything else, `""` for none.
        author: Who made it, `""` where unknown. Never logged.
        id: Stays the same while it is moved and changed.
    """

    kind: Kind
    frame: int
    points: tuple[Point, ...] = ()
    text: str = field(default="", repr=False)
    author: str = field(default="", repr=False)
    id: str = field(default_factory=new_id)

    def __post_init__(self) -> None:
        """Refuse nonsense at birth."""
        fewest, most = _POINTS[self.kind]
        if not fewest <= len(self.points) <= most:
            wanted = f"{fewest}" if fewest == most else f"{fewest} to {most}"
            raise ValueError(f"its number of points is {len(self.points)}, and that of a {self.kind} is {wanted}")
        if not all(math.isfinite(value) and abs(value) <= FARTHEST for point in self.points for value in point):
            raise ValueError("a coordinate lies far outside any picture")
        if self.frame < 0:
            raise ValueError(f"its frame is {self.frame}, and the first one is 0")
        if self.kind is Kind.TEXT and not self.text.strip():
            raise ValueError("a text needs words")
        if len(self.text) > MAX_TEXT or len(self.author) > MAX_AUTHOR:
            raise ValueError(f"its text or author is longer than {MAX_TEXT} or {MAX_AUTHOR} characters")
        if _UNWRITABLE.search(self.text + self.author):
            raise ValueError("its text or author holds a character that cannot be written")
        if not _ID.fullmatch(self.id):
            raise ValueError("its identifier is not 1 to 64 letters, digits, - or _")

    def moved(self, right: float, down: float) -> "Annotation":
        """The same elsewhere."""
        return replace(self, points=tuple((x + right, y + down) for x, y in self.points))

    def with_point(self, index: int, point: Point) -> "Annotation":
        """The same with one point elsewhere."""
        return self.with_points((*self.points[:index], point, *self.points[index + 1 :]))

    def with_points(self, points: Sequence[Point]) -> "Annotation":
        """The same with other points."""
        return replace(self, points=tuple(points))

    def with_text(self, text: str) -> "Annotation":
        """The same with other words."""
        return replace(self, text=text)
