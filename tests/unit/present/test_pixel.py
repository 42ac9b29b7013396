import numpy as np
import pytest

from viewer.domain.display import GreyDisplay
from viewer.domain.image import Frame
from viewer.present.pixel import pixel_words

CT = Frame(
    values=np.array([[0, 100, -2000], [1024, 5, 7]], np.int16),
    grey=GreyDisplay(center=40, width=400, intercept=-1024, padding=(-2000, -2000)),
)


@pytest.mark.parametrize(
    ("point", "words"),
    [
        ((0.0, 0.0), "x 0  y 0   −1024 HU"),
        ((1.9, 0.9), "x 1  y 0   −924 HU"),
        ((0.5, 1.0), "x 0  y 1   0 HU"),
        ((2.0, 0.5), "x 2  y 0   padding"),
        ((3.0, 0.5), ""),
        ((-0.01, 0.5), ""),
        ((0.5, 2.0), ""),
    ],
)
def test_that_grey_is_told_after_the_rescale_with_its_unit(point, words):
    assert pixel_words(CT, point, "HU") == words


def test_that_colour_is_told_as_three_values():
    frame = Frame(values=np.array([[[1, 20, 255]]], np.uint8), grey=None)
    assert pixel_words(frame, (0.5, 0.5)) == "x 0  y 0   R 1  G 20  B 255"


def test_that_real_numbers_are_told_with_five_digits():
    frame = Frame(values=np.array([[0.123456]], np.float32), grey=GreyDisplay(center=0, width=1))
    assert pixel_words(frame, (0.5, 0.5), "SUV") == "x 0  y 0   0.12346 SUV"
