"""The strip on which a value lies among others, as an SVG of the page's own colours."""

from viewer.domain.result import Placement
from viewer.present.placed import BINS, strip

STEP, HEIGHT, FLOOR = 8, 40, 36
"""Width of a bar with what parts it from the next, height of the drawing, and where the bars stand."""

SIDES = 12
"""Room at either end, for the arrow of a value that lies beyond."""

ORDINARY, UNUSUAL, INK = "#8fa9c4", "#2f6db5", "#16181c"
"""Bars right and left of the mark; the mark."""


def strip_drawing(item: Placement) -> str:
    """Bars of the others, those that are more unusual darker, and a mark for this picture."""
    drawn = strip(item)
    parts = []
    for place, height in enumerate(drawn.heights):
        if not height:
            continue
        tall = max(32 * height, 2.0)
        ink = UNUSUAL if place < drawn.below else ORDINARY
        corner = f'x="{SIDES + place * STEP}" y="{FLOOR - tall:.1f}"'
        parts.append(f'<rect {corner} width="{STEP - 1}" height="{tall:.1f}" fill="{ink}"/>')
    x, right = SIDES + drawn.mark * BINS * STEP, drawn.mark > 0
    parts.append(f'<path d="M{SIDES} {FLOOR}h{BINS * STEP}" stroke="{INK}" stroke-width="1"/>')
    for ink, width in (("#fff", 7), (INK, 3)):
        parts.append(f'<path d="M{x:.1f} 2V{FLOOR}" stroke="{ink}" stroke-width="{width}"/>')
    if drawn.beyond:
        parts.append(f'<path d="M{x:.1f} 12l{10 if right else -10} 8l{-10 if right else 10} 8z" fill="{INK}"/>')
    size = f"0 0 {2 * SIDES + BINS * STEP} {HEIGHT}"
    return f'<svg viewBox="{size}" aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
