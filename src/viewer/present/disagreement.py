"""Where the scores of a frame, the networks of its model and the frames beside it say different things.

Trusts of different scorers lie on different scales: one moves between 0.99 and 1, another over everything. So they
are compared by their standing: the share of the pictures a model was fitted on whose trust is lower.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.domain.basis import Basis
from viewer.domain.combination import distribution_function
from viewer.domain.result import About, Assessment, Score
from viewer.present.families import unfolded
from viewer.present.rows import rounded, trust_of
from viewer.present.texts import tr
from viewer.present.wording import class_word, percent, points

CHANCE = 1 / 3
"""Mean difference of two standings, each spread evenly over [0, 1], that know nothing of each other."""

REACH = 5
"""Frames on either side that count as neighbours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What one scorer says of a frame, in a measure that can be compared with that of others.

    Attributes:
        name, title, about: Of the scorer.
        trust: Its trust, [0, 1]; None where it gave none.
        share: Its standing, [0, 1]: the share of the fit groups' trusts that are lower, ties counting half; the trust
            itself where the model was never fitted; None without a trust.
        failed: Whether it should have answered and did not.
    """

    name: str
    title: str
    about: About
    trust: float | None
    share: float | None
    failed: bool


def standings(assessment: Assessment, basis: Basis) -> tuple[Standing, ...]:
    """One standing per scorer, in the plugins' order; many that answer one question speak through the leading one."""
    found = []
    for row in unfolded(assessment.rows, basis):
        trust, knots = trust_of(row.result), basis.distributions.get(row.name)
        share = trust if trust is None or knots is None else distribution_function(trust, knots)
        found.append(
            Standing(
                name=row.name,
                title=row.title,
                about=row.about,
                trust=rounded(trust),
                share=share,
                failed=not isinstance(row.result, Score),
            )
        )
    return tuple(found)


def mean_difference(shares: NDArray[np.float64]) -> float:
    """Mean of |a − b| over all pairs of n ≥ 2 standings, [0, 2/3 for many]: Gini's mean difference."""
    count = len(shares)
    ranks = 2 * np.arange(1, count + 1) - count - 1
    return float(2 * (ranks * np.sort(shares)).sum() / (count * (count - 1)))


def scores_words(found: tuple[Standing, ...], *, single: bool) -> str:
    """Whether the scores of the answer agree, in two sentences, the second with the number behind it.

    Args:
        found: Standings of a frame; those about the picture answer another question and are left out.
        single: Whether it is a picture rather than a frame of a clip.
    """
    said = [(one.share, one.title) for one in found if one.about is About.CORRECTNESS and one.share is not None]
    if len(said) < 2:
        return tr("There are not two scores of the answer to compare.")
    spread = mean_difference(np.array([share for share, _ in said]))
    (_, low), (_, high) = min(said), max(said)
    what = tr("this picture") if single else tr("this frame")
    if spread >= CHANCE:
        words = tr("The scores disagree: {high} trusts {what}, {low} does not.")
    elif spread >= CHANCE / 2:
        words = tr("The scores differ: {high} trusts {what} most, {low} least.")
    else:
        words = tr("The scores agree: they trust {what} {degree}.")
    middle = float(np.mean([share for share, _ in said]))
    number = tr("Two scores differ by {points} on average.").format(points=points(spread))
    return f"{words.format(high=high, low=low, what=what, degree=_degree(middle))} {number}"


def standing_words(one: Standing) -> str:
    """What one scorer says of a frame."""
    if one.trust is None or one.share is None:
        return f"{one.title}: {tr('unavailable') if one.failed else tr('no answer')}"
    said = tr("{title}: trust {trust}, higher than {share} of the pictures the model was fitted on")
    return said.format(title=one.title, trust=percent(one.trust), share=percent(one.share))


def members_words(assessment: Assessment) -> str:
    """Whether the networks of an ensemble say the same, and who of those with a name says what else."""
    if assessment.members is None:
        return tr("No ensemble: one network answers.")
    said = assessment.members.argmax(axis=1)
    same = int((said == assessment.predicted).sum())
    count, answer = len(assessment.members), class_word(assessment.classes[assessment.predicted])
    if same == count:
        every = tr("Both networks say {answer}.") if count == 2 else tr("All {count} networks say {answer}.")
        return every.format(count=count, answer=answer)
    words = tr("{same} of {count} networks say {answer}").format(same=same, count=count, answer=answer)
    others = [
        tr("{name} says {answer}").format(name=name, answer=class_word(assessment.classes[place]))
        for name, place in zip(assessment.member_names, said.tolist(), strict=False)
        if place != assessment.predicted
    ]
    return f"{'; '.join([words, *others])}."


def neighbours_words(frames: Mapping[int, Assessment], frame: int) -> str:
    """How many of the frames beside one have its class; `""` where none is assessed.

    Args:
        frames: Assessed frames whose class may be told, by index.
        frame: One of them.
    """
    beside = [frames[other].final for other in neighbours(frame) if other in frames]
    same = sum(final == frames[frame].final for final in beside)
    if not beside:
        return ""
    return tr("{same} of {count} neighbouring frames say the same.").format(same=same, count=len(beside))


def neighbours(frame: int) -> tuple[int, ...]:
    """Indexes of the frames beside one, without it; some may lie beyond the ends of the clip."""
    return tuple(other for other in range(frame - REACH, frame + REACH + 1) if other != frame)


def _degree(middle: float) -> str:
    if middle >= 2 / 3:
        return tr("more than usual")
    return tr("about as usual") if middle > 1 / 3 else tr("less than usual")
