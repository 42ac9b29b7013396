import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from viewer.domain.outline import Outline
from viewer.domain.result import Chart, Explanation, Light, Overlay, Table, Text
from viewer.present.colours import contrast
from viewer.present.identity import Identity
from viewer.session.survey import runs
from viewer.ui.actions import COMMANDS, MENUS, PRESETS
from viewer.ui.panels.banner import Banner
from viewer.ui.panels.explanations import ExplanationsPanel
from viewer.ui.panels.frame_table import FrameTableModel
from viewer.ui.panels.overlays import OverlayList
from viewer.ui.panels.reliability import ReliabilityPanel
from viewer.ui.panels.series_list import SeriesList
from viewer.ui.panels.series_model import detail_words
from viewer.ui.panels.track import TrustTrack
from viewer.ui.theme import NAMES, icon, load_theme
from viewer.ui.thumbnails import thumbnail
from viewer.ui.widgets.chart import ChartView, table_view
from viewer.ui.widgets.light_sign import LightSign
from viewer.ui.withholding import Why

from .conftest import UNDER, MadeSource, assessment, clip

SURFACES = ("window", "panel", "raised")


def overlay(title="Attention"):
    return Overlay(title=title, values=np.zeros((2, 2), np.float32), limits=(0, 2), unit="share")


@pytest.mark.parametrize("name", NAMES)
def test_that_every_text_is_legible_on_every_surface(name):
    colours = load_theme(name).colours
    ratios = {
        (ink, surface): contrast(colours[ink], colours[surface])
        for ink in ("text", "muted", "warning", "problem", "accent")
        for surface in (*SURFACES, *(("selection", "hover") if ink in ("text", "muted") else ()))
    }
    ratios["accent_text", "accent"] = contrast(colours["accent_text"], colours["accent"])
    ratios["canvas_text", "canvas"] = contrast(colours["canvas_text"], colours["canvas"])
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < 4.5} == {}
    disabled = {surface: contrast(colours["disabled"], colours[surface]) for surface in SURFACES}
    assert {surface: ratio for surface, ratio in disabled.items() if ratio < 3} == {}


@pytest.mark.parametrize("name", NAMES)
def test_that_bars_and_curves_stand_out_from_their_ground(name):
    colours = load_theme(name).colours
    pairs = [("bar", "track"), ("bar_strong", "track"), ("curve", "panel"), ("bar", "panel"), ("accent", "panel")]
    assert {pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 3} == set()


def test_that_themes_have_the_same_names():
    assert len({tuple(sorted(load_theme(name).colours)) for name in NAMES}) == 1


def test_that_every_command_has_words_a_menu_and_a_key_of_its_own(qapp):
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))
    assert all(command.text and command.tip and command.menu in (*MENUS, PRESETS) for command in COMMANDS)
    assert [command.name for command in COMMANDS if command.icon and icon(command.icon).isNull()] == []


@pytest.mark.parametrize("light", list(Light))
def test_that_each_light_has_a_place_and_a_shape_of_its_own(qtbot, light):
    sign = LightSign()
    qtbot.addWidget(sign)
    sign.set_light(light)
    others = []
    for other in Light:
        if other is not light:
            unlike = LightSign()
            qtbot.addWidget(unlike)
            unlike.set_light(other)
            others.append(unlike.grab().toImage())
    assert all(sign.grab().toImage() != image for image in others)
    assert sign.accessibleName().startswith("Reliability of AI: ")


def test_that_the_runs_of_a_mask_are_found():
    assert runs(np.array([True, True, False, True])) == [(0, 2), (3, 4)]
    assert runs(np.array([False, False])) == []


def test_that_a_click_on_the_timeline_seeks_the_frame_under_it(qtbot):
    track = TrustTrack()
    qtbot.addWidget(track)
    track.resize(446, 70)  # 400 pixels between the margins
    track.show_clip(100, ())
    found = []
    track.frame_sought.connect(found.append)
    QTest.mouseClick(track, Qt.MouseButton.LeftButton, pos=QPoint(34 + 202, 30))
    QTest.mouseClick(track, Qt.MouseButton.LeftButton, pos=QPoint(2, 30))
    QTest.mouseClick(track, Qt.MouseButton.LeftButton, pos=QPoint(445, 30))
    assert found == [50, 0, 99]


def test_that_the_timeline_says_what_is_known_of_a_frame(qtbot):
    track = TrustTrack()
    qtbot.addWidget(track)
    track.show_clip(4, (0.0, 40.0, 80.0, 120.0))
    track.set_trust(1, 0.5)
    track.set_trust(2, None)
    track.set_failed(3)
    assert [track.words(frame) for frame in range(4)] == [
        "frame 1 of 4, 0.00 s: not assessed yet",
        "frame 2 of 4, 0.04 s: trust 50 %",
        "frame 3 of 4, 0.08 s: trust not known",
        "frame 4 of 4, 0.12 s: cannot be assessed",
    ]
    assert np.isnan(track.trusts()).tolist() == [True, False, True, True]


def test_that_an_overlays_settings_stay_from_frame_to_frame(qtbot):
    overlays = OverlayList()
    qtbot.addWidget(overlays)
    overlays.show_overlays({"a/0": overlay(), "b/0": overlay()})
    assert list(overlays.shown()) == ["a/0"]  # two at once would hide each other
    overlays.row("a/0").opacity.setValue(30)
    overlays.row("a/0").colours.setCurrentText("viridis")
    overlays.row("b/0").shown.setChecked(True)
    overlays.show_overlays({})
    overlays.show_overlays({"a/0": overlay("next"), "b/0": overlay("next")})
    looks = {name: look for name, (_, look) in overlays.shown().items()}
    assert (looks["a/0"].opacity, looks["a/0"].colour_map) == (0.3, "viridis")
    assert looks["b/0"].shown


def outline():
    return Outline(title="Outline of the lungs", values=np.eye(4, dtype=np.float32), legend="edge of the lungs")


def test_that_outlines_are_on_beside_the_first_map_and_have_no_colours_to_choose(qtbot):
    overlays = OverlayList()
    qtbot.addWidget(overlays)
    overlays.show_overlays({"a/outline/0": outline(), "a/0": overlay(), "b/0": overlay()})
    assert list(overlays.shown()) == ["a/outline/0", "a/0"]
    row = overlays.row("a/outline/0")
    assert row.colours.isHidden()
    assert row.legend.accessibleName() == "Legend: edge of the lungs"
    assert not overlays.row("a/0").colours.isHidden()
    row.opacity.setValue(40)
    assert overlays.shown()["a/outline/0"][1].opacity == 0.4
    row.shown.setChecked(False)
    overlays.show_overlays({"a/outline/0": outline(), "a/0": overlay()})
    assert list(overlays.shown()) == ["a/0"]
    overlays.hide_all(True)
    assert overlays.shown() == {}


def test_that_an_outline_is_listed_with_the_overlays_and_not_among_the_words(qtbot):
    panel = ExplanationsPanel()
    qtbot.addWidget(panel)
    result = (outline(), overlay(), Text(title="Mask", body="The lungs."))
    panel.show_explanations([Explanation(name="mask", title="Mask", plugin="p", result=result)], 0, *UNDER)
    assert list(panel.overlays.shown()) == ["mask/0", "mask/outline/0"]
    panel.show_explanations([Explanation(name="mask", title="Mask", plugin="p", result=result[:2])], 0, *UNDER)
    assert panel.pages == ()


def test_that_rows_of_overlays_are_kept_and_hidden_while_there_are_none(qtbot):
    overlays = OverlayList()
    qtbot.addWidget(overlays)
    overlays.show_overlays({"a/0": overlay()})
    row = overlays.row("a/0")
    overlays.show_overlays({})
    assert row.isHidden()
    assert row.shown.text() == row.shown.toolTip() == ""  # a withheld class is not told by what is hidden
    assert overlays.shown() == {}
    overlays.show_overlays({"a/0": overlay("next")})
    assert overlays.row("a/0") is row
    assert not row.isHidden()


def test_that_a_frame_which_is_not_kept_back_is_not_said_to_be(qtbot):
    panel = ExplanationsPanel()
    qtbot.addWidget(panel)
    panel.show_withheld(Why.RED)
    assert not panel.note.isHidden()
    panel.clear()
    assert panel.note.isHidden()


def test_that_the_legend_names_limits_and_unit(qtbot):
    overlays = OverlayList()
    qtbot.addWidget(overlays)
    overlays.show_overlays({"a/0": overlay()})
    assert overlays.row("a/0").legend.accessibleName() == "Legend: 0 to 2 share"


def test_that_a_missing_trust_draws_no_bar_and_says_so(qtbot):
    panel = ReliabilityPanel()
    qtbot.addWidget(panel)
    panel.show_assessment(assessment(None))
    model = next(model for about, model in panel.scores.items() if about.value == "correctness")
    assert model.index(0, 1).data() == "no answer"
    assert "trust" not in panel.card.answer.text()


def test_that_the_frame_table_keeps_frames_in_order_and_replaces_rows():
    table = FrameTableModel()
    for frame in (3, 0, 2, 0):
        table.put(frame, {"frame": frame, "error": "" if frame else "twice"})
    assert [table.row(place)["frame"] for place in range(table.rowCount())] == [0, 2, 3]
    assert [table.frame_at(place) for place in range(3)] == [0, 2, 3]
    table.clear()
    assert table.rowCount() == 0


def test_that_series_are_grouped_by_study_in_instance_order(qtbot):
    shown = SeriesList()
    qtbot.addWidget(shown)
    shown.clips.add([clip("b", study_uid="1", series_uid="s", instance_number=2)])
    shown.clips.add([clip("c", study_uid="2"), clip("a", study_uid="1", series_uid="s", instance_number=1)])
    assert len(shown.clips.headings()) == 2
    assert [one.path.name for one in shown.clips.clips] == ["a", "b", "c"]
    chosen = []
    shown.clip_chosen.connect(chosen.append)
    shown.clicked.emit(shown.clips.index(2, 0))
    shown.clicked.emit(shown.clips.index(0, 0))  # a study is no clip
    assert [one.path.name for one in chosen] == ["b"]


def test_that_a_clip_is_described_in_one_line():
    assert detail_words(clip(frames=1)) == "32 × 24"
    assert detail_words(clip(frames=50)) == "50 frames  ·  2.0 s  ·  32 × 24"
    assert detail_words(clip(frames=50, frame_times_ms=())) == "50 frames  ·  32 × 24"


def test_that_names_of_models_give_way_to_the_patients(qtbot):
    banner = Banner()
    qtbot.addWidget(banner)
    name = "dermoscopy-8-trained-at-this-hospital"
    banner.show_bundle(name, f"{name}  (dermoscopy)")
    banner.show_second(name)
    banner.show_masks(f"masks by {name}", name)
    shown = clip(patient_name="Doe^Jane", patient_id="4711")
    banner.show_clip(shown, shown.modality, Identity().names(shown))
    banner.resize(900, 60)
    banner.show()
    qtbot.waitExposed(banner)
    assert banner.width() == 900
    assert banner.patient.width() > banner.patient.fontMetrics().horizontalAdvance(banner.patient.text())
    assert banner.masks.geometry().right() <= 900
    assert banner.masks.width() < banner.masks.sizeHint().width()
    assert name in banner.masks.toolTip()


def test_that_the_banner_says_who_and_what(qtbot):
    banner = Banner()
    qtbot.addWidget(banner)

    def told(shown):
        banner.show_clip(shown, shown.modality, Identity().names(shown))
        return banner.patient.text(), banner.study.text()

    named = clip(
        patient_name="Doe^Jane", patient_id="7", study_uid="1", study_date="20260102", series_description="A4C"
    )
    assert told(named) == ("Doe Jane   ID 7", "2026-01-02  ›  A4C")
    assert told(clip("x.png")) == ("De-identified", "study  ›  x.png")


def test_that_a_thumbnail_is_small_and_has_square_pixels():
    source = MadeSource(clip(rows=400, columns=400, pixel_aspect=2.0))
    small = thumbnail(source.decode(3), 100)
    assert small.shape == (200, 100, 3)
    assert (small == 3).all()


def test_that_long_names_in_a_table_get_the_room_that_short_numbers_leave(qtbot):
    names = ("pigmented benign keratosis", "nevus")
    table = table_view(Table(title="t", header=("Class", "In", "Out"), rows=tuple((n, "49 %", "no") for n in names)))
    qtbot.addWidget(table)
    table.show()

    def cut() -> list[bool]:
        return [table.columnWidth(column) < table.sizeHintForColumn(column) for column in range(3)]

    table.resize(400, 100)
    assert cut() == [False, False, False]
    assert sum(table.columnWidth(column) for column in range(3)) == table.viewport().width()
    table.resize(200, 100)
    assert cut() == [True, False, False]
    assert sum(table.columnWidth(column) for column in range(3)) == table.viewport().width()


def test_that_charts_and_tables_are_drawn_in_full(qtbot):
    chart = ChartView(Chart(title="p", labels=("a", "b"), values=np.array([0.2, -0.8]), unit="nats"))
    table = table_view(Table(title="t", header=("x", "y"), rows=(("1", "2"), ("3", "4"))))
    for widget in (chart, table):
        qtbot.addWidget(widget)
        assert not widget.grab().isNull()
    assert chart.accessibleName() == "p: a 0.2, b -0.8 nats"
    assert table.item(1, 0).text() == "3"
