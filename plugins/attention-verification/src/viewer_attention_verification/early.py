"""A scorer of the input: is the first convolution's answer to it like that to calibration pictures?"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from viewer.api import (
    About,
    Calibration,
    Conformal,
    Evidence,
    Gaussians,
    Need,
    Score,
    State,
    deal,
    fit_gaussians,
    group_weights,
    kept,
    mahalanobis,
)
from viewer_attention_verification.scorers import NOT_FITTED

FEWEST_GROUPS = 5
"""Groups of calibration pictures below which nothing is fitted: one for each fold."""

OF_INPUT = 6
"""Statistics of a look that are the input's; the stem's follow."""

LEAST_SPREAD = 1e-3
"""Spreads below this are taken for it: channels that are silent are equally silent."""


class EarlyScorer:
    """Mahalanobis distance of the stem's channel means and spreads; trust = its conformal p-value."""

    name = "early_mahalanobis"
    title = "Usual early features"
    about = About.SUITABILITY
    version = "1"
    needs = frozenset({Need.LOOK})

    def fit(self, calibration: Calibration) -> State:
        """Learn a Gaussian of all pictures, and the distances of every fifth of the groups from one of the others."""
        batches = list(calibration)
        if not batches:
            return {}
        early = np.concatenate([early_statistics(_look(batch.evidence)) for batch in batches])
        names, groups = np.unique(np.concatenate([batch.groups for batch in batches]), return_inverse=True)
        if len(names) < FEWEST_GROUPS:
            return {}
        folds = deal(groups)
        distances = np.empty(len(early))
        for fold in np.unique(folds):
            distances[folds == fold] = mahalanobis(early[folds == fold], _gaussian(early[folds != fold]))
        weights = group_weights(groups)
        return {**_gaussian(early)._asdict(), "distances": distances, "counts": weights}

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame; abstain without fitted statistics."""
        if "distances" not in state:
            return [NOT_FITTED] * len(evidence)
        gaussian = Gaussians(**{name: state[name] for name in Gaussians._fields})
        raw = mahalanobis(early_statistics(_look(evidence)), gaussian)
        known = state["distances"]
        trust = kept(known, Conformal, lambda: Conformal(known, state["counts"]))(raw)
        return [Score(trust=t, raw=r, unit="distance") for t, r in zip(trust.tolist(), raw.tolist(), strict=True)]


def early_statistics(look: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean and logarithm of the spread of each channel of the stem, (B, 2·C₀), from a look (B, 6 + 2·C₀).

    Logarithms, since a fault of preparation makes spreads several times smaller or larger.
    """
    means, spreads = np.split(look[:, OF_INPUT:], 2, axis=1)
    return np.concatenate([means, np.log(np.maximum(spreads, LEAST_SPREAD))], axis=1)


def _gaussian(early: NDArray[np.float32]) -> Gaussians:
    return fit_gaussians(early, np.zeros(len(early), np.intp))


def _look(evidence: Evidence) -> NDArray[np.float32]:
    if evidence.look is None:
        raise ValueError("no look was taken")
    return evidence.look
