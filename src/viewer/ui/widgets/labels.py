"""Labels that take their look from the style sheet, and one that shortens itself."""

import textwrap

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QLayout, QSizePolicy, QWidget

from viewer.ui.theme import scaled

TIP_COLUMNS = 76
LONGEST_NAME = 48
"""Letters of a name of a file in a sentence."""


def label(words: str = "", role: str = "", *, wrap: bool = False, parent: QWidget | None = None) -> QLabel:
    """A label with a `role` of the style sheet: `title`, `section`, `muted`, `small`, `word` or `warning`."""
    made = QLabel(words, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)  # words come from files and plugins
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    return made


def tip(*paragraphs: str) -> str:
    """Paragraphs for a tooltip, in lines of a width that reads well: Qt breaks no plain ones."""
    return "\n".join(textwrap.fill(words, TIP_COLUMNS) for words in paragraphs if words)


def unbroken(words: str) -> str:
    """Words whose per cent signs stay beside their numbers where lines end."""
    return words.replace(" %", "\N{NO-BREAK SPACE}%")


def shortened(name: str) -> str:
    """A name of a file, the middle left out where it is long."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME // 2]}…{name[-LONGEST_NAME // 2 :]}"


def empty(layout: QLayout) -> None:
    """Take every widget out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.deleteLater()


class ElidedLabel(QLabel):
    """One line that ends in … where the room ends; the tooltip has it whole."""

    def __init__(
        self, role: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight, *, least: int = 0
    ) -> None:
        """Make it empty.

        Args:
            role: Of the style sheet, see `label`.
            mode: Which part of the words is left out.
            least: Pixels at 100 % that it keeps beside others, if its words take as many; 0 for what others leave.
        """
        super().__init__()
        self._mode, self._least = mode, least
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        across = QSizePolicy.Policy.Expanding if least else QSizePolicy.Policy.Ignored
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)

    def set_words(self, words: str) -> None:
        """Show words."""
        self.setText(words)
        self.setToolTip(words)

    def minimumSizeHint(self) -> QSize:
        """As narrow as a few letters, or as said."""
        whole = super().minimumSizeHint()
        return QSize(min(whole.width(), scaled(self._least)) if self._least else 40, whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        words = self.fontMetrics().elidedText(self.text(), self._mode, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
