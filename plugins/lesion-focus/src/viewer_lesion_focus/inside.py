"""Is it looking at the lesion? For every class, where its attention lies beside the outline, and one sentence.

The verdict goes by the attention outside: what share lies there, divided by the share that would if attention were
spread evenly. Unlike the share inside, that means the same for small lesions and large ones.
"""

from collections.abc import Sequence
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from viewer.api import (
    Content,
    Evidence,
    Looking,
    Need,
    Table,
    Text,
    attention_of_classes,
    has_mask,
    looks_at,
    mask_steadiness,
)
from viewer_lesion_focus.percent import percent

AT_MOST_HALF = 0.5
"""Attention outside, in even shares, up to which it is "yes": at most half as much as by looking nowhere special."""

AS_MUCH = 0.95
"""From here on it is "no": as much lies outside as by looking nowhere in particular."""

NEARLY_ALL = 0.95
"""Part of the picture from which on an outline leaves nothing to look at instead."""

LEAST_STEADY = 0.5
"""Part of the outline that has to be sure; the network cannot tell the edge of one that is not."""


class Verdict(Enum):
    """Whether attention lies in what is outlined; the value begins the sentence."""

    YES = "Yes"
    PARTLY = "Only in part"
    NO = "No"
    UNKNOWN = "Cannot be said"


_SHORT = {Verdict.YES: "yes", Verdict.PARTLY: "in part", Verdict.NO: "no", Verdict.UNKNOWN: "–"}


class LookingAtLesion:
    """A verdict for the explained class, and a table of every class."""

    name = "looking_at_lesion"
    title = "In the right place?"
    version = "1"
    needs = frozenset({Need.LOGITS, Need.ATTENTION, Need.ACTIVATIONS, Need.MASK})

    def explain(self, evidence: Evidence) -> Sequence[Content]:
        """One sentence that answers the question, and the numbers it rests on; empty where nothing draws outlines."""
        if evidence.attention is None or evidence.mask is None:
            return []
        thing = evidence.mask_shows.replace("_", " ") or "lesion"
        title = f"Is it looking at the {thing}?"
        why_not = _unusable(evidence, thing)
        if why_not:
            return [Text(title=title, body=f"{Verdict.UNKNOWN.value}: {why_not}.")]
        target = int(evidence.targets[0])
        maps = attention_of_classes(evidence)
        classes = [target] if maps is None else range(len(evidence.classes))
        shown = evidence.attention if maps is None else maps[0]
        looks = looks_at(shown, np.repeat(_mask(evidence), len(shown), axis=0))
        row = list(classes).index(target)
        told = _told(looks, row, _name(evidence, target), thing)
        return [Text(title=title, body=told), _table(evidence, looks, classes, thing)]


def _unusable(evidence: Evidence, thing: str) -> str:
    """Why the outline is of no use for the question; `""` where it is of use."""
    mask, attention = _mask(evidence), evidence.attention
    assert attention is not None  # noqa: S101 - asked before
    if not has_mask(mask)[0]:
        return f"nothing outlines the {thing} in this picture"
    covered = float((mask > 0.5).mean())
    if not covered:
        return f"no {thing} was found in this picture"
    if mask_steadiness(mask)[0] < LEAST_STEADY:
        return f"the outline of the {thing} is too unsure; compare it with the picture"
    if covered > NEARLY_ALL:
        return f"nearly the whole picture is outlined as {thing}"
    if covered * attention[0].size < 1:
        return f"the {thing} is smaller than a cell of the attention map"
    return ""


def _told(looks: Looking, row: int, name: str, thing: str) -> str:
    """The sentence of one class."""
    verdict = _verdict(looks, row)
    if verdict is Verdict.UNKNOWN:
        return f"{verdict.value}: no part of this picture speaks for {name}, so there is no attention to compare."
    inside, area, times = (float(values[row]) for values in (looks.inside, looks.area, looks.times))
    numbers = (
        f"{percent(inside)} of the attention for {name} lies in the {thing}, which is {percent(area)} of the "
        f"picture ({times:.1f} times an even share)"
    )
    match verdict:
        case Verdict.YES:
            return f"{verdict.value}: {numbers}."
        case Verdict.PARTLY:
            return f"{verdict.value}: {numbers}; {percent(1 - inside)} lies outside. See what is there."
        case _:
            return f"{verdict.value}: {numbers}, no more than by looking nowhere in particular. See what it rests on."


def _verdict(looks: Looking, row: int) -> Verdict:
    if not looks.told[row]:
        return Verdict.UNKNOWN
    outside = looks.outside_times[row]
    return Verdict.YES if outside <= AT_MOST_HALF else Verdict.PARTLY if outside < AS_MUCH else Verdict.NO


def _table(evidence: Evidence, looks: Looking, classes: Sequence[int], thing: str) -> Table:
    rows = [
        (_name(evidence, index), *_cells(looks, row), _SHORT[_verdict(looks, row)])
        for row, index in enumerate(classes)
    ]
    return Table(
        title=f"Attention inside and outside the {thing}, each in even shares (×)",
        header=("Class", "Inside", "Outside", "There?"),
        rows=tuple(rows),
    )


def _cells(looks: Looking, row: int) -> tuple[str, str]:
    if not looks.told[row]:
        return "none", "–"
    inside, times, outside = (float(values[row]) for values in (looks.inside, looks.times, looks.outside_times))
    return f"{percent(inside)}, {times:.2f}×", f"{percent(1 - inside)}, {outside:.2f}×"


def _mask(evidence: Evidence) -> NDArray[np.float32]:
    assert evidence.mask is not None  # noqa: S101 - asked before
    return evidence.mask


def _name(evidence: Evidence, index: int) -> str:
    return evidence.classes[index].replace("_", " ")
