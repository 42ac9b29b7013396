"""Whether a picture is of the kind a model knows, and was prepared as its pictures were: conformal p-values.

A p-value says how often a picture of a new group of the same kind would look at least as strange; it lies below α for
a share α of such groups. *Suitability* listens to scorers of the features; the *fingerprint* to means and spreads at
the network's entrance, which a faulty preprocessing moves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.assessment.fingerprint import Fingerprint
from viewer.domain.gate import OUTSIDE as OUTSIDE
from viewer.domain.gate import TYPICAL as TYPICAL
from viewer.domain.gate import Gate
from viewer.evaluation.conformal import Conformal, Rarity, Values, group_weights

GATE_SCORERS = ("mahalanobis", "middle_mahalanobis", "garbage")
"""Scorers of the input's suitability that a new gate listens to, where they have an answer for the model at all:
together they tell other kinds of pictures best."""

FOLDER_OUTSIDE = 0.001
"""A folder with a lower p was prepared otherwise, or comes from elsewhere, as a whole."""

FEWEST_PICTURES = 20
"""Pictures of different files below which a folder is not judged."""

FEWEST_GROUPS = 100
"""With fewer groups no p-value can fall below `OUTSIDE`, whatever the picture."""

NO_GATE = "the model keeps nothing to compare pictures with"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suitability:
    """What the gate says of one picture.

    Attributes:
        suitability: p in (0, 1] of a picture of the kind the model knows; None where nobody can tell.
        fingerprint: p in (0, 1] of a picture prepared as the model's were; None likewise.
        reason: Why either is None, a few words; else `""`.
    """

    suitability: float | None
    fingerprint: float | None
    reason: str = ""


def why_not(gate: Gate | None) -> str:
    """Why a gate cannot tell anything, a few words; `""` where it can."""
    if gate is None:
        return NO_GATE
    if gate.group_count < FEWEST_GROUPS:
        return f"too few calibration groups ({gate.group_count}; {FEWEST_GROUPS} needed)"
    return ""


class Gatekeeper:
    """Compares pictures with those of the fit groups; made once for a bundle.

    Attributes:
        scorers: Scorers whose distances it listens to; `()` where it cannot tell anything.
        reason: Why it cannot tell anything, a few words; else `""`.
    """

    def __init__(self, gate: Gate | None) -> None:
        """Prepare to compare with `gate`; None for a bundle that has none."""
        self.reason = why_not(gate)
        self.scorers: tuple[str, ...] = () if gate is None or self.reason else gate.scorers
        if gate is None or self.reason:
            return
        self._groups = gate.groups
        self._weights = group_weights(gate.groups)
        self._distances = np.stack([gate.distances[name] for name in gate.scorers])
        self._scales = _scales(self._distances, self._weights)
        self._strangeness = _strangeness(self._scales, self._distances)
        self._fingerprint = Fingerprint(gate.looks, gate.groups, gate.labels)

    def judge(
        self, distances: Mapping[str, float | None], look: NDArray[np.float32] | None, *, own: int | None = None
    ) -> Suitability:
        """Judge one picture.

        Args:
            distances: `Score.raw` by scorer; others than `scorers` are not looked at.
            look: `Evidence.look` of the picture, float32 (D,).
            own: Number of its group where it belongs to a fit group, which is then left out.
        """
        if self.reason:
            return Suitability(suitability=None, fingerprint=None, reason=self.reason)
        silent = [name for name in self.scorers if not _finite(distances.get(name))]
        suitability = None if silent else self.suitability_p(distances, own=own)  # type: ignore[arg-type]
        sound = look is not None and bool(np.isfinite(look).all())
        fingerprint = self.fingerprint_p(look, own=own) if look is not None and sound else None
        reasons = [f"no distance from {', '.join(silent)}"] if silent else []
        reasons += [] if sound else ["the look of the picture is not known"]
        return Suitability(suitability=suitability, fingerprint=fingerprint, reason="; ".join(reasons))

    def suitability_p(self, distances: Mapping[str, float], *, own: int | None = None) -> float:
        """The p of T = −Σ ln p_s over the scorers s (Fisher's combination), see `Rarity` for p_s."""
        new = np.array([[distances[name]] for name in self.scorers])
        scales, strangeness, weights = self._scales, self._strangeness, self._weights
        if own is not None:
            others = self._groups != own
            weights = weights[others]
            scales = _scales(self._distances[:, others], weights)
            strangeness = _strangeness(scales, self._distances[:, others])
        return float(Conformal(strangeness, weights)(_strangeness(scales, new))[0])

    def fingerprint_p(self, look: NDArray[np.float32], *, own: int | None = None) -> float:
        """The p of the distance of a picture's look from those of the fit pictures, see `Fingerprint`."""
        others = slice(None) if own is None else self._groups != own
        distance = self._fingerprint.distance(look, own=own)
        known = Conformal(self._fingerprint.held_out[others], self._weights[others])
        return float(known(np.array([distance]))[0])

    def folder_p(self, looks: NDArray[np.float32]) -> float | None:
        """How often as many pictures of the fit groups, all of one class, have a mean look as far away.

        Args:
            looks: float32 (m, D) of pictures of m different files.

        Returns:
            In (0, 1]; None below `FEWEST_PICTURES`, or where nothing can be told.
        """
        if self.reason or len(looks) < FEWEST_PICTURES:
            return None
        return self._fingerprint.folder_p(looks)


def _scales(distances: Values, weights: Values) -> list[Rarity]:
    return [Rarity(row, weights) for row in distances]


def _strangeness(scales: Sequence[Rarity], distances: Values) -> Values:
    """T of B pictures with distances (scorers, B)."""
    strangeness: Values = np.sum([scale(row) for scale, row in zip(scales, distances, strict=True)], axis=0)
    return strangeness


def _finite(distance: float | None) -> bool:
    return distance is not None and bool(np.isfinite(distance))
