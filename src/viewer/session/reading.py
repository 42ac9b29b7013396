"""What happens to an opened clip: the shown frame first, its neighbours next, then the rest, nearest first."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from viewer.assessment.verdict import ClipTally
from viewer.domain.errors import JobCancelled, UnreadableFile, ViewerError
from viewer.domain.image import Clip, Frame, Modality
from viewer.domain.result import Assessment
from viewer.engine.surroundings import Place, Surroundings
from viewer.present.rows import Row, error_row, frame_key
from viewer.present.texts import marked
from viewer.report.pictures import thumbnail
from viewer.session.events import ClipAssessed, Event, Explained, Failed, FrameAssessed, FrameFailed, Progress
from viewer.session.folder import LOOKING, Tell
from viewer.session.jobs import CancelToken, Job, Jobs, Priority
from viewer.session.pictures import seen_together

if TYPE_CHECKING:
    from viewer.session.assessor import Assessor

Whole = Callable[[Callable[[], bool], Tell], str]
"""Why the files that a clip was opened with do not fit the model as a whole; asks whether to stop, tells progress."""

ASSESSING = marked("Assessing the clip")

NEIGHBOURS = 4
"""Frames on either side that count as neighbours of the shown one; also the size of their batches."""


KEPT_FRAMES = 3_000
"""Frames whose assessments are kept when another clip is opened, some 20 MB; the clip read longest ago goes first."""


@dataclass(kw_only=True, eq=False)
class _Known:
    """What has been learned of a clip; outlives the reading, so that looking at another one costs nothing."""

    pending: set[int]
    assessments: dict[int, Assessment] = field(default_factory=dict)
    rows: dict[int, Row] = field(default_factory=dict)
    unreadable: dict[int, str] = field(default_factory=dict)


@dataclass(kw_only=True, eq=False)
class _Open:
    """The clip being read."""

    generation: int
    clip: Clip
    around: Surroundings
    modality: Modality
    whole: Whole
    known: _Known
    shown: int = 0
    direction: int = 1
    target: int | None = None
    viewing: Job | None = None
    told: str = ""
    reading_on: bool = False


class Reading:
    """Assesses and explains the open clip in the background.

    Methods are cheap and may be called from the GUI thread; everything else happens in jobs. Events are published
    from the worker thread.
    """

    def __init__(
        self,
        jobs: Jobs,
        assessor: "Callable[[], Assessor]",
        publish: Callable[[Event], None],
        *,
        batch_size: int = 8,
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            jobs: The queue to use.
            assessor: Gives the assessor, on the worker thread; building it may take seconds the first time.
            publish: Receives every event, on the worker thread.
            batch_size: Frames of the rest of the clip per job.
        """
        self._jobs = jobs
        self._assessor = assessor
        self._publish = publish
        self._batch_size = max(1, batch_size)
        self._lock = threading.RLock()
        self._open: _Open | None = None
        self._known: dict[tuple[str, Modality], _Known] = {}

    @property
    def generation(self) -> int:
        """The generation of the open clip; events of another one are to be ignored."""
        return self._jobs.generation

    def open(
        self,
        clip: Clip,
        decode: Callable[[int], Frame],
        *,
        modality: Modality = Modality.UNKNOWN,
        shown: int = 0,
        whole: Whole = lambda cancelled, tell: "",
    ) -> int:
        """Read a clip, or go on where it was left; what ran before is cancelled.

        What is known of it already is told again, in the order in which it was learned.

        Args:
            clip: What to read.
            decode: Gives one frame; called on the worker thread.
            modality: What the picture shows where the file does not say it.
            shown: Frame on screen.
            whole: Compares the files that were opened with those of the model; called on the worker thread, before
                the first light.

        Returns:
            The generation of its events.
        """
        generation = self._jobs.next_generation()
        said = clip.modality if clip.modality is not Modality.UNKNOWN else modality
        with self._lock:
            self._open = _Open(
                generation=generation,
                clip=clip,
                around=seen_together(clip, decode),
                modality=said,
                whole=whole,
                known=self._recall(clip, said),
                shown=shown,
            )
        self._tell_again()
        self._view()
        self._read_on()
        return generation

    def forget(self) -> None:
        """Forget what was learned of every clip: another model answers from now on, or to another question."""
        with self._lock:
            self._known.clear()

    def show(self, index: int) -> None:
        """The eye went to frame `index`: assess and explain it next, and lean to where the eye is going."""
        with self._lock:
            reading = self._open
            if reading is None or index == reading.shown:
                return
            reading.direction = 1 if index > reading.shown else -1
            reading.shown = index
        self._view()

    def explain(self, target: int | None) -> None:
        """Explain the shown frame, and those shown later, for class `target`; None for each frame's final class."""
        with self._lock:
            if self._open is None:
                return
            self._open.target = target
        self._view()

    def close(self) -> None:
        """Stop reading; the queue itself stays usable."""
        with self._lock:
            self._open = None
        self._jobs.next_generation()

    def _recall(self, clip: Clip, modality: Modality) -> _Known:
        """What is known of a clip; of those read before it, only as much is kept as there is room for."""
        key = (str(clip.path), modality)
        known = self._known.pop(key, None) or _Known(pending=set(range(clip.frames)))
        self._known[key] = known
        while len(self._known) > 1 and sum(len(kept.rows) for kept in self._known.values()) > KEPT_FRAMES:
            del self._known[next(iter(self._known))]
        return known

    def _tell_again(self) -> None:
        """Have told what was learned before."""
        with self._lock:
            reading = self._open
        if reading is None or not reading.known.rows:
            return

        def work(token: CancelToken) -> None:
            assessor = self._assessor()
            for index, row in reading.known.rows.items():
                if index in reading.known.assessments:
                    self._publish_assessed(reading, index, row)
                else:
                    self._publish_failed(reading, index, row)
            self._count(reading, assessor)

        def done(answer: ViewerError | None) -> None:
            self._answered(reading, answer)

        self._jobs.submit(Priority.VIEWED_FRAME, work, done, reading.generation)

    def _view(self) -> None:
        """Ask for the shown frame, in place of the one that was asked for before."""
        with self._lock:
            reading = self._open
            if reading is None:
                return
            if reading.viewing is not None:
                reading.viewing.cancel()
            index, target = reading.shown, reading.target

            def work(token: CancelToken) -> None:
                self._assess(reading, [index] if index in reading.known.pending else [], token)
                self._explain(reading, index, target, token)

            def done(answer: ViewerError | None) -> None:
                self._answered(reading, answer)

            reading.viewing = self._jobs.submit(Priority.VIEWED_FRAME, work, done, reading.generation)

    def _read_on(self) -> None:
        """Ask for the next batch of the rest; one at a time, so that the order follows the eye."""
        with self._lock:
            reading = self._open
            if reading is None or reading.reading_on or not reading.known.pending:
                return
            reading.reading_on = True
            near = any(abs(index - reading.shown) <= NEIGHBOURS for index in reading.known.pending)

        def work(token: CancelToken) -> None:
            size = min(NEIGHBOURS, self._batch_size) if near else self._batch_size
            with self._lock:
                batch = nearest(reading.known.pending, reading.shown, reading.direction, size)
            self._assess(reading, batch, token)

        def done(answer: ViewerError | None) -> None:
            reading.reading_on = False
            # A model that cannot answer once will not answer for the next batch either.
            if not self._answered(reading, answer):
                self._read_on()

        self._jobs.submit(Priority.NEIGHBOUR if near else Priority.CLIP, work, done, reading.generation)

    def _answered(self, reading: _Open, answer: ViewerError | None) -> bool:
        """Tell of a failure, once; True when the work was not done."""
        if answer is None or isinstance(answer, JobCancelled):
            return answer is not None
        if str(answer) == reading.told:
            return True
        reading.told = str(answer)
        self._publish(Failed(generation=reading.generation, sentence=str(answer)))
        return True

    def _assess(self, reading: _Open, batch: Sequence[int], token: CancelToken) -> None:
        """Decode and assess frames; those that cannot be read become events of their own."""
        if not batch:
            return
        assessor = self._within(reading, token)
        places, broken = made_ready(assessor, reading.around, batch, self._batch_size, token)
        for index, error in broken.items():
            self._fail(reading, assessor, index, error)
        if places:
            found = assessor.assess(places, reading.modality, token.cancelled)
            for place, assessment in zip(places, found, strict=True):
                self._tell(reading, assessor, place.index, assessment)
        self._count(reading, assessor)

    def _within(self, reading: _Open, token: CancelToken) -> "Assessor":
        """The assessor, once the files that the clip was opened with have been looked at."""

        def tell(done: int, total: int) -> None:
            self._publish(Progress(generation=reading.generation, text=LOOKING, done=done, total=total))

        return self._assessor().within(reading.whole(token.cancelled, tell))

    def _tell(self, reading: _Open, assessor: "Assessor", index: int, assessment: Assessment) -> None:
        key = frame_key(reading.clip, index)
        row = assessor.row(key, assessment)
        with self._lock:
            reading.known.pending.discard(index)
            reading.known.assessments[index] = assessment
            reading.known.rows[index] = row
        self._publish_assessed(reading, index, row)

    def _fail(self, reading: _Open, assessor: "Assessor", index: int, error: ViewerError) -> None:
        key = frame_key(reading.clip, index)
        row = error_row(key, assessor.columns, error)
        with self._lock:
            reading.known.pending.discard(index)
            reading.known.rows[index] = row
            reading.known.unreadable[index] = str(error)
        self._publish_failed(reading, index, row)

    def _publish_assessed(self, reading: _Open, index: int, row: Row) -> None:
        key, assessment = frame_key(reading.clip, index), reading.known.assessments[index]
        self._publish(
            FrameAssessed(generation=reading.generation, clip=key.file, key=key, assessment=assessment, row=row)
        )

    def _publish_failed(self, reading: _Open, index: int, row: Row) -> None:
        key, sentence = frame_key(reading.clip, index), reading.known.unreadable[index]
        self._publish(FrameFailed(generation=reading.generation, clip=key.file, key=key, sentence=sentence, row=row))

    def _count(self, reading: _Open, assessor: "Assessor") -> None:
        """Publish how far the clip is, and the clip's decision once all frames are done."""
        total = reading.clip.frames
        done = total - len(reading.known.pending)
        self._publish(Progress(generation=reading.generation, text=ASSESSING, done=done, total=total))
        if done == total:
            tally = ClipTally(assessor.bundle.manifest.classes)
            for row in reading.known.rows.values():
                tally.add(row)
            self._publish(
                ClipAssessed(
                    generation=reading.generation,
                    clip=str(reading.clip.path),
                    verdict=tally.verdict(assessor.grounds, reading.modality),
                    case=assessor.case(tally.sums, reading.modality),
                )
            )

    def _explain(self, reading: _Open, index: int, target: int | None, token: CancelToken) -> None:
        assessment = reading.known.assessments.get(index)
        if assessment is None:  # the frame cannot be read; its event said so
            return
        chosen = assessment.final if target is None else target
        assessor = self._assessor()
        place = Place(reading.around, index)
        clip, seen = reading.clip, place.picture
        key = frame_key(clip, index)
        self._publish(
            Explained(
                generation=reading.generation,
                clip=key.file,
                key=key,
                target=chosen,
                explanations=assessor.explain(place, chosen, token.cancelled),
                field_of_view=assessor.field_of_view(seen),
                picture=thumbnail(seen.rgb, seen.pixel_aspect),
            )
        )


def made_ready(
    assessor: "Assessor", around: Surroundings, batch: Iterable[int], most: int, token: CancelToken
) -> tuple[list[Place], dict[int, UnreadableFile]]:
    """Frames of a batch that can be assessed, and why others cannot be read.

    Where those around take `most` passes of the network, the rest of the batch is left for another time: the eye may
    have gone elsewhere meanwhile.

    Raises:
        JobCancelled: Nobody waits any more.
    """
    places: list[Place] = []
    broken: dict[int, UnreadableFile] = {}
    passes = 0
    for index in batch:
        token.check()
        if passes >= most:
            break
        place = Place(around, index)
        try:
            passes += assessor.make_ready(place, token.cancelled)
            places.append(place)
        except UnreadableFile as error:
            broken[index] = error
    return places, broken


def nearest(pending: Iterable[int], shown: int, direction: int, count: int) -> list[int]:
    """The `count` pending frames nearest to the shown one, in ascending order.

    A frame the eye is leaving counts twice as far as one it is going to.
    """

    def cost(index: int) -> tuple[int, bool]:
        ahead = (index - shown) * direction
        return (ahead if ahead >= 0 else -2 * ahead), ahead < 0

    return sorted(sorted(pending, key=cost)[:count])
