"""Every key there is."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from viewer.ui.actions import COMMANDS, MENUS, PRESETS
from viewer.ui.texts import marked, tr
from viewer.ui.widgets.labels import label

MOUSE = (
    (marked("Wheel"), marked("Zoom to the cursor")),
    (marked("Left drag"), marked("Move the picture")),
    (marked("Right drag"), marked("Brightness and contrast")),
    (marked("Right button twice"), marked("The file's own brightness and contrast")),
    (marked("Drag a shape"), marked("Move it; at a handle, change it; with Shift, straight or square")),
    (marked("Double click a shape"), marked("Write its label; Enter does it for the chosen one")),
    (marked("Click on a class"), marked("Explain that class")),
    (marked("Click on the timeline"), marked("Go to that frame")),
)


class ShortcutsDialog(QDialog):
    """The commands by menu, each with its keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.resize(760, 680)
        body = QWidget()
        body.setObjectName("panel_body")
        grid = QGridLayout(body)
        grid.setContentsMargins(20, 14, 20, 14)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(2, 1)
        grid.setColumnMinimumWidth(0, 130)
        grid.setColumnMinimumWidth(1, 140)
        for menu in (*MENUS, PRESETS):
            rows = [(_keys(c.keys), tr(c.text), tr(c.tip)) for c in COMMANDS if c.menu == menu and c.keys]
            _section(grid, tr(menu), rows)
        _section(grid, tr("Mouse"), [(tr(keys), tr(tip), "") for keys, tip in MOUSE])
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(area, 1)
        column.addWidget(buttons)


def _section(grid: QGridLayout, title: str, rows: list[tuple[str, str, str]]) -> None:
    row = grid.rowCount()
    heading = label(title.upper(), "section")
    heading.setContentsMargins(0, 8 if row > 1 else 0, 0, 2)
    grid.addWidget(heading, row, 0, 1, 3)
    for offset, (keys, text, tip) in enumerate(rows, 1):
        grid.addWidget(label(keys), row + offset, 0)
        grid.addWidget(label(text), row + offset, 1)
        grid.addWidget(label(tip, "muted"), row + offset, 2)


def _keys(keys: tuple[str, ...]) -> str:
    return f"  {tr('or')}  ".join(QKeySequence(key).toString() for key in keys)
