"""Brings what was drawn on a clip back from the journal, and takes what is drawn from now on there."""

from typing import TYPE_CHECKING

from viewer.domain.errors import ViewerError
from viewer.domain.image import Clip
from viewer.session.edits import Change
from viewer.session.keeping import Drawn, deeds_of
from viewer.ui.pane import Pane
from viewer.ui.texts import tr

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow


class Drawings:
    """Watches the model of edits; each clip is asked for once, when it first comes into a pane."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._asked: set[str] = set()
        window.panes.equip(self._equip)
        window.reviews.drawn.connect(self._bring_back)
        window.edits.watch(self._keep)

    def _equip(self, pane: Pane) -> None:
        pane.clip_changed.connect(self._opened)
        if pane.clip is not None:
            self._opened(pane.clip)

    def _opened(self, clip: Clip) -> None:
        name = str(clip.path)
        if name not in self._asked:
            self._asked.add(name)
            self._window.reviews.recall_drawn(clip)

    def _bring_back(self, clip: Clip, found: Drawn | ViewerError) -> None:
        if isinstance(found, ViewerError):
            self._asked.discard(str(clip.path))  # asked for again when the clip is opened again
            words = tr("{file}: what was drawn and marked before cannot be shown: {reason}")
            self._window.problems.add(words.format(file=clip.path, reason=found.reason))
            return
        self._window.edits.bring_back(str(clip.path), found.annotations)
        if found.unreadable:
            words = tr("{file}: entries on drawings or key images that cannot be shown here: {count}")
            self._window.problems.add(words.format(file=clip.path, count=found.unreadable))

    def _keep(self, change: Change) -> None:
        for deed in deeds_of(change):
            clip = next(clip for clip in self._window.series.clips.clips if str(clip.path) == change.clip)
            self._window.reviews.record(clip, deed.act)
