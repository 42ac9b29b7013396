"""Several pictures side by side: which clip lies in which pane, and how the others follow the one worked in.

The desk knows one clip, that of the active pane; it alone is assessed, explained and drawn over. The other panes show
their frames through feeds of their own, and carry no maps: what is over a picture must belong to its frame.
"""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from viewer.domain.errors import ViewerError
from viewer.domain.image import Clip, Frame
from viewer.session.edits import Change
from viewer.ui.frames import FrameFeed
from viewer.ui.pane import Pane
from viewer.ui.panes import Layout

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow

LAYOUTS = {"one_picture": Layout.ONE, "two_pictures": Layout.TWO, "four_pictures": Layout.FOUR}
"""Commands that arrange the panes."""

Kept = tuple[str, int]
"""File of the clip in a pane, absolute, and the frame on it; as it is remembered."""

LINKS = ("link_frames", "link_zoom", "link_window")
"""What the other panes can follow."""


class SideBySide:
    """Fills the panes, changes the active one, and keeps the others in step with it."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._feeds: dict[Pane, FrameFeed] = {}
        self._offsets: dict[Pane, int] = {}
        self._wanted: dict[int, Kept] = {}
        self._opening = False
        window.panes.equip(self._equip)
        self._connect()

    def arrange(self, layout: Layout) -> None:
        """Show one, two or four panes; empty ones are filled with the clips that follow in the list."""
        self._window.panes.arrange(layout)
        for name, which in LAYOUTS.items():
            self._window.action(name).setChecked(which is layout)
        self._fill()
        for pane, feed in self._feeds.items():
            if pane in self._beside():
                self._put(pane, pane.clip, pane.index)
            else:
                feed.stop()
        self._measure()

    def show_beside(self, clip: Clip, index: int) -> None:
        """Show a frame of a clip in the first pane that is not worked in; there is a second one then."""
        panes = self._window.panes
        if panes.arrangement is Layout.ONE:
            self.arrange(Layout.TWO)
        beside = next(pane for pane in panes.panes if pane is not panes.active)
        self._put(beside, clip, index)
        self._measure()

    def kept(self) -> dict[str, object]:
        """What lies where, as values of JSON."""
        panes = self._window.panes
        return {
            "layout": panes.arrangement.value,
            "active": panes.panes.index(panes.active),
            "panes": [[_file(pane.clip), pane.index] if pane.clip is not None else None for pane in panes.panes],
            "links": [name for name in LINKS if self._linked(name)],
        }

    def restore(self, kept: object) -> None:
        """Lay out what was kept, as far as it makes sense; clips that are still being opened come when they are."""
        try:
            layout, active, wanted, links = _read(kept)
        except (TypeError, ValueError, KeyError):
            return
        for name in LINKS:
            self._window.action(name).setChecked(name in links)
        self._wanted = wanted
        self._window.panes.arrange(layout)
        self._window.panes.place_active(active)
        self.arrange(layout)

    def _connect(self) -> None:
        window = self._window
        for name, layout in LAYOUTS.items():
            window.action(name).triggered.connect(partial(self._choose, layout))
        window.action("next_pane").triggered.connect(lambda: window.panes.activate_next())
        window.action("link_all").triggered.connect(self._link_all)
        for name in LINKS:
            window.action(name).toggled.connect(lambda _: self._measure())
        window.panes.active_changed.connect(self._work_in)
        window.edits.watch(self._follow_window)
        window.desk.opener.busy.connect(self._set_opening)
        window.desk.opener.opened.connect(lambda _: self._fill())
        window.desk.clip_changed.connect(lambda _: self._measure())
        window.desk.frame_changed.connect(lambda index, frame: self._follow_frame(index))
        window.desk.frame_unreadable.connect(lambda index, sentence: self._follow_frame(index))

    def _equip(self, pane: Pane) -> None:
        feed = self._feeds[pane] = self._window.desk.new_feed()
        feed.arrived.connect(partial(self._arrived, pane))
        pane.canvas.looked.connect(partial(self._follow_gaze, pane))

    def _choose(self, layout: Layout, checked: bool = True) -> None:
        self.arrange(layout)

    def _beside(self) -> tuple[Pane, ...]:
        """The panes that hold a clip and are not the active one."""
        panes = self._window.panes
        return tuple(pane for pane in panes.panes if pane is not panes.active and pane.clip is not None)

    def _set_opening(self, on: bool) -> None:
        self._opening = on
        self._fill()
        if not on:
            self._wanted.clear()

    # Which clip lies where ---------------------------------------------------------------------------------------

    def _fill(self) -> None:
        """Put clips that are not on screen into empty panes; once nothing more is opened, the active one again."""
        active = self._window.panes.active.clip
        if active is None or all(pane.clip is not None for pane in self._window.panes.panes):
            return
        order = self._window.series.clips.clips
        start = order.index(active) if active in order else 0
        shown = [pane.clip for pane in self._window.panes.panes]
        waiting = [clip for clip in order[start + 1 :] + order[:start] if clip not in shown]
        opened = {_file(clip): clip for clip in order} if self._wanted else {}
        for place, pane in enumerate(self._window.panes.panes):
            if pane.clip is not None:
                continue
            file, index = self._wanted.get(place, ("", 0))
            if file in opened:
                self._put(pane, opened[file], min(index, opened[file].frames - 1))
            elif (waiting and not file) or not self._opening:
                self._put(pane, waiting.pop(0) if waiting else active, 0)
        self._measure()

    def _put(self, pane: Pane, clip: Clip | None, index: int) -> None:
        """Show a frame of a clip in a pane beside the active one."""
        if clip is None:
            return
        pane.take_clip(clip, index)
        self._feeds[pane].load(self._window.desk.opener.source_of(clip))
        self._feeds[pane].show(index, 0)

    def _work_in(self, pane: Pane, before: Pane) -> None:
        """Turn the desk to the pane the reader works in."""
        desk = self._window.desk
        self._feeds[pane].stop()
        if before.clip is not None:
            before.layer.draw({})
            self._feeds[before].load(desk.opener.source_of(before.clip))
        if pane.clip is desk.clip and pane.clip is not None:
            pane.layer.use_area_of(before.layer)
            self._window.player.seek(pane.index)
            self._window.draw_overlays()
        elif pane.clip is not None:
            desk.show_clip(pane.clip, pane.index)
        self._measure()

    def _arrived(self, pane: Pane, index: int, frame: Frame | ViewerError) -> None:
        pane.layer.draw({})
        if isinstance(frame, ViewerError):
            pane.show_note(index, str(frame))
        else:
            pane.show_frame(index, frame)

    # Following ---------------------------------------------------------------------------------------------------

    def _link_all(self) -> None:
        """Link everything; where all is linked, nothing."""
        actions = [self._window.action(name) for name in LINKS]
        on = not all(action.isChecked() for action in actions)
        for action in actions:
            action.setChecked(on)

    def _linked(self, name: str) -> bool:
        return self._window.action(name).isChecked()

    def _measure(self) -> None:
        """Remember how many frames apart the panes are now; linked, they stay so."""
        frame = self._window.desk.frame
        self._offsets = {pane: pane.index - frame for pane in self._beside()}

    def _follow_frame(self, index: int) -> None:
        for pane in self._beside():
            if pane.clip is None or pane.clip.frames == 1:
                continue
            if not self._linked("link_frames"):
                self._offsets[pane] = pane.index - index
                continue
            wanted = min(max(index + self._offsets.get(pane, 0), 0), pane.clip.frames - 1)
            if wanted != pane.index:
                self._feeds[pane].show(wanted, 1 if wanted > pane.index else -1)

    def _follow_window(self, change: Change) -> None:
        """Show other pictures of the kind through the window of the active one; keep it once it is final."""
        active, view = self._window.panes.active, change.after.view
        same = (change.before.view.window, change.before.view.inverted) == (view.window, view.inverted)
        if same or active.clip is None or change.clip != str(active.clip.path) or not self._linked("link_window"):
            return
        for pane in self._beside():
            if pane.clip is not None and str(pane.clip.path) != change.clip and of_one_kind(active, pane):
                other = str(pane.clip.path)
                wanted = replace(self._window.edits.edits(other).view, window=view.window, inverted=view.inverted)
                if change.final:  # whoever watches the model may not change it
                    QTimer.singleShot(0, self._window, partial(self._window.edits.look, other, wanted, change.label))
                else:
                    pane.canvas.use_view(wanted)

    def _follow_gaze(self, pane: Pane) -> None:
        if pane is self._window.panes.active and self._linked("link_zoom"):
            gaze = pane.canvas.gaze
            for other in self._beside():
                other.canvas.look(gaze)


def of_one_kind(one: Pane, other: Pane) -> bool:
    """Whether a window on the picture of one pane means the same on that of the other."""
    if one.clip is None or other.clip is None or one.canvas.frame is None or other.canvas.frame is None:
        return False
    grey = one.canvas.frame.grey is not None, other.canvas.frame.grey is not None
    told = [(clip.modality, clip.value_unit) for clip in (one.clip, other.clip)]
    return grey == (False, False) or (grey == (True, True) and told[0] == told[1])


def _file(clip: Clip) -> str:
    return str(clip.path.absolute())


def _read(kept: object) -> tuple[Layout, int, dict[int, Kept], tuple[str, ...]]:
    """What was kept, by part.

    Raises:
        TypeError, ValueError, KeyError: It is damaged, or of another viewer.
    """
    if not isinstance(kept, dict):
        raise TypeError("not a table")
    layout, active = Layout(kept["layout"]), int(kept["active"])
    if not 0 <= active < layout.places:
        raise ValueError("no such pane")
    wanted = {}
    for place, entry in enumerate(kept["panes"]):
        if entry is not None:
            file, index = entry
            wanted[place] = (str(file), max(0, int(index)))
    return layout, active, wanted, tuple(kept["links"])
