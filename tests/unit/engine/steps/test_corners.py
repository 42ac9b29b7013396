"""Where the round field of a dermatoscope lies."""

import numpy as np
import pytest
from numpy.typing import NDArray

from viewer.engine.steps.corners import lit_box, round_field

ROWS, COLUMNS = 240, 320


def seen_through(x: float, y: float, radius: float, *, lesion: tuple[int, int] = (120, 160)) -> NDArray[np.uint8]:
    """Skin with a dark lesion, black outside a circle with a soft edge; all in pixels."""
    down, along = np.mgrid[:ROWS, :COLUMNS] + 0.5
    skin = 200 - 130 * (np.hypot(along - lesion[1], down - lesion[0]) < 45)
    light = np.clip((radius - np.hypot(along - x, down - y)) / 6 + 0.5, 0.06, 1)
    tint = np.array([1.0, 0.75, 0.65])
    return np.rint(skin[..., None] * light[..., None] * tint).astype(np.uint8)


@pytest.mark.parametrize(
    ("x", "y", "radius"), [(160, 120, 165), (160, 120, 110), (150, 130, 150), (175, 112, 130), (160, 120, 178)]
)
def test_that_the_circle_is_found(x: float, y: float, radius: float) -> None:
    field = round_field(seen_through(x, y, radius))
    assert field is not None
    found = np.array([field.x, field.y, field.radius]) * COLUMNS
    np.testing.assert_allclose(found, [x, y, radius], atol=3)


@pytest.mark.parametrize("radius", [110, 150, 165])
def test_that_no_corner_is_left_dark_and_little_skin_is_lost(radius: float) -> None:
    rgb = seen_through(160, 120, radius)
    top, left, bottom, right = lit_box(rgb)
    left_over = rgb[top:bottom, left:right]
    assert min(part.max() for part in (left_over[0, 0], left_over[-1, -1], left_over[0, -1])) > 100
    assert left_over.shape[0] * left_over.shape[1] >= 0.99 * 2 * min(radius, 120) ** 2


def test_that_a_picture_without_corners_stays_whole() -> None:
    rgb = seen_through(160, 120, 400)
    assert round_field(rgb) is None
    assert lit_box(rgb) == (0, 0, ROWS, COLUMNS)


def test_that_a_dark_lesion_at_the_edge_is_no_corner() -> None:
    assert round_field(seen_through(160, 120, 400, lesion=(0, 0))) is None
    assert round_field(seen_through(160, 120, 400, lesion=(120, 0))) is None
    assert round_field(seen_through(160, 120, 165, lesion=(120, 20))) is not None


def test_that_pixels_that_are_not_square_make_no_ellipse() -> None:
    rgb = seen_through(160, 120, 150)[::2]
    field = round_field(rgb, 2.0)
    assert field is not None
    np.testing.assert_allclose(np.array([field.x, field.y, field.radius]) * COLUMNS, [160, 120, 150], atol=3)
    top, left, bottom, right = lit_box(rgb, 2.0)
    whole = lit_box(seen_through(160, 120, 150))
    np.testing.assert_allclose((2 * top, left, 2 * bottom, right), whole, atol=4)


def test_that_the_size_of_the_picture_does_not_matter() -> None:
    rgb = seen_through(150, 130, 150)
    large = np.kron(rgb, np.ones((4, 4, 1), np.uint8))
    np.testing.assert_allclose(np.array(lit_box(large)) / 4, lit_box(rgb), atol=2)


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (7, 9), (2000, 3), (40, 40)])
@pytest.mark.parametrize("level", [0, 130, 255])
def test_that_nothing_is_cut_off_a_picture_of_one_colour(shape: tuple[int, int], level: int) -> None:
    assert lit_box(np.full((*shape, 3), level, np.uint8)) == (0, 0, *shape)
