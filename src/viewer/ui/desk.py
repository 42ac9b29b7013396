"""What lies on the reading desk: the clip on screen, its frame, and what is known of it.

The window asks, the desk passes work to the threads, and answers come back as signals on the GUI thread. It holds no
widget and decides nothing about trust.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from viewer.domain.errors import ViewerError
from viewer.domain.image import Clip, Frame, Modality
from viewer.domain.result import Assessment
from viewer.session.events import ClipAssessed, Event, Explained, Failed, FrameAssessed, FrameFailed, Progress, Said
from viewer.session.jobs import Jobs, Priority
from viewer.session.reading import Reading
from viewer.ui.bridge import Bridge
from viewer.ui.frames import FrameFeed
from viewer.ui.glance import Glance
from viewer.ui.models import ChosenModels
from viewer.ui.opening import Opener
from viewer.ui.texts import marked

if TYPE_CHECKING:
    from viewer.io.prefetch import FrameStore
    from viewer.session.assessor import Assessor
    from viewer.session.session import Session

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of the frame on screen.

    Attributes:
        assessment: The assessment; None while it is under way or where there is none.
        words: Why there is none, translated where it is shown; `""` with an assessment.
    """

    assessment: Assessment | None
    words: str = ""


PENDING = Answer(None, marked("Assessing this frame …"))
CANCELLED = Answer(None, marked("Cancelled; press F5 to assess this clip"))


class Desk(QObject):
    """The state of the reading, free of widgets; every method is called on the GUI thread.

    Attributes:
        models: Which ones were chosen.

    Signals:
        clip_changed: Another clip is on screen (Clip).
        frame_changed: A frame is to be painted (index, Frame).
        frame_unreadable: A frame cannot be (index, sentence).
        answered: What is known of the frame on screen (Answer).
        frame_assessed, frame_failed, explained, clip_assessed: The worker's events of those names.
        progress: How far the worker is (words, done, total); no words when it does nothing.
        said: Something worth saying aloud.
        bundles_found: Every model there is, refused ones as errors.
        bundle_used: The model that assesses from now on, what its lights rest on, and where it runs.
        second_used, masks_used: What it is compared with, and what draws masks (MaskSource); None for nothing.
    """

    clip_changed = Signal(object)
    frame_changed = Signal(int, object)
    frame_unreadable = Signal(int, str)
    answered = Signal(object)
    frame_assessed = Signal(object)
    frame_failed = Signal(object)
    explained = Signal(object)
    clip_assessed = Signal(object)
    progress = Signal(str, int, int)
    said = Signal(str)
    bundles_found = Signal(tuple)
    bundle_used = Signal(object, object, str)
    second_used = Signal(object)
    masks_used = Signal(object)

    def __init__(
        self,
        session: "Session",
        store: "FrameStore",
        jobs: Jobs,
        opener: Opener,
        bridge: Bridge,
        *,
        bundle: str | None = None,
        second: str | None = None,
        modality: Modality = Modality.UNKNOWN,
    ) -> None:
        """Prepare.

        Args:
            session: Holds the model.
            store: Decodes frames.
            jobs: The queue of the worker that owns the device.
            opener: Opens files.
            bridge: Brings answers to the GUI thread.
            bundle: Name of the model, or None for the only one that fits.
            second: Name of a model to compare it with; None for none.
            modality: What pictures show where their files do not say it.
        """
        super().__init__()
        self.opener = opener
        self._session, self._store, self._jobs, self._bridge = session, store, jobs, bridge
        self.models = ChosenModels(
            session,
            bundle,
            second,
            used=lambda *model: bridge.post(lambda: self.bundle_used.emit(*model)),
            compared=bridge.relay(self.second_used.emit),
            drawn=bridge.relay(self.masks_used.emit),
            said=bridge.relay(self.said.emit),
        )
        self._said_modality = modality
        size = session.settings.batch_size
        self._reading = Reading(jobs, self._assessor, bridge.relay(self._event), batch_size=size)
        self._feed = FrameFeed(store, bridge)
        self._feed.arrived.connect(self._put)
        self._clip: Clip | None = None
        self._frame = 0
        self._answers: dict[int, Answer] = {}
        self._unknown = PENDING
        self._to_read = False
        self._target: int | None = None
        self._explained: Explained | None = None
        self._glance = Glance(self, lambda: self._frame, self._reading.show)
        self._listed = False

    @property
    def clip(self) -> Clip | None:
        """The clip on screen."""
        return self._clip

    @property
    def frame(self) -> int:
        """The frame that is, or is about to be, on screen."""
        return self._frame

    @property
    def modality(self) -> Modality:
        """What the clip on screen shows: the file's word, else the user's."""
        if self._clip is not None and self._clip.modality is not Modality.UNKNOWN:
            return self._clip.modality
        return self._said_modality

    @property
    def choice(self) -> tuple[str, Modality]:
        """The model that was chosen by name, or `""`, and what the user says pictures show."""
        return self.models.name or "", self._said_modality

    def show_clip(self, clip: Clip, frame: int = 0) -> None:
        """Put frame `frame` of a clip on screen; what ran for the one before is cancelled, what is known stays."""
        self._reading.close()
        self._clip, self._frame = clip, frame
        self._feed.load(self.opener.source_of(clip))
        self._glance.begin()
        self._explained = None
        self._answers.clear()
        self._unknown = PENDING
        self._to_read = True
        self.progress.emit("", 0, 0)
        self.clip_changed.emit(clip)
        self.answered.emit(PENDING)
        self._feed.show(frame, 0)

    def seek(self, frame: int, direction: int = 0) -> None:
        """Put a frame on screen, beyond the ends the end; the eye goes on by `direction`, or as it came (0)."""
        if self._clip is None:
            return
        frame = min(max(frame, 0), self._clip.frames - 1)
        if frame != self._frame:
            direction = direction or (1 if frame > self._frame else -1)
            self._frame = frame
            self._feed.show(frame, direction)

    def new_feed(self) -> FrameFeed:
        """Another feed of frames, for a picture beside the one on the desk."""
        return FrameFeed(self._store, self._bridge)

    def painted(self) -> None:
        """A picture has been painted: now the model may start, and torch with it."""
        if self._to_read and self._clip is not None:
            self._to_read = False
            self._read(self._clip)
            self.list_bundles()

    def assess_again(self) -> None:
        """Assess the clip on screen from the beginning, and all others when they are shown again."""
        self._reading.forget()
        self._explained = None
        if self._clip is not None:
            self._answers.clear()
            self._unknown = PENDING
            self.answered.emit(PENDING)
            self._read(self._clip)

    def use_bundle(self, name: str) -> None:
        """Assess with another model from now on."""
        self.models.name, self._target = name, None
        self.assess_again()

    def use_second(self, name: str | None) -> None:
        """Compare with another model from now on; None for none."""
        self.models.second = name
        self.assess_again()

    def say_modality(self, modality: Modality) -> None:
        """The user says what pictures show whose files do not say it."""
        self._said_modality = modality
        self.assess_again()

    def explain(self, target: int | None) -> None:
        """Explain a class from now on; None for the final answer."""
        self._target = target
        self._reading.explain(target)

    def cancel(self) -> None:
        """Stop everything that runs in the background; what is known stays."""
        self._reading.close()
        self.opener.cancel()
        self._to_read = False
        self._give_up(CANCELLED)

    def list_bundles(self) -> None:
        """Look for models in the background, once."""
        if self._listed:
            return
        self._listed = True
        self.look_up(self._session.bundles, self.bundles_found.emit)

    def decoder(self, clip: Clip) -> Callable[[int], Frame]:
        """Gives one frame of a clip; to be called on the worker thread."""
        source, store = self.opener.source_of(clip), self._store
        return lambda index: store.get(source, index)

    def explain_again(self) -> None:
        """Explain the frame on screen anew: what it is compared with has changed."""
        self._reading.explain(self._target)

    def look_up(self, work: Callable[[], T], show: Callable[[T | ViewerError], None]) -> None:
        """Have something found out once the worker is free.

        Args:
            work: Called on the worker thread.
            show: Called with its result on the GUI thread.
        """
        self._jobs.submit(Priority.OTHER, lambda token: work(), self._bridge.relay(show))

    def close(self) -> None:
        """Stop the threads; nothing arrives any more."""
        self._glance.stop()
        self._bridge.close()
        self._jobs.close()
        self.opener.close()
        self._store.close()
        self._session.close()

    def _put(self, index: int, frame: Frame | ViewerError) -> None:
        """Put a frame on screen."""
        if isinstance(frame, ViewerError):
            self.frame_unreadable.emit(index, str(frame))
            self.painted()
        else:
            self.frame_changed.emit(index, frame)
        if index == self._frame:
            self._glance.follow()
            self.answered.emit(self._answers.get(index, self._unknown))
            if self._explained is not None and self._explained.key.frame == index:
                self.explained.emit(self._explained)  # the eye was away so shortly that nobody is asked again

    def _read(self, clip: Clip) -> None:
        paths, said = self.opener.opened_with(clip), self._said_modality
        self._reading.open(
            clip,
            self.decoder(clip),
            modality=self.modality,
            shown=self._frame,
            whole=lambda cancelled, tell: self._session.folder_fault(paths, said, cancelled, tell),
        )
        if self._target is not None:
            self._reading.explain(self._target)

    def _assessor(self) -> "Assessor":
        """The assessor of the chosen models; on the worker thread."""
        return self.models.assessor(self.modality)

    def _event(self, event: Event) -> None:
        """Pass an event on; those of an older generation are dropped."""
        if isinstance(event, Said):
            self.said.emit(event.text)
        elif event.generation == self._reading.generation:
            self._pass_on(event)

    def _pass_on(self, event: Event) -> None:
        if isinstance(event, FrameAssessed):
            self.frame_assessed.emit(event)
            self._learn(event.key.frame, Answer(event.assessment))
        elif isinstance(event, FrameFailed):
            self.frame_failed.emit(event)
            self._learn(event.key.frame, Answer(None, event.sentence))
        elif isinstance(event, Explained):
            self._explained = event
            if event.key.frame == self._feed.shown:
                self.explained.emit(event)
        elif isinstance(event, ClipAssessed):
            self.clip_assessed.emit(event)
        elif isinstance(event, Progress):
            self.progress.emit(event.text, event.done, event.total)
        elif isinstance(event, Failed):
            self._give_up(Answer(None, event.sentence))

    def _give_up(self, answer: Answer) -> None:
        """Nothing more will be learned of this clip; what is known of its frames stays."""
        self._unknown = answer
        self.progress.emit("", 0, 0)
        if self._clip is not None and self._frame not in self._answers:
            self.answered.emit(answer)

    def _learn(self, frame: int, answer: Answer) -> None:
        self._answers[frame] = answer
        if frame == self._frame:
            self.answered.emit(answer)
