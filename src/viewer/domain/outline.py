"""A line around what a map finds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outline:
    """A line drawn over the image around what a map finds, thin enough to hide nothing.

    Attributes:
        title: In words for the reader, such as what is outlined.
        values: float32 (h, w), finite, covers the whole network input field of view, such as the probabilities of a
            mask; any grid, for the line runs smoothly between the centres of its cells.
        level: The line runs where the values cross it, and around what lies above.
        legend: What the line means, in a few words.
    """

    title: str
    values: NDArray[np.float32]
    level: float = 0.5
    legend: str = ""

    def __post_init__(self) -> None:
        """Check the shape and make the map read-only."""
        if self.values.ndim != 2:
            raise ValueError(f"an outline is that of a two-dimensional map, not of {self.values.shape}")
        self.values.setflags(write=False)
