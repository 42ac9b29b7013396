"""What a bundle remembers of labelled frames to compare with, and the nearest of them to a new frame."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.api import Calibration, Labelled, ReferenceSet, State, kept
from viewer_second_opinion.search import ExactSearch, projected, unit_vectors
from viewer_second_opinion.small_pictures import packed, unpacked

Features = NDArray[np.float32]
Groups = NDArray[np.uint64]


NEIGHBOURS = 11
"""k, as in the study."""

FEWEST_CLOSE = 6
"""Neighbours of k that must be close for them to say anything: more than half."""

DIMENSIONS = 128
LARGEST_BASIS = 1 << 19
"""Values of the basis at most; it takes fewer directions where a network has very many features."""

ENOUGH_FOR_BASIS = 1024
"""References that the basis is made from; any beginning of them is as balanced as the whole."""

MOST_REFERENCES = 6000
MOST_OF_GROUP = 24
MOST_OF_CLIP = 8
"""Frames of a clip are almost copies of each other; a patient with many must not outvote the others."""

MOST_OF_NEIGHBOURS = 3
"""Neighbours of one patient: eleven frames of one clip would be one opinion."""

SEARCHED = (NEIGHBOURS - 1) // MOST_OF_NEIGHBOURS * MOST_OF_GROUP + (NEIGHBOURS - 1) % MOST_OF_NEIGHBOURS + 1
"""Nearest frames among which there are always so many of enough patients, where no patient has more than its most."""

LARGEST_STATE = 3_500_000
"""Bytes of everything remembered; thumbnails take what is left of it."""

FEWEST_REFERENCES = 8

UNLIKE = 0.05
"""Share of the fit frames that may have too few close neighbours: it sets how near is close."""

COINCIDENCE = 0.01
"""Share of the fit frames that are as near to another patient's as a frame must be for its patient to be known."""

COPY = 0.9995
"""Cosine above which two frames are of one patient whatever the fit frames say: copies, but for rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Neighbours:
    """The k = `NEIGHBOURS` nearest references of B frames, at most 3 of one patient, nearest first.

    Attributes:
        indices: int (B, k) of the references, -1 where there are fewer.
        similarity: float64 (B, k), cosine of the features, NaN where there are fewer.
        labels: int (B, k), true classes of those that are close, -1 for all others: these vote.
        own: uint64 (B,), pseudonym of the patient whose frame each was recognised as; meaningless where not `known`.
        known: bool (B,), whether it was recognised: that patient's references are left out.
    """

    indices: NDArray[np.intp]
    similarity: NDArray[np.float64]
    labels: NDArray[np.intp]
    own: Groups
    known: NDArray[np.bool_]

    @property
    def enough(self) -> NDArray[np.bool_]:
        """Whether enough neighbours are close for a vote, bool (B,)."""
        enough: NDArray[np.bool_] = (self.labels >= 0).sum(axis=1) >= FEWEST_CLOSE
        return enough


class References:
    """n labelled frames, prepared for searching.

    Attributes:
        labels: int (n,), true class.
        groups: uint64 (n,), pseudonym of the patient.
        clips, frames: int (n,): which clip a frame is of, and where in it.
        limit: Similarity from which on one is close.
    """

    def __init__(self, state: State) -> None:
        """Prepare what `learn` returned."""
        self.labels = state["labels"].astype(np.intp)
        self.groups = state["groups"]
        self.clips = state["clips"]
        self.frames = state["frames"]
        self._pictures, self._ends = state["pictures"], state["picture_ends"]
        pictured = self.clips[: len(self._ends)].tolist()
        self._of_clip = {clip: len(pictured) - back for back, clip in enumerate(reversed(pictured), 1)}
        self.limit, self._known = (float(value) for value in state["limits"])
        self._basis = state["basis"].astype(np.float32)
        self._along = state["features"].astype(np.float32)
        self._search = ExactSearch(self._along, self.groups)

    def neighbours(self, features: Features, groups: Groups | None = None) -> Neighbours:
        """Find the close neighbours of B frames, none of the same patient.

        A new frame has no group. Where it is as near to a reference as frames of two patients never are, it is taken
        for one of that reference's patient, and all of that patient's references are left out.

        Args:
            features: (B, D), penultimate features.
            groups: (B,), pseudonyms of the frames' patients, where they are known.
        """
        along = projected(unit_vectors(features), self._basis)
        if groups is None:
            first, cosine = self._search.nearest(along, 1)
            known = np.nan_to_num(cosine[:, 0], nan=-1.0) >= self._known
            own = self.groups[first[:, 0]]
        else:
            known, own = np.ones(len(along), np.bool_), groups
        indices, cosines = np.full((len(along), NEIGHBOURS), -1, np.intp), np.full((len(along), NEIGHBOURS), np.nan)
        for rows, excluded in ((known, own[known]), (~known, None)):
            indices[rows], cosines[rows] = _nearest(self._search, self.groups, along[rows], excluded)
        # What a frame has outside the basis is like nothing that is remembered.
        similarity = cosines * np.linalg.norm(along, axis=1, keepdims=True)
        close = np.nan_to_num(similarity, nan=-1.0) >= self.limit
        return Neighbours(
            indices=indices,
            similarity=similarity,
            labels=np.where(close, self.labels[indices], -1),
            own=own,
            known=known,
        )

    def picture(self, index: int) -> tuple[NDArray[np.uint8] | None, bool]:
        """A small picture of a reference.

        Returns:
            uint8 (64, 64, 3), RGB, or None where none may be shown; and whether it is another frame of the same clip.
        """
        shown = index if index < len(self._ends) else self._of_clip.get(int(self.clips[index]))
        return (None, False) if shown is None else (unpacked(self._pictures, self._ends, shown), shown != index)

    def beside(self, own: ReferenceSet) -> "Added":
        """The user's own pictures on the same basis, with the same limits."""
        along = unit_vectors(projected(unit_vectors(own.features), self._basis))
        prepared = References(
            {
                "basis": self._basis,
                "features": along,
                "labels": own.labels,
                "groups": pseudonyms(own.groups.tolist()),
                "clips": np.arange(len(own.labels)),
                "frames": own.frames,
                "pictures": np.empty(0, np.uint8),  # the user has them anyway
                "picture_ends": np.empty(0, np.int32),
                "limits": np.array([self.limit, self._known]),
            }
        )
        found, cosine = prepared._search.nearest(self._along, 1)
        same = np.where(np.nan_to_num(cosine[:, 0], nan=-1.0) >= COPY, found[:, 0], -1)
        return Added(references=prepared, same=same)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Added:
    """What the user added, beside a bundle's references.

    Attributes:
        references: Prepared for searching.
        same: int (n,), the picture that is the same as each of the bundle's references, -1 where none is.
    """

    references: References
    same: NDArray[np.intp]


def learn(calibration: Calibration) -> dict[str, NDArray[Any]]:
    """What to remember of the fit and the training groups; `{}` where there is too little.

    How near is close, and how near tells the patient, is learnt from the fit groups alone, each frame compared with
    those of other patients: the network has seen the others.

    Returns:
        basis: float16 (D, d), orthonormal.
        features: float16 (n, d), unit vectors on it.
        labels, groups, clips, frames: As in `References`.
        pictures, picture_ends: Thumbnails of the first p of them, see `small_pictures`.
        limits: float64 (2,), cosines from which on a neighbour is close, and a patient known.
    """
    fitted, trained = _gathered(calibration), _gathered(calibration.training)
    everything = fitted.beside(trained)
    if len(everything) < FEWEST_REFERENCES or not len(fitted):
        return {}
    chosen = _balanced(everything)
    kept, of_fit = everything.only(chosen), chosen < len(fitted)
    unit = unit_vectors(kept.features)
    basis = _basis(unit)
    state: dict[str, NDArray[Any]] = {
        "basis": basis,
        "features": unit_vectors(unit @ basis.astype(np.float32)).astype(np.float16),
        "labels": kept.labels.astype(np.int16),
        "groups": kept.groups,
        "clips": kept.clips.astype(np.int32),
        "frames": kept.frames.astype(np.int32),
    }
    limits = _limits(unit[of_fit] @ basis.astype(np.float32), kept.groups[of_fit], state)
    if limits is None:
        return {}
    state["limits"] = limits
    room = LARGEST_STATE - sum(array.nbytes for array in state.values())
    state["pictures"], state["picture_ends"] = packed(kept.thumbnails, room)
    return state


def references_of(state: State, part: str = "") -> References | None:
    """What is remembered in a state, prepared once for as long as the state lives; None where nothing is.

    Args:
        state: What `learn` returned.
        part: Begins the names of its arrays where the state is handed to another part, e.g. `similar.`.
    """
    if f"{part}features" not in state:
        return None
    own = {name.removeprefix(part): array for name, array in state.items() if name.startswith(part)}
    return kept(own["features"], References, lambda: References(own))


def added_to(references: References, own: ReferenceSet) -> Added:
    """What the user added for the same network, prepared once for as long as it lives."""
    return kept(own.features, Added, lambda: references.beside(own))


def pseudonyms(names: Iterable[str]) -> Groups:
    """Stand-ins for the names of groups, as in a bundle's tables: the start of their SHA-256.

    What has the form of one, sixteen hexadecimal digits, is taken for one.
    """
    return np.array([int(name if _PSEUDONYM.fullmatch(name) else _digest(name), 16) for name in names], np.uint64)


_PSEUDONYM = re.compile("[0-9a-f]{16}")


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Gathered:
    """n frames; thumbnails of all, or of none."""

    features: Features
    labels: NDArray[np.intp]
    groups: Groups
    clips: NDArray[np.intp]
    frames: NDArray[np.intp]
    thumbnails: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.labels)

    def beside(self, other: "_Gathered") -> "_Gathered":
        """These and others, whose clips are other clips."""
        if not len(other):
            return self
        if not len(self):
            return other
        pictured = len(self.thumbnails) and len(other.thumbnails)
        return _Gathered(
            features=np.concatenate([self.features, other.features]),
            labels=np.concatenate([self.labels, other.labels]),
            groups=np.concatenate([self.groups, other.groups]),
            clips=np.concatenate([self.clips, other.clips + self.clips.max() + 1]),
            frames=np.concatenate([self.frames, other.frames]),
            thumbnails=np.concatenate([self.thumbnails, other.thumbnails]) if pictured else self.thumbnails[:0],
        )

    def only(self, chosen: NDArray[np.intp]) -> "_Gathered":
        """The chosen ones, in that order."""
        return _Gathered(
            features=self.features[chosen],
            labels=self.labels[chosen],
            groups=self.groups[chosen],
            clips=self.clips[chosen],
            frames=self.frames[chosen],
            thumbnails=self.thumbnails[chosen] if len(self.thumbnails) else self.thumbnails,
        )


def _gathered(batches: Iterable[Labelled]) -> _Gathered:
    columns: dict[str, list[NDArray[Any]]] = {}
    count = 0
    for batch in batches:
        own = np.arange(count, count + len(batch.labels))
        pictures = np.empty((0, 64, 64, 3), np.uint8) if batch.thumbnails is None else batch.thumbnails
        values: Mapping[str, NDArray[Any]] = {
            "features": _features(batch),
            "labels": batch.labels,
            "groups": pseudonyms(batch.groups.tolist()),
            "clips": own if batch.clips is None else batch.clips,
            "frames": np.zeros_like(own) if batch.frames is None else batch.frames,
            "thumbnails": pictures,
        }
        for name, array in values.items():
            columns.setdefault(name, []).append(array)
        count += len(batch.labels)
    if not count:
        none = np.empty(0, np.intp)
        empty = np.empty((0, 64, 64, 3), np.uint8)
        return _Gathered(
            features=np.empty((0, 0), np.float32),
            labels=none,
            groups=none.astype(np.uint64),
            clips=none,
            frames=none,
            thumbnails=empty,
        )
    joined = {name: np.concatenate(arrays) for name, arrays in columns.items()}
    if len(joined["thumbnails"]) != count:
        joined["thumbnails"] = joined["thumbnails"][:0]
    return _Gathered(**joined)


def _features(batch: Labelled) -> Features:
    features = batch.evidence.features
    if features is None:
        raise ValueError("no features were captured")
    return features


def _balanced(frames: _Gathered) -> NDArray[np.intp]:
    """Indices to keep: of every group in turn one frame, each time of its next clip, a clip's frames spread evenly.

    So whatever the number is cut at, no group and no clip has many more than another that has as many to give.
    """
    turns = []
    for group in np.unique(frames.groups).tolist():
        members = np.flatnonzero(frames.groups == group)
        turns.append(list(_group_in_turn(members, frames))[:MOST_OF_GROUP])
    rounds = (
        [turn[place] for turn in turns if place < len(turn)] for place in range(max(map(len, turns), default=0))
    )
    return np.array([index for one in rounds for index in one][:MOST_REFERENCES], np.intp)


def _group_in_turn(members: NDArray[np.intp], frames: _Gathered) -> Iterator[int]:
    clips = []
    for clip in np.unique(frames.clips[members]).tolist():
        of_clip = members[frames.clips[members] == clip]
        ordered = of_clip[np.argsort(frames.frames[of_clip], kind="stable")]
        clips.append(ordered[_spread_first(len(ordered))][:MOST_OF_CLIP].tolist())
    for place in range(max(map(len, clips))):
        yield from (clip[place] for clip in clips if place < len(clip))


def _spread_first(count: int) -> NDArray[np.intp]:
    """0 … count − 1, in an order of which every beginning is spread evenly (van der Corput)."""
    bits = max(count - 1, 1).bit_length()
    reversed_bits = np.array([int(f"{i:0{bits}b}"[::-1], 2) for i in range(1 << bits)], np.intp)
    return reversed_bits[reversed_bits < count]


def _basis(unit: Features) -> NDArray[np.float16]:
    """The directions that hold most of unit vectors (n, D), from their second moments, float16 (D, d)."""
    from scipy.linalg import eigh

    some = unit[:ENOUGH_FOR_BASIS].astype(np.float64)
    count, width = some.shape
    kept = max(min(DIMENSIONS, LARGEST_BASIS // width, width, count), 1)
    wide = width > count
    side = min(some.shape)
    moments = some @ some.T if wide else some.T @ some
    _, leading = eigh(moments, subset_by_index=(side - kept, side - 1))
    if wide:
        leading, _ = np.linalg.qr(some.T @ leading)
    basis: NDArray[np.float16] = leading.astype(np.float16)
    return basis


def _nearest(
    search: ExactSearch, groups: Groups, along: Features, excluded: Groups | None
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The `NEIGHBOURS` nearest of m frames, at most `MOST_OF_NEIGHBOURS` of a patient; indices and cosines (m, k)."""
    indices, cosines = search.nearest(along, SEARCHED, excluded)
    owner = np.where(indices >= 0, groups[indices], np.uint64(0))
    # How many of the same patient come before: those of one patient are few among so many.
    before = np.tril(owner[:, :, None] == owner[:, None, :], -1).sum(axis=2)
    left_out = (before >= MOST_OF_NEIGHBOURS) | (indices < 0)
    order = np.argsort(left_out, axis=1, kind="stable")[:, :NEIGHBOURS]
    missing = np.take_along_axis(left_out, order, axis=1)
    return (
        np.where(missing, -1, np.take_along_axis(indices, order, axis=1)),
        np.where(missing, np.nan, np.take_along_axis(cosines, order, axis=1)),
    )


def _limits(along: Features, groups: Groups, state: State) -> NDArray[np.float64] | None:
    """From the fit frames on the basis (m, d): how near is close, and how near tells the patient."""
    search = ExactSearch(state["features"].astype(np.float32), state["groups"])
    _, cosines = _nearest(search, state["groups"], along, groups)
    last = cosines[:, FEWEST_CLOSE - 1]
    complete = np.isfinite(last)
    if not complete.any():
        return None
    lengths = np.linalg.norm(along, axis=1)
    close = np.quantile((last * lengths)[complete], UNLIKE)
    known = min(float(np.quantile(cosines[complete, 0], 1 - COINCIDENCE)), COPY)
    return np.array([close, known])
