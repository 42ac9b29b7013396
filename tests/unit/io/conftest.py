from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest

from viewer.io.dicom_writer import write_clip


@pytest.fixture(scope="session")
def rgb() -> np.ndarray:
    """A smooth colour picture, uint8 (24, 40, 3), none of whose channels are alike."""
    rows, columns = np.mgrid[:24, :40]
    return np.stack([columns * 6, rows * 10, 255 - rows * 4 - columns * 3], axis=-1).astype(np.uint8)


@pytest.fixture(scope="session")
def ramp() -> np.ndarray:
    """A grey ramp, uint16 (8, 16), from 0 to 4064."""
    return (np.arange(128, dtype=np.uint16) * 32).reshape(8, 16)


@pytest.fixture
def edited(tmp_path: Path, ramp: np.ndarray) -> Callable[..., Path]:
    """Write a grey file whose header is changed by keyword; a value of None removes the element."""

    def write(frames: list[np.ndarray] | None = None, **elements: object) -> Path:
        path = tmp_path / "edited.dcm"
        write_clip(path, frames or [ramp], modality="OT")
        dataset = pydicom.dcmread(path)
        for keyword, value in elements.items():
            if value is None:
                delattr(dataset, keyword)
            else:
                setattr(dataset, keyword, value)
                if dataset[keyword].VR == "US or SS":
                    dataset[keyword].VR = "US"
        dataset.save_as(path)
        return path

    return write
