"""The charts of an evaluation, each with its words and its numbers for who cannot see it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.bands import Band, band
from viewer.evaluation.bootstrap import Bootstrap
from viewer.evaluation.curves import (
    Ranking,
    failure_auroc,
    failure_precision_recall,
    failure_roc,
    ideal,
    rank,
)
from viewer.evaluation.probability import reliability
from viewer.present.wording import percent
from viewer.report.charts import Line, Role, line_chart, reliability_chart

Floats = NDArray[np.float64]

_COVERED = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_SAID = (0.2, 0.5, 0.8, 1.0)
_FLAGGED = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
_IDEAL = "best possible order"
_CHANCE = "no better than chance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A chart as a page shows it.

    Attributes:
        name: Of the anchor.
        title: In words.
        about: How it is read, one or two sentences.
        svg: An `<svg>` element; empty where there is nothing to draw.
        says: What it shows, in words: the text alternative.
        legend: Role and label of every line.
        header, rows: The numbers.
    """

    name: str
    title: str
    about: str
    svg: str
    says: str
    legend: tuple[tuple[Role, str], ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scored:
    """A trust whose curves are drawn.

    Attributes:
        label: In words.
        role: How its lines look.
        ranking: Of the rows that have it.
        wrong: Whether each of these answers is wrong.
        units: Number of each of these rows' groups, from 0 without gaps.
        banded: Whether its curves have a band.
    """

    label: str
    role: Role
    ranking: Ranking
    wrong: NDArray[np.bool_]
    units: NDArray[np.intp]
    banded: bool


def scored(
    label: str,
    trust: Floats,
    role: Role,
    wrong: NDArray[np.bool_],
    units: NDArray[np.intp],
    *,
    banded: bool = True,
) -> Scored | None:
    """A trust to draw; None where no row has it."""
    known = np.isfinite(trust)
    if not known.any():
        return None
    numbers: NDArray[np.intp] = np.unique(units[known], return_inverse=True)[1]
    ranking = rank(trust[known], wrong[known])
    return Scored(label=label, role=role, ranking=ranking, wrong=wrong[known], units=numbers, banded=banded)


def risk_charts(several: Sequence[Scored], bootstrap: Bootstrap) -> tuple[Drawn, Drawn]:
    """Selective and generalised risk over coverage, the first of several on top, and the best there could be."""
    plain = Bootstrap(draws=0)
    bands = [band(one.ranking, one.units, bootstrap if one.banded else plain) for one in several]
    best = _ideals(several)
    level = f"{100 * bootstrap.level:g} %"
    selective = _risk_drawn(
        "risk",
        "Wrong among the accepted",
        "Cases are accepted from the most trusted down. A good trust keeps the line low until nearly all are "
        "accepted; "
        f"the shade is where it would lie with other groups ({level} at each place).",
        [(one, found, found.risk, found.low, found.high) for one, found in zip(several, bands, strict=True)],
        [(b, b.risk) for b in best],
    )
    generalised = _risk_drawn(
        "generalised-risk",
        "Wrong and accepted, of all cases",
        "The same errors as a share of all cases: the chance that a case is accepted and wrong. The area under the "
        "line is AUGRC.",
        [
            (one, found, found.generalised, found.generalised_low, found.generalised_high)
            for one, found in zip(several, bands, strict=True)
        ],
        [(b, b.generalised) for b in best],
    )
    return selective, generalised


def failure_charts(several: Sequence[Scored]) -> tuple[Drawn, ...]:
    """ROC and precision-recall of finding errors by low trust; none without right answers or without errors."""
    usable = [one for one in several if 0 < one.wrong.sum() < len(one.wrong)]
    if not usable:
        return ()
    curves = [one.ranking.curve() for one in usable]
    areas = [float(failure_auroc(curve)) for curve in curves]
    chance = Line(label=_CHANCE, role="chance", x=np.array([0.0, 1.0]), y=np.array([0.0, 1.0]))
    rocs = [failure_roc(curve) for curve in curves]
    pairs = [failure_precision_recall(curve) for curve in curves]
    rate = float(usable[0].wrong.mean())
    labels = [f"{one.label} (AUROC_f {area:.3f})" for one, area in zip(usable, areas, strict=True)]
    roc_lines = [
        Line(label=label, role=one.role, x=x, y=y) for one, label, (x, y) in zip(usable, labels, rocs, strict=True)
    ]
    pr_lines = [Line(label=one.label, role=one.role, x=x, y=y) for one, (x, y) in zip(usable, pairs, strict=True)]
    level = Line(
        label=f"flagging at random ({percent(rate)} are wrong)", role="chance", x=chance.x, y=np.full(2, rate)
    )
    roc = Drawn(
        name="roc",
        title="Errors found and right answers flagged in vain (ROC)",
        about="Answers are flagged from the least trusted up. The further the line lies above the diagonal, the "
        "better.",
        svg=line_chart("roc", "Right answers flagged in vain", "Errors found", [chance, *roc_lines[::-1]]),
        says="; ".join(
            f"{one.label}: an error has less trust than a right answer in {percent(area)} of all pairs; with "
            f"{percent(0.2)} of the right answers flagged, {percent(_at(x, y, 0.2))} of the errors are found"
            for one, area, (x, y) in zip(usable, areas, rocs, strict=True)
        ),
        legend=_legend([*roc_lines, chance]),
        header=("right answers flagged", *(f"errors found, {one.label}" for one in usable)),
        rows=tuple((percent(x), *(percent(_at(*roc, x)) for roc in rocs)) for x in _FLAGGED),
    )
    precision = Drawn(
        name="precision-recall",
        title="How many flagged answers are wrong (precision and recall)",
        about="To the right, more of the errors are found; the height says how many of the flagged answers are wrong "
        "indeed.",
        svg=line_chart("pr", "Errors found", "Wrong among the flagged", [level, *pr_lines[::-1]]),
        says="; ".join(
            f"{one.label}: of the answers flagged to find half of the errors, {percent(_at(x, y, 0.5))} are wrong"
            for one, (x, y) in zip(usable, pairs, strict=True)
        ),
        legend=_legend([*pr_lines, level]),
        header=("errors found", *(f"wrong among the flagged, {one.label}" for one in usable)),
        rows=tuple((percent(x), *(percent(_at(*pair, x)) for pair in pairs)) for x in _FLAGGED),
    )
    return roc, precision


def reliability_drawn(
    probabilities: Floats, true: NDArray[np.intp], name: str = "reliability", of: str = ""
) -> Drawn:
    """Is an answer given with 80 % right in 80 of 100 cases?"""
    found = reliability(probabilities, true)
    filled = np.flatnonzero(found.rows)
    weight = found.rows[filled] / found.rows.sum()
    lean = float(np.sum(weight * (found.confidence[filled] - found.right[filled])))
    side = "more confident than right" if lean > 0 else "less confident than right"
    return Drawn(
        name=name,
        title=f"Are the probabilities true to their word?{of}",
        about="Points on the dotted line are as often right as they claim; below it the model is too confident. The "
        "small chart counts the cases.",
        svg=reliability_chart(name, "Largest probability", "Right", found),
        says=f"on average the model is {100 * abs(lean):.1f} points {side}",
        legend=(("first", "share right"), ("ideal", "as right as confident")),
        header=("largest probability", "cases", "mean probability", "right"),
        rows=tuple(
            (
                f"{percent(found.edges[i])} to {percent(found.edges[i + 1])}",
                str(int(found.rows[i])),
                percent(found.confidence[i]),
                percent(found.right[i]),
            )
            for i in filled
        ),
    )


def _risk_drawn(
    name: str,
    title: str,
    about: str,
    several: Sequence[tuple[Scored, Band, Floats, Floats, Floats]],
    best: Sequence[tuple[Band, Floats]],
) -> Drawn:
    lines = [
        Line(
            label=one.label,
            role=one.role,
            x=found.coverage,
            y=risk,
            low=low if one.banded and np.isfinite(low).any() else None,
            high=high if one.banded and np.isfinite(low).any() else None,
        )
        for one, found, risk, low, high in several
    ]
    ideals = [Line(label=_IDEAL, role="ideal", x=found.coverage, y=risk) for found, risk in best]
    header = ["accepted"]
    for one, *_ in several:
        header.append(f"wrong, {one.label}")
    rows = []
    for share in _COVERED:
        cells = [percent(share)]
        for _, found, risk, low, high in several:
            place = _place(found, share)
            cells.append(_ranged(risk[place], low[place], high[place]))
        cells += [percent(float(risk[_place(found, share)])) for found, risk in best]
        rows.append(tuple(cells))
    return Drawn(
        name=name,
        title=title,
        about=about,
        svg=line_chart(name, "Accepted, of all cases", "Wrong", [*ideals, *lines[::-1]], from_zero=True),
        says="; ".join(
            f"{one.label}: "
            + ", ".join(f"{percent(float(risk[_place(found, c)]))} wrong at {percent(c)} accepted" for c in _SAID)
            for one, found, risk, *_ in several
        ),
        legend=_legend([*lines, *ideals[:1]]),
        header=(*header, *([f"wrong, {_IDEAL}"] * len(best))),
        rows=tuple(rows),
    )


def _ideals(several: Sequence[Scored]) -> list[Band]:
    """The best possible order of every set of answers, once where all are about the same answers."""
    kept: list[NDArray[np.bool_]] = []
    for one in several:
        if not any(np.array_equal(one.wrong, other) for other in kept):
            kept.append(one.wrong)
    return [band(ideal(wrong), np.arange(len(wrong)), Bootstrap(draws=0)) for wrong in kept]


def _place(found: Band, share: float) -> int:
    return int(np.searchsorted(found.coverage, share - 1e-9).clip(0, len(found.coverage) - 1))


def _at(x: Floats, y: Floats, place: float) -> float:
    """Height of a curve of ascending x at the first point that is at least so far right."""
    return float(y[min(int(np.searchsorted(x, place - 1e-9)), len(y) - 1)])


def _ranged(value: float, low: float, high: float) -> str:
    """Like `12 % (9 % to 15 %)`."""
    return percent(float(value)) + (f" ({percent(float(low))} to {percent(float(high))})" if np.isfinite(low) else "")


def _legend(lines: Sequence[Line]) -> tuple[tuple[Role, str], ...]:
    return tuple((line.role, line.label) for line in lines)
