"""A button and a chooser whose words shorten themselves where there is no room."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
)

from viewer.ui.theme import scaled


class ElidedButton(QToolButton):
    """A button whose words lose their middle where there is no room for all of them."""

    def __init__(self, least: int) -> None:
        """Make it.

        Args:
            least: Pixels at 100 % that it keeps, if its words take as many.
        """
        super().__init__()
        self._least = least
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """As narrow as said."""
        whole = super().minimumSizeHint()
        return QSize(min(whole.width(), scaled(self._least)), whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits."""
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        around = self.sizeHint().width() - self.fontMetrics().horizontalAdvance(self.text())
        room = self.width() - around
        option.text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room)
        QStylePainter(self).drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)


class ElidedChooser(QComboBox):
    """A chooser whose words end in … where there is no room for all of them."""

    def __init__(self, least: int) -> None:
        """Make it.

        Args:
            least: Pixels at 100 % that it keeps.
        """
        super().__init__()
        self.setMinimumWidth(scaled(least))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits."""
        if self.width() >= self.sizeHint().width():
            super().paintEvent(event)
            return
        option, painter = QStyleOptionComboBox(), QStylePainter(self)
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width()
        option.currentText = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room - 2)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
