"""A model bundle small and quick enough for a test, written and read through the real doors."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from viewer.domain.bundle import Manifest
from viewer.domain.image import Modality
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import write_bundle

CLASSES = ("round", "jagged", "striped")
ARCHITECTURE = "squeezenet1_0"
INPUT_SIZE = 64


def tiny_bundle(
    folder: Path,
    *,
    name: str = "tiny",
    classes: tuple[str, ...] = CLASSES,
    modality: Modality = Modality.DERMOSCOPY,
    demonstration: bool = False,
    seed: int = 0,
) -> Path:
    """Write a bundle of a small network with random weights; the same seed gives the same bytes.

    Args:
        folder: An existing folder; the bundle becomes a folder of its own in it.
        name: Of the bundle and of its folder.
        classes: The K classes.
        modality: The kind of picture it is for.
        demonstration: Whether it is chosen only where nothing else matches.
        seed: Of the weights.

    Returns:
        The bundle's folder.
    """
    manifest = Manifest(
        name=name,
        version="1",
        architecture=ARCHITECTURE,
        classes=classes,
        modality=modality,
        intended_use="None: random weights for tests.",
        licence="CC0-1.0",
        input_size=INPUT_SIZE,
        demonstration=demonstration,
    )
    card = f"# {name}\n\nRandom weights for tests.\n"
    return write_bundle(folder / name, manifest, random_weights(ARCHITECTURE, len(classes), seed), card=card).path


def random_weights(architecture: str, classes: int, seed: int) -> dict[str, NDArray[np.float32]]:
    """Tensors by name for a network without batch norm: weights after He et al. (arXiv:1502.01852), biases 0."""
    random = np.random.default_rng(seed)
    network = Architectures().get(architecture).build(classes)
    shapes = {key: tuple(tensor.shape) for key, tensor in network.state_dict().items()}
    return {key: _he(random, shape) for key, shape in shapes.items()}


def _he(random: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float32]:
    if len(shape) < 2:
        return np.zeros(shape, np.float32)
    return random.normal(0, np.sqrt(2 / np.prod(shape[1:])), shape).astype(np.float32)
