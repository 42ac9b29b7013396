from pathlib import Path

import pytest

from viewer.domain.calibration import Scale, scale_of, whole_scale
from viewer.domain.image import Clip, FrameGeometry, Region, SpacingPlane


def clip(**fields) -> Clip:
    given = {"kind": "dicom", "frames": 1, "rows": 100, "columns": 200, "photometric": "RGB", **fields}
    return Clip(path=Path("a.dcm"), **given)


def region(left: int, top: int, right: int, bottom: int, **changes) -> Region:
    fields = {
        "spatial_format": "2D",
        "data_type": "tissue",
        "units": ("cm", "cm"),
        "delta": (0.01, 0.02),
        **changes,
    }
    return Region(left=left, top=top, right=right, bottom=bottom, **fields)


LEFT, RIGHT = region(0, 0, 99, 79), region(100, 0, 199, 79)
M_MODE = region(0, 80, 199, 99, spatial_format="M-mode", units=("s", "cm"), delta=(0.01, 0.05))
INSIDE = [(10, 10), (50, 60)]


@pytest.mark.parametrize(
    ("plane", "wanted"),
    [
        (SpacingPlane.PATIENT, "PixelSpacing"),
        (SpacingPlane.DETECTOR, "at the detector"),
        (SpacingPlane.FILM, "on the scanned film"),
        (SpacingPlane.UNKNOWN, "PixelSpacing, magnification unknown"),
    ],
)
def test_that_a_spacing_gives_millimetres_and_says_where(plane, wanted):
    scale = scale_of(clip(spacing_mm=(0.5, 0.25), spacing_source="PixelSpacing", spacing_plane=plane), 0, INSIDE)

    assert scale == Scale(width=0.25, height=0.5, unit="mm", basis=wanted)


def test_that_without_calibration_pixels_are_counted_in_their_own_shape():
    scale = scale_of(clip(pixel_aspect=1.25), 0, INSIDE)

    assert scale == Scale(width=1.0, height=1.25, unit="px", basis="not calibrated")


def test_that_a_frame_has_its_own_spacing():
    frames = (FrameGeometry(spacing_mm=(1, 1), spacing_source="PixelSpacing"), FrameGeometry())
    uneven = clip(frames=2, frame_geometries=frames)

    assert [scale_of(uneven, index, INSIDE).unit for index in range(2)] == ["mm", "px"]


def test_that_a_line_within_a_region_is_measured_by_it_and_not_by_the_spacing():
    scale = scale_of(clip(regions=(LEFT, RIGHT), spacing_mm=(9, 9)), 0, [(110, 10), (150, 20)])

    assert scale == Scale(width=0.1, height=0.2, unit="mm", basis="ultrasound region 2")


def test_that_a_region_reaches_to_the_outer_edge_of_its_last_pixel():
    assert scale_of(clip(regions=(LEFT,)), 0, [(0, 0), (100, 80)]).calibrated
    assert not scale_of(clip(regions=(LEFT,)), 0, [(0, 0), (100.1, 80)]).calibrated


@pytest.mark.parametrize(
    ("regions", "points", "note"),
    [
        ((LEFT, RIGHT), [(10, 10), (150, 10)], "it leaves its ultrasound region"),
        ((LEFT,), [(10, 10), (150, 10)], "it leaves its ultrasound region"),
        ((LEFT,), [(150, 90), (160, 90)], "it lies outside the ultrasound regions"),
        ((LEFT, M_MODE), [(10, 10), (10, 90)], "it leaves its ultrasound region"),
        ((LEFT, M_MODE), [(10, 85), (50, 95)], "ultrasound region 2 (M-mode) measures no lengths"),
        ((region(0, 0, 99, 79, units=("cm", "cm/s")),), INSIDE, "ultrasound region 1 (2D) measures no lengths"),
        ((region(0, 0, 99, 79, units=("cm", "")),), INSIDE, "ultrasound region 1 (2D) measures no lengths"),
        ((region(0, 0, 99, 79, delta=(0.01, 0.0)),), INSIDE, "ultrasound region 1 (2D) measures no lengths"),
        (
            (region(0, 0, 99, 79, spatial_format="spectral", units=("s", "cm/s")),),
            INSIDE,
            "ultrasound region 1 (spectral) measures no lengths",
        ),
    ],
)
def test_that_a_line_that_no_region_measures_counts_pixels_and_says_why(regions, points, note):
    scale = scale_of(clip(regions=regions, spacing_mm=(0.5, 0.5), spacing_source="PixelSpacing"), 0, points)

    assert (scale.unit, scale.basis, scale.note) == ("px", "not calibrated", note)


def test_that_a_line_through_a_region_within_a_region_is_measured_only_where_both_agree():
    flow = region(40, 40, 60, 60, data_type="colour flow")
    other = region(40, 40, 60, 60, data_type="colour flow", delta=(0.03, 0.03))

    assert scale_of(clip(regions=(LEFT, flow)), 0, [(10, 50), (90, 50)]).basis == "ultrasound region 1"
    assert scale_of(clip(regions=(LEFT, flow)), 0, [(45, 50), (55, 50)]).calibrated
    for line in ([(10, 50), (90, 50)], [(45, 50), (55, 50)]):
        crossed = scale_of(clip(regions=(LEFT, other)), 0, line)
        assert (crossed.unit, crossed.note) == ("px", "it lies in ultrasound regions that measure differently")
    assert scale_of(clip(regions=(LEFT, other)), 0, [(10, 10), (90, 10)]).calibrated  # past it


def test_that_an_outline_around_another_region_is_not_measured():
    inner = region(40, 40, 60, 60, spatial_format="spectral", units=("s", "cm/s"))
    around = [(20, 20), (80, 20), (80, 70), (20, 70)]

    assert not scale_of(clip(regions=(LEFT, inner)), 0, around, closed=True).calibrated
    assert scale_of(clip(regions=(LEFT, inner)), 0, around, closed=False).calibrated  # a line around it


def test_that_bars_and_graphics_within_a_region_do_not_matter():
    bar = region(0, 0, 199, 99, spatial_format="none", units=("", ""), delta=(1, 1))

    assert scale_of(clip(regions=(bar, LEFT)), 0, INSIDE).basis == "ultrasound region 2"
    only_bar = clip(regions=(bar,), spacing_mm=(0.5, 0.5), spacing_source="PixelSpacing")
    assert scale_of(only_bar, 0, INSIDE).basis == "PixelSpacing"


def test_that_a_size_counted_backwards_is_a_size():
    scale = scale_of(clip(regions=(region(0, 0, 99, 79, delta=(-0.01, 0.02)),)), 0, INSIDE)

    assert (scale.width, scale.height) == (0.1, 0.2)


@pytest.mark.parametrize(
    ("edges", "believed"),
    [((0, 0, 200, 100), True), ((0, 0, 201, 99), False), ((0, 0, 199, 101), False), ((-1, 0, 50, 50), False)],
)
def test_that_regions_of_another_size_of_picture_are_not_believed(edges, believed):
    picture = clip(regions=(LEFT, region(*edges)))

    scale = scale_of(picture, 0, INSIDE)

    assert scale.calibrated is believed
    assert (whole_scale(picture, 0) is not None) is believed
    if not believed:
        assert scale.note == "the ultrasound regions belong to a picture of another size"


def test_that_the_whole_picture_has_one_scale_or_none():
    spaced = {"spacing_mm": (0.5, 0.25), "spacing_source": "PixelSpacing"}
    other = region(100, 0, 199, 79, delta=(0.03, 0.03))

    assert whole_scale(clip(**spaced), 0).width == 0.25
    assert whole_scale(clip(regions=(LEFT, RIGHT, M_MODE)), 0).basis == "ultrasound region 1"
    assert whole_scale(clip(regions=(LEFT, other)), 0) is None
    assert whole_scale(clip(regions=(M_MODE,), **spaced), 0) is None
    assert whole_scale(clip(), 0) is None


def test_that_a_pixel_without_size_is_refused():
    with pytest.raises(ValueError, match="has no size"):
        Scale(width=0, height=1, unit="mm", basis="")
