"""Evidence is a batch of read-only arrays that belong together."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from viewer.domain.evidence import FROM_AROUND, Evidence, LinearHead, Need, softmax


def evidence(frames: int = 3, **changes: Any) -> Evidence:
    random = np.random.default_rng(0)
    given: dict[str, Any] = {
        "classes": ("a", "b", "c", "d"),
        "temperature": 2.0,
        "logits": random.normal(size=(frames, 4)).astype(np.float32),
        "targets": np.arange(frames) % 4,
        "features": random.normal(size=(frames, 5)).astype(np.float32),
        "head_samples": random.normal(size=(7, frames, 4)).astype(np.float32),
    }
    return Evidence(**(given | changes))


def test_that_softmax_is_the_textbooks() -> None:
    np.testing.assert_allclose(softmax(np.log([[1.0, 3.0], [2.0, 2.0]])), [[0.25, 0.75], [0.5, 0.5]])


def test_that_softmax_stays_finite_for_any_finite_logits() -> None:
    shares = softmax(np.array([[3e38, -3e38, 0.0], [-1e30, -1e30, -1e30]], np.float32))
    np.testing.assert_allclose(shares, [[1, 0, 0], [1 / 3, 1 / 3, 1 / 3]])
    assert shares.dtype == np.float64


def test_that_the_temperature_divides_the_logits() -> None:
    given = evidence(
        logits=np.log([[1, 9, 1, 1]]).astype(np.float32), targets=np.zeros(1, int), features=None, head_samples=None
    )
    np.testing.assert_allclose(given.probabilities, [[1 / 6, 3 / 6, 1 / 6, 1 / 6]], rtol=1e-6)
    assert given.predicted.tolist() == [1]


def test_that_arrays_are_read_only() -> None:
    given = evidence()
    for array in (given.logits, given.targets, given.features, given.head_samples):
        assert array is not None
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_that_one_frame_is_cut_out_as_a_batch_of_one() -> None:
    given = evidence()
    one = given[1]
    assert len(one) == 1
    assert one.classes == given.classes
    np.testing.assert_array_equal(one.logits, given.logits[1:2])
    np.testing.assert_array_equal(one.head_samples, given.head_samples[:, 1:2])
    np.testing.assert_array_equal(evidence(members=given.head_samples)[1].members, given.head_samples[:, 1:2])
    np.testing.assert_array_equal(one.probabilities, given.probabilities[1:2])
    assert one.features.base is not None
    assert one.stem is None


@pytest.mark.parametrize("index", [3, -1])
def test_that_a_frame_that_is_not_there_is_an_index_error(index: int) -> None:
    with pytest.raises(IndexError):
        evidence()[index]


def test_that_it_lacks_what_a_pass_did_not_give_and_nothing_that_comes_from_around() -> None:
    given = evidence()
    assert set(Need) <= {item.name for item in fields(Evidence)}
    assert not given.lacks({Need.LOGITS, Need.FEATURES, *FROM_AROUND})
    assert given.lacks({Need.LOGITS, Need.MASK})


def test_that_iterating_yields_every_frame_once() -> None:
    assert [int(one.targets[0]) for one in evidence()] == [0, 1, 2]


def test_that_its_size_is_the_sum_of_its_arrays() -> None:
    assert evidence().nbytes == 3 * 4 * 4 + 3 * 8 + 3 * 5 * 4 + 7 * 3 * 4 * 4
    head = LinearHead(np.zeros((4, 5), np.float32), np.zeros(4, np.float32))
    assert evidence(linear_head=head).nbytes == evidence().nbytes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"features": np.zeros((2, 5), np.float32)}, "features holds 2 frames, logits hold 3"),
        ({"head_samples": np.zeros((3, 2, 4), np.float32)}, "head_samples holds 2 frames"),
        ({"targets": np.zeros(4, int)}, "targets holds 4 frames"),
        ({"logits": np.zeros((3, 5), np.float32)}, "do not fit 4 classes"),
        ({"logits": np.zeros(4, np.float32)}, "do not fit 4 classes"),
        ({"temperature": 0.0}, "not positive"),
        ({"temperature": float("nan")}, "not positive"),
    ],
)
def test_that_arrays_that_do_not_belong_together_are_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        evidence(**changes)
