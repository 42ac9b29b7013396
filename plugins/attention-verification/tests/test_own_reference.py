import numpy as np
import pytest
from viewer_attention_verification.maps import gam
from viewer_attention_verification.own_reference import own_reference

from viewer.api import ReferenceSet


def references(attention: np.ndarray, labels: list[int], groups: list[str]) -> ReferenceSet:
    count = len(labels)
    return ReferenceSet(
        features=np.ones((count, 2), np.float32),
        labels=np.array(labels),
        groups=np.array(groups),
        files=("a",) * count,
        frames=np.zeros(count, np.intp),
        thumbnails=np.zeros((count, 64, 64, 3), np.uint8),
        attention=attention.astype(np.float32),
    )


def maps(seed: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, (count, 7, 7))


def test_that_every_patient_weighs_alike() -> None:
    attention = maps(0, 4)
    found = own_reference(references(attention, [1, 1, 1, 0], ["a", "a", "b", "c"]), 1)
    assert found is not None
    own = gam(attention.astype(np.float32)).astype(np.float64)
    np.testing.assert_allclose(found.map, (own[0] + own[1]) / 4 + own[2] / 2, atol=1e-6)
    assert (found.pictures, found.groups) == (3, 2)


def test_that_pictures_without_attention_are_left_out() -> None:
    attention = maps(1, 2)
    attention[1] = -1
    found = own_reference(references(attention, [0, 0], ["a", "b"]), 0)
    assert found is not None
    assert (found.pictures, found.groups) == (1, 1)


@pytest.mark.parametrize("given", [None, references(maps(2, 1), [0], ["a"])])
def test_that_without_a_picture_of_the_class_there_is_none(given: ReferenceSet | None) -> None:
    assert own_reference(given, 1) is None
