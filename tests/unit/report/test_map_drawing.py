import re

import numpy as np
import pytest

from viewer.domain.result import Scatter
from viewer.present.categories import CLASS_COLOURS, CLASS_SHAPES
from viewer.report.map_drawing import CORNERS, legend_signs, map_drawing

NAMES = ("a_lines", "b_lines", "consolidation")
WAY = np.array([[0, 0], [4, 0], [4, 3]], np.float32)


def scatter(n=12, names=NAMES, path=WAY, here=1):
    points = np.random.default_rng(0).normal(0, 5, (n, 2)).astype(np.float32)
    return Scatter(title="Map", points=points, kinds=np.arange(n) % len(names), names=names, path=path, here=here)


def paths(drawn, colour):
    return re.findall(rf'<path d="([^"]*)" fill="{colour}"', drawn)


def test_that_every_class_has_its_marks_in_its_colour_and_shape():
    drawn = map_drawing(scatter())
    colours = CLASS_COLOURS["light"]
    (discs,) = re.findall(rf'<path d="([^"]*)" stroke="{colours[0]}" stroke-width="22" stroke-linecap="round"', drawn)
    assert discs.count("M") == discs.count("h0") == 4
    for colour, corners in zip(colours[1:3], (4, 3), strict=True):
        (marks,) = paths(drawn, colour)
        assert marks.count("M") == marks.count("z") == 4
        assert len(re.findall(r"-?\d+", re.search(r"l([^z]*)z", marks)[1])) == 2 * (corners - 1)


def test_that_all_classes_have_a_shape_to_be_drawn():
    assert {"disc", *CORNERS} == set(CLASS_SHAPES)
    names = tuple(f"class_{number}" for number in range(20))
    drawn = map_drawing(scatter(40, names))
    assert len(re.findall("<path d=", drawn)) == len(names) + 4
    assert len(legend_signs(scatter(40, names))) == len(names) + 2


def test_that_the_path_has_arrows_and_ends_in_a_sign_for_the_frame_on_screen():
    drawn = map_drawing(scatter())
    assert drawn.count("<polyline") == 2
    heads = re.findall(r'<path d="(M[^"]*z)" fill="var\(--text\)"', drawn)
    assert [head.count("M") for head in heads] == [2]
    assert drawn.count("<circle") == 4
    still = map_drawing(scatter(path=WAY[:1], here=0))
    assert still.count("<polyline") == 0
    assert still.count("<circle") == 4
    assert [words for _, words in legend_signs(scatter(path=WAY[:1], here=0))][3:] == ["this frame"]


def test_that_up_is_up_as_in_the_window():
    path = np.array([[0, 0], [0, 10]], np.float32)
    drawn = map_drawing(scatter(path=path, here=1))
    start, end = (float(y) for y in re.findall(r",(\d+)", re.search(r'points="([^"]*)"', drawn)[1]))
    assert end < start


def test_that_everything_lies_within_the_drawing():
    drawn = map_drawing(scatter(500))
    width, height = (float(side) for side in re.search(r'viewBox="0 0 (\d+) (\d+)"', drawn).groups())
    starts = np.array(re.findall(r"M(-?\d+) (-?\d+)", drawn), float)
    assert (starts > 0).all()
    assert (starts < (width, height)).all()


def test_that_a_large_map_stays_small_and_names_no_address():
    drawn = map_drawing(scatter(1000))
    assert len(drawn) < 22_000
    assert "http" not in drawn
    assert "id=" not in drawn


@pytest.mark.parametrize("n", [0, 1])
def test_that_an_almost_empty_map_can_be_drawn(n):
    assert "<svg" in map_drawing(scatter(n, path=WAY[:1], here=0))
    assert map_drawing(scatter(0, path=WAY[:0], here=None)) == ""
