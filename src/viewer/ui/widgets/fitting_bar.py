"""A tool bar that shows every button at any width: where it is narrow, some lose their words and keep their icon."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QToolBar, QToolButton

Style = Qt.ToolButtonStyle


class FittingBar(QToolBar):
    """Words are given up in a fixed order, and come back with the room for them."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.setToolButtonStyle(Style.ToolButtonTextBesideIcon)
        self._spare: list[QToolButton] = []

    def spare_words_of(self, actions: Sequence[QAction]) -> None:
        """Say whose words are given up, the first one's first; each has an icon and a tip."""
        found = [self.widgetForAction(action) for action in actions]
        self._spare = [button for button in found if isinstance(button, QToolButton)]
        self._fit()

    def add_icon(self, action: QAction) -> None:
        """Add a button that never has words."""
        self.addAction(action)
        button = self.widgetForAction(action)
        if isinstance(button, QToolButton):
            button.setObjectName("icon_button")
            button.setToolButtonStyle(Style.ToolButtonIconOnly)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take another width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        for button in self._spare:
            button.setToolButtonStyle(Style.ToolButtonTextBesideIcon)
        for button in self._spare:
            if self.sizeHint().width() <= self.width():
                break
            button.setToolButtonStyle(Style.ToolButtonIconOnly)
