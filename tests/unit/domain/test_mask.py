from pathlib import Path
from typing import Any

import numpy as np
import pytest

from viewer.domain.bundle import FieldOfView
from viewer.domain.image import Clip, Region
from viewer.domain.mask import MaskFound, mask_found

WHOLE = FieldOfView(left=0, top=0, right=1, bottom=1)


def clip(**known: Any) -> Clip:
    return Clip(path=Path("a"), kind="made", frames=1, rows=40, columns=60, photometric="RGB", **known)


def box(top: int, bottom: int, left: int, right: int) -> Any:
    inside = np.zeros((40, 60), bool)
    inside[top:bottom, left:right] = True
    return inside


def found(inside: Any, of: Clip | None, seen: FieldOfView = WHOLE) -> MaskFound:
    return mask_found(inside, seen, of, 0, shows="lesion", drawn_by="drawer")


def test_that_an_area_without_calibration_counts_pixels_and_invents_no_millimetres() -> None:
    mask = found(box(10, 20, 10, 30), clip())
    assert (mask.pixels, mask.share) == (200, 200 / 2400)
    assert (mask.area.value, mask.area.unit, mask.area.basis) == (200, "px²", "not calibrated")
    assert found(box(10, 20, 10, 30), None).area == mask.area


def test_that_pixels_that_are_not_square_count_in_widths() -> None:
    assert found(box(0, 10, 0, 10), clip(pixel_aspect=2.0)).area.value == 200


def test_that_a_calibrated_area_is_in_square_millimetres() -> None:
    mask = found(box(10, 20, 10, 30), clip(spacing_mm=(0.5, 0.25), spacing_source="PixelSpacing"))
    assert (mask.area.value, mask.area.unit, mask.area.basis) == (25, "mm²", "PixelSpacing")


def test_that_nothing_found_has_no_area() -> None:
    assert found(box(0, 0, 0, 0), clip(spacing_mm=(0.5, 0.5), spacing_source="PixelSpacing")).area.unit == "mm²"
    mask = found(box(0, 0, 0, 0), clip())
    assert (mask.pixels, mask.share, mask.area.value, mask.area.unit) == (0, 0, 0, "px²")


def region(left: int, right: int, size: float) -> Region:
    return Region(
        left=left,
        top=0,
        right=right,
        bottom=39,
        spatial_format="2D",
        data_type="tissue",
        units=("cm", "cm"),
        delta=(size, size),
    )


def test_that_only_a_mask_within_one_ultrasound_region_is_calibrated() -> None:
    scan = clip(regions=(region(0, 29, 0.01), region(30, 59, 0.02)))
    assert found(box(5, 15, 5, 15), scan).area.value == pytest.approx(100 * 0.1 * 0.1)
    assert found(box(5, 15, 40, 50), scan).area.value == pytest.approx(100 * 0.2 * 0.2)
    across = found(box(5, 15, 25, 35), scan).area
    assert (across.unit, across.note) == ("px²", "it leaves its ultrasound region")


@pytest.mark.parametrize(
    ("inside", "cut"),
    [
        (box(10, 20, 20, 30), False),
        (box(10, 20, 15, 30), True),
        (box(10, 20, 30, 45), True),
        (box(0, 10, 20, 30), False),
    ],
)
def test_that_a_mask_at_the_edge_of_what_was_seen_may_be_larger(inside: Any, cut: bool) -> None:
    assert found(inside, clip(), FieldOfView(left=0.25, top=0, right=0.75, bottom=1)).cut is cut
