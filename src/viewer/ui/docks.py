"""The panels around the picture: where each lies, and sizes that suit the window."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QScrollArea, QTabBar, QTableView, QWidget

from viewer.ui.panels.series_panel import SeriesPanel
from viewer.ui.texts import tr
from viewer.ui.theme import scaled
from viewer.ui.widgets.labels import label

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow

LEFT_WIDTH, RIGHT_WIDTH = 260, 440
NARROW, NARROW_LEFT, NARROW_RIGHT = 1300, 188, 410
TINY, TINY_LEFT, TINY_RIGHT = 1000, 180, 360
LOWER_SHARE = 0.6
"""Of the height that picture and explorer share, the explorer's when it opens."""
LOW = 860
"""A window lower than this shows reliability and explanations as tabs, each with the whole height."""


class Dock(QDockWidget):
    """A panel with its heading.

    Attributes:
        entry: The part that takes the keys when the panel is asked for. It is no focus proxy of the panel: Tab would
            pass over what lies before it.
    """

    entry: QWidget


def build_docks(window: "MainWindow") -> dict[str, Dock]:
    """Give every panel of a window its dock; by name."""
    left, right, bottom = (
        Qt.DockWidgetArea.LeftDockWidgetArea,
        Qt.DockWidgetArea.RightDockWidgetArea,
        Qt.DockWidgetArea.BottomDockWidgetArea,
    )
    docks = {
        "series": _add(window, "series", tr("Studies and series"), SeriesPanel(window.series), left, window.series),
        "worklist": _add(window, "worklist", tr("Worklist"), window.worklist, left, window.worklist.list),
        "review": _add(window, "review", tr("Your answer"), _scrolled(window.review), left, window.review.answers),
        "disagreement": _add(window, "disagreement", tr("Disagreement"), window.disagreement, right),
        "reliability": _add(window, "reliability", tr("Reliability of AI"), window.reliability, right),
        "explanations": _add(window, "explanations", tr("Explanations"), window.explanations, right),
        "frames": _add(window, "frames", tr("Frame table"), _frame_table(window), bottom),
        "measurements": _add(window, "measurements", tr("Measurements"), window.measurements, right),
        "explorer": _add(window, "explorer", tr("Evaluated cohort"), window.explorer, bottom, window.explorer.table),
        "site": _add(window, "site", tr("This site"), window.site, right, window.site.again),
    }
    window.tabifyDockWidget(docks["explanations"], docks["measurements"])
    window.tabifyDockWidget(docks["measurements"], docks["site"])
    window.tabifyDockWidget(docks["frames"], docks["explorer"])
    for name in ("frames", "measurements", "site", "explorer"):
        docks[name].hide()
    window.setCorner(Qt.Corner.BottomLeftCorner, left)
    window.setCorner(Qt.Corner.BottomRightCorner, right)
    docks["series"].setWindowTitle(tr("Studies"))  # on its tab, where there is little room
    window.tabifyDockWidget(docks["series"], docks["worklist"])
    docks["series"].raise_()
    show_whole_titles(window)
    return docks


def fit_docks(window: "MainWindow") -> None:
    """Give the docks sizes that suit the window, and tabs where it is low."""
    docks, width = window.docks, window.width()
    widths = [NARROW_LEFT, NARROW_RIGHT] if width < scaled(NARROW) else [LEFT_WIDTH, RIGHT_WIDTH]
    widths = [TINY_LEFT, TINY_RIGHT] if width < scaled(TINY) else widths
    widths = [scaled(side) for side in widths]
    window.resizeDocks([docks["series"], docks["reliability"]], widths, Qt.Orientation.Horizontal)
    reliability, explanations = docks["reliability"], docks["explanations"]
    if window.height() < scaled(LOW):
        window.tabifyDockWidget(reliability, explanations)
        window.tabifyDockWidget(explanations, docks["measurements"])
        window.tabifyDockWidget(docks["measurements"], docks["site"])
        reliability.raise_()
        show_whole_titles(window)
    else:
        window.resizeDocks([reliability, explanations], [68, 32], Qt.Orientation.Vertical)
    window.tabifyDockWidget(explanations, docks["disagreement"])
    explanations.raise_()
    reliability.raise_()
    show_whole_titles(window)


def give_room(window: "MainWindow", name: str) -> None:
    """Give a dock below the light half of the height, where it has less."""
    upper, lower = window.docks["reliability"], window.docks[name]
    if lower not in window.tabifiedDockWidgets(upper) and lower.height() < upper.height():
        window.resizeDocks([upper, lower], [50, 50], Qt.Orientation.Vertical)


def give_height(window: "MainWindow", name: str) -> None:
    """Give a dock below the picture the larger half of the height between bars, where it has less."""
    dock, middle = window.docks[name], window.panes.parentWidget()
    room = dock.height() + (middle.height() if middle is not None else 0)
    if not dock.isFloating() and dock.height() < LOWER_SHARE * room:
        window.resizeDocks([dock], [round(LOWER_SHARE * room)], Qt.Orientation.Vertical)


def show_whole_titles(window: "MainWindow") -> None:
    """Let the tabs of docks show their whole titles; Qt makes new tabs whenever docks are put together."""
    for bar in window.findChildren(QTabBar):
        bar.setElideMode(Qt.TextElideMode.ElideNone)
        bar.setAccessibleName(bar.accessibleName() or tr("Panels"))


def _frame_table(window: "MainWindow") -> QTableView:
    table = QTableView()
    table.setModel(window.frames)
    table.setAccessibleName(tr("Frame table"))
    table.setTabKeyNavigation(False)  # Tab leaves it
    table.clicked.connect(lambda index: window.player.seek(window.frames.frame_at(index.row())))
    return table


def _scrolled(panel: QWidget) -> QScrollArea:
    """A panel that a low window shows in part."""
    area = QScrollArea()
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(panel)
    return area


def _add(
    window: "MainWindow",
    name: str,
    title: str,
    widget: QWidget,
    area: Qt.DockWidgetArea,
    entry: QWidget | None = None,
) -> Dock:
    dock = Dock(title, window)
    dock.entry = entry or widget
    dock.setObjectName(name)
    heading = label(title.upper(), "section")
    heading.setContentsMargins(14, 8, 8, 5)
    dock.setTitleBarWidget(heading)
    dock.setWidget(widget)
    window.addDockWidget(area, dock)
    return dock
