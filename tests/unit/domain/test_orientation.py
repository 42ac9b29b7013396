import pytest

from viewer.domain.orientation import direction_letters, opposite


@pytest.mark.parametrize(
    ("cosines", "wanted"),
    [
        ((1, 0, 0), "L"),
        ((-1, 0, 0), "R"),
        ((0, 1, 0), "P"),
        ((0, -1, 0), "A"),
        ((0, 0, 1), "H"),
        ((0, 0, -1), "F"),
        ((0, 0.9272, -0.3746), "PF"),
        ((-0.57735, 0.57736, 0.57734), "PRH"),
        ((0.995, 0.0995, 0), "L"),  # 5.7° off
        ((0.9945, 0.1045, 0), "LP"),  # 6°
    ],
)
def test_that_a_direction_is_told_in_letters_strongest_first(cosines, wanted):
    assert direction_letters(cosines) == wanted


def test_that_the_opposite_direction_has_opposite_letters():
    assert [opposite(letters) for letters in ("L", "PF", "RAH", "")] == ["R", "AH", "LPF", ""]
