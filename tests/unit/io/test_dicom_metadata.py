import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from viewer.domain.image import Modality, Region
from viewer.io.dicom_metadata import read_frame_times
from viewer.io.dicom_values import text, texts
from viewer.io.dicom_writer import write_clip
from viewer.io.reader import open_source


def header(**elements: object) -> Dataset:
    dataset = Dataset()
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return dataset


@pytest.mark.parametrize(
    ("elements", "wanted"),
    [
        ({"FrameTime": 40}, (0, 40, 80, 120)),
        ({"CineRate": 20}, (0, 50, 100, 150)),
        ({"RecommendedDisplayFrameRate": 10}, (0, 100, 200, 300)),
        ({"CineRate": 20, "RecommendedDisplayFrameRate": 10}, (0, 50, 100, 150)),
        ({"FrameTime": 40, "CineRate": 20}, (0, 40, 80, 120)),
        ({"FrameTimeVector": [0, 30, 40, 50]}, (0, 30, 70, 120)),
        ({"FrameTimeVector": [30, 40, 50]}, (0, 30, 70, 120)),  # the meaningless first value left out
        (
            {"FrameTimeVector": [99, 30, 40, 50], "FrameDelay": 500},
            (0, 30, 70, 120),
        ),  # that of the first frame says nothing
        ({"RecommendedDisplayFrameRateInFloat": 12.5, "RecommendedDisplayFrameRate": 12}, (0, 80, 160, 240)),
        ({"FrameTimeVector": [0, 30], "CineRate": 20}, (0, 50, 100, 150)),  # does not fit
        (
            {"FrameTimeVector": [0, 30, 40, 50], "FrameTime": 40, "FrameIncrementPointer": 0x00181065},
            (0, 30, 70, 120),
        ),
        (
            {"FrameTimeVector": [0, 30, 40, 50], "FrameTime": 40, "FrameIncrementPointer": 0x00181063},
            (0, 40, 80, 120),
        ),
        ({"FrameTime": 0}, ()),
        ({}, ()),
    ],
)
def test_that_frame_times_come_from_the_element_the_file_means(elements, wanted):
    assert read_frame_times(header(**elements), 4) == wanted


def test_that_a_single_frame_has_no_timing():
    assert read_frame_times(header(FrameTime=40), 1) == ()


def test_that_written_uneven_times_are_read_back_exactly(tmp_path, ramp):
    write_clip(tmp_path / "a.dcm", [ramp] * 3, frame_times_ms=[0, 33.5, 100])

    clip = open_source(tmp_path / "a.dcm").clip

    assert clip.frame_times_ms == (0, 33.5, 100)
    assert clip.frame_time_ms == 50


@pytest.mark.parametrize("keyword", ["PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing"])
def test_that_spacing_names_its_source(edited, keyword):
    clip = open_source(edited(**{keyword: [0.5, 0.25]})).clip

    assert (clip.spacing_mm, clip.spacing_source, clip.pixel_aspect) == ((0.5, 0.25), keyword, 2.0)


def test_that_spacing_is_found_in_functional_groups(edited):
    groups = header(PixelMeasuresSequence=Sequence([header(PixelSpacing=[0.4, 0.4])]))

    clip = open_source(edited(SharedFunctionalGroupsSequence=Sequence([groups]))).clip

    assert (clip.spacing_mm, clip.spacing_source) == ((0.4, 0.4), "PixelSpacing")


def test_that_millimetres_are_never_invented(edited):
    clip = open_source(edited(PixelAspectRatio=[1, 2], PixelSpacing=[0, 0])).clip

    assert (clip.spacing_mm, clip.spacing_source, clip.pixel_aspect) == (None, "", 0.5)


def test_that_regions_are_read_back_as_written(tmp_path, ramp):
    region = Region(
        left=1,
        top=2,
        right=12,
        bottom=7,
        spatial_format="2D",
        data_type="tissue",
        units=("cm", "cm"),
        delta=(0.01, 0.02),
    )
    write_clip(tmp_path / "a.dcm", [ramp], regions=[region])

    clip = open_source(tmp_path / "a.dcm").clip

    assert clip.regions == (region,)
    assert clip.modality is Modality.ULTRASOUND
    assert clip.spacing_mm is None


def test_that_an_incomplete_region_is_left_out(edited):
    path = edited(
        SequenceOfUltrasoundRegions=Sequence([header(RegionLocationMinX0=1), header(RegionSpatialFormat=1)])
    )

    assert open_source(path).clip.regions == ()


def test_that_malformed_values_count_as_missing(edited):
    path = edited()
    data = path.read_bytes()
    dataset = pydicom.dcmread(path)
    dataset.add_new("SeriesNumber", "IS", "7")
    dataset.add_new("FrameTime", "DS", "33")
    dataset.save_as(path)
    data = path.read_bytes().replace(b"IS\x02\x007 ", b"IS\x02\x00x!")
    path.write_bytes(data)

    clip = open_source(path).clip

    assert clip.series_number == 0
    assert clip.frames == 1


def test_that_the_patient_stays_out_of_the_repr(edited):
    clip = open_source(edited(PatientName="Doe^Jane", PatientID="4711")).clip

    assert (clip.patient_name, clip.patient_id) == ("Doe Jane", "4711")
    assert "Doe" not in repr(clip)
    assert "4711" not in repr(clip)


def test_that_a_one_dimensional_size_is_kept(tmp_path):
    write_clip(tmp_path / "a.dcm", [np.zeros((1, 1), np.uint8)])

    assert (open_source(tmp_path / "a.dcm").clip.rows, open_source(tmp_path / "a.dcm").clip.columns) == (1, 1)


def test_that_values_of_an_unexpected_type_are_read_as_text():
    odd = Dataset()
    odd.add_new("ReferencedFileID", "US", 7)
    odd.add_new("PatientID", "US", [4, 5])

    assert texts(odd, "ReferencedFileID") == ("7",)
    assert (text(odd, "PatientID"), texts(odd, "PatientName")) == ("4", ())
