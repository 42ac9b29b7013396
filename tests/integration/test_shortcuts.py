"""A network that learnt a sticker in place of the lesion is exposed; one that learnt the lesion is not."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn
from torch.nn import functional

from viewer.cli import main, shortcuts
from viewer.datasets.sample import Sample
from viewer.domain.bundle import Manifest
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import read_bundle, write_bundle
from viewer.engine.engine import Engine
from viewer.testing.bundles import tiny_bundle
from viewer.training.pictures import Reader
from viewer.training.shortcuts import Looks, by_answer, look, only_inside

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("plain_settings")]

SIDE, CLASSES = 48, ("dark", "light")
MANIFEST = Manifest(
    name="tiny",
    version="1",
    architecture="tiny",
    classes=CLASSES,
    modality=Modality.DERMOSCOPY,
    intended_use="tests",
    licence="Apache-2.0",
    input_size=SIDE,
)


class Network(nn.Module):
    """Two convolutions, each cell with a view of eleven pixels."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.trunk = nn.Sequential(nn.Conv2d(3, 8, 5, 2, 2), nn.ReLU(), nn.Conv2d(8, 16, 3, 2, 1), nn.ReLU())
        self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.classifier = nn.Sequential(nn.Dropout(0.1), nn.Linear(16, classes))


class Tiny:
    """The architecture of `Network`."""

    name, stem, middle, gap_linear, input_size = "tiny", "0", "2", True, SIDE

    def build(self, classes: int) -> nn.Module:
        return Network(classes)

    def load_pretrained(self, network: nn.Module, weights: Path | None) -> str:
        raise AssertionError


def draw(folder: Path, count: int, seed: int, stickers: dict[str, float]) -> list[Sample]:
    """Discs, darker or lighter, with a blue sticker in a corner on that share of each class."""
    folder.mkdir()
    rng = np.random.default_rng(seed)
    down, across = np.mgrid[:SIDE, :SIDE]
    samples = []
    for number in range(count):
        label = number % 2
        centre, radius = rng.uniform(18, 30, 2), rng.uniform(8, 12)
        mask = np.hypot(down - centre[0], across - centre[1]) < radius
        picture = np.full((SIDE, SIDE, 3), (205, 170, 160)) + rng.normal(0, 6, (SIDE, SIDE, 3))
        picture[mask] += (-70 if label == 0 else -40) + rng.normal(0, 6)
        corner = [slice(0, 9) if side else slice(-9, None) for side in rng.integers(2, size=2)]
        if rng.random() < stickers[CLASSES[label]]:
            picture[*corner] = (20, 60, 200)
        Image.fromarray(picture.clip(0, 255).astype(np.uint8)).save(folder / f"{number}.png")
        Image.fromarray(mask.astype(np.uint8) * 255).save(folder / f"{number}-mask.png")
        samples.append(Sample(folder / f"{number}.png", label, str(number), mask=folder / f"{number}-mask.png"))
    return samples


def learnt(samples: list[Sample], folder: Path) -> Engine:
    """A network trained on them."""
    torch.manual_seed(3)
    network = Network(2)
    levels = np.stack([np.asarray(Image.open(sample.path), np.float32) for sample in samples]).transpose(0, 3, 1, 2)
    mean, std = (np.array(values, np.float32)[:, None, None] for values in (MANIFEST.mean, MANIFEST.std))
    inputs = torch.from_numpy((levels / 255 - mean) / std)
    labels = torch.tensor([sample.label for sample in samples])
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-2)
    for _ in range(120):
        logits = network.classifier(network.pool(network.trunk(inputs)))
        loss = functional.cross_entropy(logits, labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    tensors = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    bundle = write_bundle(folder, MANIFEST, tensors, card="# tiny\n")
    return Engine(bundle, Architectures([Tiny()]), device="cpu", threads=1)


@pytest.fixture(scope="module")
def seen(tmp_path_factory) -> dict[str, Looks]:
    """What a shortcut model and an honest one, trained on the same lesions, make of misleading stickers."""
    folder = tmp_path_factory.mktemp("worlds")
    tested = draw(folder / "test", 80, 2, {"dark": 1.0, "light": 0.0})
    worlds = {"shortcut": {"dark": 0.0, "light": 1.0}, "honest": {"dark": 0.5, "light": 0.5}}
    engines = {
        name: learnt(draw(folder / name, 80, 1, stickers), folder / f"bundle-{name}")
        for name, stickers in worlds.items()
    }
    return {name: look(engine, tested, Reader(1, print)) for name, engine in engines.items()}


def test_that_the_shortcut_model_errs_with_the_sticker_and_the_honest_one_does_not(seen):
    assert (seen["shortcut"].answers == seen["shortcut"].labels).mean() < 0.2
    assert (seen["honest"].answers == seen["honest"].labels).mean() > 0.9


def test_that_nine_in_ten_shortcut_errors_fall_under_the_cover_and_few_honest_answers_do(seen):
    looks = seen["shortcut"]
    errors = (looks.answers == CLASSES.index("light")) & (looks.labels == CLASSES.index("dark"))
    assert errors.sum() > 30
    assert looks.lost[errors].mean() >= 0.9
    assert seen["honest"].lost.mean() <= 0.1


def test_that_the_verdict_is_of_the_answer_that_rests_on_the_sticker(seen):
    told = {name: {one.name: one.verdict for one in by_answer(looks)} for name, looks in seen.items()}
    assert told["shortcut"]["light"] == "suspicious"
    assert told["honest"] == {"dark": "no sign", "light": "no sign"}


def test_that_a_cover_keeps_the_inside_and_hides_the_rest():
    rng = np.random.default_rng(0)
    rgb = rng.integers(150, 160, (80, 80, 3)).astype(np.uint8)
    rgb[:10, :10] = (0, 0, 255)
    mask = np.zeros((80, 80), bool)
    mask[30:50, 30:50] = True
    rgb[mask] = (90, 40, 30)
    covered = only_inside(rgb, mask)
    assert np.array_equal(covered[mask], rgb[mask])
    assert np.ptp(covered[:20, :20].reshape(-1, 3), axis=0).tolist() == [0, 0, 0]
    assert abs(int(covered[0, 0, 0]) - 154) <= 2
    assert np.array_equal(only_inside(rgb, np.ones_like(mask)), rgb)


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> tuple[Path, Path]:
    """A bundle of random weights, and a table with masks."""
    folder = tmp_path_factory.mktemp("told")
    words = ["phantoms", str(folder), "--lesions", "6", "--clips", "0", "--seed", "3"]
    assert main(words) == 0
    bundle = tiny_bundle(folder, classes=("keratosis", "melanoma", "nevus", "vascular"))
    return bundle, folder / "labels.csv"


class Dark:
    """Draws as a lesion what is darker than skin, over the whole picture; nothing in a picture that is black."""

    shows, drawn_by, origin = "lesion", "dark", "dark"

    def masks(self, pictures, first, cancelled):
        levels = np.stack([picture.rgb[..., 0].astype(np.float32) for picture in pictures])
        return np.where(levels.any(axis=(1, 2), keepdims=True), (levels < 190).astype(np.float32), np.nan)

    def seen(self, rows, columns, pixel_aspect, first):
        return first


def test_that_masks_are_drawn_where_the_data_have_none(tmp_path, capsys):
    samples = draw(tmp_path / "pictures", 4, 1, {"dark": 0.0, "light": 0.0})
    Image.new("RGB", (SIDE, SIDE)).save(samples[3].path)
    bare = [replace(sample, mask=None) for sample in samples]
    engine = Engine(read_bundle(tiny_bundle(tmp_path)), Architectures(), device="cpu", threads=1)
    given, drawn = look(engine, samples[:3], Reader(1, print)), look(engine, bare, Reader(1, print), Dark())
    assert drawn.area == pytest.approx(given.area, abs=0.05)
    assert "3.png: no mask could be drawn" in capsys.readouterr().out
    with pytest.raises(ViewerError, match="no picture with a mask"):
        look(engine, bare, Reader(1, print))


def test_that_a_model_that_draws_no_masks_is_refused_in_one_sentence(call, told):
    with pytest.raises(ViewerError, match="draws no masks"):
        call("--masks-by", told[0])


@pytest.fixture
def call(told, in_place):
    bundle, table = told

    def run(*more: str | Path, mask: str = "mask") -> int:
        columns = ["--label", "class", "--group", "group_id", *(["--mask", mask] if mask else [])]
        return in_place(shortcuts, "shortcuts", bundle, table, *columns, *more)

    return run


def test_that_the_table_the_json_and_the_rows_say_the_same(call, told, tmp_path, capsys):
    call()
    words = capsys.readouterr().out
    call("--json", "--out", tmp_path / "rows.csv")
    record = json.loads(capsys.readouterr().out)
    rows = list(csv.DictReader((tmp_path / "rows.csv").read_text(encoding="utf-8").splitlines()))
    assert record["pictures"] == len(rows) == 6
    assert "6 pictures with a mask" in words
    for name, one in record["answers"].items():
        own = [row for row in rows if row["predicted"] == name]
        assert one["pictures"] == len(own)
        assert one["lost"]["value"] == pytest.approx(np.mean([int(row["lost"]) for row in own]))
        assert one["area"]["value"] == pytest.approx(np.mean([float(row["area_outside"]) for row in own]))
        assert f"{one['area']['value']:.2f}" in words
    assert "Too few pictures" in words
    for name, one in record["attention"].items():
        outside = [float(row[f"outside_{name}"]) for row in rows if row[f"outside_{name}"]]
        assert one["pictures"] == len(outside)
        assert one["outside"]["value"] == pytest.approx(np.mean(outside) if outside else None)
    assert "Attention for every class, whatever the answer" in words


def test_that_no_masks_cost_one_sentence(call):
    with pytest.raises(ViewerError, match="no picture with a mask"):
        call(mask="")


@pytest.mark.parametrize(("size", "said"), [(224, "the mask marks nothing"), (100, "the mask has 100×100 pixels")])
def test_that_a_useless_mask_costs_one_sentence_that_names_it_and_the_rest_goes_on(call, told, capsys, size, said):
    folder = told[1].parent
    mask = sorted((folder / "masks").iterdir())[0]
    kept = mask.read_bytes()
    Image.new("L", (size, size)).save(mask)
    try:
        call("--json")
        answer = capsys.readouterr()
        assert f"{mask.name}: {said}" in answer.err
        assert json.loads(answer.out)["pictures"] == 5
    finally:
        mask.write_bytes(kept)
