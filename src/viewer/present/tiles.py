"""Maps side by side as small pictures: drawn once, for the window and the report alike, and said in words."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewer.domain.bundle import FieldOfView
from viewer.domain.result import Maps, Overlay
from viewer.present.colours import colourise
from viewer.present.heat import DIVERGING, coloured, enlarged
from viewer.present.outlines import outlined
from viewer.present.spans import span
from viewer.present.texts import marked, tr

STRENGTH = 0.85
"""How much of the picture the strongest colours of a map cover."""

PALEST = 64
"""Grey, 0–255, that black of the picture becomes under a map: colours are told apart on a middle grey."""

WIDER = 2.0
"""How often outlines are wider on tiles, which are shown at half their size or less, than on pictures."""

SIGN = 14
"""How often the shorter side of a tile is longer than a plus or minus sign."""

SIGNED = 0.15
"""Share of the way from the middle to an end from which on an extreme gets a sign."""

_PALER = tuple(round(PALEST + grey * (255 - PALEST) / 255) for grey in range(256))
_WEAKER = tuple(round(STRENGTH * alpha) for alpha in range(256))

LITTLE = 0.05
"""Share of a map's scale within which its values count as the same."""

NOTHING = marked("nothing anywhere")
EVERYWHERE = marked("the same everywhere ({value})")
"""Of a map without extremes."""

PLACES = (
    (marked("upper left"), marked("top"), marked("upper right")),
    (marked("left"), marked("centre"), marked("right")),
    (marked("lower left"), marked("bottom"), marked("lower right")),
)
"""Thirds of a map from top to bottom, and from left to right."""


def tiles(maps: Maps, picture: NDArray[np.uint8], view: FieldOfView) -> tuple[NDArray[np.uint8], ...]:
    """The maps of a row as pictures, with its outline; a plus and a minus mark extremes of colours with a middle.

    Args:
        maps: The row.
        picture: uint8 (rows, cols, 3), the picture with square pixels.
        view: The part of the picture that maps cover.

    Returns:
        uint8 (rows, cols, 3) each: the picture in grey under the map, or the map alone where nothing shows through.
    """
    if not maps.over_picture:
        drawn = [
            _signed(colourise(enlarged(item.values), item.limits, item.colour_map)[..., :3], item)
            for item in maps.items
        ]
        view = FieldOfView(left=0, top=0, right=1, bottom=1)
    else:
        under = Image.fromarray(picture).convert("L").point(_PALER).convert("RGB")
        left, right = span(view.left, view.right, under.width)
        top, bottom = span(view.top, view.bottom, under.height)
        drawn = [_over(under, item, (left, top, right, bottom)) for item in maps.items]
    return tuple(drawn if maps.outline is None else (outlined(one, maps.outline, view, wider=WIDER) for one in drawn))


def where_words(overlay: Overlay) -> str:
    """Where a map has its extremes, for those who do not see it."""
    values, (low, high) = overlay.values, overlay.limits
    if np.isnan(values).all():
        return tr(NOTHING)
    most, least = float(np.nanmax(values)), float(np.nanmin(values))
    if most - least <= LITTLE * (high - low):
        return tr(NOTHING) if most == 0 else tr(EVERYWHERE).format(value=_told(most))
    highest = tr("highest: {place} ({value})").format(place=_place(overlay, np.nanargmax(values)), value=_told(most))
    if overlay.colour_map not in DIVERGING:
        return highest
    lowest = tr("lowest: {place} ({value})").format(place=_place(overlay, np.nanargmin(values)), value=_told(least))
    return f"{highest}, {lowest}"


def scales(maps: Maps) -> tuple[Overlay, ...]:
    """The first map of each scale: those that share limits, unit and colours share a legend."""
    first = {(*item.limits, item.unit, item.colour_map): item for item in reversed(maps.items)}
    return tuple(sorted(first.values(), key=maps.items.index))


def _place(overlay: Overlay, cell: np.intp) -> str:
    rows, columns = overlay.values.shape
    row, column = divmod(int(cell), columns)
    return tr(PLACES[row * 3 // rows][column * 3 // columns])


def _told(value: float) -> str:
    return f"{value:.2g}".replace("-", "−")


def _over(under: Image.Image, overlay: Overlay, box: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    """A map over a part of a grey picture, uint8 (rows, cols, 3)."""
    left, top, right, bottom = box
    painted = Image.fromarray(coloured(overlay.values, overlay.limits, overlay.colour_map))
    painted = painted.resize((right - left, bottom - top), Image.Resampling.BILINEAR)
    drawn = under.copy()
    drawn.paste(painted, box, painted.getchannel("A").point(_WEAKER))
    part = np.array(drawn)
    part[top:bottom, left:right] = _signed(part[top:bottom, left:right], overlay)
    return part


def _signed(drawn: NDArray[np.uint8], overlay: Overlay) -> NDArray[np.uint8]:
    """Plus and minus where a map that parts from a middle is farthest from it: colour alone would tell nobody."""
    middle, half = sum(overlay.limits) / 2, (overlay.limits[1] - overlay.limits[0]) / 2
    if overlay.colour_map not in DIVERGING or np.isnan(overlay.values).all():
        return drawn
    signed = drawn.copy()
    for cell, upright in ((np.nanargmax(overlay.values), True), (np.nanargmin(overlay.values), False)):
        beyond = float(overlay.values.flat[cell]) - middle
        if (beyond if upright else -beyond) > SIGNED * half:
            _stamp(signed, overlay.values.shape, int(cell), upright=upright)
    return signed


def _stamp(drawn: NDArray[np.uint8], shape: tuple[int, ...], cell: int, *, upright: bool) -> None:
    """Draw a sign, white with a black edge, in the middle of a cell of a map; near the border it is moved inside."""
    half = max(min(drawn.shape[:2]) // SIGN // 2, 2)
    thick, edge = max(half // 3, 1), max(half // 5, 1)
    reach = half + edge
    places = [
        min(max(int((index + 0.5) / cells * length), reach), max(length - 1 - reach, reach))
        for index, cells, length in zip(divmod(cell, shape[1]), shape, drawn.shape, strict=False)
    ]
    for long, short, ink in ((reach, thick + edge, 0), (half, thick, 255)):
        bars = [(short, long), (long, short)] if upright else [(short, long)]
        for tall, wide in bars:
            row, column = places
            drawn[max(row - tall, 0) : row + tall + 1, max(column - wide, 0) : column + wide + 1] = ink
