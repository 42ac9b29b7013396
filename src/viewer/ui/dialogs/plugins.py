"""Which plugins there are, what they offer, and how they fare."""

import textwrap
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from viewer.host.discovery import PluginRecord
from viewer.ui.texts import marked, tr
from viewer.ui.theme import colour, scaled
from viewer.ui.widgets.labels import label

HEADER = (marked("Plugin"), marked("Version"), marked("Load time"), marked("Health"), marked("Offers"))
WIDTHS = (200, 80, 90, 100)
"""Of all columns but the last, which takes the rest."""
OFFERS_WIDTH = 52
"""Letters to a line; Qt would cut the text after two lines."""
WHEN = marked(
    "Switching a plugin on or off takes effect the next time the viewer starts. What is slow is only asked where the "
    "setting Slow scores is on."
)
NONE = marked("No plugin is installed.")


class PluginsDialog(QDialog):
    """One row per plugin, its last error below it."""

    switched = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Plugins"))
        self.resize(scaled(880), scaled(380))
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(tr("Plugins"))
        self.tree.setHeaderLabels([tr(name) for name in HEADER])
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(18)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.tree.setWordWrap(True)
        self.tree.itemChanged.connect(self._changed)
        self._note = label(tr(WHEN), "muted", wrap=True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(10)
        column.addWidget(self.tree, 1)
        column.addWidget(self._note)
        column.addWidget(buttons)

    def show_records(self, records: Sequence[PluginRecord], disabled: frozenset[str]) -> None:
        """Show the plugins.

        Args:
            records: As they are now.
            disabled: Names that the settings switch off from the next start on.
        """
        self.tree.blockSignals(True)
        self.tree.clear()
        for record in records:
            item = _item(record, on=record.name not in disabled)
            self.tree.addTopLevelItem(item)
            item.setExpanded(True)
            for error in item.takeChildren():
                item.addChild(error)
                error.setFirstColumnSpanned(True)  # Qt keeps this only for items in a tree
        for column, width in enumerate(WIDTHS):
            self.tree.header().setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            self.tree.header().resizeSection(column, scaled(width))
        self._note.setText(tr(WHEN) if records else tr(NONE))
        self.tree.blockSignals(False)

    def _changed(self, item: QTreeWidgetItem, column: int) -> None:
        name = item.data(0, Qt.ItemDataRole.UserRole)
        if name and column == 0:
            self.switched.emit(name, item.checkState(0) is Qt.CheckState.Checked)


def offer_words(offers: Sequence[str]) -> str:
    """What a plugin offers, one line per kind: `scorer: softmax, margin`."""
    kinds: dict[str, list[str]] = {}
    for offer in offers:
        kind, _, name = offer.partition(" ")
        kinds.setdefault(kind, []).append(name)
    lines = [f"{kind}: {', '.join(names)}" for kind, names in kinds.items()]
    return "\n".join(textwrap.fill(line, OFFERS_WIDTH) for line in lines)


def _item(record: PluginRecord, *, on: bool) -> QTreeWidgetItem:
    load = "–" if record.load_ms is None else f"{record.load_ms:.0f} ms"
    offers = offer_words(record.offers) or tr("known once loaded")
    item = QTreeWidgetItem([record.name, record.version, load, tr(record.state), offers])
    item.setData(0, Qt.ItemDataRole.UserRole, record.name)
    item.setToolTip(0, f"{record.distribution}: {record.summary}")
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(0, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
    for column in range(len(HEADER)):
        item.setTextAlignment(column, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
    if record.last_error:
        error = QTreeWidgetItem([record.last_error])
        error.setForeground(0, colour("problem"))
        item.addChild(error)
    return item
