"""How good answers and trusts are, on all frames, patient by patient and score by score."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.api import auroc, balanced_accuracy
from viewer_second_opinion.study.frames import Frames

RELIABLE = 0.5
"""From this trust on an answer is held to be right."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """A trust of the classifier's own answers.

    Attributes:
        trust: float64 (n,) in [0, 1]; from `RELIABLE` on the answer is held to be right.
        seconds: Per frame, without what was needed to learn; None where nothing is computed.
    """

    trust: NDArray[np.float64]
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answered:
    """Final scores.

    Attributes:
        final: int (n,).
        trust: Of the final scores, float64 (n,) in [0, 1].
        seconds: As for `Judged`.
    """

    final: NDArray[np.intp]
    trust: NDArray[np.float64]
    seconds: float | None = None


def figures_of_answers(frames: Frames, answered: Answered) -> Json:
    """How often final scores agree with the reader, and how well their trust tells which do.

    Returns:
        `accuracy`, `balanced_accuracy` (mean recall of the scores), `auroc_f` (probability that a right final score
        has higher trust than a wrong one; None where all are right, or wrong), `per_patient`, `per_score` (by the
        reader's score) and, where there are any, `seconds_per_frame`.
    """
    right = answered.final == frames.true
    return _figures(frames, frames.true, answered.final, right, answered.trust, frames.scores, answered.seconds)


def figures_of_judgements(frames: Frames, judged: Judged) -> Json:
    """How often "the answer is right" and "the answer is wrong" are true, and how well the trust ranks the answers.

    Returns:
        As for `figures_of_answers`, but of the judgement: `accuracy` and `balanced_accuracy` over right and wrong
        answers of the classifier; `auroc_f` of the trust at ranking its raw answers.
    """
    right = frames.correct
    held = (judged.trust >= RELIABLE).astype(np.intp)
    return _figures(frames, right.astype(np.intp), held, right, judged.trust, 2, judged.seconds)


def _figures(
    frames: Frames,
    labels: NDArray[np.intp],
    answers: NDArray[np.intp],
    right: NDArray[np.bool_],
    trust: NDArray[np.float64],
    classes: int,
    seconds: float | None,
) -> Json:
    def part(rows: NDArray[np.bool_]) -> Json:
        return {
            "frames": int(rows.sum()),
            "accuracy": number(float((labels[rows] == answers[rows]).mean())),
            "balanced_accuracy": number(balanced_accuracy(labels[rows], answers[rows], classes)),
            "auroc_f": number(auroc(trust[rows], right[rows])),
        }

    patients: Mapping[str, Json] = {
        name: part(frames.patients == name) for name in np.unique(frames.patients).tolist()
    }
    scores = {str(score): part(frames.true == score) for score in np.unique(frames.true).tolist()}
    whole = part(np.ones(len(frames), dtype=bool))
    timing = {} if seconds is None else {"seconds_per_frame": float(f"{seconds:.3g}")}
    return {**whole, "per_patient": patients, "per_score": scores, **timing}


def number(value: float) -> float | None:
    """For JSON, which knows no NaN: None."""
    return None if math.isnan(value) else round(value, 6)
