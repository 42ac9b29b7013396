import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from viewer.domain.errors import ViewerError
from viewer.domain.image import Clip
from viewer.report.mask_files import MaskFiles

INSIDE = np.eye(5, 7, dtype=bool)


def clip(path: Path, frames: int = 1) -> Clip:
    return Clip(path=path, kind="made", frames=frames, rows=5, columns=7, photometric="RGB")


def files(folder: Path, *paths: Path, going_on: bool = False, fresh: bool = False) -> MaskFiles:
    return MaskFiles(folder, paths, going_on=going_on, fresh=fresh)


def written(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder).as_posix()) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    (tmp_path / "pictures" / "left").mkdir(parents=True)
    return tmp_path / "pictures"


def keep(to: MaskFiles, *clips: Clip) -> None:
    for one in clips:
        to.open(one)
        for frame in range(one.frames):
            to.write(one, frame, INSIDE)


def test_that_a_mask_is_an_8_bit_picture_of_0_and_255(tmp_path: Path, pictures: Path) -> None:
    keep(files(tmp_path / "masks", pictures), clip(pictures / "a.jpg"))
    with Image.open(tmp_path / "masks" / "a.png") as mask:
        assert mask.mode == "L"
        np.testing.assert_array_equal(np.asarray(mask), np.where(INSIDE, 255, 0))


def test_that_folders_are_mirrored_and_no_mask_replaces_another(tmp_path: Path, pictures: Path) -> None:
    to = files(tmp_path / "masks", pictures)
    names = ("a.jpg", "a.png", "left/a.jpg", "scan.zip/inner/a.dcm", "1.2.840.1", "1.2.840.2")
    keep(to, *(clip(pictures / name) for name in names))
    keep(to, clip(pictures / "clip.mp4", frames=2), clip(pictures / "clip_1.png"))
    assert written(tmp_path / "masks") == sorted(
        [
            *("a.png", "a.png.png", "left/a.png", "scan.zip/inner/a.png", "1.2.840.1.png", "1.2.840.2.png"),
            *("clip_0.png", "clip_1.png", "clip_1.png.png"),
        ]
    )


def test_that_pictures_of_several_folders_are_mirrored_from_what_holds_them_all(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.png").touch()
    to = files(tmp_path / "masks", tmp_path / "one", tmp_path / "two" / "a.png")
    keep(to, clip(tmp_path / "one" / "a.png"), clip(tmp_path / "two" / "a.png"))
    assert written(tmp_path / "masks") == ["one/a.png", "two/a.png"]


def test_that_a_frame_without_a_mask_has_no_file_not_even_an_old_one(tmp_path: Path, pictures: Path) -> None:
    picture = clip(pictures / "a.jpg")
    keep(files(tmp_path / "masks", pictures), picture)
    anew = files(tmp_path / "masks", pictures, fresh=True)
    anew.open(picture)
    anew.write(picture, 0, None)
    assert written(tmp_path / "masks") == []


def test_that_masks_of_something_else_are_not_mixed_with(tmp_path: Path, pictures: Path) -> None:
    keep(files(tmp_path / "masks", pictures), clip(pictures / "a.jpg"))
    with pytest.raises(ViewerError, match="holds pictures already; choose another folder for masks or --fresh"):
        files(tmp_path / "masks", pictures)
    files(tmp_path / "masks", pictures, going_on=True)


@pytest.mark.parametrize("where", ["pictures", "pictures/masks", "."])
def test_that_masks_are_not_written_among_the_pictures(tmp_path: Path, pictures: Path, where: str) -> None:
    with pytest.raises(ViewerError, match="lies among the pictures"):
        files(tmp_path / where, pictures, fresh=True)
    with pytest.raises(ViewerError, match="lies among the pictures"):
        files(tmp_path, pictures / "a.jpg", fresh=True)


def test_that_a_folder_that_cannot_be_written_costs_one_sentence(
    tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ViewerError, match=re.escape(str(tmp_path / "file"))):
        files(tmp_path / "file", pictures)
    to = files(tmp_path / "masks", pictures)

    def full(self: Any, path: Path, *_: object) -> None:
        path.write_bytes(b"half a picture")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(ViewerError, match=r"a\.png: cannot be written \(No space left on device\)"):
        keep(to, clip(pictures / "a.jpg"))
    assert written(tmp_path / "masks") == []
