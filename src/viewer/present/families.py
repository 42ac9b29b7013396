"""Rows of scores that are folded under another: many answers to one question, of which the worst is always told."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from viewer.domain.basis import Basis
from viewer.domain.combination import distribution_function
from viewer.present.score_table import ScoreLine
from viewer.present.texts import tr
from viewer.present.why import WhyLine
from viewer.present.wording import of_hundred

FEWEST = 2
"""Rows that are worth folding: one would be replaced by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Rows folded under another.

    Attributes:
        lead: Name of the scorer they are folded under.
        title: How many there are.
        lines: The rows, at least two.
        lowest: The one that speaks most against the picture; None where none gave an answer.
        notes: What it says, and who gave no answer, a line each.
        failed: Whether any should have answered and did not.
    """

    lead: str
    title: str
    lines: tuple[WhyLine, ...]
    lowest: ScoreLine | None
    notes: tuple[str, ...]
    failed: bool


def families(lines: Sequence[WhyLine], basis: Basis) -> tuple[WhyLine | Fold, ...]:
    """Rows in their order, those folded under another gathered below it.

    A row the light rests on is never folded, nor one whose leading row is not there, answers another question or is
    folded itself.

    Args:
        lines: As `why_lines` makes them.
        basis: What the light rests on.
    """
    leads = {(line.score.name, line.score.plugin, line.score.about) for line in lines if not line.score.family}
    members: dict[str, list[WhyLine]] = defaultdict(list)
    for line in lines:
        score = line.score
        if not line.decides and (score.family, score.plugin, score.about) in leads:
            members[score.family].append(line)
    folded = {name: found for name, found in members.items() if len(found) >= FEWEST}
    hidden = {line.score.name for found in folded.values() for line in found}
    rows: list[WhyLine | Fold] = []
    for line in lines:
        if line.score.name not in hidden:
            rows.append(line)
            if line.score.name in folded:
                rows.append(_fold(line.score.name, folded[line.score.name], basis))
    return tuple(rows)


def _fold(lead: str, lines: Sequence[WhyLine], basis: Basis) -> Fold:
    scores = [line.score for line in lines]
    answered = [(_standing(score.name, score.trust, basis), score) for score in scores if score.trust is not None]
    standing, lowest = min(answered, key=lambda found: found[0]) if answered else (None, None)
    notes = []
    if lowest is not None and standing is not None:
        words = tr("lowest: {title}, as low in {share} calibration pictures")
        plain = tr("lowest: {title}")
        known = lowest.name in basis.distributions
        notes.append((words if known else plain).format(title=lowest.title, share=of_hundred(standing)))
    reasons = Counter(score.health for score in scores if score.trust is None)
    notes += [tr("{n} of them: {why}").format(n=count, why=reason) for reason, count in reasons.items()]
    return Fold(
        lead=lead,
        title=tr("{n} more like it").format(n=len(lines)),
        lines=tuple(lines),
        lowest=lowest,
        notes=tuple(notes),
        failed=any(score.failed for score in scores),
    )


def _standing(name: str, trust: float, basis: Basis) -> float:
    """Share of the calibration pictures whose trust by this scorer is lower; the trust itself where nobody knows.

    Trusts of different scorers lie on different scales, so that the lowest of them need not be the worst.
    """
    knots = basis.distributions.get(name)
    return trust if knots is None else distribution_function(trust, knots)
