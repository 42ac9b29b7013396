"""Opens pictures of an evaluated cohort as any other files, and says in place what cannot be opened."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from viewer.domain.image import Clip, Modality
from viewer.session.cohorts import Explored
from viewer.ui.panels.notice import Offer
from viewer.ui.texts import tr

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow


class CaseOpening:
    """The way from a case of a cohort to its picture on the desk."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._wanted: tuple[Path, int] | None = None
        self._problems: list[str] = []
        window.desk.opener.opened.connect(self._clips_opened)

    def open(self, explored: Explored, cases: NDArray[np.intp]) -> None:
        """Open the pictures of cases, at least one, and show the first."""
        desk, first = self._window.desk, int(cases[0])
        self._problems.clear()
        self._window.explorer.problem.hide()
        known = {clip.path: clip for clip in self._window.series.clips.every_clip}
        files = dict.fromkeys(explored.files[case] for case in cases)
        modality = explored.cohort.record.modality
        if desk.choice[1] is Modality.UNKNOWN and modality in set(Modality):
            desk.say_modality(Modality(modality))  # that of the model which judged these pictures
        self._wanted = explored.files[first], int(explored.frames[first])
        if self._wanted[0] in known:
            self._go_to(known[self._wanted[0]])
        desk.opener.open([path for path in files if path not in known], self._tell_problem)

    def _clips_opened(self, clips: tuple[Clip, ...]) -> None:
        found = [clip for clip in clips if self._wanted is not None and clip.path == self._wanted[0]]
        if found:
            self._go_to(found[0])

    def _go_to(self, clip: Clip) -> None:
        """Show the frame that is wanted."""
        if self._wanted is None:
            return
        frame, self._wanted = min(self._wanted[1], clip.frames - 1), None
        if self._window.desk.clip == clip:
            self._window.desk.seek(frame)
        else:
            self._window.desk.show_clip(clip, frame)

    def _tell_problem(self, sentence: str) -> None:
        """Say in place why a picture cannot be opened."""
        self._problems.append(sentence)
        words = self._window.naming.identity.problem(self._problems[0])
        if len(self._problems) > 1:
            more = tr("{first}, and {n} more cannot be opened")
            words = more.format(first=words, n=len(self._problems) - 1)
        self._window.explorer.problem.tell(words, Offer(tr("Close"), tr("Take this sentence away")))
