"""The scorer that asks the frames around."""

from collections.abc import Sequence

import numpy as np

from viewer.api import SAME, About, Calibration, Evidence, Need, Score, State
from viewer_second_opinion.temporal import window_disagreement, window_mean, window_probabilities

STILL = "there are no frames around"


class FramesAround:
    """How probable the answer is over the frames around: what one frame shows by chance, the others do not."""

    name = "temporal"
    title = "Frames around"
    version = "1"
    about = About.CORRECTNESS
    needs = frozenset({Need.LOGITS, Need.CLIP})

    def fit(self, calibration: Calibration) -> State:
        """Nothing is learnt."""
        return {}

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Mean probability of the predicted class over the frames around and the frame itself.

        The raw value is the share of the neighbours' probability that speaks for that class. A frame without
        neighbours has no score.
        """
        if evidence.clip is None:
            raise ValueError("the frames around were not looked at")
        own = evidence.predicted
        trusts = window_mean(evidence.clip, evidence.temperature)[np.arange(len(own)), own]
        against = window_disagreement(evidence.clip, evidence.temperature)
        windows = window_probabilities(evidence.clip, evidence.temperature)
        around = (np.nansum(windows, axis=1) - windows[:, SAME]).argmax(axis=1)
        notes = [_note(evidence, mine, most) for mine, most in zip(own, around, strict=True)]
        return [
            Score(trust=None, note=STILL)
            if np.isnan(share)
            else Score(trust=min(trust, 1.0), raw=1.0 - share, unit="agreement", note=note)
            for trust, share, note in zip(trusts.tolist(), against.tolist(), notes, strict=True)
        ]


def _note(evidence: Evidence, own: int, around: int) -> str:
    """What the frames around say, in words."""
    if own == around:
        return "the frames around agree"
    return f"the frames around disagree, most speak for {evidence.classes[around]}"
