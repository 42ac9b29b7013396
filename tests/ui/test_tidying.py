"""Full collections of garbage wait until nothing moves."""

import gc

import pytest

from viewer.ui.tidying import REST_S, Tidying

from .conftest import Room, deliver, opened


@pytest.fixture
def collected(monkeypatch):
    """Full collections that were asked for; one is due all the time, and nothing is frozen."""
    asked: list[bool] = []
    monkeypatch.setattr(gc, "collect", lambda: asked.append(True))
    monkeypatch.setattr(gc, "freeze", lambda: None)
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 99))
    return asked


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def tidying(room: Room, collected, clock):
    usual = gc.get_threshold()
    made = Tidying(room.window, lambda: clock[0])
    yield made
    made.stop()
    assert gc.get_threshold() == usual


def test_that_nothing_is_collected_while_frames_change(room, tidying, collected, clock):
    room.open(opened())
    clock[0] += REST_S
    room.window.player.seek(2)
    deliver()
    tidying.look()
    assert collected == []
    clock[0] += REST_S
    tidying.look()
    assert collected == [True]


def test_that_nothing_is_collected_while_something_runs(room, tidying, collected, clock):
    clock[0] += REST_S
    room.window.activity.set_opening(True)
    tidying.look()
    assert collected == []
    room.window.activity.set_opening(False)
    tidying.look()
    assert collected == [True]


def test_that_nothing_is_collected_before_it_is_due(tidying, collected, clock, monkeypatch):
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 0))
    clock[0] += REST_S
    tidying.look()
    assert collected == []


def test_that_the_interpreter_does_not_collect_the_oldest_objects_meanwhile(room, tidying, collected):
    assert gc.get_threshold()[2] > 100_000
    room.window.closing.emit()
    assert gc.get_threshold()[2] < 100_000
