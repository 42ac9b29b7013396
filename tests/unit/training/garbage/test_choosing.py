"""The person's folders beside the viewer's own families, and families that are left out."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from viewer.domain.errors import ViewerError
from viewer.training.garbage.choosing import choose
from viewer.training.plan import Garbage


@pytest.fixture
def folder(tmp_path) -> Path:
    """Two pictures, one of them further down, and a file that is none."""
    photos = tmp_path / "photos"
    (photos / "more").mkdir(parents=True)
    for number, place in enumerate((photos / "a.png", photos / "more" / "b.png")):
        Image.fromarray(np.full((20, 30, 3), 50 * (1 + number), np.uint8)).save(place)
    (photos / "notes.png").write_bytes(b"no picture")
    return photos


def test_that_a_folder_is_a_family_of_its_own_and_a_bad_file_costs_one_sentence(folder, manifest, source):
    said = []
    chosen = choose(Garbage(folders=(folder,)), manifest, said.append)
    family = chosen.trained[-1]
    assert family.name == "photos"
    assert len(said) == 1
    assert "notes.png" in said[0]
    drawn = {family.draw(np.random.default_rng(i), source, manifest).square[0, 0, 0].item() for i in range(20)}
    assert drawn == {50, 100}
    assert family.draw(np.random.default_rng(0), source, manifest).square.shape == source.shape


def test_that_families_left_out_are_not_trained_on(folder, manifest):
    chosen = choose(Garbage(folders=(folder,), left_out=("noise", "photos")), manifest, lambda _: None)
    assert [family.name for family in chosen.left_out] == ["noise", "photos"]
    assert not {"noise", "photos"} & {family.name for family in chosen.trained}
    assert len(chosen.all) == 9


EVERYTHING = ("other_modality", "texture", "noise", "shuffled", "inverted", "misprepared", "blank", "screen")
REFUSED = {
    "unknown": (Garbage(left_out=("nose",)), "no family of garbage 'nose' to leave out; there are: other_modality"),
    "all": (Garbage(left_out=EVERYTHING), "all families of garbage are left out"),
    "no folder": (Garbage(folders=(Path("nowhere"),)), "nowhere: no folder with pictures"),
    "twice": (Garbage(folders=(Path("a/x"), Path("b/x"))), "two families of garbage are called x"),
    "as ours": (Garbage(folders=(Path("a/noise"),)), "two families of garbage are called noise"),
}


@pytest.mark.parametrize(("asked", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_that_what_cannot_be_chosen_costs_one_sentence(asked, sentence, manifest):
    with pytest.raises(ViewerError, match=sentence):
        choose(asked, manifest, lambda _: None)


def test_that_a_folder_without_a_readable_picture_costs_one_sentence(tmp_path, manifest):
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(ViewerError, match="it holds no picture that can be read"):
        choose(Garbage(folders=(tmp_path,)), manifest, lambda _: None)
