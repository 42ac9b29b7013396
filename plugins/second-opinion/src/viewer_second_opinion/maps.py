"""Maps of frames whose class is known, with the frame on screen and its path through the clip; for showing only.

What is near on a map is similar; no more can be read from it. Nothing here is read by what scores or decides.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.api import (
    SAME,
    Calibration,
    Content,
    EmbeddingMap,
    Evidence,
    Labelled,
    Need,
    Scatter,
    State,
    Text,
    softmax,
)

MOST_FRAMES = 1000
"""Frames on a map; more could not be told apart in a panel."""

SIDE = 16
"""Rows and columns of the small grey pictures that raw pictures are compared by: too few for letters or faces, since
what the state keeps of a picture can be turned back into such a small one."""

NOT_FITTED = "This model keeps no map: it was calibrated without one."
FOR_SHOWING = (
    "Each mark is a frame of known class. Near means similar; distances between far groups mean nothing. "
    "For looking only: no answer or light rests on this."
)
ALONE = " The frames around are not drawn here."

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Kind:
    """By what frames are similar on one map.

    Attributes:
        name: Begins the names of its arrays in the state.
        title: In words for the reader.
        note: Below the map.
        seen: What the frames of evidence are compared by, (B, D).
        trained: Whether it is known of frames the weights were trained on, too.
        path: Of one frame: the same of the frames around it, (m, D), and which of them is on screen.
    """

    name: str
    title: str
    note: str
    seen: Callable[[Evidence], Floats]
    trained: bool
    path: Callable[[Evidence], tuple[Floats, int]]


class SimilarFramesMap:
    """Shows where a frame lies among frames whose class is known, by three kinds of likeness."""

    name = "map"
    title = "Map of frames"
    version = "1"
    needs = frozenset({Need.LOGITS, Need.FEATURES, Need.INPUT, Need.CLIP})

    def __init__(self) -> None:
        self._kept: tuple[State, dict[str, EmbeddingMap]] = ({}, {})

    def fit(self, calibration: Calibration) -> State:
        """Lay out the frames of the fit groups, and of the training groups where nothing but the answer is needed."""
        state: dict[str, NDArray[Any]] = {}
        for kind in KINDS:
            streams = [calibration, calibration.training] if kind.trained else [calibration]
            seen, classes, clips = _gathered(streams, kind.seen)
            if not len(classes):
                continue
            kept = spread_over_clips(clips, MOST_FRAMES)
            arrays = EmbeddingMap.of(seen[kept]).arrays() | {"classes": classes[kept].astype(np.uint16)}
            state |= {f"{kind.name}_{name}": array for name, array in arrays.items()}
        return state

    def explain(self, evidence: Evidence, state: State) -> Sequence[Content]:
        """Place one frame, and those around it, on every map there is."""
        maps = self._maps(state)
        if not maps:
            return [Text(title=self.title, body=NOT_FITTED)]
        return [_scatter(kind, maps[kind.name], evidence, state) for kind in KINDS if kind.name in maps]

    def _maps(self, state: State) -> dict[str, EmbeddingMap]:
        """The prepared maps of a state, kept as long as it is the one asked with."""
        known, maps = self._kept
        if known is not state:
            maps = {kind.name: _map_of(state, kind) for kind in KINDS if f"{kind.name}_classes" in state}
            self._kept = state, maps
        return maps


def small_pictures(inputs: Floats) -> Floats:
    """Pictures as the network sees them, float (B, 3, H, W), as means over a coarse grid, grey, float32 (B, d).

    The grid has `SIDE` rows and columns, or those of the picture where it is smaller.
    """
    small: Floats = inputs.mean(axis=1, dtype=np.float32)
    for axis in (1, 2):
        length = small.shape[axis]
        ends = np.linspace(0, length, min(SIDE, length) + 1).astype(np.intp)
        sums = np.add.reduceat(small, ends[:-1], axis=axis)
        small = sums / np.diff(ends).reshape((-1, 1) if axis == 1 else (-1,)).astype(np.float32)
    return small.reshape(len(small), -1)


def spread_over_clips(clips: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """Choose at most `most` frames, of every clip as nearly equally many as it has, spread evenly over it.

    Args:
        clips: Of every frame, in their order, (n,).
        most: Where there are more clips, one frame each of evenly spread ones.

    Returns:
        Their numbers, ascending.
    """
    _, of_clip, counts = np.unique(clips, return_inverse=True, return_counts=True)
    if len(counts) > most:
        chosen = _evenly(len(counts), most)
        return np.sort([np.flatnonzero(of_clip == clip)[0] for clip in chosen]).astype(np.intp)
    share = int(counts.max(initial=0))
    while np.minimum(counts, share).sum() > most:
        share -= 1
    parts = [np.flatnonzero(of_clip == clip)[_evenly(count, share)] for clip, count in enumerate(counts)]
    return np.sort(np.concatenate([np.zeros(0, np.intp), *parts]))


def _evenly(count: int, wanted: int) -> NDArray[np.intp]:
    """Numbers below `count`, `wanted` of them evenly spread, or all."""
    return ((np.arange(min(wanted, count)) + 0.5) * count / min(wanted, count)).astype(np.intp)


def _gathered(
    streams: Iterable[Iterable[Labelled]], seen: Callable[[Evidence], Floats]
) -> tuple[Floats, NDArray[np.intp], NDArray[np.intp]]:
    """What is seen of every frame (n, D), its class and its clip, (n,); no two streams have a clip in common."""
    rows: list[Floats] = []
    classes, clips = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)]
    for stream in streams:
        files = [clips[0]]
        for batch in stream:
            rows.append(seen(batch.evidence))
            classes.append(batch.labels)
            files.append(_files(batch))
        _, numbers = np.unique(np.concatenate(files[1:] or files), return_inverse=True)
        clips.append(numbers + 1 + clips[-1].max(initial=-1))
    return np.concatenate(rows or [np.zeros((0, 1))]), np.concatenate(classes), np.concatenate(clips)


def _files(batch: Labelled) -> NDArray[Any]:
    """Which file each frame comes from; where nobody knows, the frames of a group count as one."""
    return batch.groups if batch.clips is None else batch.clips


def _map_of(state: State, kind: Kind) -> EmbeddingMap:
    begin = f"{kind.name}_"
    return EmbeddingMap.from_arrays(
        {name.removeprefix(begin): array for name, array in state.items() if name.startswith(begin)}
    )


def _scatter(kind: Kind, whole: EmbeddingMap, evidence: Evidence, state: State) -> Scatter:
    seen, here = kind.path(evidence)
    return Scatter(
        title=kind.title,
        points=whole.positions,
        kinds=state[f"{kind.name}_classes"].astype(np.intp),
        names=evidence.classes,
        path=whole.place(seen),
        here=here,
        note=kind.note,
    )


def _around(clip: Floats | None, own: Floats) -> tuple[Floats, int]:
    """What is known of the frames around, (m, n), and which of them is the one on screen, whose own is (1, n)."""
    if clip is None:
        return own, 0
    known = np.isfinite(clip[0]).all(axis=1)
    known[SAME] = False
    before, after = clip[0, :SAME][known[:SAME]], clip[0, SAME:][known[SAME:]]
    return np.concatenate([before, own, after]), len(before)


def _features(evidence: Evidence) -> Floats:
    assert evidence.features is not None  # noqa: S101 - a need
    return evidence.features


def _pictures(evidence: Evidence) -> Floats:
    assert evidence.input is not None  # noqa: S101 - a need
    return small_pictures(evidence.input)


def _answers_around(evidence: Evidence) -> tuple[Floats, int]:
    logits, here = _around(evidence.clip, evidence.logits)
    return softmax(logits / evidence.temperature), here


KINDS = (
    Kind(
        name="features",
        title="Alike to the AI",
        note=FOR_SHOWING,
        seen=_features,
        trained=True,
        path=lambda evidence: _around(evidence.clip_features, _features(evidence)),
    ),
    Kind(
        name="answers",
        title="Alike in answer",
        note=FOR_SHOWING,
        seen=lambda evidence: evidence.probabilities,
        trained=True,
        path=_answers_around,
    ),
    Kind(
        name="pictures",
        title="Alike as pictures",
        note=FOR_SHOWING + ALONE,
        seen=_pictures,
        trained=False,
        path=lambda evidence: (_pictures(evidence), 0),
    ),
)
"""The three maps, in the order they are offered."""
