"""Rows of scores that are folded under another: opened by click and key, told, remembered."""

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from viewer.domain.result import About, Light
from viewer.testing.lights import basis, judged, row
from viewer.ui.panels.reliability import ReliabilityPanel
from viewer.ui.widgets.folding import FoldingTable

ROWS = (
    row("attention", "Attention", 0.6),
    row("iou", "Overlap", 0.5, family="attention"),
    row("dice", "Dice", 0.1, family="attention"),
    row("other", "Other", 0.7),
)
FOLDED = ["Attention", "2 more like it", "Other"]
UNFOLDED = ["Attention", "2 more like it", "Overlap", "Dice", "Other"]


@pytest.fixture
def panel(qtbot):
    shown = ReliabilityPanel()
    qtbot.addWidget(shown)
    shown.resize(430, 500)
    shown.use_basis(basis())
    shown.show_assessment(judged(Light.GREEN, rows=ROWS))
    shown.show()
    QApplication.processEvents()
    return shown


def table_of(panel):
    return next(table for table in panel.findChildren(FoldingTable) if table.isVisible())


def titles(panel):
    model = panel.scores[About.CORRECTNESS]
    return [model.index(number, 0).data() for number in range(model.rowCount())]


def click(table, number):
    table.clicked.emit(table.model().index(number, 0))


def test_that_a_family_is_one_row_with_its_lowest_score(panel):
    model = panel.scores[About.CORRECTNESS]
    assert titles(panel) == FOLDED
    assert model.index(1, 1).data() == "10 %"
    assert "lowest: Dice" in model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert [line.score.name for line in model.lines] == ["attention", "iou", "dice", "other"]


def test_that_a_click_opens_and_folds_it_and_the_table_keeps_its_height(panel):
    table = table_of(panel)
    height = table.height()
    QTest.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.model().index(1, 0)).center()
    )
    assert titles(panel) == UNFOLDED
    assert table.height() > height
    assert not table.hasFocus()  # the keys still belong to the picture
    click(table, 1)
    assert titles(panel) == FOLDED
    assert table.height() == height


def test_that_a_click_on_another_row_opens_nothing(panel):
    click(table_of(panel), 0)
    assert titles(panel) == FOLDED


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_that_it_is_walked_and_opened_by_key(panel, key):
    table = table_of(panel)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, key)
    assert titles(panel) == UNFOLDED
    assert table.currentIndex().row() == 1
    for _ in range(9):
        QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.currentIndex().row() == 4
    QTest.keyClick(table, key)  # nothing is folded under the last row
    assert titles(panel) == UNFOLDED


def test_that_the_row_the_keyboard_is_at_is_in_sight(panel):
    panel.resize(430, 200)
    QApplication.processEvents()
    table = table_of(panel)
    table.setFocus()
    for _ in range(2):
        QTest.keyClick(table, Qt.Key.Key_Down)
    place = table.visualRect(table.model().index(2, 0)).center()
    assert panel.viewport().rect().contains(table.viewport().mapTo(panel.viewport(), place))


def test_that_it_stays_open_from_frame_to_frame(panel):
    click(table_of(panel), 1)
    panel.show_pending("…")
    assert titles(panel) == UNFOLDED
    panel.show_assessment(judged(Light.AMBER, rows=ROWS))
    assert titles(panel) == UNFOLDED


def test_that_what_was_open_is_open_at_the_next_start(room):
    first = room.window
    first.reliability.unfold(["attention", "softmax"])
    layout = first.arrangement.taken()
    first.reliability.unfold([])
    first.arrangement.restore(layout, QSize(2000, 1500))
    assert first.reliability.unfolded == {"attention", "softmax"}


def test_that_the_ring_of_the_focus_is_drawn(panel):
    table = table_of(panel)
    before = table.grab().toImage()
    table.setFocus()
    assert table.grab().toImage() != before
    assert table.indexAt(QPoint(5, 5)).row() == 0
