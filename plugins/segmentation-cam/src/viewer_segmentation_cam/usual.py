"""What outlines are usually like: the facts of a model's own masks of calibration pictures."""

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from viewer.api import Calibration, Evidence, Rarity, State, group_weights, has_mask, kept
from viewer_segmentation_cam.facts import FACTS, Values, facts_of

FEWEST = 20
"""Groups below which nothing is usual: among fewer, one in twenty is less than one."""

COUNTED = {index: fact.counts_from for index, fact in enumerate(FACTS) if fact.counts_from > 0}
"""Facts that count against a mask, and from which share on."""

UNUSUAL = 0.05
"""p below which an outline is too unlike usual ones to be relied on."""


class Usual:
    """Facts of the masks of n calibration pictures, float64 (n, F), and their groups, int (n,), numbered from 0."""

    def __init__(self, facts: Values, groups: NDArray[np.integer]) -> None:
        """Arrays as the attributes of the same name."""
        self.facts, self.groups = facts, groups.astype(np.intp)
        weights = group_weights(self.groups)
        self._low = [Rarity(-column, weights) for column in facts.T]
        self._high = [Rarity(column, weights) for column in facts.T]
        self._together = Rarity(self._strangeness(facts), weights)

    @classmethod
    def learn(cls, facts: Values, names: NDArray[np.str_]) -> Self | None:
        """From facts (n, F) and the name of each one's group (n,); None where these are too few."""
        groups, numbers = np.unique(names, return_inverse=True)
        return cls(facts, numbers) if len(groups) >= FEWEST else None

    @classmethod
    def of(cls, state: State, part: str = "") -> Self | None:
        """From a state with the arrays of `arrays`, read once; None where there are none.

        Args:
            state: With these arrays, or with `<part>.<array>`.
            part: The scorer they are of; `""` for the one whose state this is.
        """
        prefix = f"{part}." if part else ""
        if f"{prefix}facts" not in state:
            return None
        facts, groups = state[f"{prefix}facts"], state[f"{prefix}groups"]
        return kept(facts, Usual, lambda: cls(facts.copy(), groups))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is kept in a state: `facts` and `groups`."""
        return {"facts": self.facts, "groups": self.groups.astype(np.int32)}

    def p_values(self, facts: Values) -> Values:
        """How many calibration pictures have a mask that is at least as unusual in each fact, [0, 1], (B, F).

        Where both ends of a scale are unusual, twice the smaller of the two shares. Groups weigh alike, and beyond
        the outermost tenth an exponential tail goes on.
        """
        shares: Values = np.exp(-self._rarities(facts))
        return shares

    def __call__(self, facts: Values) -> Values:
        """The same of the facts that count, together, [0, 1], (B,).

        By Σ max(−ln p + ln s, 0), Fisher's sum where s, the share from which on a fact counts, is 1. It is placed
        among the same sums of the calibration pictures, so that facts may depend on each other.
        """
        shares: Values = np.exp(-self._together(self._strangeness(facts)))
        return shares

    def _strangeness(self, facts: Values) -> Values:
        rarities = self._rarities(facts)
        counted = [np.maximum(rarities[:, index] + np.log(share), 0) for index, share in COUNTED.items()]
        strangeness: Values = np.stack(counted, axis=1).sum(axis=1)
        return strangeness

    def _rarities(self, facts: Values) -> Values:
        columns = []
        for index, fact in enumerate(FACTS):
            low, high = self._low[index](-facts[:, index]), self._high[index](facts[:, index])
            columns.append(low if fact.one_sided else np.maximum(np.maximum(low, high) - np.log(2), 0))
        return np.stack(columns, axis=1)


def measured(evidence: Evidence) -> Values:
    """Facts (B, F) of the masks of B frames, measured once for all scorers and panels; NaN for frames without one."""
    masks = evidence.mask
    assert masks is not None  # noqa: S101 - asked before
    return kept(masks, FACTS, lambda: _measured(masks))


def own_masks(calibration: Calibration) -> Iterator[tuple[Evidence, NDArray[np.bool_], NDArray[np.str_]]]:
    """Batches in which the model itself drew masks, which rows have one, and the groups of those rows."""
    for batch in calibration:
        mask = batch.evidence.mask
        if mask is not None and not batch.evidence.mask_from:
            rows = has_mask(mask)
            if rows.any():
                yield batch.evidence, rows, batch.groups[rows]


def _measured(masks: NDArray[np.float32]) -> Values:
    rows = has_mask(masks)
    facts = np.full((len(masks), len(FACTS)), np.nan)
    facts[rows] = facts_of(masks[rows])
    return facts
