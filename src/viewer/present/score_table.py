"""The table of scorers beside the light: one row each, in the plugins' order."""

from dataclasses import dataclass

from viewer.domain.result import About, Assessment, Score, ScoreRow
from viewer.present.rows import rounded, trust_of
from viewer.present.texts import tr
from viewer.present.wording import ABOUT_WORDS, health, percent, quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """One scorer as a person sees it.

    Attributes:
        name: Column name without the prefix `trust_`.
        title: In words.
        question: What it answers: whether the answer is likely right, or the picture of the known kind.
        about: The same as a value, to group by.
        trust: Length of the bar, [0, 1], the same number as in the tables; None where there is no answer.
        trust_text: The same in per cent.
        raw_text: The scorer's own quantity with its unit.
        weight: Its share in the combined trust, [0, 1]; 0 for a scorer that is shown only.
        weight_text: The same in per cent, or `shown only`, and that it is slow where it is.
        health: Empty when all is well, else why there is no answer or a few words.
        failed: Whether it should have answered and did not.
        plugin: Who offers it.
        family: Name of the scorer under which it is folded; `""` where it stands by itself.
    """

    name: str
    title: str
    question: str
    about: About
    trust: float | None
    trust_text: str
    raw_text: str
    weight: float
    weight_text: str
    health: str
    failed: bool
    plugin: str
    family: str


def score_lines(assessment: Assessment) -> tuple[ScoreLine, ...]:
    """The table of one frame, without scorers that can say nothing here; weights are given as shares of their sum."""
    total = sum(max(row.weight, 0.0) for row in assessment.rows) or 1.0
    return tuple(_line(row, max(row.weight, 0.0) / total) for row in assessment.rows if not row.mute)


def _line(row: ScoreRow, share: float) -> ScoreLine:
    trust = rounded(trust_of(row.result))
    return ScoreLine(
        name=row.name,
        title=row.title,
        question=tr(ABOUT_WORDS[row.about]),
        about=row.about,
        trust=trust,
        trust_text=percent(trust),
        raw_text=quantity(row.result) if isinstance(row.result, Score) else "–",
        weight=share,
        weight_text=percent(share) if share else tr("slow, shown only") if row.slow else tr("shown only"),
        health=health(row.result),
        failed=not isinstance(row.result, Score),
        plugin=row.plugin,
        family=row.family,
    )
