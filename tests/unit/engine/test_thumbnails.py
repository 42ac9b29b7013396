import numpy as np
import pytest

from viewer.engine.picture import Picture
from viewer.engine.thumbnails import thumbnails


def bright(rows, columns, pixel_aspect=1.0):
    return Picture(np.full((rows, columns, 3), 200, np.uint8), pixel_aspect)


@pytest.mark.parametrize(
    ("picture", "shown"),
    [
        (bright(128, 128), (64, 64)),
        (bright(300, 600), (32, 64)),
        (bright(600, 300), (64, 32)),
        (bright(10, 20), (32, 64)),  # small ones are enlarged
        (bright(100, 200, pixel_aspect=2.0), (64, 64)),
        (bright(1, 5000), (1, 64)),
    ],
)
def test_that_the_whole_picture_lies_in_the_middle_of_a_black_square(picture, shown):
    (small,) = thumbnails([picture])
    rows, columns = (np.flatnonzero(small[..., 0].any(axis=axis)) for axis in (1, 0))
    assert (len(rows), len(columns)) == shown
    assert abs((rows[0] + rows[-1]) / 2 - 31.5) <= 0.5
    assert abs((columns[0] + columns[-1]) / 2 - 31.5) <= 0.5
    assert set(small[small > 0].tolist()) == {200}
