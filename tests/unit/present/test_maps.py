import numpy as np

from viewer.domain.result import Scatter
from viewer.present.maps import map_words


def scatter(path=((0.1, 0.0),), here=0, points=((0, 0), (1, 0), (10, 0), (11, 0), (12, 0))):
    return Scatter(
        title="Alike as pictures",
        points=np.array(points, np.float32).reshape(-1, 2),
        kinds=np.array([0, 0, 1, 1, 1][: len(points)]),
        names=("b_lines", "healthy"),
        path=np.array(path, np.float32).reshape(-1, 2),
        here=here,
    )


def test_that_the_marks_around_a_frame_are_told_the_most_frequent_class_first():
    assert map_words(scatter()) == "Classes of the 5 marks nearest to this frame: healthy 3, b lines 2."


def test_that_the_path_is_told_by_what_it_passes():
    words = map_words(scatter(((0, 1), (0.4, 0), (9, 0), (12, 0), (1, 0)), here=2))
    assert words.endswith(
        "The 5 frames of the path pass, in order: b lines, healthy, b lines; this frame is number 3."
    )


def test_that_a_frame_without_a_place_says_so():
    assert map_words(scatter((), here=None)) == "This frame has no place on the map."
    assert map_words(scatter(points=())) == "This frame has no place on the map."
