"""Right dock, below: why. The overlays of all explainers, a tab per explainer with words, and a class chooser."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from viewer.domain.bundle import FieldOfView
from viewer.domain.outline import Outline
from viewer.domain.result import (
    Chart,
    Content,
    Explanation,
    Failure,
    Gallery,
    Layer,
    Maps,
    Overlay,
    Placed,
    Scatter,
    Table,
    Text,
)
from viewer.present.wording import UNAVAILABLE, class_word
from viewer.ui.panels.frame_maps import FrameMaps
from viewer.ui.panels.overlays import OverlayList
from viewer.ui.texts import marked, tr
from viewer.ui.widgets.chart import ChartView, table_view
from viewer.ui.widgets.gallery import GalleryView, side_of
from viewer.ui.widgets.labels import ElidedLabel, empty, label, unbroken
from viewer.ui.widgets.map_row import map_row
from viewer.ui.widgets.placed import PlacedView
from viewer.ui.withholding import Why

FINAL_CLASS = marked("the final answer")
LONGEST_TAB = 24
WAITING = marked("Explanations appear with the first assessed picture.")
NONE = marked("No explainer is installed or enabled.")
KEPT_BACK = {
    Why.RED: marked("Withheld together with the answer: the AI is unreliable here."),
    Why.READ_FIRST: marked("Shown with the AI's answer, once you have confirmed your own."),
}


class ExplanationsPanel(QWidget):
    """Shows the explanations of one frame.

    Signals:
        class_chosen: Another class is to be explained (its index; None for the final answer).
        exhibit_asked: A picture of a gallery is to be shown whole (Exhibit).
    """

    class_chosen = Signal(object)
    exhibit_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Explanations"))
        self.classes = QComboBox()
        self.classes.setAccessibleName(tr("Class that is explained"))
        self.classes.setToolTip(tr("Class whose evidence is shown"))
        self.classes.addItem(tr(FINAL_CLASS), None)
        self.classes.activated.connect(lambda: self.class_chosen.emit(self.classes.currentData()))
        self.shown_class = ElidedLabel("small")
        self.overlays = OverlayList()
        self.note = label(tr(WAITING), "muted", wrap=True)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setAccessibleName(tr("Explanations"))
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self._pages: dict[str, QVBoxLayout] = {}
        self._maps: dict[str, FrameMaps] = {}
        self._unfilled: dict[str, Explanation] = {}
        self._under: tuple[NDArray[np.uint8], FieldOfView]
        self._build()
        self.tabs.currentChanged.connect(lambda _: self._fill_shown())

    def offer_classes(self, classes: Sequence[str]) -> None:
        """Offer the classes of a model; the choice goes back to the final answer."""
        with QSignalBlocker(self.classes):
            self.classes.clear()
            self.classes.addItem(tr(FINAL_CLASS), None)
            for index, name in enumerate(classes):
                self.classes.addItem(class_word(name), index)

    def choose_class(self, target: int | None) -> None:
        """Choose a class as if the user had picked it."""
        self.classes.setCurrentIndex(0 if target is None else target + 1)
        self.class_chosen.emit(target)

    @property
    def pages(self) -> tuple[str, ...]:
        """Names of the explainers that have a page, in the order of the tabs."""
        return tuple(self._pages)

    def turn_to(self, name: str) -> None:
        """Show the page of an explainer that has one."""
        self.tabs.setCurrentIndex(1 + self.pages.index(name))

    def expect_another(self) -> None:
        """Another frame is on screen: its picture must not carry the maps of the one before.

        The rows stay for the moment until the next explanations, or `clear`: hiding them and showing them again would
        take longer than a frame is on screen.
        """
        self.overlays.take_off()

    def clear(self) -> None:
        """Forget what was explained."""
        self.shown_class.set_words("")
        self.overlays.show_overlays({})
        if self.note.text() in [tr(words) for words in KEPT_BACK.values()]:
            self.note.hide()  # what was kept back of that frame says nothing of this one

    def show_withheld(self, why: Why) -> None:
        """Show nothing that could tell the class of a withheld answer."""
        self.clear()
        self._rebuild(())
        self.note.setText(tr(KEPT_BACK[why]))
        self.note.show()

    def show_explanations(
        self, explanations: Sequence[Explanation], target: int, picture: NDArray[np.uint8], view: FieldOfView
    ) -> None:
        """Show one frame's explanations.

        Args:
            explanations: One per explainer.
            target: Index of the class that is explained.
            picture: uint8 (rows, cols, 3), the frame made small, with square pixels.
            view: Part of it that maps cover.
        """
        self._under = picture, view
        self.shown_class.set_words(tr("shown: {name}").format(name=self.classes.itemText(target + 1)))
        self.note.setText("" if explanations else tr(NONE))
        self.note.setVisible(not explanations)
        self.overlays.show_overlays(_overlays(explanations))
        worded = [item for item in explanations if _words(item)]
        if [item.name for item in worded] != list(self._pages):
            self._rebuild(worded)
        self._unfilled = {item.name: item for item in worded}
        self._fill_shown()

    def _fill_shown(self) -> None:
        """Fill the page that is seen; the others when they are turned to: most frames pass before."""
        names = ["", *self._pages]
        item = self._unfilled.pop(names[self.tabs.currentIndex()], None)
        if item is not None:
            self._fill(self._pages[item.name], item)

    def _rebuild(self, explanations: Sequence[Explanation]) -> None:
        self._unfilled = {}
        while self.tabs.count() > 1:
            page = self.tabs.widget(1)
            self.tabs.removeTab(1)
            if page is not None:
                page.deleteLater()
        self._pages, self._maps = {}, {}
        for item in explanations:
            page, self._pages[item.name] = _page(item.title)
            self.tabs.setTabToolTip(self.tabs.addTab(page, _short(item.title)), item.title)

    def _fill(self, page: QVBoxLayout, item: Explanation) -> None:
        maps = self._maps.get(item.name)
        if maps is not None:
            page.removeWidget(maps)
            maps.hide()
        empty(page)
        if isinstance(item.result, Failure):
            page.addWidget(label(f"{tr(UNAVAILABLE)}: {item.result.summary}", "problem", wrap=True))
            page.addStretch(1)
            return
        for content in item.result:
            for widget in self._render(content):
                page.addWidget(widget)
        scatters = [content for content in item.result if isinstance(content, Scatter)]
        if scatters:
            maps = self._maps.setdefault(item.name, maps or FrameMaps())
            page.addWidget(maps, 1)
            maps.show_scatters(scatters)
            maps.show()
        else:
            page.addStretch(1)

    def _render(self, content: Content) -> list[QWidget]:
        """Widgets for one content; what lies over the picture is drawn there, and scatters share one widget."""
        heading = label(content.title, "title", wrap=True)
        match content:
            case Overlay() | Outline() | Scatter():
                return []
            case Chart():
                return [heading, ChartView(content), *_small(content.unit)]
            case Table():
                return [heading, table_view(content)]
            case Text():
                return [heading, label(unbroken(content.body), wrap=True)]
            case Gallery():
                gallery = GalleryView(content, side_of(content))
                gallery.asked.connect(self.exhibit_asked)
                return [heading, gallery, *_small(content.note)]
            case Maps():
                return [heading, *map_row(content, *self._under), *_small(content.note)]
            case Placed():
                return [heading, *_small(content.note), PlacedView(content)]

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(12, 8, 12, 4)
        top.setSpacing(8)
        top.addWidget(label(tr("Explain"), "muted"))
        top.addWidget(self.classes)
        top.addWidget(self.shown_class, 1)
        page, body = _page(tr("Overlays"))
        body.addWidget(self.note)
        body.addWidget(self.overlays)
        body.addStretch(1)
        self.tabs.addTab(page, tr("Overlays"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(self.tabs, 1)


def _overlays(explanations: Sequence[Explanation]) -> dict[str, Layer]:
    """Maps and outlines by names that stay the same from frame to frame."""
    found: dict[str, Layer] = {}
    for item in explanations:
        contents = () if isinstance(item.result, Failure) else item.result
        for kind, prefix in ((Overlay, item.name), (Outline, f"{item.name}/outline")):
            layers = [content for content in contents if isinstance(content, kind)]
            found.update({f"{prefix}/{number}": layer for number, layer in enumerate(layers)})
    return found


def _words(item: Explanation) -> bool:
    """Whether an explanation has anything that does not lie over the picture."""
    return isinstance(item.result, Failure) or any(not isinstance(content, Layer) for content in item.result)


def _short(title: str) -> str:
    """A title that leaves room for other tabs; the tooltip has it whole."""
    return title if len(title) <= LONGEST_TAB else f"{title[: LONGEST_TAB - 1].rstrip()}…"


def _page(title: str) -> tuple[QScrollArea, QVBoxLayout]:
    """A scrolled tab page and the column inside it."""
    body = QWidget()
    body.setObjectName("panel_body")
    column = QVBoxLayout(body)
    column.setContentsMargins(12, 10, 12, 10)
    column.setSpacing(8)
    page = QScrollArea()
    page.setAccessibleName(title)
    page.setWidgetResizable(True)
    page.setFrameShape(QFrame.Shape.NoFrame)
    page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    page.setWidget(body)
    return page, column


def _small(words: str) -> list[QWidget]:
    """A line in small letters, where there are words."""
    return [label(words, "small", wrap=True)] if words else []
