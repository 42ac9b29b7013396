"""Answers that were begun and not confirmed: each waits until its frame or clip is on screen again."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from viewer.domain.image import Clip
from viewer.ui.panels.notice import Offer
from viewer.ui.texts import tr
from viewer.ui.widgets.labels import shortened
from viewer.ui.withholding import Place

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that was begun.

    Attributes:
        clip: What it is for.
        frame: Of the clip; None for the clip as a whole.
        answer: What was chosen; None where nothing was.
        note: What was typed.
    """

    clip: Clip
    frame: int | None
    answer: str | None
    note: str


class Drafts:
    """Keeps them while the window is open, and has the reader told before it closes. They are in no file."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._panel = window.review
        self._asked: tuple[Clip, int | None] | None = None
        self._begun: dict[Place, Draft] = {}
        self._told: tuple[Draft, ...] = ()
        window.naming.changed.connect(self._use_names)

    def put_aside(self) -> None:
        """Keep what is begun in the panel: it is about to ask for something else."""
        if self._asked is None:
            return
        clip, frame = self._asked
        begun, place = self._panel.begun, (str(clip.path), frame)
        if begun is None:
            self._begun.pop(place, None)
        else:
            self._begun[place] = Draft(clip, frame, *begun)

    def take_up(self, clip: Clip, frame: int | None) -> None:
        """Go on with what was begun of what the panel asks for now."""
        self._asked = clip, frame
        draft = self._begun.get((str(clip.path), frame))
        if draft is not None:
            self._panel.go_on(draft.answer, draft.note)

    def confirmed(self) -> None:
        """What the panel asks for is answered."""
        self.put_aside()
        if not self._begun:
            self._window.unconfirmed.hide()

    def may_close(self) -> bool:
        """Whether nothing is begun; where something is, the reader is told, and may close the next time."""
        self.put_aside()
        begun = tuple(self._begun.values())
        if not begun or begun == self._told:
            return True
        self._told = begun
        self._tell(begun)
        return False

    def _tell(self, begun: tuple[Draft, ...]) -> None:
        self._window.unconfirmed.tell(
            self._words(begun),
            Offer(tr("Go &there"), tr("Go to the answer, to confirm it (Alt+T)"), lambda: self._go_to(begun[-1])),
            Offer(tr("Close &without"), tr("Close, and drop what is not confirmed (Alt+W)"), self._window.close),
        )

    def _use_names(self) -> None:
        """Say it again in the names that may be told now."""
        if self._window.unconfirmed.isVisible():
            self._tell(self._told)

    def _words(self, begun: tuple[Draft, ...]) -> str:
        last = begun[-1]
        name, frame = shortened(self._window.naming.names(last.clip).file), last.frame
        where = name if frame is None or last.clip.frames == 1 else f"{name}, {tr('frame {n}').format(n=frame + 1)}"
        if len(begun) == 1:
            return tr("Your answer to {where} is not confirmed. Closing the viewer drops it.").format(where=where)
        words = tr("{n} of your answers are not confirmed, the last to {where}. Closing the viewer drops them.")
        return words.format(n=len(begun), where=where)

    def _go_to(self, draft: Draft) -> None:
        desk, frame = self._window.desk, draft.frame
        if desk.clip != draft.clip:
            desk.show_clip(draft.clip, frame or 0)
        elif frame is not None:
            desk.seek(frame)
        self._panel.whole.setChecked(frame is None)
        self._window.docks["review"].show()
        self._window.docks["review"].raise_()
        self._panel.setFocus()
