from pathlib import Path

import numpy as np
import pytest

from viewer.domain.annotation import Annotation, Kind
from viewer.domain.display import GreyDisplay
from viewer.domain.image import Clip, Frame, FrameGeometry, Region
from viewer.domain.measured import mask_of, measurements, statistics
from viewer.io.reader import open_source

REGION = Region(
    left=0,
    top=0,
    right=49,
    bottom=49,
    spatial_format="2D",
    data_type="tissue",
    units=("cm", "cm"),
    delta=(0.05, 0.05),
)


def clip(**fields) -> Clip:
    given = {"kind": "dicom", "frames": 2, "rows": 100, "columns": 100, "photometric": "MONOCHROME2", **fields}
    return Clip(path=Path("a.dcm"), **given)


def drawn(kind: Kind, *points: tuple[float, float], frame: int = 0) -> Annotation:
    return Annotation(kind=kind, frame=frame, points=points, text="x")


SPACED = clip(spacing_mm=(2.0, 0.5), spacing_source="PixelSpacing")


@pytest.mark.parametrize(
    ("annotation", "wanted"),
    [
        (drawn(Kind.DISTANCE, (0, 0), (6, 2)), {"length": 5.0}),
        (drawn(Kind.ANGLE, (8, 0), (0, 0), (4, 1)), {"angle": 45.0}),
        (drawn(Kind.COBB, (0, 0), (8, 0), (0, 9), (4, 10)), {"angle": 45.0}),
        (drawn(Kind.RECTANGLE, (0, 0), (6, 2)), {"area": 12.0, "perimeter": 14.0}),
        (drawn(Kind.ELLIPSE, (0, 0), (8, 2)), {"area": 4 * np.pi, "perimeter": 4 * np.pi}),
        (drawn(Kind.POLYGON, (0, 0), (6, 0), (0, 2)), {"area": 6.0, "perimeter": 12.0}),
        (drawn(Kind.ARROW, (0, 0), (6, 2)), {}),
        (drawn(Kind.TEXT, (0, 0)), {}),
        (Annotation(kind=Kind.KEY_IMAGE, frame=0), {}),
    ],
)
def test_that_every_kind_measures_what_it_is_for(annotation, wanted):
    found = measurements(annotation, SPACED)

    assert {entry.name: entry.value for entry in found} == pytest.approx(wanted)
    assert {entry.basis for entry in found} <= {"PixelSpacing"}


def test_that_the_calibration_is_that_of_its_frame():
    frames = (FrameGeometry(spacing_mm=(1, 1), spacing_source="PixelSpacing"), FrameGeometry())
    uneven = clip(frame_geometries=frames)

    units = [measurements(drawn(Kind.DISTANCE, (0, 0), (6, 2), frame=index), uneven)[0].unit for index in range(2)]

    assert units == ["mm", "px"]


@pytest.mark.parametrize("kind", [Kind.RECTANGLE, Kind.ELLIPSE])
def test_that_an_area_is_measured_where_the_whole_of_it_lies_in_a_region(kind):
    inside, across = (measurements(drawn(kind, (10, 40), (30, end)), clip(regions=(REGION,)))[0] for end in (20, 60))

    assert (inside.unit, inside.basis) == ("mm²", "ultrasound region 1")
    assert (across.unit, across.note) == ("px²", "it leaves its ultrasound region")


def test_that_statistics_are_of_the_pixels_it_encloses():
    values = np.arange(16, dtype=np.int16).reshape(4, 4)
    frame = Frame(values=values, grey=GreyDisplay(center=0, width=1, intercept=-1000.0))
    small = clip(rows=4, columns=4, value_unit="HU")

    (found,) = statistics(drawn(Kind.RECTANGLE, (1, 1), (3, 3)), frame, small)

    assert (found.mean, found.pixels, found.unit) == (-992.5, 4, "HU")  # 5, 6, 9, 10
    assert statistics(drawn(Kind.DISTANCE, (1, 1), (3, 3)), frame, small) == ()
    assert not mask_of(drawn(Kind.ARROW, (1, 1), (3, 3)), 4, 4).any()
    assert mask_of(drawn(Kind.POLYGON, (1, 1), (3, 1), (3, 3), (1, 3)), 4, 4).sum() == 4
    assert mask_of(drawn(Kind.ELLIPSE, (0, 0), (4, 4)), 4, 4).sum() == 12


@pytest.mark.real_data
def test_that_a_real_ct_is_measured_in_hounsfield_units_and_millimetres(viewer_data):
    source = open_source(viewer_data / "dicom/pydicom/CT_small.dcm")
    box = drawn(Kind.RECTANGLE, (40, 40), (60, 60))
    stored = source.decode(0).values[40:60, 40:60].astype(float)

    (found,) = statistics(box, source.decode(0), source.clip)

    assert (found.mean, found.sd) == pytest.approx((stored.mean() - 1024, stored.std(ddof=1)))
    assert (found.pixels, found.unit, found.basis) == (400, "HU", "rescaled values")
    assert measurements(box, source.clip)[0].value == pytest.approx((20 * 0.661468) ** 2)
