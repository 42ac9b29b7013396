"""The gate of a bundle as safetensors, and back with every array checked."""

from pathlib import Path
from types import MappingProxyType

import numpy as np

from viewer.domain.errors import BundleRefused
from viewer.domain.gate import Gate
from viewer.engine.bundle.files import GATE
from viewer.engine.bundle.tables import Arrays, parse_arrays

_DISTANCES = "distances."


def gate_arrays(gate: Gate) -> Arrays:
    """The content of `calibration/gate.safetensors`."""
    named = {f"{_DISTANCES}{name}": np.asarray(rows, np.float64) for name, rows in gate.distances.items()}
    return {
        **named,
        "looks": np.asarray(gate.looks, np.float32),
        "groups": np.asarray(gate.groups, np.int64),
        "labels": np.asarray(gate.labels, np.int64),
    }


def parse_gate(path: Path, content: bytes) -> Gate:
    """Parse a gate; its scorers are in alphabetical order.

    Raises:
        BundleRefused: An array is missing, unknown, of another type, not finite, or the rows do not belong together.
    """
    arrays = dict(parse_arrays(path, GATE, content))
    kinds = {"looks": np.float32, "groups": np.int64, "labels": np.int64}
    for name in (*kinds, *arrays):
        if name not in arrays:
            raise BundleRefused(path, reason=f"{GATE}: {name} is missing")
        kind = np.float64 if name.startswith(_DISTANCES) else kinds.get(name)
        if kind is None:
            raise BundleRefused(path, reason=f"{GATE}: it does not know the array {name!r}")
        if arrays[name].dtype != kind:
            raise BundleRefused(path, reason=f"{GATE}: {name} holds {arrays[name].dtype}, not {np.dtype(kind)}")
    distances = {
        name.removeprefix(_DISTANCES): arrays[name] for name in sorted(arrays) if name.startswith(_DISTANCES)
    }
    try:
        return Gate(
            scorers=tuple(distances),
            distances=MappingProxyType(distances),
            looks=arrays["looks"],
            groups=arrays["groups"].astype(np.intp),
            labels=arrays["labels"].astype(np.intp),
        )
    except ValueError as error:
        raise BundleRefused(path, reason=f"{GATE}: {error}") from error
