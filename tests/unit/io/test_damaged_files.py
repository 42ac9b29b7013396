"""Damaged files of every format: whatever the bytes, one record each and never an exception."""

import io
import random
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from viewer.io.dicom_writer import write_clip
from viewer.io.info import records

DICOM = [f"1.2.840.10008.1.2{end}" for end in ("", ".1", ".2", ".5", ".4.50", ".4.70", ".4.80", ".4.90", ".4.201")]
RASTER = ["JPEG", "PNG", "TIFF", "BMP", "WEBP", "GIF"]
ROUNDS = 25


def dicom(folder: Path, syntax: str) -> bytes:
    picture = np.random.default_rng(1).integers(0, 255, (24, 32, 3), np.uint8)
    write_clip(folder / "seed.dcm", [picture] * 2, transfer_syntax=syntax, frame_time_ms=40)
    return (folder / "seed.dcm").read_bytes()


def raster(form: str) -> bytes:
    buffer = io.BytesIO()
    picture = Image.fromarray(np.random.default_rng(1).integers(0, 255, (24, 32, 3), np.uint8))
    picture.save(buffer, form)
    return buffer.getvalue()


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a/b.png", raster("PNG"))
        file.writestr("c.txt", "text")
    return buffer.getvalue()


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Cut the file or flip bits, mostly near its beginning, where headers are."""
    changed = bytearray(data)
    if chance.random() < 0.3:
        del changed[chance.randrange(len(changed)) :]
    for _ in range(chance.choice((1, 2, 8))):
        if changed:
            at = chance.randrange(min(len(changed), chance.choice((64, 600, len(changed)))))
            changed[at] = chance.choice((0, 255, changed[at] ^ 1 << chance.randrange(8)))
    return bytes(changed)


def check(folder: Path, data: bytes, name: str) -> None:
    chance = random.Random(name)  # noqa: S311 - repeatable damage, no secret
    path = folder / name
    for _ in range(ROUNDS):
        path.write_bytes(damaged(data, chance))
        found = list(records([path]))
        assert found
        for record in found:
            assert {"frames", "kind", "error"} & set(record)
            assert "\n" not in record.get("error", "")


@pytest.mark.parametrize("syntax", DICOM)
def test_that_damaged_dicom_never_raises(tmp_path, syntax):
    check(tmp_path, dicom(tmp_path, syntax), f"{syntax}.dcm")


@pytest.mark.parametrize("form", RASTER)
def test_that_damaged_pictures_never_raise(tmp_path, form):
    check(tmp_path, raster(form), f"a.{form}")


def test_that_damaged_archives_never_raise(tmp_path):
    check(tmp_path, archive(), "a.zip")


def test_that_random_bytes_behind_every_magic_never_raise(tmp_path):
    chance = random.Random(7)  # noqa: S311 - repeatable damage, no secret
    for magic in (
        b"\0" * 128 + b"DICM",
        b"\x89PNG\r\n\x1a\n",
        b"PK\x03\x04",
        b"\x1a\x45\xdf\xa3",
        b"\0\0\0\x18ftypisom",
        b"II*\0",
        b"GIF89a",
        b"BM",
        b"RIFF\0\0\0\0AVI LIST",
        b"\xff\xd8\xff",
        b"",
    ):
        (tmp_path / "x").write_bytes(magic + chance.randbytes(chance.randrange(3000)))
        assert len(list(records([tmp_path / "x"]))) == 1
