"""One button for several tools, for a bar that has no room for all of them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton


class ToolChoice(QToolButton):
    """Is the tool that was used last; its menu holds all of them."""

    def __init__(self, name: str, tools: Sequence[QAction]) -> None:
        super().__init__()
        self.setObjectName("tool_choice")
        self.setAccessibleName(name)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        menu = QMenu(self)
        menu.addActions(list(tools))
        self.setMenu(menu)
        self.setDefaultAction(tools[0])
        for tool in tools:
            tool.triggered.connect(lambda _=False, tool=tool: self.setDefaultAction(tool))
