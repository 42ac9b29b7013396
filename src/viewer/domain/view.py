"""How a reader looks at a picture: window, inversion, turns and flips; and where its pixels then lie on screen.

Annotations keep the coordinates of the stored frame, so that turning the view moves none of them.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.domain.calibration import Scale
from viewer.domain.geometry import Point
from viewer.domain.orientation import opposite


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One of the eight ways to lay a picture on the screen.

    Attributes:
        quarters: Quarter turns clockwise, 0 to 3, after any mirroring.
        mirrored: Left and right of the stored picture exchanged: what is shown is seen from behind.
    """

    quarters: int = 0
    mirrored: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no turn."""
        if self.quarters not in range(4):
            raise ValueError(f"{self.quarters} is no number of quarter turns from 0 to 3")

    def rotated(self, quarters: int) -> "Turn":
        """Turned further as it is seen: clockwise by quarter turns, counter-clockwise where negative."""
        return replace(self, quarters=(self.quarters + quarters) % 4)

    def flipped_sideways(self) -> "Turn":
        """Left and right exchanged as they are seen."""
        return Turn(quarters=-self.quarters % 4, mirrored=not self.mirrored)

    def flipped_over(self) -> "Turn":
        """Top and bottom exchanged as they are seen."""
        return Turn(quarters=(2 - self.quarters) % 4, mirrored=not self.mirrored)

    @property
    def sideways(self) -> bool:
        """Whether rows run up and down."""
        return self.quarters % 2 == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How a reader looks at a clip; zoom and pan are where they look, and no part of it.

    Attributes:
        window: Centre and width in the units of the frame's display, or None for the file's own display.
        inverted: Black and white exchanged.
        turn: Turns and flips.
    """

    window: tuple[float, float] | None = None
    inverted: bool = False
    turn: Turn = field(default_factory=Turn)

    def __post_init__(self) -> None:
        """Refuse a window that shows nothing."""
        if self.window is not None and not (np.isfinite(self.window[0]) and 0 < self.window[1] < np.inf):
            raise ValueError(f"{self.window} is no window of a centre and a width above 0")


@dataclass(frozen=True, slots=True)
class Affine:
    """A map of the plane: (x, y) goes to (a·x + b·y + c, d·x + e·y + f)."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def __call__(self, point: Point) -> Point:
        """Where a point goes."""
        x, y = point
        return self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f

    def then(self, after: "Affine") -> "Affine":
        """This map, and then another."""
        c, f = after((self.c, self.f))
        return Affine(
            after.a * self.a + after.b * self.d,
            after.a * self.b + after.b * self.e,
            c,
            after.d * self.a + after.e * self.d,
            after.d * self.b + after.e * self.e,
            f,
        )

    def inverse(self) -> "Affine":
        """The map back.

        Raises:
            ValueError: It lays everything on one line.
        """
        area = self.a * self.e - self.b * self.d
        if area == 0:
            raise ValueError("a map onto a line has no way back")
        a, b, d, e = self.e / area, -self.b / area, -self.d / area, self.a / area
        return Affine(a, b, -(a * self.c + b * self.f), d, e, -(d * self.c + e * self.f))


def magnified(zoom: float, right: float = 0.0, down: float = 0.0) -> Affine:
    """Makes everything larger by `zoom`, then moves it right and down."""
    return Affine(zoom, 0.0, right, 0.0, zoom, down)


def laid_out(turn: Turn, rows: int, columns: int, pixel_aspect: float = 1.0) -> Affine:
    """From stored pixels to the turned picture, whose upper left corner is (0, 0).

    Args:
        turn: Turns and flips.
        rows: Of the stored frame.
        columns: Of the stored frame.
        pixel_aspect: Height of a pixel divided by its width.

    Returns:
        A map into units of one stored column: a column stays 1 wide, a row becomes `pixel_aspect` high.
    """
    width, height = float(columns), rows * pixel_aspect
    whole = Affine(1.0, 0.0, 0.0, 0.0, pixel_aspect, 0.0)
    if turn.mirrored:
        whole = whole.then(Affine(-1.0, 0.0, width, 0.0, 1.0, 0.0))
    for _ in range(turn.quarters):
        whole = whole.then(Affine(0.0, -1.0, height, 1.0, 0.0, 0.0))
        width, height = height, width
    return whole


def laid_out_size(turn: Turn, rows: int, columns: int, pixel_aspect: float = 1.0) -> tuple[float, float]:
    """Width and height of the turned picture, in the units of `laid_out`."""
    upright = float(columns), rows * pixel_aspect
    return (upright[1], upright[0]) if turn.sideways else upright


def turned(pixels: NDArray[Any], turn: Turn) -> NDArray[Any]:
    """The same pixels as they are seen, (rows, columns, …); a view on them where numpy can."""
    seen = pixels[:, ::-1] if turn.mirrored else pixels
    return np.rot90(seen, -turn.quarters)


@dataclass(frozen=True, slots=True)
class EdgeLetters:
    """Directions in the patient at the four edges of what is shown, e.g. `R` at the left."""

    left: str
    top: str
    right: str
    bottom: str


def edge_letters(orientation: tuple[str, str] | None, turn: Turn) -> EdgeLetters | None:
    """Letters for the edges of the turned picture.

    Args:
        orientation: Patient directions to the right and down the stored picture, as in `FrameGeometry`.
        turn: Turns and flips.

    Returns:
        None where the file tells no directions: letters are never guessed.
    """
    if orientation is None:
        return None
    right, bottom = orientation
    around = [opposite(right), opposite(bottom), right, bottom]  # left, top, right, bottom: clockwise
    if turn.mirrored:
        around[0], around[2] = around[2], around[0]
    return EdgeLetters(*(around[(index - turn.quarters) % 4] for index in range(4)))


def mm_across(scale: Scale, turn: Turn, pixel_aspect: float = 1.0) -> float | None:
    """Millimetres to the right on screen per unit of `laid_out`; None without calibration."""
    if not scale.calibrated:
        return None
    return scale.height / pixel_aspect if turn.sideways else scale.width
