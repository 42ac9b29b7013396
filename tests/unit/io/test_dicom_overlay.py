from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.overlays import numpy_handler
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

from viewer.io.dicom_writer import write_clip
from viewer.io.reader import open_source

CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], bool)


def packed(*planes: np.ndarray) -> bytes:
    data = np.packbits(np.concatenate([plane.ravel() for plane in planes]), bitorder="little").tobytes()
    return data + bytes(len(data) % 2)


@pytest.fixture
def overlaid(tmp_path: Path):
    """Write black frames, 6×8, with overlay planes."""

    def write(
        *planes: np.ndarray,
        frames: int = 1,
        origin=(1, 1),
        syntax=ExplicitVRLittleEndian,
        **more,
    ) -> Path:
        path = tmp_path / "overlay.dcm"
        write_clip(path, [np.zeros((6, 8), np.uint8)] * frames, modality="OT", transfer_syntax=str(syntax))
        dataset = pydicom.dcmread(path)
        data = packed(*planes)
        if syntax == ExplicitVRBigEndian:
            data = np.frombuffer(data, "<u2").byteswap().tobytes()
        for element, vr, value in (
            (0x0010, "US", planes[0].shape[0]),
            (0x0011, "US", planes[0].shape[1]),
            (0x0040, "CS", "G"),
            (0x0050, "SS", list(origin)),
            (0x0100, "US", 1),
            (0x0102, "US", 0),
            (0x3000, "OW", data),
        ):
            dataset.add_new((0x6000, element), vr, value)
        if "first" in more:
            dataset.add_new((0x6000, 0x0015), "IS", len(planes))
            dataset.add_new((0x6000, 0x0051), "US", more["first"])
        dataset.save_as(path)
        return path

    return write


def test_that_an_overlay_is_white_in_what_the_eye_and_the_network_see(overlaid):
    frame = open_source(overlaid(CROSS, origin=(2, 3))).decode(0)

    wanted = np.zeros((6, 8, 3), np.uint8)
    wanted[1:4, 2:5][CROSS] = 255
    np.testing.assert_array_equal(frame.rgb(), wanted)
    assert not frame.values.any()


def test_that_a_single_overlay_lies_over_every_frame(overlaid):
    source = open_source(overlaid(CROSS, frames=3))

    assert [int(source.decode(index).graphics.sum()) for index in range(3)] == [5, 5, 5]


def test_that_planes_belong_to_the_frames_from_their_first_on(overlaid):
    source = open_source(overlaid(CROSS, ~CROSS, frames=4, first=2))

    assert [int(source.decode(index).graphics.sum()) for index in range(4)] == [0, 5, 4, 0]


@pytest.mark.parametrize(("origin", "drawn"), [((0, 0), 3), ((6, 8), 0), ((5, 7), 3), ((-9, 1), 0), ((90, 90), 0)])
def test_that_what_lies_outside_the_picture_is_cut_off(overlaid, origin, drawn):
    assert int(open_source(overlaid(CROSS, origin=origin)).decode(0).graphics.sum()) == drawn


def test_that_words_of_big_endian_files_are_turned(overlaid):
    frame = open_source(overlaid(CROSS, syntax=ExplicitVRBigEndian)).decode(0)

    np.testing.assert_array_equal(frame.graphics[:3, :3], CROSS)


def test_that_an_overlay_that_promises_more_than_it_holds_is_left_out(overlaid):
    path = overlaid(CROSS)
    dataset = pydicom.dcmread(path)
    dataset[0x6000, 0x0010].value = 400
    dataset.save_as(path)

    assert open_source(path).decode(0).graphics is None


@pytest.mark.real_data
def test_that_overlays_of_real_files_are_those_pydicom_reads(viewer_data):
    paths = [*viewer_data.glob("dicom/**/examples_overlay.dcm"), *viewer_data.glob("dicom/**/*WithOverlays.dcm")]
    assert paths
    for path in paths:
        wanted = numpy_handler.get_overlay_array(pydicom.dcmread(path), 0x6000)
        np.testing.assert_array_equal(open_source(path).decode(0).graphics, wanted.astype(bool))
