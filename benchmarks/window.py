"""The viewer's own main window, driven from inside: opens a clip, steps through it, tells when it has painted."""

import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from viewer.app import build_window, make_application
from viewer.domain.image import Clip
from viewer.resources import site_record
from viewer.store.site_record import SiteRecord
from viewer.ui import waiting
from viewer.ui.tidying import Tidying


class PaintCounter(QObject):
    """Counts how often a widget was painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.paints = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count and let pass."""
        self.paints += event.type() == QEvent.Type.Paint
        return False

    def seconds_until_painted(self, change: Callable[[], object]) -> float:
        """Make a change; seconds until the widget has been painted."""
        before, start = self.paints, time.perf_counter()
        change()
        while self.paints == before:
            QApplication.processEvents()
        return time.perf_counter() - start


def until(condition: Callable[[], bool], limit_s: float = 300.0) -> None:
    """Let the event loop run until something is so.

    Raises:
        TimeoutError: It did not come about.
    """
    if not waiting.until(condition, limit_s):
        raise TimeoutError("the window did not get there in time")


class Window:
    """A running main window.

    Attributes:
        assessed: Frames of the clip on screen assessed so far.
        done: Whether the whole clip has been assessed.
    """

    def __init__(self, bundle: str | None) -> None:
        self.app = make_application("dark")
        args = Namespace(bundle=bundle, second=None, modality=None)
        self.main = build_window(args, record=lambda: SiteRecord(site_record()))
        Tidying(self.main)
        self.assessed = 0
        self.done = False
        desk = self.main.desk
        desk.frame_assessed.connect(self._one_more)
        desk.clip_assessed.connect(self._finished)
        desk.clip_changed.connect(self._begin)
        desk.answered.connect(self._check)
        self.counter = PaintCounter(self.main.canvas.viewport())
        self.main.show()

    def open(self, path: Path) -> None:
        """Open a clip and show its first frame."""
        desk = self.main.desk
        opened: list[Clip] = []
        desk.opener.opened.connect(opened.extend)
        desk.opener.open([path])
        until(lambda: bool(opened))
        if desk.clip is not opened[0]:
            desk.show_clip(opened[0])
        until(lambda: self.main.canvas.frame is not None and self.counter.paints > 0)

    def step(self, index: int) -> float:
        """Show another frame; seconds until it has been painted."""
        return self.counter.seconds_until_painted(lambda: self.main.player.seek(index))

    def canvas_size(self) -> tuple[int, int]:
        """Width and height of the picture area, in pixels."""
        size = self.main.canvas.viewport().size()
        return size.width(), size.height()

    def close(self) -> None:
        """Stop every thread."""
        self.main.close()

    def _begin(self, _clip: object) -> None:
        self.assessed, self.done = 0, False

    def _one_more(self, _event: object) -> None:
        self.assessed += 1

    def _finished(self, _verdict: object) -> None:
        self.done = True

    def _check(self, answer: object) -> None:
        words = getattr(answer, "words", "")
        if words and "…" not in words and "Cancelled" not in words:
            raise SystemExit(f"the clip is not assessed: {words}")
