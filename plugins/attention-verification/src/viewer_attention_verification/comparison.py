"""A frame's attention beside the usual one, computed once and read by every scorer."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from viewer.api import Evidence, State
from viewer_attention_verification.known import Known, measured
from viewer_attention_verification.metrics import METRICS, Metric, Values
from viewer_attention_verification.references import References

Measured = tuple[NDArray[np.float32], NDArray[np.bool_]]
"""Metrics (B, M), and whether there is attention (B,)."""


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


class _Asked(NamedTuple):
    """Frames to be measured: attention (B, h, w), classes (B,), references of all classes (K, 28, 28)."""

    attention: NDArray[np.float32]
    classes: NDArray[np.intp]
    maps: NDArray[np.float32]


class Measuring:
    """All metrics of the frames asked for last, kept for the next scorer or explainer that asks for the same.

    Every scorer has references of its own, but those of one bundle are equal; a frame that is explained after it was
    scored comes as another evidence with equal attention.
    """

    def __init__(self) -> None:
        self._last: tuple[_Asked, Measured] | None = None  # replaced as one: several threads may ask

    def __call__(self, evidence: Evidence, references: References) -> Measured:
        """As `known.measured` of every metric."""
        if evidence.attention is None:
            raise ValueError("no attention was captured")
        asked, last = _Asked(evidence.attention, evidence.targets, references.maps), self._last
        if last is None or not _same(last[0], asked):
            last = self._last = asked, measured(METRICS, *asked[:2], references)
        return last[1]


class Comparison:
    """Compares frames by some of the metrics with what a state knows."""

    def __init__(self, metrics: Sequence[Metric], measuring: Measuring) -> None:
        """Compare by `metrics`; `measuring` is shared by all of the plugin."""
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


def _same(known: _Asked, asked: _Asked) -> bool:
    """Whether equal frames are asked for, beside equal references."""
    pairs: Iterable[tuple[NDArray[Any], NDArray[Any]]] = zip(known, asked, strict=True)
    return all(one is other or np.array_equal(one, other) for one, other in pairs)
