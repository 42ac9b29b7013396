"""Status bar: what the worker does, how far it is, and how to stop it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QWidget

from viewer.ui.texts import tr
from viewer.ui.theme import scaled
from viewer.ui.widgets.labels import label


class Activity(QWidget):
    """Words, a bar and a cancel button; only words when nothing runs."""

    def __init__(self, cancel: QAction) -> None:
        super().__init__()
        self.words = label(tr("Ready"))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(scaled(160))
        self.bar.setAccessibleName(tr("Progress"))
        self.cancel = QToolButton()
        self.cancel.setDefaultAction(cancel)
        self.cancel.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        kept = self.cancel.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # Qt shows this widget over a message whenever its height changes
        self.cancel.setSizePolicy(kept)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(8)
        for part in (self.words, self.bar, self.cancel):
            row.addWidget(part)
        self._opening = False
        self._works: dict[str, tuple[str, int, int]] = {}
        self._show()

    @property
    def busy(self) -> bool:
        """Whether anything runs."""
        return self._opening or self._work is not None

    def set_opening(self, on: bool) -> None:
        """Files are being read, or no longer."""
        self._opening = on
        self._show()

    def set_progress(self, text: str, done: int, total: int, *, of: str = "") -> None:
        """How far the worker, or a thread beside it, is.

        Args:
            text: What it does; `""` when it does nothing.
            done: Pieces of work that are done.
            total: All of them.
            of: Which one; what the worker itself does is shown before all others.
        """
        self._works[of] = (text, done, total)
        self._show()

    @property
    def _work(self) -> tuple[str, int, int] | None:
        """What is done and not finished."""
        return next((work for _, work in sorted(self._works.items()) if work[0] and work[1] < work[2]), None)

    def _show(self) -> None:
        text, done, total = self._work or ("", 0, 0)
        working = bool(text)
        idle = tr("Opening files") if self._opening else tr("Ready")
        progress = tr("{work}: {done} of {total}").format(work=tr(text), done=done, total=total)
        self.words.setText(progress if working else idle)
        self.bar.setUpdatesEnabled(False)  # else Qt paints the bar, and all else that waits for it, here and now
        self.bar.setRange(0, total if working else 0)
        self.bar.setValue(done)
        self.bar.setUpdatesEnabled(True)
        self.bar.setVisible(self.busy)
        self.cancel.setVisible(self.busy)
        self.cancel.defaultAction().setEnabled(self.busy)
