"""Takes the reader's answers to the journal, and says "confirmed" once they are there."""

from typing import TYPE_CHECKING

from viewer.domain.image import Clip
from viewer.present.wording import class_word
from viewer.session.reviewing import Kept
from viewer.store.acts import Review, Subject
from viewer.store.entries import Entry
from viewer.ui.texts import marked, tr

if TYPE_CHECKING:
    from viewer.domain.basis import Basis
    from viewer.engine.bundle import Bundle
    from viewer.ui.main_window import MainWindow

Place = tuple[str, int | None]
"""A clip's file and the frame; None for the clip as a whole."""

SAVING = marked("Saving …")


class Answering:
    """Keeps the review panel in step with the desk and the journal."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._panel = window.review
        self._confirmed: dict[Place, Entry[Review]] = {}
        self._waiting: dict[Place, str] = {}
        self._failed = False
        desk = window.desk
        desk.clip_changed.connect(self._clip_changed)
        desk.frame_changed.connect(lambda index, frame: self._ask())
        desk.bundle_used.connect(self._bundle_used)
        window.reviews.kept.connect(self._kept)
        window.reviews.recalled.connect(self._recalled)
        self._panel.whole_changed.connect(lambda _: self._ask())
        self._panel.confirm_asked.connect(self._confirm)

    def refresh(self) -> None:
        """What the AI says, or whether it is on screen, has changed."""
        ai, seen = self._window.conclusions.ai_answer(self._frame)
        self._panel.show_ai(ai.final if ai is not None and seen else None)

    @property
    def _frame(self) -> int | None:
        """What an answer is for: the frame on screen, or None for the clip as a whole."""
        return None if self._panel.whole.isChecked() else self._window.desk.frame

    def _clip_changed(self, clip: Clip) -> None:
        self._panel.whole.setVisible(clip.frames > 1)
        self._panel.whole.setChecked(False)
        self._window.reviews.recall(clip)
        self._ask()

    def _bundle_used(self, bundle: "Bundle", basis: "Basis", device: str) -> None:
        self._panel.offer_classes(bundle.manifest.classes)

    def _ask(self) -> None:
        clip, frame = self._window.desk.clip, self._frame
        if clip is None:
            return
        single, n = clip.frames == 1, self._window.desk.frame + 1
        one = tr("This picture") if single else tr("Frame {n} of {count}").format(n=n, count=clip.frames)
        self._panel.ask(tr("The clip as a whole") if frame is None else one)
        self._say()
        self.refresh()

    def _confirm(self, answer: str, note: str, whole: bool) -> None:
        clip, frame = self._window.desk.clip, self._frame
        if clip is None:
            return
        ai, seen = self._window.conclusions.ai_answer(frame)

        def make(reader: str, subject: Subject) -> Review:
            return Review(
                reader=reader,
                subject=subject,
                frame=frame,
                answer=answer,
                ai=ai,
                ai_seen=seen and ai is not None,
                note=note,
            )

        self._waiting[str(clip.path), frame], self._failed = answer, False
        self._window.reviews.record(clip, make)
        self._say()

    def _kept(self, kept: Kept) -> None:
        for entry in kept.confirmed:
            act = entry.act
            if isinstance(act, Review):
                place = (act.subject.file, act.frame)
                self._confirmed[place] = entry  # type: ignore[assignment]  # of a review, as was just seen
                if self._waiting.get(place) == act.answer:
                    del self._waiting[place]
        self._failed = kept.unsaved > 0
        self._say()

    def _recalled(self, clip: Clip, entries: tuple[Entry[Review], ...]) -> None:
        self._confirmed.update({(str(clip.path), entry.act.frame): entry for entry in entries})
        self._say()

    def _say(self) -> None:
        clip = self._window.desk.clip
        if clip is None:
            return
        place = (str(clip.path), self._frame)
        if place in self._waiting:
            answer = class_word(self._waiting[place])
            self._panel.show_before(f"{tr('NOT SAVED:') if self._failed else tr(SAVING)} {answer}")
            return
        entry = self._confirmed.get(place)
        self._panel.show_before("" if entry is None else confirmed_words(entry))


def confirmed_words(entry: Entry[Review]) -> str:
    """What was confirmed, by whom and when."""
    at = entry.time.astimezone().strftime("%Y-%m-%d %H:%M")
    note = f" – {entry.act.note}" if entry.act.note else ""
    return f"{tr('Confirmed:')} {class_word(entry.act.answer)}, {entry.act.reader}, {at}{note}"
