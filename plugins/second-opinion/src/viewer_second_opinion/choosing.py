"""The reliability classifier of this viewer: how likely the answer is right, from as much as is worth looking at.

A ridge-penalised logistic regression on a few inputs. Which, is chosen on patients it was not fitted on. Where no
other helps beyond chance, it is the probability of the answer alone, over the frames around where there are any. The
trust of a still then orders answers as the softmax probability does.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.api import CLIP_OFFSETS, SAME, Evidence
from viewer_second_opinion import inputs
from viewer_second_opinion.cases import Cases
from viewer_second_opinion.classifiers import FEWEST, Values, logistic, sigmoid, standard
from viewer_second_opinion.temporal import window_probabilities

INPUTS = ("alone", "together", "spread", "course", "classes", "features")
"""Kinds of inputs."""

CANDIDATES: tuple[tuple[str, ...], ...] = (
    ("together",),
    ("alone",),
    ("together", "spread"),
    ("together", "course"),
    ("together", "spread", "course"),
    ("together", "spread", "course", "classes", "features"),
)
"""What is compared, the simplest first: one probability, over the frames around where there are any."""

AXES = 8
"""Dimensions of the features that are looked at."""

FOLDS = 5
FEWEST_GROUPS = 10
"""Patients below which nothing is compared: the simplest candidate is fitted."""

SURE = 2.0
"""Standard errors by which another candidate must be better."""

RIDGE = 1.0
"""Pull of the weights towards 0, on standardised inputs, in clips: it takes more than one clip to outweigh it."""

LEAST_SLOPE = 1e-3
"""Of one probability alone: few patients whose sure answers happened to be wrong must not turn its order round."""

SEED = 20240501

State = Mapping[str, NDArray[Any]]


def fit_reliability(cases: Cases) -> dict[str, NDArray[Any]]:
    """Choose the inputs and fit them.

    One candidate after the other takes the place of the best before it where its likelihood on held-out patients
    (`FOLDS` folds) is higher by more than `SURE` standard errors over patients, and its AUROC_f is not lower.

    Returns:
        `uses` bool (I,), which of `INPUTS`; `weight` (F,) and `bias` (1,); `mean` (D,) and `axes` (D, d) of the
        features. Empty weights where there are too few right or wrong answers.
    """
    correct, weights = cases.correct, cases.weights()
    if min(correct.sum(), (~correct).sum()) < FEWEST:
        return _fitted_nothing()
    return _fit(cases, weights, _choose(cases, weights))


def reliability_trust(evidence: Evidence, state: State) -> Values:
    """Probability that each of n answers is right, float64 (n,); NaN where nothing was learnt."""
    if not len(state["weight"]):
        return np.full(len(evidence), np.nan)
    uses = tuple(name for name, used in zip(INPUTS, state["uses"], strict=True) if used)
    return sigmoid(_design(evidence, uses, state) @ state["weight"] + state["bias"][0])


def weighted_auroc(trust: Values, correct: NDArray[np.bool_], weights: Values) -> float:
    """How often a right answer is trusted more than a wrong one, ties counting half, by weight; NaN without both."""
    values, places = np.unique(trust, return_inverse=True)
    right = np.bincount(places, weights * correct, len(values))
    wrong = np.bincount(places, weights * ~correct, len(values))
    if not (right.sum() > 0 and wrong.sum() > 0):
        return float("nan")
    below = np.cumsum(wrong) - wrong / 2
    return float(right @ below / (right.sum() * wrong.sum()))


def _choose(cases: Cases, weights: Values) -> tuple[str, ...]:
    """The inputs that are worth it."""
    best, *others = _candidates(cases)
    if len(set(cases.groups)) < FEWEST_GROUPS:
        return best
    folds = cases.folds(FOLDS, SEED)
    trust = _held_out(cases, weights, folds, best)
    for names in others:
        tried = _held_out(cases, weights, folds, names)
        gain, error = _gain(cases, weights, trust, tried)
        areas = [weighted_auroc(values, cases.correct, weights) for values in (trust, tried)]
        if gain > SURE * error and areas[1] >= areas[0]:
            best, trust = names, tried
    return best


def _candidates(cases: Cases) -> list[tuple[str, ...]]:
    """Those of `CANDIDATES` that differ where stills have no frames around them, or no features were captured."""
    clip = cases.evidence.clip
    lonely = clip is None or np.isfinite(clip).all(axis=2).sum() == len(cases)
    missing = {*(["course"] if lonely else []), *(["features"] if cases.evidence.features is None else [])}
    same = {"together": "alone"} if lonely else {}
    kept = [tuple(same.get(name, name) for name in names if name not in missing) for names in CANDIDATES]
    return list(dict.fromkeys(kept))


def _held_out(cases: Cases, weights: Values, folds: NDArray[np.intp], names: tuple[str, ...]) -> Values:
    """Trust of each answer by what was learnt from other groups; ½ where those taught nothing."""
    trust = np.full(len(cases), 0.5)
    for fold in range(FOLDS):
        here = folds == fold
        others = cases.at(~here)
        if here.any() and 0 < others.correct.mean() < 1:
            trust[here] = reliability_trust(cases.at(here).evidence, _fit(others, weights[~here], names))
    return trust


def _gain(cases: Cases, weights: Values, before: Values, after: Values) -> tuple[float, float]:
    """By how much ln P(what happened) rises between two trusts, the mean over groups and its standard error."""
    likely = [np.log(np.where(cases.correct, p, 1 - p).clip(1e-6)) for p in (before, after)]
    groups = np.unique(cases.groups, return_inverse=True)[1]
    totals = np.bincount(groups, weights)
    by_group = np.bincount(groups, weights * (likely[1] - likely[0])) / totals
    return float(by_group.mean()), float(by_group.std(ddof=1) / np.sqrt(len(by_group)))


def _fit(cases: Cases, weights: Values, names: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    evidence = cases.evidence
    fitted: dict[str, NDArray[Any]] = {"mean": np.empty(0, np.float32), "axes": np.empty((0, 0), np.float32)}
    if "features" in names and evidence.features is not None:
        mean, axes = inputs.principal_axes(evidence.features, AXES)
        fitted = {"mean": mean.astype(np.float32), "axes": axes.astype(np.float32)}
    design = _design(evidence, names, fitted)
    centre, scale = standard(design)
    slope, bias = logistic((design - centre) / scale, cases.correct, weights * _clips(cases) / len(cases), RIDGE)
    if len(slope) == 1:
        slope = slope.clip(min=LEAST_SLOPE)
    fitted |= {"weight": slope / scale, "bias": np.array([bias - centre @ (slope / scale)])}
    return {**fitted, "uses": np.array([name in names for name in INPUTS])}


def _design(evidence: Evidence, names: tuple[str, ...], fitted: State) -> Values:
    """Inputs as columns, float64 (n, F)."""
    columns = []
    if "alone" in names:
        columns.append(inputs.alone(evidence.probabilities))
    if "together" in names:
        columns.append(inputs.together(_windows(evidence)))
    if "spread" in names:
        columns.append(inputs.spread(evidence.logits.astype(np.float64) / evidence.temperature))
    if "course" in names:
        columns.append(inputs.course(_windows(evidence)))
    if "classes" in names:
        columns.append(inputs.classes_of(evidence.predicted, len(evidence.classes)))
    if "features" in names and evidence.features is not None:
        columns.append((evidence.features.astype(np.float64) - fitted["mean"]) @ fitted["axes"])
    return np.concatenate(columns, axis=1)


def _windows(evidence: Evidence) -> Values:
    """Probabilities of the frames around, float64 (n, O, K)."""
    if evidence.clip is not None:
        return window_probabilities(evidence.clip, evidence.temperature)
    alone = np.full((len(evidence), len(CLIP_OFFSETS), len(evidence.classes)), np.nan)
    alone[:, SAME] = evidence.probabilities
    return alone


def _clips(cases: Cases) -> int:
    clips = cases.batch.clips
    return len(set(cases.groups)) if clips is None else len(np.unique(clips))


def _fitted_nothing() -> dict[str, NDArray[Any]]:
    return {"weight": np.empty(0), "bias": np.empty(0), "uses": np.zeros(len(INPUTS), bool)}
