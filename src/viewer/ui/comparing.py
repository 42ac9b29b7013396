"""Opens a picture of a gallery beside the one on screen."""

from pathlib import Path
from typing import TYPE_CHECKING

from viewer.domain.image import Clip
from viewer.domain.result import Exhibit

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow


class Comparing:
    """The way from an exhibit to the second picture; what cannot be opened is told as for all other files."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._wanted: tuple[Path, int] | None = None
        window.explanations.exhibit_asked.connect(self.open)
        window.desk.opener.opened.connect(self._clips_opened)

    def open(self, exhibit: Exhibit) -> None:
        """Show the exhibit's file at its frame in the second pane; the reader goes on working in the first."""
        path = Path(exhibit.file)
        self._wanted = path, exhibit.frame
        known = [clip for clip in self._window.series.clips.every_clip if clip.path == path]
        if known:
            self._clips_opened(tuple(known))
        else:
            # Aside: what was only compared with is no reading to come back to.
            self._window.desk.opener.open([path], self._window.problems.add)

    def _clips_opened(self, clips: tuple[Clip, ...]) -> None:
        if self._wanted is None:
            return
        path, frame = self._wanted
        for clip in clips:
            if clip.path == path:
                self._wanted = None
                self._window.side_by_side.show_beside(clip, min(frame, clip.frames - 1))
                return
