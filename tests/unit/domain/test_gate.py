"""A gate's rows belong together, and a look is what it says."""

from typing import Any

import numpy as np
import pytest

from viewer.domain.gate import Gate, look_of


def gate(**changes: Any) -> Gate:
    given: dict[str, Any] = {
        "scorers": ("knn",),
        "distances": {"knn": np.array([0.1, 0.2, 0.4])},
        "looks": np.ones((3, 4), np.float32),
        "groups": np.array([0, 1, 1]),
        "labels": np.array([2, 0, 0]),
    }
    return Gate(**(given | changes))


def test_that_a_gate_counts_its_groups_and_cannot_be_written_to() -> None:
    whole = gate()
    assert whole.group_count == 2
    for array in (whole.looks, whole.groups, whole.labels, whole.distances["knn"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"scorers": (), "distances": {}}, "needs a scorer"),
        ({"scorers": ("knn", "other")}, "exactly the scorers it names"),
        ({"distances": {"knn": np.zeros(2)}}, r"knn has shape \(2,\), not one entry for each of 3 looks"),
        ({"groups": np.array([0, 1])}, r"groups has shape \(2,\)"),
        ({"labels": np.array([0, 1])}, r"labels has shape \(2,\)"),
        ({"labels": np.array([0, 1, -1])}, "a label is negative"),
        ({"groups": np.array([0, 2, 2])}, "without a gap"),
        ({"groups": np.array([-1, 0, 1])}, "without a gap"),
        ({"distances": {"knn": np.array([0.1, np.nan, 0.4])}}, "not finite"),
        ({"looks": np.full((3, 4), np.inf, np.float32)}, "not finite"),
        ({"looks": np.ones(3, np.float32)}, r"looks are of shape \(3,\)"),
        ({"looks": np.ones((0, 4), np.float32)}, r"looks are of shape \(0, 4\)"),
    ],
)
def test_that_rows_that_do_not_belong_together_are_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        gate(**changes)


def test_that_a_look_is_means_then_spreads_of_the_input_then_of_the_stem() -> None:
    network_input = np.array([[[[1.0, 3.0]], [[5.0, 5.0]], [[0.0, 8.0]]]])  # one picture, three channels, 1×2
    stem = np.array([[[[2.0], [4.0]]]])
    look = look_of(network_input, stem)
    assert look.dtype == np.float32
    np.testing.assert_allclose(look, [[2, 5, 4, 1, 0, 4, 3, 1]])
