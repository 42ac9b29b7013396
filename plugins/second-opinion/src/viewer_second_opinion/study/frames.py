"""Tables of a classifier's outputs on the frames of clips, read strictly."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from viewer.api import Cells, ViewerError, read_cells

SUM_TOLERANCE = 0.01
"""Outputs of a row may miss 1 by this: tables round."""

_FRAME = re.compile(r"((?P<patient>[^_]+)_[^_]+_[^_]+)_(?P<place>\d{1,15})_[^_]*")
"""patient_exam_spot_frame_label; the label is never looked at."""

_OUTPUT = re.compile(r"sm(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frames:
    """Frames of clips with what a classifier said of them, in the order of the table.

    Attributes:
        source: The table, for the reader.
        paths: As they stand there, str (n,). Never logged.
        patients: Name of each frame's patient, str (n,). Never logged.
        clips: Number of each frame's clip, which is a spot of an exam of a patient, int (n,).
        places: Frame number within the clip, int (n,); no two alike in a clip.
        true: Score by the reader, 0 ≤ score < K, int (n,). For measuring and for what the source learns; nothing of
            ours looks at it.
        predicted: Score by the classifier, int (n,).
        probabilities: Its softmax outputs, float64 (n, K); rows sum to 1.
        notes: What was taken for something else, one sentence each.
    """

    source: str
    paths: NDArray[np.str_]
    patients: NDArray[np.str_]
    clips: NDArray[np.intp]
    places: NDArray[np.intp]
    true: NDArray[np.intp]
    predicted: NDArray[np.intp]
    probabilities: NDArray[np.float64]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Number of frames n."""
        return len(self.paths)

    @property
    def scores(self) -> int:
        """Number of scores K."""
        return int(self.probabilities.shape[1])

    @property
    def correct(self) -> NDArray[np.bool_]:
        """Whether the classifier agrees with the reader, bool (n,)."""
        right: NDArray[np.bool_] = self.predicted == self.true
        return right

    def take(self, rows: NDArray[np.bool_]) -> "Frames":
        """The frames of these rows."""
        names = ("paths", "patients", "clips", "places", "true", "predicted", "probabilities")
        return replace(self, **{name: getattr(self, name)[rows] for name in names})

    def by_clip(self) -> Sequence[NDArray[np.intp]]:
        """Indices of the frames of each clip, in the order of their places."""
        order = np.lexsort((self.places, self.clips))
        return np.split(order, np.flatnonzero(np.diff(self.clips[order])) + 1)


def read_frames(path: Path) -> Frames:
    """Read a table with the columns `path`, `true`, `predicted` and `sm0` … `smK-1`.

    Where a frame belongs stands in its path: `patient_exam_spot_frame_label.png`, after any folders. A frame of which
    that cannot be said belongs to the patient named before the first `_`, and is a clip of its own.

    Raises:
        ViewerError: One sentence naming the file, the row (the header is row 1) and the cause.
    """
    return _Table(read_cells(path)).frames()


class _Table:
    """Turns cells into frames, naming the row of the first that does not fit."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells

    def frames(self) -> Frames:
        outputs = self._outputs()
        scores = outputs.shape[1]
        paths = self._column("path")
        self._refuse_repeats(paths, "this path")
        patients, clips, places, strays = self._whereabouts(paths)
        note = (
            f"{self._cells.source}: {strays} of {len(paths)} paths are not patient_exam_spot_frame_label: their "
            "patient is what stands before the first _, and which frames are around them is not known"
        )
        return Frames(
            source=self._cells.source,
            paths=np.array(paths),
            patients=patients,
            clips=clips,
            places=places,
            true=self._scores("true", scores),
            predicted=self._scores("predicted", scores),
            probabilities=outputs / outputs.sum(axis=1, keepdims=True),
            notes=(note,) if strays else (),
        )

    def _outputs(self) -> NDArray[np.float64]:
        """The softmax outputs, checked."""
        numbers = sorted(int(found[1]) for name in self._cells.header if (found := _OUTPUT.fullmatch(name)))
        if len(numbers) < 2 or numbers != list(range(len(numbers))):
            there = ", ".join(self._cells.header)
            raise ViewerError(
                f"{self._cells.source}: columns sm0, sm1 … of two scores or more are needed, not {there}"
            )
        outputs: NDArray[np.float64] = np.column_stack([self._numbers(f"sm{number}") for number in numbers])
        outside = np.any((outputs < 0) | (outputs > 1), axis=1)
        self._refuse(outside, lambda row: "an output is not between 0 and 1")
        sums = outputs.sum(axis=1)
        off: NDArray[np.bool_] = np.abs(sums - 1) > SUM_TOLERANCE
        self._refuse(off, lambda row: f"the outputs sum to {sums[row]:.4g}, not to 1")
        return outputs

    def _whereabouts(self, paths: Sequence[str]) -> tuple[NDArray[np.str_], NDArray[np.intp], NDArray[np.intp], int]:
        """Patient, clip and place of each frame, and the number of frames whose path does not say."""
        names = [re.split(r"[\\/]", path)[-1].rsplit(".", 1)[0] for path in paths]
        found = [_FRAME.fullmatch(name) for name in names]
        patients = [
            match["patient"] if match else name.split("_")[0] for match, name in zip(found, names, strict=True)
        ]
        places = np.array([int(match["place"]) if match else 0 for match in found], dtype=np.intp)
        keys = [match[1] if match else path for match, path in zip(found, paths, strict=True)]
        self._refuse_repeats(list(zip(keys, places.tolist(), strict=True)), "this frame of this clip")
        _, clips = np.unique(keys, return_inverse=True)
        return np.array(patients), clips.astype(np.intp), places, found.count(None)

    def _scores(self, column: str, scores: int) -> NDArray[np.intp]:
        values = self._numbers(column)
        known = np.isin(values, np.arange(scores))
        cells = self._column(column)
        self._refuse(~known, lambda row: f"{cells[row]!r} in {column!r} is no score from 0 to {scores - 1}")
        return values.astype(np.intp)

    def _numbers(self, column: str) -> NDArray[np.float64]:
        cells = self._column(column)
        values = np.array([_number(cell) for cell in cells])
        self._refuse(~np.isfinite(values), lambda row: f"{cells[row]!r} in {column!r} is no number")
        return values

    def _column(self, name: str) -> Sequence[str]:
        if name not in self._cells.header:
            there = ", ".join(self._cells.header)
            raise ViewerError(f"{self._cells.source}: there is no column {name!r}; columns are {there}")
        index = self._cells.header.index(name)
        return [row[index] for row in self._cells.rows]

    def _refuse_repeats(self, keys: Sequence[object], what: str) -> None:
        first: dict[object, int] = {}
        for key, line in zip(keys, self._cells.lines, strict=True):
            if first.setdefault(key, line) != line:
                raise ViewerError(f"{self._cells.source}: row {line}: {what} stands in row {first[key]} already")

    def _refuse(self, bad: NDArray[np.bool_], reason: Callable[[int], str]) -> None:
        if bad.any():
            row = int(bad.argmax())
            raise ViewerError(f"{self._cells.source}: row {self._cells.lines[row]}: {reason(row)}")


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")
