"""Scorers of whether the input is of the kind the model knows; kept apart from correctness."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from viewer.api import (
    About,
    Calibration,
    Evidence,
    Gaussians,
    Need,
    Score,
    Scorer,
    State,
    deal,
    fit_gaussians,
    mahalanobis,
)
from viewer_confidence_scores.correctness import NOT_CALIBRATED, scores
from viewer_confidence_scores.distances import (
    Features,
    Neighbours,
    fit_neighbours,
    neighbour_distance,
)
from viewer_confidence_scores.probability import Values
from viewer_confidence_scores.ranking import knots, share_below

FEWEST_REFERENCES = 8
"""Frames of four fifths of the calibration groups below which nothing is fitted."""


def suitability_scorers() -> list[Scorer]:
    """Three distances, the nearest to the answer first."""
    return [
        DistanceScorer("knn", "Similar calibration images", Need.FEATURES, _Nearest()),
        DistanceScorer("mahalanobis", "Distance of the features", Need.FEATURES, _ByClass()),
        DistanceScorer("middle_mahalanobis", "Distance of textures and colours", Need.MIDDLE, _AllAlike()),
    ]


class Distance(Protocol):
    """A distance to calibration images, with what it learns of them."""

    def learn(self, features: Features, labels: NDArray[np.intp]) -> State:
        """Learn from features (n, D) and labels (n,)."""
        ...

    def measure(self, features: Features, state: State) -> Values:
        """Distances (B,) of features (B, D)."""
        ...


class DistanceScorer:
    """Trust = share of held-out calibration images that lie further away."""

    about = About.SUITABILITY
    version = "2"

    def __init__(self, name: str, title: str, need: Need, distance: Distance) -> None:
        """Measure `distance` on the evidence named by `need`."""
        self.name = name
        self.title = title
        self.needs = frozenset({need})
        self._need = need
        self._distance = distance

    def fit(self, calibration: Calibration) -> State:
        """Learn statistics on all groups, and the distances of every fifth of them by statistics of the others."""
        batches = list(calibration)
        if not batches:
            return {}
        features = np.concatenate([self._features(batch.evidence) for batch in batches])
        labels = np.concatenate([batch.labels for batch in batches])
        folds = deal(np.concatenate([batch.groups for batch in batches]))
        parts = [(folds != fold, folds == fold) for fold in np.unique(folds)]
        if min(np.count_nonzero(others) for others, _ in parts) < FEWEST_REFERENCES:
            return {}
        held_out = np.empty(len(features))
        for others, part in parts:
            held_out[part] = self._distance.measure(
                features[part], self._distance.learn(features[others], labels[others])
            )
        return {**self._distance.learn(features, labels), "knots": knots(held_out)}

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame; abstain without fitted statistics."""
        if "knots" not in state:
            return [NOT_CALIBRATED] * len(evidence)
        raw = self._distance.measure(self._features(evidence), state)
        return scores(1 - share_below(state["knots"], raw), raw, "distance")

    def _features(self, evidence: Evidence) -> Features:
        features: Features | None = getattr(evidence, self._need.value)
        if features is None:
            raise ValueError(f"no {self._need.value} were captured")
        return features


class _Nearest:
    """Mean cosine distance to the nearest neighbours."""

    def learn(self, features: Features, labels: NDArray[np.intp]) -> State:
        return fit_neighbours(features)._asdict()

    def measure(self, features: Features, state: State) -> Values:
        return neighbour_distance(features, Neighbours(state["basis"], state["references"]))


class _ByClass:
    """Mahalanobis distance to the nearest class mean."""

    def learn(self, features: Features, labels: NDArray[np.intp]) -> State:
        return fit_gaussians(features, labels)._asdict()

    def measure(self, features: Features, state: State) -> Values:
        return mahalanobis(features, Gaussians(**{name: state[name] for name in Gaussians._fields}))


class _AllAlike(_ByClass):
    """Mahalanobis distance to the mean of all, whatever their class: textures and colours, not the answer."""

    def learn(self, features: Features, labels: NDArray[np.intp]) -> State:
        return super().learn(features, np.zeros_like(labels))
