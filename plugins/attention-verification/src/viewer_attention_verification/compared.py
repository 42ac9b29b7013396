"""The panel: where the network looks beside where it usually looks for a class, in pictures, numbers and words."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from viewer.api import Content, Evidence, Need, Overlay, Placed, Placement, State, Table, Text
from viewer.api import Maps as Row
from viewer_attention_verification import telling
from viewer_attention_verification.comparison import Compared, Comparison, Measuring
from viewer_attention_verification.early_maps import EarlyMaps
from viewer_attention_verification.known import Known
from viewer_attention_verification.maps import Maps, early_map, gam
from viewer_attention_verification.metrics import METRICS, values_of
from viewer_attention_verification.own_reference import own_reference
from viewer_attention_verification.references import References
from viewer_attention_verification.scorers import together

READ = "attention"
"""Scorer whose state holds what is usual."""

ATTENTION, APART, ACTIVITY = "attention, share of maximum", "more or less attention", "activity, share of range"
"""Units of attention maps, of the difference of two, and of early maps."""


class AttentionCompared:
    """Shows the map of the explained class beside the usual one, the user's own and a second model's."""

    name = "attention_compared"
    title = "Attention compared"
    version = "1"
    needs = frozenset({Need.LOGITS, Need.ATTENTION, Need.EARLY, Need.REFERENCES, Need.SECOND})
    reads = (READ,)

    def __init__(self, measuring: Measuring) -> None:
        """Compare by all metrics; `measuring` is that of the scorers."""
        self._compare = Comparison(METRICS, measuring)

    def explain(self, evidence: Evidence, state: State) -> Sequence[Content]:
        """One sentence first, then maps, their comparisons, and the early maps."""
        fitted = {name.removeprefix(f"{READ}."): array for name, array in state.items()}
        references, known, found = References.of(fitted), Known.of(fitted), self._compare(evidence, fitted)
        here = gam(_attention(evidence))[0]
        contents: list[Content] = []
        if references is None or known is None or found is None:
            contents += [Text(title=self.title, body=telling.NOT_FITTED), _alone(here)]
        else:
            _, trust = together(found, fitted)
            contents += _usual(evidence, here, found, float(trust[0]), references, known)
        contents += _others(evidence, here)
        early = EarlyMaps.of(fitted)
        return contents if early is None else [*contents, *_early(evidence, early)]


def _usual(
    evidence: Evidence, here: Maps, found: Compared, trust: float, references: References, known: Known
) -> list[Content]:
    """The leading sentence, the three maps, and the metrics in their place."""
    index = int(evidence.targets[0])
    reference, rows = references.map_for(index), known.rows_for(index)
    words = telling.Telling(
        name=telling.class_name(evidence, index),
        answer=telling.class_name(evidence, int(evidence.predicted[0])),
        of_class=reference.of_class,
        among_class=bool((known.classes[rows] == index).all()),
    )
    seen = bool(found.seen[0])
    maps = (_map(telling.THIS_PICTURE, here), _map(words.usual, reference.map))
    lead = words.lead(trust, seen=seen)
    if not seen:
        return [lead, Row(title=telling.WHERE, items=maps)]
    shown = rows & known.seen
    contents: list[Content] = [lead, Row(title=telling.WHERE, items=(*maps, _apart(here, reference.map)))]
    if shown.any():
        placed = _placed(found.values[0], found.p_values[0], known.values[shown])
        note = words.among(int(shown.sum()), len(np.unique(known.groups[shown])))
        contents.append(Placed(title=telling.COMPARISONS, items=placed, note=note))
    return contents


def _alone(here: Maps) -> Row:
    """The map of a model that does not know what is usual."""
    return Row(title=telling.WHERE, items=(_map(telling.THIS_PICTURE, here),))


def _others(evidence: Evidence, here: Maps) -> list[Content]:
    """The same beside the user's own pictures of the class, and beside a second model, where there are."""
    name = telling.class_name(evidence, int(evidence.targets[0]))
    contents: list[Content] = []
    beside: dict[str, Maps] = {}
    own = own_reference(evidence.references, int(evidence.targets[0]))
    if own is not None:
        beside[telling.YOUR_PICTURES] = own.map
        maps = (_map(telling.THIS_PICTURE, here), _map(telling.YOUR_PICTURES, own.map), _apart(here, own.map))
        contents.append(Row(title=telling.own_title(name, own.pictures), items=maps))
    second = evidence.second
    if second is not None and second.attention is not None:
        theirs = gam(second.attention)[0]
        beside[telling.SECOND_MODEL] = theirs
        maps = (_map(telling.THIS_MODEL, here), _map(telling.second_title(second), theirs), _apart(here, theirs))
        note = telling.second_words(name, second)
        contents.append(Row(title=telling.BESIDE_SECOND, items=maps, note=note))
    return [*contents, _table(here, beside)] if beside else []


def _early(evidence: Evidence, usual: EarlyMaps) -> list[Content]:
    """The early map beside the usual one, and how alike they are among those of other pictures."""
    assert evidence.early is not None  # noqa: S101 - a need
    values, p = usual.compared(evidence.early)
    here = early_map(evidence.early)[0]
    maps = tuple(
        Overlay(title=title, values=values, unit=ACTIVITY, colour_map="viridis")
        for title, values in ((telling.THIS_PICTURE, here), (telling.USUAL, usual.map))
    )
    note = telling.among(len(usual.values), len(np.unique(usual.groups)), telling.ALL)
    return [
        Row(title=telling.EARLY, items=maps, over_picture=False, note=telling.EARLY_NOTE),
        Placed(title=telling.EARLY_COMPARISONS, items=_placed(values[0], p[0], usual.values, early=True), note=note),
    ]


def _placed(
    values: NDArray[np.float32], shares: NDArray[np.float64], sample: NDArray[np.float32], *, early: bool = False
) -> tuple[Placement, ...]:
    """The eight metrics (8,), their p-values (8,), and those of other pictures (n, 8)."""
    return tuple(
        Placement(
            title=telling.metric_title(metric),
            value=float(value),
            sample=others,
            share=float(share),
            high_is_usual=metric.higher_is_alike,
            words=telling.place(float(share), early=early),
        )
        for metric, value, share, others in zip(METRICS, values, shares, sample.T, strict=True)
    )


def _table(here: Maps, columns: dict[str, Maps]) -> Table:
    """Every metric beside each of some maps."""
    values = np.stack([values_of(METRICS, here, other) for other in columns.values()], axis=1)
    rows = [
        (telling.metric_title(metric), *map(telling.number, cells))
        for metric, cells in zip(METRICS, values.tolist(), strict=True)
    ]
    return Table(title=telling.BESIDE, header=("", *columns), rows=tuple(rows))


def _map(title: str, values: Maps) -> Overlay:
    return Overlay(title=title, values=values, unit=ATTENTION)


def _apart(here: Maps, other: Maps) -> Overlay:
    """What is here more, and less, than there, on a scale that is the same for every picture."""
    values = here - other
    return Overlay(title=telling.DIFFERENCE, values=values, limits=(-1, 1), unit=APART, colour_map="coolwarm")


def _attention(evidence: Evidence) -> NDArray[np.float32]:
    assert evidence.attention is not None  # noqa: S101 - a need
    return evidence.attention
