"""What the reader did and the journal could not keep: a strip that stays until it is on disk."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from viewer.session.reviewing import Kept
from viewer.ui.widgets.labels import ElidedLabel


class UnsavedStrip(QFrame):
    """One line above the picture; it cannot be dismissed."""

    retry_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.words = ElidedLabel("warning", Qt.TextElideMode.ElideMiddle)
        self.retry = QPushButton("&Save again")
        self.retry.setToolTip("Try again to write to the journal of reviews (Alt+S)")
        self.retry.clicked.connect(self.retry_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 6, 4)
        row.addWidget(self.words, 1)
        row.addWidget(self.retry)
        self.hide()

    def show_kept(self, kept: Kept) -> None:
        """Say how many acts are not saved and why; hide where all are."""
        count = "One entry is" if kept.unsaved == 1 else f"{kept.unsaved} entries are"
        self.words.set_words(f"{count} NOT SAVED: {kept.sentence}. Closing the viewer loses what is not saved.")
        self.setVisible(kept.unsaved > 0)
