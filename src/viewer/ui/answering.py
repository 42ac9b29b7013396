"""Takes the reader's answers to the journal, and says "confirmed" once they are there.

In read-first mode the first answer opens the AI's once the journal has tried to write it: then it is on disk, or it
waits for the disk in order, counted in the strip of what is not saved, and cannot be changed any more either.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from viewer.domain.image import Clip, Modality
from viewer.present.wording import class_word
from viewer.session.reviewing import Kept
from viewer.store.acts import Override, Review, Stage, Subject
from viewer.store.entries import Entry
from viewer.ui.drafts import Drafts
from viewer.ui.texts import marked, tr
from viewer.ui.withholding import Place, Why

if TYPE_CHECKING:
    from viewer.domain.basis import Basis
    from viewer.engine.bundle import Bundle
    from viewer.ui.main_window import MainWindow

SAVING = marked("Saving …")


class Answering:
    """Keeps the review panel in step with the desk and the journal."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._panel = window.review
        self.drafts = Drafts(window)
        self._first: dict[Place, Entry[Review]] = {}
        self._confirmed: dict[Place, Entry[Review]] = {}
        self._followed: set[int] = set()
        self._waiting: dict[Place, tuple[str, Stage]] = {}
        self._failed = False
        self._model = ""
        desk = window.desk
        desk.clip_changed.connect(self._clip_changed)
        desk.frame_changed.connect(lambda index, frame: self._ask())
        desk.bundle_used.connect(self._bundle_used)
        window.reviews.kept.connect(self._kept)
        window.reviews.recalled.connect(self._recalled)
        window.reviews.compared.connect(self._panel.show_agreement)
        self._panel.whole_changed.connect(lambda _: self._ask())
        self._panel.confirm_asked.connect(self._confirm)

    def refresh(self) -> None:
        """What the AI says, or whether it is on screen, has changed."""
        ai, _ = self._window.conclusions.ai_answer(self._frame)
        shown = ai is not None and self._window.conclusions.why(self._frame) is None
        self._panel.show_ai(ai.final if ai is not None and shown else None)
        self._say()

    def note_model(self, name: str) -> None:
        """The reader wants another model to answer; an override where the viewer had chosen the one that does."""
        if self._window.desk.models.name is None:
            self._set_aside("model", self._model, name)

    def note_modality(self, modality: Modality) -> None:
        """The reader says what pictures show; an override where the viewer took them for something else."""
        taken = self._window.desk.modality
        if taken is not Modality.UNKNOWN:
            self._set_aside("modality", taken.value, modality.value)

    def _set_aside(self, what: str, shown: str, chosen: str) -> None:
        """Have an override of the clip on screen recorded, with what the AI says of it now."""
        clip = self._window.desk.clip
        if clip is None or not shown or shown == chosen:
            return
        frame = 0 if clip.frames == 1 else None
        ai, _ = self._window.conclusions.ai_answer(frame)

        def make(reader: str, subject: Subject) -> Override:
            return Override(reader=reader, subject=subject, frame=frame, what=what, shown=shown, chosen=chosen, ai=ai)

        self._window.reviews.record(clip, make)

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
        self._model = bundle.manifest.name
        self._panel.offer_classes(bundle.manifest.classes)
        self._choose_first()
        self._window.reviews.compare()

    def _ask(self) -> None:
        clip, frame = self._window.desk.clip, self._frame
        if clip is None:
            return
        single, n = clip.frames == 1, self._window.desk.frame + 1
        one = tr("This picture") if single else tr("Frame {n} of {count}").format(n=n, count=clip.frames)
        self.drafts.put_aside()
        self._panel.ask(tr("The clip as a whole") if frame is None else one)
        self._choose_first()
        self.drafts.take_up(clip, frame)
        self.refresh()

    def _choose_first(self) -> None:
        """Offer the first answer again, to confirm or to change it."""
        clip = self._window.desk.clip
        first = None if clip is None else self._standing((str(clip.path), self._frame))
        if first is not None:
            self._panel.suggest(first.act.answer)

    def _standing(self, place: Place) -> Entry[Review] | None:
        """A first answer that is neither confirmed nor changed yet."""
        first = self._first.get(place)
        return None if first is None or first.sequence in self._followed else first

    def _confirm(self, answer: str, note: str, whole: bool) -> None:
        clip, frame = self._window.desk.clip, self._frame
        if clip is None:
            return
        ai, seen = self._window.conclusions.ai_answer(frame)
        stage = Stage.FIRST if self._window.conclusions.asks_first(frame) else Stage.FINAL

        def make(reader: str, subject: Subject) -> Review:
            return Review(
                reader=reader,
                subject=subject,
                frame=frame,
                answer=answer,
                ai=ai,
                ai_seen=seen and ai is not None,
                stage=stage,
                note=note,
            )

        self._waiting[str(clip.path), frame], self._failed = (answer, stage), False
        self._window.reviews.record(clip, make)
        if stage is Stage.FIRST:
            self._panel.note.clear()  # what was noted belongs to the first answer
        self.drafts.confirmed()
        self._say()

    def _kept(self, kept: Kept) -> None:
        tried: list[Place] = []
        for entry in kept.confirmed:
            act = entry.act
            if isinstance(act, Review):
                self._take(act.subject.file, entry)  # type: ignore[arg-type]  # of a review, as was just seen
                tried.append((act.subject.file, act.frame))
        self._failed = kept.unsaved > 0
        self._open_ai([*tried, *(self._waiting if self._failed else ())])
        if tried:
            self._window.reviews.compare()

    def _recalled(self, clip: Clip, entries: tuple[Entry[Review], ...]) -> None:
        for entry in entries:
            self._take(str(clip.path), entry)
        own = [entry.act.frame for entry in entries if entry.act.reader == self._window.reviews.reader]
        self._open_ai([(str(clip.path), frame) for frame in own])
        self._choose_first()

    def _take(self, file: str, entry: Entry[Review]) -> None:
        """Remember an answer that is in the journal."""
        act = entry.act
        place = (file, act.frame)
        if self._waiting.get(place) == (act.answer, act.stage):
            del self._waiting[place]
        if act.stage is Stage.FINAL:
            self._confirmed[place] = entry
            self._followed |= {act.follows} if act.follows is not None else set()
        elif act.reader == self._window.reviews.reader:
            self._first[place] = entry

    def _open_ai(self, places: Iterable[Place]) -> None:
        self._window.conclusions.committed(places)
        self._say()

    def _say(self) -> None:
        clip, frame, conclusions = self._window.desk.clip, self._frame, self._window.conclusions
        if clip is None:
            return
        place = (str(clip.path), frame)
        asked, hidden = conclusions.asks_first(frame), conclusions.why(frame) is Why.READ_FIRST
        answer, stage = self._waiting.get(place, ("", Stage.FINAL))
        self._panel.set_first(asked, saving=hidden and stage is Stage.FIRST)
        if answer:
            word = class_word(answer)
            self._panel.show_before(f"{tr('NOT SAVED:') if self._failed else tr(SAVING)} {word}")
        elif asked:
            self._panel.show_before(tr("Answer first: then the AI is shown."))
        elif hidden and conclusions.ai_answer(frame)[0] is not None:
            self._panel.show_before(tr("The AI's answer has been on screen here: yours counts as final."))
        else:
            self._panel.show_before(self._words(place))

    def _words(self, place: Place) -> str:
        """What was answered before."""
        first, entry = self._standing(place), self._confirmed.get(place)
        if first is not None:
            mine = class_word(first.act.answer)
            ai, _ = self._window.conclusions.ai_answer(place[1])
            if ai is None or self._window.conclusions.why(place[1]) is not None:
                return tr("First answer kept: {answer}. Confirm or change it.").format(answer=mine)
            both = tr("First answer kept: {answer}. The AI says {ai}. Confirm or change yours.")
            return both.format(answer=mine, ai=class_word(ai.final))
        return "" if entry is None else confirmed_words(entry)


def confirmed_words(entry: Entry[Review]) -> str:
    """What was confirmed, by whom and when."""
    at = entry.time.astimezone().strftime("%Y-%m-%d %H:%M")
    note = f" – {entry.act.note}" if entry.act.note else ""
    return f"{tr('Confirmed:')} {class_word(entry.act.answer)}, {entry.act.reader}, {at}{note}"
