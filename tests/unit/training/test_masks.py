"""Masks lie as the network's input does, also where a step chooses which part of a picture is seen."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from viewer.domain.bundle import Manifest
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.engine.picture import Picture
from viewer.engine.preprocess import field_of_view
from viewer.training.masks import read_mask
from viewer.training.pictures import square

MANIFEST = Manifest(
    name="spots",
    version="1",
    architecture="tiny",
    classes=("a", "b"),
    modality=Modality.DERMOSCOPY,
    intended_use="Tests.",
    licence="CC0-1.0",
    input_size=64,
    steps=("corner_crop", "hair_removal", "colour_constancy"),
)


@pytest.fixture
def picture() -> Picture:
    """A dark spot on skin behind a round frame."""
    down, along = np.mgrid[:240, :320]
    rgb = np.where((np.hypot(along - 150, down - 120) < 130)[..., None], np.uint8([220, 160, 140]), np.uint8(3))
    rgb[spot(down, along)] = (90, 50, 40)
    return Picture(rgb)


def spot(down: np.ndarray, along: np.ndarray) -> np.ndarray:
    return np.hypot(along - 185, down - 100) < 30


def test_that_a_mask_lies_where_the_cropped_picture_shows_its_lesion(picture: Picture, tmp_path: Path) -> None:
    drawn = spot(*np.mgrid[:240, :320])
    Image.fromarray(drawn.astype(np.uint8) * 255).save(tmp_path / "mask.png")
    assert field_of_view(picture, MANIFEST).left > 0.1
    mask = read_mask(tmp_path / "mask.png", picture, MANIFEST)
    assert mask.shape == (1, 64, 64)
    seen = square(picture, MANIFEST).numpy().max(axis=0)
    found, dark = mask[0].numpy() > 127, seen < 140
    assert (found & dark).sum() / (found | dark).sum() > 0.9


def test_that_a_mask_of_another_size_is_refused(picture: Picture, tmp_path: Path) -> None:
    Image.new("L", (32, 24)).save(tmp_path / "mask.png")
    with pytest.raises(ViewerError, match="the mask has 24×32 pixels, its picture 240×320"):
        read_mask(tmp_path / "mask.png", picture, MANIFEST)
