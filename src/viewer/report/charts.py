"""Charts as SVG for a page: small, with text as text, in the page's own colours, light or dark.

matplotlib is imported by the function that draws. Colours are drawn as stand-ins and become the page's variables, so
that a chart follows its theme. Every line has a dash of its own: none is told by colour alone.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.probability import Reliability

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
Role = Literal["first", "second", "ideal", "chance"]
"""What a line is: the trust in question, the one it is compared with, the best there could be, what chance gives."""

SIZE = (4.6, 3.3)
"""Inches of 72 points: about the width of a telephone, where letters must still be read."""

MOST_POINTS = 300
"""Of a line; more cannot be seen and only weigh."""

LETTER, LINE, MIDDLE = 6.4, 15.0, 5.0
"""Width and height of a bold letter with what stays free around it, and half the size of a large mark, in points."""

_VARIABLES = {
    "#010101": "--text",
    "#020202": "--quiet",
    "#030303": "--line",
    "#040404": "--first",
    "#050505": "--second",
    "#060606": "--ideal",
    "#070707": "--surface",
}
_COLOURS = {name: stand_in for stand_in, name in _VARIABLES.items()}
_LOOKS: dict[Role, tuple[str, str, float]] = {
    "first": ("--first", "-", 1.8),
    "second": ("--second", "--", 1.5),
    "ideal": ("--ideal", ":", 1.5),
    "chance": ("--quiet", "-.", 1.0),
}
_MARKS = "osD^vPX<"
_KINDS = ("--first", "--second", "--ideal", "--text")
_ATTRIBUTES = re.compile(r' (?:xmlns(?::xlink)?|version|width|height)="[^"]*"')
_NAMED = re.compile(r' id="(?:text|line2d|patch|matplotlib\.axis|xtick|ytick|axes|figure|\w*PolyCollection)_\d+"')
_NUMBER = re.compile(r"-?\d+\.\d{3,}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """A line of a chart.

    Attributes:
        label: In words.
        role: What it is.
        x, y: float64 (m,); points where either is NaN are left out.
        low, high: Ends of a band about it, (m,), or None.
    """

    label: str
    role: Role
    x: Floats
    y: Floats
    low: Floats | None = None
    high: Floats | None = None


def line_chart(name: str, across: str, up: str, lines: Sequence[Line], *, from_zero: bool = False) -> str:
    """Lines over [0, 1].

    Args:
        name: Tells the ids of this chart from those of others on the page.
        across: Words at the level axis.
        up: Words at the upright one.
        lines: Drawn in this order, the last on top.
        from_zero: Whether the upward axis ends a little above the highest point rather than at 1.

    Returns:
        An `<svg>` element.
    """
    figure, axes = _axes(across, up)
    for line in lines:
        colour, dash, width = _LOOKS[line.role]
        kept = _thinned(np.flatnonzero(np.isfinite(line.x) & np.isfinite(line.y)))
        if line.low is not None and line.high is not None:
            ends = line.x[kept], line.low[kept], line.high[kept]
            axes.fill_between(*ends, color=_COLOURS[colour], alpha=0.16, linewidth=0)
        axes.plot(line.x[kept], line.y[kept], dash, color=_COLOURS[colour], linewidth=width)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, _top(lines) if from_zero else 1)
    return _svg(figure, name)


def reliability_chart(name: str, across: str, up: str, found: Reliability) -> str:
    """Share right over confidence, with the number of rows of every bin below; returns an `<svg>` element."""
    from matplotlib.ticker import MaxNLocator

    figure, axes = _axes("", up)
    axes.set_position((0.16, 0.38, 0.79, 0.59))
    below = figure.add_axes((0.16, 0.14, 0.79, 0.17), sharex=axes)
    _tidy(below, across, "cases")
    axes.tick_params(labelbottom=False)
    filled = found.rows > 0
    places, width = found.edges[:-1][filled], 1 / len(found.rows)
    for where, heights, colour, alpha in (
        (axes, found.right, "--first", 0.35),
        (below, found.rows, "--quiet", 1.0),
    ):
        bars = where.bar(places, heights[filled], width, align="edge", color=_COLOURS[colour], alpha=alpha)
        for bar in bars:
            bar.set(edgecolor=_COLOURS["--surface"], linewidth=0.8)
    axes.plot([0, 1], [0, 1], ":", color=_COLOURS["--ideal"], linewidth=1.5)
    axes.plot(found.confidence[filled], found.right[filled], "o", color=_COLOURS["--first"], markersize=4.5)
    below.yaxis.set_major_locator(MaxNLocator(nbins=2, integer=True))
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    return _svg(figure, name)


def scatter_chart(name: str, kinds: Sequence[tuple[str, Floats]]) -> str:
    """Points of several kinds in a plane, each kind with marks of its own, a large one with its name at the middle.

    Args:
        name: Tells the ids of this chart from those of others on the page.
        kinds: Name and points (n, 2) of each, n ≥ 1.

    Returns:
        An `<svg>` element.
    """
    from matplotlib.ticker import MaxNLocator, ScalarFormatter

    figure, axes = _axes("", "")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(ScalarFormatter())
        axis.set_major_locator(MaxNLocator(nbins=5))
    for number, (_, points) in enumerate(kinds):
        colour = _COLOURS[_KINDS[number % len(_KINDS)]]
        shown = points[_thinned(np.arange(len(points)))]
        mark = _MARKS[number % len(_MARKS)]
        axes.scatter(shown[:, 0], shown[:, 1], s=16, marker=mark, color=colour, alpha=0.55, linewidths=0)
    axes.autoscale_view()
    middles = np.stack([points.mean(axis=0) for _, points in kinds])
    room = np.array(axes.bbox.extents)
    widths = np.array([len(words) * LETTER for words, _ in kinds])
    places = axes.transData.inverted().transform(spread(axes.transData.transform(middles), widths, room))
    box = {"facecolor": _COLOURS["--surface"], "alpha": 0.8, "linewidth": 0, "pad": 1}
    for number, ((words, _), (x, y), (across, up)) in enumerate(zip(kinds, middles, places, strict=True)):
        colour, mark = _COLOURS[_KINDS[number % len(_KINDS)]], _MARKS[number % len(_MARKS)]
        axes.plot([x, across], [y, up], color=_COLOURS["--quiet"], linewidth=0.7)
        axes.scatter(x, y, s=64, marker=mark, color=colour, edgecolors=_COLOURS["--text"], linewidths=0.8, zorder=3)
        named = axes.text(across, up, words, fontsize=10, weight="bold", color=colour, ha="center", va="center")
        named.set(bbox=box, zorder=4)
    return _svg(figure, name)


def spread(middles: Floats, widths: Floats, room: Floats) -> Floats:
    """Places for names, each above or below its middle, as near as it can be without touching a name or a middle.

    Args:
        middles: (n, 2), in points.
        widths: Of the names in points, (n,).
        room: Left, bottom, right and top end of where they may lie.

    Returns:
        Middles of the names, (n, 2); one for which there is no room lies at its middle.
    """
    left, bottom, right, top = room
    steps = [sign * (LINE + step) for step in range(0, round(LINE) * len(middles), 3) for sign in (1, -1)]
    places = middles.copy()
    taken = [(*middle, MIDDLE, MIDDLE) for middle in middles.tolist()]
    for name in np.argsort(-middles[:, 1], kind="stable").tolist():
        half, at = widths[name] / 2, middles[name]
        across = min(max(at[0], left + half), right - half)
        for up in at[1] + np.array(steps):
            inside = bottom + LINE / 2 <= up <= top - LINE / 2
            if inside and all(
                abs(across - x) >= half + wide or abs(up - y) >= LINE / 2 + high for x, y, wide, high in taken
            ):
                places[name] = across, up
                taken.append((across, up, half, LINE / 2))
                break
    return places


def _top(lines: Sequence[Line]) -> float:
    """A little above everything that matters: lines wholly, bands as far as they are not an accident of few rows."""
    highest = 0.0
    for line in lines:
        ends = np.empty(0) if line.high is None else line.high[np.isfinite(line.high)]
        above = float(np.quantile(ends, 0.9)) if ends.size else 0.0
        highest = max(highest, float(np.nanmax(line.y, initial=0.0)), above)
    return min(1.0, 1.08 * highest) or 1.0


def _thinned(places: NDArray[np.intp]) -> NDArray[np.intp]:
    """At most `MOST_POINTS` of them, the first and the last among them."""
    if len(places) <= MOST_POINTS:
        return places
    return places[np.unique(np.linspace(0, len(places) - 1, MOST_POINTS).round().astype(np.intp))]


def _axes(across: str, up: str) -> "tuple[Figure, Axes]":
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    figure = Figure(figsize=SIZE, dpi=72)
    figure.patch.set_alpha(0)
    axes = figure.add_axes((0.16, 0.15, 0.79, 0.82))
    _tidy(axes, across, up)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.3g} %"))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    return figure, axes


def _tidy(axes: "Axes", across: str, up: str) -> None:
    """No frame, quiet lines, letters that can be read, shares in per cent."""
    from matplotlib.ticker import PercentFormatter

    axes.patch.set_alpha(0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(_COLOURS["--quiet"])
    axes.grid(visible=True, color=_COLOURS["--line"], linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(colors=_COLOURS["--quiet"], labelsize=10, length=3)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    axes.set_xlabel(across, fontsize=11, color=_COLOURS["--text"])
    axes.set_ylabel(up, fontsize=11, color=_COLOURS["--text"])


def _svg(figure: "Figure", name: str) -> str:
    import matplotlib

    buffer = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": name, "svg.id": name}):
        figure.savefig(buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    drawn = buffer.getvalue()
    drawn = drawn[drawn.index("<svg") :].strip()
    drawn = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", drawn, flags=re.DOTALL)
    head, body = drawn.split(">", 1)
    body = re.sub(r"""(['"]?)DejaVu Sans\1[^;"]*""", "var(--font)", body)
    body = _NAMED.sub("", body)
    body = re.sub(r"\s*\n\s*", " ", body)
    body = _NUMBER.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), body)
    for stand_in, variable in _VARIABLES.items():
        body = body.replace(stand_in, f"var({variable})")
    return f'{_ATTRIBUTES.sub("", head)} aria-hidden="true" focusable="false">{body}'
