"""Assess everything without a screen: stream rows, survive a kill, go on where it stopped."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.assessment.verdict import ClipTally
from viewer.domain.errors import JobCancelled, UnreadableFile, ViewerError
from viewer.domain.image import FrameSource, Modality
from viewer.engine.surroundings import Place, Surroundings
from viewer.present.clip_rows import clip_columns, clip_row
from viewer.present.rows import Row, error_row, file_error_row, frame_key, path_text
from viewer.report.html import HtmlReport
from viewer.report.mask_files import MaskFiles
from viewer.report.rows import Table, check_format
from viewer.report.run_record import RunRecord, clips_path, record_path
from viewer.session.folder import LOOKING
from viewer.session.illustrate import illustrate
from viewer.session.mask_keeping import MaskKeeping, drawing
from viewer.session.masks import OWN, MasksFrom, source_words
from viewer.session.pictures import surroundings_of

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle
    from viewer.session.assessor import Assessor
    from viewer.session.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be assessed and where the results go.

    Attributes:
        paths: Files, folders and archives.
        out: Table to write, .csv or .jsonl; `<stem>.clips.csv` lies beside it.
        html: Folder for `index.html`, or None.
        bundle: Name or path of the model; None for the only one that fits.
        second: Name or path of a model to compare it with; None for none.
        masks_from: What draws masks in place of the model.
        masks: Folder for the mask of every frame, or None.
        modality: What files that do not say it themselves show.
        fresh: Replace what an earlier run left behind.
    """

    paths: tuple[Path, ...]
    out: Path
    html: Path | None = None
    bundle: str | None = None
    second: str | None = None
    masks_from: MasksFrom = OWN
    masks: Path | None = None
    modality: Modality = Modality.UNKNOWN
    fresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How far a run is.

    Attributes:
        files: Files done, unreadable ones included.
        frames: Frames with a row.
        failed: Files and frames that could not be read or assessed.
        skipped: Files that hold no image.
        resumed: Frames whose rows an earlier run had left.
    """

    files: int = 0
    frames: int = 0
    failed: int = 0
    skipped: int = 0
    resumed: int = 0


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who is told how it goes.

    Attributes:
        note: Receives a sentence that stops nothing.
        progress: Receives the totals and the file in work after every batch.
    """

    note: Callable[[str], None]
    progress: Callable[[Totals, str], None]


@dataclass(slots=True, eq=False)
class _Done:
    """What an earlier run left of one file."""

    tally: ClipTally
    opened: bool = True
    clip_row: bool = False


@dataclass(slots=True, eq=False)
class _ClipRun:
    """A clip in work."""

    source: FrameSource
    around: Surroundings
    modality: Modality
    tally: ClipTally
    clip_row: bool

    @property
    def file(self) -> str:
        return str(self.source.clip.path)


@dataclass(frozen=True, slots=True)
class _Step:
    """One frame to assess, one that cannot be, or (with neither) the end of its clip."""

    run: _ClipRun
    index: int
    place: Place | None = None
    error: ViewerError | None = None


def assess_all(session: "Session", order: Order, watcher: Watcher) -> Totals:
    """Assess every frame of every file.

    Rows are on disk after every batch; of the frames of a clip, memory keeps the probabilities alone. Interrupt it at
    any time and call it again with the same order: it goes on behind the last complete row.

    Raises:
        ViewerError: Nothing can be assessed, with one sentence: no model fits, the table belongs to another run.
    """
    check_format(order.out)
    session.host.load()
    manifest = session.use_bundle_for(order.bundle, _modalities(session, order, watcher)).manifest
    watcher.note(f"assessing with the model {manifest.name} {manifest.version}, made for {manifest.modality}")
    second = session.use_second(order.second)
    if second is not None:
        watcher.note(f"compared with the model {second.manifest.name} {second.manifest.version}")
    source = session.use_masks(order.masks_from)
    if source is not None:
        watcher.note(f"masks {source_words(source)}")
    assessor = session.assessor().within(_folder(session, order, watcher))
    if order.masks is not None:
        assessor = drawing(assessor)
    if assessor.grounds.site:
        watcher.note(f"every light will be grey: {assessor.grounds.site}")
    settings = {"modality": order.modality.value}
    files = None
    if order.masks is not None:
        settings["masks"] = str(order.masks)
        begun = record_path(order.out).exists()
        files = MaskFiles(order.masks, order.paths, going_on=begun, fresh=order.fresh)
    masks = MaskKeeping(assessor, files)
    run_record(session, assessor, order.out.name, assessor.columns, settings).begin(order.out, fresh=order.fresh)
    with ExitStack() as stack:
        frames = stack.enter_context(Table(order.out, assessor.columns))
        clips = stack.enter_context(Table(clips_path(order.out), clip_columns(assessor.bundle.manifest.classes)))
        report = None
        if order.html is not None:
            drawn = "" if source is None else source_words(source)
            page = HtmlReport(
                order.html, assessor.bundle, assessor.basis, second=second, masks=drawn, fresh=order.fresh
            )
            report = stack.enter_context(page)
        run = _Run(session, assessor, order, watcher, frames, clips, report, masks)
        run.recover()
        totals = run.go()
        masks.conclude(watcher.note)
        _note_alarm(session, assessor, watcher)
        if report is not None:
            report.finish(totals.files, totals.frames, totals.failed, totals.skipped)
    return totals


def _modalities(session: "Session", order: Order, watcher: Watcher) -> Iterator[Modality]:
    """What the files of a run show; they are opened for it only where neither a model nor a modality was named."""
    if order.bundle is not None or order.modality is not Modality.UNKNOWN:
        yield order.modality
        return
    unreadable: list[str] = []
    images = 0
    for opened in session.walk(order.paths):
        if opened.source is not None:
            images += 1
            yield opened.source.clip.modality
            _close(opened.source)
        elif opened.error:
            unreadable.append(f"{opened.path}: {opened.error}")
    if not images:  # the run ends here, so nobody else would say why
        for sentence in unreadable:
            watcher.note(sentence)


def _folder(session: "Session", order: Order, watcher: Watcher) -> str:
    """Why the files as a whole do not fit the model, said aloud once; `""` where they do."""

    def tell(done: int, total: int) -> None:
        if not done:
            watcher.note(f"{LOOKING} ({total} files)")

    fault = session.folder_fault(order.paths, order.modality, tell=tell)
    if fault:
        watcher.note(f"every light will be grey: {fault}")
    return fault


def _note_alarm(session: "Session", assessor: "Assessor", watcher: Watcher) -> None:
    """Say that an alarm has gone off among the cases of this run, whose lights were judged before it."""
    here = session.assessor().grounds.site
    if here and not assessor.grounds.site:
        watcher.note(f"every light will be grey from the next run on: {here}")


def run_record(
    session: "Session", assessor: "Assessor", table: str, columns: tuple[str, ...], settings: Mapping[str, str]
) -> RunRecord:
    """What decides the rows of a table.

    Args:
        session: With its settings and plugins.
        assessor: That makes the rows.
        table: File name of the table.
        columns: Of the table.
        settings: Those of this run; those of the session are added.
    """
    manifest = assessor.bundle.manifest
    distributions = {record.name: record.version for record in session.host.records()}
    scorers = [(offer.plugin, offer.thing.name, offer.thing.version) for offer in session.host.scorers]
    opinions = [(offer.plugin, offer.thing.name, offer.thing.version) for offer in session.host.opinions]
    return RunRecord(
        table=table,
        bundle=f"{manifest.name} {manifest.version}",
        digest=assessor.bundle.digest,
        plugins={f"{plugin}/{name}": f"{distributions[plugin]}/{own}" for plugin, name, own in scorers + opinions},
        columns=columns,
        second=None if assessor.second is None else named_model(assessor.second),
        settings={
            **settings,
            "folder": assessor.grounds.folder,
            "site": assessor.grounds.site,
            **({} if assessor.masks is None else {"masks_from": assessor.masks.origin}),
            "head_samples": str(session.settings.head_samples),
            **{f"plugins.{name}": repr(options) for name, options in sorted(session.settings.plugins.items())},
        },
    )


def named_model(bundle: "Bundle") -> Mapping[str, str]:
    """Which model it is: name, version and the hash of its weights."""
    return {
        "name": bundle.manifest.name,
        "version": bundle.manifest.version,
        "weights_sha256": bundle.weights_digest,
    }


class _Run:
    """One run: the walk, the batches and the files that grow."""

    def __init__(
        self,
        session: "Session",
        assessor: "Assessor",
        order: Order,
        watcher: Watcher,
        frames: Table,
        clips: Table,
        report: HtmlReport | None,
        masks: MaskKeeping,
    ) -> None:
        self._session = session
        self._assessor = assessor
        self._order = order
        self._watcher = watcher
        self._frames = frames
        self._clips = clips
        self._report = report
        self._masks = masks
        self._classes = assessor.bundle.manifest.classes
        self._batch = session.settings.batch_size
        self._done: dict[str, _Done] = {}
        self._steps: list[_Step] = []
        self.totals = Totals()

    def recover(self) -> None:
        """Read back what an earlier run left: which files and frames are done."""
        for row in self._frames.recover():
            done = self._done.setdefault(str(row["file"]), _Done(ClipTally(self._classes)))
            if row["frame"] is None:
                done.opened = False
                self._add(failed=1)
                continue
            done.tally.add(row)
            self._add(frames=1, resumed=1, failed=int(bool(row["error"])))
        for row in self._clips.recover():
            done = self._done.setdefault(str(row["file"]), _Done(ClipTally(self._classes)))
            done.clip_row = True

    def go(self) -> Totals:
        """Walk to the end."""
        try:
            self._walk()
        finally:
            for step in self._steps:
                _close(step.run.source)
        return self.totals

    def _walk(self) -> None:
        for opened in self._session.walk(self._order.paths):
            file = str(opened.path)
            if opened.source is not None:
                self._clip(opened.source)
            elif opened.kind:
                self._add(skipped=1)
                self._watcher.note(f"{file}: skipped, holds no image ({opened.kind})")
            else:
                self._flush()
                self._unopened(file, opened.error)
        self._flush()

    def _clip(self, source: FrameSource) -> None:
        file = path_text(str(source.clip.path))
        done = self._done.pop(file, None) or _Done(ClipTally(self._classes))
        start = done.tally.frames
        self._masks.open(source.clip)
        whole = start >= source.clip.frames or not done.opened
        if whole and done.clip_row and (self._report is None or self._report.has(file)):
            _close(source)
            self._add(files=1)
            return
        said = source.clip.modality
        modality = self._order.modality if said is Modality.UNKNOWN else said
        if self._steps and self._steps[-1].run.modality is not modality:
            self._flush()
        to_come = range(start, source.clip.frames)
        run = _ClipRun(source, surroundings_of(source, to_come), modality, done.tally, done.clip_row)
        for index in to_come:
            self._steps.append(self._step(run, index))
            self._flush_when_full()
        self._steps.append(_Step(run, source.clip.frames))
        self._flush_when_full()

    def _step(self, run: _ClipRun, index: int) -> _Step:
        place = Place(run.around, index)
        try:
            self._assessor.make_ready(place)
        except UnreadableFile as error:
            return _Step(run, index, error=error)
        return _Step(run, index, place)

    def _flush_when_full(self) -> None:
        """Keep what is gathered small, also where most frames are broken."""
        readable = sum(step.place is not None for step in self._steps)
        if readable >= self._batch or len(self._steps) >= 4 * self._batch:
            self._flush()

    def _flush(self) -> None:
        """Assess what has gathered, write its rows, and close the clips that ended."""
        if not self._steps:
            return
        steps, self._steps = self._steps, []
        rows = self._rows(steps)
        self._frames.append(rows[id(step)] for step in steps if id(step) in rows)
        for step in steps:
            if id(step) in rows:
                step.run.tally.add(rows[id(step)])
                self._add(frames=1, failed=int(bool(rows[id(step)]["error"])))
            else:
                self._finish(step.run)
        self._watcher.progress(self.totals, steps[-1].run.file)

    def _rows(self, steps: Iterable[_Step]) -> Mapping[int, Row]:
        """Rows by step; the ends of clips have none."""
        readable = [step for step in steps if step.place is not None]
        rows = {id(step): row for step, row in zip(readable, self._assessed(readable), strict=True)}
        for step in steps:
            if step.error is not None:
                key = frame_key(step.run.source.clip, step.index)
                rows[id(step)] = error_row(key, self._frames.columns, step.error)
        return rows

    def _assessed(self, steps: list[_Step]) -> list[Row]:
        """Rows of one batch in one pass; where that fails, one by one, so that a frame costs only itself."""
        if not steps:
            return []
        places = [step.place for step in steps if step.place is not None]
        keys = [frame_key(step.run.source.clip, step.index) for step in steps]
        try:
            assessments, evidence = self._assessor.assess_keeping(places, steps[0].run.modality)
        except JobCancelled:
            raise
        except ViewerError as error:
            if len(steps) == 1:
                return [error_row(keys[0], self._frames.columns, error)]
            return [row for step in steps for row in self._assessed([step])]
        self._masks.keep(places, evidence)
        return [self._assessor.row(key, found) for key, found in zip(keys, assessments, strict=True)]

    def _finish(self, run: _ClipRun) -> None:
        """A clip's last frame has its row: illustrate it, write its decision, let go of the file."""
        verdict = run.tally.verdict(self._assessor.grounds, run.modality)
        self._session.count(run.source.clip, self._assessor.case(run.tally.sums, run.modality))
        file = path_text(run.file)
        if verdict.error:
            self._watcher.note(f"{run.file}: {verdict.error}")
        if self._report is not None and not self._report.has(file):
            shown = self._report.room_for_pictures
            self._report.add(illustrate(self._assessor, run.source.clip, run.around, run.modality, verdict, shown))
        if not run.clip_row:
            self._clips.append([clip_row(run.source.clip, verdict)])
        _close(run.source)
        self._add(files=1)

    def _unopened(self, file: str, sentence: str) -> None:
        """A file that cannot be opened has a row in both tables, so that nothing is lost in silence."""
        cell = path_text(file)
        done = self._done.pop(cell, None)
        if done is None:
            self._frames.append([file_error_row(file, self._frames.columns, sentence)])
            self._add(failed=1)
        if done is None or not done.clip_row:
            self._clips.append([file_error_row(file, self._clips.columns, sentence)])
        if self._report is not None and not self._report.has(cell):
            self._report.add_unopened(cell, sentence)
        self._add(files=1)
        self._watcher.note(f"{file}: {sentence}")
        self._watcher.progress(self.totals, file)

    def _add(self, **counts: int) -> None:
        self.totals = replace(self.totals, **{name: getattr(self.totals, name) + n for name, n in counts.items()})


def _close(source: FrameSource) -> None:
    """Let go of a file; a plugin's reader that fails even at that costs nothing more."""
    with suppress(UnreadableFile):
        source.close()
