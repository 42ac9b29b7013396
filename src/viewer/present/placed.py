"""A value among those of other pictures: where it lies on a small strip, and the same in words.

The window and the report draw the same strip and say the same words.
"""

from dataclasses import dataclass

import numpy as np

from viewer.domain.result import Placement
from viewer.present.texts import marked, tr
from viewer.present.wording import percent

BINS = 28
"""Bars of a strip."""

KEPT = 0.01
"""Share of the others at either end that may lie beyond the strip, which one outlier would stretch otherwise."""

UNUSUAL, USUAL = marked("unlike"), marked("usual")
"""Words for the left and the right end of every strip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """How a value and the others are drawn, the unusual end at the left.

    Attributes:
        heights: Of `BINS` bars, [0, 1], the tallest 1.
        mark: Place of the value from left to right, [0, 1].
        beyond: Whether the value lies outside the strip, at the end where the mark is.
        below: Bars left of the mark, which stand for others that are more unusual.
    """

    heights: tuple[float, ...]
    mark: float
    beyond: bool
    below: int


def strip(item: Placement) -> Strip:
    """Bars over the middle 98 % of the others, and a little beyond."""
    sign = 1.0 if item.high_is_usual else -1.0
    others = sign * np.asarray(item.sample, np.float64)
    low, high = np.quantile(others, [KEPT, 1 - KEPT])
    margin = 0.04 * (high - low) or 0.5 * abs(high) or 0.5
    low, high = low - margin, high + margin
    counts, _ = np.histogram(np.clip(others, low, high), BINS, (low, high))
    place = (sign * item.value - low) / (high - low)
    mark = min(max(place, 0.0), 1.0)
    return Strip(
        heights=tuple((counts / counts.max()).tolist()),
        mark=mark,
        beyond=not 0 <= place <= 1,
        below=int(mark * BINS),
    )


def value_text(value: float) -> str:
    """Three significant digits."""
    return f"{value:.3g}".replace("-", "−")


def share_text(item: Placement) -> str:
    """How many of the others are at least as unusual."""
    return tr("{share} are as unlike").format(share=percent(item.share))


def placed_words(item: Placement) -> str:
    """One value and its place in a sentence, for those who do not see the strip."""
    low, high = (value_text(float(end)) for end in np.quantile(item.sample, [0.1, 0.9]))
    words = tr("{title}: {value}, most others {low} to {high}; {share}: {words}.")
    return words.format(
        title=item.title, value=value_text(item.value), low=low, high=high, share=share_text(item), words=item.words
    )
