"""The explorer of evaluated cohorts: map, table and legend, what they open, and what they keep back."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QToolButton

from viewer.domain.errors import UnreadableFile
from viewer.domain.image import Modality
from viewer.domain.result import Light
from viewer.evaluation import embedding_map
from viewer.io.reader import Opened
from viewer.report.cohort import CASES, MAP
from viewer.session.cohorts import Colouring, Column
from viewer.testing.cohorts import Case, write_made_up_cohort
from viewer.ui import exploring
from viewer.ui.actions import COMMANDS
from viewer.ui.canvas.scatter import Tool
from viewer.ui.panels.explorer_model import COLUMNS
from viewer.ui.theme import apply_theme, load_theme
from viewer.ui.withholding import WHOLE

from .conftest import Room, clip, deliver, opened

CASES_MADE = (
    Case(file="a.png", trust=0.4, light="green"),
    Case(file="b.png", true="melanoma", trust=0.9, light="green"),
    Case(file="c.png", true="keratosis", trust=0.2, light="amber"),
    Case(file="d.png", true="melanoma", final="melanoma", trust=None, light="grey"),
    Case(file="e.png", true="melanoma", trust=0.95, light="red"),
    Case(file="clip.dcm", true="keratosis", final="keratosis", trust=0.99, light="amber", frame=3),
    Case(file="f.png", true="nevus", final="keratosis", trust=0.97, light="green"),
)
A, B, C, D, E, CLIP, F = range(7)
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_made_up_cohort(tmp_path / "cohort", CASES_MADE, root="study")


def open_cohort(room: Room, folder: Path) -> None:
    """Open a cohort, as whatever was dropped or asked for, and have its map made."""
    room.window.desk.opener.open([folder])
    settle(room)


def settle(room: Room) -> None:
    room.files.run_all()
    deliver()
    room.mapping.run_all()
    room.settle()
    room.mapping.run_all()
    room.settle()


@pytest.fixture
def explored(room: Room, folder: Path) -> Room:
    room.window.arrange(1700, 900)
    open_cohort(room, folder)
    return room


def listed(room: Room) -> str:
    """First letters of the files in the table, in order."""
    table, column = room.window.explorer.table.cases, list(COLUMNS).index(Column.FILE)
    return "".join(table.index(row, column).data()[0] for row in range(table.rowCount()))


def cell(room: Room, case: int, column: Column) -> str:
    table = room.window.explorer.table.cases
    return table.index(table.row_of(case), list(COLUMNS).index(column)).data()


def will_open(room: Room, *files: Opened) -> None:
    room.session.files = list(files)


def click(room: Room, case: int) -> None:
    points = room.window.explorer.map
    QTest.mouseClick(points.viewport(), LEFT, NONE, points.place_of(case).toPoint())
    settle(room)


def on_screen(room: Room) -> tuple[str, int] | None:
    shown = room.desk.clip
    return None if shown is None else (shown.path.name, room.desk.frame)


def choose(chooser, value) -> None:
    chooser.setCurrentIndex(chooser.findData(value))


# Opening ---------------------------------------------------------------------------------------------------------


def test_that_a_folder_that_is_dropped_is_recognised_as_a_cohort(room, folder):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    action = Qt.DropAction.CopyAction
    room.window.dropEvent(QDropEvent(QPointF(5, 5), action, data, LEFT, NONE))
    settle(room)
    assert room.window.docks["explorer"].isVisible()
    assert room.window.explorer.title.text() == "cohort · 7 cases · made-up 1"
    assert room.session.asked == []
    assert room.desk.clip is None


def test_that_the_file_menu_asks_for_a_folder(room, folder):
    room.window.action("open_cohort").trigger()
    (dialog,) = room.window.findChildren(QFileDialog)
    assert dialog.fileMode() is QFileDialog.FileMode.Directory
    dialog.fileSelected.emit(str(folder))
    dialog.close()
    settle(room)
    assert room.window.exploring.explored is not None


def test_that_other_files_that_were_asked_for_too_are_opened(room, folder):
    will_open(room, opened("other.png", 1))
    room.window.desk.opener.open([folder, Path("other.png")])
    settle(room)
    assert room.window.exploring.explored is not None
    assert room.session.asked == [Path("other.png")]
    assert on_screen(room) == ("other.png", 0)


def test_that_the_table_is_there_while_the_map_is_made_which_tells_how_far_it_is(room, folder):
    room.window.desk.opener.open([folder])
    room.files.run_all()
    deliver()
    assert room.window.exploring.busy
    assert room.window.activity.busy
    room.mapping.step()
    deliver()
    explorer = room.window.explorer
    assert len(listed(room)) == 7
    assert explorer.making.bar.isVisibleTo(explorer.making)
    assert not explorer.map.isVisibleTo(explorer)
    assert "Making the map" in room.window.activity.words.text()
    room.mapping.step()
    deliver()
    assert explorer.map.isVisibleTo(explorer)
    assert not room.window.activity.busy
    assert (folder / MAP).exists()


def test_that_a_map_that_is_kept_is_not_made_again(room, folder, monkeypatch):
    open_cohort(room, folder)
    kept = room.window.exploring.explored.positions
    monkeypatch.setattr(embedding_map, "fit_map", lambda *_, **__: pytest.fail("it was made again"))
    open_cohort(room, folder)
    np.testing.assert_array_equal(room.window.exploring.explored.positions, kept)


@pytest.mark.parametrize("way", ["button", "command"])
def test_that_making_the_map_can_be_stopped_and_begun_again(room, folder, way):
    room.window.desk.opener.open([folder])
    room.files.run_all()
    deliver()
    room.mapping.step()
    deliver()
    explorer = room.window.explorer
    if way == "button":
        explorer.making.stop.click()
    else:
        room.window.action("cancel").trigger()
    settle(room)
    assert explorer.making.words.text() == "The map was stopped."
    assert not (folder / MAP).exists()
    assert len(listed(room)) == 7
    explorer.making.begin.click()
    settle(room)
    assert explorer.map.isVisibleTo(explorer)


def test_that_a_cohort_without_features_has_its_table_and_says_why_there_is_no_map(room, tmp_path):
    open_cohort(room, write_made_up_cohort(tmp_path / "c", CASES_MADE, root="study", features=False))
    assert "no features" in room.window.explorer.making.words.text()
    assert len(listed(room)) == 7


def test_that_a_torn_cohort_is_told_of_in_one_sentence_in_place(room, folder):
    (folder / CASES).write_text("true,predicted\na", encoding="utf-8")
    open_cohort(room, folder)
    explorer = room.window.explorer
    assert str(folder / CASES) in explorer.empty.text()
    assert explorer.empty.isVisibleTo(explorer)
    assert not room.window.activity.busy
    assert not room.window.problems.isVisible()


def test_that_a_case_whose_features_are_no_numbers_leaves_a_table_and_a_sentence(room, folder, monkeypatch):
    monkeypatch.setattr(exploring, "AT_ONCE", 3)
    open_cohort(room, folder)
    (folder / MAP).write_bytes(b"torn")
    open_cohort(room, folder)
    assert MAP in room.window.explorer.empty.text()


# The map and its legend ------------------------------------------------------------------------------------------


def test_that_the_map_says_what_it_is_for(explored):
    explorer = explored.window.explorer
    assert "For showing only" in explorer.about.text()
    assert explorer.about.isVisibleTo(explorer)


@pytest.mark.parametrize("colouring", list(Colouring))
def test_that_every_kind_has_a_shape_and_a_colour_of_its_own_and_its_number(explored, colouring):
    explorer = explored.window.explorer
    choose(explorer.colouring, colouring.value)
    items = [explorer.legend.item(place) for place in range(explorer.legend.count())]
    assert sum(int(item.text().rsplit(maxsplit=1)[1]) for item in items) == 7
    looks = explorer.map._looks
    assert len({look.shape for look in looks}) == len(looks)
    assert len({look.colour for look in looks}) >= len(looks) - 1


def test_that_a_click_on_the_legend_leaves_a_kind_out_of_map_and_table_and_back(explored):
    explorer = explored.window.explorer
    wrong_and_trusted = explorer.legend.item(0)
    assert wrong_and_trusted.text() == "wrong and trusted  2"
    QTest.mouseClick(
        explorer.legend.viewport(), LEFT, NONE, explorer.legend.visualItemRect(wrong_and_trusted).center()
    )
    assert listed(explored) == "ccade"
    assert not explorer.map.shown[[B, F]].any()
    assert "left out" in explorer.legend.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    explorer.legend.setCurrentRow(0)
    QTest.keyClick(explorer.legend, Qt.Key.Key_Space)
    assert len(listed(explored)) == 7


def test_that_pointing_shows_thumbnail_and_facts(explored, monkeypatch):
    class Source:
        clip = clip("b.png", 1)

        def decode(self, index):
            return opened("b.png", 1).source.decode(0)

        def close(self):
            pass

    monkeypatch.setattr("viewer.ui.opening.open_source", lambda path: Source())
    points, card = explored.window.explorer.map, explored.window.explorer.card
    QTest.mouseMove(points.viewport(), points.place_of(B).toPoint())
    points.pointed.emit(B, points.place_of(B))
    assert card.isVisibleTo(explored.window.explorer)
    assert card.words.text().splitlines() == [
        "b.png", "★ wrong and trusted", "Truth: melanoma. AI: nevus", "Trust 90 %. ● AI reliable"
    ]  # fmt: skip
    assert card.picture.pixmap().isNull()
    settle(explored)
    assert not card.picture.pixmap().isNull()
    points.pointed.emit(-1, QPointF())
    assert not card.isVisibleTo(explored.window.explorer)


def test_that_a_picture_that_is_not_there_is_said_so_on_the_card(explored, monkeypatch):
    def refuse(path):
        raise UnreadableFile(path, reason="there is no such file")

    monkeypatch.setattr("viewer.ui.opening.open_source", refuse)
    points = explored.window.explorer.map
    points.pointed.emit(B, points.place_of(B))
    settle(explored)
    assert explored.window.explorer.card.picture.text() == "no picture"


def test_that_a_point_is_found_within_reach_and_not_beyond(explored):
    points = explored.window.explorer.map
    at = points.place_of(A)
    assert points.point_at(at + QPointF(3, 3)) == A
    assert points.point_at(QPointF(-500, -500)) == -1


def test_that_a_map_seen_whole_stays_so_in_another_size(explored):
    points = explored.window.explorer.map
    explored.window.arrange(1300, 760)
    deliver()
    room = points.viewport().rect()
    assert all(room.contains(points.place_of(case).toPoint()) for case in range(7))


def test_that_the_light_of_a_row_is_a_shape_with_its_word_in_the_tooltip(explored):
    table = explored.window.explorer.table.cases
    index = table.index(table.row_of(B), list(COLUMNS).index(Column.LIGHT))
    assert index.data() == "●"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "● AI reliable\nmade up"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Light: ● AI reliable"


def test_that_points_that_are_left_out_cannot_be_clicked(explored):
    choose(explored.window.explorer.light, Light.AMBER.value)
    assert explored.window.explorer.map.point_at(explored.window.explorer.map.place_of(A)) == -1


# Opening cases ---------------------------------------------------------------------------------------------------


def test_that_a_click_opens_the_picture_which_is_assessed_as_always(explored):
    will_open(explored, opened("b.png", 1))
    click(explored, B)
    assert explored.session.asked == [Path("study/b.png")]
    assert on_screen(explored) == ("b.png", 0)
    explored.window.canvas.viewport().repaint()
    explored.work()
    assert explored.session.made.assessed == [0]
    assert explored.window.explorer.table.at == B


def test_that_the_frame_of_a_clip_is_opened(explored):
    will_open(explored, opened("clip.dcm", 5))
    click(explored, CLIP)
    assert on_screen(explored) == ("clip.dcm", 3)


def test_that_a_picture_that_is_open_is_shown_and_not_opened_again(explored):
    will_open(explored, opened("b.png", 1))
    click(explored, B)
    will_open(explored, opened("f.png", 1))
    click(explored, F)
    asked = list(explored.session.asked)
    click(explored, B)
    assert on_screen(explored) == ("b.png", 0)
    assert explored.session.asked == asked


def test_that_a_missing_picture_costs_one_sentence_in_place(explored):
    will_open(explored, Opened(path=Path("study/b.png"), error="there is no such file"))
    click(explored, B)
    explorer = explored.window.explorer
    assert explorer.problem.words.text() == "study/b.png: there is no such file"
    assert explorer.problem.isVisibleTo(explorer)
    assert not explored.window.problems.isVisible()
    will_open(explored, opened("f.png", 1))
    click(explored, F)
    assert not explorer.problem.isVisibleTo(explorer)


def drag(room: Room, *places: QPointF, shift: bool = False) -> None:
    view = room.window.explorer.map.viewport()
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else NONE
    stops = [place.toPoint() for place in places]
    QTest.mousePress(view, LEFT, modifier, stops[0])
    for start, stop in pairwise(stops):
        for step in range(1, 9):
            QTest.mouseMove(view, start + (stop - start) * (step / 8))
            deliver()
    QTest.mouseRelease(view, LEFT, modifier, stops[-1])
    settle(room)


def around(points, cases, away=14):
    """Corners of a box around cases, in pixels."""
    places = [points.place_of(case) for case in cases]
    left, right = min(p.x() for p in places) - away, max(p.x() for p in places) + away
    top, bottom = min(p.y() for p in places) - away, max(p.y() for p in places) + away
    return QPointF(left, top), QPointF(right, top), QPointF(right, bottom), QPointF(left, bottom)


def test_that_gathered_points_are_those_inside_the_outline(explored):
    from PySide6.QtGui import QPolygonF

    points = explored.window.explorer.map
    inside = points.within(QPolygonF(around(points, [B])))
    places = np.array([points.place_of(case).toTuple() for case in range(7)])
    expected = np.flatnonzero((np.abs(places - places[B]) < 14).all(axis=1))
    np.testing.assert_array_equal(inside, expected)


@pytest.mark.parametrize("tool", [Tool.LASSO, Tool.RECTANGLE, None])
def test_that_a_lasso_or_a_rectangle_opens_what_is_inside(explored, tool):
    explorer, every = explored.window.explorer, range(7)
    points = explorer.map
    will_open(explored, *(opened(case.file, case.frame + 1) for case in CASES_MADE))
    if tool is not None:
        QTest.mouseClick(explorer.tools[tool], LEFT)
    corners = around(points, every, away=4)
    path = (corners[0], corners[2]) if tool is Tool.RECTANGLE else (*corners, corners[0])
    drag(explored, *path, shift=tool is None)
    assert points.chosen.tolist() == list(every)
    assert len(explorer.table.selectionModel().selectedRows()) == 7
    assert len(explored.window.series.clips.every_clip) == 7
    assert on_screen(explored) == ("a.png", 0)


def test_that_many_gathered_cases_wait_for_the_button(explored, monkeypatch):
    monkeypatch.setattr(exploring, "AT_ONCE", 3)
    explorer = explored.window.explorer
    explorer.cases_gathered.emit(np.arange(5))
    settle(explored)
    assert explored.session.asked == []
    assert explorer.open_chosen.text() == "Open 5 cases"
    will_open(explored, *(opened(case.file, 1) for case in CASES_MADE[:5]))
    explorer.open_chosen.click()
    settle(explored)
    assert len(explored.session.asked) == 5


def test_that_moving_and_zooming_the_map_and_seeing_it_whole_again_gathers_nothing(explored):
    explorer = explored.window.explorer
    before = explorer.map.place_of(A)
    middle = QPointF(explorer.map.viewport().rect().center())
    drag(explored, middle, middle + QPointF(40, 0))
    assert explorer.map.place_of(A).x() > before.x() + 20
    assert explored.session.asked == []
    explorer.whole.click()
    assert (explorer.map.place_of(A) - before).manhattanLength() < 2


# The table -------------------------------------------------------------------------------------------------------


def test_that_the_table_begins_with_what_is_wrong_and_trusted(explored):
    explored.window.explorer.withheld.buttons[0].click()
    assert listed(explored) == "fbeccad"


@pytest.mark.parametrize(
    ("column", "order", "expected"),
    [
        (Column.TRUST, Qt.SortOrder.DescendingOrder, "cfebacd"),
        (Column.FILE, Qt.SortOrder.AscendingOrder, "abccdef"),
    ],
)
def test_that_the_header_sorts(explored, column, order, expected):
    table = explored.window.explorer.table
    table.horizontalHeader().setSortIndicator(list(COLUMNS).index(column), order)
    assert listed(explored) == expected


def test_that_the_table_is_filtered_by_class_outcome_light_and_name(explored):
    explorer = explored.window.explorer
    explorer.withheld.buttons[0].click()
    choose(explorer.truth, "1")  # melanoma
    assert sorted(listed(explored)) == ["b", "d", "e"]
    choose(explorer.light, Light.GREEN.value)
    assert listed(explored) == "b"
    choose(explorer.truth, "")
    choose(explorer.light, "")
    choose(explorer.outcome, "wrong")
    assert sorted(listed(explored)) == ["c", "e"]
    choose(explorer.outcome, "")
    explorer.words.setText("CLIP")
    assert listed(explored) == "c"
    assert explorer.count.text() == "1 of 7 cases"
    assert explorer.map.shown.sum() == 1


def test_that_keys_go_through_the_table_and_enter_opens(explored):
    table = explored.window.explorer.table
    will_open(explored, opened("b.png", 1))
    table.setFocus()
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.at == B
    assert explored.window.explorer.map.chosen.tolist() == [B]
    assert explored.desk.clip is None
    QTest.keyClick(table, Qt.Key.Key_Return)
    settle(explored)
    assert on_screen(explored) == ("b.png", 0)


def test_that_arrows_of_the_table_do_not_step_the_picture(explored):
    will_open(explored, opened("clip.dcm", 5))
    click(explored, CLIP)
    table = explored.window.explorer.table
    explored.window.activateWindow()
    table.setFocus()
    deliver()
    QTest.keyClick(table, Qt.Key.Key_Home)
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert on_screen(explored) == ("clip.dcm", 3)
    assert table.at == F


def test_that_what_is_chosen_in_the_table_is_ringed_on_the_map_and_told(explored):
    explorer = explored.window.explorer
    explorer.table.selectRow(1)
    assert explorer.map.chosen.tolist() == [B]
    assert "b.png" in explorer.facts.text()
    assert "Truth: melanoma. AI: nevus" in explorer.facts.text()


def test_that_a_picture_shown_by_other_means_is_found_in_table_and_map(explored):
    will_open(explored, opened("c.png", 1))
    explored.desk.opener.open([Path("study/c.png")])
    settle(explored)
    assert explored.window.explorer.table.at == C
    assert explored.window.explorer.map.chosen.tolist() == [C]


def test_that_commands_go_through_what_is_wrong_and_trusted_round_its_ends(explored):
    will_open(explored, opened("f.png", 1), opened("b.png", 1))
    shown = []
    for command in ("next_failure", "next_failure", "next_failure", "previous_failure"):
        explored.window.action(command).trigger()
        settle(explored)
        shown.append(on_screen(explored)[0])
    assert shown == ["f.png", "b.png", "f.png", "b.png"]
    assert explored.window.statusBar().currentMessage() == "Wrong and trusted: 2 of 2"


def test_that_a_cohort_without_silent_failures_says_so(room, tmp_path):
    open_cohort(room, write_made_up_cohort(tmp_path / "c", [Case(file="a.png", light="green")], root="study"))
    room.window.action("next_failure").trigger()
    assert room.window.statusBar().currentMessage() == "No case of this cohort is wrong and trusted"
    assert room.desk.clip is None


# Keeping back ----------------------------------------------------------------------------------------------------


def told_words(room: Room) -> str:
    """Everything the explorer says of the cases."""
    explorer = room.window.explorer
    if not explorer.map.isVisibleTo(explorer):
        return ""
    model, roles = explorer.table.cases, (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
    cells = [
        str(model.index(row, column).data(role))
        for row in range(model.rowCount())
        for column in range(model.columnCount())
        for role in (*roles, Qt.ItemDataRole.AccessibleTextRole)
    ]
    return " ".join([*cells, explorer.facts.text(), explorer.facts.toolTip()])


def test_that_truth_and_answers_under_red_are_kept_back_until_the_reader_asks(explored):
    explorer = explored.window.explorer
    for column in (Column.VERDICT, Column.TRUTH, Column.ANSWER):
        assert cell(explored, E, column) == "withheld"
    assert cell(explored, E, Column.TRUST) == "95 %"
    assert cell(explored, B, Column.TRUTH) == "melanoma"
    assert explorer.withheld.words.text() == "Truth and answers under red are kept back (cases: 1)."
    explorer.map.pointed.emit(E, explorer.map.place_of(E))
    assert "melanoma" not in explorer.card.words.text()
    explorer.table.selectRow(explorer.table.cases.row_of(E))
    assert "melanoma" not in explorer.facts.text()
    kinds = explorer.map._kinds
    assert np.flatnonzero(kinds == kinds[E]).tolist() == [E]
    explorer.withheld.buttons[0].click()
    assert cell(explored, E, Column.TRUTH) == "melanoma"
    assert cell(explored, E, Column.VERDICT) == "▲ wrong"
    assert not explorer.withheld.isVisibleTo(explorer)


@pytest.mark.parametrize("room", [{"withhold_on_red": False}], indirect=True)
def test_that_a_reader_who_wants_answers_under_red_has_them_here_too(explored):
    assert cell(explored, E, Column.TRUTH) == "melanoma"
    explored.window.apply_setting("withhold_on_red", True)
    assert cell(explored, E, Column.TRUTH) == "withheld"


def test_that_the_setting_is_asked_anew_for_another_cohort(explored, folder):
    explored.window.explorer.withheld.buttons[0].click()
    open_cohort(explored, folder)
    assert cell(explored, E, Column.TRUTH) == "withheld"


@pytest.mark.parametrize("room", [{"read_first": True}], indirect=True)
def test_that_in_read_first_mode_nothing_of_a_cohort_shows_until_the_reader_asks(explored):
    explorer = explored.window.explorer
    assert told_words(explored) == ""
    assert not explorer.map.isVisibleTo(explorer)
    assert explorer.withheld.isVisibleTo(explorer)
    explored.window.action("next_failure").trigger()
    settle(explored)
    assert explored.desk.clip is None
    explorer.withheld.buttons[0].click()
    assert "melanoma" in told_words(explored)
    assert explorer.map.isVisibleTo(explorer)


def test_that_switching_read_first_on_keeps_an_open_cohort_back(explored):
    explored.window.action("read_first").setChecked(True)
    assert told_words(explored) == ""
    explored.window.action("read_first").setChecked(False)
    assert "melanoma" in told_words(explored)


@pytest.mark.parametrize("room", [{"read_first": True}], indirect=True)
def test_that_an_answer_after_the_cohort_was_shown_is_no_first_answer(explored):
    withholding = explored.window.conclusions._withholding
    assert withholding.asks_first("study/b.png", 0)
    explored.window.explorer.withheld.buttons[0].click()
    assert not withholding.asks_first("study/b.png", 0)
    assert not withholding.asks_first("study/clip.dcm", WHOLE)
    assert withholding.asks_first("study/other.png", 0)


def test_that_opening_a_case_shows_nothing_the_window_keeps_back(explored):
    explored.session.made.lights[0] = Light.RED
    will_open(explored, opened("b.png", 1))
    click(explored, B)
    explored.window.canvas.viewport().repaint()
    explored.work()
    assert explored.window.conclusions.why(0) is not None


def test_that_a_de_identified_display_names_no_file_of_a_cohort(explored):
    explored.window.explorer.table.selectRow(0)
    explored.window.action("de_identified").setChecked(True)
    words = told_words(explored) + explored.window.explorer.title.text()
    assert ".png" not in words
    assert "cohort ·" in explored.window.explorer.title.text()
    assert "Case 7" in words
    explored.window.explorer.words.setText("nothing is called so")
    assert len(listed(explored)) == 7
    will_open(explored, Opened(path=Path("study/b.png"), error="there is no such file"))
    click(explored, B)
    assert "b.png" not in explored.window.explorer.problem.words.text()


# The model -------------------------------------------------------------------------------------------------------


def test_that_another_model_than_that_of_the_cohort_is_said_so(room, tmp_path):
    open_cohort(room, write_made_up_cohort(tmp_path / "c", CASES_MADE, root="study", digest="2" * 64))
    strip = room.window.explorer.other_model
    assert not strip.isVisibleTo(room.window.explorer)
    will_open(room, opened("b.png", 1))
    click(room, B)
    room.window.canvas.viewport().repaint()
    room.work()
    assert strip.isVisibleTo(room.window.explorer)
    assert strip.words.text().startswith("Evaluated with made-up 1; opened pictures are judged by made-up 1")


def test_that_the_model_of_the_cohort_is_not_mentioned(explored):
    will_open(explored, opened("b.png", 1))
    click(explored, B)
    explored.window.canvas.viewport().repaint()
    explored.work()
    assert not explored.window.explorer.other_model.isVisibleTo(explored.window.explorer)


def test_that_pictures_which_do_not_say_what_they_show_are_taken_for_those_of_the_cohort(explored):
    explored.desk._said_modality = Modality.UNKNOWN
    will_open(explored, opened("b.png", 1, modality=Modality.UNKNOWN))
    click(explored, B)
    assert explored.desk.modality is Modality.DERMOSCOPY


# Room and reach --------------------------------------------------------------------------------------------------


def test_that_a_narrow_panel_shows_map_or_table_and_a_wide_one_both(explored):
    explorer = explored.window.explorer
    explored.window.action("float_explorer").setChecked(True)
    dock = explored.window.docks["explorer"]
    assert dock.isFloating()
    dock.resize(1000, 600)
    deliver()
    assert explorer.map.isVisibleTo(explorer)
    assert explorer.table.isVisibleTo(explorer)
    dock.resize(500, 600)
    deliver()
    assert explorer.map.isVisibleTo(explorer)
    assert not explorer.table.isVisibleTo(explorer)
    (table,) = [button for button in explorer.findChildren(QToolButton) if button.text() == "Table"]
    table.click()
    assert explorer.table.isVisibleTo(explorer)
    assert not explorer.map.isVisibleTo(explorer)
    explored.window.action("float_explorer").setChecked(False)
    assert not dock.isFloating()


def test_that_the_explorer_fits_into_a_small_window(explored):
    explored.window.arrange(1100, 700)
    deliver()
    assert (explored.window.width(), explored.window.height()) == (1100, 700)


def test_that_it_fits_there_with_letters_half_as_large_again(explored, qapp):
    apply_theme(qapp, load_theme("dark"), 150)
    explored.window.arrange(1100, 700)
    deliver()
    assert (explored.window.width(), explored.window.height()) == (1100, 700)
    apply_theme(qapp, load_theme("dark"))


def test_that_its_commands_have_tips_and_its_parts_names(explored):
    commands = {command.name: command for command in COMMANDS}
    for name in ("open_cohort", "show_explorer", "float_explorer", "next_failure", "previous_failure"):
        assert commands[name].tip
    explorer = explored.window.explorer
    for part in (explorer.map, explorer.table, explorer.legend, explorer.colouring, explorer.truth, explorer.words):
        assert part.accessibleName()


def test_that_points_follow_the_theme_and_the_size_of_letters(explored, qapp):
    before = [look.colour for look in explored.window.explorer.map._looks]
    size = explored.window.explorer.map._size
    apply_theme(qapp, load_theme("light"), 150)
    explored.window.refresh_looks()
    assert [look.colour for look in explored.window.explorer.map._looks] != before
    assert explored.window.explorer.map._size > size
    apply_theme(qapp, load_theme("dark"))


def test_that_fifty_thousand_points_are_gathered_and_found_without_a_wait(room):
    points = room.window.explorer.map
    room.window.docks["explorer"].show()
    rng = np.random.default_rng(0)
    positions = rng.normal(size=(50_000, 2)).astype(np.float32)
    points.show_positions(positions)
    far = int(np.abs(positions).sum(axis=1).argmax())
    assert points.point_at(points.place_of(far) + QPointF(1, 1)) == far
