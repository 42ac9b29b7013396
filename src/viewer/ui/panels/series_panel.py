"""The list of studies, under what chooses its order and what it shows."""

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from viewer.domain.result import Light
from viewer.present.colours import look
from viewer.present.wording import WORST_FIRST
from viewer.ui.panels.series_list import SeriesList
from viewer.ui.panels.series_order import Arrangement
from viewer.ui.texts import tr
from viewer.ui.widgets.chooser import KeyChooser

UNANSWERED = "unanswered"


class SeriesPanel(QWidget):
    """Choosers of order and filter above the list."""

    def __init__(self, series: SeriesList) -> None:
        super().__init__()
        self.setObjectName("panel_body")
        self._series = series
        self.order = _chooser(tr("Order of the pictures"))
        self.order.addItem(tr("File order"), False)
        self.order.addItem(tr("Worst first"), True)
        self.shown = _chooser(tr("Which pictures are listed"))
        self.shown.addItem(tr("All"), None)
        self.shown.addItem(tr("Not answered"), UNANSWERED)
        for light in WORST_FIRST:
            self.shown.addItem(f"{look(light).shape} {look(light).word}", light)
        self._build()
        for chooser in (self.order, self.shown):
            chooser.currentIndexChanged.connect(self._arrange)

    def _arrange(self) -> None:
        wanted = self.shown.currentData()
        light = Light(wanted) if wanted not in (None, UNANSWERED) else None  # Qt hands it back as a plain string
        worst_first, unanswered = self.order.currentData(), wanted == UNANSWERED
        self._series.clips.arrange(Arrangement(worst_first=worst_first, light=light, unanswered=unanswered))

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(6, 4, 6, 4)
        row.setSpacing(4)
        row.addWidget(self.order, 5)
        row.addWidget(self.shown, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._series)


def _chooser(name: str) -> KeyChooser:
    chooser = KeyChooser()
    chooser.setObjectName("narrow_chooser")
    chooser.setAccessibleName(name)
    chooser.setToolTip(name)
    chooser.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # no wider than the list
    return chooser
