"""A picture of the real window, taken when its work is done."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from viewer.domain.errors import ViewerError
from viewer.ui.conclusions import SETTLE_MS
from viewer.ui.desk import PENDING, Answer
from viewer.ui.docks import give_room
from viewer.ui.main_window import MainWindow
from viewer.ui.panes import Layout
from viewer.ui.waiting import until

FRAME_LIMIT_S = 300.0
"""Longest wait for the shown frame: the first one waits for torch and the model."""


@dataclass(frozen=True)
class Shot:
    """What to take a picture of.

    Attributes:
        paths: Files and folders to open.
        out: PNG to write.
        size: Width and height of the window in pixels.
        frame: Frame of the first clip, from 0.
        clip_limit_s: Longest wait for a whole clip to be assessed.
        layout: Pictures side by side.
        explanation: Name of the explainer whose page is turned to; `""` for none.
    """

    paths: list[Path]
    out: Path
    size: tuple[int, int]
    frame: int
    clip_limit_s: float
    layout: Layout = Layout.ONE
    explanation: str = ""


class Watch:
    """Notes what has happened in the window.

    Attributes:
        problems: Sentences about files that could not be opened.
        opening: Whether files are being opened, or are about to be.
        answer: What is known of the shown frame.
        explained: Whether it has been explained.
        clip_done: Whether the whole clip has been assessed.
    """

    def __init__(self, window: MainWindow) -> None:
        self.problems: list[str] = []
        self.opening = True
        self.answer: Answer = PENDING
        self.explained = self.clip_done = False
        desk = window.desk
        desk.opener.problem.connect(self.problems.append)
        desk.opener.busy.connect(self._set_opening)
        desk.answered.connect(self._set_answer)
        desk.explained.connect(lambda _: setattr(self, "explained", True))
        desk.clip_assessed.connect(lambda _: setattr(self, "clip_done", True))

    @property
    def frame_done(self) -> bool:
        """The shown frame is assessed and explained, or will never be."""
        if self.answer == PENDING:
            return False
        return self.explained or self.answer.assessment is None

    def expect_another_frame(self) -> None:
        """What is known belongs to the frame that leaves the screen."""
        self.answer, self.explained = PENDING, False

    def _set_opening(self, on: bool) -> None:
        self.opening = on

    def _set_answer(self, answer: Answer) -> None:
        self.answer = answer


def take(app: QApplication, window: MainWindow, shot: Shot) -> None:
    """Open the files, wait for the work, write the picture.

    Raises:
        ViewerError: Nothing could be opened, there is no such frame or explanation, or the picture cannot be written.
    """
    if not shot.out.resolve().parent.is_dir():
        raise ViewerError(f"{shot.out}: there is no folder for the picture")
    watch = Watch(window)
    window.arrange(*shot.size)
    window.show()
    window.desk.opener.open(shot.paths)
    until(lambda: not watch.opening and not window.exploring.busy, FRAME_LIMIT_S)
    if window.exploring.explored is not None and window.desk.clip is None:
        _save(app, window, shot.out)
        return
    window.side_by_side.arrange(shot.layout)
    _go_to(window, shot.frame, watch)
    until(lambda: watch.frame_done, FRAME_LIMIT_S)
    if watch.answer.assessment is not None:
        until(lambda: watch.clip_done, shot.clip_limit_s)
    if shot.explanation:
        _rest()
        _turn_to(window, shot.explanation)
    _save(app, window, shot.out)


def _save(app: QApplication, window: MainWindow, out: Path) -> None:
    _rest()
    app.processEvents()
    if not window.grab().save(str(out), "PNG"):
        raise ViewerError(f"{out}: the picture cannot be written")


def _rest() -> None:
    """Panels follow the picture a little later."""
    until(lambda: False, 4 * SETTLE_MS / 1000)


def _turn_to(window: MainWindow, name: str) -> None:
    """Show the page of an explainer, with room enough to read it."""
    names = window.explanations.pages
    if name not in names:
        raise ViewerError(f"there is no explanation called {name} here; there are: {', '.join(names) or 'none'}")
    dock = window.docks["explanations"]
    dock.show()
    dock.raise_()
    give_room(window, "explanations")
    window.explanations.turn_to(name)


def _go_to(window: MainWindow, frame: int, watch: Watch) -> None:
    clip = window.desk.clip
    if clip is None:
        raise ViewerError(watch.problems[0] if watch.problems else "there is no picture in these files")
    if not 0 <= frame < clip.frames:
        raise ViewerError(f"{clip.path}: there is no frame {frame}, the last one is {clip.frames - 1}")
    if frame != window.desk.frame:
        watch.expect_another_frame()
        window.desk.seek(frame)
