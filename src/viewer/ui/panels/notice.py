"""One sentence above the picture with what can be done about it; it stops nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from viewer.ui.widgets.labels import label


@dataclass(frozen=True, slots=True)
class Offer:
    """A button of a notice.

    Attributes:
        text: On the button; `&` before the letter of its key.
        tip: One sentence.
        do: Called when it is pressed.
        stays: Whether the notice stays afterwards.
    """

    text: str
    tip: str
    do: Callable[[], object] = lambda: None
    stays: bool = False


class NoticeStrip(QFrame):
    """Says one thing at a time, until one of its buttons is pressed; it takes no focus by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.words = label(wrap=True)
        narrow = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        narrow.setHeightForWidth(True)
        self.words.setSizePolicy(narrow)  # a long name of a file does not widen the window
        self.buttons: list[QPushButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 4, 6, 4)
        self._row.addWidget(self.words, 1)
        self.hide()

    def tell(self, words: str, *offers: Offer) -> None:
        """Say something, in place of what was said before."""
        self.words.setText(words)
        self.setAccessibleName(words)
        for button in self.buttons:
            self._row.removeWidget(button)
            button.deleteLater()
        self.buttons = [self._button(offer) for offer in offers]
        self.show()

    def _button(self, offer: Offer) -> QPushButton:
        button = QPushButton(offer.text)
        button.setToolTip(offer.tip)
        if not offer.stays:
            button.clicked.connect(self.hide)
        button.clicked.connect(lambda: offer.do())
        self._row.addWidget(button)
        return button
