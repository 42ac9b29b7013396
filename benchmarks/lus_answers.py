"""What networks say of clips they did not learn from, put together from the folds of a cross-validation."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from lus_clips import FOLDS, LABELS
from lus_learning import Run
from numpy.typing import NDArray

from viewer.api import smoothed, softmax

Floats = NDArray[np.float64]
Whole = NDArray[np.intp]

REACH = 15
"""Frames on either side that are averaged; fixed beforehand."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One way of learning, cross-validated once for every seed.

    Attributes:
        task: `finding` or `severity`.
        network: As `lus_learning` knows them.
        loss: As the recipe offers them.
        seeds: Of the folds and of what is drawn.
    """

    task: str
    network: str
    loss: str = "cross_entropy"
    seeds: tuple[int, ...] = (0, 1, 2)

    def run(self, seed: int, fold: int) -> Run:
        """One of its trainings."""
        return Run(task=self.task, network=self.network, loss=self.loss, seed=seed, fold=fold)


@dataclass(frozen=True, kw_only=True, eq=False)
class Answers:
    """What the networks of one cross-validation say of the frames of clips that they did not learn from.

    Attributes:
        task: `finding` or `severity`.
        classes: K names.
        files: Of the clips.
        labels: Class of each clip.
        groups: Group of each clip.
        clip: Index of the clip of every frame (n,), ascending.
        place: Frame number (n,), ascending within a clip.
        logits: float64 (n, K).
        features: float16 (n, D), penultimate.
    """

    task: str
    classes: tuple[str, ...]
    files: tuple[str, ...]
    labels: Whole
    groups: tuple[str, ...]
    clip: Whole
    place: Whole
    logits: Floats
    features: NDArray[np.float16]

    @property
    def sizes(self) -> dict[str, int]:
        """How many frames, clips and groups."""
        return {"frames": len(self.clip), "clips": len(self.files), "groups": len(set(self.groups))}

    @cached_property
    def true(self) -> Whole:
        """Class of every frame (n,)."""
        return self.labels[self.clip]

    @cached_property
    def numbers(self) -> Whole:
        """Number of the group of each clip, the same under all seeds."""
        return np.unique(np.array(self.groups), return_inverse=True)[1]

    @cached_property
    def frames_of(self) -> list[Whole]:
        """Frames of each clip."""
        return [np.flatnonzero(self.clip == index) for index in range(len(self.files))]

    @cached_property
    def probabilities(self) -> Floats:
        """Of every frame (n, K)."""
        return softmax(self.logits).astype(np.float64)

    @cached_property
    def smoothed(self) -> Floats:
        """The same, averaged over the frames around (n, K)."""
        return np.concatenate([smoothed(self.probabilities[f], self.place[f], REACH) for f in self.frames_of])

    @cached_property
    def of_clips(self) -> Floats:
        """Mean over each clip's frames (clips, K)."""
        return np.stack([self.probabilities[frames].mean(axis=0) for frames in self.frames_of])

    @cached_property
    def by_clip(self) -> Floats:
        """Weight of every frame so that all clips count alike; the mean is 1."""
        sizes = np.bincount(self.clip)
        weights: Floats = len(self.clip) / len(sizes) / sizes[self.clip]
        return weights

    def of(self, chosen: NDArray[np.bool_]) -> "Answers":
        """Those of some clips (clips,)."""
        frames = chosen[self.clip]
        return Answers(
            task=self.task,
            classes=self.classes,
            files=tuple(np.array(self.files)[chosen].tolist()),
            labels=self.labels[chosen],
            groups=tuple(np.array(self.groups)[chosen].tolist()),
            clip=(np.cumsum(chosen) - 1)[self.clip[frames]],
            place=self.place[frames],
            logits=self.logits[frames],
            features=self.features[frames],
        )


def read_answers(folder: Path, setting: Setting, seed: int) -> Answers:
    """The clips of all folds, sorted by file; stills are left out.

    Args:
        folder: Of the predictions.
        setting: How the networks learned.
        seed: Of the cross-validation.
    """
    found: dict[str, _Clip] = {}
    for fold in range(FOLDS):
        found |= _read_fold(folder / f"{setting.run(seed, fold).name}.npz")
    names = sorted(found)
    clips = [found[name] for name in names]
    return Answers(
        task=setting.task,
        classes=LABELS[setting.task][1],
        files=tuple(names),
        labels=np.array([clip.label for clip in clips]),
        groups=tuple(clip.group for clip in clips),
        clip=np.repeat(np.arange(len(clips)), [len(clip.place) for clip in clips]),
        place=np.concatenate([clip.place for clip in clips]),
        logits=np.concatenate([clip.logits for clip in clips]),
        features=np.concatenate([clip.features for clip in clips]),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Clip:
    """One clip held out."""

    label: int
    group: str
    place: Whole
    logits: Floats
    features: NDArray[np.float16]


def _read_fold(path: Path) -> dict[str, _Clip]:
    with np.load(path) as kept:
        record = {name: kept[name] for name in kept.files}
    found = {}
    for index in np.flatnonzero(record["moving"]):
        rows = np.flatnonzero((record["clip"] == index) & record["held_out"])
        if len(rows):
            found[str(record["files"][index])] = _Clip(
                label=int(record["labels"][index]),
                group=str(record["groups"][index]),
                place=record["place"][rows],
                logits=record["logits"][rows].astype(np.float64),
                features=record["features"][rows],
            )
    return found
