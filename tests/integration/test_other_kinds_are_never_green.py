"""X-rays, ultrasound and photographs are never green, though the user says that they are dermoscopy.

A sample of what `benchmarks/bench_lights.py` counts in full. Every picture is judged on its own, as if it had been
opened alone: the look at a folder as a whole, which would stop more, is left out.
"""

import csv
import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from viewer.domain.image import Modality
from viewer.domain.result import Assessment, Light
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import read_bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.engine.surroundings import Place
from viewer.host.discovery import PluginHost
from viewer.io.reader import open_source
from viewer.resources import shipped_bundles
from viewer.session.assessor import Assessor
from viewer.session.pictures import picture_of
from viewer.settings import Settings

pytestmark = [pytest.mark.integration, pytest.mark.real_data]

FILES = 25
"""Of each kind, spread evenly over its table."""
CUT_OUTS = 8
PHOTOGRAPHS = {
    "sklearn": ("datasets/images/china.jpg", "datasets/images/flower.jpg"),
    "matplotlib": ("mpl-data/sample_data/grace_hopper.jpg",),
}


@pytest.fixture(scope="module")
def assessor() -> Iterator[Assessor]:
    host = PluginHost(Settings())
    host.load()
    engine = Engine(read_bundle(shipped_bundles() / "dermoscopy-8"), Architectures(), device="cpu", cache_bytes=0)
    yield Assessor(engine, host, explaining=False)
    host.close()


def middle_frame(path: Path) -> Picture:
    source = open_source(path)
    try:
        return picture_of(source.decode(source.clip.frames // 2))
    finally:
        source.close()


def sample_of(folder: Path, table: str) -> list[Path]:
    with (folder / table).open(newline="", encoding="utf-8") as file:
        files = [folder / row["file"] for row in csv.DictReader(file)]
    return [files[i] for i in np.unique(np.linspace(0, len(files) - 1, min(FILES, len(files))).round().astype(int))]


def found_in(assessor: Assessor, pictures: Sequence[Picture]) -> list[Assessment]:
    return [found for picture in pictures for found in assessor.assess([Place.alone(picture)], Modality.DERMOSCOPY)]


@pytest.mark.parametrize(
    ("folder", "table"),
    [("cxr", "labels.csv"), ("cxr", "labels_kermany.csv"), ("lus", "labels.csv")],
    ids=["X-rays of adults", "X-rays of children", "ultrasound"],
)
def test_that_x_rays_and_ultrasound_said_to_be_dermoscopy_are_never_green(
    viewer_data: Path, assessor: Assessor, folder: str, table: str
) -> None:
    assert assessor.bundle.certificate is not None
    assert assessor.bundle.certificate.certified  # a light that cannot be green would prove nothing
    files = sample_of(viewer_data / folder, table)
    assert len(files) == FILES
    for file, found in zip(files, found_in(assessor, [middle_frame(file) for file in files]), strict=True):
        assert found.light is not Light.GREEN, file


def test_that_photographs_and_cut_outs_of_them_said_to_be_dermoscopy_are_never_green(assessor: Assessor) -> None:
    pictures = list(photographs())
    assert pictures, "scikit-learn and its photographs belong to the development environment"
    assert Light.GREEN not in {found.light for found in found_in(assessor, pictures)}


def photographs() -> Iterator[Picture]:
    """Photographs that installed packages bring along, each with cut-outs of half its side."""
    random = np.random.default_rng(0)
    for package, names in PHOTOGRAPHS.items():
        found = importlib.util.find_spec(package)
        folder = Path(found.origin).parent if found and found.origin else None
        for whole in [middle_frame(folder / name) for name in names] if folder else []:
            yield whole
            rows, columns = (side // 2 for side in whole.rgb.shape[:2])
            for _ in range(CUT_OUTS):
                top, left = random.integers(0, rows), random.integers(0, columns)
                yield Picture(np.ascontiguousarray(whole.rgb[top : top + rows, left : left + columns]))
