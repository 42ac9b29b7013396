"""Real files, many of them broken on purpose: all are described, and what decodes decodes to the right values."""

import csv
import warnings
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.pixels import apply_color_lut, pixel_array

from viewer.domain.errors import ViewerError
from viewer.io.info import records
from viewer.io.reader import open_source

pytestmark = [pytest.mark.real_data, pytest.mark.integration]

NO_DECODER_NEEDED = {
    "pydicom/JPEG2000-embedded-sequence-delimiter.dcm": "the JPEG 2000 data cannot be decoded",
    "pydicom/MR_truncated.dcm": "the pixel data ends after 8130 of 8192 bytes",
    "pydicom/meta_missing_tsyntax.dcm": "the header gives no image size",
    "pydicom/nested_priv_SQ.dcm": "the header gives no image size",
}
"""Files marked as images that no decoder could read, with how that is told."""

MISLABELLED = {"dicom-test-files/pydicom/SC_rgb_jpeg_lossy_gdcm.dcm"}
"""Subsampled YCbCr under a header that says RGB: the reference decoder shows it in false colours."""


@pytest.fixture(scope="module")
def manifest(viewer_data: Path) -> list[dict[str, str]]:
    with (viewer_data / "dicom" / "manifest.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["kind"] == "image"]


@pytest.fixture(scope="module")
def described(viewer_data: Path) -> dict[str, dict]:
    folder = viewer_data / "dicom"
    return {Path(record["file"]).relative_to(folder).as_posix(): record for record in records([folder])}


def test_that_every_dicom_file_has_one_record(viewer_data, described):
    files = {
        path.relative_to(viewer_data / "dicom").as_posix()
        for path in (viewer_data / "dicom").rglob("*")
        if path.is_file()
    }

    assert files <= set(described)


def test_that_every_readable_image_opens_with_its_size(manifest, described):
    for row in manifest:
        record = described[row["file"]]
        if row["file"] in NO_DECODER_NEEDED:
            assert record["error"].startswith(NO_DECODER_NEEDED[row["file"]])
            continue
        assert "error" not in record, record
        frames = int(row["frames"]) if row["frames"].isdigit() else None
        assert (record["rows"], record["columns"]) == (int(row["rows"]), int(row["cols"]))
        assert record["frames"] == (frames or (1 if not row["frames"] else record["frames"]))


def test_that_pixel_values_agree_with_a_reference_decoder(viewer_data, manifest):
    compared = 0
    for row in manifest:
        if not row["decode"].startswith("ok") or row["file"] in MISLABELLED:
            continue
        path = viewer_data / "dicom" / row["file"]
        source = open_source(path)
        for index in {0, source.clip.frames - 1}:
            reference = reference_values(path, index)
            if reference is None:
                continue
            ours = source.decode(index).values
            allowed = 1 if ours.ndim == 3 else 0  # colour conversion may round the other way
            assert ours.shape == reference.shape, path
            assert np.abs(ours.astype(np.int64) - reference.astype(np.int64)).max() <= allowed, path
            compared += 1
        source.close()
    assert compared > 200


def reference_values(path: Path, index: int) -> np.ndarray | None:
    """What pydicom makes of a frame, as 8-bit RGB for colour; None where its decoders fail."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = pydicom.dcmread(path, force=True)
        try:
            values = pixel_array(dataset, index=index)
        except RuntimeError:
            return None
        if dataset.PhotometricInterpretation == "PALETTE COLOR":
            values = apply_color_lut(values, dataset)
            return values >> 8 if values.dtype == np.uint16 else values
        deep_colour = values.ndim == 3 and values.dtype != np.uint8
        return values >> (dataset.BitsStored - 8) if deep_colour else values


def test_that_a_mislabelled_jpeg_is_shown_in_its_true_colours(viewer_data):
    picture = open_source(viewer_data / "dicom" / next(iter(MISLABELLED))).decode(0).values

    assert np.abs(picture[0, 50].astype(int) - (255, 0, 0)).max() <= 2


def test_that_every_dermoscopy_picture_opens(viewer_data):
    errors = [
        record
        for record in records([viewer_data / "derm" / "artefacts", viewer_data / "derm" / "ph2"])
        if "error" in record
    ]

    assert errors == []


def test_that_the_last_frame_of_every_ultrasound_video_decodes(viewer_data):
    failed = []
    for path in sorted((viewer_data / "lus" / "videos").iterdir()):
        source = open_source(path)
        try:
            for index in (source.clip.frames - 1, source.clip.frames // 2):
                source.decode(index)
        except ViewerError as error:
            failed.append(str(error))
        finally:
            source.close()
    assert failed == []
