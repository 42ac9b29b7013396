import pytest

from viewer.session.pacing import WINDOW_S, Pacing


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_that_rates_are_those_of_what_was_shown_lately() -> None:
    clock = Clock()
    pacing = Pacing(clock)
    assert pacing.rates() is None
    for _ in range(100):
        clock.now += 0.0625
        pacing.shown(40.0)
    assert pacing.rates() == (16, pytest.approx(0.64))


def test_that_rates_fall_when_nothing_is_shown_any_more_and_begin_anew() -> None:
    clock = Clock()
    pacing = Pacing(clock)
    for _ in range(100):
        clock.now += 0.0625
        pacing.shown(50.0)
    clock.now += WINDOW_S / 2
    assert pacing.rates() == (8, pytest.approx(0.4))
    clock.now += WINDOW_S
    assert pacing.rates() == (0, 0)
    pacing.begin()
    assert pacing.rates() is None
