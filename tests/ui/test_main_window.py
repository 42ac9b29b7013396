from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from viewer.domain.errors import BundleRefused, ViewerError
from viewer.domain.image import Modality
from viewer.host.discovery import PluginRecord
from viewer.io.reader import Opened
from viewer.session.events import FrameAssessed
from viewer.ui.desk import CANCELLED
from viewer.ui.dialogs.plugins import WHEN, PluginsDialog
from viewer.ui.dialogs.shortcuts import ShortcutsDialog
from viewer.ui.models import UNSAID

from .conftest import CLASSES, Room, assessment, opened


def press(room: Room, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    room.window.activateWindow()
    QTest.keyClick(room.window, key, modifiers)
    room.settle()


def shown_value(room: Room) -> int:
    frame = room.window.canvas.frame
    assert frame is not None
    return int(frame.values[0, 0, 0])


def test_that_the_first_clip_is_shown_and_named(room):
    room.open(opened("a.dcm", patient_name="Doe^Jane", patient_id="7", study_description="Chest"), opened("b.dcm"))
    assert shown_value(room) == 0
    assert room.window.banner.patient.text() == "Doe Jane   ID 7"
    assert "a.dcm" in room.window.windowTitle()
    assert [clip.path.name for clip in room.window.series.clips.clips] == ["a.dcm", "b.dcm"]


def test_that_a_clip_without_a_patient_says_so(room):
    room.open(opened("a.dcm"))
    assert room.window.banner.patient.text() == "De-identified"


def test_that_nothing_is_assessed_before_the_first_picture_is_painted(room):
    room.session.files = [opened()]
    room.desk.opener.open([Path("x")])
    room.files.run_all()
    assert room.jobs.waiting == 0


def test_that_arrow_keys_step_through_frames_and_stop_at_the_ends(room):
    room.open(opened(frames=3))
    for key, expected in [
        ("Right", 1),
        ("Right", 2),
        ("Right", 2),
        ("Left", 1),
        ("Home", 0),
        ("Left", 0),
        ("End", 2),
    ]:
        press(room, getattr(Qt.Key, f"Key_{key}"))
        assert shown_value(room) == expected
    assert room.window.timeline.position.text().startswith("3 / 3")


def test_that_up_and_down_change_the_clip_and_keep_to_the_list(room):
    room.open(opened("a.dcm"), opened("b.dcm", frames=1), opened("c.dcm"))
    names = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        press(room, key)
        names.append(room.desk.clip.path.name)
    assert names == ["b.dcm", "c.dcm", "c.dcm", "b.dcm"]


def test_that_a_single_picture_has_no_timeline_and_left_right_change_the_picture(room):
    room.open(opened("a.png", frames=1), opened("b.png", frames=1))
    assert not room.window.timeline.isVisible()
    press(room, Qt.Key.Key_Right)
    assert room.desk.clip.path.name == "b.png"


def test_that_the_frame_table_and_the_timeline_fill_as_the_worker_goes(room):
    room.open(opened(frames=5))
    assert np.isnan(room.window.timeline.track.trusts()).all()
    room.jobs.step()
    room.settle()
    assert room.window.frames.rowCount() == 1
    room.work()
    assert room.window.timeline.track.trusts() == pytest.approx([0, 0.01, 0.02, 0.03, 0.04])
    assert [room.window.frames.row(place)["frame"] for place in range(5)] == [0, 1, 2, 3, 4]
    assert room.window.timeline.verdict.word.text() == "Clip: AI not judged"
    assert room.window.timeline.verdict.answer.text() == "nevus, 70 % on average, trust 2 %"


def test_that_the_panel_shows_every_class_and_every_scorer(room):
    room.open(opened())
    room.work()
    panel = room.window.reliability
    assert panel.card.word.text() == "AI not judged"
    assert "nevus" in panel.card.answer.text()
    classes = panel.probabilities
    assert [classes.index(row, 0).data() for row in range(3)] == list(CLASSES)
    assert [classes.index(row, 1).data() for row in range(3)] == ["70 %", "20 %", "10 %"]
    titles = {about.value: [line.score.title for line in model.lines] for about, model in panel.scores.items()}
    assert titles == {"correctness": ["Softmax", "Broken"], "suitability": ["Neighbours"]}


def test_that_a_failing_scorer_keeps_its_row_and_says_why(room):
    room.open(opened())
    room.work()
    model = next(model for about, model in room.window.reliability.scores.items() if about.value == "correctness")
    assert model.index(1, 1).data() == "unavailable"
    assert "ZeroDivisionError" in model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_that_a_failing_explainer_keeps_its_tab_and_says_why(room):
    room.open(opened())
    room.work()
    tabs = room.window.explanations.tabs
    assert [tabs.tabText(place) for place in range(tabs.count())] == ["Overlays", "Words", "Failing"]
    tabs.setCurrentIndex(2)
    assert any("KeyError" in part.text() for part in tabs.widget(2).findChildren(QLabel))


def test_that_an_unassessed_frame_shows_no_numbers_of_the_frame_before(room):
    room.open(opened(frames=5))
    room.jobs.step()
    room.settle()
    assert room.window.reliability.probabilities.index(0, 1).data() == "70 %"
    press(room, Qt.Key.Key_Right)
    assert room.window.reliability.probabilities.index(0, 1).data() == "–"
    assert "Assessing" in room.window.reliability.card.reason.text()


def test_that_overlays_of_the_frame_before_are_taken_away(room):
    room.open(opened(frames=5))
    room.work()
    assert list(room.window.explanations.overlays.shown()) == ["heat/0"]
    press(room, Qt.Key.Key_Right)
    assert room.window.explanations.overlays.shown() == {}


def test_that_an_answer_of_the_clip_before_is_dropped(room):
    room.open(opened("a.dcm"), opened("b.dcm"))
    room.jobs.step()
    old = room.desk._reading.generation
    press(room, Qt.Key.Key_Down)
    key = room.desk._reading  # the reading now belongs to the second clip
    assert key.generation != old
    event = FrameAssessed(
        generation=old,
        clip="study/a.dcm",
        key=type("Key", (), {"frame": 0})(),
        assessment=assessment(0.9),
        row={"frame": 0},
    )
    room.desk._event(event)
    room.settle()
    assert room.window.frames.rowCount() == 0
    assert np.isnan(room.window.timeline.track.trusts()).all()


def test_that_a_frame_that_arrives_late_for_another_clip_is_dropped(room):
    room.open(opened("a.dcm"), opened("b.dcm"))
    room.store.eager = False
    room.desk.seek(2)
    late = room.store.requests[-1]
    room.desk.show_clip(room.window.series.clips.clips[1])
    room.store.requests.append(late)
    room.store.requests[0:0] = []
    source, index, done = late
    done(source, index, source.decode(index))
    room.settle()
    assert room.desk.frame == 0
    assert room.window.timeline.position.text().startswith("1 /")


def test_that_a_fast_hand_still_sees_frames_arrive(room):
    room.open(opened(frames=90))
    room.store.eager = False
    for _ in range(3):
        press(room, Qt.Key.Key_Right)
    assert len(room.store.requests) == 1  # the others wait for its answer, so that it is not silenced
    room.store.answer()
    room.settle()
    assert shown_value(room) == 1
    room.store.answer()
    room.settle()
    assert shown_value(room) == 3


def test_that_choosing_a_class_asks_for_that_class(room):
    room.open(opened(frames=1))
    room.work()
    room.window.explanations.classes.setCurrentIndex(2)
    room.window.explanations.classes.activated.emit(2)
    room.work()
    assert room.session.made.explained == [(0, 0), (0, 1)]
    assert room.window.explanations.shown_class.text() == "shown: melanoma"


def test_that_clicking_a_class_bar_explains_that_class(room):
    room.open(opened(frames=1))
    room.work()
    room.window.reliability.class_chosen.emit(2)
    room.work()
    assert room.session.made.explained[-1] == (0, 2)
    assert room.window.explanations.classes.currentText() == "keratosis"


def test_that_files_that_cannot_be_read_are_listed_and_the_rest_opens(room):
    room.open(Opened(path=Path("bad.dcm"), error="the pixel data is missing"), opened("good.dcm"))
    assert room.window.problems.sentences == ("bad.dcm: the pixel data is missing",)
    assert room.window.problems.isVisible()
    assert shown_value(room) == 0
    room.window.problems.show_all.click()
    assert room.window.problems.dialog.list.count() == 1
    room.window.problems.dismiss.click()
    assert not room.window.problems.isVisible()


def test_that_files_without_an_image_are_told_of_where_there_is_nothing_else(room):
    table = Opened(path=Path("a.csv"), kind="table")
    room.open(table)
    assert room.window.problems.sentences == ("a.csv: it holds no image (table)",)
    room.window.problems.clear()
    room.open(table, opened("a.dcm"))
    assert room.window.problems.sentences == ()


def test_that_a_damaged_frame_says_so_and_the_others_go_on(room):
    room.open(opened(frames=3, broken=[1]))
    press(room, Qt.Key.Key_Right)
    assert room.window.canvas.frame is None
    assert "frame 2 is damaged" in room.window.canvas.note
    room.work()
    assert room.window.timeline.track.words(1).endswith("cannot be assessed")
    press(room, Qt.Key.Key_Right)
    assert shown_value(room) == 2
    assert "trust 2\u00a0%" in room.window.reliability.card.answer.text()


def test_that_dropped_files_are_opened(room):
    data = QMimeData()
    data.setUrls(
        [QUrl.fromLocalFile("/data/a.dcm"), QUrl.fromLocalFile("/data/folder"), QUrl("https://example.org/b")]
    )
    drag = QDragEnterEvent(
        QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(room.window, drag)
    assert drag.isAccepted()
    drop = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(room.window, drop)
    room.files.run_all()
    assert room.session.asked == [Path("/data/a.dcm"), Path("/data/folder")]


def test_that_opening_the_same_file_twice_lists_it_once(room):
    first, second = opened("a.dcm"), opened("a.dcm")
    room.open(first, second)
    assert len(room.window.series.clips.clips) == 1
    assert second.source.closed


def test_that_cancel_stops_the_worker_and_what_is_known_stays(room):
    room.open(opened(frames=40))
    room.jobs.step()
    room.settle()
    room.jobs.step()
    room.settle()
    known = room.window.frames.rowCount()
    assert room.window.activity.busy
    press(room, Qt.Key.Key_Escape)
    room.work()
    assert room.window.frames.rowCount() == known < 40
    assert not room.window.activity.busy
    press(room, Qt.Key.Key_End)
    assert room.window.reliability.card.reason.text().startswith(CANCELLED.words)
    press(room, Qt.Key.Key_F5)
    room.work()
    assert room.window.frames.rowCount() == 40


def test_that_a_refused_model_is_told_in_the_lights_place(room):
    room.session.refusal = ViewerError("no model is made for such pictures")
    room.open(opened())
    room.work()
    assert room.window.reliability.card.reason.text() == "No model is made for such pictures."


def test_that_a_file_that_does_not_say_what_it_shows_asks_for_it(room):
    room.desk._said_modality = Modality.UNKNOWN
    room.open(opened(modality=Modality.UNKNOWN))
    room.work()
    assert room.window.reliability.card.reason.text() == f"{UNSAID}."
    assert room.window.banner.modality.isEnabled()
    room.window.banner.modality_chosen.emit(Modality.DERMOSCOPY)
    room.work()
    assert "nevus" in room.window.reliability.card.answer.text()


def test_that_models_are_offered_and_refused_ones_are_listed(room):
    refused = BundleRefused("bad-bundle", reason="the hash does not fit")
    room.session.bundles = lambda: (room.session.model, refused)
    room.open(opened())
    room.work()
    texts = [room.window.banner.bundles.itemText(place) for place in range(room.window.banner.bundles.count())]
    assert "made-up  (dermoscopy)" in texts
    assert room.window.banner.bundles.currentData() == "made-up"
    assert "bad-bundle: the hash does not fit" in room.window.problems.sentences
    assert "CPU" in room.window.device.text()


def test_that_hide_all_hides_every_overlay_and_brings_them_back(room):
    room.open(opened())
    room.work()
    press(room, Qt.Key.Key_O)
    assert room.window.explanations.overlays.shown() == {}
    assert room.window.canvas.maps == ()
    press(room, Qt.Key.Key_O)
    assert room.window.canvas.maps == ("heat/0",)


def test_that_panel_keys_show_and_hide_panels(room):
    assert not room.window.docks["frames"].isVisible()
    press(room, Qt.Key.Key_4)
    assert room.window.docks["frames"].isVisible()


def test_that_a_question_mark_lists_the_keys(room):
    press(room, Qt.Key.Key_Question)
    dialogs = room.window.findChildren(ShortcutsDialog)
    assert len(dialogs) == 1
    assert dialogs[0].isVisible()
    assert not dialogs[0].isModal()


def test_that_the_plugins_dialog_shows_them_and_keeps_the_choice_for_the_next_start(room, tmp_path, monkeypatch):
    saved: list[Any] = []
    room.window.preferences.watch(lambda settings: saved.append(settings.disabled_plugins))
    record = PluginRecord(
        name="scores",
        distribution="viewer-scores",
        version="1.2",
        summary="Scores.",
        enabled=True,
        state="failed",
        offers=("scorer softmax",),
        load_ms=12.3,
        last_error="it raised ImportError",
    )
    room.session.host.records = lambda: (record,)
    room.window.action("plugins").trigger()
    dialog = room.window.findChild(PluginsDialog)
    item = dialog.tree.topLevelItem(0)
    assert [item.text(column) for column in range(5)] == ["scores", "1.2", "12 ms", "failed", "scorer: softmax"]
    assert item.child(0).text(0) == "it raised ImportError"
    item.setCheckState(0, Qt.CheckState.Unchecked)
    assert saved == [("scores",)]
    assert any(part.text() == WHEN for part in dialog.findChildren(QLabel))


def test_that_the_theme_changes_while_the_window_is_open(room):
    room.open(opened())
    for name in ("light", "high-contrast", "dark"):
        room.window.action("next_theme").trigger()
        assert QApplication.instance().property("viewer_theme") == name
        assert room.window.preferences.settings.theme == name


def test_that_closing_stops_everything_and_closes_every_file(room):
    first = opened("a.dcm")
    room.open(first)
    room.window.close()
    assert first.source.closed
    assert room.store.closed
    assert room.session.closed
    room.jobs.run_all()
    room.settle()
    assert room.window.frames.rowCount() == 0


def test_that_thumbnails_are_made_for_listed_clips(room):
    room.open(opened("a.dcm", frames=3))
    room.files.run_all()
    room.settle()
    index = room.window.series.clips.index_of(room.desk.clip)
    image = index.data(Qt.ItemDataRole.DecorationRole)
    assert image is not None
    assert image.pixelColor(0, 0).red() == 1  # the middle frame
