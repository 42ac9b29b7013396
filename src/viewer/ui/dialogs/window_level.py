"""Centre and width of the window as numbers, beside the picture."""

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QDoubleSpinBox, QFormLayout, QVBoxLayout, QWidget

from viewer.domain.windowing import default_window, least_width
from viewer.ui.texts import tr
from viewer.ui.viewing import Viewing
from viewer.ui.widgets.labels import label

FURTHEST = 1e9
"""Largest number that can be typed."""


class WindowLevelDialog(QDialog):
    """Follows the picture and changes it at once; it stays open while reading goes on."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self.setWindowTitle(tr("Window"))
        self.center, self.width_box = QDoubleSpinBox(), QDoubleSpinBox()
        for box, name in ((self.center, tr("Centre of the window")), (self.width_box, tr("Width of the window"))):
            box.setAccessibleName(name)
            box.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)  # arrow keys and the wheel step
            box.setKeyboardTracking(False)  # a number counts once it is whole
            box.setRange(-FURTHEST, FURTHEST)
            box.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
            box.setMinimumWidth(150)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.of_file = buttons.addButton(tr("Window of the file"), QDialogButtonBox.ButtonRole.ResetRole)
        self.auto = buttons.addButton(tr("Automatic"), QDialogButtonBox.ButtonRole.ActionRole)
        self.of_file.setAutoDefault(False)
        self.auto.setAutoDefault(False)
        buttons.rejected.connect(self.close)
        form = QFormLayout()
        form.addRow(tr("Centre (level)"), self.center)
        form.addRow(tr("Width"), self.width_box)
        column = QVBoxLayout(self)
        column.addWidget(label(tr("On screen only: the AI sees the file's own display."), "muted"))
        column.addLayout(form)
        column.addWidget(buttons)

    def follow(self, viewing: Viewing) -> None:
        """Show and change the window of the picture before the reader."""
        self._viewing = viewing
        self.center.valueChanged.connect(lambda value: self._set(value, self._window()[1]))
        self.width_box.valueChanged.connect(lambda value: self._set(self._window()[0], value))
        self.of_file.clicked.connect(lambda: viewing.set_window(None, tr("Window of the file")))
        self.auto.clicked.connect(viewing.set_auto_window)
        viewing.changed.connect(self._show)
        self._show()

    def _window(self) -> tuple[float, float]:
        """As it is, with every digit; the boxes round."""
        frame = self._viewing.frame
        return self._viewing.view.window or (default_window(frame) if frame is not None else (0.0, 1.0))

    def _set(self, center: float, width: float) -> None:
        self._viewing.set_window((center, width))

    def _show(self) -> None:
        frame = self._viewing.frame
        for part in (self.center, self.width_box, self.of_file, self.auto):
            part.setEnabled(frame is not None)
        if frame is None or self._viewing.clip is None:
            return
        center, width = self._window()
        decimals = 0 if width >= 100 else 2 if width >= 1 else 6
        unit = f" {self._viewing.clip.value_unit}" if self._viewing.clip.value_unit else ""
        for box, value in ((self.center, center), (self.width_box, width)):
            with QSignalBlocker(box):
                box.setDecimals(decimals)
                box.setSuffix(unit)
                box.setMinimum(least_width(frame) if box is self.width_box else -FURTHEST)
                box.setValue(value)
