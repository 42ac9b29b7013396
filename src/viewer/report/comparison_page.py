"""The report of a comparison: two models, or two trusts, on the same cases, side by side on one page."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.bootstrap import Name
from viewer.evaluation.compare import Comparison, Difference, as_json
from viewer.evaluation.evaluate import Json, units_of
from viewer.evaluation.table import PredictionTable
from viewer.evaluation.wording import title_of
from viewer.present.templates import rendered
from viewer.report.charts import Role
from viewer.report.cohort import PAGE, REPORT
from viewer.report.evaluation_cards import Illustrate, case_card, nothing
from viewer.report.evaluation_cases import name_of
from viewer.report.evaluation_charts import Drawn, Scored, failure_charts, reliability_drawn, risk_charts, scored
from viewer.report.evaluation_page import page_frame, trusts_of
from viewer.report.evaluation_words import Said
from viewer.report.rows import write_whole, writing

MOST_SHOWN = 12
"""Cases shown that one gets and the other misses, of each kind."""

_TOLD: Mapping[Name, str] = {
    ("accuracy",): "Share of right answers",
    ("balanced_accuracy",): "The same with every class weighing alike",
    ("loss",): "Loss (negative log-likelihood; less is better)",
    ("trust", "", "auroc_f"): "Pairs in which the right answer has more trust than the wrong one (AUROC_f)",
    ("trust", "", "augrc"): "Wrong and accepted, on average (AUGRC; less is better)",
    ("lights", "green", "share"): "Share of green answers",
    ("lights", "green", "error"): "Share of errors among green answers",
}
"""Differences that the summary tells; "" stands for the column of trust."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contest:
    """What a comparison is about.

    Attributes:
        comparison: Every difference, and the cases in pairs.
        names: What a and b are called.
        illustrate: Shows a pair of cases.
    """

    comparison: Comparison
    names: tuple[str, str]
    illustrate: Illustrate = nothing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """Cases by who gets them right; rows of the paired tables.

    Attributes:
        only_a, only_b: One is right; those the other is most sure of come first.
        both: How many both get right.
        neither: How many both get wrong.
    """

    only_a: Sequence[int]
    only_b: Sequence[int]
    both: int
    neither: int


def write_comparison(contest: Contest, folder: Path) -> None:
    """Write `report.json` and `index.html` into a folder.

    Raises:
        ViewerError: They cannot be written.
    """
    split = split_cases(contest.comparison)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with writing(folder / REPORT):
        record = json.dumps(comparison_json(contest, split), indent=1, ensure_ascii=False, allow_nan=False)
        write_whole(folder / REPORT, record + "\n")
    with writing(folder / PAGE):
        write_whole(folder / PAGE, rendered("comparison.html", **_page(contest, split)).decode("utf-8"))


def split_cases(comparison: Comparison) -> Split:
    """Divide the cases by who gets them right."""
    a, b = comparison.tables
    right_a, right_b = a.true == a.answer, b.true == b.answer
    return Split(
        only_a=_surest(b, right_a & ~right_b),
        only_b=_surest(a, right_b & ~right_a),
        both=int((right_a & right_b).sum()),
        neither=int((~right_a & ~right_b).sum()),
    )


def comparison_json(contest: Contest, split: Split) -> Json:
    """The comparison's JSON with what the page shows besides."""
    a, _ = contest.comparison.tables
    return {
        **as_json(contest.comparison),
        "names": list(contest.names),
        "summary": [said.text for said in _summary(contest, split)],
        "both_right": split.both,
        "both_wrong": split.neither,
        "only_a_right": [name_of(a, row) for row in split.only_a],
        "only_b_right": [name_of(a, row) for row in split.only_b],
    }


def _surest(wrong: PredictionTable, rows: NDArray[np.bool_]) -> list[int]:
    """Rows, those first in which the table that is wrong has most trust."""
    main, _ = trusts_of(wrong)
    places = np.flatnonzero(rows)
    trust = np.zeros(len(wrong)) if main is None else np.nan_to_num(main[1], nan=-np.inf)
    return [int(row) for row in places[np.argsort(-trust[places], kind="stable")]]


def _page(contest: Contest, split: Split) -> dict[str, object]:
    comparison = contest.comparison
    groups = comparison.groups
    return {
        **page_frame(f"{contest.names[0]} and {contest.names[1]} on the same cases"),
        "names": contest.names,
        "said": _summary(contest, split),
        "charts": _charts(contest),
        "both": split.both,
        "neither": split.neither,
        "only_a": len(split.only_a),
        "only_b": len(split.only_b),
        "shown": [
            (contest.names[0], contest.names[1], _pairs(contest, split.only_a[:MOST_SHOWN])),
            (contest.names[1], contest.names[0], _pairs(contest, split.only_b[:MOST_SHOWN])),
        ],
        "differences": [_row(name, found) for name, found in comparison.differences.items()],
        "data": [
            ("A", f"{contest.names[0]}: {comparison.sources[0]}"),
            ("B", f"{contest.names[1]}: {comparison.sources[1]}"),
            ("Cases in pairs", str(comparison.rows)),
            ("Groups (patients, else lesions)", "not named" if groups is None else str(groups)),
            ("Paired by", comparison.paired_by),
            (
                "Intervals",
                f"{100 * comparison.bootstrap.level:g} %, from {comparison.bootstrap.draws} draws of whole groups, "
                f"the same for both, seed {comparison.bootstrap.seed}",
            ),
        ],
        "notes": comparison.notes,
    }


def _summary(contest: Contest, split: Split) -> list[Said]:
    """What matters most, and who is better at it, where that can be told; what cannot differ is left out."""
    a, b = contest.names
    comparison = contest.comparison
    first, second = comparison.tables
    if np.array_equal(first.answer, second.answer):
        counted = (
            f"The answers to all {comparison.rows} cases are the same: {split.both} right, {split.neither} wrong."
        )
    else:
        counted = (
            f"Of {comparison.rows} cases, both get {split.both} right and {split.neither} wrong; {len(split.only_a)} "
            f"are right by {a} alone, {len(split.only_b)} by {b} alone."
        )
    return [Said("plain", counted), *(_told(title, found, contest) for title, found in _weighty(comparison))]


def _weighty(comparison: Comparison) -> Iterator[tuple[str, Difference]]:
    columns = list(dict.fromkeys(name[1] for name in comparison.differences if name[0] == "trust"))
    column = "trust" if "trust" in columns else next(iter(columns), "")
    for asked, title in _TOLD.items():
        found = comparison.differences.get(tuple(part or column for part in asked))
        if found is None or np.isnan(found.difference.value):
            continue
        if any(value != 0 for value in (found.difference.value, found.difference.low, found.difference.high)):
            yield title, found


def _told(title: str, found: Difference, contest: Contest) -> Said:
    a, b = contest.names
    change = found.difference
    values = f"{title}: {a} {found.a:.3f}, {b} {found.b:.3f}; difference {_signed(found)}."
    if found.better is not None:
        return Said("good", f"{values} Here {b if found.better == 'b' else a} is better.")
    if change.low > 0 or change.high < 0:
        return Said("plain", f"{values} They differ.")
    return Said("plain", f"{values} No difference could be shown.")


def _signed(found: Difference) -> str:
    """Like `+0.021 (−0.004 to +0.046)`."""
    change = found.difference
    if np.isnan(change.value):
        return "–"
    value, low, high = (f"{part:+.3f}".replace("-", "−") for part in (change.value, change.low, change.high))
    return value if np.isnan(change.low) else f"{value} ({low} to {high})"


def _charts(contest: Contest) -> list[Drawn]:
    comparison = contest.comparison
    (a, b), (of_a, of_b) = comparison.tables, contest.names
    lines = [line for line in (_line(a, of_a, "first"), _line(b, of_b, "second")) if line is not None]
    drawn: list[Drawn] = [*risk_charts(lines, comparison.bootstrap), *failure_charts(lines)] if lines else []
    if (
        a.probabilities is not None
        and b.probabilities is not None
        and np.array_equal(a.probabilities, b.probabilities)
    ):
        return [*drawn, reliability_drawn(a.probabilities, a.true)]
    for table, name, anchor in ((a, of_a, "reliability-a"), (b, of_b, "reliability-b")):
        if table.probabilities is not None:
            drawn.append(reliability_drawn(table.probabilities, table.true, anchor, f" {name}"))
    return drawn


def _line(table: PredictionTable, name: str, role: Role) -> Scored | None:
    main, _ = trusts_of(table)
    if main is None:
        return None
    return scored(name, main[1], role, table.true != table.answer, units_of(table))


def _pairs(contest: Contest, rows: Sequence[int]) -> list[dict[str, object]]:
    a, b = contest.comparison.tables
    trusts = [trusts_of(table)[0] for table in (a, b)]
    of_a, of_b = (None if main is None else main[1] for main in trusts)
    return [
        {
            **case_card(a, row, of_a, contest.illustrate),
            "sides": [
                (name, case_card(table, row, trust, nothing))
                for name, table, trust in zip(contest.names, (a, b), (of_a, of_b), strict=True)
            ],
        }
        for row in rows
    ]


def _row(name: Name, found: Difference) -> dict[str, str]:
    short = [("–" if np.isnan(value) else f"{value:.3f}") for value in (found.a, found.b)]
    better = found.better or ""
    return {"title": title_of(name), "a": short[0], "b": short[1], "difference": _signed(found), "better": better}
