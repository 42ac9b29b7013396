"""Conformance of an architecture: built, stored in a bundle, and run by the viewer's own engine. Imports torch."""

import tempfile
from pathlib import Path

import numpy as np

from viewer.domain.bundle import Manifest
from viewer.domain.errors import ViewerError
from viewer.domain.evidence import Evidence, Need
from viewer.domain.image import Modality
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import read_bundle, write_bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.host.offers import faults_of
from viewer.protocols import Architecture

CLASSES = ("one", "two", "three")
FRAMES = 2


def check_architecture(architecture: Architecture) -> None:
    """Raise an `AssertionError` unless the architecture conforms."""
    faults = architecture_faults(architecture)
    if faults:
        raise AssertionError("does not conform:\n" + "\n".join(f"- {fault}" for fault in faults))


def architecture_faults(architecture: Architecture) -> list[str]:
    """Faults of an architecture, in sentences."""
    faults = faults_of("architecture", architecture)
    if faults:
        return faults
    with tempfile.TemporaryDirectory() as folder:
        try:
            evidence = _run(architecture, Path(folder) / "conformance")
        except ViewerError as error:
            return [str(error)]
    return _evidence_faults(evidence)


def _run(architecture: Architecture, folder: Path) -> Evidence:
    """Evidence of two random pictures from a network with random weights, by way of a bundle."""
    manifest = Manifest(
        name="conformance",
        version="1",
        architecture=architecture.name,
        classes=CLASSES,
        modality=Modality.OTHER,
        intended_use="A test.",
        licence="CC0-1.0",
        input_size=architecture.input_size,
    )
    state = architecture.build(len(CLASSES)).state_dict()
    # Batch norm counts what it has seen; a bundle does not keep that.
    tensors = {name: t.numpy() for name, t in state.items() if not name.endswith("num_batches_tracked")}
    write_bundle(folder, manifest, tensors, card="# A test\n")
    engine = Engine(read_bundle(folder), Architectures([architecture]), device="cpu", cache_bytes=0)
    random = np.random.default_rng(0)
    pictures = [Picture(random.integers(0, 256, (64, 64, 3), np.uint8)) for _ in range(FRAMES)]
    return engine.evidence(pictures, frozenset(Need))


def _evidence_faults(evidence: Evidence) -> list[str]:
    wanted = {"logits": 2, "features": 2, "activations": 4, "gradients": 4, "stem": 4, "middle": 2}
    faults = []
    for name, dimensions in wanted.items():
        array = getattr(evidence, name)
        if array is None or array.ndim != dimensions:
            shape = None if array is None else array.shape
            faults.append(f"its {name} have shape {shape}, not {dimensions} dimensions")
        elif not np.isfinite(array).all():
            faults.append(f"its {name} are not finite")
    return faults
