import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from viewer.domain.errors import UnreadableFile
from viewer.domain.image import Clip, Frame
from viewer.io.prefetch import AHEAD, BEHIND, FrameStore


class Gate:
    """A clip whose decoder waits at each frame until it is let through."""

    def __init__(self, frames: int = 100, *, open_: bool = False) -> None:
        self.clip = Clip(path=Path("clip"), kind="raster", frames=frames, rows=2, columns=2, photometric="RGB")
        self.decoded: list[int] = []
        self.closed = False
        self._pass = threading.Semaphore(10_000 if open_ else 0)
        self._begun = threading.Semaphore(0)

    def decode(self, index: int) -> Frame:
        self._begun.release()
        assert self._pass.acquire(timeout=10)
        self.decoded.append(index)
        if index == 13:
            raise UnreadableFile(self.clip.path, reason="unlucky")
        if index == 14:
            raise ValueError("a reader that breaks its promise")
        return Frame(values=np.full((2, 2, 3), index, np.uint8), grey=None)

    def close(self) -> None:
        self.closed = True

    def wait_begun(self) -> None:
        assert self._begun.acquire(timeout=10)

    def let(self, count: int) -> None:
        self._pass.release(count)


class Answers:
    def __init__(self) -> None:
        self.seen: list[tuple[int, object]] = []
        self._told = threading.Semaphore(0)

    def __call__(self, source, index, outcome) -> None:
        self.seen.append((index, outcome))
        self._told.release()

    def wait(self) -> None:
        assert self._told.acquire(timeout=10)


@pytest.fixture
def store() -> Iterator[FrameStore]:
    store = FrameStore(1 << 20)
    yield store
    store.close()


def settle(store: FrameStore, source: Gate, index: int) -> None:
    """Wait until the decode thread has gone past `index`: a display request is answered after what is running."""
    answers = Answers()
    store.request(source, index, 0, answers)
    answers.wait()


def test_that_a_frame_is_decoded_once_and_then_cached(store):
    source = Gate(open_=True)

    first = store.get(source, 5)

    assert store.get(source, 5) is first
    assert store.cached(source, 5) is first
    assert store.cached(source, 6) is None
    assert source.decoded == [5]


def test_that_neighbours_are_fetched_leaning_to_the_scroll_direction(store):
    source, answers = Gate(), Answers()
    store.request(source, 50, -1, answers)
    source.let(1 + AHEAD + BEHIND)
    for _ in range(1 + AHEAD + BEHIND):
        source.wait_begun()
    source.let(1)
    settle(store, source, 50)

    ahead = [50 - distance for distance in range(1, AHEAD + 1)]
    behind = [50 + distance for distance in range(1, BEHIND + 1)]
    assert source.decoded == [50, *ahead, *behind]


def test_that_prefetch_stays_inside_the_clip(store):
    source = Gate(frames=3, open_=True)

    assert store._neighbours(source, 2, 1) == [1, 0]
    assert store._neighbours(source, 0, 1) == [1, 2]


def test_that_prefetch_never_asks_for_more_than_half_the_cache():
    small = FrameStore(2 * 4 * 12)  # four frames of 12 bytes fit half of it
    try:
        assert small._neighbours(Gate(), 50, 1) == [51, 52, 53, 54]
    finally:
        small.close()


def test_that_a_display_request_goes_before_prefetch(store):
    source, answers = Gate(), Answers()
    store.request(source, 50, 1, answers)
    source.wait_begun()
    store.request(source, 80, 1, answers)  # while 50 is being decoded, 51… are waiting
    source.let(2)
    answers.wait()
    source.wait_begun()

    assert source.decoded[:2] == [50, 80]
    source.let(200)


def test_that_the_answer_of_an_overtaken_request_is_not_told(store):
    source, answers = Gate(), Answers()
    store.request(source, 50, 0, answers)
    source.wait_begun()
    store.request(source, 60, 0, answers)
    store.request(source, 70, 0, answers)
    source.let(2)
    answers.wait()

    assert [index for index, _ in answers.seen] == [70]
    assert 60 not in source.decoded
    source.let(200)


def test_that_cancelled_work_is_dropped(store):
    source, answers = Gate(), Answers()
    store.request(source, 50, 1, answers)
    source.wait_begun()
    store.cancel()
    source.let(200)
    settle(store, source, 90)

    assert answers.seen == []
    assert source.decoded[:2] == [50, 90]


def test_that_a_place_on_hold_fetches_no_more_neighbours_and_still_hears_its_answer(store):
    source, answers = Gate(), Answers()
    store.request(source, 50, 1, answers)
    source.wait_begun()
    store.hold()
    store.hold("a place nobody asked for")
    source.let(200)
    answers.wait()
    settle(store, source, 90)

    assert [index for index, _ in answers.seen] == [50]
    assert source.decoded[:2] == [50, 90]


def test_that_a_frame_that_cannot_be_read_is_told_in_one_sentence(store):
    source = Gate(open_=True)
    for index, reason in ((13, "unlucky"), (14, "the reader failed (a reader that breaks its promise)")):
        answers = Answers()
        store.request(source, index, 0, answers)
        answers.wait()
        assert answers.seen[0][1].reason == reason
    with pytest.raises(UnreadableFile, match="unlucky"):
        store.get(source, 13)


def test_that_one_source_is_never_decoded_on_two_threads_at_once():
    store = FrameStore(1 << 20, threads=3)
    busy, overlaps = threading.Lock(), []

    class Single(Gate):
        def decode(self, index: int) -> Frame:
            if not busy.acquire(blocking=False):
                overlaps.append(index)
                return super().decode(index)
            try:
                return super().decode(index)
            finally:
                busy.release()

    source = Single(open_=True)
    workers = [
        threading.Thread(target=lambda start=start: [store.get(source, start + step) for step in range(12)])
        for start in (0, 20, 40)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    store.close()

    assert overlaps == []
    assert len(source.decoded) == len(set(source.decoded)) == 36


def test_that_a_forgotten_clip_is_closed_and_no_longer_cached(store):
    source = Gate(open_=True)
    store.get(source, 1)

    store.forget(source)

    assert source.closed
    assert store.cached(source, 1) is None


def test_that_closing_ends_the_threads():
    store = FrameStore(1 << 20, threads=2)
    store.request(Gate(open_=True), 5, 1, Answers())

    store.close()
    store.close()

    assert not any(thread.is_alive() for thread in store._threads)


def test_that_places_beside_each_other_do_not_silence_each_other(store):
    left, right = Gate(), Gate(open_=True)
    answers = Answers()

    store.request(left, 1, 0, answers, place="left")
    left.wait_begun()
    store.request(right, 2, 0, answers, place="right")
    store.request(right, 3, 0, answers, place="right")
    left.let(100)
    answers.wait()
    answers.wait()

    assert [index for index, _ in answers.seen] == [1, 3]


def test_that_a_place_that_is_given_up_hears_nothing_and_the_others_do(store):
    left, right = Gate(), Gate(open_=True)
    answers = Answers()

    store.request(left, 1, 0, answers, place="left")
    left.wait_begun()
    store.request(right, 2, 0, answers, place="right")
    store.cancel("left")
    left.let(100)
    answers.wait()
    settle(store, right, 3)

    assert [index for index, _ in answers.seen] == [2]


def test_that_places_share_the_room_for_prefetching():
    small = FrameStore(2 * 4 * 12)
    try:
        for place in ("left", "right"):
            small.request(Gate(open_=True), 0, 0, Answers(), place=place)
        assert small._neighbours(Gate(), 50, 1) == [51, 52]
    finally:
        small.close()
