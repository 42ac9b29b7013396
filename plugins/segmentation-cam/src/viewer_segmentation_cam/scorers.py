"""Scorers: is the outline sound, does the attention lie in it, and what would its size alone say?"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from viewer.api import (
    About,
    Calibration,
    Conformal,
    Evidence,
    Looking,
    Need,
    Score,
    State,
    group_weights,
    has_mask,
    kept,
)
from viewer_segmentation_cam import telling
from viewer_segmentation_cam.facts import FACTS, Values
from viewer_segmentation_cam.looking import looking
from viewer_segmentation_cam.usual import UNUSUAL, Usual, measured, own_masks

FEWEST_SOUND = 5
"""Groups with a sound mask below which no attention is judged beside them."""

STEADINESS = [fact.name for fact in FACTS].index("steadiness")


class MaskPlausibility:
    """Is the model's own outline like those of calibration pictures?

    raw = the part of the mask that is sure; trust = share of calibration pictures with a mask at least as unusual.
    """

    name = "mask_plausibility"
    title = "Plausible outline"
    about = About.SUITABILITY
    version = "1"
    needs = frozenset({Need.LOGITS, Need.MASK})

    def fit(self, calibration: Calibration) -> State:
        """Keep the facts of the model's own masks."""
        usual = _usual(calibration)
        return {} if usual is None else usual.arrays()

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame; abstain without masks of the model's own, or without knowing what is usual."""
        if evidence.mask is None:
            return [NO_MASK] * len(evidence)
        if evidence.mask_from:
            return [Score(trust=None, note=telling.not_own(evidence.mask_from))] * len(evidence)
        facts, usual = measured(evidence), Usual.of(state)
        rows = np.flatnonzero(has_mask(evidence.mask))
        scores = [NO_MASK] * len(evidence)
        p = np.full(len(rows), np.nan) if usual is None else usual(facts[rows])
        for row, share in zip(rows.tolist(), p.tolist(), strict=True):
            raw = float(facts[row, STEADINESS])
            if usual is None:
                scores[row] = Score(trust=None, raw=raw, unit=SURE, note=telling.NOT_FITTED)
            else:
                note = telling.unusual_note(usual, facts[row]) if share < UNUSUAL else ""
                scores[row] = Score(trust=share, raw=raw, unit=SURE, note=note)
        return scores


class BesideMask(ABC):
    """A value of attention and mask; trust = its conformal p-value among calibration pictures with a sound mask.

    It abstains where the mask is unlike usual ones, for a wrong mask must not reassure, and where somebody else drew
    it; the raw value is told wherever there are mask and attention.
    """

    about = About.CORRECTNESS
    version = "1"
    needs = frozenset({Need.LOGITS, Need.ATTENTION, Need.MASK})
    unit: str

    @staticmethod
    @abstractmethod
    def value(looks: Looking) -> Values:
        """The raw value of B frames, (B,)."""

    @staticmethod
    @abstractmethod
    def strangeness(value: Values) -> Values:
        """The same turned so that larger is stranger."""

    def fit(self, calibration: Calibration) -> State:
        """Keep what masks are usually like, and the values of the pictures with attention and a sound one."""
        usual = _usual(calibration)
        if usual is None:
            return {}
        values, names = [], []
        for evidence, rows, groups in own_masks(calibration):
            looks = looking(evidence)
            sound = looks.told[rows] & (usual(measured(evidence)[rows]) >= UNUSUAL)
            values.append(self.value(looks)[rows][sound])
            names.append(groups[sound])
        found, numbers = np.unique(np.concatenate(names), return_inverse=True)
        if len(found) < FEWEST_SOUND:
            return {}
        return {**usual.arrays(), "values": np.concatenate(values), "value_groups": numbers.astype(np.int32)}

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame."""
        if evidence.mask is None:
            return [NO_MASK] * len(evidence)
        looks, usual = looking(evidence), Usual.of(state)
        values = self.value(looks)
        p, sound = np.full(len(evidence), np.nan), np.zeros(len(evidence), np.bool_)
        if usual is not None and not evidence.mask_from:
            told = looks.told
            sound[told] = usual(measured(evidence)[told]) >= UNUSUAL
            p[sound] = self._conformal(state)(self.strangeness(values[sound]))
        scores = []
        for row, told in enumerate(looks.told.tolist()):
            if not told:
                scores.append(Score(trust=None, note=_why_nothing(looks, row)))
                continue
            raw = float(values[row])
            if sound[row]:
                scores.append(Score(trust=float(p[row]), raw=raw, unit=self.unit))
            else:
                note = telling.not_judged(evidence.mask_from, fitted=usual is not None)
                scores.append(Score(trust=None, raw=raw, unit=self.unit, note=note))
        return scores

    def _conformal(self, state: State) -> Conformal:
        values, groups = state["values"], state["value_groups"]
        return kept(
            values,
            type(self),
            lambda: Conformal(self.strangeness(values), group_weights(groups.astype(np.intp))),
        )


class AttentionOutsideMask(BesideMask):
    """Does the attention favour what is outlined? raw = share of the attention in M ÷ area of M."""

    name = "attention_outside_mask"
    title = "Attention in the outline, by its size"
    unit = "× even share"

    @staticmethod
    def value(looks: Looking) -> Values:
        """Times an even share."""
        return looks.times

    @staticmethod
    def strangeness(value: Values) -> Values:
        """Little attention inside is strange."""
        return -value


class MaskArea(BesideMask):
    """The control: what the size of the mask alone would say.

    Were the attention no matter, its share over the area would be the smaller the larger the mask is: so a large mask
    is the strange one here. raw = area of M.
    """

    name = "mask_area"
    title = "Control: size of the outline alone"
    family = AttentionOutsideMask.name
    unit = "of the picture"

    @staticmethod
    def value(looks: Looking) -> Values:
        """Part of the picture."""
        return looks.area

    @staticmethod
    def strangeness(value: Values) -> Values:
        """A large mask is strange."""
        return value


NO_MASK = Score(trust=None, note=telling.NO_MASK)

SURE = "of it is sure"


def _usual(calibration: Calibration) -> Usual | None:
    """What the model's own masks are usually like; None where it draws none, or too few."""
    found = [(measured(evidence)[rows], groups) for evidence, rows, groups in own_masks(calibration)]
    if not found:
        return None
    return Usual.learn(np.concatenate([facts for facts, _ in found]), np.concatenate([names for _, names in found]))


def _why_nothing(looks: Looking, row: int) -> str:
    if not looks.masked[row]:
        return telling.NO_MASK
    return telling.EMPTY if looks.area[row] == 0 else telling.NO_ATTENTION
