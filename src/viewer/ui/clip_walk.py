"""Walking through a clip: range, doubtful runs, the frame that may stand for it, and the marks on the timeline."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QAction

from viewer.domain.image import Clip
from viewer.domain.result import Light
from viewer.present.rows import frame_key
from viewer.present.wording import frame_word, light_word, percent
from viewer.session.events import ClipAssessed, FrameAssessed, FrameFailed
from viewer.session.survey import LOW, Survey, next_run
from viewer.ui.texts import tr
from viewer.ui.withholding import WHOLE, Why

if TYPE_CHECKING:
    from viewer.session.edits import Change
    from viewer.ui.main_window import MainWindow

SAID_MS = 10_000
GRAVEST = (Light.RED, Light.GREY, Light.AMBER)
"""Which light of a doubtful run is named."""

OF_CLIPS = ("slower", "faster", "every_frame", "range_start", "range_end", "clear_range")
OF_ASSESSED_CLIPS = ("next_doubt", "previous_doubt", "best_frame")


class ClipWalk:
    """Commands for going through a clip, and what they rest on.

    It knows every frame's class, withheld or not, and tells none of them: marks stand between classes that are shown,
    and no frame is suggested while the clip's own answer is kept back.

    Attributes:
        survey: What is known of the frames.
    """

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.survey = Survey(1)
        self._shown = np.ones(1, bool)
        self._whole: ClipAssessed | None = None
        self._connect()

    def start_over(self, clip: Clip) -> None:
        """Forget what is known: the clip is another, or is assessed again."""
        self.survey, self._whole = Survey(clip.frames), None
        self._shown = np.ones(clip.frames, bool)
        self._window.timeline.track.show_range(*self._range())
        for name in (*OF_CLIPS, *OF_ASSESSED_CLIPS):
            self._action(name).setEnabled(clip.frames > 1)
        self.refresh()

    def refresh(self) -> None:
        """Draw the marks anew: something is shown now that was withheld, or the other way round."""
        hides = self._window.conclusions.hides
        self._shown[:] = [not hides(frame, self.survey.light(frame)) for frame in range(self.survey.frames)]
        self._mark()

    def _mark(self) -> None:
        clip, track = self._window.desk.clip, self._window.timeline.track
        if clip is not None and clip.frames == self.survey.frames:
            track.show_marks(
                keys=self._window.edits.edits(_file(clip)).key_frames,
                changes=() if self._whole is None else self._changes(self._whole),
                best=None if self._whole is None or self._answer_withheld else self._best(self._whole),
            )

    # Commands ----------------------------------------------------------------------------------------------------

    def begin_range(self) -> None:
        """Play from the frame on screen on; up to the end of the clip where it lies behind the range."""
        self._set_range(start=True)

    def end_range(self) -> None:
        """Play up to the frame on screen; from the start of the clip where it lies before the range."""
        self._set_range(start=False)

    def go_to_doubt(self, direction: int) -> None:
        """Go to the doubtful run that begins next, or last before the frame on screen, and stop there."""
        window = self._window
        if window.conclusions.hides(WHOLE, None) is Why.READ_FIRST:
            self._say(tr("Doubtful frames are told once you have confirmed your own answer to the whole clip"))
            return
        mask = self.survey.doubtful(lit=window.conclusions.frames_lit)
        run = next_run(mask, window.desk.frame, direction)
        if run is None:
            self._say(self._no_run_words(bool(mask.any()), direction))
            return
        window.player.set_playing(False)
        window.player.seek(run[0])
        self._say(self._run_words(*run))

    def go_to_best(self) -> None:
        """Go to the frame that may stand for the clip, and say why it may."""
        window, whole = self._window, self._whole
        if whole is None:
            missing = tr("{n} of {all} frames are not assessed yet")
            words = missing.format(n=self.survey.missing, all=self.survey.frames)
            self._say(tr("No frame is suggested before the clip is assessed: {words}").format(words=words))
        elif self._answer_withheld:
            self._say(tr("No frame is suggested while the answer of the clip is withheld: it would tell it"))
        elif (best := self._best(whole)) is None:
            self._say(tr("No frame can stand for this clip: none has its answer, a trust and no light against it"))
        else:
            window.player.set_playing(False)
            window.player.seek(best)
            self._say(self._best_words(best, whole))

    # What is known -----------------------------------------------------------------------------------------------

    @property
    def _answer_withheld(self) -> bool:
        return self._whole is not None and self._window.conclusions.why(WHOLE) is not None

    def _range(self) -> tuple[int, int]:
        return self._window.player.range or (0, self.survey.frames - 1)

    def _candidates(self, whole: ClipAssessed) -> NDArray[np.bool_]:
        verdict, lit = whole.verdict, self._window.conclusions.frames_lit
        if verdict.final not in verdict.classes:
            return np.zeros(self.survey.frames, bool)
        return self.survey.candidates(verdict.classes.index(verdict.final), *self._range(), lit=lit)

    def _changes(self, whole: ClipAssessed) -> tuple[int, ...]:
        """Last frames before the clip goes over to another class; none where one of the two may not be told."""
        ends = [part.last for part in whole.verdict.course[:-1]]
        return tuple(last for last in ends if self._shown[last] and self._shown[last + 1])

    def _best(self, whole: ClipAssessed) -> int | None:
        return self.survey.best(self._candidates(whole))

    def _best_words(self, best: int, whole: ClipAssessed) -> str:
        first, last = self._range()
        words = tr("Suggested: {frame}, with the highest trust ({trust}) of {n} frames that have the clip's answer")
        words = words.format(
            frame=frame_word(best, self.survey.frames),
            trust=percent(float(self.survey.trust[best])),
            n=int(self._candidates(whole).sum()),
        )
        if self._window.player.range is not None:
            words += tr(" in the range {first}–{last}").format(first=first + 1, last=last + 1)
        if not self._window.conclusions.frames_lit:
            words += tr("; single frames carry no light, so nothing is claimed of it")
        return words

    def _run_words(self, first: int, stop: int) -> str:
        """Which frames, and why they are doubtful."""
        frames, survey = range(first, stop), self.survey
        where = tr("frame {first}") if len(frames) == 1 else tr("frames {first} to {last}")
        judged = [frame for frame in frames if not survey.failed[frame]]
        found = {survey.light(frame) for frame in judged}
        failed = len(frames) - len(judged)
        reasons = [tr("{n} cannot be assessed").format(n=failed)] if failed else []
        if self._window.conclusions.frames_lit or Light.RED in found:
            reasons += [light_word(light) for light in GRAVEST if light in found][:1]
        else:
            unknown = np.isnan(survey.trust[judged])
            low = tr("trust more than {low} points below the clip's {mean}")
            reasons += [tr("trust not known")] if unknown.any() else []
            if not unknown.all():
                reasons.append(low.format(low=f"{100 * LOW:.0f}", mean=percent(survey.mean_trust)))
        words = tr("Doubtful: {where} of {all}: {why}")
        place = where.format(first=first + 1, last=stop)
        return words.format(where=place, all=self.survey.frames, why="; ".join(reasons))

    def _no_run_words(self, some: bool, direction: int) -> str:
        if some:
            words = (
                tr("No doubtful run after this frame") if direction > 0 else tr("No doubtful run before this frame")
            )
        else:
            words = tr("No doubtful frame so far") if self.survey.missing else tr("No doubtful frame in this clip")
        if self.survey.missing:
            missing = tr("{n} of {all} frames are not assessed yet")
            words += "; " + missing.format(n=self.survey.missing, all=self.survey.frames)
        return words

    # What happens ------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        window = self._window
        window.desk.frame_assessed.connect(self._frame_assessed)
        window.desk.frame_failed.connect(self._frame_failed)
        window.desk.clip_assessed.connect(self._clip_assessed)
        window.edits.watch(self._edited)
        window.player.range_changed.connect(self._range_changed)
        window.player.paced.connect(window.timeline.show_pace)
        window.timeline.track.range_dragged.connect(window.player.set_range)
        calls: dict[str, Callable[[], object]] = {
            "slower": lambda: window.timeline.change_speed(-1),
            "faster": lambda: window.timeline.change_speed(1),
            "range_start": self.begin_range,
            "range_end": self.end_range,
            "clear_range": window.player.clear_range,
            "next_doubt": lambda: self.go_to_doubt(1),
            "previous_doubt": lambda: self.go_to_doubt(-1),
            "best_frame": self.go_to_best,
        }
        for name, call in calls.items():
            self._action(name).triggered.connect(lambda _=False, call=call: call())
        self._action("every_frame").toggled.connect(window.player.set_every_frame)

    def _frame_assessed(self, event: FrameAssessed) -> None:
        frame, light = event.key.frame, event.assessment.light
        self.survey.learn(frame, event.assessment)
        self._shown[frame] = not self._window.conclusions.hides(frame, light)
        self._mark()

    def _frame_failed(self, event: FrameFailed) -> None:
        self.survey.fail(event.key.frame)
        self._mark()

    def _clip_assessed(self, event: ClipAssessed) -> None:
        self._whole = event
        self._mark()

    def _edited(self, change: "Change") -> None:
        clip = self._window.desk.clip
        if clip is not None and change.clip == _file(clip):
            self._mark()

    def _range_changed(self, first: int, last: int) -> None:
        self._window.timeline.track.show_range(first, last)
        self._mark()

    def _set_range(self, *, start: bool) -> None:
        frame, (first, last) = self._window.desk.frame, self._range()
        if start:
            self._window.player.set_range(frame, last if frame <= last else self.survey.frames - 1)
        else:
            self._window.player.set_range(first if frame >= first else 0, frame)

    def _action(self, name: str) -> QAction:
        return self._window.action(name)

    def _say(self, words: str) -> None:
        self._window.statusBar().showMessage(words, SAID_MS)


def _file(clip: Clip) -> str:
    return frame_key(clip, 0).file
