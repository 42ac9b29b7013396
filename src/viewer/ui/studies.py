"""Keeps the worklist and the marks of the list in step with what is open and with the journal, whoever writes it."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from viewer.domain.errors import ViewerError
from viewer.domain.image import Clip, study_of
from viewer.session.reviewing import Begin, Kept
from viewer.session.worklist import (
    Known,
    StudyRow,
    Told,
    as_many_as_ever,
    marks_of,
    neutral_row,
    reopening,
    state_of,
    study_facts,
    study_rows,
)
from viewer.store.acts import ReadingState, StudyState
from viewer.store.canonical import spoken
from viewer.ui.dialogs.export import ask_where_to_export, say_exported
from viewer.ui.panels.worklist_model import STATE_WORDS
from viewer.ui.texts import tr

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow

SETTLE_MS = 150
"""The worklist follows what is opened and assessed this much later: a folder fills it in a few steps."""
STATE_COMMANDS = {
    "mark_done": ReadingState.DONE,
    "mark_in_review": ReadingState.IN_REVIEW,
    "mark_unread": ReadingState.UNREAD,
}
POLL_MS = 3_000
"""How often an active window asks whether another viewer has recorded something."""


class Studies:
    """The worklist of a window.

    Attributes:
        settle: Runs while the worklist is behind.
        poll: Asks for what other viewers record.
    """

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._panel = window.worklist
        self._known = Known()
        self._rows: dict[str, StudyRow] = {}
        self._told: dict[str, Told] = {}
        self._own = 0
        self._saving: dict[str, ReadingState] = {}
        self._failed = False
        self._confirmed: set[str] = set()
        self._wanted = ""
        self.settle = QTimer(window, interval=SETTLE_MS, singleShot=True)
        self.poll = QTimer(window, interval=POLL_MS)
        self._connect()
        self.poll.start()
        window.closing.connect(self.poll.stop)
        QTimer.singleShot(0, window, window.reviews.survey)

    def mark(self, state: ReadingState) -> None:
        """Put the study on screen into a state."""
        clip = self._window.desk.clip
        if clip is None:
            return
        self._refresh()
        row = self._rows.get(spoken(study_of(clip)))
        if row is not None and row.state is not state:
            self._mark(row, state)

    def _connect(self) -> None:
        window, reviews = self._window, self._window.reviews
        reviews.begin = self._begin
        reviews.kept.connect(self._kept)
        reviews.surveyed.connect(self._surveyed)
        reviews.recalled.connect(lambda clip, entries: reviews.survey())  # its content is known now
        window.desk.opener.opened.connect(self._opened)
        window.desk.opener.busy.connect(self._set_opening)
        window.desk.clip_changed.connect(lambda clip: self._panel.select(spoken(study_of(clip))))
        window.series.clips.lights_changed.connect(lambda gone: self._refresh() if gone else self._follow())
        window.action("read_first").toggled.connect(self._refresh)
        for name, state in STATE_COMMANDS.items():
            window.action(name).triggered.connect(lambda _=False, state=state: self.mark(state))
        window.action("export_reviews").triggered.connect(lambda: ask_where_to_export(window))
        reviews.exported.connect(lambda out, told: say_exported(window, out, told))
        self._panel.study_chosen.connect(self._show)
        self._panel.state_asked.connect(self._mark)
        self.settle.timeout.connect(self._refresh)
        window.naming.changed.connect(self._refresh)
        self.poll.timeout.connect(lambda: reviews.survey() if window.isActiveWindow() else None)

    # What happens ------------------------------------------------------------------------------------------------

    def _opened(self, clips: tuple[Clip, ...]) -> None:
        wanted = next((clip for clip in clips if spoken(study_of(clip)) == self._wanted), None)
        if wanted is not None:
            self._wanted = ""
            self._window.desk.show_clip(wanted)
        self._follow()

    def _set_opening(self, on: bool) -> None:
        if not on:
            self._wanted = ""  # it was not among the files, or could not be opened: a sentence says so

    def _kept(self, kept: Kept) -> None:
        for entry in kept.confirmed:
            self._own = max(self._own, entry.sequence)
            if isinstance(entry.act, StudyState):
                self._confirmed.add(entry.act.subject.study)
        self._failed = kept.unsaved > 0
        self._window.reviews.survey()
        self._follow()

    def _surveyed(self, known: Known | ViewerError) -> None:
        if isinstance(known, ViewerError):
            self._panel.show_fault(tr("The reviews cannot be read: {why}").format(why=known))
            return
        self._panel.show_fault("")
        self._known = known
        self._saving = {study: state for study, state in self._saving.items() if study not in self._confirmed}
        self._confirmed.clear()
        clip = self._window.desk.clip
        if known.head > self._own and clip is not None:  # somebody else has recorded something
            self._own = known.head
            self._window.reviews.recall(clip)
        self._refresh()

    def _follow(self) -> None:
        if not self.settle.isActive():
            self.settle.start()

    def _refresh(self) -> None:
        clips = self._window.series.clips
        every = clips.every_clip
        clips.set_marks(marks_of(every, self._known))
        words = tr("NOT SAVED: {state}") if self._failed else tr("Saving … {state}")
        saving = {study: words.format(state=tr(STATE_WORDS[state])) for study, state in self._saving.items()}
        # Read first: a light that another reader's answer was given under says something of the AI, too.
        earlier = not self._window.action("read_first").isChecked()
        rows = study_rows(every, self._known, clips.lights, earlier=earlier, told=self._told)
        self._rows = {row.study: row for row in rows}
        if self._window.naming.de_identified:
            rows = tuple(neutral_row(row, number) for number, row in enumerate(rows, start=1))
        self._panel.show_rows(rows, saving)

    # What the reader asks for ------------------------------------------------------------------------------------

    def _show(self, row: StudyRow) -> None:
        """Show a study: its first clip without an answer, else its first; open it again where it is not open."""
        model = self._window.series.clips
        clips = [clip for clip in model.every_clip if spoken(study_of(clip)) == row.study]
        if clips:
            self._window.desk.show_clip(next((clip for clip in clips if not model.marks(clip).answers), clips[0]))
        elif file := self._rows[row.study].file:
            self._wanted = row.study
            self._window.desk.opener.open([Path(file)])

    def _mark(self, row: StudyRow, state: ReadingState) -> None:
        row = self._rows[row.study]  # as it is, whatever it may be called
        self._saving[row.study], self._failed = state, False
        self._confirmed.discard(row.study)
        self._window.reviews.record_state(state_of(row.study, row.file, row.about, state))
        self._refresh()

    def _begin(self, clip: Clip) -> Begin:
        """What begins the reading of a clip's study."""
        study = study_of(clip)
        clips = [other for other in self._window.series.clips.every_clip if study_of(other) == study] or [clip]
        kept = next((row.about for row in self._known.studies if row.study == spoken(study)), None)
        return state_of(study, reopening(clips), as_many_as_ever(study_facts(clips), kept), ReadingState.IN_REVIEW)
