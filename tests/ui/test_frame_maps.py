"""Maps of similar frames in the panel of explanations."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from viewer.domain.result import Explanation, Failure, Scatter
from viewer.ui.canvas.path_map import arrow_head
from viewer.ui.panels.explanations import ExplanationsPanel
from viewer.ui.panels.frame_maps import FrameMaps
from viewer.ui.theme import apply_theme, load_theme

from .conftest import UNDER

TITLES = ("Alike to the AI", "Alike in answer")
NOTE = "Near means similar."


def scatters(here=1, seed=0):
    random = np.random.default_rng(seed)
    points = random.normal(0, 10, (60, 2)).astype(np.float32)
    path = np.array([[-8, -8], [0, 0], [8, 3]], np.float32)
    one = Scatter(
        title=TITLES[0],
        points=points,
        kinds=np.arange(60) % 3,
        names=("a_lines", "b_lines", "consolidation"),
        path=path,
        here=here,
        note=NOTE,
    )
    return one, replace(one, title=TITLES[1], path=path[:1], here=0)


@pytest.fixture
def maps(qtbot):
    shown = FrameMaps()
    qtbot.addWidget(shown)
    shown.resize(500, 260)
    shown.show_scatters(scatters())
    shown.show()
    return shown


def painted(widget):
    image = widget.grab().toImage().convertToFormat(widget.grab().toImage().Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def test_that_one_of_the_maps_is_shown_with_its_note_and_its_words(maps):
    assert [maps.chooser.itemText(place) for place in range(maps.chooser.count())] == list(TITLES)
    assert maps.note.text() == NOTE
    assert maps.map.accessibleName() == TITLES[0]
    assert maps.map.accessibleDescription().startswith("Classes of the 10 marks nearest to this frame: ")
    assert "this frame is number 2" in maps.map.accessibleDescription()
    assert maps.legend.accessibleName() == "Legend: a lines, b lines, consolidation, this frame, the frames around it"
    maps.chooser.setCurrentIndex(1)
    assert maps.legend.accessibleName() == "Legend: a lines, b lines, consolidation, this frame"


def test_that_the_map_that_was_chosen_stays_from_frame_to_frame(maps):
    maps.chooser.setCurrentIndex(1)
    assert maps.shown.title == TITLES[1]
    maps.show_scatters(scatters(here=2))
    assert maps.shown.title == TITLES[1]


def test_that_stepping_moves_the_sign_along_the_path_and_leaves_the_points(maps, monkeypatch):
    monkeypatch.setattr(maps.map, "show_positions", lambda _: pytest.fail("the points were laid again"))
    before = painted(maps.map)
    maps.show_scatters(scatters(here=2))
    assert "this frame is number 3" in maps.map.accessibleDescription()
    changed = (painted(maps.map) != before).any(axis=2)
    signs = [maps.map.pixel_of(place) for place in scatters()[0].path]
    assert changed[int(signs[1].y()), int(signs[1].x()) + 5]
    assert changed[int(signs[2].y()), int(signs[2].x()) + 5]
    assert not changed[int(signs[0].y()), int(signs[0].x()) + 5]


def test_that_another_map_is_laid_out_anew(maps):
    maps.show_scatters(scatters(seed=1))
    np.testing.assert_allclose(maps.map.place_of(0).toTuple(), maps.map.pixel_of(maps.shown.points[0]).toTuple())


def test_that_a_single_map_has_its_title_and_no_chooser(maps):
    maps.show_scatters(scatters()[:1])
    assert maps.title.isVisible()
    assert maps.title.text() == TITLES[0]
    assert not maps.chooser.isVisible()


def test_that_the_map_follows_the_theme(maps, qapp):
    dark = painted(maps.map)
    apply_theme(qapp, load_theme("light"))
    light = painted(maps.map)
    apply_theme(qapp, load_theme("dark"))
    assert light.mean() > 2 * dark.mean()


def test_that_the_map_shrinks_with_the_panel(maps):
    maps.resize(280, 180)
    assert maps.minimumSizeHint().width() <= 280
    corners = [maps.map.pixel_of(point) for point in maps.shown.points]
    assert all(maps.map.rect().contains(corner.toPoint()) for corner in corners)


def test_that_arrows_point_the_way_and_short_lines_have_none():
    head = arrow_head(QPointF(0, 0), QPointF(40, 0))
    assert head[0].x() > max(head[1].x(), head[2].x())
    assert arrow_head(QPointF(0, 0), QPointF(5, 0)).isEmpty()
    assert arrow_head(QPointF(3, 3), QPointF(3, 3)).isEmpty()


def explanation(result):
    return Explanation(name="map", title="Map of frames", plugin="second-opinion", result=result)


@pytest.fixture
def panel(qtbot):
    shown = ExplanationsPanel()
    qtbot.addWidget(shown)
    shown.resize(420, 400)
    shown.show_explanations((explanation(scatters()),), 0, *UNDER)
    shown.tabs.setCurrentIndex(1)
    shown.show()
    return shown


def maps_of(panel):
    return panel.tabs.widget(1).findChildren(FrameMaps)


def test_that_the_panel_keeps_its_maps_from_frame_to_frame(panel):
    (first,) = maps_of(panel)
    panel.show_explanations((explanation(scatters(here=0)),), 0, *UNDER)
    assert maps_of(panel) == [first]
    assert first.isVisible()
    assert "this frame is number 1" in first.map.accessibleDescription()


def test_that_a_map_gives_way_to_a_failure_and_comes_back(panel):
    failure = Failure(plugin="second-opinion", stage="explain", summary="no")
    panel.show_explanations((explanation(failure),), 0, *UNDER)
    assert [maps.isVisible() for maps in maps_of(panel)] == [False]
    panel.show_explanations((explanation(scatters()),), 0, *UNDER)
    assert [maps.isVisible() for maps in maps_of(panel)] == [True]
