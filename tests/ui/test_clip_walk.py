from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip

from viewer.domain.result import Light
from viewer.testing.lights import basis, certificate
from viewer.ui.panels.track import TrustTrack
from viewer.ui.panels.track_drawing import HEIGHT, LEFT, RIGHT
from viewer.ui.theme import colour

from .conftest import CLASSES, MadeAssessor, opened

Key, NONE, LEFT_BUTTON = Qt.Key, Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton


class Assessor(MadeAssessor):
    """Gives frame `n` the trust and the class that the test set for it; 60 % and the first class unless it did."""

    def __init__(self, manifest):
        super().__init__(manifest)
        self.trusts: dict[int, float | None] = {}
        self.finals: dict[int, int] = {}

    def assess(self, places, modality, cancelled):
        found = super().assess(places, modality, cancelled)
        values = [int(place.picture.rgb[0, 0, 0]) for place in places]
        return [
            replace(
                made,
                trust=self.trusts.get(value, 0.6),
                predicted=self.finals.get(value, 0),
                final=self.finals.get(value, 0),
                probabilities=np.eye(3)[self.finals.get(value, 0)],
            )
            for value, made in zip(values, found, strict=True)
        ]


@pytest.fixture
def made(room) -> Assessor:
    room.session.made = Assessor(room.session.manifest)
    return room.session.made


def certify_frames(made: Assessor) -> None:
    made.basis = basis(certificate=certificate(unit="frame"))


def press(room, *keys: Qt.Key) -> list[int]:
    """Frames on screen after each key."""
    seen = []
    for key in keys:
        QTest.keyClick(room.window, key)
        room.settle()
        seen.append(room.desk.frame)
    return seen


def said(room) -> str:
    return room.window.statusBar().currentMessage()


def marks(room):
    return room.window.timeline.track.marks()


# Doubtful runs ------------------------------------------------------------------------------------------------------


def test_that_keys_go_from_doubtful_run_to_doubtful_run_under_lights_of_frames(room, made):
    certify_frames(made)
    made.lights = {**dict.fromkeys(range(20), Light.GREEN), 3: Light.AMBER, 4: Light.AMBER, 9: Light.RED}
    room.open(opened(frames=20, broken=[15]))
    room.work()
    assert press(room, Key.Key_N) == [3]
    assert said(room) == "Doubtful: frames 4 to 5 of 20: AI unsure"
    assert press(room, Key.Key_N) == [9]
    assert said(room) == "Doubtful: frame 10 of 20: AI unreliable"
    assert press(room, Key.Key_N) == [15]
    assert said(room) == "Doubtful: frame 16 of 20: 1 cannot be assessed"
    assert press(room, Key.Key_N) == [15]
    assert said(room) == "No doubtful run after this frame"
    assert press(room, Key.Key_P, Key.Key_P, Key.Key_P) == [9, 3, 3]
    assert said(room) == "No doubtful run before this frame"


def test_that_without_lights_of_frames_a_trust_well_below_the_clips_is_doubtful(room, made):
    made.trusts = {5: 0.2, 6: 0.2, 8: 0.56}
    room.open(opened(frames=10))
    room.work()
    assert press(room, Key.Key_N, Key.Key_N) == [5, 5]
    press(room, Key.Key_Home, Key.Key_N)
    assert said(room) == "Doubtful: frames 6 to 7 of 10: trust more than 10 points below the clip's 52 %"


def test_that_a_frame_without_trust_and_one_under_red_are_doubtful_in_any_clip(room, made):
    made.trusts, made.lights = {2: None}, {5: Light.RED}
    room.open(opened(frames=10))
    room.work()
    assert press(room, Key.Key_N) == [2]
    assert said(room) == "Doubtful: frame 3 of 10: trust not known"
    assert press(room, Key.Key_N) == [5]
    assert said(room) == "Doubtful: frame 6 of 10: AI unreliable"


def test_that_it_says_so_where_nothing_is_doubtful_or_known_yet(room, made):
    room.open(opened(frames=10))
    press(room, Key.Key_N)
    assert said(room) == "No doubtful frame so far; 10 of 10 frames are not assessed yet"
    room.work()
    press(room, Key.Key_P)
    assert said(room) == "No doubtful frame in this clip"


def test_that_going_to_a_doubtful_run_stops_playing(room, made):
    made.trusts = {5: 0.2}
    room.open(opened(frames=10))
    room.work()
    press(room, Key.Key_Space, Key.Key_N)
    assert not room.window.player.playing
    assert room.desk.frame == 5


# The frame that stands for the clip ---------------------------------------------------------------------------------


def test_that_the_frame_of_the_highest_trust_with_the_clips_answer_is_suggested(room, made):
    made.trusts, made.finals = {3: 0.9, 6: 0.8, 8: 0.7}, {3: 1}
    room.open(opened(frames=10))
    press(room, Key.Key_J)
    assert said(room) == "No frame is suggested before the clip is assessed: 10 of 10 frames are not assessed yet"
    room.work()
    assert marks(room)[2] == 6
    assert press(room, Key.Key_J) == [6]
    assert said(room) == (
        "Suggested: frame 7 of 10, with the highest trust (80 %) of 9 frames that have the clip's answer; "
        "single frames carry no light, so nothing is claimed of it"
    )
    room.window.player.set_range(7, 9)
    assert press(room, Key.Key_J) == [8]
    assert "of 3 frames that have the clip's answer in the range 8–10" in said(room)
    room.window.player.set_range(3, 3)
    press(room, Key.Key_J)
    assert said(room) == "No frame can stand for this clip: none has its answer, a trust and no light against it"
    assert marks(room)[2] is None


def test_that_no_frame_under_red_or_grey_is_suggested(room, made):
    certify_frames(made)
    made.trusts = {0: 0.9, 1: 0.85, 2: 0.8}
    made.lights = {0: Light.RED, 1: Light.GREY, **dict.fromkeys(range(2, 6), Light.AMBER)}
    room.open(opened(frames=6))
    room.work()
    assert press(room, Key.Key_J) == [2]
    assert said(room).endswith("of 4 frames that have the clip's answer")


def test_that_no_frame_is_suggested_while_the_clips_answer_is_withheld(room, made):
    room.open(opened(frames=6))
    room.work()
    whole = room.window.walk._whole
    red = replace(whole, verdict=replace(whole.verdict, light=Light.RED))
    room.desk.clip_assessed.emit(red)
    assert marks(room)[2] is None
    assert press(room, Key.Key_J) == [0]
    assert said(room) == "No frame is suggested while the answer of the clip is withheld: it would tell it"
    press(room, Key.Key_A)
    assert marks(room)[2] == 0
    press(room, Key.Key_J)
    assert said(room).startswith("Suggested: frame 1 of 6")


# Marks --------------------------------------------------------------------------------------------------------------


def test_that_marks_stand_where_the_clip_goes_over_to_another_class_and_never_tell_a_withheld_one(room, made):
    made.finals = {10: 1, **dict.fromkeys(range(30, 60), 1), **dict.fromkeys(range(60, 90), 2)}
    made.lights = {60: Light.RED}
    room.open(opened(frames=90))
    assert marks(room)[1] == ()
    room.work()
    assert marks(room)[1] == (29,)
    room.desk.seek(60)
    room.work()
    press(room, Key.Key_A)
    assert marks(room)[1] == (29, 59)
    words = room.window.timeline.track.words
    assert "with the next frame the clip goes over to another class" in words(29)
    assert "with this frame the clip goes over to another class" in words(30)
    assert not any(name in words(29) for name in CLASSES)


def test_that_key_images_are_marked_as_they_are_set_undone_and_drawn_on_another_clip(room, made):
    room.open(opened("a.dcm", frames=10), opened("b.dcm", frames=10))
    room.work()
    edits = room.window.edits
    edits.toggle_key_image("study/a.dcm", 4)
    edits.toggle_key_image("study/b.dcm", 2)
    assert marks(room)[0] == (4,)
    edits.undo("study/a.dcm")
    assert marks(room)[0] == ()
    press(room, Key.Key_Down)
    assert marks(room)[0] == (2,)


def test_that_assessing_again_forgets_what_was_known_and_keeps_the_range_and_the_key_images(room, made):
    made.trusts = {5: 0.2}
    room.open(opened(frames=10))
    room.work()
    room.window.player.set_range(2, 8)
    room.window.edits.toggle_key_image("study/clip.dcm", 4)
    press(room, Key.Key_F5)
    assert room.window.walk.survey.missing == 10
    assert marks(room) == ((4,), (), None)
    assert room.window.timeline.track.range() == (2, 8)


# The timeline itself ------------------------------------------------------------------------------------------------


@pytest.fixture
def track(qtbot) -> TrustTrack:
    """A timeline of 100 frames, 4 pixels each."""
    made = TrustTrack()
    qtbot.addWidget(made)
    made.resize(LEFT + 400 + RIGHT, HEIGHT)
    made.show_clip(100, ())
    made.show()
    return made


def x_of(edge: float) -> int:
    """Where an edge between frames is drawn: that before frame `edge`."""
    return round(LEFT + 4 * edge)


def drag(track: TrustTrack, begin: QPoint, *through: QPoint) -> None:
    QTest.mousePress(track, LEFT_BUTTON, NONE, begin)
    for point in through:
        at = QPointF(point)
        event = QMouseEvent(QEvent.Type.MouseMove, at, track.mapToGlobal(at), LEFT_BUTTON, LEFT_BUTTON, NONE)
        track.mouseMoveEvent(event)
    QTest.mouseRelease(track, LEFT_BUTTON, NONE, through[-1])


def test_that_the_ends_of_the_range_are_dragged_and_stay_in_order(track):
    told = []
    track.range_dragged.connect(lambda *ends: (told.append(ends), track.show_range(*ends)))
    track.frame_sought.connect(told.append)
    drag(track, QPoint(x_of(0) + 2, 8), QPoint(x_of(20) + 1, 8), QPoint(x_of(30) + 1, 60))
    assert told == [(20, 99), (30, 99)]
    drag(track, QPoint(x_of(100) - 2, 8), QPoint(x_of(50) + 1, 8), QPoint(x_of(10), 8))
    assert told[2:] == [(30, 50), (30, 30)]
    for begin, end, ends in ((31, 40, (30, 40)), (41, 38, (30, 38))):
        drag(track, QPoint(x_of(begin), 8), QPoint(x_of(end) + 1, 8))
        assert told[-1] == ends


def test_that_of_two_ends_in_one_place_the_way_of_the_drag_tells_which_is_meant(track):
    told = []
    track.range_dragged.connect(lambda *ends: (told.append(ends), track.show_range(*ends)))
    track.show_range(99, 99)
    drag(track, QPoint(x_of(100), 8), QPoint(x_of(99), 8), QPoint(x_of(90) + 1, 8))
    assert told == [(90, 99)]
    track.show_range(50, 50)
    drag(track, QPoint(x_of(50), 8), QPoint(x_of(70) + 1, 8), QPoint(x_of(60) + 1, 8))
    assert told[1:] == [(50, 70), (50, 60)]


def test_that_the_mouse_over_the_timeline_is_told_what_it_is_over(track):
    track.show_marks(keys=(50,), changes=(), best=None)
    for at, words in (
        (QPoint(x_of(50) + 1, 50), track.words(50)),
        (QPoint(x_of(0), 8), "Drag to choose what is played"),
    ):
        point = QPointF(at)
        no = Qt.MouseButton.NoButton
        event = QMouseEvent(QEvent.Type.MouseMove, point, track.mapToGlobal(point), no, no, NONE)
        track.mouseMoveEvent(event)
        assert QToolTip.text() == words
    assert "key image" in track.words(50)


def test_that_elsewhere_a_drag_seeks_and_takes_no_end_of_the_range(track):
    found = []
    track.frame_sought.connect(found.append)
    track.range_dragged.connect(lambda *ends: found.append(ends))
    drag(track, QPoint(x_of(0) + 1, 40), QPoint(x_of(7) + 1, 40), QPoint(x_of(9) + 1, 4))
    drag(track, QPoint(x_of(50) + 1, 8), QPoint(x_of(60) + 1, 8))
    assert found == [0, 7, 9, 50, 60]


def test_that_dragging_an_end_in_the_window_sets_what_is_played(room, made):
    room.open(opened(frames=10))
    track = room.window.timeline.track
    middle = track._places.x(3)
    drag(track, QPoint(LEFT + 1, 8), QPoint(round(middle), 8))
    assert room.window.player.range == (3, 9)


def test_that_keys_move_the_eye_while_the_timeline_has_the_focus(track):
    found = []
    track.frame_sought.connect(lambda frame: (found.append(frame), track.set_frame(frame)))
    keys = (Key.Key_Right, Key.Key_PageDown, Key.Key_Left, Key.Key_End, Key.Key_PageUp, Key.Key_Home, Key.Key_PageUp)
    for key in keys:
        QTest.keyClick(track, key)
    assert found == [1, 11, 10, 99, 89, 0, 0]


def test_that_the_keys_of_the_timeline_work_in_the_window_too(room, made):
    room.open(opened(frames=50))
    track = room.window.timeline.track
    track.setFocus()
    for key, frame in ((Key.Key_PageDown, 5), (Key.Key_Right, 6), (Key.Key_End, 49), (Key.Key_PageUp, 44)):
        QTest.keyClick(track, key)
        room.settle()
        assert room.desk.frame == frame
        assert track.accessibleDescription().startswith(f"frame {frame + 1} of 50")


def test_that_the_words_say_all_that_is_known_of_a_frame(track):
    track.show_range(10, 20)
    track.show_marks(keys=(12,), changes=(12,), best=12)
    assert track.words(12) == (
        "frame 13 of 100: not assessed yet; key image; suggested to stand for the clip; "
        "with the next frame the clip goes over to another class"
    )
    assert track.words(13) == (
        "frame 14 of 100: not assessed yet; with this frame the clip goes over to another class"
    )
    assert [track.words(frame).split("; ")[1] for frame in (10, 20, 21)] == [
        "start of the range",
        "end of the range",
        "outside the range that is played",
    ]
    track.set_frame(12)
    assert track.accessibleDescription() == track.words(12)
    track.set_trust(12, 0.5)
    assert "trust 50 %" in track.accessibleDescription()


def test_that_frames_not_assessed_assessed_and_failed_look_unlike_each_other(track):
    for frame in range(40):
        track.set_trust(frame, 0.5)
    for frame in range(40, 70):
        track.set_failed(frame)
    image = track.grab().toImage()
    bottom = int(track._places.band.bottom())

    def seen(first: int, last: int) -> list[int]:
        """Brightness of the band, five rows of it."""
        columns = range(x_of(first) + 4, x_of(last) - 4)
        return [image.pixelColor(x, y).lightness() for x in columns for y in range(bottom - 6, bottom)]

    done, failed, missing = seen(5, 40), seen(40, 70), seen(70, 100)
    spreads = [np.std(values) for values in (done, failed, missing)]
    assert spreads[1] > 10  # crossed
    assert np.mean(done) > np.mean(missing) + 30
    tall = [image.pixelColor(x_of(41), y) == colour("problem") for y in (bottom - 9, bottom - 8)]
    assert any(tall)


def test_that_every_mark_is_drawn(track):
    before = track.grab().toImage()
    for change in (
        lambda: track.show_marks(keys=(50,), changes=(), best=None),
        lambda: track.show_marks(keys=(), changes=(50,), best=None),
        lambda: track.show_marks(keys=(), changes=(), best=50),
        lambda: track.show_range(10, 90),
    ):
        change()
        after = track.grab().toImage()
        assert after != before
        before = after
