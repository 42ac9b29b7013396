"""The usual early map, and how far those of calibration pictures are from it: values to show, no scorer."""

from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from viewer.api import Conformal, State, group_weights, kept
from viewer_attention_verification.known import unlikeness
from viewer_attention_verification.maps import Maps, early_map
from viewer_attention_verification.metrics import METRICS, Values, values_of
from viewer_attention_verification.pictures import Pictures
from viewer_attention_verification.references import mean_map


class EarlyMaps:
    """What early maps are compared with, whatever the class.

    Attributes:
        map: float32 (28, 28), in [0, 1], the mean early map.
        values: float32 (n, M), every metric of n calibration pictures beside it.
        groups: int (n,), numbered.
    """

    def __init__(self, usual: Maps, values: NDArray[np.float32], groups: NDArray[np.integer]) -> None:
        """Arrays as the attributes."""
        self.map, self.values, self.groups = usual.astype(np.float32), values, groups.astype(np.intp)

    @classmethod
    def learn(cls, usual: Pictures, others: Pictures) -> Self | None:
        """The mean map of some pictures, and the metrics of others; None where early maps were not captured."""
        if usual.early is None or others.early is None or not len(usual):
            return None
        kept = mean_map(early_map(usual.early), usual.groups).astype(np.float16)
        mean = kept.astype(np.float32)  # as it comes back from a bundle
        return cls(mean, _values(others.early, mean), np.unique(others.groups, return_inverse=True)[1])

    @classmethod
    def of(cls, state: State, part: str = "") -> Self | None:
        """From a state with the arrays of `arrays`, read once; None where there are none. As `References.of`."""
        prefix = f"{part}." if part else ""
        if f"{prefix}early_map" not in state:
            return None
        usual, values, groups = (state[f"{prefix}early_{name}"] for name in ("map", "values", "groups"))
        return kept(usual, EarlyMaps, lambda: cls(usual, values, groups))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is kept in a state."""
        return {
            "early_map": self.map.astype(np.float16),
            "early_values": self.values,
            "early_groups": self.groups.astype(np.int16),
        }

    def compared(self, early: NDArray[np.float32]) -> tuple[NDArray[np.float32], Values]:
        """Metrics of early maps (B, 28, 28), float32 (B, M), and their conformal p-values, float64 (B, M)."""
        values = _values(early, self.map)
        columns = zip(self._tables, _unlike(values).T, strict=True)
        return values, np.stack([table(column) for table, column in columns], axis=1)

    @cached_property
    def _tables(self) -> list[Conformal]:
        """One for each metric."""
        weights = group_weights(self.groups)
        return [Conformal(column, weights) for column in _unlike(self.values).T]


def _values(early: NDArray[np.float32], usual: Maps) -> NDArray[np.float32]:
    return values_of(METRICS, early_map(early), usual).astype(np.float32)


def _unlike(values: NDArray[np.float32]) -> Values:
    return unlikeness(METRICS, values, np.ones(len(values), np.bool_))
