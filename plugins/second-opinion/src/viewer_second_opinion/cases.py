"""Calibration cases as one batch: gathered, divided by patient, and weighed so that no long clip speaks for many."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.api import Calibration, Evidence, Labelled

_KEPT = ("logits", "targets", "features", "clip")
"""Evidence that is learnt from; the rest is left out, for a whole calibration would not fit into memory."""


@dataclass(frozen=True, slots=True)
class Cases:
    """Some of the fit groups as one batch; satisfies `viewer.api.Calibration`.

    Attributes:
        batch: All frames.
        training: Of the groups the weights were trained on.
    """

    batch: Labelled
    training: tuple[Labelled, ...] = ()

    def __iter__(self) -> Iterator[Labelled]:
        """The one batch."""
        yield self.batch

    def __len__(self) -> int:
        """Number of frames n."""
        return len(self.batch.labels)

    @property
    def evidence(self) -> Evidence:
        """Of the n frames."""
        return self.batch.evidence

    @property
    def correct(self) -> NDArray[np.bool_]:
        """Whether the network is right, bool (n,)."""
        right: NDArray[np.bool_] = self.evidence.predicted == self.batch.labels
        return right

    @property
    def groups(self) -> NDArray[np.str_]:
        """Whose each frame is, str (n,)."""
        return self.batch.groups

    def at(self, rows: NDArray[np.bool_]) -> "Cases":
        """Those of the frames, bool (n,)."""
        batch, evidence = self.batch, self.evidence
        kept = {name: getattr(evidence, name)[rows] for name in _KEPT if getattr(evidence, name) is not None}
        return Cases(
            Labelled(
                replace(evidence, **kept),
                batch.labels[rows],
                batch.groups[rows],
                clips=None if batch.clips is None else batch.clips[rows],
                frames=None if batch.frames is None else batch.frames[rows],
            ),
            self.training,
        )

    def weights(self) -> NDArray[np.float64]:
        """What each frame counts, float64 (n,), of mean 1: groups alike, in each its clips, in each its frames."""
        groups = _numbers(self.groups)
        clips = groups if self.batch.clips is None else _numbers(self.batch.clips)
        frames_of_clip = np.bincount(clips)[clips]
        first = np.unique(clips, return_index=True)[1]
        clips_of_group = np.bincount(groups[first])[groups]
        weights: NDArray[np.float64] = 1.0 / (frames_of_clip * clips_of_group)
        return np.asarray(weights / weights.mean())

    def folds(self, number: int, seed: int) -> NDArray[np.intp]:
        """Fold of each frame, int (n,), by group: as many groups in each as their number allows."""
        groups = _numbers(self.groups)
        order = np.random.default_rng(seed).permutation(int(groups.max()) + 1)
        return order[groups] % number


def gathered(calibration: Calibration) -> Cases | None:
    """The whole stream as one batch; None where it is empty."""
    batches = list(calibration)
    if not batches:
        return None
    first = batches[0].evidence
    kept = {name: _joined([getattr(batch.evidence, name) for batch in batches]) for name in _KEPT}
    evidence = Evidence(classes=first.classes, temperature=first.temperature, **kept)
    batch = Labelled(
        evidence,
        np.concatenate([batch.labels for batch in batches]),
        np.concatenate([batch.groups for batch in batches]),
        clips=_joined([batch.clips for batch in batches]),
        frames=_joined([batch.frames for batch in batches]),
    )
    return Cases(batch, tuple(calibration.training))


def _joined(parts: list[Any]) -> Any:  # noqa: ANN401 - arrays of whatever kind
    return None if any(part is None for part in parts) else np.concatenate(parts)


def _numbers(values: NDArray[Any]) -> NDArray[np.intp]:
    return np.unique(values, return_inverse=True)[1]
