"""Evidence is kept within a number of bytes."""

import numpy as np
import pytest

from viewer.domain.evidence import Evidence, Need
from viewer.engine.cache import EvidenceCache, Key

LOGITS, FEATURES = frozenset({Need.LOGITS}), frozenset({Need.LOGITS, Need.FEATURES})


def frame(features: int = 100) -> Evidence:
    return Evidence(
        classes=("a", "b"),
        temperature=1.0,
        logits=np.zeros((1, 2), np.float32),
        targets=np.zeros(1, np.intp),
        features=np.zeros((1, features), np.float32),
    )


SIZE = frame().nbytes


def key(name: str) -> Key:
    return Key(name, "bundle")


def test_that_a_superset_of_needs_serves_a_subset_but_not_the_reverse() -> None:
    cache = EvidenceCache(10 * SIZE)
    rich = frame()
    cache.put(key("p"), rich, FEATURES)
    assert cache.get(key("p"), LOGITS) is rich
    assert cache.get(key("p"), FEATURES | {Need.STEM}) is None
    assert cache.get(Key("p", "other bundle"), LOGITS) is None


def test_that_the_least_recently_used_is_forgotten_first() -> None:
    cache = EvidenceCache(3 * SIZE)
    for name in "abc":
        cache.put(key(name), frame(), FEATURES)
    cache.get(key("a"), LOGITS)
    cache.put(key("d"), frame(), FEATURES)
    assert [cache.get(key(name), LOGITS) is not None for name in "abcd"] == [True, False, True, True]
    assert (len(cache), cache.nbytes) == (3, 3 * SIZE)


def test_that_replacing_a_frame_counts_it_once() -> None:
    cache = EvidenceCache(3 * SIZE)
    for _ in range(5):
        cache.put(key("a"), frame(), FEATURES)
    assert (len(cache), cache.nbytes) == (1, SIZE)


def test_that_evidence_larger_than_the_cache_is_not_kept_and_pushes_nothing_out() -> None:
    cache = EvidenceCache(2 * SIZE)
    cache.put(key("small"), frame(), FEATURES)
    cache.put(key("large"), frame(features=100_000), FEATURES)
    assert cache.get(key("large"), LOGITS) is None
    assert cache.get(key("small"), LOGITS) is not None


@pytest.mark.parametrize("capacity", [0, -1, 1, SIZE - 1])
def test_that_no_cache_is_too_small(capacity: int) -> None:
    cache = EvidenceCache(capacity)
    cache.put(key("a"), frame(), FEATURES)
    assert cache.get(key("a"), LOGITS) is None
    assert cache.nbytes == 0
    assert cache.is_off == (capacity <= 0)
