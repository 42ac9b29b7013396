"""What the reader did and the journal could not keep: a strip that stays until it is on disk."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from viewer.session.reviewing import Kept
from viewer.ui.texts import tr
from viewer.ui.widgets.labels import label


class UnsavedStrip(QFrame):
    """A line or two above the picture; it cannot be dismissed."""

    retry_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.words = label("", "warning", wrap=True)  # the cause stands at the end and must not be cut
        self.retry = QPushButton(tr("&Save again"))
        self.retry.setToolTip(tr("Try again to write to the journal of reviews (Alt+S)"))
        self.retry.clicked.connect(self.retry_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 6, 4)
        row.addWidget(self.words, 1)
        row.addWidget(self.retry)
        self.hide()

    def show_kept(self, kept: Kept) -> None:
        """Say how many acts are not saved and why; hide where all are."""
        one = tr("One entry is NOT SAVED: {why}. Closing the viewer loses what is not saved.")
        several = tr("{count} entries are NOT SAVED: {why}. Closing the viewer loses what is not saved.")
        words = one if kept.unsaved == 1 else several
        self.words.setText(words.format(count=kept.unsaved, why=kept.sentence))
        self.setVisible(kept.unsaved > 0)
