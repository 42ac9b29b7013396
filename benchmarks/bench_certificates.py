"""What a certificate is worth: how often it is false, and how often it is missing, in simulated studies.

A study has 144 fit and 240 certify groups. The classifier is wrong in 20 % of the answers, and its trust could accept
half of them at an error of 5 %; r = .10, δ = .05. Where a group has several frames, their answers and trusts are
correlated. A certificate is false where a certified threshold has a true error above r, which is known exactly.
Beside it stands what counting the frames as if they were independent comes to, by the same sequence of tests.
"""

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from measure import Figure, arguments, write

from viewer.assessment.certify import Decisions, certified_thresholds, declare
from viewer.assessment.planning import TrustModel
from viewer.assessment.pvalues import binomial_p_value

RISK, DELTA = 0.10, 0.05
GROUPS, FIT_GROUPS, FRAMES = 240, 144, 20
ACCURACY, COVERAGE, ERROR = 0.80, 0.50, 0.05
CORRELATIONS = (0.5, 0.8, 0.95)
MISSING_GOAL = 20.0
"""Studies in which nothing is certified, in per cent, at most."""


def classifier(frames: int, correlation: float) -> TrustModel:
    """The classifier of the studies: the two normals lie as far apart as coverage and error ask for."""
    normal = NormalDist()
    wrong_accepted = COVERAGE * ERROR / (1 - ACCURACY)
    right_accepted = COVERAGE * (1 - ERROR) / ACCURACY
    distance = normal.inv_cdf(right_accepted) - normal.inv_cdf(wrong_accepted)
    auroc = normal.cdf(distance / math.sqrt(2))
    return TrustModel(accuracy=ACCURACY, auroc=auroc, frames=frames, correlation=correlation)


def passed(fit: Decisions, certify: Decisions) -> tuple[float, ...]:
    """Certified thresholds of one study."""
    return certified_thresholds(certify, fit, declare(fit, RISK), risk=RISK, delta=DELTA)


def ungrouped(decisions: Decisions) -> Decisions:
    """The same answers as if every one were a group of its own."""
    return Decisions(trust=decisions.trust, wrong=decisions.wrong, groups=np.arange(len(decisions.trust)))


def study(model: TrustModel, random: np.random.Generator) -> tuple[bool, bool, float, bool]:
    """Whether anything is certified; falsely; the share that may be green; falsely, were frames counted."""
    fit, certify = model.draw(FIT_GROUPS, random), model.draw(GROUPS, random)
    by_group = passed(fit, certify)
    by_frame = passed(ungrouped(fit), ungrouped(certify)) if model.frames > 1 else by_group
    covered = float(np.mean(certify.trust >= min(by_group))) if by_group else math.nan
    return bool(by_group), _false(model, by_group), covered, _false(model, by_frame)


def _false(model: TrustModel, thresholds: Sequence[float]) -> bool:
    return any(model.error(threshold) > RISK for threshold in thresholds)


def best_binomial(model: TrustModel) -> dict[str, float | str]:
    """How often an exact binomial test can certify one threshold that it is told beforehand, spending all of δ on it.

    Σₙ P(n accepted of 240) · P(errors among them few enough that P(X ≤ errors) ≤ δ for X ~ Binomial(n, r)).
    """
    allowed = [_most_errors(accepted) for accepted in range(GROUPS + 1)]

    def chance(threshold: float) -> float:
        error, coverage = model.error(threshold), model.coverage(threshold)
        return sum(
            _binomial(accepted, GROUPS, coverage) * sum(_binomial(k, accepted, error) for k in range(most + 1))
            for accepted, most in enumerate(allowed)
        )

    chances = {model.coverage(float(threshold)): chance(float(threshold)) for threshold in np.linspace(0, 2, 81)}
    asked = min(chances, key=lambda coverage: abs(coverage - COVERAGE))
    best = max(chances, key=chances.__getitem__)
    return {
        f"certified by an exact test told its threshold, coverage {asked:.2f}, %": 100 * chances[asked],
        f"told the best one, coverage {best:.2f}, %": 100 * chances[best],
    }


def _most_errors(accepted: int) -> int:
    """Most errors at which so many accepted answers certify r; −1 where none would do."""
    most = -1
    while binomial_p_value(most + 1, accepted, RISK) <= DELTA:
        most += 1
    return most


def _binomial(k: int, n: int, share: float) -> float:
    return math.comb(n, k) * share**k * (1 - share) ** (n - k)


def figures(frames: int, correlation: float, studies: int, seed: int) -> list[Figure]:
    """Simulate one kind of study."""
    random = np.random.default_rng(seed)
    model = classifier(frames, correlation)
    found = np.array([study(model, random) for _ in range(studies)])
    certified, false, covered, counted = (100 * share for share in np.nanmean(found, axis=0))
    words = "single decisions" if frames == 1 else f"{frames} frames per group, correlation {correlation:g}"
    detail: dict[str, float | str] = {"studies": str(studies), "mean coverage where certified %": covered}
    if frames > 1:
        detail["false where frames are counted as independent %"] = counted
    else:
        detail |= best_binomial(model)
    allowed = DELTA + 2 * math.sqrt(DELTA * (1 - DELTA) / studies)
    return [
        Figure(name=f"false certificates, {words}", value=false, goal=100 * allowed, unit="%", detail=detail),
        Figure(
            name=f"studies of {GROUPS} groups without a certificate, {words}",
            value=100 - certified,
            goal=MISSING_GOAL,
            unit="%",
            detail=detail,
        ),
    ]


def main() -> None:
    """Simulate all kinds of studies."""
    options = arguments(__doc__)
    studies = 20 if options.quick else 1000
    kinds = [(1, 0.0), *((FRAMES, correlation) for correlation in CORRELATIONS)]
    write([f for seed, kind in enumerate(kinds) for f in figures(*kind, studies, seed)], options)


if __name__ == "__main__":
    main()
