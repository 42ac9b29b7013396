"""The report of an evaluation: `report.json` with every figure, and one self-contained page."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from viewer.domain.result import Light
from viewer.evaluation import curves
from viewer.evaluation.bootstrap import Bootstrap, Figure, estimate
from viewer.evaluation.evaluate import Evaluation, Json, as_json, figure_json, number, units_of
from viewer.evaluation.table import PredictionTable
from viewer.present.colours import look
from viewer.present.templates import rendered
from viewer.present.wording import LIGHT_TITLE, RESEARCH_USE, class_word, percent
from viewer.report.cohort import PAGE, REPORT, CohortRecord
from viewer.report.evaluation_cards import Illustrate, case_card, light_look, nothing
from viewer.report.evaluation_cases import (
    CriticalLine,
    GroupLine,
    critical_lines,
    group_lines,
    missed_critical,
    name_of,
    silent_failures,
)
from viewer.report.evaluation_charts import Drawn, failure_charts, reliability_drawn, risk_charts, scored
from viewer.report.evaluation_claim import Checked, check_claims
from viewer.report.evaluation_tables import confusion_table, figure_rows, share_words, trust_table
from viewer.report.evaluation_words import Said, Trusted, claim_sentence, summary
from viewer.report.rows import write_whole, writing

Floats = NDArray[np.float64]

MOST_SILENT = 24
"""Silent failures that are shown."""

MOST_MISSED = 40
"""Missed critical cases that are shown; more are counted."""

MOST_GROUPS = 30
"""Groups that are listed; all of them stand in `report.json`."""

MOST_UNREAD = 50
"""Unreadable cases that are named; all of them are counted."""

MSP = "largest probability alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long it took.

    Attributes:
        frames: How many were timed.
        decode_ms: Median of opening and decoding a frame.
        assess_ms: Median of everything from the picture to the light.
        bare_ms: Median of a bare forward pass of the same network on some of the frames; None where unknown.
        per_second: Frames assessed in a second, decoding included.
        device: Where the network ran.
    """

    frames: int
    decode_ms: float
    assess_ms: float
    bare_ms: float | None
    per_second: float
    device: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Subject:
    """What a report is about.

    Attributes:
        evaluation: Every figure of the cases.
        record: What the cases were made with; None for a table of which nothing more is known.
        unread: File and sentence of every case that could not be read or assessed.
        pace: How long it took; None where unknown.
        illustrate: Shows a case.
    """

    evaluation: Evaluation
    record: CohortRecord | None = None
    unread: Sequence[tuple[str, str]] = ()
    pace: Pace | None = None
    illustrate: Illustrate = nothing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Findings:
    """Everything beyond the figures, found once for the page and for `report.json`."""

    said: Sequence[Said]
    charts: Sequence[Drawn]
    claims: Sequence[Checked]
    critical: Sequence[CriticalLine]
    groups: Sequence[GroupLine]
    missed: Sequence[int]
    silent: Sequence[int]
    gain: Figure | None


def write_evaluation(subject: Subject, folder: Path) -> None:
    """Write `report.json` and `index.html` into a folder.

    Raises:
        ViewerError: They cannot be written.
    """
    found = findings(subject)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with writing(folder / REPORT):
        record = json.dumps(report_json(subject, found), indent=1, ensure_ascii=False, allow_nan=False)
        write_whole(folder / REPORT, record + "\n")
    with writing(folder / PAGE):
        write_whole(folder / PAGE, rendered("evaluation.html", **_page(subject, found)).decode("utf-8"))


def findings(subject: Subject) -> Findings:
    """Find what the page and `report.json` tell beyond the figures."""
    evaluation, record = subject.evaluation, subject.record
    table = evaluation.table
    critical = () if record is None else record.critical_classes
    main, rival = trusts_of(table)
    claims = () if record is None or record.claimed is None else check_claims(table, record.claimed, critical)
    missed = missed_critical(table, critical)
    gain = None if main is None or rival is None else _gain(table, main[1], rival[1], evaluation.bootstrap)
    told = None if table.lights is None or not critical else len(missed)
    return Findings(
        said=summary(evaluation, record, claims, _trusted(evaluation, main, rival, gain), told, len(subject.unread)),
        charts=_charts(evaluation, main, rival),
        claims=claims,
        critical=critical_lines(table, critical),
        groups=group_lines(table, None if main is None else main[1]),
        missed=missed,
        silent=silent_failures(table, None if main is None else main[1], MOST_SILENT),
        gain=gain,
    )


Named = tuple[str, Floats]
"""A trust with its words."""


def trusts_of(table: PredictionTable) -> tuple[Named | None, Named | None]:
    """The trust that the page is about, and the largest probability where it says something else."""
    msp = None if table.probabilities is None else (MSP, table.probabilities.max(axis=1))
    named = {name: values for name, values in table.trusts.items() if np.isfinite(values).any()}
    if not named:
        return msp, None
    column = "trust" if "trust" in named else next(iter(named))
    main = trust_word(column), named[column]
    same = msp is not None and np.array_equal(np.argsort(msp[1], kind="stable"), np.argsort(main[1], kind="stable"))
    return main, None if same else msp


def trust_word(column: str) -> str:
    """A column of trust in words."""
    return "combined trust" if column == "trust" else f"trust {column.removeprefix('trust_').replace('_', ' ')}"


def report_json(subject: Subject, found: Findings) -> Json:
    """The evaluation's JSON with what the page shows besides; its shape stands in docs/evaluation.md."""
    table = subject.evaluation.table
    return {
        **as_json(subject.evaluation),
        "summary": [said.text for said in found.said],
        "gain_over_largest_probability": None if found.gain is None else figure_json(found.gain),
        "claims": [_claim_json(checked) for checked in found.claims],
        "critical": [asdict(line) for line in found.critical],
        "missed_critical": [name_of(table, row) for row in found.missed],
        "silent_failures": [name_of(table, row) for row in found.silent],
        "group_results": [asdict(line) for line in found.groups],
        "pace": None if subject.pace is None else asdict(subject.pace),
        "unread": [{"file": file, "why": why} for file, why in subject.unread],
        "cohort": None if subject.record is None else asdict(subject.record),
    }


def _claim_json(checked: Checked) -> Json:
    plain = asdict(checked)
    return {**plain, **{name: number(plain[name]) for name in ("share", "low", "high")}}


def _charts(evaluation: Evaluation, main: Named | None, rival: Named | None) -> list[Drawn]:
    table = evaluation.table
    wrong, units = table.true != table.answer, units_of(table)
    drawn: list[Drawn] = []
    several = [
        None if main is None else scored(*main, "first", wrong, units),
        None if rival is None else scored(*rival, "second", wrong, units, banded=False),
    ]
    lines = [one for one in several if one is not None]
    if lines:
        drawn += risk_charts(lines, evaluation.bootstrap)
    if table.probabilities is not None:
        drawn.append(reliability_drawn(table.probabilities, table.true))
    return [*drawn, *(failure_charts(lines) if lines else ())]


def _gain(table: PredictionTable, main: Floats, rival: Floats, bootstrap: Bootstrap) -> Figure | None:
    """AUGRC of the rival minus that of the trust, on the rows that have both; more than 0: the trust is better."""
    known = np.isfinite(main) & np.isfinite(rival)
    if not known.any():
        return None
    wrong = (table.true != table.answer)[known]
    rankings = curves.rank(main[known], wrong), curves.rank(rival[known], wrong)
    units = np.unique(units_of(table)[known], return_inverse=True)[1]

    def difference(weights: Floats) -> Mapping[tuple[str, ...], Floats]:
        of_main, of_rival = (curves.augrc(ranking.curve(weights)) for ranking in rankings)
        return {("augrc",): of_rival - of_main}

    return estimate(difference, units, bootstrap)["augrc",]


def _trusted(evaluation: Evaluation, main: Named | None, rival: Named | None, gain: Figure | None) -> Trusted | None:
    if main is None:
        return None
    table = evaluation.table
    known = np.isfinite(main[1])
    curve = curves.rank(main[1][known], (table.true != table.answer)[known]).curve()
    column = next((name for name in table.trusts if trust_word(name) == main[0]), "")
    plain = Figure(float(curves.failure_auroc(curve)), float("nan"), float("nan"))
    return Trusted(
        label=main[0],
        auroc=evaluation.figures.get(("trust", column, "auroc_f"), plain),
        rival="" if rival is None else rival[0],
        gain=gain,
        risk_at_half=float(curves.risk_at_coverage(curve, 0.5)),
    )


def _page(subject: Subject, found: Findings) -> dict[str, object]:
    evaluation, record, table = subject.evaluation, subject.record, subject.evaluation.table
    main, _ = trusts_of(table)
    trust = None if main is None else main[1]
    title = f"{record.bundle} {record.version}" if record is not None else Path(table.source).name
    return {
        **page_frame(f"How far can {title} be relied on?"),
        "said": found.said,
        "charts": found.charts,
        "figures": figure_rows(evaluation),
        "confusion": confusion_table(evaluation),
        "trusts": trust_table(evaluation),
        "lights": list(_light_rows(evaluation)),
        "claims": [(checked, claim_sentence(checked)) for checked in found.claims],
        "critical": [_critical(line) for line in found.critical],
        "critical_named": record is not None and bool(record.critical_classes),
        "missed": [case_card(table, row, trust, subject.illustrate) for row in found.missed[:MOST_MISSED]],
        "missed_left": max(0, len(found.missed) - MOST_MISSED),
        "silent": [case_card(table, row, trust, subject.illustrate) for row in found.silent],
        "wrong": int((table.true != table.answer).sum()),
        "groups": [_group(line) for line in found.groups[:MOST_GROUPS]],
        "groups_left": max(0, len(found.groups) - MOST_GROUPS),
        "pace": [] if subject.pace is None else list(_pace_rows(subject.pace)),
        "data": list(_data_rows(subject)),
        "notes": [*(() if record is None else record.notes), *evaluation.notes],
        "unread": [(file, why) for file, why in subject.unread[:MOST_UNREAD]],
        "unread_left": max(0, len(subject.unread) - MOST_UNREAD),
        "facts": () if record is None else record.facts,
    }


def page_frame(title: str) -> dict[str, object]:
    """What every such page has: title, words said everywhere, colours of the lights, who wrote it and when."""
    return {
        "title": title,
        "research_use": RESEARCH_USE,
        "light_title": LIGHT_TITLE,
        "light_colours": [(light.value, look(light, "light").colour, look(light, "dark").colour) for light in Light],
        "date": datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
        "version": version("reliability-viewer"),
    }


def _light_rows(evaluation: Evaluation) -> Iterator[dict[str, object]]:
    table = evaluation.table
    if table.lights is None:
        return
    wrong = table.true != table.answer
    for k, light in enumerate(Light):
        lit = table.lights == k
        yield {
            "light": light_look(light),
            "n": int(lit.sum()),
            "right": int((lit & ~wrong).sum()),
            "wrong": int((lit & wrong).sum()),
            "share": share_words(evaluation.figures["lights", light.value, "share"]),
            "error": share_words(evaluation.figures["lights", light.value, "error"]),
        }


def _critical(line: CriticalLine) -> dict[str, object]:
    missed = () if line.missed is None else zip(Light, line.missed, strict=True)
    return {
        "name": class_word(line.name),
        "cases": line.cases,
        "recognised": line.recognised,
        "missed": line.cases - line.recognised,
        "by_light": [(light_look(light), count) for light, count in missed],
    }


def _group(line: GroupLine) -> dict[str, object]:
    return {
        "name": line.name,
        "cases": line.cases,
        "right": line.right,
        "share": percent(line.right / line.cases),
        "trust": percent(line.trust),
        "silent": line.silent,
        "lights": [
            (light_look(light), count) for light, count in zip(Light, line.lights or (), strict=False) if count
        ],
    }


def _pace_rows(pace: Pace) -> Iterator[tuple[str, str]]:
    yield "Frames assessed in a second, reading included", f"{pace.per_second:.1f}"
    yield "From the picture to the light, median", f"{pace.assess_ms:.1f} ms per frame"
    yield "Opening and decoding, median", f"{pace.decode_ms:.1f} ms per frame"
    if pace.bare_ms:
        yield "A bare forward pass of the same network, median", f"{pace.bare_ms:.1f} ms"
        yield "Ratio to the bare forward pass", f"{pace.assess_ms / pace.bare_ms:.2f} ×"
    yield "Where the network ran", pace.device
    yield "Frames timed", str(pace.frames)


def _data_rows(subject: Subject) -> Iterator[tuple[str, str]]:
    evaluation, record = subject.evaluation, subject.record
    yield "Cases", str(len(evaluation.table))
    yield "Groups (patients, else lesions)", "not named" if evaluation.groups is None else str(evaluation.groups)
    yield "Could not be read or assessed", str(len(subject.unread))
    if record is not None:
        yield "Data", record.data
        yield "Assessed", record.made
    else:
        yield "Table", evaluation.table.source
    drawn = evaluation.bootstrap
    yield "Intervals", f"{100 * drawn.level:g} %, from {drawn.draws} draws of whole groups, seed {drawn.seed}"
