import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from viewer.ui.playback import UNTIMED_MS, Cine
from viewer.ui.player import Player

from .conftest import clip, deliver, opened


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_that_frames_are_due_at_their_own_times(clock):
    cine = Cine(clip(frames=3, frame_times_ms=(0.0, 10.0, 100.0)), clock)
    cine.play(0)
    seen = []
    for at in (0.005, 0.0101, 0.099, 0.1001):
        clock.now = 100.0 + at
        seen.append(cine.due())
    assert seen == [0, 1, 1, 2]


def test_that_a_late_tick_skips_frames_and_keeps_the_pace(clock):
    cine = Cine(clip(frames=100), clock)
    cine.play(0)
    clock.now += 1.0
    assert cine.due() == 25  # 40 ms per frame


def test_that_half_speed_takes_twice_as_long(clock):
    cine = Cine(clip(frames=100), clock)
    cine.speed = 0.5
    cine.play(0)
    clock.now += 1.0
    assert cine.due() == 12


def test_that_changing_the_speed_keeps_the_place(clock):
    cine = Cine(clip(frames=100), clock)
    cine.play(0)
    clock.now += 1.0
    cine.speed = 4.0
    assert cine.due() == 25
    clock.now += 0.25
    assert cine.due() == 50


def test_that_it_starts_again_at_the_end_after_the_last_frame_was_shown(clock):
    cine = Cine(clip(frames=3), clock)  # 0, 40, 80 ms; the last lasts 40 ms too
    cine.play(0)
    clock.now = 100.119
    assert cine.due() == 2
    clock.now = 100.121
    assert cine.due() == 0


def test_that_it_stops_on_the_last_frame_without_loop(clock):
    cine = Cine(clip(frames=3), clock)
    cine.loop = False
    cine.play(0)
    clock.now += 9
    assert cine.due() == 2
    assert not cine.playing


def test_that_playing_from_the_last_frame_begins_anew(clock):
    cine = Cine(clip(frames=3), clock)
    cine.play(2)
    assert cine.due() == 0


def test_that_the_wait_ends_when_the_next_frame_is_due(clock):
    cine = Cine(clip(frames=3), clock)
    cine.play(0)
    clock.now += 0.010
    assert cine.wait_ms() == pytest.approx(30)
    cine.speed = 2.0
    assert cine.wait_ms() == pytest.approx(15)


def test_that_a_clip_without_timing_plays_at_a_stated_pace(clock):
    cine = Cine(clip(frames=10, frame_times_ms=()), clock)
    cine.play(0)
    clock.now += 3.5 * UNTIMED_MS / 1000
    assert cine.due() == 3


def test_that_seeking_while_it_plays_goes_on_from_there(clock):
    cine = Cine(clip(frames=10), clock)
    cine.play(0)
    clock.now += 0.2
    cine.seek(1)
    clock.now += 0.041
    assert cine.due() == 2


def test_that_the_player_shows_the_frames_that_are_due(room, clock):
    player = Player(room.desk, clock)
    room.open(opened(frames=50))
    player.set_playing(True)
    shown = []
    for _ in range(3):
        clock.now += 0.12
        player.tick()
        deliver()
        shown.append(int(room.window.canvas.frame.values[0, 0, 0]))
    player.set_playing(False)
    assert shown == [3, 6, 9]


def test_that_space_plays_and_pauses_and_another_clip_stops_it(room):
    room.open(opened("a.dcm"), opened("b.dcm"))
    QTest.keyClick(room.window, Qt.Key.Key_Space)
    assert room.window.player.playing
    assert room.window.action("play").isChecked()
    QTest.keyClick(room.window, Qt.Key.Key_Space)
    assert not room.window.player.playing
    QTest.keyClick(room.window, Qt.Key.Key_Space)
    QTest.keyClick(room.window, Qt.Key.Key_Down)
    assert not room.window.player.playing
    assert not room.window.action("play").isChecked()


def test_that_stepping_pauses_nothing_but_moves_on_from_there(room):
    room.open(opened(frames=50))
    room.window.player.set_playing(True)
    room.window.player.seek(30)
    assert room.desk.frame == 30
    assert room.window.player.playing
    room.window.player.set_playing(False)
