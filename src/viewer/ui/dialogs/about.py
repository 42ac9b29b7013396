"""What this is, what it is not, and what it is made of."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from viewer.present.wording import RESEARCH_USE
from viewer.session.components import Component
from viewer.ui.texts import marked, tr
from viewer.ui.theme import scaled
from viewer.ui.widgets.labels import label

WORDS = marked(
    "Shows what an image classifier says, and whether it can be trusted for the picture at hand. "
    "A light is never a diagnosis: it speaks about the AI, not about the patient."
)
LOOKING = marked("Looking up versions and licences …")
HEADER = (marked("Component"), marked("Version"), marked("Licence"))

Parts = Sequence[tuple[str, Sequence[Component]]]
"""Headings, each with what stands below it."""


class AboutDialog(QDialog):
    """Name, version, the sentence that it is research software, and every component with its licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About the reliability viewer"))
        self.resize(scaled(620), scaled(560))
        self.name = label(tr("Reliability viewer"), "title")
        self.note = label(tr(LOOKING), "muted")
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(tr("Components and licences"))
        self.tree.setHeaderLabels([tr(name) for name in HEADER])
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.copy = QPushButton(tr("Copy"))
        self.copy.setToolTip(tr("Copy all of this as text, for a report of a problem"))
        self.copy.setEnabled(False)
        self.copy.clicked.connect(lambda: QApplication.clipboard().setText(self.text()))
        self._parts: Parts = ()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 16)
        column.setSpacing(10)
        for part in (
            self.name,
            label(tr(RESEARCH_USE), "warning", wrap=True),
            label(tr(WORDS), wrap=True),
            self.note,
        ):
            column.addWidget(part)
        column.addWidget(self.tree, 1)
        column.addWidget(buttons)

    @property
    def filled(self) -> bool:
        """Whether it is known already what the viewer is made of."""
        return bool(self._parts)

    def show_parts(self, version: str, parts: Parts) -> None:
        """Show what the viewer is made of.

        Args:
            version: Of the viewer itself.
            parts: Everything else.
        """
        self._parts = parts
        self.name.setText(f"{tr('Reliability viewer')} {version}".rstrip())
        self.note.hide()
        self.copy.setEnabled(True)
        self.tree.clear()
        for heading, components in parts:
            item = QTreeWidgetItem([heading])
            self.tree.addTopLevelItem(item)
            item.addChildren([QTreeWidgetItem([part.name, part.version, part.licence]) for part in components])
            item.setExpanded(True)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)

    def text(self) -> str:
        """All of it as lines of text."""
        lines = [self.name.text(), tr(RESEARCH_USE)]
        for heading, components in self._parts:
            lines += ["", heading]
            lines += ["  ".join(filter(None, (part.name, part.version, part.licence))) for part in components]
        return "\n".join(lines)
