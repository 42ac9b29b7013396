"""The light with its word and reason, the answer it judges, and what it rests on."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from viewer.domain.basis import Basis
from viewer.domain.result import Assessment, Light
from viewer.present.backing import Backing, frame_backing
from viewer.present.colours import look
from viewer.present.wording import SHOW_ANYWAY, class_word, percent, sentence, trail_words
from viewer.ui.texts import marked, tr
from viewer.ui.widgets.disclosure import Disclosure
from viewer.ui.widgets.labels import label, tip
from viewer.ui.widgets.light_sign import LightSign

WITHHELD = marked("AI answer withheld: it is unreliable here")
NO_LIGHT_YET = marked("No light yet")
RESTS_ON = marked("What this light rests on")


class LightCard(QFrame):
    """Shows the light of one answer; a click anywhere on it, or its button, opens what the light rests on."""

    asked_anyway = Signal()
    reset_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.sign = LightSign()
        self.word = label("", "word")
        self.reason = label("", "muted", wrap=True)
        self.answer = label("", "title", wrap=True)
        self.trail = label("", "muted", wrap=True)
        self.anyway = QPushButton(tr(SHOW_ANYWAY))
        self.anyway.clicked.connect(self.asked_anyway)
        self.rests_on = Disclosure(tr(RESTS_ON))
        self.backing = BackingList()
        self.rests_on.column.addWidget(self.backing)
        self.rests_on.opened.connect(lambda _: self._fill())
        self.what_if = WhatIfStrip()
        self.what_if.reset.clicked.connect(self.reset_asked)
        self._backing: Sequence[Backing] = ()
        self._build()
        for part in (self.answer, self.trail, self.anyway, self.rests_on):
            part.hide()

    def show_nothing(self, words: str) -> None:
        """Say why there is no light."""
        self._show_light(Light.GREY, words, ())
        self.rests_on.hide()
        self.answer.hide()
        self._show_trail("")
        self.anyway.hide()

    def show_pending(self, words: str) -> None:
        """Say that the light is on its way; what stays keeps its place, so that the panel does not jump."""
        self._show_light(None, words, ())
        self.answer.setText(tr("AI answer: {words}").format(words="…"))
        self.trail.setText("…")
        self.anyway.hide()

    def show_kept_back(self, *, can_show: bool) -> None:
        """Say that the reader answers first.

        Args:
            can_show: Whether there is an answer of the AI yet that could be shown all the same.
        """
        words = tr("Confirm your own answer (5): then the AI's is shown, with its light and its reasons.")
        self._show_light(None, words, (), tr("Your answer first"))
        self.rests_on.hide()
        self.answer.setText("")
        self.answer.hide()
        self._show_trail("")
        self.anyway.setText(tr("Show AI without answering"))
        self.anyway.setToolTip(tr("Show the AI's answer before you have given yours; the journal says so (A)"))
        self.anyway.setEnabled(can_show)
        self.anyway.show()

    def show_assessment(self, assessment: Assessment, basis: Basis, *, withheld: bool) -> None:
        """Show the light of the final class.

        Args:
            assessment: Of the frame.
            basis: What its light rests on.
            withheld: Whether to keep the class back.
        """
        self._show_light(assessment.light, assessment.reason, frame_backing(assessment, basis))
        trust = "" if assessment.trust is None else tr(", trust {share}").format(share=percent(assessment.trust))
        relied = assessment.light is not Light.RED
        said = tr("AI answer: {words}") if relied else tr("AI answer, not to be relied on: {words}")
        trust = trust.replace(" %", "\u00a0%")  # a number and its sign stay on one line
        said = said.format(words=class_word(assessment.classes[assessment.final]) + trust)
        self.answer.setText(tr(WITHHELD) if withheld else said)
        self.answer.show()
        self._show_trail("" if withheld else trail_words(assessment.trail))
        self.rests_on.show()
        self.anyway.setText(tr(SHOW_ANYWAY))
        self.anyway.setToolTip(tr("Show the class and its probabilities although the AI is unreliable here (A)"))
        self.anyway.setEnabled(True)
        self.anyway.setVisible(withheld)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the press, so that the release comes here."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens or closes what the light rests on."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.rests_on.button.toggle()

    def _show_trail(self, words: str) -> None:
        self.trail.setText(words)
        self.trail.setVisible(bool(words))

    def _show_light(self, light: Light | None, reason: str, found: Sequence[Backing], instead: str = "") -> None:
        word = sentence(look(light).word).rstrip(".") if light else instead or tr(NO_LIGHT_YET)
        self.sign.set_light(light)
        self.word.setText(word)
        self.reason.setText(sentence(reason))
        self._backing = found
        words = tip(f"{word}. {sentence(reason)}", *(f"{item.title}: {item.words}" for item in found))
        self.setToolTip(words)
        self.setAccessibleName(self.sign.accessibleName())
        self.setAccessibleDescription(words)
        self._fill()

    def _fill(self) -> None:
        """Write it only where they are seen: a running clip changes them with every frame."""
        if self.rests_on.is_open:
            self.backing.show_backing(self._backing)

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.word)
        top.addStretch(1)
        top.addWidget(self.sign)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 10, 10)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.reason)
        column.addWidget(self.answer)
        column.addWidget(self.trail)
        column.addWidget(self.anyway, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.what_if)
        column.addWidget(self.rests_on)


class BackingList(QWidget):
    """Titles with their sentences below; labels are kept from answer to answer, so that nothing flickers."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2, 2, 4, 2)
        self._column.setSpacing(2)
        self._rows: list[tuple[QLabel, QLabel]] = []

    @property
    def labels(self) -> tuple[QLabel, ...]:
        """The sentences that are shown."""
        return tuple(words for _, words in self._rows if not words.isHidden())

    @property
    def words(self) -> tuple[str, ...]:
        """What they say."""
        return tuple(words.text() for words in self.labels)

    def show_backing(self, found: Sequence[Backing]) -> None:
        """Show another backing."""
        while len(self._rows) < len(found):
            title, words = label("", "section"), label("", wrap=True)
            title.setContentsMargins(0, 6 if self._rows else 0, 0, 0)
            self._column.addWidget(title)
            self._column.addWidget(words)
            self._rows.append((title, words))
        for place, (title, words) in enumerate(self._rows):
            shown = place < len(found)
            title.setVisible(shown)
            words.setVisible(shown)
            if shown:
                title.setText(found[place].title.upper())
                words.setText(found[place].words)


class WhatIfStrip(QFrame):
    """What the combined trust would be with the user's weights: beside the light, without any colour of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("what_if")
        self.words = label("", wrap=True)
        self.reset = QPushButton(tr("Reset"))
        self.reset.setToolTip(tr("Back to the weights the model was calibrated with"))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 6, 6)
        row.addWidget(self.words, 1)
        row.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_words(self, words: str) -> None:
        """Show them; hide without any."""
        self.words.setText(words)
        self.setVisible(bool(words))
