"""Does the network look at the same place when the picture is mirrored?

Nothing about a finding changes in a mirror, so attention that moves there rests on something else. Each view takes a
further pass of the network: this scorer is slow, and never part of the combined trust.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from viewer.api import (
    About,
    Calibration,
    Conformal,
    Content,
    Evidence,
    Maps,
    Need,
    Overlay,
    Score,
    State,
    Text,
    group_weights,
    view_agreement,
)
from viewer_lesion_focus.percent import percent

Values = NDArray[np.float64]

NAME = "attention_under_flips"
NEEDS = frozenset({Need.LOGITS, Need.ATTENTION, Need.VIEWS})

ALIKE = 1e-4
"""Disagreement below which views are the same up to rounding."""

SELDOM, UNUSUAL = 0.1, 0.05
"""p below which it is called seldom, and unusual, that attention moves so much."""

TITLE = "Attention in mirrored pictures"
WHERE, PLAIN = "Where the AI looks", "This picture"
VIEWS = ("Mirrored left to right", "Mirrored top to bottom")
UNIT = "attention, share of maximum"
NO_ATTENTION = "no attention: nothing in the picture speaks for the answer"
NO_VIEWS = "no mirrored views of the picture"
NOT_FITTED = "not calibrated for this model"
SAME_BY_DESIGN = "this model always looks at mirrored pictures too, so there is nothing to compare"


@dataclass(frozen=True, slots=True, eq=False)
class Usual:
    """How far attention moves in the calibration pictures.

    Attributes:
        moved: 1 − mean agreement of each picture with its views, (n,).
        groups: Number of each picture's group from 0, (n,).
    """

    moved: Values
    groups: NDArray[np.intp]

    @classmethod
    def of(cls, state: State) -> Self | None:
        """What was fitted; None where nothing was."""
        return cls(state["moved"], state["groups"]) if "moved" in state else None

    @property
    def by_design(self) -> bool:
        """Whether views never differ, as with a network that averages mirrored pictures itself."""
        return bool((self.moved < ALIKE).all())

    def shares(self, moved: Values) -> Values:
        """In how many groups attention moves at least as far, conformal p in (0, 1]."""
        return Conformal(self.moved, group_weights(self.groups))(moved)


class AttentionUnderFlips:
    """Rank among calibration pictures of how well attention agrees with that of mirrored views."""

    name = NAME
    title = TITLE
    version = "1"
    about = About.CORRECTNESS
    needs = NEEDS

    def fit(self, calibration: Calibration) -> State:
        """Keep how far attention moves in each picture that has any."""
        moved: list[Values] = []
        groups: list[NDArray[np.str_]] = []
        for batch in calibration:
            found = _moved(batch.evidence)
            seen = np.isfinite(found)
            moved.append(found[seen])
            groups.append(batch.groups[seen])
        if not sum(map(len, moved)):
            return {}
        numbers = np.unique(np.concatenate(groups), return_inverse=True)[1]
        return {"moved": np.concatenate(moved), "groups": numbers.astype(np.int64)}

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score B frames; abstain without attention, views or calibration."""
        if evidence.views is None:
            return [Score(trust=None, note=NO_VIEWS)] * len(evidence)
        usual = Usual.of(state)
        if usual is not None and usual.by_design:
            return [Score(trust=None, note=SAME_BY_DESIGN)] * len(evidence)
        return [_score(moved, usual) for moved in _moved(evidence)]


def _score(moved: float, usual: Usual | None) -> Score:
    if np.isnan(moved):
        return Score(trust=None, note=NO_ATTENTION)
    agreement = float(1 - moved)
    if usual is None:
        return Score(trust=None, raw=agreement, unit="correlation", note=NOT_FITTED)
    return Score(trust=float(usual.shares(np.array([moved]))[0]), raw=agreement, unit="correlation")


class FlippedMaps:
    """Shows the maps of the picture and of its mirrored views side by side, all in the place of the picture."""

    name = NAME
    title = TITLE
    version = "1"
    needs = NEEDS
    reads = (NAME,)

    def explain(self, evidence: Evidence, state: State) -> Sequence[Content]:
        """One sentence, then the maps."""
        if evidence.views is None or evidence.attention is None:
            return [Text(title=TITLE, body=_sentence(NO_VIEWS))]
        agreement = view_agreement(evidence.attention, evidence.views)[0]
        if np.isnan(agreement).any():
            return [Text(title=TITLE, body=_sentence(NO_ATTENTION))]
        usual = Usual.of({key.removeprefix(f"{NAME}."): array for key, array in state.items()})
        maps = (_overlay(PLAIN, evidence.attention[0]), *map(_overlay, VIEWS, evidence.views[0]))
        told = ", ".join(f"{title.lower()} {_number(value)}" for title, value in zip(VIEWS, agreement, strict=False))
        note = f"Each map is turned back into the place of the picture. Agreement (correlation): {told}."
        return [
            Text(title=TITLE, body=_lead(evidence, float(agreement.mean()), usual)),
            Maps(title=WHERE, items=maps, note=note),
        ]


def _lead(evidence: Evidence, agreement: float, usual: Usual | None) -> str:
    name = evidence.classes[int(evidence.targets[0])].replace("_", " ")
    if usual is None:
        return (
            f"Attention for {name} agrees at {_number(agreement)} with that of mirrored views. "
            f"{_sentence(NOT_FITTED)}"
        )
    if usual.by_design:
        return _sentence(SAME_BY_DESIGN)
    share = float(usual.shares(np.array([1 - agreement]))[0])
    rare = "less than 1 %" if share < 0.01 else percent(share)
    often = f"in {rare} of calibration pictures it moves at least as far"
    if share >= SELDOM:
        return f"Attention for {name} keeps its place in mirrored views as well as usual: {often}."
    how = "farther than usual" if share < UNUSUAL else "farther than it mostly does"
    return f"Attention for {name} moves {how} when the picture is mirrored: {often}. Look at what it rests on."


def _moved(evidence: Evidence) -> Values:
    """1 − mean agreement with the views, (B,); NaN without attention."""
    if evidence.attention is None or evidence.views is None:
        return np.full(len(evidence), np.nan)
    moved: Values = 1 - view_agreement(evidence.attention, evidence.views).mean(axis=1)
    return moved


def _overlay(title: str, attention: NDArray[np.float32]) -> Overlay:
    """The positive part of a map as a share of its maximum; all 0 where there is none."""
    positive = np.maximum(attention, 0)
    return Overlay(title=title, values=positive / max(float(positive.max()), np.finfo(np.float32).tiny), unit=UNIT)


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
