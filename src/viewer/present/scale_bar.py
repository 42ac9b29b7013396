"""A bar of a round length beside the picture."""

import math
from dataclasses import dataclass

_STEPS = (5, 2, 1)


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """What is drawn.

    Attributes:
        mm: Its length in the picture.
        pixels: Its length on screen.
        words: Its length for a person: `2 cm`.
    """

    mm: float
    pixels: float
    words: str


def scale_bar(mm_per_pixel: float | None, longest: float) -> ScaleBar | None:
    """The longest bar of 1, 2 or 5 times a power of ten that fits.

    Args:
        mm_per_pixel: Millimetres to the right per pixel of the screen; None without calibration.
        longest: Most pixels of the screen it may take.

    Returns:
        None where the picture is not calibrated, or nothing fits.
    """
    if mm_per_pixel is None or not 0 < mm_per_pixel * longest < math.inf:
        return None
    limit = mm_per_pixel * longest * (1 + 1e-9)  # a length that fits exactly does fit
    power = math.floor(math.log10(limit))
    step = next(step for step in _STEPS if step * 10.0**power <= limit)
    mm = step * 10.0**power
    return ScaleBar(mm, mm / mm_per_pixel, _words(step, power))


def _words(step: int, power: int) -> str:
    """`step` times ten to the `power` mm, in a unit that makes it a whole number."""
    if power >= 3:
        return f"{step * 10 ** (power - 3)} m"
    if power >= 1:
        return f"{step * 10 ** (power - 1)} cm"
    if power == 0:
        return f"{step} mm"
    if power >= -3:
        return f"{step * 10 ** (power + 3)} µm"
    return f"{step * 10.0 ** (power + 3):g} µm"
