import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.present.scale_bar import scale_bar


@pytest.mark.parametrize(
    ("mm_per_pixel", "longest", "mm", "words"),
    [
        (0.5, 200, 100, "10 cm"),
        (0.5, 199, 50, "5 cm"),
        (0.5, 60, 20, "2 cm"),
        (0.1, 100, 10, "1 cm"),  # fits exactly
        (0.1, 99, 5, "5 mm"),
        (0.01, 150, 1, "1 mm"),
        (0.01, 99, 0.5, "500 µm"),
        (0.0001, 150, 0.01, "10 µm"),
        (0.00001, 80, 0.0005, "0.5 µm"),
        (100, 120, 10_000, "10 m"),
    ],
)
def test_that_a_bar_has_a_round_length_that_fits(mm_per_pixel, longest, mm, words):
    bar = scale_bar(mm_per_pixel, longest)

    assert bar.mm == pytest.approx(mm)
    assert bar.pixels == pytest.approx(mm / mm_per_pixel)
    assert bar.words == words


@given(st.floats(1e-6, 1e3), st.floats(20, 2000))
def test_that_a_bar_is_never_too_long_and_never_much_too_short(mm_per_pixel, longest):
    bar = scale_bar(mm_per_pixel, longest)

    assert longest * 0.4 * (1 - 1e-6) <= bar.pixels <= longest * (1 + 1e-6)


@pytest.mark.parametrize(("mm_per_pixel", "longest"), [(None, 100), (0.1, 0), (0.1, float("inf"))])
def test_that_there_is_no_bar_without_calibration_or_room(mm_per_pixel, longest):
    assert scale_bar(mm_per_pixel, longest) is None
