"""Everything a window tells in words: on screen, in tooltips and to screen readers."""

from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QTabWidget, QWidget

from .conftest import Room

ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)


def spoken(widget: QWidget) -> Iterator[str]:
    """Every word a widget shows, has as a tooltip, or tells a screen reader; a chooser's offers are no answer."""
    if isinstance(widget, QComboBox):
        return
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
    text = getattr(widget, "text", None)
    if callable(text):
        yield str(text())
    yield widget.statusTip()
    if isinstance(widget, QTabWidget):
        yield from (widget.tabText(place) + widget.tabToolTip(place) for place in range(widget.count()))


def cells(model: QAbstractItemModel, parent: QModelIndex | None = None) -> Iterator[str]:
    parent = parent or QModelIndex()
    for row in range(model.rowCount(parent)):
        for column in range(model.columnCount(parent)):
            index = model.index(row, column, parent)
            yield from (str(index.data(role)) for role in ROLES)
        yield from cells(model, model.index(row, 0, parent))


def told(room: Room) -> str:
    """Everything the window tells but the names of the classes beside their (withheld) probabilities."""
    window = room.window
    words = [window.statusBar().currentMessage(), window.windowTitle()]
    words += [word for widget in (window, *window.findChildren(QWidget)) for word in spoken(widget)]
    probabilities = window.reliability.probabilities
    offers = {chooser.model() for chooser in window.findChildren(QComboBox)} | {probabilities}
    models = dict.fromkeys(view.model() for view in window.findChildren(QAbstractItemView))  # always in one order
    words += [word for model in models if model is not None and model not in offers for word in cells(model)]
    words += [
        str(probabilities.index(row, 1).data(role)) for row in range(probabilities.rowCount()) for role in ROLES
    ]
    return "\n".join(words).replace("nevus: withheld", "").replace("Class by class: The claim also holds", "")
