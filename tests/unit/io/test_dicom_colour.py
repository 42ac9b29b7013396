from pathlib import Path

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from PIL import Image
from pydicom.encaps import encapsulate, get_frame
from pydicom.pixels import apply_color_lut, pixel_array
from pydicom.uid import JPEGBaseline8Bit

from viewer.io.codestream import read_codestream
from viewer.io.dicom_colour import read_palette, to_rgb
from viewer.io.dicom_writer import write_clip
from viewer.io.reader import open_source

BASE = "1.2.840.10008.1.2"
NATIVE = (BASE, f"{BASE}.1", f"{BASE}.2")
CASES = [
    *((syntax, "RGB", planar) for syntax in NATIVE for planar in (0, 1)),
    *((syntax, "YBR_FULL", planar) for syntax in NATIVE for planar in (0, 1)),
    *((syntax, "YBR_FULL_422", 0) for syntax in NATIVE),
    *((f"{BASE}.5", photometric, 1) for photometric in ("RGB", "YBR_FULL")),
    *((f"{BASE}.4.50", photometric, 0) for photometric in ("RGB", "YBR_FULL", "YBR_FULL_422")),
    (f"{BASE}.4.70", "RGB", 0),
    *((f"{BASE}.4.80", photometric, 0) for photometric in ("RGB", "YBR_FULL")),
    *((f"{BASE}.4.90", photometric, 0) for photometric in ("RGB", "YBR_FULL", "YBR_RCT")),
    *((f"{BASE}.4.201", photometric, 0) for photometric in ("RGB", "YBR_RCT")),
]


def decoded(path: Path, index: int = 0) -> NDArray[np.int64]:
    source = open_source(path)
    return source.decode(index).values.astype(np.int64)


@pytest.mark.parametrize(("syntax", "photometric", "planar"), CASES)
def test_that_colour_agrees_with_a_reference_decoder(tmp_path, rgb, syntax, photometric, planar):
    path = tmp_path / "clip.dcm"
    frames = [rgb, 255 - rgb]
    write_clip(path, frames, transfer_syntax=syntax, photometric=photometric, planar_configuration=planar)
    reference = pixel_array(pydicom.dcmread(path), index=1).astype(np.int64)

    ours = decoded(path, 1)

    assert np.abs(ours - reference).max() <= 1
    assert np.abs(ours - frames[1]).mean() < 3
    assert open_source(path).clip.photometric == photometric


@pytest.mark.parametrize("photometric", ["RGB", "YBR_FULL", "YBR_FULL_422"])
def test_that_jpeg_colour_agrees_with_pillow(tmp_path, rgb, photometric):
    path = tmp_path / "clip.dcm"
    write_clip(path, [rgb], transfer_syntax=JPEGBaseline8Bit, photometric=photometric)
    data = tmp_path / "frame.jpg"
    data.write_bytes(get_frame(pydicom.dcmread(path).PixelData, 0))

    assert np.abs(decoded(path) - np.array(Image.open(data).convert("RGB"), np.int64)).max() <= 1


def with_jpeg(path: Path, data: bytes, photometric: str, shape: tuple[int, int]) -> Path:
    write_clip(path, [np.zeros((*shape, 3), np.uint8)], transfer_syntax=JPEGBaseline8Bit)
    dataset = pydicom.dcmread(path)
    dataset.PhotometricInterpretation = photometric
    dataset.PixelData = encapsulate([data])
    dataset["PixelData"].VR = "OB"
    dataset.save_as(path)
    return path


def without_markers(data: bytes) -> bytes:
    """Drop the APP0 and APP14 segments, so that only component identifiers are left to tell the colour space."""
    kept, position = data[:2], 2
    while data[position + 1] != 0xDA:
        length = int.from_bytes(data[position + 2 : position + 4], "big") + 2
        if data[position + 1] not in (0xE0, 0xEE):
            kept += data[position : position + length]
        position += length
    return kept + data[position:]


def jpeg(picture: np.ndarray, tmp_path: Path, **options) -> bytes:
    file = tmp_path / "plain.jpg"
    Image.fromarray(picture).save(file, quality=95, **options)
    return file.read_bytes()


def test_that_a_jfif_marker_overrules_a_header_that_says_rgb(tmp_path, rgb):
    data = jpeg(rgb, tmp_path, subsampling=0)
    path = with_jpeg(tmp_path / "a.dcm", data, "RGB", rgb.shape[:2])

    assert np.abs(decoded(path) - rgb).mean() < 3


def test_that_subsampled_chroma_is_never_taken_for_rgb(tmp_path, rgb):
    data = without_markers(jpeg(rgb, tmp_path, subsampling=2))
    path = with_jpeg(tmp_path / "a.dcm", data, "RGB", rgb.shape[:2])

    assert np.abs(decoded(path) - rgb).mean() < 5


def test_that_without_markers_the_header_decides(tmp_path, rgb):
    ybr = np.array(Image.fromarray(rgb).convert("YCbCr"))
    stored_as_ybr = without_markers(jpeg(rgb, tmp_path, subsampling=0))

    as_ybr = decoded(with_jpeg(tmp_path / "a.dcm", stored_as_ybr, "YBR_FULL", rgb.shape[:2]))
    as_rgb = decoded(with_jpeg(tmp_path / "b.dcm", stored_as_ybr, "RGB", rgb.shape[:2]))

    assert np.abs(as_ybr - rgb).mean() < 3
    assert np.abs(as_rgb - ybr).mean() < 3


def test_that_the_adobe_marker_overrules_a_header_that_says_ybr(tmp_path, rgb):
    path = tmp_path / "a.dcm"
    write_clip(path, [rgb], transfer_syntax=JPEGBaseline8Bit, photometric="RGB")
    data = get_frame(pydicom.dcmread(path).PixelData, 0)
    assert read_codestream(data).adobe == 0

    assert np.abs(decoded(with_jpeg(tmp_path / "b.dcm", data, "YBR_FULL", rgb.shape[:2])) - rgb).mean() < 3


def test_that_ybr_full_422_with_every_chroma_sample_is_not_taken_for_subsampled(tmp_path, rgb):
    path = tmp_path / "a.dcm"
    write_clip(path, [rgb, rgb], photometric="YBR_FULL")
    dataset = pydicom.dcmread(path)
    dataset.PhotometricInterpretation = "YBR_FULL_422"
    dataset.save_as(path)

    assert np.abs(decoded(path, 1) - rgb).max() <= 3


def test_that_deep_colour_keeps_its_most_significant_bits():
    deep = np.array([[[0x1234, 0xFF00, 0x00FF]]], np.uint16)

    assert to_rgb(deep, "RGB", 16).tolist() == [[[0x12, 0xFF, 0x00]]]


@pytest.mark.parametrize(
    ("ybr", "wanted"),
    [((16, 128, 128), (0, 0, 0)), ((235, 128, 128), (255, 255, 255)), ((81, 90, 240), (254, 0, 0))],
)
def test_that_partial_range_luma_spans_black_to_white(ybr, wanted):
    found = to_rgb(np.array([[ybr]], np.uint8), "YBR_PARTIAL_422", 8)[0, 0]

    assert np.abs(found.astype(int) - wanted).max() <= 1


def palette_file(path: Path, bits: int, tables: dict[str, bytes], *, segmented: bool = False, count: int = 4) -> Path:
    write_clip(path, [np.array([[0, 1], [2, 3]], np.uint8)])
    dataset = pydicom.dcmread(path)
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    for colour, data in tables.items():
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [count, 0, bits])
        dataset[f"{colour}PaletteColorLookupTableDescriptor"].VR = "US"
        prefix = "Segmented" if segmented else ""
        setattr(dataset, f"{prefix}{colour}PaletteColorLookupTableData", data)
    dataset.save_as(path)
    return path


def test_that_an_8_bit_palette_gives_its_colours(tmp_path):
    tables = {"Red": bytes([0, 255, 0, 9]), "Green": bytes([0, 0, 255, 8]), "Blue": bytes([1, 2, 3, 4])}
    path = palette_file(tmp_path / "a.dcm", 8, tables)

    assert decoded(path).tolist() == [[[0, 0, 1], [255, 0, 2]], [[0, 255, 3], [9, 8, 4]]]


def test_that_a_16_bit_palette_keeps_its_high_bytes_in_every_channel(tmp_path):
    red = np.array([0, 65535, 32768, 256], "<u2").tobytes()
    faint = np.array([0, 100, 200, 255], "<u2").tobytes()  # below one step of 8 bits
    path = palette_file(tmp_path / "a.dcm", 16, {"Red": red, "Green": faint, "Blue": red})

    assert decoded(path).tolist() == [[[0, 0, 0], [255, 0, 255]], [[128, 0, 128], [1, 0, 1]]]
    reference = apply_color_lut(pydicom.dcmread(path).pixel_array, pydicom.dcmread(path)) >> 8
    assert np.array_equal(decoded(path), reference)


def test_that_a_16_bit_palette_filled_with_8_bit_values_is_not_black(tmp_path):
    table = np.array([0, 10, 200, 255], "<u2").tobytes()
    path = palette_file(tmp_path / "a.dcm", 16, {"Red": table, "Green": table, "Blue": table})

    assert decoded(path)[..., 0].tolist() == [[0, 10], [200, 255]]


def test_that_a_segmented_palette_is_expanded(tmp_path):
    # discrete 2 entries: 0, 1000; linear 2 entries to 65535; then the linear segment copied once
    words = np.array([0, 2, 0, 1000, 1, 2, 65535, 2, 1, 4, 0], "<u2").tobytes()
    path = palette_file(
        tmp_path / "a.dcm", 16, dict.fromkeys(("Red", "Green", "Blue"), words), segmented=True, count=6
    )

    entries = read_palette(pydicom.dcmread(path), big_endian=False).entries[:, 0]

    # 1000 → 65535 in two steps by way of 33268; from 65535 to 65535 in the copy
    assert entries.tolist() == [0, 1000 >> 8, 33268 >> 8, 255, 255, 255]


def test_that_stored_values_outside_the_palette_take_its_ends(tmp_path):
    table = bytes([7, 8, 9, 10])
    path = palette_file(tmp_path / "a.dcm", 8, dict.fromkeys(("Red", "Green", "Blue"), table))
    palette = read_palette(pydicom.dcmread(path), big_endian=False)

    assert palette(np.array([[0, 200]], np.uint8))[..., 0].tolist() == [[7, 10]]
