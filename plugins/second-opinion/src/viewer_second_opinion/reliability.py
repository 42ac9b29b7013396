"""Scorers that learnt, from patients the network was not trained on, how its right and wrong answers look."""

from collections.abc import Callable, Sequence

import numpy as np

from viewer.api import About, Calibration, Evidence, Need, Score, Scorer, State
from viewer_second_opinion import classifiers
from viewer_second_opinion.cases import Cases, gathered
from viewer_second_opinion.choosing import INPUTS, SEED, fit_reliability, reliability_trust
from viewer_second_opinion.classifiers import Values

NOT_FITTED = "not fitted for this model"
TOO_LITTLE = "the calibration patients hold too few wrong answers, or too few right ones, to learn from"
TOO_LITTLE_OF_CLASS = (
    "the calibration patients hold too few wrong answers of this class, or too few right ones, to learn from"
)

LOOKS_AT = {
    "alone": "the highest probability",
    "together": "the probability of the answer over the frames around",
    "spread": "how the answer is spread over the classes",
    "course": "how the answers change around the frame",
    "classes": "which class it is",
    "features": "what the network sees",
}
"""The inputs of `reliability` in words."""


def reliability_scorers() -> list[Scorer]:
    """The three of the source study, and this viewer's own."""
    network = Classifier("reliability_network", "Reliability by a linear network", _fit_network, _network_trust)
    machine = Classifier("reliability_svc", "Reliability by one support vector machine", _fit_svc, _svc_trust)
    machines = Classifier(
        "reliability_svc_per_class",
        "Reliability by one machine per class",
        _fit_per_class,
        _per_class_trust,
        silent=TOO_LITTLE_OF_CLASS,
    )
    return [network, machine, machines, Reliability()]


class Classifier:
    """One of the source study's classifiers, on the softmax vector.

    Its trust is ½ where an answer looks as much like the wrong as like the right ones.
    """

    family = "reliability"
    about = About.CORRECTNESS
    version = "1"
    needs = frozenset({Need.LOGITS})

    def __init__(
        self,
        name: str,
        title: str,
        fit: Callable[[Cases], State],
        trust: Callable[[Evidence, State], Values],
        silent: str = TOO_LITTLE,
    ) -> None:
        """Learn by `fit`, score by `trust`, and say `silent` where that is NaN."""
        self.name = name
        self.title = title
        self._fit = fit
        self._trust = trust
        self._silent = silent

    def fit(self, calibration: Calibration) -> State:
        """Learn from as many right as wrong answers."""
        cases = gathered(calibration)
        return {} if cases is None else self._fit(cases)

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame; abstain where nothing was learnt."""
        if not state:
            return [Score(trust=None, note=NOT_FITTED)] * len(evidence)
        return _scores(self._trust(evidence, state), "", self._silent)


class Reliability:
    """Probability that the answer is right, from as much as is worth looking at; see `choosing`."""

    name = "reliability"
    title = "Reliability of the answer"
    about = About.CORRECTNESS
    version = "1"
    needs = frozenset({Need.LOGITS, Need.FEATURES, Need.CLIP})

    def fit(self, calibration: Calibration) -> State:
        """Choose what to look at, and learn from it."""
        cases = gathered(calibration)
        return {} if cases is None else fit_reliability(cases)

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame; abstain where nothing was learnt."""
        if not state:
            return [Score(trust=None, note=NOT_FITTED)] * len(evidence)
        return _scores(reliability_trust(evidence, state), _looks_at(state), TOO_LITTLE)


def _looks_at(state: State) -> str:
    """What the trust rests on, in words."""
    used = [LOOKS_AT[name] for name, uses in zip(INPUTS, state["uses"], strict=True) if uses]
    alone = " alone: nothing else was found to help" if len(used) == 1 else ""
    return f"rests on {'; '.join(used)}{alone}"


def _fit_network(cases: Cases) -> State:
    return classifiers.fit_network(cases.evidence.probabilities, cases.correct, SEED, cases.weights())


def _network_trust(evidence: Evidence, state: State) -> Values:
    return classifiers.network_trust(evidence.probabilities, state)


def _fit_svc(cases: Cases) -> State:
    return classifiers.fit_svc(cases.evidence.probabilities, cases.correct, SEED, cases.weights())


def _svc_trust(evidence: Evidence, state: State) -> Values:
    return classifiers.svc_trust(evidence.probabilities, state)


def _fit_per_class(cases: Cases) -> State:
    evidence, classes = cases.evidence, len(cases.evidence.classes)
    return classifiers.fit_svc_per_class(
        evidence.probabilities, evidence.predicted, cases.correct, classes, SEED, cases.weights()
    )


def _per_class_trust(evidence: Evidence, state: State) -> Values:
    return classifiers.svc_per_class_trust(evidence.probabilities, evidence.predicted, state)


def _scores(trust: Values, note: str, silent: str) -> list[Score]:
    return [
        Score(trust=None, note=silent) if np.isnan(t) else Score(trust=t, raw=t, note=note) for t in trust.tolist()
    ]
