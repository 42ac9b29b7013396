import pytest

from viewer.domain.percent import ceiling_percent, floor_percent


@pytest.mark.parametrize(
    ("share", "below", "above"),
    [
        (0.59, "59.0 %", "59.0 %"),
        (0.58999, "58.9 %", "59.0 %"),
        (0.5901, "59.0 %", "59.1 %"),
        (0.29, "29.0 %", "29.0 %"),
    ],
)
def test_that_a_threshold_is_rounded_up_and_what_is_compared_with_it_down(share, below, above):
    assert (floor_percent(share), ceiling_percent(share)) == (below, above)


def test_that_more_decimals_can_be_had():
    assert (floor_percent(0.123456, 3), ceiling_percent(0.123456, 3)) == ("12.345 %", "12.346 %")
