"""The legend of the map: every kind with its symbol, its words and how many cases it has; a click leaves it out."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QSizePolicy

from viewer.present.categories import Look
from viewer.ui.canvas.scatter import symbol_icon
from viewer.ui.texts import tr
from viewer.ui.theme import colour, scaled, widened

SIDE, PAD, WIDEST = 16, 8, 190
_KEYS = (
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End),
    *(Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter),
)


class KindsLegend(QListWidget):
    """One entry for each kind that has cases, one under the other.

    Signals:
        toggled: Leave a kind out, or show it again (its number).
    """

    toggled = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Legend: a click leaves a kind out"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.itemClicked.connect(self._toggle)
        self._shown: tuple[object, ...] = ()

    def show_kinds(self, looks: Sequence[Look], counts: Sequence[int], without: frozenset[int]) -> None:
        """Show kinds.

        Args:
            looks: Of each kind.
            counts: Cases of each; one without any is not listed.
            without: Those that are left out.
        """
        at = self.currentItem().data(Qt.ItemDataRole.UserRole) if self.currentItem() else -1
        self.clear()
        self.setIconSize(QSize(scaled(SIDE), scaled(SIDE)))
        for kind, (look, count) in enumerate(zip(looks, counts, strict=True)):
            if not count:
                continue
            on = kind not in without
            item = QListWidgetItem(symbol_icon(look, scaled(SIDE), on=on), f"{look.words}  {count}")
            item.setData(Qt.ItemDataRole.UserRole, kind)
            item.setForeground(colour("text" if on else "disabled"))
            font = item.font()
            font.setStrikeOut(not on)
            item.setFont(font)
            state = tr("shown") if on else tr("left out")
            words = tr("{kind}: {n} cases, {state}").format(kind=look.words, n=count, state=state)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
            item.setToolTip(f"{words}. {tr('Click to leave it out') if on else tr('Click to show it')}")
            self.addItem(item)
            if kind == at:
                self.setCurrentItem(item)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Claim the keys before the window's shortcuts take them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
            if plain and event.key() in _KEYS:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter do as a click does."""
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self._toggle(item)
        else:
            super().keyPressEvent(event)

    def _toggle(self, item: QListWidgetItem) -> None:
        self.toggled.emit(int(item.data(Qt.ItemDataRole.UserRole)))

    def _fit(self) -> None:
        """As wide as its entries, up to what the map can spare."""
        entries = [
            self.sizeHintForIndex(self.indexFromItem(self.item(place))).width() for place in range(self.count())
        ]
        room = max(entries, default=0) + self.verticalScrollBar().sizeHint().width() + 2 * self.frameWidth() + PAD
        self.setFixedWidth(min(room, widened(WIDEST)))
