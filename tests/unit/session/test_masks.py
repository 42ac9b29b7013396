"""Where masks come from: the user's folder, another model, else the model in use."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from viewer.domain.errors import ViewerError
from viewer.domain.image import Clip, Modality
from viewer.engine.picture import Picture
from viewer.session.given_masks import MasksInFolder
from viewer.session.masks import OWN, MaskChoice, MasksFrom, misfit_of

INSIDE = np.zeros((6, 8), bool)
INSIDE[2:4, 3:6] = True


def save(path: Path, inside: Any = INSIDE, bright: int = 255) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.where(inside, np.uint8(bright), np.uint8(0))).save(path)


def picture(path: str, index: int = 0, frames: int = 1) -> Picture:
    clip = Clip(path=Path(path), kind="made", frames=frames, rows=6, columns=8, photometric="RGB")
    return Picture(np.zeros((6, 8, 3), np.uint8), clip=clip, index=index)


def folder(path: Path, told: list[str] | None = None) -> MasksInFolder:
    return MasksInFolder(path, ([] if told is None else told).append)


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.jpg.tif", "b/a.gif", "up/b/a.png"])
def test_that_a_mask_is_found_by_its_pictures_name_and_place(tmp_path: Path, name: str) -> None:
    save(tmp_path / name)
    read = folder(tmp_path).read(picture("/up/b/a.jpg"))
    np.testing.assert_array_equal(read, INSIDE)


def test_that_the_folder_that_mirrors_most_of_the_place_wins(tmp_path: Path) -> None:
    save(tmp_path / "a.png", ~INSIDE)
    save(tmp_path / "b" / "a.png", INSIDE)
    save(tmp_path / "c" / "a.png", ~INSIDE)
    np.testing.assert_array_equal(folder(tmp_path).read(picture("/up/b/a.jpg")), INSIDE)


@pytest.mark.parametrize("path", ["/up/other.jpg", "/up/c/a.jpg"])
def test_that_a_picture_without_a_mask_has_none_in_silence(tmp_path: Path, path: str) -> None:
    save(tmp_path / "b" / "a.png")
    told: list[str] = []
    assert folder(tmp_path, told).read(picture(path)) is None
    assert told == []


@pytest.mark.parametrize("name", ["clip_2.png", "clip_002.png", "clip.mp4_2.png", "cases/clip_2.png"])
def test_that_frames_of_a_clip_are_counted_from_0(tmp_path: Path, name: str) -> None:
    save(tmp_path / name)
    save(tmp_path / "clip.png", ~INSIDE)
    masks = folder(tmp_path)
    np.testing.assert_array_equal(masks.read(picture("/cases/clip.mp4", 2, frames=4)), INSIDE)
    assert masks.read(picture("/cases/clip.mp4", 1, frames=4)) is None


def test_that_a_mask_of_another_size_costs_one_sentence_that_names_it(tmp_path: Path) -> None:
    save(tmp_path / "a.png", np.ones((5, 8), bool))
    told: list[str] = []
    masks = folder(tmp_path, told)
    assert masks.read(picture("/up/a.jpg")) is None
    assert masks.read(picture("/up/a.jpg")) is None
    assert told == [f"{tmp_path / 'a.png'}: the mask has 5×8 pixels, its picture 6×8"]


def test_that_a_damaged_mask_and_a_black_one_cost_one_sentence_each(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    save(tmp_path / "b.png", bright=1)
    told: list[str] = []
    masks = folder(tmp_path, told)
    assert masks.read(picture("/up/a.jpg")) is None
    assert masks.read(picture("/up/b.jpg")) is None
    assert [str(tmp_path / name) in sentence for name, sentence in zip(("a.png", "b.png"), told, strict=True)]
    assert "its brightest level is 1 of 255" in told[1]


def test_that_a_mask_is_not_shared_by_two_pictures(tmp_path: Path) -> None:
    save(tmp_path / "a.png")
    told: list[str] = []
    masks = folder(tmp_path, told)
    assert masks.read(picture("/one/a.jpg")) is not None
    assert masks.read(picture("/two/a.jpg")) is None
    assert masks.read(picture("/one/a.jpg")) is not None
    (sentence,) = told
    assert str(Path("/two/a.jpg")) in sentence


def test_that_a_picture_is_not_its_own_mask(tmp_path: Path) -> None:
    save(tmp_path / "a.png")
    assert folder(tmp_path).read(picture(str(tmp_path / "a.png"))) is None


def test_that_a_folder_without_masks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ViewerError, match="there is no mask in this folder"):
        folder(tmp_path)
    with pytest.raises(ViewerError, match="there is no such folder of masks"):
        folder(tmp_path / "nowhere")


def model(name: str, shows: str = "lesion", modality: Modality = Modality.DERMOSCOPY) -> Any:
    manifest = SimpleNamespace(name=name, version="1", modality=modality, mask_shows=shows)
    return SimpleNamespace(manifest=manifest, digest=name)


FIRST, DRAWER, PLAIN = model("first"), model("drawer"), model("plain", "")
CLIPS = model("clips", modality=Modality.ULTRASOUND)
MODELS = {bundle.manifest.name: bundle for bundle in (FIRST, DRAWER, PLAIN, CLIPS)}


@pytest.fixture
def choice() -> MaskChoice:
    return MaskChoice(MODELS.__getitem__, lambda bundle: SimpleNamespace(), lambda sentence: None)


@pytest.mark.parametrize(
    ("drawing", "why"),
    [
        (PLAIN, "the model plain draws no masks"),
        (FIRST, "first is the model that answers, and draws its masks itself"),
        (CLIPS, "the mask model clips is made for ultrasound pictures, first for dermoscopy pictures"),
    ],
)
def test_that_a_model_that_cannot_draw_masks_here_is_refused(choice: MaskChoice, drawing: Any, why: str) -> None:
    assert why in misfit_of(drawing, FIRST)
    with pytest.raises(ViewerError, match=why):
        choice.choose(MasksFrom(model=drawing.manifest.name), FIRST)
    assert choice.beside(FIRST) is None


def test_that_what_was_chosen_stays_until_something_else_is(choice: MaskChoice, tmp_path: Path) -> None:
    save(tmp_path / "a.png")
    chosen = choice.choose(MasksFrom(model="drawer"), FIRST)
    assert chosen is not None
    assert chosen.drawn_by == "drawer"
    assert choice.choose(MasksFrom(model="drawer"), FIRST) is chosen  # and keeps its engine
    given = choice.choose(MasksFrom(folder=tmp_path), FIRST)
    assert given is not None
    assert (given.drawn_by, given.origin) == ("given", str(tmp_path))
    assert choice.choose(MasksFrom(folder=tmp_path), FIRST) is given
    assert choice.choose(OWN, FIRST) is None


def test_that_a_folder_that_is_not_there_leaves_none(choice: MaskChoice, tmp_path: Path) -> None:
    choice.choose(MasksFrom(model="drawer"), FIRST)
    with pytest.raises(ViewerError, match="no such folder"):
        choice.choose(MasksFrom(folder=tmp_path / "nowhere"), FIRST)
    assert choice.beside(FIRST) is None


def test_that_a_picture_has_one_mask() -> None:
    with pytest.raises(ViewerError, match="name one of them"):
        MasksFrom(model="drawer", folder=Path("masks"))
