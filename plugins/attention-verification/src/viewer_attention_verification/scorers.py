"""Scorers: does the network look where it usually looks for the class it names?"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from viewer.api import About, Calibration, Evidence, Need, Score, Scorer, State, conformal_p, group_weights
from viewer_attention_verification.combination import learn_weights, weighed
from viewer_attention_verification.early_maps import EarlyMaps
from viewer_attention_verification.known import Known, measured
from viewer_attention_verification.metrics import METRICS, Metric, Values
from viewer_attention_verification.pictures import Pictures
from viewer_attention_verification.references import References, references_from, split

NOT_FITTED = Score(trust=None, note="not fitted for this model")
NO_ATTENTION = "no attention: the network looks nowhere in particular"
ELSEWHERE = "looks elsewhere than usual for this class"
OF_ALL_CLASSES = "compared with all classes, for this one has too few pictures"

UNUSUAL = 0.05
"""p below which a score says in words that attention lies elsewhere."""


def attention_scorers() -> list[Scorer]:
    """The combination first, then one for each metric."""
    return [AttentionScorer(), *(MetricScorer(metric) for metric in METRICS)]


class MetricScorer:
    """One metric beside the class's reference; trust = its conformal p-value among calibration pictures."""

    about = About.CORRECTNESS
    version = "1"
    needs = frozenset({Need.LOGITS, Need.ATTENTION})

    def __init__(self, metric: Metric) -> None:
        """Compare by `metric`."""
        self.name = f"attention_{metric.name}"
        self.title = metric.title
        self._metric = metric

    def fit(self, calibration: Calibration) -> State:
        """Keep the references, and the metric of pictures they were not made of."""
        learnt = _learnt(calibration, (self._metric,))
        return {} if learnt is None else learnt.arrays

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame; abstain without references."""
        found = _compared(evidence, state, (self._metric,))
        if found is None:
            return [NOT_FITTED] * len(evidence)
        values, seen, p = found
        raw = [value if some else None for value, some in zip(values[:, 0].tolist(), seen.tolist(), strict=True)]
        return _scores(p[:, 0], raw, self._metric.unit, _notes(evidence, state, seen, p[:, 0]))


class AttentionScorer:
    """All metrics weighed together; trust = the conformal p-value of the weighted mean of their p-values."""

    name = "attention"
    title = "Attention where it usually is"
    about = About.CORRECTNESS
    version = "1"
    needs = frozenset({Need.LOGITS, Need.ATTENTION, Need.EARLY})

    def fit(self, calibration: Calibration) -> State:
        """Keep the references, every metric of pictures they were not made of, and how the metrics are weighed.

        The same of early maps is kept beside them, for showing.
        """
        learnt = _learnt(calibration, METRICS)
        if learnt is None:
            return {}
        known, others = learnt.known, learnt.others
        p = known.p_values(known.values, known.seen, known.classes)
        chosen = learn_weights(p, others.correct, known.groups)
        early = EarlyMaps.learn(learnt.usual, others)
        return {
            **learnt.arrays,
            **({} if early is None else early.arrays()),
            "weights": chosen.weights,
            "learnt": np.array([chosen.learnt], np.uint8),
            "gain": np.array([chosen.gain]),
            "together": weighed(p, chosen.weights),
        }

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame; abstain without references."""
        found, known = _compared(evidence, state, METRICS), Known.of(state)
        if found is None or known is None:
            return [NOT_FITTED] * len(evidence)
        _, seen, p = found
        mean = weighed(p, state["weights"])
        trust = conformal_p(-mean, -state["together"], group_weights(known.groups))
        how = how_weighed(state)
        notes = ["; ".join(part for part in (note, how) if part) for note in _notes(evidence, state, seen, trust)]
        return _scores(trust, mean.tolist(), "mean p-value", notes)


def how_weighed(state: State) -> str:
    """How the eight metrics are weighed, where there is something to say: not each by what it gains."""
    if not state["learnt"][0]:
        return "all metrics weigh alike: too few wrong answers, or right ones, to learn from"
    if state["gain"][0] > 0:
        return ""
    return f"by one metric alone ({METRICS[int(state['weights'].argmax())].name}): all of them tell no more"


class _Learnt(NamedTuple):
    """References and known metrics as `arrays`, and the pictures they were made of and measured on."""

    arrays: dict[str, NDArray[Any]]
    known: Known
    usual: Pictures
    others: Pictures


def _learnt(calibration: Calibration, metrics: Sequence[Metric]) -> _Learnt | None:
    """What every scorer of attention learns; None where there is too little."""
    usual, others = split(calibration)
    if usual is None or others is None:
        return None
    arrays, others = references_from(usual), others.thinned()
    references = References.of(arrays)
    known = None if references is None else Known.learn(others, references, metrics)
    return None if known is None else _Learnt({**arrays, **known.arrays()}, known, usual, others)


def _compared(
    evidence: Evidence, state: State, metrics: Sequence[Metric]
) -> tuple[NDArray[np.float32], NDArray[np.bool_], Values] | None:
    """Metrics (B, M), whether there is attention (B,), and p-values (B, M); None where nothing was fitted."""
    references, known = References.of(state), Known.of(state, metrics=metrics)
    if references is None or known is None:
        return None
    if evidence.attention is None:
        raise ValueError("no attention was captured")
    values, seen = measured(metrics, evidence.attention, evidence.targets, references)
    return values, seen, known.p_values(values, seen, evidence.targets)


def _notes(evidence: Evidence, state: State, seen: NDArray[np.bool_], p: Values) -> list[str]:
    references = References.of(state)
    own = [references is None or references.map_for(index).of_class for index in evidence.targets.tolist()]
    notes = []
    for some, unusual, of_class in zip(seen.tolist(), (p < UNUSUAL).tolist(), own, strict=True):
        if not some:
            notes.append(NO_ATTENTION)
            continue
        notes.append("; ".join([ELSEWHERE] * unusual + [OF_ALL_CLASSES] * (not of_class)))
    return notes


def _scores(trust: Values, raw: Sequence[float | None], unit: str, notes: Sequence[str]) -> list[Score]:
    return [
        Score(trust=t, raw=r, unit=unit, note=note) for t, r, note in zip(trust.tolist(), raw, notes, strict=True)
    ]
