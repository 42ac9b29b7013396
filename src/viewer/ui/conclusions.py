"""What the worker concludes, shown panel by panel; classes that are withheld are kept back from all of them."""

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
from viewer.ui.withholding import WHOLE, Withholding

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle
    from viewer.ui.main_window import MainWindow

SETTLE_MS = 40
"""The side panels follow the picture this much later, so that fast scrolling costs only the picture."""


class Conclusions:
    """Keeps the light, the tables, the timeline, the list and the explanations in step with the desk.

    Attributes:
        settle: Runs while the side panels wait for the picture.
    """

    def __init__(self, window: "MainWindow", *, withhold_on_red: bool) -> None:
        self._window = window
        self._withholding = Withholding(withhold_on_red)
        self._basis: Basis = NO_BASIS
        self._answer, self._frame = PENDING, 0
        self._lights: dict[int, Light] = {}
        self._explained: Explained | None = None
        self._whole: ClipAssessed | None = None
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
        window.reliability.card.asked_anyway.connect(self._reveal_frame)
        window.timeline.verdict.asked_anyway.connect(self._reveal_clip)
        window.action("show_anyway").triggered.connect(self.show_anyway)

    @property
    def withheld(self) -> bool:
        """Whether the answer of the frame on screen is kept back."""
        assessment = self._answer.assessment
        return assessment is not None and self.hides(self._frame, assessment.light)

    def ai_answer(self, frame: int | None) -> tuple[AiAnswer | None, bool]:
        """What the AI says of the frame on screen, or (`WHOLE`) of the clip, and whether its class is shown."""
        model = self._window.reviews.model
        assessment, whole = self._answer.assessment, self._whole
        if model is None:
            return None, False
        if frame is not WHOLE:
            if assessment is None or self._frame != frame:
                return None, False
            return AiAnswer.of_frame(assessment, *model), not self.withheld
        if whole is None:
            return None, False
        hidden = self._withholding.hides(whole.clip, WHOLE, whole.verdict.light)
        return AiAnswer.of_clip(whole.verdict, *model), not hidden

    @property
    def frames_lit(self) -> bool:
        """Whether single frames carry lights: a certificate was made for them."""
        return frame_lights_certified(self._basis)

    def hides(self, frame: int | None, light: Light) -> bool:
        """Whether the answer of a frame on the desk, or (`WHOLE`) of its clip, is kept back under its light."""
        clip = self._window.desk.clip
        return clip is not None and self._withholding.hides(str(clip.path), frame, light)

    def start_over(self, clip: Clip) -> None:
        """Forget what was concluded about the clip on screen: it is another, or is assessed again."""
        self._lights.clear()
        self._explained = self._whole = None
        self._window.timeline.show_clip(clip, self._window.desk.frame)
        self._window.timeline.track.set_threshold(self._threshold())
        self._window.walk.start_over(clip)
        self._window.frames.clear()
        self._window.explanations.clear()

    def forget(self) -> None:
        """Forget every light and every reveal: another model answers, or to another question."""
        self._withholding.forget()
        self._window.series.clips.drop_lights()

    def show_anyway(self) -> None:
        """Show what is withheld on screen: the frame's answer first, then the clip's."""
        if self.withheld:
            self._reveal_frame()
        elif self._whole is not None:
            self._reveal_clip()

    # What the desk says ------------------------------------------------------------------------------------------

    def _bundle_used(self, bundle: "Bundle", basis: Basis, device: str) -> None:
        self._basis = basis
        self._window.reliability.use_basis(basis)
        self._window.timeline.track.set_threshold(self._threshold())

    def _answered(self, answer: Answer) -> None:
        self._answer, self._frame = answer, self._window.desk.frame
        if self.withheld:  # at once: what the panels still show belongs to another frame
            self._window.explanations.show_withheld()
        if not self.settle.isActive():
            self.settle.start()

    def _frame_assessed(self, event: FrameAssessed) -> None:
        frame, assessment = event.key.frame, event.assessment
        self._lights[frame] = assessment.light
        self._window.timeline.track.set_trust(frame, assessment.trust, assessment.light if self.frames_lit else None)
        self._window.frames.put(frame, event.row, withheld=self.hides(frame, assessment.light))
        self._show_picture_light(assessment.light, assessment.reason)

    def _frame_failed(self, event: FrameFailed) -> None:
        self._window.timeline.track.set_failed(event.key.frame)
        self._window.frames.put(event.key.frame, event.row)
        self._show_picture_light(Light.GREY, event.sentence)

    def _clip_assessed(self, event: ClipAssessed) -> None:
        self._whole = event
        verdict = event.verdict
        withheld = self._withholding.hides(event.clip, WHOLE, verdict.light)
        self._window.timeline.verdict.show_verdict(verdict, self._basis, withheld=withheld)
        if verdict.frames > 1:
            self._window.series.clips.set_light(event.clip, verdict.light, verdict.reason)
        self._offer_anyway()

    def _show_explained(self, event: Explained) -> None:
        self._explained = event
        if self.hides(event.key.frame, self._lights.get(event.key.frame, Light.GREY)):
            self._window.explanations.show_withheld()
            return
        self._window.layer.set_area(event.field_of_view)
        self._window.explanations.show_explanations(event.explanations, event.target)

    def _show_answer(self) -> None:
        panel, assessment = self._window.reliability, self._answer.assessment
        if assessment is not None:
            panel.show_assessment(assessment, withheld=self.withheld)
        elif self._answer == PENDING:
            panel.show_pending(tr(PENDING.words))
        else:
            panel.show_nothing(tr(self._answer.words))
        self._offer_anyway()

    def _show_picture_light(self, light: Light, reason: str) -> None:
        """The light of a single picture is that of its only frame; a clip waits until it is whole."""
        clip = self._window.desk.clip
        if clip is not None and clip.frames == 1:
            self._window.series.clips.set_light(str(clip.path), light, reason)

    # What the reader asks for ------------------------------------------------------------------------------------

    def _reveal_frame(self) -> None:
        clip, assessment, model = self._window.desk.clip, self._answer.assessment, self._window.reviews.model
        if clip is None:
            return
        if self.withheld and assessment is not None and model is not None:
            self._window.reviews.reveal(clip, self._frame, AiAnswer.of_frame(assessment, *model))
        self._withholding.reveal(str(clip.path), self._frame)
        self._window.frames.reveal(self._frame)
        self._show_answer()
        if self._explained is not None and self._explained.key.frame == self._frame:
            self._show_explained(self._explained)

    def _reveal_clip(self) -> None:
        clip, model = self._window.desk.clip, self._window.reviews.model
        if self._whole is not None:
            verdict = self._whole.verdict
            hidden = self._withholding.hides(self._whole.clip, WHOLE, verdict.light)
            if hidden and clip is not None and model is not None:
                self._window.reviews.reveal(clip, WHOLE, AiAnswer.of_clip(verdict, *model))
            self._withholding.reveal(self._whole.clip, WHOLE)
            self._clip_assessed(self._whole)

    def _offer_anyway(self) -> None:
        whole = self._whole
        of_clip = whole is not None and self._withholding.hides(whole.clip, WHOLE, whole.verdict.light)
        self._window.action("show_anyway").setEnabled(self.withheld or of_clip)
        self._window.answering.refresh()
        self._window.walk.refresh()

    def _threshold(self) -> float | None:
        certificate = self._basis.certificate
        green = None if certificate is None else certificate.green
        return green.threshold if green is not None and self.frames_lit else None
