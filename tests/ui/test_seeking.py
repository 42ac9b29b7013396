"""A hand that drags along the timeline sees where it is, and what it left behind costs next to nothing."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from viewer.domain.image import Frame
from viewer.io.prefetch import AHEAD, BEHIND, FrameStore
from viewer.ui.bridge import Bridge
from viewer.ui.frames import FrameFeed

from .conftest import clip, deliver, opened

SEEKS = tuple(range(10, 260, 10))
"""Twenty-five of them, farther apart than neighbours reach."""


class SlowSource:
    """Decodes one frame each time it is let to."""

    def __init__(self) -> None:
        self.clip = clip(frames=300)
        self.begun: list[int] = []
        self._may, self._idle = threading.Semaphore(0), threading.Semaphore(0)
        self._free = False

    def decode(self, index: int) -> Frame:
        self.begun.append(index)
        self._idle.release()
        if not self._free:
            assert self._may.acquire(timeout=10)
        return Frame(values=np.full((24, 32, 3), index % 256, np.uint8), grey=None)

    def close(self) -> None:
        pass

    def wait_begun(self) -> None:
        assert self._idle.acquire(timeout=10)

    def let(self, count: int = 1) -> None:
        self._may.release(count)

    def let_all(self) -> None:
        self._free = True
        self._may.release(1000)


class Slow:
    """A feed on the real store and a slow source."""

    def __init__(self) -> None:
        self.source, self.store = SlowSource(), FrameStore(1 << 26)
        self.feed = FrameFeed(self.store, Bridge())
        self.arrived: list[int] = []
        self.feed.arrived.connect(lambda index, frame: self.arrived.append(index))
        self.feed.load(self.source)

    def until(self, qtbot, index: int) -> None:
        qtbot.waitUntil(lambda: self.feed.shown == index, timeout=10_000)


@pytest.fixture
def slow(qapp) -> Iterator[Slow]:
    made = Slow()
    yield made
    made.source.let_all()
    made.store.close()
    deliver()


def stale(begun: list[int], last: int) -> list[int]:
    """Frames decoded that are neither the last one sought nor fetched beside it."""
    return [index for index in begun if not last - AHEAD <= index <= last + AHEAD]


def test_that_twenty_five_seeks_end_on_the_last_with_one_stale_decode_after_it(slow, qtbot):
    slow.feed.show(0, 0)
    slow.source.wait_begun()
    for index in SEEKS:
        slow.feed.show(index, 1)
    slow.source.let()  # the one that was in the decoder's hands; the window is busy and has not heard of it yet
    slow.source.let(3)
    slow.until(qtbot, SEEKS[-1])
    assert stale(slow.source.begun, SEEKS[-1]) == [0]
    assert slow.arrived == [0, SEEKS[-1]]


def test_that_a_window_that_is_busy_costs_no_stale_decode_more(slow, qtbot):
    slow.feed.show(0, 0)
    slow.source.wait_begun()
    slow.feed.show(SEEKS[-1], 1)
    assert not slow.store._places[slow.feed].ahead  # nothing to go on with while the window does not listen
    slow.source.let_all()
    slow.until(qtbot, SEEKS[-1])
    assert stale(slow.source.begun, SEEKS[-1]) == [0]


def test_that_seeks_slower_than_the_decoder_leave_at_most_three_stale_decodes_after_the_last(slow, qtbot):
    for index in SEEKS[:-1]:
        slow.feed.show(index, 1)
        slow.source.let(4)  # the frame, and some of its neighbours
        slow.until(qtbot, index)
    before = len(slow.source.begun)
    slow.feed.show(SEEKS[-1], 1)
    slow.source.let_all()
    slow.until(qtbot, SEEKS[-1])
    assert len(stale(slow.source.begun[before:], SEEKS[-1])) <= 3


def test_that_the_eye_is_never_thrown_back_to_a_frame_it_left(slow, qtbot):
    slow.source.let_all()
    slow.feed.show(10, 1)
    slow.until(qtbot, 10)
    qtbot.waitUntil(lambda: slow.store.cached(slow.source, 10 + AHEAD) is not None, timeout=10_000)
    slow.store.get(slow.source, 10 + BEHIND + 1)
    slow.arrived.clear()
    slow.feed.show(18, 1)  # cached, and looks ahead
    slow.feed.show(19, 1)
    deliver()
    slow.feed.show(20, 1)
    qtbot.waitUntil(lambda: slow.store.cached(slow.source, 24) is not None, timeout=10_000)
    deliver()
    assert slow.arrived == [18, 19, 20]


def test_that_a_late_frame_is_not_shown_after_a_newer_one(slow, qtbot):
    slow.feed.show(9, 1)
    slow.source.wait_begun()
    slow.feed._arrive(10, slow.source.clip)  # the worker had decoded it meanwhile
    slow.feed.show(11, 1)
    slow.source.let_all()
    slow.until(qtbot, 11)
    assert slow.arrived == [10, 11]


def test_that_dragging_on_the_timeline_asks_for_one_frame_at_a_time_and_ends_on_the_last(room):
    room.open(opened(frames=100))
    room.store.eager = False
    track = room.window.timeline.track
    QTest.mousePress(track, Qt.MouseButton.LeftButton, pos=QPoint(round(track._places.x(20)), 40))
    for index in range(30, 96, 3):
        at = track._places.x(index)
        track._drag(track.mapFromGlobal(track.mapToGlobal(QPoint(round(at), 40))).toPointF())
    QTest.mouseRelease(track, Qt.MouseButton.LeftButton, pos=QPoint(round(track._places.x(93)), 40))
    assert [index for _, index, _ in room.store.requests] == [20]
    assert room.store.held > 0
    room.store.answer()
    deliver()
    assert [index for _, index, _ in room.store.requests] == [93]
    room.store.answer()
    deliver()
    assert room.window.canvas.frame.values[0, 0, 0] == 93
