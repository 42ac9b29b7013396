"""The list of studies: what it shows of each clip, in which order, and how a big folder fills it."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from viewer.domain.image import Clip, group_clips
from viewer.domain.result import Light
from viewer.session.worklist import Marks
from viewer.ui.panels.series_list import SeriesList
from viewer.ui.panels.series_model import DETAIL, MARKS, SeriesModel
from viewer.ui.panels.series_order import Arrangement
from viewer.ui.panels.series_panel import UNANSWERED, SeriesPanel
from viewer.ui.theme import apply_theme, load_theme

from .conftest import Room, clip, opened
from .test_main_window import press

RED, AMBER, GREEN = Light.RED, Light.AMBER, Light.GREEN


@pytest.fixture
def model(qapp: Any) -> SeriesModel:
    made = SeriesModel()
    made.checked = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Warning)  # type: ignore[attr-defined]
    return made


def names(model: SeriesModel) -> list[str]:
    return [entry.path.name for entry in model.clips]


def in_study(name: str, study: str = "1", **changes: Any) -> Clip:
    return clip(name, frames=1, study_uid=study, **changes)


@pytest.mark.parametrize("batch", [1, 3, 100])
def test_that_clips_that_arrive_one_by_one_stand_as_if_they_had_come_together(model: SeriesModel, batch: int) -> None:
    made = [
        in_study(f"{study}{series}{instance}", study, series_uid=f"{study}.{series}", **numbers)
        for instance in (3, 1, 2)
        for series in (2, 1, 2, 3)
        for study in "ba"
        for numbers in [{"series_number": series % 3, "instance_number": instance}]
    ]
    for start in range(0, len(made), batch):
        model.add(made[start : start + batch])
    unique = list({str(entry.path): entry for entry in made}.values())
    wanted = [entry for study in group_clips(unique) for series in study.series for entry in series.clips]
    assert list(model.clips) == wanted
    assert [model.clip_at(model.index_of(entry)) for entry in wanted] == wanted
    assert [model.index(row, 0).data(DETAIL) is None for row in model.headings()] == [True, True]


def test_that_a_clip_is_listed_once(model: SeriesModel) -> None:
    model.add([clip("a.png"), clip("a.png")])
    model.add([clip("a.png")])
    assert names(model) == ["a.png"]


def test_that_the_row_on_screen_stays_chosen_while_the_list_fills(qtbot: Any) -> None:
    shown = SeriesList()
    qtbot.addWidget(shown)
    shown.clips.add([in_study("b", instance_number=2, series_uid="s")])
    shown.select(shown.clips.clips[0])
    shown.clips.add([in_study("a", instance_number=1, series_uid="s"), in_study("z", "0")])
    assert shown.clips.clip_at(shown.currentIndex()).path.name == "b"  # type: ignore[union-attr]
    assert shown.currentIndex().row() == 2


def test_that_a_folder_that_fills_the_list_never_starts_it_anew(model: SeriesModel) -> None:
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    for start in range(0, 800, 8):
        model.add([clip(f"{number:04d}.png", frames=1) for number in range(start, start + 8)])
    assert resets == []
    assert model.rowCount() == 801


@pytest.fixture
def judged(model: SeriesModel) -> SeriesModel:
    """Two studies of three pictures, with lights on five of them."""
    model.add([in_study(name, name[0]) for name in ("a1", "a2", "a3", "b1", "b2", "b3")])
    for name, light in {"a1": GREEN, "a2": AMBER, "a3": RED, "b2": GREEN, "b3": Light.GREY}.items():
        model.set_light(str(Path("study") / name), light, "because")
    return model


def test_that_the_worst_light_comes_first_in_each_study(judged: SeriesModel) -> None:
    judged.arrange(Arrangement(worst_first=True))
    assert names(judged) == ["a3", "a2", "a1", "b3", "b2", "b1"]
    judged.set_light("study/b1", AMBER, "because")
    assert names(judged) == ["a3", "a2", "a1", "b1", "b3", "b2"]
    judged.arrange(Arrangement())
    assert names(judged) == ["a1", "a2", "a3", "b1", "b2", "b3"]


def test_that_a_light_or_what_is_not_answered_can_be_asked_for(judged: SeriesModel) -> None:
    judged.arrange(Arrangement(light=RED))
    assert names(judged) == ["a3"]
    assert len(judged.headings()) == 1
    judged.add([in_study("c1", "c")])
    assert names(judged) == ["a3"]
    judged.arrange(Arrangement(unanswered=True))
    judged.set_marks({"study/a1": Marks(answers=1), "study/b1": Marks(key_images=2)})
    assert names(judged) == ["a2", "a3", "b1", "b2", "b3", "c1"]


def test_that_steps_keep_to_the_order_shown_and_leave_a_picture_that_is_not(judged: SeriesModel) -> None:
    first, second, third, *_ = judged.clips
    judged.arrange(Arrangement(worst_first=True))
    assert judged.step(third, 1) == second
    assert judged.step(third, -1) is None
    judged.arrange(Arrangement(light=RED))
    assert judged.step(first, 1) == third
    assert judged.step(first, -1) is None
    assert judged.step(clip("elsewhere"), 1) is None


def test_that_marks_are_told_in_words_and_counted_for_the_study(judged: SeriesModel) -> None:
    judged.set_marks({"study/a1": Marks(answers=3, key_images=2)})
    index = judged.index_of(judged.clips[0])
    for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
        assert "Answered" in index.data(role)
        assert "Key images: 2" in index.data(role)
    heading = judged.index(0, 0)
    assert heading.data(MARKS) == (1, 3)
    assert heading.data(Qt.ItemDataRole.AccessibleTextRole).endswith("1 of 3 answered")


def test_that_a_mark_redraws_only_its_rows(judged: SeriesModel) -> None:
    rows: list[tuple[int, int]] = []
    judged.dataChanged.connect(lambda top, bottom: rows.append((top.row(), bottom.row())))
    judged.set_marks({"study/b2": Marks(answers=1)})
    assert rows == [(4, 4), (6, 6)]
    judged.set_marks({"study/b2": Marks(answers=1)})
    assert len(rows) == 2


def test_that_the_tick_and_the_key_images_are_drawn_on_the_thumbnail(qtbot: Any) -> None:
    shown = SeriesList()
    qtbot.addWidget(shown)
    shown.clips.add([clip("a.png", frames=1)])
    shown.resize(260, 130)
    pictures = [shown.viewport().grab().toImage()]
    for marks in (Marks(answers=1), Marks(answers=1, key_images=12)):
        shown.clips.set_marks({"study/a.png": marks})
        pictures.append(shown.viewport().grab().toImage())
    assert pictures[0] != pictures[1] != pictures[2]


def test_that_order_and_filter_are_chosen_by_keys(qtbot: Any) -> None:
    panel = SeriesPanel(SeriesList())
    qtbot.addWidget(panel)
    clips = panel._series.clips
    QTest.keyClick(panel.order, Qt.Key.Key_Down)
    assert clips.arrangement == Arrangement(worst_first=True)
    QTest.keyClick(panel.shown, Qt.Key.Key_Down)
    assert panel.shown.currentData() == UNANSWERED
    assert clips.arrangement == Arrangement(worst_first=True, unanswered=True)
    QTest.keyClick(panel.shown, Qt.Key.Key_Down)
    assert clips.arrangement == Arrangement(worst_first=True, light=RED)


def test_that_keys_go_to_the_next_picture_without_an_answer(room: Room) -> None:
    room.open(*(opened(name, frames=1) for name in "abcd"))
    room.window.series.clips.set_marks({"study/b": Marks(answers=1)})
    seen = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        press(room, key, Qt.KeyboardModifier.ControlModifier)
        seen.append(room.desk.clip.path.name)  # type: ignore[union-attr]
    assert seen == ["c", "d", "a", "d"]


def test_that_it_is_said_when_everything_is_answered(room: Room) -> None:
    room.open(opened("a", frames=1), opened("b", frames=1))
    room.window.series.clips.set_marks({"study/b": Marks(answers=1)})
    press(room, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert room.desk.clip.path.name == "a"  # type: ignore[union-attr]
    assert "without an answer" in room.window.statusBar().currentMessage()


def test_that_up_and_down_walk_the_list_as_it_is_arranged(room: Room) -> None:
    room.open(*(opened(name, frames=1) for name in "abc"))
    clips = room.window.series.clips
    for name, light in {"a": GREEN, "b": AMBER, "c": RED}.items():
        clips.set_light(f"study/{name}", light, "because")
    clips.arrange(Arrangement(worst_first=True))
    seen = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down):
        press(room, key)
        seen.append(room.desk.clip.path.name)  # type: ignore[union-attr]
    assert seen == ["b", "c", "b"]
    assert clips.clip_at(room.window.series.currentIndex()) == room.desk.clip


def test_that_rows_grow_with_the_letters(qtbot: Any, qapp: Any) -> None:
    shown = SeriesList()
    qtbot.addWidget(shown)
    shown.clips.add([clip("a.png", frames=1)])
    before = [shown.rowHeight(row) for row in range(2)]
    try:
        apply_theme(qapp, load_theme("dark"), 150)
        assert [shown.rowHeight(row) for row in range(2)] == [round(1.5 * height) for height in before]
    finally:
        apply_theme(qapp, load_theme("dark"))
