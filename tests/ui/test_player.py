import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest

from viewer.session.cine import Pace
from viewer.ui.player import Player, pace_words

from .conftest import deliver, opened


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(room, monkeypatch) -> Clock:
    """The clock of the window's own player, whose timers the test stands in for."""
    made = Clock()
    player = room.window.player
    monkeypatch.setattr(player, "_clock", made)
    monkeypatch.setattr(player._pacing, "_clock", made)
    monkeypatch.setattr(player._timer, "start", lambda *_: None)
    monkeypatch.setattr(player._tell, "start", lambda *_: None)
    return made


def key(room, which: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(room.window, which, modifier)


def paint(room) -> int:
    """Let the picture reach the screen; the value of its frame."""
    deliver()
    room.window.canvas.viewport().repaint()
    return int(room.window.canvas.frame.values[0, 0, 0])


def arrive() -> None:
    """Let decoded frames come to the window, and nothing be painted."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.MetaCall)


def pace_of(room) -> str:
    return room.window.timeline.pace.text()


def run(room, clock: Clock, *after: float) -> list[int]:
    """Frames on screen when the timer strikes after so many seconds each."""
    seen = []
    for seconds in after:
        clock.now += seconds
        room.window.player.tick()
        seen.append(paint(room))
    return seen


def test_that_the_frames_that_are_due_are_shown_and_those_passed_over_are_counted(room, clock):
    room.open(opened(frames=50))
    key(room, Qt.Key.Key_Space)
    assert run(room, clock, 0.121, 0.12, 0.12) == [3, 6, 9]
    assert room.window.player.pace == Pace(shown=3, dropped=6)
    key(room, Qt.Key.Key_Space)
    assert pace_of(room) == "6 dropped"


def test_that_frames_of_uneven_length_are_shown_for_their_own_time(room, clock):
    room.open(opened(frames=4, frame_times_ms=(0.0, 10.0, 200.0, 230.0)))
    key(room, Qt.Key.Key_Space)
    assert run(room, clock, 0.011, 0.18, 0.01, 0.03) == [1, 1, 2, 3]


def test_that_a_frame_that_never_reached_the_screen_is_not_counted_as_shown(room, clock):
    room.open(opened(frames=50))
    key(room, Qt.Key.Key_Space)
    room.window.canvas.viewport().setUpdatesEnabled(False)
    for _ in range(2):
        clock.now += 0.041
        room.window.player.tick()
        arrive()
    assert room.window.player.pace == Pace(shown=0, dropped=0, behind=2)
    room.window.player.tell_pace()
    assert pace_of(room) == "0 dropped · 1 behind"
    room.window.canvas.viewport().setUpdatesEnabled(True)
    paint(room)
    assert room.window.player.pace == Pace(shown=1, dropped=1)


def test_that_every_frame_mode_waits_for_the_screen_and_drops_none(room, clock):
    room.open(opened(frames=50))
    key(room, Qt.Key.Key_M)
    key(room, Qt.Key.Key_Space)
    assert run(room, clock, 0.2, 0.2, 0.2) == [1, 2, 3]
    for seconds in (0.2, 9):  # painting takes long
        clock.now += seconds
        room.window.player.tick()
        arrive()
    assert room.desk.frame == 4
    assert room.window.player._timer.isActive() is False
    paint(room)
    assert run(room, clock, 0.1) == [5]
    assert room.window.player.pace == Pace(shown=5, dropped=0)
    room.window.player.tell_pace()
    assert pace_of(room) == "every frame · 0.04×"


def test_that_every_frame_mode_goes_on_after_a_frame_that_cannot_be_read(room, clock):
    room.open(opened(frames=5, broken=[1]))
    key(room, Qt.Key.Key_M)
    key(room, Qt.Key.Key_Space)
    clock.now += 0.05
    room.window.player.tick()
    deliver()
    assert "frame 2 is damaged" in room.window.canvas.note
    assert run(room, clock, 0.05) == [2]


def test_that_a_frame_still_being_decoded_is_waited_for_when_every_frame_is_played_from_it(room, clock):
    room.open(opened(frames=9))
    key(room, Qt.Key.Key_M)
    room.store.eager = False
    room.window.player.seek(4)
    key(room, Qt.Key.Key_Space)
    clock.now += 5
    room.window.player.tick()
    assert room.desk.frame == 4
    room.store.answer()
    assert paint(room) == 4
    room.store.eager = True
    assert run(room, clock, 0.05) == [5]


def test_that_space_plays_and_pauses_and_another_clip_stops_it(room):
    room.open(opened("a.dcm"), opened("b.dcm"))
    key(room, Qt.Key.Key_Space)
    assert room.window.player.playing
    assert room.window.action("play").isChecked()
    key(room, Qt.Key.Key_Space)
    assert not room.window.player.playing
    key(room, Qt.Key.Key_Space)
    key(room, Qt.Key.Key_Down)
    assert not room.window.player.playing
    assert not room.window.action("play").isChecked()


def test_that_stepping_pauses_nothing_but_moves_on_from_there(room, clock):
    room.open(opened(frames=50))
    key(room, Qt.Key.Key_Space)
    room.window.player.seek(30)
    assert room.desk.frame == 30
    assert room.window.player.playing
    assert run(room, clock, 0.041) == [31]


def test_that_without_loop_it_stops_at_the_end(room, clock):
    room.open(opened(frames=5))
    key(room, Qt.Key.Key_L)
    key(room, Qt.Key.Key_Space)
    assert run(room, clock, 9.0) == [4]
    assert not room.window.player.playing
    assert not room.window.action("play").isChecked()


def test_that_keys_change_the_speed_between_a_quarter_and_four_times(room, clock):
    room.open(opened(frames=100))
    shift = Qt.KeyboardModifier.ShiftModifier
    speeds = []
    for which, modifier in [(Qt.Key.Key_S, shift)] * 3 + [(Qt.Key.Key_S, Qt.KeyboardModifier.NoModifier)] * 5:
        key(room, which, modifier)
        speeds.append(room.window.timeline.speed.currentData())
    assert speeds == [2, 4, 4, 2, 1, 0.5, 0.25, 0.25]
    for _ in range(3):
        key(room, Qt.Key.Key_S, shift)
    key(room, Qt.Key.Key_Space)
    assert run(room, clock, 1.001) == [50]  # 40 ms per frame


def test_that_a_range_is_played_over_and_over_and_cleared_again(room, clock):
    room.open(opened(frames=50))
    room.window.player.seek(10)
    key(room, Qt.Key.Key_BracketLeft)
    room.window.player.seek(14)
    key(room, Qt.Key.Key_BracketRight)
    assert room.window.player.range == room.window.timeline.track.range() == (10, 14)
    key(room, Qt.Key.Key_Space)  # from its last frame: from its start
    assert run(room, clock, 0.001, 0.08, 0.08, 0.08) == [10, 12, 14, 11]
    key(room, Qt.Key.Key_Backslash)
    assert room.window.player.range is None
    assert room.window.timeline.track.range() == (0, 49)


def test_that_a_range_that_begins_behind_its_end_reaches_to_the_end_of_the_clip(room):
    room.open(opened(frames=50))
    for frame, which in ((20, Qt.Key.Key_BracketRight), (30, Qt.Key.Key_BracketLeft)):
        room.window.player.seek(frame)
        key(room, which)
    assert room.window.player.range == (30, 49)
    room.window.player.seek(5)
    key(room, Qt.Key.Key_BracketRight)
    assert room.window.player.range == (0, 5)


def test_that_seeking_outside_the_range_goes_to_its_start_while_it_plays_and_anywhere_while_it_rests(room, clock):
    room.open(opened(frames=50))
    room.window.player.set_range(10, 20)
    room.window.player.seek(40)
    assert room.desk.frame == 40
    key(room, Qt.Key.Key_Space)
    room.window.player.seek(40)
    assert room.desk.frame == 10


def test_that_a_range_ends_with_its_clip(room):
    room.open(opened("a.dcm", frames=50), opened("b.dcm", frames=9))
    room.window.player.set_range(10, 999)
    assert room.window.player.range == (10, 49)
    key(room, Qt.Key.Key_Down)
    assert room.window.player.range is None
    assert room.window.timeline.track.range() == (0, 8)


def test_that_speed_and_mode_outlast_the_clip(room):
    room.open(opened("a.dcm"), opened("b.dcm"))
    key(room, Qt.Key.Key_M)
    key(room, Qt.Key.Key_S)
    key(room, Qt.Key.Key_Down)
    cine = room.window.player._cine
    assert (cine.speed, cine.every_frame, cine.loop) == (0.5, True, True)


def test_that_the_pace_is_measured_on_screen(room, clock):
    room.open(opened(frames=300))
    key(room, Qt.Key.Key_Space)
    run(room, clock, *[0.0401] * 50)
    room.window.player.tell_pace()
    assert pace_of(room) == "25 fps · 0 dropped"
    clock.now += 1.0  # nothing is painted
    room.window.player.tell_pace()
    assert pace_of(room) == "12 fps · 0 dropped · 24 behind"


def test_that_single_pictures_have_no_commands_of_clips(room, clock):
    room.open(opened("a.png", frames=1))
    names = ("slower", "faster", "every_frame", "range_start", "range_end", "clear_range", "next_doubt", "best_frame")
    assert not any(room.window.action(name).isEnabled() for name in names)
    room.window.player.set_playing(True)
    room.window.player.set_range(0, 0)
    room.window.player.tick()
    assert not room.window.player.playing


def test_that_a_player_without_a_clip_does_nothing(room):
    player = Player(room.desk)
    player.seek(3)
    player.clear_range()
    player.shown(0)
    player.set_playing(True)
    assert (player.playing, player.range, player.pace) == (False, None, Pace())


@pytest.mark.parametrize(
    ("pace", "rates", "every_frame", "playing", "words"),
    [
        (Pace(), None, False, False, ""),
        (Pace(dropped=3), None, True, False, "3 dropped"),
        (Pace(dropped=3), (25.2, 1.0), False, True, "25 fps · 3 dropped"),
        (Pace(behind=1), (2.54, 1.0), False, True, "2.5 fps · 0 dropped"),
        (Pace(behind=3), None, False, True, "0 dropped · 2 behind"),
        (Pace(), (20.0, 0.81), True, True, "every frame · 0.8×"),
        (Pace(dropped=2), None, True, True, "every frame · 2 dropped"),
    ],
)
def test_that_the_pace_is_told_in_words(pace, rates, every_frame, playing, words):
    assert pace_words(pace, rates, every_frame=every_frame, playing=playing) == words


@pytest.mark.parametrize(("width", "height"), [(900, 600), (1100, 700), (1920, 1200)])
def test_that_the_pace_and_the_speed_are_never_cut(room, width, height):
    room.open(opened(frames=300))
    room.window.arrange(width, height)
    timeline = room.window.timeline
    for words in ("120 fps · 999 dropped", "every frame · 0.8×"):
        room.window.player.paced.emit(words)
        deliver()
        for part in (timeline.pace, timeline.position):
            assert part.width() >= part.fontMetrics().horizontalAdvance(part.text())
        assert timeline.speed.width() >= timeline.speed.minimumSizeHint().width()
        assert timeline.width() >= timeline.layout().minimumSize().width()
