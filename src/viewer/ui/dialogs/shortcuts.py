"""Every command with its keys, and what the mouse does."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from viewer.ui.actions import COMMANDS
from viewer.ui.texts import marked, tr
from viewer.ui.theme import scaled
from viewer.ui.widgets.labels import label

MOUSE = (
    (marked("Wheel"), marked("Zoom to the cursor")),
    (marked("Left drag, middle drag"), marked("Move the picture")),
    (marked("Right drag"), marked("Brightness and contrast")),
    (marked("Right button twice"), marked("The file's own brightness and contrast")),
    (marked("Drag a shape"), marked("Move it; at a handle, change it; with Shift, straight or square")),
    (marked("Double click a shape"), marked("Write its label; Enter does it for the chosen one")),
    (marked("Drop files or folders"), marked("Open them")),
    (marked("Click on the light"), marked("What it rests on")),
    (marked("Click on a class"), marked("Explain that class")),
    (marked("Click or drag on the timeline"), marked("Go to that frame")),
    (marked("Drag an end of the range"), marked("Choose what is played")),
    (marked("Click on a row of the frame table"), marked("Go to that frame")),
    (marked("Click on a picture side by side"), marked("Work in it")),
)

Line = tuple[str, str, str]
"""Keys or gesture, what they do, and one sentence about it."""


class ShortcutsDialog(QDialog):
    """The commands by menu, each with its keys; a box to look for one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.resize(scaled(800), scaled(680))
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search commands and keys"))
        self.search.setAccessibleName(tr("Search commands and keys"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.none = label(tr("No command has these words."), "muted")
        self.none.hide()
        self.copy = QPushButton(tr("Copy"))
        self.copy.setToolTip(tr("Copy the whole list as text"))
        self.copy.clicked.connect(lambda: QApplication.clipboard().setText(text()))
        self.print = QPushButton(tr("Print …"))
        self.print.setToolTip(tr("Print the whole list"))
        self.print.clicked.connect(self._print)
        self._sections: list[tuple[QLabel, list[tuple[Line, list[QLabel]]]]] = []
        self._build()

    @property
    def shown(self) -> tuple[Line, ...]:
        """The lines that are not filtered out."""
        lines = [entry for _, section in self._sections for entry in section]
        return tuple(line for line, labels in lines if not labels[0].isHidden())

    def _filter(self, words: str) -> None:
        for heading, lines in self._sections:
            found = [has(line, words) for line, _ in lines]
            heading.setVisible(any(found))
            for (_, labels), here in zip(lines, found, strict=True):
                for part in labels:
                    part.setVisible(here)
        self.none.setVisible(not self.shown)

    def _print(self) -> None:
        dialog = QPrintDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: print_list(dialog.printer()))
        dialog.show()

    def _build(self) -> None:
        body = QWidget()
        body.setObjectName("panel_body")
        grid = QGridLayout(body)
        grid.setContentsMargins(20, 14, 20, 14)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(2, 1)
        for title, lines in sections():
            self._sections.append(_section(grid, title, lines))
        grid.setRowStretch(grid.rowCount(), 1)
        area = QScrollArea()
        area.setAccessibleName(tr("Keyboard shortcuts"))
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        for button in (self.copy, self.print):
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        for part in (self.search, self.none):
            column.addWidget(part)
        column.addWidget(area, 1)
        column.addWidget(buttons)


def sections() -> Iterator[tuple[str, list[Line]]]:
    """Titles, each with its lines: the menus, and the mouse."""
    for menu in dict.fromkeys(command.menu for command in COMMANDS):
        yield tr(menu), [(keys(c.keys), tr(c.text), tr(c.tip)) for c in COMMANDS if c.menu == menu]
    yield tr("Mouse"), [(tr(gesture), tr(effect), "") for gesture, effect in MOUSE]


def has(line: Line, words: str) -> bool:
    """Whether a line speaks of all these words."""
    whole = " ".join(line).casefold()
    return all(word in whole for word in words.casefold().split())


def keys(shortcuts: tuple[str, ...]) -> str:
    """Keys as they are written on a keyboard; a command without any is in its menu."""
    return f"  {tr('or')}  ".join(QKeySequence(key).toString() for key in shortcuts) or tr("in the menu")


def text() -> str:
    """The whole list as lines of text."""
    lines = []
    for title, found in sections():
        lines += [title.upper(), *("\t".join(filter(None, line)) for line in found), ""]
    return "\n".join(lines)


def print_list(printer: QPrinter) -> None:
    """Print the whole list."""
    document = QTextDocument()
    document.setPlainText(text())
    document.print_(printer)


def _section(grid: QGridLayout, title: str, lines: list[Line]) -> tuple[QLabel, list[tuple[Line, list[QLabel]]]]:
    row = grid.rowCount()
    heading = label(title.upper(), "section")
    heading.setContentsMargins(0, 8 if row > 1 else 0, 0, 2)
    grid.addWidget(heading, row, 0, 1, 3)
    rows = []
    for offset, line in enumerate(lines, 1):
        parts = [label(line[0], wrap=True), label(line[1], wrap=True), label(line[2], "muted", wrap=True)]
        for column, part in enumerate(parts):
            grid.addWidget(part, row + offset, column, Qt.AlignmentFlag.AlignTop)
        rows.append((line, parts))
    return heading, rows
