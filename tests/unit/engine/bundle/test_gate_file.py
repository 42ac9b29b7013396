"""A gate that is not as it should be is refused in one sentence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from viewer.domain.errors import BundleRefused
from viewer.domain.gate import Gate
from viewer.engine.bundle import Bundle
from viewer.engine.bundle.gate import gate_arrays, parse_gate

GATE = Gate(
    scorers=("near", "far"),
    distances={"near": np.array([0.1, 0.2, 0.4]), "far": np.array([3.0, 2.0, 1.0])},
    looks=np.arange(12, dtype=np.float32).reshape(3, 4),
    groups=np.array([0, 1, 1]),
    labels=np.array([2, 0, 0]),
)


def parsed(**changes: Any) -> Gate:
    arrays = {**gate_arrays(GATE), **changes}
    kept = {name: np.ascontiguousarray(array) for name, array in arrays.items() if array is not None}
    return parse_gate(Path("spots"), safetensors.numpy.save(kept))


def test_that_a_gate_is_read_as_it_was_written_with_its_scorers_in_order() -> None:
    gate = parsed()
    assert gate.scorers == ("far", "near")
    for name in gate.scorers:
        np.testing.assert_array_equal(gate.distances[name], GATE.distances[name])
    np.testing.assert_array_equal(gate.looks, GATE.looks)
    np.testing.assert_array_equal(gate.groups, GATE.groups)
    np.testing.assert_array_equal(gate.labels, GATE.labels)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"looks": None}, "looks is missing"),
        ({"groups": None}, "groups is missing"),
        ({"labels": None}, "labels is missing"),
        ({"labels": np.array([0, 1, -1])}, "a label is negative"),
        ({"distances.near": None, "distances.far": None}, "a gate needs a scorer"),
        ({"notes": np.zeros(3)}, "it does not know the array 'notes'"),
        ({"looks": np.ones((3, 4))}, "looks holds float64, not float32"),
        ({"groups": np.array([0.0, 1.0, 1.0])}, "groups holds float64, not int64"),
        ({"groups": np.array([0, 1, 3])}, "without a gap"),
        ({"groups": np.array([0, 1])}, "groups has shape"),
        ({"distances.near": np.zeros(2)}, "near has shape"),
        ({"distances.near": np.array([0.1, np.nan, 0.4])}, "distances.near holds values that are not finite"),
        ({"looks": np.full((3, 4), np.inf, np.float32)}, "looks holds values that are not finite"),
    ],
)
def test_that_a_gate_with_arrays_that_do_not_fit_is_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BundleRefused, match=rf"spots.*calibration/gate\.safetensors: .*{sentence}"):
        parsed(**changes)


def test_that_a_gate_of_anything_but_safetensors_is_refused() -> None:
    with pytest.raises(BundleRefused, match="not safetensors of a known kind"):
        parse_gate(Path("spots"), b"nothing of the kind")


def test_that_a_bundle_with_a_bad_gate_is_not_written(make_bundle: Callable[..., Bundle], tmp_path: Path) -> None:
    broken = object.__new__(Gate)
    for name in ("scorers", "distances", "looks", "labels"):
        object.__setattr__(broken, name, getattr(GATE, name))
    object.__setattr__(broken, "groups", np.array([0, 5, 5]))
    with pytest.raises(BundleRefused, match="without a gap"):
        make_bundle(gate=broken)
    assert not list(tmp_path.iterdir())
