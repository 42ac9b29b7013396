from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.domain.image import Clip
from viewer.session.cine import SPEEDS, UNTIMED_MS, Cine, Pace, Track


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def clip(frames: int = 3, step: float | None = 40.0, times: tuple[float, ...] = ()) -> Clip:
    starts = times or (() if step is None else tuple(index * step for index in range(frames)))
    return Clip(
        path=Path("a.dcm"),
        kind="dicom",
        frames=frames,
        rows=2,
        columns=2,
        photometric="RGB",
        frame_times_ms=starts if frames > 1 else (),
    )


def watch(cine: Cine, clock: Clock, ticks: list[float]) -> list[int]:
    """Frames due at seconds after now, each of them shown."""
    begin, seen = clock.now, []
    for at in ticks:
        clock.now = begin + at
        seen.append(cine.due())
        cine.shown(seen[-1])
    return seen


def run(cine: Cine, clock: Clock, seconds: float, *, late: float = 0.0, paint: float = 0.001) -> list[int]:
    """Play as a window does: ask when the wait has passed and at most `late` s after it, paint, and tell."""
    chance, begin, seen = np.random.default_rng(7), clock.now, []
    while clock.now < begin + seconds and cine.playing:
        wait = cine.wait_ms()
        assert wait is not None, "it waits for a frame that has been shown"
        clock.now += wait / 1000 + chance.uniform(0, late) + 1e-6
        frame = cine.due()
        if not seen or frame != seen[-1]:
            clock.now += paint
            seen.append(frame)
            cine.shown(frame)
    return seen


def test_that_frames_are_due_at_their_own_times(clock):
    cine = Cine(clip(times=(0.0, 10.0, 100.0)), clock)
    cine.play(0)

    assert watch(cine, clock, [0.005, 0.0101, 0.099, 0.1001]) == [0, 1, 1, 2]


def test_that_the_last_frame_has_its_time_before_it_starts_again(clock):
    cine = Cine(clip(), clock)  # 0, 40, 80 ms; the last lasts 40 ms too
    cine.play(0)

    assert watch(cine, clock, [0.119, 0.121]) == [2, 0]


def test_that_it_stops_on_the_last_frame_without_loop(clock):
    cine = Cine(clip(), clock)
    cine.loop = False
    cine.play(0)

    assert watch(cine, clock, [9.0, 9.1]) == [2, 2]
    assert not cine.playing
    assert cine.wait_ms() is None


def test_that_playing_from_the_last_frame_begins_anew(clock):
    cine = Cine(clip(), clock)
    cine.play(2)

    assert cine.due() == 0


def test_that_a_paused_clip_stays_where_it_is_and_goes_on_from_there(clock):
    cine = Cine(clip(10), clock)
    cine.play(0)
    clock.now += 0.130
    cine.pause()
    clock.now += 5

    assert (cine.due(), cine.playing, cine.wait_ms()) == (3, False, None)
    cine.seek(6)
    assert cine.due() == 6
    cine.play(6)
    clock.now += 0.041
    assert cine.due() == 7


@pytest.mark.parametrize("speed", SPEEDS)
def test_that_speed_changes_the_pace_and_keeps_the_place(clock, speed):
    cine = Cine(clip(1000), clock)
    cine.play(0)
    clock.now += 1.0  # 25 frames of 40 ms
    cine.speed = speed
    assert cine.due() == 25
    clock.now += 0.8001

    assert cine.due() == 25 + int(20 * speed)


@pytest.mark.parametrize("speed", [0.0, 0.2, 4.1, -1.0, float("nan")])
def test_that_a_speed_lies_between_a_quarter_and_four_times(clock, speed):
    with pytest.raises(ValueError, match=r"between 0\.25 and 4"):
        Cine(clip(), clock).speed = speed


def test_that_the_wait_ends_when_the_next_frame_is_due(clock):
    cine = Cine(clip(), clock)
    assert cine.wait_ms() is None  # paused
    cine.play(0)
    clock.now += 0.010
    assert cine.wait_ms() == pytest.approx(30)
    cine.speed = 2.0
    assert cine.wait_ms() == pytest.approx(15)
    clock.now += 0.0501  # 110.2 ms of the clip, which ends at 120
    assert cine.wait_ms() == pytest.approx(4.9)


def test_that_a_clip_without_timing_plays_at_a_stated_pace(clock):
    cine = Cine(clip(10, step=None), clock)
    cine.play(0)
    clock.now += 3.5 * UNTIMED_MS / 1000

    assert cine.due() == 3


def test_that_seeking_while_it_plays_goes_on_from_there(clock):
    cine = Cine(clip(10), clock)
    cine.play(0)
    clock.now += 0.2
    cine.seek(1)

    assert cine.due() == 1
    clock.now += 0.041
    assert cine.due() == 2


def test_that_a_range_is_played_over_and_over(clock):
    cine = Cine(clip(100), clock)
    cine.set_range(10, 12)
    cine.play(50)  # outside, so from its start

    assert watch(cine, clock, [0.001, 0.041, 0.081, 0.119, 0.121, 0.161]) == [10, 11, 12, 12, 10, 11]
    assert cine.range == (10, 12)


def test_that_setting_a_range_keeps_a_frame_within_it_and_leaves_any_other(clock):
    cine = Cine(clip(100), clock)
    cine.play(0)
    clock.now += 0.5  # frame 12
    cine.set_range(10, 20)
    assert cine.due() == 12
    cine.set_range(30, 40)
    assert cine.due() == 30
    cine.clear_range()
    assert (cine.due(), cine.range) == (30, (0, 99))


def test_that_the_last_frame_of_a_range_begins_it_anew_and_ends_it_without_loop(clock):
    cine = Cine(clip(100), clock)
    cine.set_range(10, 12)
    cine.loop = False
    cine.play(12)
    assert cine.due() == 10
    clock.now += 9

    assert (cine.due(), cine.playing) == (12, False)


@pytest.mark.parametrize(("first", "last"), [(-1, 2), (2, 1), (0, 3), (3, 3)])
def test_that_a_range_lies_in_the_clip(clock, first, last):
    with pytest.raises(ValueError, match="no range of a clip of 3"):
        Cine(clip(), clock).set_range(first, last)


def test_that_turning_loop_off_ends_the_round_it_is_in(clock):
    cine = Cine(clip(), clock)
    cine.play(0)
    clock.now += 0.36 + 0.05  # three rounds and a frame
    cine.loop = False

    assert cine.due() == 1
    clock.now += 0.08
    assert (cine.due(), cine.playing) == (2, False)


@given(st.lists(st.floats(0.1, 500), min_size=1, max_size=60), st.data())
def test_that_a_frame_that_is_sought_is_the_frame_that_is_due(steps, data):
    starts = [0.0]
    for step in steps:
        starts.append(starts[-1] + step)
    first = data.draw(st.integers(0, len(steps)))
    last = data.draw(st.integers(first, len(steps)))
    wanted = data.draw(st.integers(first, last))
    cine = Cine(clip(len(starts), times=tuple(starts)), Clock())
    cine.set_range(first, last)

    cine.seek(wanted)
    assert cine.due() == wanted
    cine.play(first)
    cine.seek(wanted)
    assert cine.due() == wanted


def test_that_frames_that_came_and_went_unseen_are_counted(clock):
    cine = Cine(clip(100), clock)
    cine.play(0)

    watch(cine, clock, [0.041, 0.081, 0.201, 0.241])  # 1, 2, 5, 6

    assert cine.pace == Pace(shown=4, dropped=2, behind=0)
    clock.now += 0.1
    assert cine.pace.behind == 2


def test_that_frames_dropped_over_the_end_of_a_round_are_counted(clock):
    cine = Cine(clip(5), clock)
    cine.play(0)

    watch(cine, clock, [0.121, 0.281])  # 3, then 2 of the next round: 4, 0 and 1 were missed

    assert cine.pace == Pace(shown=2, dropped=2 + 3, behind=0)


def test_that_a_frame_painted_late_or_twice_is_counted_once_at_its_own_turn(clock):
    cine = Cine(clip(100), clock)
    cine.play(0)
    clock.now += 0.045
    assert cine.due() == 1
    clock.now += 0.08  # 3 is due by now
    for _ in range(3):
        cine.shown(1)

    assert cine.pace == Pace(shown=1, dropped=0, behind=2)
    cine.shown(99)  # of the round before: it came long before the others
    assert cine.pace.shown == 1


def test_that_counting_goes_on_over_a_change_of_speed_and_starts_anew_with_a_jump(clock):
    cine = Cine(clip(100), clock)
    cine.play(0)
    watch(cine, clock, [0.121])  # 3
    clock.now += 0.08  # 5 is due, and never shown
    cine.speed = 0.5
    assert cine.pace == Pace(shown=1, dropped=2, behind=2)
    clock.now += 0.0801
    cine.shown(cine.due())  # 6
    assert cine.pace == Pace(shown=2, dropped=4, behind=0)
    cine.seek(50)
    assert cine.pace == Pace()
    cine.pause()
    assert cine.pace == Pace()


def test_that_ten_seconds_of_thirty_frames_each_drift_by_no_more_than_one(clock):
    cine = Cine(clip(1000, step=1000 / 30), clock)
    cine.play(0)

    seen = run(cine, clock, 10.0, late=0.020, paint=0.005)

    assert abs(seen[-1] - (clock.now - 100.0) * 30) <= 1
    assert cine.pace.behind <= 1
    assert cine.pace.dropped == 0  # no tick was a whole frame late


def test_that_a_busy_machine_costs_frames_but_not_the_pace(clock):
    cine = Cine(clip(1000, step=1000 / 30), clock)
    cine.play(0)

    seen = run(cine, clock, 10.0, late=0.150, paint=0.010)

    assert abs(seen[-1] - (clock.now - 100.0) * 30) <= 1
    assert cine.pace.dropped == seen[-1] - len(seen) > 50


@pytest.mark.parametrize("late", [0.0, 0.030, 0.150])
@pytest.mark.parametrize("speed", SPEEDS)
def test_that_every_frame_mode_drops_none_however_busy(clock, late, speed):
    cine = Cine(clip(1000, step=1000 / 30), clock)
    cine.every_frame, cine.speed = True, speed
    cine.play(0)

    seen = run(cine, clock, 10.0, late=late, paint=0.010)

    assert seen == [frame % 1000 for frame in range(1, len(seen) + 1)]
    assert cine.pace.dropped == 0
    assert cine.pace.shown == len(seen)


def test_that_every_frame_mode_keeps_the_pace_while_it_can(clock):
    cine = Cine(clip(1000, step=1000 / 30), clock)
    cine.every_frame = True
    cine.play(0)

    seen = run(cine, clock, 10.0, late=0.020, paint=0.005)

    assert abs(len(seen) - 300) <= 1


def test_that_every_frame_mode_does_not_race_after_a_stall(clock):
    cine = Cine(clip(1000), clock)
    cine.every_frame = True
    cine.play(0)
    clock.now += 2.0
    cine.shown(cine.due())

    seen = run(cine, clock, 1.0)

    assert 24 <= len(seen) <= 26  # one frame is made up, fifty are not


def test_that_a_frame_waits_until_the_one_before_is_on_screen(clock):
    cine = Cine(clip(), clock)
    cine.every_frame = True
    cine.play(0)
    clock.now += 0.041
    assert cine.due() == 1
    assert (cine.wait_ms(), cine.pace) == (None, Pace(behind=1))
    clock.now += 10
    assert cine.due() == 1
    cine.shown(0)  # painted again, by a drag of the window
    assert cine.due() == 1
    cine.shown(1)
    assert (cine.wait_ms(), cine.pace) == (0.0, Pace(shown=1))
    assert cine.due() == 2


def test_that_every_frame_mode_loops_and_ends_as_the_clock_does(clock):
    cine = Cine(clip(), clock)
    cine.every_frame = True
    cine.play(0)
    assert run(cine, clock, 0.3)[:6] == [1, 2, 0, 1, 2, 0]

    cine.loop = False
    cine.play(0)
    assert run(cine, clock, 5.0) == [1, 2]
    assert (cine.playing, cine.due()) == (False, 2)


def test_that_a_range_of_one_frame_stays_on_it(clock):
    for every_frame in (False, True):
        cine = Cine(clip(), clock)
        cine.every_frame = every_frame
        cine.set_range(1, 1)
        cine.play(1)
        clock.now += 0.3
        assert cine.due() == 1
        assert cine.wait_ms() is not None


def test_that_changing_the_mode_keeps_the_place(clock):
    cine = Cine(clip(100), clock)
    cine.play(0)
    watch(cine, clock, [0.201])
    cine.every_frame = True
    assert (cine.due(), cine.wait_ms()) == (5, pytest.approx(39))
    cine.every_frame = False
    clock.now += 0.0795
    assert cine.due() == 7


def test_that_seeking_in_every_frame_mode_waits_for_the_frame_that_was_sought(clock):
    cine = Cine(clip(100), clock)
    cine.every_frame = True
    cine.play(0)
    cine.seek(50)
    clock.now += 1
    assert cine.due() == 50
    cine.shown(50)
    clock.now += 0.041
    assert cine.due() == 51


def test_that_frames_of_no_length_stop_nothing(clock):
    flat = Cine(clip(times=(0.0, 0.0, 40.0)), clock)
    flat.every_frame = True
    flat.play(0)
    assert run(flat, clock, 0.05)[:2] == [1, 2]
    assert Track((0.0, 0.0, 0.0), 0, 1).length_ms == 1.0
    still = Cine(clip(times=(0.0, 0.0, 40.0)), clock)
    still.set_range(0, 0)
    still.play(0)
    clock.now += 1
    assert still.due() == 0
    for every_frame in (False, True):
        still.every_frame = every_frame
        still.play(0)
        assert still.wait_ms() > 0  # or a timer would never rest


def test_that_settings_outlast_pauses_and_jumps(clock):
    cine = Cine(clip(), clock)
    cine.speed, cine.loop, cine.every_frame = 0.5, False, True
    cine.play(0)
    cine.seek(1)
    cine.pause()

    assert (cine.speed, cine.loop, cine.every_frame) == (0.5, False, True)


def test_that_a_single_picture_stands_still(clock):
    cine = Cine(clip(1), clock)
    cine.play(0)
    clock.now += 7

    assert cine.due() == 0
