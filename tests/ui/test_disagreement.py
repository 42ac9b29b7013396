"""Where scores, networks and neighbouring frames disagree is seen at a glance, and leads to the frame."""

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from viewer.domain.result import About, Failure, Light, Score, ScoreRow
from viewer.present.disagreement import Standing
from viewer.testing.lights import basis
from viewer.ui.panels.disagreement import DisagreementPanel
from viewer.ui.theme import NAMES, apply_theme, load_theme
from viewer.ui.widgets.score_map import EMPTY, FAILED, KEPT_BACK, LEVELS, SILENT, STATES, ScoreMap
from viewer.ui.withholding import Why

from .conftest import Room, assessment, opened

TOP_LEVEL = len(STATES) + LEVELS - 1


def assessed(*trusts: float | None, **changes: Any) -> Any:
    """A frame with a score for every trust; NaN for one that failed."""
    broken = Failure(plugin="p", stage="score", summary="it raised")
    rows = tuple(
        ScoreRow(
            name=f"s{place}",
            title=f"Score {place}",
            plugin="p",
            about=About.CORRECTNESS,
            weight=0.0,
            result=broken if trust is not None and np.isnan(trust) else Score(trust=trust),
        )
        for place, trust in enumerate(trusts)
    )
    return replace(assessment(0.5), rows=rows, **changes)


@pytest.fixture
def view(qtbot: Any) -> DisagreementPanel:
    """The panel with a clip of ten frames, of which the first three are known."""
    made = DisagreementPanel()
    qtbot.addWidget(made)
    made.use_basis(basis(certificate=None, weights={}, distributions={}))
    made.show_clip(10)
    made.put(0, assessed(0.0, 1.0), None)
    made.put(1, assessed(None, float("nan")), None)
    made.put(2, assessed(0.9, 0.9, final=1), None)
    made.put_failed(3)
    made.resize(430, 800)
    made.show()
    return made


def test_that_every_cell_says_what_is_known(view: DisagreementPanel) -> None:
    score_map = view.maps[About.CORRECTNESS]
    assert score_map.codes[:, :5].tolist() == [
        [len(STATES), SILENT, score_map.codes[0, 2], FAILED, EMPTY],
        [TOP_LEVEL, FAILED, score_map.codes[1, 2], FAILED, EMPTY],
    ]
    assert score_map.words(1, 0).startswith("frame 1 of 10\nScore 1: trust 100 %")
    assert score_map.words(1, 1).endswith("Score 1: unavailable")
    assert score_map.words(0, 3).endswith("Score 0: failed")
    assert score_map.words(0, 9).endswith("Score 0: not assessed")
    assert not view.maps[About.SUITABILITY].isVisible()


def test_that_states_look_unlike_each_other_and_unlike_any_trust(view: DisagreementPanel, qapp: Any) -> None:
    for theme in NAMES:
        apply_theme(qapp, load_theme(theme))
        colours = view.maps[About.CORRECTNESS]._image.colorTable()
        states, levels = colours[: len(STATES)], colours[len(STATES) :]
        assert len(set(states)) == len(STATES)
        assert not set(states) & set(levels)
    apply_theme(qapp, load_theme("dark"))


def test_that_what_disagrees_is_said_for_the_frame_on_screen(view: DisagreementPanel) -> None:
    assert view.scores.text().startswith("The scores disagree: Score 1 trusts this frame, Score 0 does not.")
    assert view.beside.text() == "1 of 2 neighbouring frames say the same."
    view.show_frame(2)
    assert view.scores.text().startswith("The scores agree: they trust this frame more than usual.")
    assert view.beside.text() == "0 of 2 neighbouring frames say the same."
    assert "Score 0: trust 90 %" in view.maps[About.CORRECTNESS].accessibleDescription()
    view.show_frame(3)
    assert view.scores.text() == "This frame cannot be assessed."
    view.show_frame(9)
    assert view.scores.text() == "The scores are compared once this frame is assessed."
    view.put(9, assessed(0.2, 0.2), None)
    assert view.scores.text().startswith("The scores agree")


def test_that_the_networks_of_an_ensemble_stand_beside_each_other(view: DisagreementPanel) -> None:
    assert view.members.text() == "No ensemble: one network answers."
    assert not view.networks.isVisible()
    view.put(0, assessed(0.5, members=np.array([[0.8, 0.1, 0.1], [0.2, 0.5, 0.3]])), None)
    assert view.members.text() == "1 of 2 networks say nevus."
    rows = view.networks.rows
    assert [rows.headerData(column, Qt.Orientation.Horizontal) for column in range(3)] == [
        "Network",
        "nevus",
        "melanoma",
    ]
    assert [rows.index(1, column).data() for column in range(4)] == ["2", "20 %", "50 %", "30 %"]


def test_that_models_of_an_ensemble_are_called_by_their_names(view: DisagreementPanel) -> None:
    members = np.array([[0.8, 0.1, 0.1], [0.2, 0.5, 0.3]])
    view.put(0, assessed(0.5, members=members, member_names=("unet", "b0")), None)
    rows = view.networks.rows
    assert [rows.index(row, 0).data() for row in range(2)] == ["unet", "b0"]
    header = view.networks.horizontalHeader()
    assert all(view.networks.columnWidth(place) >= header.sectionSizeHint(place) for place in range(1, 4))


def test_that_what_is_withheld_is_told_nowhere_in_it(view: DisagreementPanel) -> None:
    members = np.array([[0.8, 0.1, 0.1]] * 3)
    red = assessed(0.1, 0.9, light=Light.RED, members=members)
    view.put(0, red, Why.RED)
    assert view.scores.text().startswith("The scores disagree")  # trust is told under red, the class is not
    assert view.members.isHidden()
    assert not view.beside.isVisible()
    assert [view.neighbours.rows.index(0, column).data() for column in range(3)] == ["▸ 1", "withheld", "50 %"]
    view.put(0, red, Why.READ_FIRST)
    assert view.scores.text().startswith("Shown with the AI's answer")
    assert view.maps[About.CORRECTNESS].codes[:, 0].tolist() == [KEPT_BACK, KEPT_BACK]
    assert not view.maps[About.CORRECTNESS].isVisible()
    assert view.neighbours.rows.rowCount() == 0
    view.show_frame(2)
    assert view.maps[About.CORRECTNESS].words(0, 0).endswith("after your answer")
    assert view.beside.text() == "0 of 1 neighbouring frames say the same."


def centre(score_map: ScoreMap, frame: int) -> QPoint:
    plot = score_map._plot()
    return QPoint(round(plot.left() + plot.width() * (frame + 0.5) / score_map.frames), 10)


def test_that_a_click_on_a_column_or_a_neighbour_leads_to_the_frame(room: Room) -> None:
    room.open(opened(frames=8))
    room.work()
    window = room.window
    QTest.keyClick(window, Qt.Key.Key_6)
    room.settle()
    score_map = window.disagreement.maps[About.CORRECTNESS]
    assert score_map.isVisible()
    QTest.mouseClick(score_map, Qt.MouseButton.LeftButton, pos=centre(score_map, 5))
    room.settle()
    assert room.desk.frame == 5
    assert score_map._frame == 5
    QTest.mouseClick(score_map, Qt.MouseButton.LeftButton, pos=QPoint(2, 10))  # on a name
    assert room.desk.frame == 5
    table = window.disagreement.neighbours
    cell = table.visualRect(table.rows.index(0, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    room.settle()
    assert room.desk.frame == 0


def test_that_the_light_stays_in_front_until_the_key_is_pressed(room: Room) -> None:
    window = room.window
    panel = window.disagreement
    for size in ((1200, 800), (1600, 1000)):
        window.arrange(*size)
        room.settle()
        assert panel.visibleRegion().isEmpty()
        assert not window.reliability.visibleRegion().isEmpty()
    QTest.keyClick(window, Qt.Key.Key_6)
    room.settle()
    assert not panel.visibleRegion().isEmpty()
    assert panel.hasFocus()
    assert window.docks["disagreement"].height() > 0.4 * window.height()
    QTest.keyClick(window, Qt.Key.Key_6)
    room.settle()
    assert panel.visibleRegion().isEmpty()


def test_that_another_clip_starts_empty(room: Room) -> None:
    room.open(opened("a.dcm", frames=4), opened("b.png", frames=1))
    room.work()
    panel = room.window.disagreement
    room.desk.show_clip(room.window.series.clips.clips[1])
    room.settle()
    assert panel.maps[About.CORRECTNESS].rows == 0
    room.window.canvas.viewport().repaint()
    room.work()
    assert panel.maps[About.CORRECTNESS].frames == 1
    assert panel.neighbours.rows.rowCount() == 0


def test_that_a_thousand_frames_of_fifteen_scores_are_redrawn_within_50_ms(qtbot: Any) -> None:
    score_map = ScoreMap("Scores")
    qtbot.addWidget(score_map)
    score_map.show_clip(1000)
    random = np.random.default_rng(0)
    for frame in range(1000):
        shares = random.random(15).tolist()
        score_map.put(
            frame,
            [
                Standing(
                    name=f"s{n}",
                    title=f"Score {n}",
                    about=About.CORRECTNESS,
                    trust=share,
                    share=share,
                    failed=share < 0.1,
                )
                for n, share in enumerate(shares)
            ],
        )
    score_map.resize(430, score_map.height())
    score_map.show()
    taken = []
    for frame in range(5):
        before = time.perf_counter()
        score_map.put_state(frame, FAILED)
        score_map.set_frame(frame)
        score_map.repaint()
        taken.append(time.perf_counter() - before)
    assert min(taken) < 0.05
