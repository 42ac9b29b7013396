"""Calibration pictures with what is compared of them, gathered from a stream of batches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from viewer.api import Labelled

MOST_PICTURES = 1024
"""Pictures that are measured and kept."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pictures:
    """n pictures.

    Attributes:
        attention: float32 (n, h, w), Grad-CAM of the class each was judged to be.
        classes: That class, int (n,).
        correct: Whether it is the true one, bool (n,).
        groups: str (n,), patient, else lesion.
        class_count: Classes K of the network.
        early: float32 (n, 28, 28), channel mean of the first convolution; None where it was not captured.
    """

    attention: NDArray[np.float32]
    classes: NDArray[np.intp]
    correct: NDArray[np.bool_]
    groups: NDArray[np.str_]
    class_count: int
    early: NDArray[np.float32] | None

    @classmethod
    def of(cls, batches: Iterable[Labelled]) -> Self | None:
        """All pictures whose attention was captured; None where there are none."""
        known = [batch for batch in batches if batch.evidence.attention is not None and len(batch.labels)]
        if not known:
            return None
        return cls(
            attention=np.concatenate([batch.evidence.attention for batch in known]),
            classes=np.concatenate([batch.evidence.targets for batch in known]),
            correct=np.concatenate([batch.evidence.targets == batch.labels for batch in known]),
            groups=np.concatenate([batch.groups for batch in known]),
            class_count=len(known[0].evidence.classes),
            early=_joined([batch.evidence.early for batch in known]),
        )

    def __len__(self) -> int:
        """Number of pictures n."""
        return len(self.classes)

    def at(self, rows: NDArray[Any]) -> Self:
        """Those of them: bool (n,), or their places."""
        return replace(
            self,
            attention=self.attention[rows],
            classes=self.classes[rows],
            correct=self.correct[rows],
            groups=self.groups[rows],
            early=None if self.early is None else self.early[rows],
        )

    def thinned(self) -> Self:
        """Every picture, or of more than `MOST_PICTURES` every second, third … one."""
        return self.at(np.arange(0, len(self), max(1, -(-len(self) // MOST_PICTURES))))

    def among(self, groups: frozenset[str]) -> Self:
        """Those of some groups."""
        return self.at(np.array([group in groups for group in self.groups.tolist()], np.bool_))


def _joined(parts: Sequence[NDArray[np.float32] | None]) -> NDArray[np.float32] | None:
    captured = [part for part in parts if part is not None]
    return np.concatenate(captured) if len(captured) == len(parts) else None
