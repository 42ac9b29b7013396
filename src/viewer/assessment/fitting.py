"""Weights of the combined trust, fitted on the fit groups, and whether they gain anything over the baseline."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.domain.combination import distribution_functions, weighted_mean
from viewer.evaluation.logistic import FOLDS, deal, fit_logistic
from viewer.evaluation.metrics import auroc, group_interval

BASELINE = "softmax"
"""The scorer that a combination must beat: the softmax probability (MSP)."""

SEED = 20240501
"""Of the bootstrap: the same table always gives the same verdict."""

NEGLIGIBLE = 0.01
"""Share of the weight below which a scorer is left out: each named scorer is one more that must answer."""

Table = Mapping[str, NDArray[np.float64]]
"""By scorer name, something of n answers, float64 (n,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """What fitting the weights came to.

    Attributes:
        weights: By scorer name, > 0, adding up to 1; the baseline alone where nothing better was found.
        sentence: What was tried and what came out, for card and reader.
        gain: AUGRC of the baseline minus that of the fitted combination on groups it was not fitted on; above 0 the
            combination is better. NaN where nothing could be compared.
        interval: 95 % interval of the gain, from a bootstrap over groups.
    """

    weights: Mapping[str, float]
    sentence: str
    gain: float
    interval: tuple[float, float]

    @property
    def fitted(self) -> bool:
        """Whether the combination gained enough to be used."""
        return set(self.weights) != {BASELINE}


def fit_combination(trusts: Table, correct: NDArray[np.bool_], groups: NDArray[np.str_]) -> Combination:
    """Fit the weights, and fall back to the softmax probability unless they are significantly better.

    Each trust is mapped to [0, 1] by its distribution function; the weights are those of a logistic regression of
    "correct" with no weight below 0, each group weighing alike, whose ridge is chosen on groups left out. They are
    judged on groups that neither they nor their ridge were fitted on (five folds), by a bootstrap over groups of the
    difference in AUGRC.

    Args:
        trusts: Of scorers about the *correctness* of the answer, on the fit groups; `softmax` is among them. A scorer
            without a trust for some answer takes no part.
        correct: bool (n,).
        groups: str (n,).

    Raises:
        ValueError: There is no softmax probability for every answer.
    """
    candidates = {name: values for name, values in sorted(trusts.items()) if np.isfinite(values).all()}
    if BASELINE not in candidates:
        raise ValueError("there is no softmax probability to fall back to")
    if len(set(groups)) < FOLDS or correct.all() or not correct.any() or len(candidates) < 2:
        return _fallback("No combination of scorers could be fitted: the fit groups hold too little to learn from")
    names = tuple(candidates)
    values = np.stack([candidates[name] for name in names], axis=1)
    held_out = _held_out_trust(values, correct, groups)
    baseline = candidates[BASELINE]

    def gain(rows: NDArray[np.intp]) -> float:
        return augrc(baseline[rows], correct[rows]) - augrc(held_out[rows], correct[rows])

    found = gain(np.arange(len(correct)))
    interval = group_interval(gain, groups, seed=SEED)
    words = f"AUGRC lower by {found:.4f}, 95 % interval {interval[0]:.4f} to {interval[1]:.4f}"
    if not interval[0] > 0:
        sentence = (
            f"A combination of {len(names)} scorers was fitted and does not find errors significantly better than "
            f"the softmax probability alone ({words}), so the softmax probability alone is used"
        )
        return _fallback(sentence, found, interval)
    found_weights = fit_logistic(_mapped(values, values), correct, groups).weights
    weights = _normalised(dict(zip(names, found_weights, strict=True)))
    sentence = f"A combination of {len(weights)} scorers finds errors better than the softmax probability ({words})"
    return Combination(weights=weights, sentence=sentence, gain=found, interval=interval)


def augrc(trust: NDArray[np.float64], correct: NDArray[np.bool_]) -> float:
    """Area under the generalised risk-coverage curve, through (1 − AUROC_f)·acc·(1 − acc) + ½(1 − acc)².

    Source: Traub et al., "Overcoming common flaws in the evaluation of selective classification systems", 2024.
    """
    accuracy = float(correct.mean())
    if accuracy in (0.0, 1.0):
        return 0.5 * (1 - accuracy) ** 2
    return (1 - auroc(trust, correct)) * accuracy * (1 - accuracy) + 0.5 * (1 - accuracy) ** 2


def _held_out_trust(
    values: NDArray[np.float64], correct: NDArray[np.bool_], groups: NDArray[np.str_]
) -> NDArray[np.float64]:
    """Combined trust of every answer by weights and distribution functions of the other folds, float64 (n,)."""
    folds = deal(groups)
    combined = np.empty(len(values))
    for fold in range(FOLDS):
        here, there = folds == fold, folds != fold
        weights = fit_logistic(_mapped(values[there], values[there]), correct[there], groups[there]).weights
        mapped = _mapped(values[here], values[there])
        combined[here] = weighted_mean(mapped, weights) if weights.any() else 0.5
    return combined


def _mapped(values: NDArray[np.float64], known: NDArray[np.float64]) -> NDArray[np.float64]:
    """Every column by the distribution function of that column of `known`, float64 (n, d)."""
    columns = zip(values.T, np.sort(known, axis=0).T, strict=True)
    return np.stack([distribution_functions(column, knots) for column, knots in columns], axis=1)


def _normalised(weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights.values())
    kept = {name: float(weight) for name, weight in weights.items() if weight >= NEGLIGIBLE * total}
    return {name: weight / sum(kept.values()) for name, weight in kept.items()}


def _fallback(
    sentence: str, gain: float = float("nan"), interval: tuple[float, float] = (float("nan"), float("nan"))
) -> Combination:
    return Combination(weights={BASELINE: 1.0}, sentence=sentence, gain=gain, interval=interval)
