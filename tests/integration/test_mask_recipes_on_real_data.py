"""The recipes that learn from masks, on a handful of real pictures: what is read of them, and that it is learnt."""

import csv
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from viewer.cli import assess, train
from viewer.datasets.split import pseudonym
from viewer.domain.image import Modality
from viewer.engine.bundle import Bundle, read_bundle

pytestmark = [pytest.mark.integration, pytest.mark.real_data, pytest.mark.usefixtures("plain_settings")]

EACH = 8
"""Patients or lesions of every class; with fewer than seven, a class cannot be divided."""
HOW = ["--input-size", "64", "--epochs", "6", "--batch", "4", "--no-stop", "--device", "cpu"]

Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """Real pictures with masks in a column of their table."""

    folder: str
    mask: str
    shows: str
    where: Row
    modality: Modality
    classes: tuple[str, ...]

    def rows(self, data: Path) -> list[Row]:
        """All pictures with masks of the first few groups of every class."""
        with (data / self.folder / "labels.csv").open(encoding="utf-8", newline="") as lines:
            rows = [row for row in csv.DictReader(lines) if row[self.mask] and self.where.items() <= row.items()]
        groups: dict[str, dict[str, None]] = {name: {} for name in self.classes}
        for row in rows:
            if len(groups[row["class"]]) < EACH:
                groups[row["class"]][row["group_id"]] = None
        return [row for row in rows if row["group_id"] in groups[row["class"]]]


CHESTS = Pictures(
    folder="cxr",
    mask="mask_manual",
    shows="lungs",
    where={"view": "PA"},
    modality=Modality.XRAY,
    classes=("covid19", "other_pneumonia"),
)
LESIONS = Pictures(
    folder="derm",
    mask="mask",
    shows="lesion",
    where={"set": "ph2"},
    modality=Modality.DERMOSCOPY,
    classes=("atypical_nevus", "common_nevus", "melanoma"),
)


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """What came of a training.

    Attributes:
        pictures: What it was of.
        rows: Of the table.
        root: What the table's paths start from.
        bundle: The model.
        terms: Terms of the loss by name, epoch by epoch.
    """

    pictures: Pictures
    rows: Sequence[Row]
    root: Path
    bundle: Bundle
    terms: Mapping[str, Sequence[float]]


@pytest.fixture(scope="module")
def learn(viewer_data, in_place, tmp_path_factory) -> Callable[..., Learnt]:
    """Trains by a recipe, from ImageNet weights."""

    def run(recipe: str, pictures: Pictures, terms: Sequence[str], *more: str) -> Learnt:
        rows, root = pictures.rows(viewer_data), viewer_data / pictures.folder
        folder = tmp_path_factory.mktemp(recipe)
        with (folder / "few.csv").open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        table = ["--data", folder / "few.csv", "--image-root", root, "--label", "class", "--group", "group_id"]
        weights = viewer_data / "weights" / "mobilenet_v2" / "mobilenet_v2_imagenet_torchvision.pth"
        what = ["--mask", pictures.mask, "--modality", pictures.modality.value, "--weights", weights]
        assert in_place(train, "train", recipe, *table, *what, *HOW, *more, "--out", folder / "bundle") == 0
        with (folder / "bundle.work" / "log.csv").open(encoding="utf-8", newline="") as lines:
            log = list(csv.DictReader(lines))
        return Learnt(
            pictures=pictures,
            rows=rows,
            root=root,
            bundle=read_bundle(folder / "bundle"),
            terms={name: [float(epoch[name]) for epoch in log] for name in terms},
        )

    return run


@pytest.fixture(scope="module", params=[("lung-mask", CHESTS), ("lesion-mask", LESIONS)], ids=["lungs", "lesion"])
def drawing(request, learn) -> Learnt:
    """A network that draws."""
    recipe, pictures = request.param
    learnt: Learnt = learn(recipe, pictures, ["cross_entropy", "mask", "dice"])
    return learnt


def test_that_the_model_is_of_the_tables_classes_and_draws_what_its_recipe_says(drawing):
    manifest = drawing.bundle.manifest
    assert (manifest.classes, manifest.modality) == (drawing.pictures.classes, drawing.pictures.modality)
    assert manifest.mask_shows == drawing.pictures.shows


def test_that_all_pictures_of_a_patient_are_in_one_part(drawing):
    table = Counter(pseudonym(row["group_id"]) for row in drawing.rows)
    fit, certify = (Counter(row["group"] for row in drawing.bundle.predictions(part)) for part in ("fit", "certify"))
    assert fit.items() | certify.items() <= table.items()
    assert not fit.keys() & certify.keys()


def test_that_what_is_drawn_is_learnt(drawing):
    assert all(math.isfinite(value) for values in drawing.terms.values() for value in values)
    for name in ("mask", "dice"):
        first, *_, last = drawing.terms[name]
        assert 0 < last < 0.8 * first


def test_that_every_mask_of_the_unseen_is_compared(drawing):
    rows = drawing.bundle.predictions("certify")
    groups = {row["group"] for row in rows}
    assert f"masks drawn by hand, on {len(rows)} pictures of {len(groups)} certify groups" in drawing.bundle.card


def test_that_masks_of_the_unseen_are_as_large_as_the_pictures_and_lie_where_the_experts_do(
    drawing, in_place, tmp_path
):
    unseen = {row["group"] for row in drawing.bundle.predictions("certify")}
    rows = [row for row in drawing.rows if pseudonym(row["group_id"]) in unseen]
    files = [drawing.root / row["file"] for row in rows]
    where = ["--bundle", drawing.bundle.path, "--out", tmp_path / "out.csv", "--masks", tmp_path / "masks"]
    assert in_place(assess, "assess", *files, *where, "--modality", drawing.pictures.modality.value) == 0
    better = []
    for row in rows:
        (written,) = (tmp_path / "masks").rglob(f"{Path(row['file']).stem}.png")
        drawn = np.asarray(Image.open(written))
        assert drawn.shape == (int(row["height"]), int(row["width"]))
        assert set(np.unique(drawn)) <= {0, 255}
        inside = np.asarray(Image.open(drawing.root / row[drawing.pictures.mask]).convert("L")) > 127
        better.append((drawn[inside] > 0).mean() - (drawn[~inside] > 0).mean())
    assert np.mean(better) > 0.3  # 0 for masks that know nothing of the picture


def test_that_lesion_focus_learns_two_classes_out_of_three_and_where_the_lesion_is(learn):
    merge = ["--merge-classes", "rest=common_nevus,atypical_nevus", "--critical", "melanoma"]
    choices = ["--backbone", "mobilenet_v2", "--optimiser", "adamw", "--lr", "1e-3", "--centre-weight", "0.001"]
    grid = ["--input-size", "128"]  # its maps have 4×4 cells
    names = ["cross_entropy", "centre", "divergence", "mask"]
    learnt = learn("dermoscopy-lesion-focus", LESIONS, names, *merge, *choices, *grid)
    manifest = learnt.bundle.manifest
    assert (manifest.classes, manifest.critical_classes) == (("melanoma", "rest"), ("melanoma",))
    assert manifest.mask_shows == ""
    assert f"Taken together as rest: common_nevus, atypical_nevus ({2 * EACH} files)." in learnt.bundle.card
    assert all(math.isfinite(value) and value > 0 for values in learnt.terms.values() for value in values)
    first, *_, last = learnt.terms["mask"]
    assert first == pytest.approx(0.5, abs=0.2)  # ½ · (1 − r), with r near 0 before anything is learnt
    assert last < 0.75 * first
