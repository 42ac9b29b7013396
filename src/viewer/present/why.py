"""Why the light has its colour: what each score adds to the combined trust, and what would change the light.

Nothing here judges: the light and its thresholds come from the certificate, and this says how far they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.domain.basis import Basis
from viewer.domain.certificate import Certificate
from viewer.domain.combination import distribution_functions, weighted_mean
from viewer.domain.gate import OUTSIDE, TYPICAL
from viewer.domain.percent import ceiling_percent
from viewer.domain.result import About, Assessment, Light
from viewer.present.rows import trust_of
from viewer.present.score_table import ScoreLine, score_lines
from viewer.present.texts import marked, tr
from viewer.present.wording import percents, points, sentence

GATE = marked("decides on the kind of picture")
"""Of a scorer that tells whether the picture is of the kind the model knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyLine:
    """One scorer's part in the light.

    Attributes:
        score: What it answered.
        contribution: w·F(s) / Σw, its part of the combined trust, [0, 1]; None where it weighs nothing or the
            combined trust is not known.
        threshold: Least trust of this scorer, [0, 1], at which the combined trust reaches that of a green light, all
            others as they are; None where not even 1 does, no green light is certified, or no trust would do.
        distance: Its trust less the threshold, [-1, 1]; None without a threshold.
        decides: Whether the light rests on it: it carries weight, or tells on the kind of picture.
        notes: The same in words, a line each.
    """

    score: ScoreLine
    contribution: float | None
    threshold: float | None
    distance: float | None
    decides: bool
    notes: tuple[str, ...]


def why_lines(assessment: Assessment, basis: Basis, *, withheld: bool = False) -> tuple[WhyLine, ...]:
    """One line per scorer: those that carry weight first, the heaviest first of all, then those that the gate asks.

    Args:
        assessment: Of the frame.
        basis: What its light rests on.
        withheld: Whether the class is withheld: then so are scorers' own values and notes, which may tell of it.
    """
    parts = contributions(assessment, basis)
    ranked = sorted(score_lines(assessment), key=lambda line: (-line.weight, line.name not in basis.gate_scorers))
    return tuple(_line(line, assessment, basis, parts, withheld) for line in ranked)


def contributions(assessment: Assessment, basis: Basis) -> Mapping[str, float]:
    """w·F(s) / Σw of every scorer that carries weight; they add up to the combined trust; empty without one."""
    trusts, weights = _trusts(assessment), _carriers(basis)
    if assessment.trust is None or not weights.keys() <= trusts.keys():
        return {}
    total = sum(weights.values())
    return {
        name: float(weight * _mapped(name, np.array([trusts[name]]), basis)[0] / total)
        for name, weight in weights.items()
    }


def least_trust(name: str, assessment: Assessment, basis: Basis, level: float) -> float | None:
    """Least trust of one scorer at which the combined trust reaches `level`, all others as they are.

    F is a step function: it can only change at the trusts it was made from and just above them, so these are tried.

    Args:
        name: A scorer that carries weight.
        assessment: Of the frame.
        basis: Weights and distribution functions.
        level: Of the combined trust, [0, 1].

    Returns:
        In [0, 1]; None where not even 1 is enough, the scorer weighs nothing or another that does gave no answer.
    """
    trusts, weights = _trusts(assessment), _carriers(basis)
    others = [other for other in weights if other != name]
    if name not in weights or any(other not in trusts for other in others):
        return None
    knots = basis.distributions.get(name)
    if knots is None:  # never fitted: then this trust is the combined one
        return level
    steps = np.unique(np.concatenate([[0.0, 1.0], knots, np.nextafter(knots, 1.0)]))
    mapped = np.empty((len(steps), len(weights)))
    for column, other in enumerate(weights):
        mapped[:, column] = _mapped(other, steps if other == name else np.array([trusts[other]]), basis)
    enough = weighted_mean(mapped, np.array(list(weights.values()))) >= level
    return float(steps[enough.argmax()]) if enough.any() else None


def what_would_change(assessment: Assessment, basis: Basis) -> str:
    """What would give the frame another light, in one or two sentences."""
    certificate = basis.certificate
    if assessment.light is Light.GREY:
        return sentence(_missing(assessment, certificate))
    if assessment.light is Light.RED and _below(assessment.suitability, OUTSIDE):
        return tr("Nothing in this picture: it is unlike those the model knows.")
    if certificate is None or certificate.green is None or assessment.trust is None:
        return tr("Nothing in this picture: no green light is certified for this model.")
    here = assessment.trust
    if assessment.light is Light.RED and certificate.red is not None:
        red, trust = percents(certificate.red.threshold, here)
        green = ceiling_percent(certificate.green.threshold)
        words = tr("Amber above a combined trust of {red}; here {trust}. Green from {green}.")
        return words.format(red=red, trust=trust, green=green)
    level = certificate.green.threshold
    green, trust = percents(level, here)
    if assessment.light is Light.GREEN:
        words = tr("Green down to a combined trust of {green}; here {trust}.").format(green=green, trust=trust)
        return f"{words}{_room(assessment, basis, level)}"
    if _below(assessment.suitability, TYPICAL) or _below(assessment.fingerprint, TYPICAL):
        enough = tr(
            "Green only for a picture more like those the model knows; its combined trust of {trust} is enough."
        )
        more = tr("Green only for a picture more like those the model knows, from a trust of {green}; here {trust}.")
        return (enough if here >= level else more).format(green=green, trust=trust)
    words = tr("Green from a combined trust of {green}; here {trust}.").format(green=green, trust=trust)
    return f"{words}{_way(assessment, basis, level)}"


def _line(
    line: ScoreLine, assessment: Assessment, basis: Basis, parts: Mapping[str, float], withheld: bool
) -> WhyLine:
    part = parts.get(line.name)
    certificate = basis.certificate
    green = certificate.green if certificate is not None and part is not None and _by_trust(assessment) else None
    threshold = None if green is None else least_trust(line.name, assessment, basis, green.threshold)
    distance = None if threshold is None else _trusts(assessment)[line.name] - threshold
    raw = "" if withheld else line.raw_text
    facts = [_role(line, basis)]
    if line.trust is None:
        facts = [raw, line.health]
    elif not withheld:
        facts = [raw, *facts, line.health]
    if part is not None:
        facts.append(tr("adds {points}").format(points=points(part)))
    notes = ["  ·  ".join(fact for fact in facts if fact and fact != "–")]
    if green is not None:
        notes.append(_reach(threshold, distance, _others(basis)))
    return WhyLine(
        score=line,
        contribution=part,
        threshold=threshold,
        distance=distance,
        decides=line.weight > 0 or line.name in basis.gate_scorers,
        notes=tuple(notes),
    )


def _role(line: ScoreLine, basis: Basis) -> str:
    if line.weight:
        return tr("weight {share}").format(share=line.weight_text)
    return tr(GATE) if line.name in basis.gate_scorers else line.weight_text


def _reach(threshold: float | None, distance: float | None, others: str) -> str:
    """How far a scorer is from the trust that green takes."""
    if threshold is None or distance is None:
        return tr("not green even at 100 %{others}").format(others=others)
    if threshold == 0:
        return tr("green whatever it says{others}").format(others=others)
    above, short = tr("green from {least}{others}: {points} above"), tr("green from {least}{others}: {points} short")
    words = above if distance >= 0 else short
    return words.format(least=ceiling_percent(threshold), others=others, points=points(distance))


def _room(assessment: Assessment, basis: Basis, level: float) -> str:
    """How far the scorer that is nearest to its threshold could fall, as a further sentence."""
    distances = _distances(assessment, basis, level)
    if not distances:
        return ""
    _, title, threshold, trust = min(distances)
    least, here = percents(threshold, trust)
    words = tr("{score} could fall to {least}, here {here}{others}.")
    said = words.format(score=title, least=least, here=here, others=_others(basis))
    return f" {said}" if threshold > 0 else ""


def _way(assessment: Assessment, basis: Basis, level: float) -> str:
    """What the scorer that is nearest to its threshold would have to reach, as a further sentence."""
    distances = _distances(assessment, basis, level)
    if not distances:
        return f" {tr('No single score could lift it that far.')}"
    _, title, threshold, trust = max(distances)
    least, here = percents(threshold, trust)
    words = tr("{score} would have to reach {least}, here {here}{others}.")
    return f" {words.format(score=title, least=least, here=here, others=_others(basis))}"


def _others(basis: Basis) -> str:
    return tr(", the others as they are") if len(_carriers(basis)) > 1 else ""


def _distances(assessment: Assessment, basis: Basis, level: float) -> list[tuple[float, str, float, float]]:
    """Distance, title, threshold and trust of every scorer that could bring the combined trust to `level` alone."""
    trusts, titles = _trusts(assessment), {row.name: row.title for row in assessment.rows}
    found = [(name, least_trust(name, assessment, basis, level)) for name in _carriers(basis) if name in trusts]
    return [(trusts[name] - least, titles[name], least, trusts[name]) for name, least in found if least is not None]


def _by_trust(assessment: Assessment) -> bool:
    """Whether a higher trust could give another light: not where the picture itself forbids it."""
    unlike = assessment.light is Light.RED and _below(assessment.suitability, OUTSIDE)
    return assessment.light is not Light.GREY and not unlike


def _missing(assessment: Assessment, certificate: Certificate | None) -> str:
    """What a grey frame lacks for a light."""
    if certificate is None:
        return tr("nothing in this picture: the model carries no certificate")
    if not certificate.certified:
        if not certificate.more_groups:
            return tr("nothing in this picture: no green light is certified, and none could be certified")
        words = tr(
            "nothing in this picture: no green light is certified, "
            "and about {count} more labelled cases are needed to certify one"
        )
        return words.format(count=certificate.more_groups)
    titles = {row.name: row.title for row in assessment.rows}
    answered = {row.name for row in assessment.rows if trust_of(row.result) is not None}
    named = [scorer.name for scorer in (*certificate.scorers, *certificate.gate_scorers)]
    silent = [titles.get(name, name) for name in named if name not in answered]
    if silent:
        return tr("a light takes an answer from: {scores}").format(scores=", ".join(silent))
    if assessment.final != assessment.predicted:
        return tr("the certificate speaks of the classifier's own answer, which a second opinion has changed here")
    if _below(assessment.fingerprint, OUTSIDE):
        return tr("a light takes a picture that was prepared as those the model knows")
    return tr("nothing the scores say, as long as the reason above holds")


def _below(p: float | None, limit: float) -> bool:
    return p is not None and p < limit


def _trusts(assessment: Assessment) -> Mapping[str, float]:
    """Trusts of the scorers of correctness that answered."""
    pairs = [(row.name, trust_of(row.result)) for row in assessment.rows if row.about is About.CORRECTNESS]
    return {name: trust for name, trust in pairs if trust is not None}


def _carriers(basis: Basis) -> Mapping[str, float]:
    return {name: weight for name, weight in basis.weights.items() if weight > 0}


def _mapped(name: str, trusts: NDArray[np.float64], basis: Basis) -> NDArray[np.float64]:
    knots = basis.distributions.get(name)
    return trusts if knots is None else distribution_functions(trusts, knots)
