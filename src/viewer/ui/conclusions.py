"""What the worker concludes, shown panel by panel; what is withheld is kept back from all of them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from viewer.domain.basis import Basis
from viewer.domain.image import Clip
from viewer.domain.result import Light
from viewer.present.backing import frame_lights_certified
from viewer.session.events import ClipAssessed, Explained, FrameAssessed, FrameFailed
from viewer.store.acts import AiAnswer
from viewer.ui.desk import PENDING, Answer
from viewer.ui.panels.reliability import NO_BASIS
from viewer.ui.texts import tr
from viewer.ui.withholding import WHOLE, Place, Why, Withholding

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle
    from viewer.ui.main_window import MainWindow

SETTLE_MS, PLAYING_MS = 40, 150
"""The side panels follow the picture this much later, so that fast scrolling and playing cost only the picture."""


class Conclusions:
    """Keeps the light, the tables, the timeline, the list and the explanations in step with the desk.

    Attributes:
        settle: Runs while the side panels wait for the picture.
    """

    def __init__(self, window: "MainWindow", withholding: Withholding) -> None:
        self._window = window
        self._withholding = withholding
        self._basis: Basis = NO_BASIS
        self._answer, self._frame = PENDING, 0
        self._assessed: dict[int, FrameAssessed] = {}
        self._explained: Explained | None = None
        self._whole: ClipAssessed | None = None
        self._lights: dict[Place, tuple[Light, str]] = {}
        self.settle = QTimer(window, interval=SETTLE_MS, singleShot=True)
        self._connect()

    def _connect(self) -> None:
        desk, window = self._window.desk, self._window
        desk.bundle_used.connect(self._bundle_used)
        desk.answered.connect(self._answered)
        desk.frame_assessed.connect(self._frame_assessed)
        desk.frame_failed.connect(self._frame_failed)
        desk.explained.connect(self._show_explained)
        desk.clip_assessed.connect(self._clip_assessed)
        self.settle.timeout.connect(self._show_answer)
        window.player.playing_changed.connect(lambda on: self.settle.setInterval(PLAYING_MS if on else SETTLE_MS))
        window.naming.changed.connect(self._show_answer)
        window.reliability.card.asked_anyway.connect(self._reveal_frame)
        window.timeline.verdict.asked_anyway.connect(self._reveal_clip)
        window.action("show_anyway").triggered.connect(self.show_anyway)
        window.action("read_first").setChecked(self._withholding.read_first)
        window.action("read_first").toggled.connect(self._set_read_first)

    @property
    def frames_lit(self) -> bool:
        """Whether single frames carry lights: a certificate was made for them."""
        return frame_lights_certified(self._basis)

    def hides(self, frame: int | None, light: Light | None) -> Why | None:
        """Why the answer of a frame on the desk, or (`WHOLE`) of its clip, is kept back under its light, if it is."""
        clip = self._window.desk.clip
        if clip is None:
            return None
        return self._withholding.hides(str(clip.path), 0 if clip.frames == 1 else frame, light)

    def why(self, frame: int | None) -> Why | None:
        """Why the AI's answer to the frame on screen, or (`WHOLE`) to the clip, is kept back; None if it is not."""
        if frame is not WHOLE:
            assessment = self._answer.assessment
            return self.hides(frame, None if assessment is None else assessment.light)
        return self.hides(WHOLE, None if self._whole is None else self._whole.verdict.light)

    def asks_first(self, frame: int | None) -> bool:
        """Whether the reader's answer now would be given before the AI's is seen, in read-first mode."""
        clip = self._window.desk.clip
        if clip is None:
            return False
        known = self._answer.assessment if frame is not WHOLE else self._whole
        expected = known is not None or self._answer == PENDING or (frame is WHOLE and bool(self._assessed))
        return expected and self._withholding.asks_first(str(clip.path), frame)

    def told_elsewhere(self, places: Iterable[Place]) -> None:
        """The reader was told truth or answer of cases of a cohort, on purpose."""
        self._withholding.told_elsewhere(places)

    def committed(self, places: Iterable[Place]) -> None:
        """The reader has answered: what waited for that is shown."""
        for clip, frame in places:
            self._withholding.answered(clip, frame)
        if self._withholding.read_first:
            self._show_again()

    def ai_answer(self, frame: int | None) -> tuple[AiAnswer | None, bool]:
        """What the AI says of the frame on screen, or (`WHOLE`) of the clip, and whether its class has been shown."""
        model, clip = self._window.reviews.model, self._window.desk.clip
        assessment, whole = self._answer.assessment, self._whole
        if model is None or clip is None:
            return None, False
        seen = self._withholding.has_seen(str(clip.path), frame)
        if frame is not WHOLE:
            if assessment is None or self._frame != frame:
                return None, False
            return AiAnswer.of_frame(assessment, *model), seen
        return (None, False) if whole is None else (AiAnswer.of_clip(whole.verdict, *model), seen)

    def start_over(self, clip: Clip) -> None:
        """Forget what was concluded about the clip on screen: it is another, or is assessed again."""
        self._assessed.clear()
        self._explained = self._whole = None
        self._window.timeline.show_clip(clip, self._window.desk.frame)
        self._window.timeline.track.set_threshold(self._threshold())
        self._window.walk.start_over(clip)
        self._window.frames.clear()
        self._window.explanations.clear()
        self._window.disagreement.show_clip(clip.frames)
        self._show_whole()

    def forget(self) -> None:
        """Forget every light and every reveal: another model answers, or to another question."""
        self._withholding.forget()
        self._lights.clear()
        self._window.series.clips.drop_lights()

    def withhold(self, on: bool) -> None:
        """Keep answers under red back from now on, or none any more; what is on screen follows."""
        self._withholding.on_red = on
        self._show_again()

    def show_anyway(self) -> None:
        """Show what is withheld on screen: the frame's answer first, then the clip's."""
        if self.why(self._frame) is not None and self._answer.assessment is not None:
            self._reveal_frame()
        else:
            self._reveal_clip()

    # What the desk says ------------------------------------------------------------------------------------------

    def _bundle_used(self, bundle: "Bundle", basis: Basis, device: str) -> None:
        self._basis = basis
        self._window.reliability.use_basis(basis)
        self._window.disagreement.use_basis(basis)
        self._window.timeline.track.set_threshold(self._threshold())

    def _answered(self, answer: Answer) -> None:
        self._answer, self._frame = answer, self._window.desk.frame
        why = self.why(self._frame)
        if why is not None:  # at once: what the panels still show belongs to another frame
            self._window.explanations.show_withheld(why)
        if not self.settle.isActive():
            self.settle.start()

    def _frame_assessed(self, event: FrameAssessed) -> None:
        self._assessed[event.key.frame] = event
        self._show_frame(event)
        self._show_picture_light(event.assessment.light, event.assessment.reason)

    def _frame_failed(self, event: FrameFailed) -> None:
        self._window.timeline.track.set_failed(event.key.frame)
        self._window.frames.put(event.key.frame, event.row)
        self._window.disagreement.put_failed(event.key.frame)
        self._show_picture_light(Light.GREY, event.sentence)

    def _clip_assessed(self, event: ClipAssessed) -> None:
        self._whole = event
        if event.verdict.frames > 1:
            self._lights[event.clip, WHOLE] = (event.verdict.light, event.verdict.reason)
            self._show_light((event.clip, WHOLE))
        self._show_whole()
        self._offer_anyway()

    # Showing -----------------------------------------------------------------------------------------------------

    def _set_read_first(self, on: bool) -> None:
        self._withholding.read_first = on
        self._show_again()

    def _show_again(self) -> None:
        """Show or keep back everything that is known, as the reader's answers have it now."""
        for event in self._assessed.values():
            self._show_frame(event)
        for place in self._lights:
            self._show_light(place)
        self._show_whole()
        why = self.why(self._frame)
        if why is not None:
            self._window.explanations.show_withheld(why)
        elif self._explained is not None and self._explained.key.frame == self._frame:
            self._show_explained(self._explained)
        self._show_answer()

    def _show_frame(self, event: FrameAssessed) -> None:
        """Show one frame where all frames are shown."""
        frame, assessment, track = event.key.frame, event.assessment, self._window.timeline.track
        why = self.hides(frame, assessment.light)
        if why is Why.READ_FIRST:
            track.keep_back(frame)
        else:
            track.set_trust(frame, assessment.trust, assessment.light if self.frames_lit else None)
        self._window.frames.put(frame, event.row, why)
        self._window.disagreement.put(frame, assessment, why)
        self._note_seen(frame, why)

    def _show_whole(self) -> None:
        """Show the clip's own answer."""
        whole, view, why = self._whole, self._window.timeline.verdict, self.why(WHOLE)
        if why is Why.READ_FIRST:
            view.show_kept_back(can_show=whole is not None)
        elif whole is None:
            view.show_pending()
        else:
            view.show_verdict(whole.verdict, self._basis, withheld=why is not None)
            self._note_seen(WHOLE, why)

    def _show_explained(self, event: Explained) -> None:
        self._explained = event
        known = self._assessed.get(event.key.frame)
        why = self.hides(event.key.frame, None if known is None else known.assessment.light)
        if why is not None:
            self._window.explanations.show_withheld(why)
            return
        self._window.layer.set_area(event.field_of_view)
        self._window.explanations.show_explanations(
            event.explanations, event.target, event.picture, event.field_of_view
        )

    def _show_answer(self) -> None:
        panel, assessment, why = self._window.reliability, self._answer.assessment, self.why(self._frame)
        if why is Why.READ_FIRST and (assessment is not None or self._answer == PENDING):
            panel.show_kept_back(can_show=assessment is not None)
        elif assessment is not None:
            panel.show_assessment(assessment, withheld=why is not None)
        elif self._answer == PENDING:
            panel.show_pending(tr(PENDING.words))
        else:
            panel.show_nothing(self._window.naming.sentence(tr(self._answer.words)))
        if why is None and (self._explained is None or self._explained.key.frame != self._frame):
            self._window.explanations.clear()
        self._window.disagreement.show_frame(self._frame)
        self._offer_anyway()

    def _show_picture_light(self, light: Light, reason: str) -> None:
        """The light of a single picture is that of its only frame; a clip waits until it is whole."""
        clip = self._window.desk.clip
        if clip is not None and clip.frames == 1:
            self._lights[str(clip.path), 0] = (light, reason)
            self._show_light((str(clip.path), 0))

    def _show_light(self, place: Place) -> None:
        light, reason = self._lights[place]
        clips = self._window.series.clips
        if self._withholding.hides(*place, light) is Why.READ_FIRST:
            clips.keep_back(place[0])
        else:
            clips.set_light(place[0], light, reason)

    # What the reader asks for ------------------------------------------------------------------------------------

    def _reveal_frame(self) -> None:
        if self._answer.assessment is not None:
            self._reveal(self._frame)

    def _reveal_clip(self) -> None:
        if self._whole is not None:
            self._reveal(WHOLE)

    def _reveal(self, frame: int | None) -> None:
        """Show an answer that is there and kept back, and have it recorded."""
        clip, why, (ai, _) = self._window.desk.clip, self.why(frame), self.ai_answer(frame)
        if clip is not None and why is not None and ai is not None:
            self._window.reviews.reveal(clip, frame, ai, why)
            self._withholding.reveal(str(clip.path), frame, why)
            self._show_again()

    def _note_seen(self, frame: int | None, why: Why | None) -> None:
        clip = self._window.desk.clip
        if clip is not None and why is None:
            self._withholding.saw(str(clip.path), frame)

    def _offer_anyway(self) -> None:
        frame = self._answer.assessment is not None and self.why(self._frame) is not None
        clip = self._whole is not None and self.why(WHOLE) is not None
        self._window.action("show_anyway").setEnabled(frame or clip)
        self._window.answering.refresh()
        self._window.walk.refresh()

    def _threshold(self) -> float | None:
        certificate = self._basis.certificate
        green = None if certificate is None else certificate.green
        return green.threshold if green is not None and self.frames_lit else None
