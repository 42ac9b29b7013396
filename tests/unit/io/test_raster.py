import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from viewer.domain.errors import UnreadableFile
from viewer.io.reader import open_source

WAYS = [("JPEG", "RGB"), ("PNG", "RGB"), ("TIFF", "RGB"), ("BMP", "RGB"), ("WEBP", "RGB"), ("PNG", "L"), ("GIF", "L")]


@pytest.mark.parametrize(("form", "mode"), WAYS)
def test_that_every_format_shows_the_picture(tmp_path, rgb, form, mode):
    options = {"WEBP": {"lossless": True}, "JPEG": {"quality": 95, "subsampling": 0}}.get(form, {})
    picture = Image.fromarray(rgb).convert(mode)
    picture.save(tmp_path / "picture", form, **options)

    source = open_source(tmp_path / "picture")
    shown = source.decode(0).rgb()

    assert source.clip.kind == "raster"
    assert (source.clip.frames, source.clip.rows, source.clip.columns) == (1, 24, 40)
    assert np.abs(shown.astype(int) - np.array(picture.convert("RGB"))).mean() < 2


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_deflate", "packbits", None])
def test_that_sixteen_bit_tiff_stays_grey_and_deep(tmp_path, ramp, compression):
    Image.fromarray(ramp).save(tmp_path / "a.tif", compression=compression)

    source = open_source(tmp_path / "a.tif")
    frame = source.decode(0)

    assert np.array_equal(frame.values, ramp)
    assert source.clip.photometric == "MONOCHROME2"
    assert (frame.rgb()[0, 0, 0], frame.rgb()[-1, -1, 0]) == (0, 255)


def test_that_big_endian_sixteen_bit_png_is_read_in_this_machines_order(tmp_path, ramp):
    Image.fromarray(ramp).save(tmp_path / "a.png")

    frame = open_source(tmp_path / "a.png").decode(0)

    assert frame.values.dtype.isnative
    assert np.array_equal(frame.values, ramp)


def test_that_exif_orientation_turns_the_picture_upright(tmp_path, rgb):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    Image.fromarray(rgb).save(tmp_path / "a.png", exif=exif)

    source = open_source(tmp_path / "a.png")

    assert (source.clip.rows, source.clip.columns) == (40, 24)
    assert np.array_equal(source.decode(0).values, np.rot90(rgb, -1))


def test_that_transparency_lies_over_black(tmp_path):
    Image.fromarray(np.array([[[200, 100, 50, 0], [200, 100, 50, 255]]], np.uint8)).save(tmp_path / "a.png")

    assert open_source(tmp_path / "a.png").decode(0).values.tolist() == [[[0, 0, 0], [200, 100, 50]]]


def test_that_cmyk_becomes_rgb(tmp_path):
    Image.new("CMYK", (2, 2), (0, 255, 255, 0)).save(tmp_path / "a.tif")

    assert open_source(tmp_path / "a.tif").decode(0).values[0, 0].tolist() == [255, 0, 0]


def test_that_a_black_and_white_picture_spans_black_to_white(tmp_path):
    Image.fromarray(np.array([[0, 255]], np.uint8)).convert("1").save(tmp_path / "a.png")

    assert open_source(tmp_path / "a.png").decode(0).rgb()[0, :, 0].tolist() == [0, 255]


def test_that_pages_are_frames_without_times(tmp_path):
    pages = [Image.new("L", (3, 2), value) for value in (10, 20, 30)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])

    source = open_source(tmp_path / "a.tif")

    assert (source.clip.frames, source.clip.frame_times_ms) == (3, ())
    assert [source.decode(index).values[0, 0] for index in (2, 0, 1)] == [30, 10, 20]
    source.close()


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
def test_that_an_animation_is_a_clip_with_its_own_times(tmp_path, form):
    frames = [Image.new("RGB", (16, 16), (value, 0, 0)) for value in (0, 100, 200)]
    options = {"lossless": True} if form == "WEBP" else {}
    frames[0].save(tmp_path / "a", form, save_all=True, append_images=frames[1:], duration=[50, 120, 80], **options)

    source = open_source(tmp_path / "a")

    assert source.clip.frame_times_ms == (0, 50, 170)
    assert [int(source.decode(index).rgb()[0, 0, 0]) for index in (2, 0, 1)] == [200, 0, 100]
    source.close()


def test_that_a_cut_picture_gives_one_sentence(tmp_path, rgb):
    path = tmp_path / "a.jpg"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[:-500])

    with pytest.raises(UnreadableFile, match=r"the picture cannot be decoded \(image file is truncated"):
        open_source(path).decode(0)


@pytest.mark.parametrize("side", [12_000, 60_000])
def test_that_a_decompression_bomb_is_refused_unopened(tmp_path: Path, side: int):
    path = tmp_path / "a.png"
    Image.new("1", (8, 8)).save(path)
    data = bytearray(path.read_bytes())
    data[16:24] = side.to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    path.write_bytes(data)

    with pytest.raises(UnreadableFile):
        open_source(path).decode(0)


def test_that_a_frame_that_is_not_there_is_the_callers_fault(tmp_path, rgb):
    Image.fromarray(rgb).save(tmp_path / "a.png")

    with pytest.raises(IndexError):
        open_source(tmp_path / "a.png").decode(1)


def test_that_a_header_of_ten_thousand_million_pixels_is_refused_in_plain_words(tmp_path):
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    path = tmp_path / "huge.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b""))

    with pytest.raises(UnreadableFile) as refusal:
        open_source(path)

    assert refusal.value.reason == "the picture is too large to open"
