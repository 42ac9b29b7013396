"""Scorers: does the network look where it usually looks for the class it names?"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from viewer.api import About, Calibration, Conformal, Evidence, Need, Score, Scorer, State, group_weights, kept
from viewer_attention_verification.combination import learn_weights, weighed
from viewer_attention_verification.comparison import Compared, Comparison, Measuring
from viewer_attention_verification.early_maps import EarlyMaps
from viewer_attention_verification.known import Known
from viewer_attention_verification.metrics import METRICS, Metric, Values
from viewer_attention_verification.pictures import Pictures
from viewer_attention_verification.references import References, references_from, split

NOT_FITTED = Score(trust=None, note="not fitted for this model")
NO_ATTENTION = "no attention: the network looks nowhere in particular"
ELSEWHERE = "looks elsewhere than usual for this class"
OF_ALL_CLASSES = "compared with all classes, for this one has too few pictures"

UNUSUAL = 0.05
"""p below which a score says in words that attention lies elsewhere."""


def attention_scorers(measuring: Measuring) -> list[Scorer]:
    """The combination first, then one for each metric; a frame is measured once for all of them."""
    return [AttentionScorer(measuring), *(MetricScorer(metric, measuring) for metric in METRICS)]


class MetricScorer:
    """One metric beside the class's reference; trust = its conformal p-value among calibration pictures."""

    family = "attention"
    about = About.CORRECTNESS
    version = "1"
    needs = frozenset({Need.LOGITS, Need.ATTENTION})

    def __init__(self, metric: Metric, measuring: Measuring) -> None:
        """Compare by `metric`."""
        self.name = f"attention_{metric.name}"
        self.title = metric.title
        self._metric = metric
        self._compare = Comparison((metric,), measuring)

    def fit(self, calibration: Calibration) -> State:
        """Keep the references, and the metric of pictures they were not made of."""
        learnt = _learnt(calibration, (self._metric,))
        return {} if learnt is None else learnt.arrays

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame; abstain without references."""
        found = self._compare(evidence, state)
        if found is None:
            return [NOT_FITTED] * len(evidence)
        pairs = zip(found.values[:, 0].tolist(), found.seen.tolist(), strict=True)
        raw = [value if seen else None for value, seen in pairs]
        return _scores(found, found.p_values[:, 0], raw, self._metric.unit)


class AttentionScorer:
    """All metrics weighed together; trust = the conformal p-value of the weighted mean of their p-values."""

    name = "attention"
    title = "Attention where it usually is"
    about = About.CORRECTNESS
    version = "1"
    needs = frozenset({Need.LOGITS, Need.ATTENTION, Need.EARLY})

    def __init__(self, measuring: Measuring) -> None:
        """Compare by all metrics."""
        self._compare = Comparison(METRICS, measuring)

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
        early = EarlyMaps.learn(learnt.usual.thinned(), others)
        return {
            **learnt.arrays,
            **({} if early is None else early.arrays()),
            "weights": chosen.weights,
            "learnt": np.array([chosen.learnt], np.uint8),
            "together": weighed(p, chosen.weights),
            "together_counts": group_weights(known.groups),
        }

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame; abstain without references."""
        found = self._compare(evidence, state)
        if found is None:
            return [NOT_FITTED] * len(evidence)
        mean, trust = together(found, state)
        return _scores(found, trust, mean.tolist(), "mean p-value", how_weighed(state))


def together(found: Compared, state: State) -> tuple[Values, Values]:
    """Weighted mean of the p-values of B frames by the state of `attention`, and its own p-value, float64 (B,)."""
    mean, known = weighed(found.p_values, state["weights"]), state["together"]
    conformal = kept(known, Conformal, lambda: Conformal(-known, state["together_counts"]))
    return mean, conformal(-mean)


def how_weighed(state: State) -> str:
    """How the eight metrics are weighed, in words; nothing where each counts by what it tells."""
    if not state["learnt"][0]:
        return "all eight comparisons count alike: too few wrong answers, or right ones, to learn from"
    if np.count_nonzero(state["weights"]) > 1:
        return ""
    best = METRICS[int(state["weights"].argmax())]
    return f"judged by one comparison alone ({best.title}): all eight tell no more"


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


def _scores(found: Compared, trust: Values, raw: Sequence[float | None], unit: str, how: str = "") -> list[Score]:
    """One score for each frame, with a note in words."""
    facts = zip(trust.tolist(), raw, found.seen.tolist(), found.of_class.tolist(), strict=True)
    return [
        Score(trust=p, raw=own, unit=unit, note="; ".join(part for part in (_note(p, seen, of_class), how) if part))
        for p, own, seen, of_class in facts
    ]


def _note(p: float, seen: bool, of_class: bool) -> str:
    if not seen:
        return NO_ATTENTION
    return "; ".join([ELSEWHERE] * (p < UNUSUAL) + [OF_ALL_CLASSES] * (not of_class))
