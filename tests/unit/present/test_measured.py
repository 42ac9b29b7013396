import pytest

from viewer.domain.measure import Measurement
from viewer.domain.roi import Statistics
from viewer.present.measured import basis_words, measurement_line, statistics_lines, value_words


def measured(value: float | None, unit: str = "mm", name: str = "length", **fields) -> Measurement:
    return Measurement(name=name, value=value, unit=unit, basis="PixelSpacing", **fields)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (1.234, "mm", "1.23 mm"),
        (9.996, "mm", "10.0 mm"),
        (12.34, "mm", "12.3 mm"),
        (99.96, "mm", "100 mm"),
        (123.4, "mm", "123 mm"),
        (0.0, "mm", "0.00 mm"),
        (123.4, "px", "123 px"),
        (45.67, "°", "45.7°"),
        (99.4, "mm²", "99.4 mm²"),
        (123.4, "mm²", "1.23 cm²"),
        (12_345, "mm²", "123 cm²"),
        (12_345, "px²", "12345 px²"),
        (None, "mm²", "–"),
    ],
)
def test_that_values_have_the_digits_a_hand_can_set(value, unit, words):
    assert value_words(measured(value, unit)) == words


def test_that_a_line_names_what_was_measured():
    assert measurement_line(measured(12.3, name="perimeter")) == "Perimeter 12.3 mm"


def test_that_what_measurements_rest_on_is_said_once_with_the_reasons():
    crossing = measured(None, "mm²", note="the outline crosses itself")

    assert basis_words([crossing, measured(3.0)]) == "PixelSpacing; the outline crosses itself"
    assert basis_words([measured(3.0), measured(4.0)]) == "PixelSpacing"
    assert basis_words([]) == ""


def test_that_statistics_are_one_line_per_channel():
    def entry(channel: str, **changes) -> Statistics:
        fields = {"pixels": 314, "mean": 41.234, "sd": 10.26, "minimum": -12.0, "maximum": 1078.4, "unit": "HU"}
        return Statistics(**{**fields, "basis": "rescaled values", "channel": channel, **changes})

    assert statistics_lines([entry("")]) == ("Mean 41.23 HU   SD 10.26   min -12   max 1078   n 314",)
    red, blue = statistics_lines([entry("red", unit="", sd=None, pixels=1), entry("blue", unit="")])
    assert red == "Red mean 41.23   SD –   min -12   max 1078   n 1"
    assert blue.startswith("Blue mean 41.23   SD 10.26")
