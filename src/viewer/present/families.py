"""Rows of scores that are folded under another: many answers to one question, of which the worst is always told."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from viewer.domain.basis import Basis
from viewer.domain.combination import distribution_function
from viewer.domain.result import About, ScoreRow
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
    deciding = {line.score.name for line in lines if line.decides}
    folded = _folded([line.score for line in lines], deciding)
    hidden = {score.name for found in folded.values() for score in found}
    named = {line.score.name: line for line in lines}
    rows: list[WhyLine | Fold] = []
    for line in lines:
        if line.score.name not in hidden:
            rows.append(line)
            if line.score.name in folded:
                members = [named[score.name] for score in folded[line.score.name]]
                rows.append(_fold(line.score.name, members, basis))
    return tuple(rows)


def unfolded(rows: Iterable[ScoreRow], basis: Basis) -> tuple[ScoreRow, ...]:
    """The rows that `families` leaves by themselves: of many that answer one question only the leading one.

    As there, a scorer that can say nothing here has none.

    Args:
        rows: Of one picture.
        basis: What the light rests on.
    """
    rows = tuple(row for row in rows if not row.mute)
    deciding = {row.name for row in rows if row.weight > 0}.union(basis.gate_scorers)
    hidden = {row.name for found in _folded(rows, deciding).values() for row in found}
    return tuple(row for row in rows if row.name not in hidden)


class _Row(Protocol):
    """What folding asks of a row."""

    @property
    def name(self) -> str: ...

    @property
    def plugin(self) -> str: ...

    @property
    def about(self) -> About: ...

    @property
    def family(self) -> str: ...


T = TypeVar("T", bound=_Row)


def _folded(rows: Sequence[T], deciding: Collection[str]) -> dict[str, list[T]]:
    """Rows that are folded, by the name of their leading one; never those the light rests on, `deciding`."""
    leads = {(row.name, row.plugin, row.about) for row in rows if not row.family}
    members: dict[str, list[T]] = defaultdict(list)
    for row in rows:
        if row.name not in deciding and (row.family, row.plugin, row.about) in leads:
            members[row.family].append(row)
    return {name: found for name, found in members.items() if len(found) >= FEWEST}


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
