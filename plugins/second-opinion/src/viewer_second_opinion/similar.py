"""What the most similar frames of other patients say: a score of the answer, and a gallery of them."""

from collections.abc import Sequence

import numpy as np

from viewer.api import About, Calibration, Evidence, Need, Score, State
from viewer_second_opinion.references import Features, learn, references_of
from viewer_second_opinion.voting import class_shares

NOT_FITTED = Score(trust=None, note="not fitted for this model")
TOO_FEW = "too few close neighbours"


class SimilarFrames:
    """Trust = share, weighted by similarity, of the close neighbours whose true class is the model's answer.

    The neighbours are the 11 frames of other patients whose features have the greatest cosine, at most 3 of each;
    where fewer than 6 of them are close, it abstains.
    """

    name = "similar"
    title = "Similar frames of other patients"
    version = "2"
    about = About.CORRECTNESS
    needs = frozenset({Need.LOGITS, Need.FEATURES})

    def fit(self, calibration: Calibration) -> State:
        """Remember frames of the fit and the training groups."""
        return learn(calibration)

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame; abstain without references, and where too few are close."""
        references = references_of(state)
        if references is None:
            return [NOT_FITTED] * len(evidence)
        found = references.neighbours(features_of(evidence))
        shares = class_shares(found.labels, found.similarity, len(evidence.classes))
        trusts = shares[np.arange(len(evidence)), evidence.predicted]
        agreeing = (found.labels == evidence.predicted[:, None]).sum(axis=1)
        close = (found.labels >= 0).sum(axis=1)
        return [
            Score(trust=trust, raw=nearest, unit="cosine", note=f"{agree} of {of} similar frames agree")
            if enough
            else Score(trust=None, note=TOO_FEW)
            for trust, nearest, agree, of, enough in zip(
                trusts.tolist(),
                found.similarity[:, 0].tolist(),
                agreeing.tolist(),
                close.tolist(),
                found.enough.tolist(),
                strict=True,
            )
        ]


def features_of(evidence: Evidence) -> Features:
    """Penultimate features (B, D)."""
    if evidence.features is None:
        raise ValueError("no features were captured")
    return evidence.features
