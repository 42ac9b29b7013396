import threading
from pathlib import Path

import numpy as np

from viewer.domain.image import Clip, Frame
from viewer.io.cache import FrameCache


class Source:
    clip = Clip(path=Path("a"), kind="raster", frames=9, rows=1, columns=1, photometric="RGB")

    def decode(self, index: int) -> Frame:
        raise AssertionError("a cache decodes nothing")

    def close(self) -> None:
        pass


def frame(pixels: int = 10) -> Frame:
    return Frame(values=np.zeros((1, pixels, 3), np.uint8), grey=None)


def test_that_the_frame_used_longest_ago_goes_first():
    cache, source = FrameCache(60), Source()
    cache.put(source, 0, frame())
    cache.put(source, 1, frame())
    cache.get(source, 0)

    cache.put(source, 2, frame())

    assert [cache.get(source, index) is not None for index in range(3)] == [True, False, True]
    assert cache.held == 60


def test_that_a_frame_larger_than_the_budget_is_not_kept_and_costs_no_other():
    cache, source = FrameCache(60), Source()
    cache.put(source, 0, frame())

    cache.put(source, 1, frame(pixels=100))

    assert cache.get(source, 1) is None
    assert cache.get(source, 0) is not None


def test_that_a_frame_put_twice_counts_once():
    cache, source = FrameCache(60), Source()
    cache.put(source, 0, frame())
    cache.put(source, 0, frame(pixels=20))

    assert cache.held == 60


def test_that_sources_are_told_apart_and_forgotten_alone():
    cache, one, other = FrameCache(90), Source(), Source()
    cache.put(one, 0, frame())
    cache.put(other, 0, frame())

    cache.forget(one)

    assert cache.get(one, 0) is None
    assert cache.get(other, 0) is not None
    assert cache.held == 30


def test_that_without_a_budget_nothing_is_kept():
    cache, source = FrameCache(-5), Source()
    cache.put(source, 0, frame())

    assert (cache.held, cache.get(source, 0)) == (0, None)


def test_that_the_budget_holds_on_many_threads():
    cache, source = FrameCache(300), Source()

    def churn(start: int) -> None:
        for step in range(400):
            cache.put(source, (start + step) % 40, frame(pixels=1 + step % 20))
            cache.get(source, step % 40)

    threads = [threading.Thread(target=churn, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    kept = [cache.get(source, index) for index in range(40)]
    assert cache.held == sum(entry.nbytes for entry in kept if entry is not None) <= 300
