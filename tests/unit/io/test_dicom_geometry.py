"""Sizes and directions in headers: hand-made ones, and those of real files."""

import time

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from viewer.domain.calibration import scale_of, whole_scale
from viewer.domain.errors import ViewerError
from viewer.domain.image import SpacingPlane
from viewer.io.dicom_geometry import read_geometries
from viewer.io.dicom_metadata import read_value_unit
from viewer.io.reader import open_source

AXIAL = [1, 0, 0, 0, 1, 0]
SAGITTAL = [0, 1, 0, 0, 0, -1]


def header(**elements: object) -> Dataset:
    dataset = Dataset()
    for keyword, value in elements.items():
        setattr(dataset, keyword, Sequence(value) if keyword.endswith("Sequence") else value)
    return dataset


def region(**changes: object) -> Dataset:
    elements = {
        "RegionLocationMinX0": 0,
        "RegionLocationMinY0": 0,
        "RegionLocationMaxX1": 15,
        "RegionLocationMaxY1": 7,
        "RegionSpatialFormat": 1,
        "RegionDataType": 1,
        "PhysicalUnitsXDirection": 3,
        "PhysicalUnitsYDirection": 3,
        "PhysicalDeltaX": 0.01,
        "PhysicalDeltaY": 0.02,
    }
    return header(**{**elements, **changes})


def measures(row: float, column: float) -> Dataset:
    return header(PixelMeasuresSequence=[header(PixelSpacing=[row, column])])


def only(dataset: Dataset):
    (geometry,) = read_geometries(dataset, 1)
    return geometry


@pytest.mark.parametrize(
    ("elements", "wanted"),
    [
        ({"Modality": "CT", "PixelSpacing": [0.5, 0.25]}, ("PixelSpacing", SpacingPlane.PATIENT)),
        ({"Modality": "DX", "ImagerPixelSpacing": [0.5, 0.25]}, ("ImagerPixelSpacing", SpacingPlane.DETECTOR)),
        (
            {"Modality": "OT", "NominalScannedPixelSpacing": [0.5, 0.25]},
            ("NominalScannedPixelSpacing", SpacingPlane.FILM),
        ),
        # A repeated spacing has not been calibrated, whatever its name says.
        (
            {"Modality": "DX", "PixelSpacing": [0.5, 0.25], "ImagerPixelSpacing": [0.5, 0.2500001]},
            ("ImagerPixelSpacing", SpacingPlane.DETECTOR),
        ),
        (
            {"Modality": "OT", "PixelSpacing": [0.5, 0.25], "NominalScannedPixelSpacing": [0.5, 0.25]},
            ("NominalScannedPixelSpacing", SpacingPlane.FILM),
        ),
        # Another one has, and so has one that says how.
        (
            {"Modality": "DX", "PixelSpacing": [0.5, 0.25], "ImagerPixelSpacing": [0.6, 0.3]},
            ("PixelSpacing", SpacingPlane.PATIENT),
        ),
        (
            {
                "Modality": "DX",
                "PixelSpacing": [0.5, 0.25],
                "ImagerPixelSpacing": [0.5, 0.25],
                "PixelSpacingCalibrationType": "FIDUCIAL",
            },
            ("PixelSpacing", SpacingPlane.PATIENT),
        ),
        # A projection with neither does not tell.
        ({"Modality": "CR", "PixelSpacing": [0.5, 0.25]}, ("PixelSpacing", SpacingPlane.UNKNOWN)),
    ],
)
def test_that_a_spacing_says_where_it_holds(elements, wanted):
    geometry = only(header(**elements))

    assert geometry.spacing_mm == pytest.approx((0.5, 0.25), rel=1e-3)
    assert (geometry.spacing_source, geometry.spacing_plane) == wanted


def test_that_magnification_is_never_taken_out_by_a_guess():
    factor = header(Modality="MG", ImagerPixelSpacing=[0.1, 0.1], EstimatedRadiographicMagnificationFactor=2)

    assert only(factor).spacing_mm == (0.1, 0.1)
    assert only(factor).spacing_plane is SpacingPlane.DETECTOR


@pytest.mark.parametrize("given", [[0, 0.5], [-1, 1], [0.5], [0.5, 0.5, 0.5], ["x", "y"], []])
def test_that_a_spacing_that_makes_no_sense_counts_as_none(given):
    dataset = Dataset()
    dataset.add_new("PixelSpacing", "LO", given)

    assert only(dataset).spacing_mm is None


def test_that_frames_of_enhanced_objects_have_spacings_of_their_own(edited, ramp):
    groups = [measures(0.5, 0.5), measures(0.5, 0.5), measures(1.0, 0.8)]
    path = edited([ramp] * 3, PerFrameFunctionalGroupsSequence=Sequence(groups), PixelSpacing=[9, 9])

    clip = open_source(path).clip

    assert [clip.geometry(index).spacing_mm for index in range(3)] == [(0.5, 0.5), (0.5, 0.5), (1.0, 0.8)]
    assert (clip.spacing_mm, clip.spacing_source) == ((0.5, 0.5), "PixelSpacing")
    assert scale_of(clip, 2, [(0, 0)]).height == 1.0


def test_that_a_frame_without_its_own_spacing_takes_the_shared_one(edited, ramp):
    path = edited(
        [ramp] * 2,
        PerFrameFunctionalGroupsSequence=Sequence([measures(0.5, 0.5), header(FrameContentSequence=[])]),
        SharedFunctionalGroupsSequence=Sequence([measures(0.7, 0.7)]),
    )

    clip = open_source(path).clip

    assert [clip.geometry(index).spacing_mm for index in range(2)] == [(0.5, 0.5), (0.7, 0.7)]


def test_that_frames_that_are_all_alike_are_told_once(edited, ramp):
    path = edited([ramp] * 2, PerFrameFunctionalGroupsSequence=Sequence([measures(0.5, 0.5)] * 2))

    clip = open_source(path).clip

    assert clip.frame_geometries == ()
    assert clip.geometry(1).spacing_mm == (0.5, 0.5)


def test_that_a_file_with_fewer_groups_than_frames_is_read_as_its_first_frame_says(edited, ramp):
    path = edited([ramp] * 3, PerFrameFunctionalGroupsSequence=Sequence([measures(0.5, 0.5), measures(1, 1)]))

    assert open_source(path).clip.geometry(2).spacing_mm == (0.5, 0.5)


def test_that_the_spacing_of_an_enhanced_projection_is_at_the_detector():
    pixels = header(FramePixelDataPropertiesSequence=[header(ImagerPixelSpacing=[0.2, 0.2])])

    geometry = only(header(Modality="XA", SharedFunctionalGroupsSequence=[pixels]))

    assert (geometry.spacing_mm, geometry.spacing_plane) == ((0.2, 0.2), SpacingPlane.DETECTOR)


def test_that_regions_may_differ_from_frame_to_frame(edited, ramp):
    groups = [
        header(SequenceOfUltrasoundRegions=Sequence([region()])),
        header(SequenceOfUltrasoundRegions=Sequence([region(PhysicalDeltaX=0.05)])),
        header(FrameContentSequence=[]),
    ]
    path = edited(
        [ramp] * 3,
        PerFrameFunctionalGroupsSequence=Sequence(groups),
        SequenceOfUltrasoundRegions=Sequence([region(PhysicalDeltaX=0.1)]),
    )

    clip = open_source(path).clip

    assert [scale_of(clip, index, [(1, 1), (3, 1)]).width for index in range(3)] == [0.1, 0.5, 1.0]


def test_that_a_line_in_a_written_region_is_measured_in_millimetres(edited):
    clip = open_source(edited(Modality="US", SequenceOfUltrasoundRegions=Sequence([region()]))).clip

    scale = scale_of(clip, 0, [(1, 1), (5, 4)])

    assert (scale.width, scale.height, scale.unit, scale.basis) == (0.1, 0.2, "mm", "ultrasound region 1")


@pytest.mark.parametrize(
    ("elements", "wanted"),
    [
        ({"ImageOrientationPatient": AXIAL}, ("L", "P")),
        ({"ImageOrientationPatient": SAGITTAL}, ("P", "F")),
        ({"ImageOrientationPatient": [1, 0, 0, 0, 0.9272, -0.3746]}, ("L", "PF")),
        ({"ImageOrientationPatient": [1, 0, 0, 0, 0.9999, -0.0141]}, ("L", "P")),  # a degree off is no direction
        ({"ImageOrientationPatient": AXIAL, "PatientOrientation": ["R", "F"]}, ("L", "P")),
        ({"PatientOrientation": ["L", "F"]}, ("L", "F")),
        ({"PatientOrientation": ["a", "pf"]}, ("A", "PF")),
        ({"ImageOrientationPatient": [0, 0, 0, 0, 0, 0], "PatientOrientation": ["A", "F"]}, ("A", "F")),
        ({"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]}, None),  # no plane
        ({"ImageOrientationPatient": [2, 0, 0, 0, 2, 0]}, None),
        ({"PatientOrientation": ["L"]}, None),
        ({"PatientOrientation": ["L", ""]}, None),
        ({"PatientOrientation": ["LEFT", "FOOT"]}, None),
        ({"PatientOrientation": ["L", "F"], "AnatomicalOrientationType": "QUADRUPED"}, None),
        ({}, None),
    ],
)
def test_that_directions_are_read_and_never_guessed(elements, wanted):
    assert only(header(**elements)).orientation == wanted


def test_that_directions_of_enhanced_objects_are_those_of_the_frame():
    planes = [header(PlaneOrientationSequence=[header(ImageOrientationPatient=way)]) for way in (AXIAL, SAGITTAL)]

    found = read_geometries(header(PerFrameFunctionalGroupsSequence=planes), 2)

    assert [geometry.orientation for geometry in found] == [("L", "P"), ("P", "F")]


@pytest.mark.parametrize(
    ("elements", "wanted"),
    [
        ({"Modality": "CT", "RescaleSlope": 1, "RescaleIntercept": -1024}, "HU"),
        ({"Modality": "CT", "RescaleSlope": 1, "RescaleType": "HU"}, "HU"),
        ({"Modality": "CT", "RescaleSlope": 1, "RescaleType": "US"}, ""),
        ({"Modality": "CT", "RescaleSlope": 1, "ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}, ""),
        ({"Modality": "CT"}, ""),
        ({"Modality": "MR", "RescaleSlope": 2}, ""),
        ({"Modality": "CR", "RescaleSlope": 1, "RescaleType": "OD"}, "10⁻³ OD"),
        ({"Modality": "PT", "RescaleSlope": 2, "Units": "BQML"}, "Bq/ml"),
        ({"Modality": "PT", "RescaleSlope": 2, "Units": "=cmd()"}, ""),
        ({"Modality": "CT", "SamplesPerPixel": 3, "RescaleSlope": 1}, ""),
        ({"Modality": "CT", "RescaleSlope": 1, "ModalityLUTSequence": [header(ModalityLUTType="OD")]}, "10⁻³ OD"),
    ],
)
def test_that_values_have_a_unit_only_where_the_file_names_it(elements, wanted):
    assert read_value_unit(header(**elements), 1) == wanted


def test_that_frames_of_different_units_have_none_in_common():
    groups = [
        header(PixelValueTransformationSequence=[header(RescaleSlope=1, RescaleType=code)]) for code in ("HU", "US")
    ]

    assert read_value_unit(header(Modality="CT", PerFrameFunctionalGroupsSequence=groups), 2) == ""
    assert read_value_unit(header(Modality="CT", PerFrameFunctionalGroupsSequence=groups[:1] * 2), 2) == "HU"


def test_that_thousands_of_frames_are_read_quickly():
    groups = [measures(0.5, 0.5 + index % 2) for index in range(5000)]
    dataset = header(PerFrameFunctionalGroupsSequence=groups)

    begun = time.perf_counter()
    found = read_geometries(dataset, 5000)

    assert len(found) == 5000
    assert time.perf_counter() - begun < 5


REAL = {
    "pydicom/CT_small.dcm": ((0.661468, 0.661468), "PixelSpacing", SpacingPlane.PATIENT, ("L", "P"), "HU"),
    "pydicom/J2K_pixelrep_mismatch.dcm": ((0.431, 0.431), "PixelSpacing", SpacingPlane.PATIENT, ("L", "PF"), "HU"),
    "pydicom/dicomdirtests/98892001/CT2N/6293": (
        (0.545455, 0.596847),
        "PixelSpacing",
        SpacingPlane.PATIENT,
        ("A", "F"),
        "",  # a localizer
    ),
    "pydicom/dicomdirtests/77654033/CR1/6154": (
        (0.1, 0.1),
        "ImagerPixelSpacing",
        SpacingPlane.DETECTOR,
        ("L", "F"),
        "10⁻³ OD",
    ),
    "dicom-test-files/WG04/JPLY/RG2_JPLY": ((0.2, 0.2), "PixelSpacing", SpacingPlane.UNKNOWN, None, ""),
    "cornerstone3D/CT0012.fragmented_no_bot_jpeg_baseline.51.dcm": (
        (0.388672, 0.388672),
        "PixelSpacing",
        SpacingPlane.PATIENT,
        ("R", "P"),
        "",  # a perfusion map of a CT
    ),
}


@pytest.mark.real_data
@pytest.mark.parametrize("name", REAL)
def test_that_real_files_say_how_large_and_which_way_they_are(viewer_data, name):
    clip = open_source(viewer_data / "dicom" / name).clip

    geometry = clip.geometry(clip.frames - 1)

    found = (
        geometry.spacing_mm,
        geometry.spacing_source,
        geometry.spacing_plane,
        geometry.orientation,
        clip.value_unit,
    )
    assert found == REAL[name]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "line", "wanted"),
    [
        ("pydicom-data/OBXXXX1A.dcm", [(200, 100), (300, 100)], (0.2622878766, "ultrasound region 1")),
        ("pydicom-data/OBXXXX1A.dcm", [(200, 530), (300, 530)], (1.0, "not calibrated")),  # an ECG
        ("pydicom-data/OBXXXX1A.dcm", [(200, 100), (50, 100)], (1.0, "not calibrated")),  # out of the sector
        ("pydicom-data/gdcm-US-ALOKA-16.dcm", [(100, 200), (200, 200)], (0.3826530650, "ultrasound region 1")),
        ("pydicom-data/gdcm-US-ALOKA-16.dcm", [(400, 200), (500, 200)], (0.3826530650, "ultrasound region 2")),
        ("pydicom-data/gdcm-US-ALOKA-16.dcm", [(300, 200), (400, 200)], (1.0, "not calibrated")),  # across both
        (
            "pydicom-data/gdcm-US-ALOKA-16.dcm",
            [(40, 50), (100, 90)],
            (0.3826530650, "ultrasound region 1"),
        ),  # grey bar
        # One step to the right is a negative one in this file.
        (
            "dicomParser/encapsulated/multi-frame/IM00001.implicit_little_endian.dcm",
            [(10, 30), (99, 30)],
            (2.2937500819, "ultrasound region 2"),
        ),
        # 320 columns wide, with a region up to column 595: it kept the regions of a larger picture.
        ("pydicom/examples_ybr_color.dcm", [(100, 100), (200, 100)], (1.0, "not calibrated")),
    ],
)
def test_that_ultrasound_is_measured_by_region(viewer_data, name, line, wanted):
    clip = open_source(viewer_data / "dicom" / name).clip

    scale = scale_of(clip, clip.frames - 1, line)

    assert scale.width == pytest.approx(wanted[0], rel=1e-8)
    assert scale.basis == wanted[1]


@pytest.mark.real_data
def test_that_a_real_pixel_aspect_keeps_its_shape_and_gives_no_millimetres(viewer_data):
    clip = open_source(viewer_data / "dicom/pydicom-data/color-pl.dcm").clip

    scale = scale_of(clip, 0, [(0, 0), (1, 1)])

    assert (scale.width, scale.unit) == (1.0, "px")
    assert scale.height == pytest.approx(4 / 3)
    assert whole_scale(clip, 0) is None


@pytest.mark.real_data
def test_that_no_real_file_has_a_size_it_does_not_state(viewer_data):
    for path in (viewer_data / "dicom").rglob("*.dcm"):
        try:
            clip = open_source(path).clip
        except ViewerError:  # some files are broken on purpose; another test tells which
            continue
        scale = scale_of(clip, clip.frames - 1, [(clip.columns / 2, clip.rows / 2)])
        assert scale.calibrated == (clip.spacing_mm is not None or scale.basis.startswith("ultrasound region"))
        assert np.isfinite([scale.width, scale.height]).all()
