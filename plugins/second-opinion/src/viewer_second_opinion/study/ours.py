"""Our second opinion of a frame: what the frames around it say. Nothing here is learnt, from whatever table.

Every choice was fixed before a test table was seen; docs/second-opinion-study.md says why these.
"""

import numpy as np
from numpy.typing import NDArray

from viewer.api import REACH, spans, sums_between
from viewer_second_opinion.study.frames import Frames

ANSWERS = 1 / 3
"""What the answers of frames weigh; the rest is their probabilities."""

LEAD = 0.15
"""By this share of the evidence another score must lead before it replaces the classifier's own."""


def evidence(frames: Frames, answers: float = ANSWERS) -> NDArray[np.float64]:
    """What a frame and those up to ±15 frame numbers away in its clip say, each the less the farther away it is.

    The mean of ⅔ probabilities + ⅓ answer over the frames d away, each weighing 16 − |d|. The answers keep a few
    frames that are too sure of themselves from deciding alone; they do not count more since they all agree where a
    whole clip is wrong in the same way.

    Args:
        frames: Frames of clips; `true` is not looked at.
        answers: What answers weigh, in [0, 1].

    Returns:
        float64 (n, K); rows sum to 1.
    """
    said = (1 - answers) * frames.probabilities + answers * np.eye(frames.scores)[frames.predicted]
    sums = np.empty_like(said)
    for clip in frames.by_clip():
        # A triangle is the sum of the windows of every reach within it.
        windows = (spans(frames.places[clip], reach) for reach in range(REACH + 1))
        sums[clip] = np.maximum(sum(sums_between(said[clip], first, end) for first, end in windows), 0)
    mean: NDArray[np.float64] = sums / sums.sum(axis=1, keepdims=True)
    return mean


def decide(predicted: NDArray[np.intp], around: NDArray[np.float64], lead: float = LEAD) -> NDArray[np.intp]:
    """The final score, int (n,): the one with most evidence where it leads the classifier's own by `lead`, else that.

    Args:
        predicted: The classifier's own scores, int (n,).
        around: From `evidence`, (n, K).
        lead: In shares of the evidence.
    """
    return np.where(around.max(axis=1) - trust(predicted, around) > lead, around.argmax(axis=1), predicted)


def trust(scores: NDArray[np.intp], around: NDArray[np.float64]) -> NDArray[np.float64]:
    """Trust of the given scores, float64 (n,) in [0, 1]: their share of the evidence."""
    share: NDArray[np.float64] = around[np.arange(len(around)), scores]
    return share


def trails(frames: Frames, around: NDArray[np.float64], final: NDArray[np.intp]) -> list[str]:
    """Which part spoke for each frame, and why, in words."""
    best, sure = around.argmax(axis=1), frames.probabilities[np.arange(len(frames)), frames.predicted]
    lines = []
    for own, p, said, share, end in zip(frames.predicted, sure, best, around.max(axis=1), final, strict=True):
        start = f"the classifier says {own} ({p:.2f}); the frames around say {said} ({share:.2f})"
        if said == own:
            lines.append(f"{start}: they agree")
        elif end == own:
            lines.append(f"{start}, too little to change it")
        else:
            lines.append(f"{start}: changed to {end}")
    return lines
