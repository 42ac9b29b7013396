"""Under a red light the window keeps the class back, everywhere, until the reader asks for it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from viewer.assessment.light import Grounds
from viewer.assessment.verdict import ClipTally, ClipVerdict
from viewer.domain.image import Modality
from viewer.domain.result import Light
from viewer.session.events import ClipAssessed
from viewer.testing.lights import basis, certificate
from viewer.ui.withholding import WHOLE, Why, Withholding

from .conftest import Room, opened
from .telling import told


@pytest.fixture
def red(room: Room) -> Room:
    """A clip of three frames: red, amber, red."""
    room.session.made.basis = basis(
        certificate=certificate(by_class={}, critical_classes=()), weights={"softmax": 1.0}, distributions={}
    )
    room.session.made.lights = {0: Light.RED, 1: Light.AMBER, 2: Light.RED}
    room.open(opened(frames=3))
    room.work()
    return room


def go_to(room: Room, frame: int) -> None:
    room.window.player.seek(frame)
    room.settle()
    room.work()


def whole(room: Room, light: Light) -> None:
    """Give the clip a light of its own."""
    tally = ClipTally(room.session.manifest.classes)
    for place in range(room.window.frames.rowCount()):
        tally.add(room.window.frames.row(place))
    verdict: ClipVerdict = tally.verdict(Grounds(model=Modality.DERMOSCOPY), Modality.DERMOSCOPY)
    verdict = replace(verdict, light=light, reason="because")
    room.desk.clip_assessed.emit(ClipAssessed(generation=0, clip=str(room.desk.clip.path), verdict=verdict))


def test_that_no_part_of_the_window_tells_the_class_of_a_red_frame(room):
    room.session.made.lights = dict.fromkeys(range(3), Light.RED)
    room.open(opened(frames=3))
    room.work()
    whole(room, Light.RED)
    everything = told(room)
    assert "AI unreliable" in everything
    assert "nevus" not in everything
    assert "70 %" not in everything
    assert "0.7" not in everything
    assert room.window.explanations.overlays.shown() == {}
    assert room.window.canvas.maps == ()


def test_that_the_frame_table_keeps_back_the_cells_of_red_frames_alone(red):
    frames = red.window.frames
    columns = {frames.headerData(place, Qt.Orientation.Horizontal): place for place in range(frames.columnCount())}
    kept = [columns[name] for name in ("predicted", "final", "trail", "p_nevus", "p_melanoma", "p_keratosis")]
    assert [{frames.index(row, column).data() for column in kept} for row in (0, 2)] == [{"withheld"}] * 2
    assert frames.index(1, columns["final"]).data() == "nevus"
    assert frames.index(0, columns["light"]).data() == "red"
    assert frames.row(0)["final"] == "nevus"  # the data are what they are


def test_that_the_classes_keep_their_rows_without_their_probabilities(red):
    model = red.window.reliability.probabilities
    assert [model.index(row, 0).data() for row in range(3)] == ["nevus", "melanoma", "keratosis"]
    assert [model.index(row, 1).data() for row in range(3)] == ["withheld"] * 3


def test_that_show_anyway_shows_the_answer_of_this_frame_alone(red):
    red.window.reliability.card.anyway.click()
    card = red.window.reliability.card
    assert card.answer.text().startswith("AI answer, not to be relied on: nevus")
    assert not card.anyway.isVisible()
    assert card.word.text() == "AI unreliable"
    assert red.window.reliability.probabilities.index(0, 1).data() == "70 %"
    assert list(red.window.explanations.overlays.shown()) == ["heat/0"]
    assert "nevus" in told(red)

    go_to(red, 2)
    assert card.answer.text() == "AI answer withheld: it is unreliable here"
    go_to(red, 0)
    assert card.answer.text().startswith("AI answer, not to be relied on: nevus")


def test_that_only_the_frames_under_red_are_kept_back(red):
    go_to(red, 1)
    assert red.window.reliability.card.answer.text().startswith("AI answer: nevus")
    assert list(red.window.explanations.overlays.shown()) == ["heat/0"]
    assert not red.window.action("show_anyway").isEnabled()


def test_that_explanations_of_the_frame_before_go_when_a_red_frame_comes(red):
    go_to(red, 1)
    assert red.window.explanations.tabs.count() > 1
    red.window.player.seek(2)
    red.settle()
    assert red.window.explanations.tabs.count() == 1
    assert "Withheld" in red.window.explanations.note.text()


def test_that_the_key_shows_the_frame_and_then_the_clip(red):
    whole(red, Light.RED)
    assert red.window.timeline.verdict.answer.text() == "answer withheld, trust 1 %"
    red.window.activateWindow()
    QTest.keyClick(red.window, Qt.Key.Key_A)
    assert red.window.reliability.card.answer.text().startswith("AI answer, not to be relied on: nevus")
    assert red.window.timeline.verdict.answer.text() == "answer withheld, trust 1 %"
    QTest.keyClick(red.window, Qt.Key.Key_A)
    assert red.window.timeline.verdict.answer.text() == "nevus, 70 % on average, trust 1 %"
    assert not red.window.action("show_anyway").isEnabled()


def test_that_the_clips_answer_is_shown_by_its_own_button(red):
    whole(red, Light.RED)
    red.window.timeline.verdict.anyway.click()
    assert red.window.timeline.verdict.answer.text() == "nevus, 70 % on average, trust 1 %"
    assert red.window.reliability.card.answer.text() == "AI answer withheld: it is unreliable here"


def test_that_what_was_shown_is_kept_back_again_when_the_clip_is_assessed_again(red):
    red.window.reliability.card.anyway.click()
    red.window.assess_again()
    red.work()
    assert red.window.reliability.card.answer.text() == "AI answer withheld: it is unreliable here"


def test_that_what_was_shown_stays_shown_when_the_reader_comes_back(room):
    room.session.made.lights = {0: Light.RED}
    room.open(opened("a.png", frames=1), opened("b.png", frames=1))
    room.work()
    room.window.reliability.card.anyway.click()
    for clip in (1, 0):
        room.desk.show_clip(room.window.series.clips.clips[clip])
        room.settle()
        room.window.canvas.viewport().repaint()
        room.work()
    assert room.window.reliability.card.answer.text().startswith("AI answer, not to be relied on: nevus")


@pytest.mark.parametrize("room", [{"withhold_on_red": False}], indirect=True)
def test_that_nothing_is_kept_back_where_the_setting_is_off(red):
    whole(red, Light.RED)
    assert red.window.reliability.card.answer.text().startswith("AI answer, not to be relied on: nevus")
    assert red.window.timeline.verdict.answer.text() == "nevus, 70 % on average, trust 1 %"
    assert list(red.window.explanations.overlays.shown()) == ["heat/0"]


def test_that_a_withholding_that_is_off_hides_nothing():
    assert Withholding(on_red=False).hides("a", 0, Light.RED) is None
    kept = Withholding(on_red=True)
    assert [kept.hides("a", 0, light) for light in Light] == [None, None, Why.RED, None]
    kept.reveal("a", 0, Why.RED)
    assert kept.hides("a", 0, Light.RED) is None
    assert kept.hides("a", 1, Light.RED) is Why.RED
    assert kept.hides("a", WHOLE, Light.RED) is Why.RED
    assert kept.hides("b", 0, Light.RED) is Why.RED
    kept.forget()
    assert kept.hides("a", 0, Light.RED) is Why.RED


def test_that_an_answer_opens_its_frame_and_one_to_the_clip_all_of_it():
    kept = Withholding(on_red=True, read_first=True)
    assert kept.hides("a", 0, None) is Why.READ_FIRST
    kept.answered("a", 0)
    assert [kept.hides("a", frame, Light.GREEN) for frame in (0, 1, WHOLE)] == [None, Why.READ_FIRST, Why.READ_FIRST]
    assert kept.hides("a", 0, Light.RED) is Why.RED
    kept.reveal("a", 0, Why.RED)
    assert kept.hides("a", 0, Light.RED) is None
    kept.answered("a", WHOLE)
    assert [kept.hides("a", frame, Light.GREEN) for frame in (0, 1, WHOLE)] == [None] * 3
    assert kept.hides("b", 0, Light.GREEN) is Why.READ_FIRST
    kept.forget()
    assert kept.hides("a", 1, Light.GREEN) is None


def test_that_only_an_answer_before_anything_was_seen_is_a_first_one():
    kept = Withholding(on_red=True)
    kept.saw("a", 0)
    assert not kept.asks_first("a", 1)
    kept.read_first = True
    assert [kept.asks_first("a", frame) for frame in (0, 1)] == [False, True]
    kept.forget()
    assert (kept.has_seen("a", 0), kept.asks_first("a", 0)) == (False, False)  # another model's answer was seen
    kept.reveal("a", 1, Why.READ_FIRST)
    assert not kept.asks_first("a", 1)


def test_that_pictures_carry_their_own_light_in_the_list_and_clips_theirs_once_whole(room):
    room.session.made.lights = {0: Light.AMBER}
    room.open(opened("a.png", frames=1), opened("b.dcm", frames=3))
    clips = room.window.series.clips

    def word(place: int) -> str:
        return str(clips.index_of(clips.clips[place]).data(Qt.ItemDataRole.AccessibleTextRole))

    assert "not assessed" in word(0)
    room.work()
    assert "AI unsure" in word(0)
    room.desk.show_clip(clips.clips[1])
    room.settle()
    room.window.canvas.viewport().repaint()
    room.jobs.step()
    room.settle()
    assert "not assessed" in word(1)  # only a part of its frames is known
    room.work()
    assert "AI not judged" in word(1)
    room.window.banner.bundle_chosen.emit("made-up")
    assert ["not assessed" in word(place) for place in range(2)] == [True, True]


@pytest.mark.parametrize(("unit", "coloured"), [("frame", True), ("clip", False)])
def test_that_the_timeline_is_coloured_only_under_a_certificate_made_for_frames(room, unit, coloured):
    room.session.made.basis = basis(certificate=certificate(unit=unit), weights={"softmax": 1.0}, distributions={})
    room.session.made.lights = {0: Light.GREEN, 1: Light.AMBER, 2: Light.RED}
    room.open(opened(frames=3))
    room.work()
    assert room.window.timeline.track.lights() == (room.session.made.lights if coloured else {})
