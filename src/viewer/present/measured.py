"""How measured values are written."""

from collections.abc import Sequence

from viewer.domain.measure import Measurement
from viewer.domain.roi import Statistics
from viewer.present.texts import marked, tr

NAMES = {
    "length": marked("Length"),
    "area": marked("Area"),
    "perimeter": marked("Perimeter"),
    "angle": marked("Angle"),
}
"""Names of measured values, as the domain gives them, for a person."""

CHANNELS = {"red": marked("Red mean"), "green": marked("Green mean"), "blue": marked("Blue mean"), "": marked("Mean")}
"""Means of the channels of a picture."""

_MM2_PER_CM2 = 100.0
_ABSENT = "–"


def measurement_line(measurement: Measurement) -> str:
    """A measurement in one line, without what it rests on: `Length 12.3 mm`."""
    return f"{tr(NAMES.get(measurement.name, measurement.name.capitalize()))} {value_words(measurement)}"


def measurement_lines(measurements: Sequence[Measurement]) -> tuple[str, ...]:
    """One line each; a value that stands alone needs no name."""
    if len(measurements) == 1:
        return (value_words(measurements[0]),)
    return tuple(measurement_line(entry) for entry in measurements)


def value_words(measurement: Measurement) -> str:
    """Value and unit to the digits a reader can set by hand: `12.3 mm`, `4.56 cm²`, `12.3°`."""
    value, unit = measurement.value, measurement.unit
    if value is None:
        return _ABSENT
    if unit == "°":
        return f"{value:.1f}°"
    if unit == "mm²" and value >= _MM2_PER_CM2:
        value, unit = value / _MM2_PER_CM2, "cm²"
    return f"{_three_digits(value)} {unit}"


def basis_words(measurements: Sequence[Measurement]) -> str:
    """What measurements of one annotation rest on, once, and why there are no millimetres; `""` for none."""
    if not measurements:
        return ""
    first = measurements[0]
    reasons = dict.fromkeys(entry.note for entry in measurements if entry.note)
    return "; ".join((tr(first.basis), *map(tr, reasons)))


def statistics_lines(statistics: Sequence[Statistics]) -> tuple[str, ...]:
    """One line per channel: `Mean 41.2 HU   SD 10.3   min 12   max 78   n 314`."""
    return tuple(_statistics_line(entry) for entry in statistics)


def _statistics_line(entry: Statistics) -> str:
    mean = f"{_four_digits(entry.mean)} {entry.unit}".rstrip()
    sd = _ABSENT if entry.sd is None else _four_digits(entry.sd)
    low, high = _four_digits(entry.minimum), _four_digits(entry.maximum)
    words = tr("{channel} {mean}   SD {sd}   min {low}   max {high}   n {count}")
    return words.format(channel=tr(CHANNELS[entry.channel]), mean=mean, sd=sd, low=low, high=high, count=entry.pixels)


def _three_digits(value: float) -> str:
    if value >= 99.95:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"


def _four_digits(value: float) -> str:
    """Four significant digits, and every digit of what is larger."""
    return f"{value:.0f}" if abs(value) >= 999.95 else f"{value:.4g}"
