import base64
import io

import numpy as np
from PIL import Image

from viewer.domain.bundle import FieldOfView
from viewer.domain.result import Overlay
from viewer.report.pictures import data_uri, gradient, overlaid, thumbnail

WHOLE = FieldOfView(left=0, top=0, right=1, bottom=1)


def test_that_a_thumbnail_honours_the_pixel_aspect_and_the_longest_side() -> None:
    assert thumbnail(np.zeros((100, 200, 3), np.uint8)).shape == (100, 200, 3)
    assert thumbnail(np.zeros((100, 200, 3), np.uint8), pixel_aspect=2.0).shape == (200, 200, 3)
    assert thumbnail(np.zeros((300, 640, 3), np.uint8)).shape == (150, 320, 3)
    assert thumbnail(np.zeros((1, 4000, 3), np.uint8)).shape == (1, 320, 3)


def test_that_an_overlay_covers_its_field_of_view_alone() -> None:
    picture = np.full((4, 8, 3), 100, np.uint8)
    overlay = Overlay(title="map", values=np.ones((2, 2), np.float32), colour_map="gray")
    shown = overlaid(picture, overlay, FieldOfView(left=0.25, top=0, right=0.75, bottom=1))
    assert shown[:, :2].tolist() == picture[:, :2].tolist()
    assert shown[:, 6:].tolist() == picture[:, 6:].tolist()
    assert np.unique(shown[:, 2:6]).tolist() == [178]  # half of 100 and half of 255, rounded to even
    assert (picture == 100).all()


def test_that_what_is_not_known_stays_transparent() -> None:
    values = np.array([[np.nan, 0.0]], np.float32)
    shown = overlaid(np.full((1, 2, 3), 100, np.uint8), Overlay(title="m", values=values, colour_map="gray"), WHOLE)
    assert shown[0, :, 0].tolist() == [100, 50]


def test_that_a_data_uri_is_the_picture_and_nothing_else() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)
    head, _, body = data_uri(picture).partition(",")
    assert head == "data:image/png;base64"
    with Image.open(io.BytesIO(base64.b64decode(body))) as image:
        assert np.array_equal(np.asarray(image), picture)
        assert image.info == {}


def test_that_a_legend_runs_from_low_to_high() -> None:
    assert gradient("gray") == "linear-gradient(to right, #000000, #333333, #666666, #999999, #cccccc, #ffffff)"
