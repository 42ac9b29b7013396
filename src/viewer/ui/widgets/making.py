"""In place of a map that is not there: how far its making is, how to stop it, or why there is none."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from viewer.ui.texts import tr
from viewer.ui.theme import scaled
from viewer.ui.widgets.labels import label


class Making(QWidget):
    """Words, a bar and a button.

    Signals:
        stopped: Stop making it.
        begun: Make it after all.
    """

    stopped = Signal()
    begun = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words = label("", "muted", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        self.bar.setMaximumWidth(scaled(260))
        self.stop, self.begin = QPushButton(tr("Stop")), QPushButton(tr("Make the map"))
        self.stop.setToolTip(tr("Stop making the map; the table stays"))
        self.begin.setToolTip(tr("Lay the cases out by what the network sees in them"))
        self.stop.clicked.connect(self.stopped)
        self.begin.clicked.connect(self.begun)
        column = QVBoxLayout(self)
        column.addStretch(1)
        for part in (self.words, self.bar, self.stop, self.begin):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        self.words.setMinimumWidth(scaled(200))
        column.addStretch(1)
        self.tell("")

    def progress(self, done: int, total: int) -> None:
        """How far it is."""
        self.words.setText(tr("Making the map: {n} %").format(n=100 * done // max(total, 1)))
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self._show(making=True, can_begin=False)

    def tell(self, why: str, *, can_begin: bool = False) -> None:
        """Say why there is none.

        Args:
            why: One sentence.
            can_begin: Whether it can be made.
        """
        self.words.setText(why)
        self._show(making=False, can_begin=can_begin)

    def _show(self, *, making: bool, can_begin: bool) -> None:
        self.bar.setVisible(making)
        self.stop.setVisible(making)
        self.begin.setVisible(can_begin)
