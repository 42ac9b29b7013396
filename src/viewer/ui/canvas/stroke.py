"""A shape while the hand draws it: dragging and clicking both set its points."""

from dataclasses import dataclass, field

from viewer.domain.annotation import MAX_POINTS, Kind
from viewer.domain.geometry import Point

NEEDED = {Kind.DISTANCE: 2, Kind.ARROW: 2, Kind.ELLIPSE: 2, Kind.RECTANGLE: 2, Kind.ANGLE: 3, Kind.COBB: 4}
"""Points of the kinds whose number is fixed; a polygon has as many as the hand sets."""

FEWEST_CORNERS = 3


@dataclass
class Stroke:
    """Points set so far, and the loose one under the hand.

    Attributes:
        kind: What is drawn.
        points: Set for good.
        loose: Where the hand is; None before it moved.
    """

    kind: Kind
    points: list[Point] = field(default_factory=list)
    loose: Point | None = None
    _fresh: bool = False

    @property
    def starts(self) -> bool:
        """Whether the next press begins a line; otherwise its release ends one."""
        return not self.points or (self.kind is Kind.COBB and len(self.points) == 2)

    @property
    def complete(self) -> bool:
        """Whether it has all the points it needs, or a polygon all it may have."""
        return len(self.points) >= NEEDED.get(self.kind, MAX_POINTS)

    @property
    def closable(self) -> bool:
        """Whether it is a polygon with enough corners."""
        return self.kind is Kind.POLYGON and len(self.points) >= FEWEST_CORNERS

    @property
    def anchor(self) -> Point | None:
        """The point that a constrained line runs from; None where a line begins."""
        return None if self.starts else self.points[-1]

    @property
    def seen(self) -> tuple[Point, ...]:
        """What is drawn: the points, and the loose one."""
        loose = () if self.loose is None else (self.loose,)
        return (*self.points, *loose)

    def press(self, point: Point) -> None:
        """The button goes down."""
        self._fresh = self.starts
        if self._fresh:
            self.points.append(point)
        self.loose = point

    def move(self, point: Point) -> None:
        """The hand moves, with the button down or up."""
        self.loose = point

    def release(self, point: Point, *, dragged: bool) -> None:
        """The button goes up: after a drag, or after the click that ends a line, a point is set there."""
        if dragged or not self._fresh:
            self.points.append(point)
        self.loose = None if self.starts else point

    def take_back(self) -> None:
        """Forget the point that was set last."""
        self.points.pop()
