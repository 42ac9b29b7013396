"""What is usual: the metrics of calibration pictures beside their references, and conformal p-values by them."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from viewer.api import Conformal, State, group_weights, kept
from viewer_attention_verification.maps import gam, has_attention
from viewer_attention_verification.metrics import METRICS, Metric, Values, values_of
from viewer_attention_verification.pictures import Pictures
from viewer_attention_verification.references import References

FEWEST_GROUPS = 20
"""Groups of a class from which on its pictures are compared among themselves; else with those of all classes."""

FEWEST_IN_ALL = 5
"""Groups below which nothing is usual."""


class Known:
    """Metrics of n calibration pictures, each beside the reference of the class it was judged to be.

    Attributes:
        metrics: The M metrics.
        values: float32 (n, M); 0 where there is no attention.
        seen: Whether a picture has attention, bool (n,).
        classes: int (n,).
        groups: int (n,), numbered.
    """

    def __init__(
        self,
        metrics: Sequence[Metric],
        values: NDArray[np.float32],
        seen: NDArray[np.bool_],
        classes: NDArray[np.integer],
        groups: NDArray[np.integer],
    ) -> None:
        """Arrays as the attributes of the same name."""
        self.metrics, self.values, self.seen = tuple(metrics), values, seen
        self.classes, self.groups = classes.astype(np.intp), groups.astype(np.intp)
        self._rows: dict[int, NDArray[np.bool_]] = {}
        self._tables: dict[int, list[Conformal]] = {}

    @classmethod
    def learn(cls, pictures: Pictures, references: References, metrics: Sequence[Metric] = METRICS) -> Self | None:
        """Measure pictures the references were not made of; None where they are of too few groups."""
        names, groups = np.unique(pictures.groups, return_inverse=True)
        if len(names) < FEWEST_IN_ALL:
            return None
        values, seen = measured(metrics, pictures.attention, pictures.classes, references)
        return cls(metrics, values, seen, pictures.classes, groups)

    @classmethod
    def of(cls, state: State, part: str = "", metrics: Sequence[Metric] = METRICS) -> Self | None:
        """From a state with the arrays of `arrays`, read once; None where there are none.

        Args:
            state: With the arrays of `arrays`.
            part: As for `References.of`.
            metrics: Whose columns they have.
        """
        prefix = f"{part}." if part else ""
        if f"{prefix}known_values" not in state:
            return None
        values, seen, classes, groups = (
            state[f"{prefix}known_{name}"] for name in ("values", "seen", "classes", "groups")
        )
        return kept(
            values,
            (Known, tuple(metrics)),
            lambda: cls(metrics, values.copy(), seen.astype(np.bool_), classes, groups),
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is kept in a state: `known_values`, `known_seen`, `known_classes` and `known_groups`."""
        return {
            "known_values": self.values,
            "known_seen": self.seen.astype(np.uint8),
            "known_classes": self.classes.astype(np.int16),
            "known_groups": self.groups.astype(np.int16),
        }

    def rows_for(self, index: int) -> NDArray[np.bool_]:
        """Pictures that one judged to be of class `index` is compared with, bool (n,): its own, or all."""
        if index not in self._rows:
            own: NDArray[np.bool_] = self.classes == index
            enough = len(np.unique(self.groups[own])) >= FEWEST_GROUPS
            self._rows[index] = own if enough else np.ones(len(own), np.bool_)
        return self._rows[index]

    def p_values(self, values: NDArray[np.float32], seen: NDArray[np.bool_], classes: NDArray[np.intp]) -> Values:
        """How often a picture of a new group would look at least as unlike what is usual, float64 (B, M).

        Conformal, each group weighing alike, among the pictures of the same class where it has enough. A picture
        without attention is more unlike than any with it.

        Args:
            values: float32 (B, M), as from `measured`.
            seen: Whether there is attention, bool (B,).
            classes: int (B,).
        """
        unlike = unlikeness(self.metrics, values, seen)
        p = np.empty(unlike.shape)
        for index in set(classes.tolist()):
            mine = classes == index
            for column, conformal in enumerate(self._tables_for(index)):
                p[mine, column] = conformal(unlike[mine, column])
        return p

    def _tables_for(self, index: int) -> list[Conformal]:
        if index not in self._tables:
            rows = self.rows_for(index)
            weights = group_weights(np.unique(self.groups[rows], return_inverse=True)[1])
            unlike = unlikeness(self.metrics, self.values[rows], self.seen[rows])
            self._tables[index] = [Conformal(column, weights) for column in unlike.T]
        return self._tables[index]


def measured(
    metrics: Sequence[Metric], attention: NDArray[np.floating], classes: NDArray[np.intp], references: References
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Metrics of attention (B, h, w) beside the reference of its class (B,).

    Returns:
        float32 (B, M), as they are kept, so that equal pictures tie; 0 where there is no attention; and whether there
        is, bool (B,).
    """
    seen = has_attention(attention)
    values = np.zeros((len(attention), len(metrics)), np.float32)
    maps, usual = gam(attention[seen]), references.maps[classes[seen]]
    values[seen] = values_of(metrics, maps, usual)
    return values, seen


def unlikeness(metrics: Sequence[Metric], values: NDArray[np.floating], seen: NDArray[np.bool_]) -> Values:
    """Metrics (n, M) turned so that larger is more unlike, and infinite without attention: float64 (n, M)."""
    signs = np.array([-1.0 if metric.higher_is_alike else 1.0 for metric in metrics])
    return np.where(seen[:, None], values * signs, np.inf)
