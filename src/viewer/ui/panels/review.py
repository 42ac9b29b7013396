"""The reader's own answer: a class or unsure, a note, confirm; and what was confirmed before."""

from collections.abc import Sequence
from dataclasses import asdict

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QVBoxLayout, QWidget

from viewer.present.wording import class_word
from viewer.store.current import Agreement
from viewer.ui.texts import marked, tr
from viewer.ui.widgets.chooser import KeyChooser
from viewer.ui.widgets.labels import label, tip

UNSURE = "unsure"
"""The reader's answer where no class fits well enough."""

CHOOSE = marked("Choose …")
NOTHING_BEFORE = marked("Not answered yet")


class ReviewPanel(QWidget):
    """Asks for one answer to the frame or clip on screen.

    Signals:
        confirm_asked: The reader wants an answer kept (answer, note, whether for the clip as a whole).
        whole_changed: The answer is for the clip as a whole, or for the frame again.
    """

    confirm_asked = Signal(str, str, bool)
    whole_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel_body")
        self.subject = label("", "title", wrap=True)
        self.before = label(tr(NOTHING_BEFORE), "muted", wrap=True)
        self.whole = QCheckBox(tr("Whole clip"))
        self.whole.hide()  # until there is a clip
        self.answers = KeyChooser()
        self.answers.setMinimumContentsLength(8)  # long names of classes do not widen the window
        self.answers.setSizeAdjustPolicy(KeyChooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.answers.setAccessibleName(tr("Your answer"))
        self.agree = QPushButton(tr("&Agree with AI"))
        self.agree.setToolTip(tr("Choose the AI's class as your answer (Alt+A)"))
        self.note = QLineEdit()
        self.note.setPlaceholderText(tr("Note, without names"))
        self.note.setAccessibleName(tr("Note to your answer"))
        self.confirm = QPushButton(tr("Confir&m"))
        self.confirm.setToolTip(tr("Keep this answer in the journal of reviews (Alt+M)"))
        self.agreement = label("", "muted", wrap=True)
        self.agreement.hide()
        self._ai: str | None = None
        self._touched = False
        self._saving = False
        self._build()
        self.offer_classes(())
        self.answers.currentIndexChanged.connect(self._refresh)
        self.agree.clicked.connect(lambda: self.answers.setCurrentIndex(self.answers.findData(self._ai)))
        self.confirm.clicked.connect(self._confirm)
        self.note.returnPressed.connect(self._confirm)
        self.whole.toggled.connect(self.whole_changed)
        for touch in (self.answers.activated, self.agree.clicked, self.note.textEdited):
            touch.connect(self._touch)

    def offer_classes(self, classes: Sequence[str]) -> None:
        """Offer the classes of a model, and to be unsure."""
        self.answers.clear()
        self.answers.addItem(tr(CHOOSE), None)
        for name in classes:
            self.answers.addItem(class_word(name), name)
        self.answers.addItem(tr("Unsure"), UNSURE)
        self._refresh()

    def ask(self, subject: str) -> None:
        """Ask for an answer to something else, with nothing chosen."""
        self._touched = False
        self.subject.setText(subject)
        self.answers.setCurrentIndex(0)
        self.note.clear()
        self._refresh()

    @property
    def begun(self) -> tuple[str | None, str] | None:
        """Answer and note that the reader entered and did not confirm; None where they entered nothing."""
        entered = self.answers.currentData(), self.note.text().strip()
        return entered if self._touched and any(entered) else None

    def go_on(self, answer: str | None, note: str) -> None:
        """Put back what the reader had entered."""
        self.answers.setCurrentIndex(max(0, self.answers.findData(answer)))
        self.note.setText(note)
        self._touched = True

    def suggest(self, answer: str) -> None:
        """Choose an answer for a reader who has chosen none yet, and confirms or changes it."""
        if self.answers.currentData() is None:
            self.answers.setCurrentIndex(max(0, self.answers.findData(answer)))

    def set_first(self, first: bool, *, saving: bool) -> None:
        """Say whether the answer comes before the AI's, and wait while such an answer is being written."""
        self._saving = saving
        self.confirm.setText(tr("Confir&m first answer") if first else tr("Confir&m"))
        self._refresh()

    def show_agreement(self, found: Agreement) -> None:
        """Say how the reader's first answers compare with the AI's."""
        words = agreement_words(found)
        told = tr("First answers: {agreed} of {first} agreed with the AI, {changed} changed, {open} open")
        short = told if found.first else tr("First answers: {open} open")
        self.agreement.setText(short.format(**asdict(found)) if words else "")
        self.agreement.setToolTip(tip(*words))
        self.agreement.setVisible(bool(words))
        self._keep_in_sight()

    def show_ai(self, answer: str | None) -> None:
        """Let the reader agree with the AI's class; None where it is not on screen."""
        self._ai = answer
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep every line of what is said in sight."""
        super().resizeEvent(event)
        self._keep_in_sight()

    def show_before(self, words: str) -> None:
        """Say what was confirmed before, or how the saving goes."""
        self.before.setText(words or tr(NOTHING_BEFORE))
        self._keep_in_sight()

    def _confirm(self) -> None:
        answer = self.answers.currentData()
        if answer is not None and self.confirm.isEnabled():
            self._touched = False
            self.confirm_asked.emit(answer, self.note.text().strip(), self.whole.isChecked())

    def _touch(self) -> None:
        self._touched = True

    def _keep_in_sight(self) -> None:
        """A dock that is too low cuts off lines of labels that it does not know of."""
        for words in (self.before, self.agreement):
            words.setMinimumHeight(max(0, words.heightForWidth(words.width())))

    def _refresh(self) -> None:
        self.agree.setEnabled(self._ai is not None)
        self.confirm.setEnabled(self.answers.currentData() is not None and not self._saving)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        for part in (self.subject, self.before, self.whole, self.answers, self.note, self.agree, self.confirm):
            column.addWidget(part)
        column.addSpacing(6)
        column.addWidget(self.agreement)
        column.addStretch(1)


def agreement_words(found: Agreement) -> list[str]:
    """First answers beside the AI's in one or two sentences; none where there are none."""
    sentences = []
    if found.first:
        first = tr("Of one first answer") if found.first == 1 else tr("Of {n} first answers").format(n=found.first)
        said = tr("{first} {n} agreed with the AI; you changed {changed}, {to_ai} to the AI's class.")
        sentences.append(said.format(first=first, n=found.agreed, changed=found.changed, to_ai=found.to_ai))
    if found.open:
        sentences.append(tr("First answers not yet confirmed or changed: {n}.").format(n=found.open))
    return sentences
