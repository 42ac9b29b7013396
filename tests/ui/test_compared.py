"""Maps side by side and values in their place, in the panel of explanations."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from viewer.domain.result import Explanation, Maps, Overlay, Placed, Placement
from viewer.ui.panels.explanations import ExplanationsPanel
from viewer.ui.theme import NAMES, apply_theme, load_theme
from viewer.ui.widgets.gallery import Enlarged, GalleryView
from viewer.ui.widgets.legend import Legend
from viewer.ui.widgets.placed import PlacedView

from .conftest import UNDER


def contents():
    here = np.eye(28, dtype=np.float32)
    maps = (
        Overlay(title="This picture", values=here, unit="share of maximum"),
        Overlay(title="Usual for melanoma", values=here[::-1].copy(), unit="share of maximum"),
        Overlay(title="Difference", values=here - here[::-1], limits=(-1, 1), colour_map="coolwarm"),
    )
    place = {"sample": np.linspace(0, 1, 50), "words": "looks elsewhere than usual"}
    values = (
        Placement(title="Overlap (IoU)", value=0.02, share=0.03, high_is_usual=True, **place),
        Placement(title="Wasserstein distance", value=7.0, share=0.02, high_is_usual=False, **place),
    )
    return Maps(title="Where the AI looks", items=maps), Placed(title="Comparisons", items=values, note="A note.")


@pytest.fixture
def panel(qtbot):
    shown = ExplanationsPanel()
    qtbot.addWidget(shown)
    shown.resize(420, 700)
    explanation = Explanation(name="compared", title="Compared", plugin="p", result=contents())
    shown.show_explanations([explanation], 0, *UNDER)
    shown.turn_to("compared")
    shown.show()
    QApplication.processEvents()
    yield shown
    apply_theme(QApplication.instance(), load_theme("dark"))


def test_that_maps_stand_beside_each_other_over_a_legend_for_each_scale(panel):
    (row,) = panel.findChildren(GalleryView)
    tops = {row.visualItemRect(row.item(place)).top() for place in range(row.count())}
    assert (row.count(), len(tops)) == (3, 1)
    legends = [legend.accessibleName() for legend in panel.findChildren(Legend) if legend.isVisible()]
    assert legends == ["Legend: 0 to 1 share of maximum", "Legend: -1 to 1"]


def test_that_maps_stay_beside_each_other_in_little_room(panel):
    panel.resize(250, 500)
    QApplication.processEvents()
    (row,) = panel.findChildren(GalleryView)
    rects = [row.visualItemRect(row.item(place)) for place in range(row.count())]
    assert len({rect.top() for rect in rects}) == 1
    assert rects[-1].right() <= row.viewport().width()


def test_that_a_map_is_told_and_enlarged_by_key(panel):
    (row,) = panel.findChildren(GalleryView)
    row.setFocus()
    row.setCurrentRow(2)
    told = row.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "Difference, highest: upper left (1), lowest: upper right (−1)"
    QTest.keyClick(row, Qt.Key.Key_Return)
    (enlarged,) = row.findChildren(Enlarged)
    assert enlarged.accessibleName().startswith("Enlarged: Difference, highest")
    enlarged.close()


def test_that_every_value_is_told_with_its_place(panel):
    (view,) = panel.findChildren(PlacedView)
    assert QAccessible.queryAccessibleInterface(view).text(QAccessible.Text.Name) == "Comparisons"
    assert "Overlap (IoU): 0.02, most others 0.1 to 0.9; 3 % are as unlike" in view.accessibleDescription()
    assert "Wasserstein distance: 7" in view.accessibleDescription()


@pytest.mark.parametrize("theme", NAMES)
def test_that_values_are_drawn_in_every_theme_and_grow_with_the_letters(panel, theme):
    (view,) = panel.findChildren(PlacedView)
    height = view.sizeHint().height()
    apply_theme(QApplication.instance(), load_theme(theme), 150)
    assert view.sizeHint().height() == pytest.approx(1.5 * height, abs=2)
    drawn = view.grab().toImage()
    assert len({drawn.pixelColor(x, y).name() for x in range(0, drawn.width(), 3) for y in range(0, 90, 3)}) > 3
