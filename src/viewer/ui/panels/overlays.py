"""The list of overlays: which maps and outlines are drawn over the picture, how strongly and in which colours."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from viewer.domain.outline import Outline
from viewer.domain.result import Layer
from viewer.present.colours import COLOUR_MAPS
from viewer.present.wording import class_word
from viewer.ui.texts import tr
from viewer.ui.theme import scaled
from viewer.ui.widgets.labels import label
from viewer.ui.widgets.legend import Legend
from viewer.ui.widgets.slider import KeySlider

DEFAULT_OPACITY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayLook:
    """How an overlay is drawn.

    Attributes:
        shown: Whether it is drawn.
        opacity: In [0, 1].
        colour_map: One of `COLOUR_MAPS`; `""` for an outline, which has its own colour.
    """

    shown: bool
    opacity: float
    colour_map: str


class OverlayRow(QFrame):
    """One map or outline: on/off, opacity, legend, and the colours of a map."""

    changed = Signal()

    def __init__(self, overlay: Layer, look: OverlayLook) -> None:
        super().__init__()
        self.shown = QCheckBox()
        self.opacity = KeySlider()
        self.colours = QComboBox()
        self.colours.addItems(list(COLOUR_MAPS))
        self.legend = Legend()
        self._title: str | None = None
        self._share = label("", "small")
        self._share.setMinimumWidth(scaled(36))
        self._build()
        self.show_overlay(overlay, look)
        self.shown.toggled.connect(self.changed)
        self.opacity.valueChanged.connect(self._opacity_changed)
        self.colours.currentTextChanged.connect(self._colours_changed)

    @property
    def look(self) -> OverlayLook:
        """As the controls stand."""
        return OverlayLook(
            shown=self.shown.isChecked(),
            opacity=self.opacity.value() / 100,
            colour_map="" if isinstance(self._overlay, Outline) else self.colours.currentText(),
        )

    def show_overlay(self, overlay: Layer, look: OverlayLook) -> None:
        """Show another overlay with the controls set to `look`."""
        self._overlay = overlay
        with QSignalBlocker(self.shown), QSignalBlocker(self.opacity), QSignalBlocker(self.colours):
            self.shown.setChecked(look.shown)
            self.opacity.setValue(round(look.opacity * 100))
            self.colours.setCurrentText(look.colour_map)
        self.colours.setVisible(not isinstance(overlay, Outline))
        self._share.setText(f"{self.opacity.value()} %")
        self._show_legend()
        self._name(overlay.title)

    def forget(self) -> None:
        """Hide the row, and the class in its words with it."""
        self.hide()
        self._name("")

    def _name(self, title: str) -> None:
        if title == self._title:
            return
        self._title = title
        self.shown.setText(class_word(title))
        self.shown.setToolTip(title)
        self.opacity.setAccessibleName(tr("Opacity of {overlay}").format(overlay=title))
        self.colours.setAccessibleName(tr("Colours of {overlay}").format(overlay=title))

    def _opacity_changed(self, value: int) -> None:
        self._share.setText(f"{value} %")
        self.changed.emit()

    def _colours_changed(self) -> None:
        self._show_legend()
        self.changed.emit()

    def _show_legend(self) -> None:
        if isinstance(self._overlay, Outline):
            self.legend.show_line(self._overlay.legend)
        else:
            self.legend.show_scale(self._overlay.limits, self._overlay.unit, self.colours.currentText())

    def _build(self) -> None:
        self.opacity.setToolTip(tr("Opacity over the picture; the picture itself is never altered"))
        self.colours.setToolTip(tr("Colour map"))
        controls = QHBoxLayout()
        controls.setSpacing(8)
        controls.addWidget(label(tr("Opacity"), "small"))
        controls.addWidget(self.opacity, 1)
        controls.addWidget(self._share)
        controls.addWidget(self.colours)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 8)
        column.setSpacing(5)
        column.addWidget(self.shown)
        column.addLayout(controls)
        column.addWidget(self.legend)


class OverlayList(QWidget):
    """All overlays of the shown frame; what the user chose for one stays when the next frame brings it again."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, OverlayRow] = {}
        self._overlays: dict[str, Layer] = {}
        self._looks: dict[str, OverlayLook] = {}
        self._hidden = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    @property
    def all_hidden(self) -> bool:
        """Whether the hide-all key is on."""
        return self._hidden

    def hide_all(self, hidden: bool) -> None:
        """Hide every overlay, or show again those that are on."""
        self._hidden = hidden
        self.changed.emit()

    def show_overlays(self, overlays: dict[str, Layer]) -> None:
        """Hold the overlays of a frame, by a name that stays the same from frame to frame."""
        self._overlays = dict(overlays)
        for row in [row for name, row in self._rows.items() if name not in overlays]:
            row.forget()  # and keep it: building rows anew takes longer than a frame is on screen
        for name, overlay in overlays.items():
            look = self._looks.setdefault(name, self._first_look(overlay))
            if name in self._rows:
                self._rows[name].show_overlay(overlay, look)
                self._rows[name].show()
            else:
                self._add(name, OverlayRow(overlay, look))
        self.changed.emit()

    def take_off(self) -> None:
        """Draw nothing, as these overlays belong to another frame; the rows stay until it is known what follows."""
        self._overlays = {}
        self.changed.emit()

    def _add(self, name: str, row: OverlayRow) -> None:
        """Add a row, and let Tab go through all where they stand; it would come to the latest last of all."""
        row.changed.connect(lambda name=name: self._remember(name))
        self._rows[name] = row
        self._column.addWidget(row)
        before: QWidget = self
        for each in self._rows.values():
            for part in (each.shown, each.opacity, each.colours):
                QWidget.setTabOrder(before, part)
                before = part

    def row(self, name: str) -> OverlayRow:
        """The row of one overlay."""
        return self._rows[name]

    def shown(self) -> dict[str, tuple[Layer, OverlayLook]]:
        """What is to be drawn now."""
        if self._hidden:
            return {}
        looks = {name: replace(self._looks[name]) for name in self._overlays}
        return {name: (self._overlays[name], look) for name, look in looks.items() if look.shown}

    def _first_look(self, overlay: Layer) -> OverlayLook:
        """Only the first map is on at first: two at once hide each other; outlines hide nothing."""
        if isinstance(overlay, Outline):
            return OverlayLook(shown=True, opacity=1.0, colour_map="")
        first = not any(look.shown and look.colour_map for look in self._looks.values())
        return OverlayLook(shown=first, opacity=DEFAULT_OPACITY, colour_map=overlay.colour_map)

    def _remember(self, name: str) -> None:
        self._looks[name] = self._rows[name].look
        self.changed.emit()
