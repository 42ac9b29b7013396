"""A model of dermoscopy and one of its pictures."""

import numpy as np
import pytest

from viewer.domain.bundle import Manifest
from viewer.domain.image import Modality


@pytest.fixture
def manifest() -> Manifest:
    return Manifest(
        name="tiny",
        version="1",
        architecture="tiny",
        classes=("dark", "light"),
        modality=Modality.DERMOSCOPY,
        intended_use="tests",
        licence="Apache-2.0",
        input_size=48,
    )


@pytest.fixture
def source():
    return np.random.default_rng(0).integers(0, 256, (48, 48, 3), dtype=np.uint8)
