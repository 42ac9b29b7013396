"""One run of a model over labelled files: frame by frame into a table and a file of features that survive a kill."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from viewer.datasets.clips import spread_frames
from viewer.datasets.sample import LabelTable
from viewer.domain.errors import JobCancelled, NotAnImage, UnreadableFile, ViewerError
from viewer.domain.evidence import Need
from viewer.domain.image import FrameSource, Modality
from viewer.domain.result import FrameKey
from viewer.engine.surroundings import Place, Surroundings
from viewer.present.rows import Row, error_row, file_error_row, frame_row, path_text, rounded
from viewer.report.cohort import FEATURES, case_id, read_cohort
from viewer.report.growing_features import GrowingFeatures
from viewer.report.rows import Table
from viewer.session.batch import Totals, Watcher
from viewer.session.labelled import Labelled, LabelledFiles
from viewer.session.pictures import surroundings_of

if TYPE_CHECKING:
    from viewer.session.assessor import Assessor
    from viewer.session.session import Session

GROWING = "features.part"
"""Where features lie until every case is assessed."""

BARE_PASSES = 40
"""Most frames whose bare forward pass is timed as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is to be evaluated.

    Attributes:
        bundle: Name or path of the model.
        labels: The labelled files.
        data: What was asked for, in words.
        out: Folder of the cohort and its report.
        frames_per_clip: Frames of a clip whose label is the whole clip's, spread evenly.
        names: A class of the model by label, where they differ; `""` leaves a label out.
        modality: What files that do not say it themselves show; unknown: what the model is made for.
        held_out: Whether only groups that the model was certified on are taken.
        mapped: Whether the cases are laid out on a map.
        fresh: Replace what an earlier run left behind.
    """

    bundle: str
    labels: LabelTable
    data: str
    out: Path
    frames_per_clip: int
    names: Mapping[str, str] = field(default_factory=dict)
    modality: Modality = Modality.UNKNOWN
    held_out: bool = False
    mapped: bool = True
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class _Step:
    """One frame to assess, or why it cannot be; what the frames around took belongs to assessing it."""

    file: Labelled
    frame: int | None
    modality: Modality = Modality.UNKNOWN
    place: Place | None = None
    error: ViewerError | None = None
    decode_ms: float = 0.0
    around_ms: float = 0.0
    timed: bool = False


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file while its labels are gone through."""

    path: Path
    source: FrameSource
    around: Surroundings


class LabelledRun:
    """One run over the labelled files."""

    def __init__(
        self,
        session: "Session",
        assessor: "Assessor",
        trial: Trial,
        files: LabelledFiles,
        watcher: Watcher,
        table: Table,
        features: GrowingFeatures,
    ) -> None:
        self._session = session
        self._assessor = assessor.taking(Need.FEATURES)
        self._trial = trial
        self._files = files
        self._root = files.root
        self._watcher = watcher
        self._table = table
        self._features = features
        self._batch = session.settings.batch_size
        self._done: dict[str, set[int | None]] = {}
        self._last = ""
        self._steps: list[_Step] = []
        self._bare_every = max(1, len(files.files) // BARE_PASSES)
        self._bare_passes = 0
        self.totals = Totals()

    def recover(self) -> None:
        """Read back what an earlier run left."""
        assessed = 0
        for row in self._table.recover():
            self._last = str(row["file"])
            frame = row["frame"]
            self._done.setdefault(self._last, set()).add(None if frame is None else int(frame))
            assessed += not row["error"]
            self._add(frames=int(not row["error"]), failed=int(bool(row["error"])), resumed=1)
        whole = self._trial.out / FEATURES
        if assessed and whole.exists() and not self._features.path.stat().st_size:
            kept = read_cohort(self._trial.out).features
            if kept is not None:
                self._features.refill(kept)
        self._features.recover(assessed)

    def go(self) -> None:
        """Assess what is not done."""
        opened: _Opened | None = None
        try:
            for number, file in enumerate(self._files.files):
                if opened is not None and opened.path != file.path:
                    _close(opened.source)
                    opened = None
                self._add(files=1)
                if self._is_done(file):
                    continue
                opened_s = time.perf_counter()
                try:
                    opened = opened or self._opened(number)
                except NotAnImage as error:
                    self._fail(_Step(file, file.frame, error=UnreadableFile(file.path, reason=_no_image(error))))
                    continue
                except ViewerError as error:
                    self._fail(_Step(file, file.frame, error=error))
                    continue
                self._frames(file, opened, time.perf_counter() - opened_s)
            self._flush()
        finally:
            if opened is not None:
                _close(opened.source)

    def _opened(self, number: int) -> _Opened:
        """The file of label `number`, with what is to be assessed of it by this label and those behind it."""
        path = self._files.files[number].path
        source = self._session.open_file(path)
        planned: set[int] = set()
        for file in takewhile(lambda file: file.path == path, self._files.files[number:]):
            planned |= set(self._to_assess(file, source.clip.frames))
        return _Opened(path, source, surroundings_of(source, sorted(planned)))

    def _to_assess(self, file: Labelled, frames: int) -> list[int]:
        """Frames of a file that have no row yet."""
        done = self._done.get(self._name(file), set())
        wanted = spread_frames(frames, self._trial.frames_per_clip) if file.frame is None else [file.frame]
        return [index for index in wanted if index not in done and index < frames]

    def _is_done(self, file: Labelled) -> bool:
        """Whether every frame of a file has its row; of the last file only some may have."""
        name = self._name(file)
        done = self._done.get(name, set())
        if file.frame is not None:
            return file.frame in done
        return bool(done) and (name != self._last or None in done)

    def _frames(self, file: Labelled, opened: _Opened, opened_s: float) -> None:
        clip = opened.source.clip
        if file.frame is not None and file.frame >= clip.frames:
            reason = f"there is no frame {file.frame + 1}, it has {clip.frames}"
            self._fail(_Step(file, file.frame, error=UnreadableFile(file.path, reason=reason)))
            return
        shown = self._trial.modality if clip.modality is Modality.UNKNOWN else clip.modality
        frames = self._to_assess(file, clip.frames)
        for index in frames:
            start = time.perf_counter()
            place = Place(opened.around, index)
            timed = self._is_timed(self.totals.frames + len(self._steps))
            try:
                run = self._assessor.make_ready(place)
                if timed:
                    _ = place.picture  # while the file is open
            except UnreadableFile as error:
                self._fail(_Step(file, index, error=error))
                continue
            took, opening = 1000 * (time.perf_counter() - start), 1000 * opened_s / len(frames)
            decode_ms, around_ms = (opening, took) if run else (opening + took, 0.0)
            if self._steps and self._steps[-1].modality is not shown:
                self._flush()
            step = _Step(file, index, shown, place, decode_ms=decode_ms, around_ms=around_ms, timed=timed)
            self._steps.append(step)
            if len(self._steps) >= self._batch:
                self._flush()

    def _fail(self, step: _Step) -> None:
        """A row for what cannot be read, behind those of the frames before it."""
        self._flush()
        if step.error is None:
            return
        self._table.append([self._error(step, step.error)])
        self._add(failed=1)
        self._watcher.note(f"{step.file.path}: {step.error.reason}")

    def _flush(self) -> None:
        """Assess what has gathered, and write its features and rows."""
        if not self._steps:
            return
        steps, self._steps = self._steps, []
        rows, features = [], []
        for row, seen in self._assessed(steps):
            rows.append(row)
            features += [] if seen is None else [seen]
        if features:
            self._features.append(np.stack(features))
        self._table.append(rows)
        self._add(frames=len(features), failed=len(rows) - len(features))
        self._watcher.progress(self.totals, str(steps[-1].file.path))

    def _assessed(self, steps: Sequence[_Step]) -> Iterator[tuple[Row, NDArray[np.float32] | None]]:
        """Rows and features of one batch in one pass; where that fails, one by one."""
        places = [step.place for step in steps if step.place is not None]
        start = time.perf_counter()
        try:
            assessments, evidence = self._assessor.assess_keeping(places, steps[0].modality)
        except JobCancelled:
            raise
        except ViewerError as error:
            if len(steps) == 1:
                self._watcher.note(f"{steps[0].file.path}: {error.reason}")
                yield self._error(steps[0], error), None
                return
            for step in steps:
                yield from self._assessed([step])
            return
        each_ms = 1000 * (time.perf_counter() - start) / len(steps)
        features = evidence.features
        assert features is not None  # noqa: S101 - this assessor keeps them
        for index, (step, assessment) in enumerate(zip(steps, assessments, strict=True)):
            bare_ms = 1000 * self._assessor.bare_pass_s(places[index].picture) if step.timed else None
            key = FrameKey(file=self._file(step.file), series="", frame=step.frame or 0, time_ms=None)
            took = {"decode_ms": step.decode_ms, "assess_ms": step.around_ms + each_ms, "bare_ms": bare_ms}
            times = {name: rounded(ms) for name, ms in took.items()}
            yield {**frame_row(key, assessment), **self._case(step), **times}, features[index]

    def _is_timed(self, number: int) -> bool:
        """Whether the bare pass of frame `number` of this run is timed: that of some of them."""
        timed = number % self._bare_every == 0 and self._bare_passes < BARE_PASSES
        self._bare_passes += timed
        return timed

    def _error(self, step: _Step, error: ViewerError) -> Row:
        file = self._file(step.file)
        if step.frame is None:
            return {**file_error_row(file, self._table.columns, error.reason), **self._case(step)}
        key = FrameKey(file=file, series="", frame=step.frame, time_ms=None)
        return {**error_row(key, self._table.columns, error), **self._case(step)}

    def _case(self, step: _Step) -> Row:
        """Which case a row is about, and what is true of it."""
        named = case_id(self._file(step.file), step.frame)
        return {"id": named, "group": path_text(step.file.group), "true": step.file.true}

    def _file(self, file: Labelled) -> str:
        return file.path.absolute().relative_to(self._root).as_posix()

    def _name(self, file: Labelled) -> str:
        return path_text(self._file(file))

    def _add(self, **counts: int) -> None:
        self.totals = replace(self.totals, **{name: getattr(self.totals, name) + n for name, n in counts.items()})


def _no_image(error: NotAnImage) -> str:
    return f"holds no image ({error.kind})"


def _close(source: FrameSource) -> None:
    """Let go of a file; a reader that fails even at that costs nothing more."""
    with suppress(UnreadableFile):
        source.close()
