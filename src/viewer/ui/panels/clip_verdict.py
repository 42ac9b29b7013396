"""Beside the timeline: the one light and answer of the whole clip."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from viewer.assessment.verdict import ClipVerdict
from viewer.domain.basis import Basis
from viewer.domain.result import Light
from viewer.present.backing import clip_backing
from viewer.present.colours import look
from viewer.present.wording import SHOW_ANYWAY, class_word, course_words, percent, sentence
from viewer.ui.texts import marked, tr
from viewer.ui.widgets.labels import label, tip
from viewer.ui.widgets.light_sign import LightMark

PENDING = marked("Clip: not assessed yet")


class ClipVerdictView(QWidget):
    """Sign, word and answer; the reason and what it rests on as a tooltip."""

    asked_anyway = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mark = LightMark()
        self.word = label(tr(PENDING))
        self.answer = label("", "small", wrap=True)
        self.anyway = QPushButton(tr(SHOW_ANYWAY))
        self.anyway.setObjectName("small_button")
        self.anyway.clicked.connect(self.asked_anyway)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.word)
        words.addWidget(self.answer)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(self.anyway, 0, Qt.AlignmentFlag.AlignVCenter)
        self.show_pending()

    def show_pending(self) -> None:
        """The clip is not whole yet."""
        self._show(None, tr(PENDING), tr("its light appears with the last frame"), "")
        self.anyway.hide()

    def show_kept_back(self, *, can_show: bool) -> None:
        """Say that the reader answers first; see `LightCard.show_kept_back`."""
        words = tr("the AI's answer is shown after yours to the whole clip")
        self._show(None, tr("Clip: your answer first"), words, "")
        self.anyway.setText(tr("Show AI"))
        self.anyway.setToolTip(tr("Show the AI's answers to the clip and its frames before you have given yours"))
        self.anyway.setEnabled(can_show)
        self.anyway.show()

    def show_verdict(self, verdict: ClipVerdict, basis: Basis, *, withheld: bool) -> None:
        """Show the clip's one decision.

        Args:
            verdict: What was decided.
            basis: What its light rests on.
            withheld: Whether to keep the class back.
        """
        word = look(verdict.light).word
        found = clip_backing(verdict, basis)
        reasons = tip(*(f"{item.title}: {item.words}" for item in found))
        self._show(
            verdict.light, tr("Clip: {light}").format(light=word), answer_words(verdict, withheld=withheld), reasons
        )
        self.anyway.setText(tr(SHOW_ANYWAY))
        self.anyway.setToolTip(tr("Show the clip's class although the AI is unreliable here"))
        self.anyway.setEnabled(True)
        self.anyway.setVisible(withheld)

    def _show(self, light: Light | None, word: str, answer: str, reasons: str) -> None:
        self.mark.set_light(light)
        self.word.setText(word)
        self.answer.setText(answer)
        self.setToolTip(reasons)
        self.setAccessibleName(f"{word}. {answer}")
        self.setAccessibleDescription(reasons)


def answer_words(verdict: ClipVerdict, *, withheld: bool) -> str:
    """The clip's answer in words, or why there is none."""
    if not verdict.final:
        return sentence(verdict.error)
    failed = f"; {verdict.error}" if verdict.error else ""
    trust = tr("trust {share}").format(share=percent(verdict.trust)) + failed
    if withheld:
        return tr("answer withheld, {trust}").format(trust=trust)
    if not verdict.is_steady:
        trust += "; " + tr("not the same throughout: {course}").format(course=course_words(verdict.course))
    share = verdict.probabilities[verdict.classes.index(verdict.final)]
    words = tr("{name}, {share} on average, {trust}")
    return words.format(name=class_word(verdict.final), share=percent(share), trust=trust)
