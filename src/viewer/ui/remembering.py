"""Keeps what the next start needs while the reader works, and offers what was kept the last time."""

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, QTimer

from viewer.domain.errors import ViewerError
from viewer.domain.image import Clip, Modality, group_clips
from viewer.session.remembered import MemoryFile, Paths, Remembered, Sitting
from viewer.ui.bridge import Bridge
from viewer.ui.dialogs.first_notice import VERSION, FirstNotice
from viewer.ui.panels.notice import Offer
from viewer.ui.recent import RecentMenu, missing_of
from viewer.ui.texts import tr
from viewer.ui.widgets.labels import shortened

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow

KEEP_MS = 1500
"""What is on screen is written at most this often."""


class Remembering(QObject):
    """The memory of a window. Only the window on a screen has one: pictures of it and tests begin without a past."""

    def __init__(self, window: "MainWindow", file: MemoryFile, executor: Executor, known: Remembered) -> None:
        """Prepare; `begin` does the rest.

        Args:
            window: Whose sitting is remembered.
            file: Where it is kept.
            executor: One thread of its own, which writes.
            known: What the file held at the start.
        """
        super().__init__(window)
        self._window = window
        self._file = file
        self._executor = executor
        self._known = known
        self._recent = known.recent
        self._bridge = Bridge(self)
        self._closed = False
        self._opened: dict[Paths, None] = {}
        self._returning: _Return | None = None
        self._keepers: dict[str, Callable[[], object]] = {}
        self._restorers: dict[str, Callable[[object], object]] = {}
        self.private: Callable[[], bool] = lambda: False
        """Whether nothing may be remembered now; the window says so while its display is de-identified."""
        self._menu = RecentMenu(window.recent, self._open, self._forget)
        self._timer = QTimer(self, interval=KEEP_MS, singleShot=True)
        self._timer.timeout.connect(self._keep)
        self._connect()

    def equip(self, name: str, keep: Callable[[], object], restore: Callable[[object], object]) -> None:
        """Let a part of the window keep something of its own with the sitting.

        Args:
            name: Of the part.
            keep: Gives what to keep, values of JSON; called on the GUI thread.
            restore: Given what was kept, once the clip of that sitting is on screen again; from an older viewer, or
                damaged by hand, it may be anything.
        """
        self._keepers[name], self._restorers[name] = keep, restore

    def begin(self, restore: str, room: QSize, *, asked: bool) -> None:
        """Restore the layout, and what was open if that is wanted; before the window is shown.

        Args:
            restore: The setting: `ask`, `always` or `never`.
            room: What the screen has room for.
            asked: Whether this start was asked to open something else.
        """
        window, last = self._window, self._known.last
        if self._known.layout is not None:
            window.arrangement.restore(self._known.layout, room)
        if self._known.fault:
            window.statusBar().showMessage(self._known.fault)
        if last is None or asked or restore == "never" or self.private():
            return
        if restore == "always":
            self.reopen()
            return
        window.last_time.tell(
            last_words(last),
            Offer(tr("&Open again"), tr("Open the same files, at the same place (Ctrl+Shift+T)"), self.reopen),
            Offer(tr("&Not now"), tr("Begin with an empty window (Alt+N); the File menu opens it later")),
        )

    def greet(self) -> None:
        """Show what to know before the first picture, until it was accepted; once the window is on screen."""
        if self._known.notice < VERSION:
            self._window.action("notice").trigger()
            for notice in self._window.findChildren(FirstNotice):
                notice.accepted.connect(lambda: self._do(lambda: self._file.keep_notice(VERSION)))

    def reopen(self) -> None:
        """Open what was open the last time, and go to where the reader was."""
        last, desk = self._known.last, self._window.desk
        if last is None:
            return
        self._window.last_time.hide()
        chosen, said = desk.choice
        if desk.clip is None:
            if last.bundle and not chosen:
                desk.use_bundle(last.bundle)
            if last.modality in {modality.value for modality in Modality} and said is Modality.UNKNOWN:
                desk.say_modality(Modality(last.modality))
        self._returning = _Return(last, desk.clip, desk.frame)
        desk.opener.open([Path(path) for path in last.paths])
        self._come_back()

    def _connect(self) -> None:
        window, desk = self._window, self._window.desk
        desk.opener.opened.connect(self._clips_opened)
        desk.opener.cohort_found.connect(self._cohort_found)
        desk.opener.busy.connect(self._busy)
        desk.clip_changed.connect(lambda clip: self._changed())
        desk.frame_changed.connect(lambda index, frame: self._changed())
        desk.bundle_used.connect(lambda bundle, basis, device: self._changed())
        window.recent.setEnabled(True)
        window.recent.aboutToShow.connect(self._fill)
        window.closing.connect(self._close)
        action = window.action("reopen_last")
        action.triggered.connect(self.reopen)
        action.setEnabled(self._known.last is not None)

    def _cohort_found(self, folder: Path) -> None:
        """A cohort is listed as what was opened; its pictures, which are looked at one by one, are not."""
        if not self.private():
            paths = (str(folder.absolute()),)
            self._do(lambda: self._file.add_recent(paths), self._recent_is)

    def _clips_opened(self, clips: tuple[Clip, ...]) -> None:
        opener = self._window.desk.opener
        paths = tuple(str(path.absolute()) for path in opener.opened_with(clips[0]))
        if paths not in self._opened and not opener.opened_aside(clips[0]) and not self.private():
            self._opened[paths] = None
            self._do(lambda: self._file.add_recent(paths), self._recent_is)
        self._come_back()
        self._changed()

    def _come_back(self) -> None:
        """Once the clip of the last sitting is open again, go to it, unless the reader has gone elsewhere."""
        returning, desk = self._returning, self._window.desk
        if returning is None:
            return
        if not returning.undisturbed(desk.clip, desk.frame):
            self._returning = None
            return
        found = [c for c in self._window.series.clips.clips if str(c.path.absolute()) == returning.sitting.clip]
        if found:
            self._returning, frame = None, min(returning.sitting.frame, found[0].frames - 1)
            if desk.clip == found[0]:
                desk.seek(frame)
            else:
                desk.show_clip(found[0], frame)
            for name, restore in self._restorers.items():
                if name in returning.sitting.more:
                    restore(returning.sitting.more[name])

    def _busy(self, on: bool) -> None:
        if not on:
            self._returning = None

    def _changed(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _keep(self) -> None:
        sitting = self._sitting()
        if sitting is not None:
            self._do(lambda: self._file.keep_last(sitting))

    def _sitting(self) -> Sitting | None:
        """What the reader has before them; None where that is nothing, or may not be remembered."""
        desk = self._window.desk
        if not self._opened or self.private():
            return None
        bundle, modality = desk.choice
        return Sitting(
            paths=tuple(path for paths in self._opened for path in paths),
            studies=len(group_clips(self._window.series.clips.clips)),
            clip=str(desk.clip.path.absolute()) if desk.clip is not None else "",
            frame=desk.frame,
            bundle=bundle,
            modality="" if modality is Modality.UNKNOWN else modality.value,
            more={name: keep() for name, keep in self._keepers.items()},
        )

    # The list of what was opened ---------------------------------------------------------------------------------

    def _fill(self) -> None:
        hidden, entries = self.private(), self._recent
        self._menu.fill(entries, hidden)
        if entries and not hidden:
            self._do(lambda: missing_of(entries), self._menu.mark_missing)

    def _open(self, entry: Paths) -> None:
        self._window.desk.opener.open([Path(path) for path in entry])

    def _recent_is(self, recent: tuple[Paths, ...]) -> None:
        self._recent = recent

    def _forget(self) -> None:
        self._recent = ()
        self._window.last_time.hide()
        self._window.action("reopen_last").setEnabled(False)
        self._known = Remembered(layout=self._known.layout, notice=self._known.notice)
        self._do(self._file.forget_recent)

    # Threads -----------------------------------------------------------------------------------------------------

    def _do(self, work: Callable[[], object], done: Callable[..., None] = lambda answer: None) -> None:
        """Have work done on the thread, and its answer brought back."""

        def run() -> None:
            try:
                answer = work()
            except ViewerError as error:
                sentence = str(error)
                self._bridge.post(lambda: self._window.desk.said.emit(sentence))
            else:
                self._bridge.relay(done)(answer)

        if not self._closed:
            self._executor.submit(run)

    def _close(self) -> None:
        """Write what is left; the layout last, as it is now."""
        self._timer.stop()
        self._keep()
        layout = self._window.arrangement.taken()
        self._do(lambda: self._file.keep_layout(layout))
        self._closed = True
        self._executor.shutdown(wait=True)
        self._bridge.close()


class _Return:
    """A return to the last sitting that is under way: files open one after the other."""

    def __init__(self, sitting: Sitting, clip: Clip | None, frame: int) -> None:
        self.sitting = sitting
        self._clip, self._frame = clip, frame

    def undisturbed(self, clip: Clip | None, frame: int) -> bool:
        """Whether the reader is still where they were, or where opening the first file put them."""
        if self._clip is None:
            self._clip, self._frame = clip, 0
        return (clip, frame) == (self._clip, self._frame)


def last_words(last: Sitting) -> str:
    """What was open the last time, one sentence."""
    studies = tr("1 study") if last.studies == 1 else tr("{n} studies").format(n=last.studies)
    if not last.clip:
        return tr("Last time: {studies}.").format(studies=studies)
    words = tr("Last time: {studies}, {clip} at frame {frame}.")
    return words.format(studies=studies, clip=shortened(Path(last.clip).name), frame=last.frame + 1)
