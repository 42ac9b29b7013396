"""Reliability classifiers: is the answer to this input likely right? Fitted by scikit-learn, applied by numpy alone.

The three kinds of the source study, on any input x (n, F): one linear layer and a sigmoid, one support vector machine
with a radial kernel, and one such machine for each predicted class. All are fitted on as many right as wrong answers,
and give a trust of ½ where an answer looks as much like the wrong as like the right ones. What is fitted is a set of
named arrays; they are empty, and the trust NaN, where there is too little to learn from.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Arrays = Mapping[str, NDArray[Any]]

FEWEST = 5
"""Right answers, and wrong ones, below which nothing is learnt."""

MOST = 300
"""Right answers, and wrong ones, that are learnt from at most by default: they bound the support vectors."""

RIDGE = 1.0
"""Pull of the weights of the linear layer towards 0, on standardised inputs, in cases."""


def fit_network(
    x: NDArray[Any], correct: NDArray[np.bool_], seed: int, weight: Values | None = None, most: int = MOST
) -> dict[str, NDArray[Any]]:
    """One linear layer and a sigmoid: `weight` (F,) and `bias` (1,), by the penalised likelihood's only maximum.

    Args:
        x: (n, F), finite.
        correct: bool (n,).
        seed: Of the draw of as many right as wrong answers.
        weight: float64 (n,), > 0, what each case counts; all alike by default.
        most: Right answers, and wrong ones, that are learnt from at most.
    """
    drawn, counts = balanced(correct, seed, weight, most)
    if not len(drawn):
        return {"weight": np.empty(0), "bias": np.empty(0)}
    mean, scale = standard(x[drawn])
    slope, bias = logistic((x[drawn] - mean) / scale, correct[drawn], counts, RIDGE)
    return {"weight": slope / scale, "bias": np.array([bias - mean @ (slope / scale)])}


def network_trust(x: NDArray[Any], arrays: Arrays) -> Values:
    """Trust of n answers, float64 (n,) in [0, 1]; NaN where nothing was learnt."""
    if not len(arrays["bias"]):
        return np.full(len(x), np.nan)
    return sigmoid(x @ arrays["weight"] + arrays["bias"][0])


def fit_svc(
    x: NDArray[Any], correct: NDArray[np.bool_], seed: int, weight: Values | None = None, most: int = MOST
) -> dict[str, NDArray[Any]]:
    """One support vector machine with a radial kernel, C = 1, γ = 1/F on standardised inputs.

    Arguments as for `fit_network`.

    Returns:
        `vectors` (S, F), standardised by `mean` and `scale` (F,), their `coefficients` (S,), `intercept` and `gamma`
        (1,).
    """
    return fit_svc_per_class(x, np.zeros(len(x), np.intp), correct, 1, seed, weight, most)


def svc_trust(x: NDArray[Any], arrays: Arrays) -> Values:
    """Trust of n answers: the sigmoid of the machine's decision value; NaN where nothing was learnt."""
    return svc_per_class_trust(x, np.zeros(len(x), np.intp), arrays)


def fit_svc_per_class(
    x: NDArray[Any],
    predicted: NDArray[np.intp],
    correct: NDArray[np.bool_],
    classes: int,
    seed: int,
    weight: Values | None = None,
    most: int = MOST,
) -> dict[str, NDArray[Any]]:
    """One support vector machine for each predicted class that was right and wrong often enough.

    Arguments as for `fit_network`, and:

    Args:
        x: (n, F), finite.
        predicted: int (n,).
        correct: bool (n,).
        classes: K.
        seed: Of the draws.
        weight: float64 (n,).
        most: Of each class.

    Returns:
        As for `fit_svc`, with `of_class` (S,), the class of each support vector, and `intercept` (K,).
    """
    mean, scale = standard(x) if len(x) else (np.zeros(x.shape[1]), np.ones(x.shape[1]))
    vectors, coefficients, of_class = [np.empty((0, x.shape[1]))], [np.empty(0)], [np.empty(0, np.int32)]
    intercept = np.zeros(classes)
    for index in range(classes):
        mine = np.flatnonzero(predicted == index)
        drawn, counts = balanced(correct[mine], seed + index, None if weight is None else weight[mine], most)
        if not len(drawn):
            continue
        machine = _machine((x[mine[drawn]] - mean) / scale, correct[mine[drawn]], counts)
        vectors.append(machine.support_vectors_)
        coefficients.append(machine.dual_coef_[0])
        of_class.append(np.full(len(machine.support_), index, np.int32))
        intercept[index] = machine.intercept_[0]
    return {
        "vectors": np.concatenate(vectors),
        "coefficients": np.concatenate(coefficients),
        "of_class": np.concatenate(of_class),
        "intercept": intercept,
        "mean": mean,
        "scale": scale,
    }


def svc_per_class_trust(x: NDArray[Any], predicted: NDArray[np.intp], arrays: Arrays) -> Values:
    """Trust of n answers by the machine of their predicted class; NaN where that class has none."""
    return sigmoid(svc_decision(x, predicted, arrays))


def svc_decision(x: NDArray[Any], predicted: NDArray[np.intp], arrays: Arrays) -> Values:
    """Decision value Σ αᵢ exp(−γ‖x − vᵢ‖²) + b of the machine of each answer's class, float64 (n,); above 0 is right.

    NaN where the class has no machine.
    """
    of_class = arrays["of_class"]
    standard = (x - arrays["mean"]) / arrays["scale"]
    values = np.full(len(x), np.nan)
    for index in np.unique(predicted):
        machine = of_class == index
        if not machine.any():
            continue
        mine = predicted == index
        distances = _squared_distances(standard[mine], arrays["vectors"][machine])
        kernel = np.exp(-_gamma(x.shape[1]) * distances)
        values[mine] = kernel @ arrays["coefficients"][machine] + arrays["intercept"][index]
    return values


def balanced(
    correct: NDArray[np.bool_], seed: int, weight: Values | None = None, most: int = MOST
) -> tuple[NDArray[np.intp], Values]:
    """As many right as wrong answers, and what each counts, so that both sides count alike.

    Cases are drawn without replacement, each the likelier the more it weighs, and then count their weight over their
    chance of being drawn.

    Args:
        correct: bool (n,).
        seed: Of the draw.
        weight: float64 (n,), > 0; all alike by default.
        most: Of either side.

    Returns:
        Indices (2m,), ascending, and counts (2m,) of mean 1; empty where either side has fewer than `FEWEST` cases.
    """
    sides = np.flatnonzero(correct), np.flatnonzero(~correct)
    size = min(len(sides[0]), len(sides[1]), most)
    if size < FEWEST:
        return np.empty(0, np.intp), np.empty(0)
    random = np.random.default_rng(seed)
    weight = np.ones(len(correct)) if weight is None else weight
    counts = np.zeros(len(correct))
    for side in sides:
        shares = weight[side] / weight[side].sum()
        drawn = random.choice(len(side), size, replace=False, p=shares)
        worth = shares[drawn] / np.minimum(1, size * shares[drawn])
        counts[side[drawn]] = size * worth / worth.sum()
    chosen = np.flatnonzero(counts)
    return chosen, counts[chosen]


def sigmoid(values: Values) -> Values:
    """1/(1 + e^−v), without overflow; NaN stays NaN."""
    return 0.5 * (1 + np.tanh(values / 2))


def logistic(x: NDArray[Any], correct: NDArray[np.bool_], counts: Values, ridge: float) -> tuple[Values, float]:
    """Weights (F,) and intercept of the logistic regression that minimises Σ c·(−ln P) + ridge·‖w‖²/2.

    The minimum is one, so that neither a start nor chance decide.

    Args:
        x: (n, F), finite.
        correct: bool (n,).
        counts: float64 (n,), what each case counts.
        ridge: Pull of the weights towards 0, > 0.
    """
    from scipy.optimize import minimize

    design = np.column_stack([x, np.ones(len(x))])
    penalty = np.append(np.full(x.shape[1], ridge), 1e-6)
    sign = np.where(correct, 1.0, -1.0)

    def cost(parameters: Values) -> tuple[float, Values]:
        margin = sign * (design @ parameters)
        value = counts @ np.logaddexp(0, -margin) + 0.5 * penalty @ parameters**2
        slope = design.T @ (-counts * sign * sigmoid(-margin)) + penalty * parameters
        return float(value), slope

    found: Values = minimize(cost, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return found[:-1], float(found[-1])


def standard(x: NDArray[Any]) -> tuple[Values, Values]:
    """Mean and standard deviation of every column, float64 (F,); 1 for a column that never changes."""
    spread = x.std(axis=0, dtype=np.float64)
    return x.mean(axis=0, dtype=np.float64), np.where(spread > 1e-9, spread, 1.0)


def _machine(x: Values, correct: NDArray[np.bool_], counts: Values) -> Any:  # noqa: ANN401 - scikit-learn has no types
    from sklearn.svm import SVC

    return SVC(C=1.0, kernel="rbf", gamma=_gamma(x.shape[1])).fit(x, correct, sample_weight=counts)


def _gamma(inputs: int) -> float:
    return 1 / max(inputs, 1)


def _squared_distances(x: Values, vectors: Values) -> Values:
    """‖xᵢ − vⱼ‖², float64 (n, S)."""
    squares: Values = (x**2).sum(axis=1)[:, None] + (vectors**2).sum(axis=1) - 2 * x @ vectors.T
    return squares.clip(min=0)
