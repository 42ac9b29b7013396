"""A frame's attention beside the usual one, computed once and read by every scorer."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from viewer.api import Evidence, State
from viewer_attention_verification.known import Known, measured
from viewer_attention_verification.metrics import METRICS, Metric, Values
from viewer_attention_verification.references import References


class Compared(NamedTuple):
    """Frames beside their references.

    Attributes:
        values: float32 (B, M), the metrics; 0 without attention.
        seen: Whether there is attention, bool (B,).
        p_values: float64 (B, M).
        of_class: Whether each reference is of the class's own pictures, bool (B,).
    """

    values: NDArray[np.float32]
    seen: NDArray[np.bool_]
    p_values: Values
    of_class: NDArray[np.bool_]


class Measuring:
    """All metrics of the frames asked for last, kept for the next scorer that asks for the same frames.

    Every scorer has references of its own, but those of one bundle are equal.
    """

    def __init__(self) -> None:
        self._asked: tuple[object, object, References] | None = None
        self._answer: tuple[NDArray[np.float32], NDArray[np.bool_]] | None = None

    def __call__(self, evidence: Evidence, references: References) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """As `known.measured` of every metric."""
        if evidence.attention is None:
            raise ValueError("no attention was captured")
        asked = evidence.attention, evidence.targets, references
        if self._answer is None or not _same(self._asked, asked):
            self._answer = measured(METRICS, evidence.attention, evidence.targets, references)
            self._asked = asked
        return self._answer


class Comparison:
    """Compares frames by some of the metrics with what a state knows."""

    def __init__(self, metrics: Sequence[Metric], measuring: Measuring) -> None:
        """Compare by `metrics`; `measuring` is shared by the scorers of one plugin."""
        self._metrics, self._measuring = tuple(metrics), measuring
        self._columns = [METRICS.index(metric) for metric in metrics]

    def __call__(self, evidence: Evidence, state: State) -> Compared | None:
        """Frames (B,) beside what `state` knows; None where it knows nothing.

        Raises:
            ValueError: No attention was captured.
        """
        references, known = References.of(state), Known.of(state, metrics=self._metrics)
        if references is None or known is None:
            return None
        values, seen = self._measuring(evidence, references)
        values = values[:, self._columns]
        p = known.p_values(values, seen, evidence.targets)
        return Compared(values, seen, p, references.own[evidence.targets])


def _same(known: tuple[object, object, References] | None, asked: tuple[object, object, References]) -> bool:
    """Whether the very same frames are asked for, beside equal references."""
    if known is None or known[0] is not asked[0] or known[1] is not asked[1]:
        return False
    return known[2] is asked[2] or np.array_equal(known[2].maps, asked[2].maps)
