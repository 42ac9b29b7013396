"""Plugins that behave, and plugins that misbehave in every way the viewer must survive."""

import itertools
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import Any

import numpy as np

from viewer.domain.command import Command
from viewer.domain.evidence import Calibration, Evidence, Need, State
from viewer.domain.recipe import Recipe
from viewer.domain.result import About, Content, Proposal, Score, Text
from viewer.hookspecs import API_VERSION, Options, hookimpl
from viewer.protocols import Architecture, Explainer, Opinion, Reader, Scorer

Answer = Callable[[Evidence], Any]

_serial = itertools.count()


class FakeScorer:
    """A scorer whose answers are given; by default the probability of the predicted class."""

    title = "A scorer for tests"
    version = "1"

    def __init__(
        self,
        name: str = "fake",
        answer: Answer | None = None,
        *,
        about: About = About.CORRECTNESS,
        needs: frozenset[Need] = frozenset({Need.LOGITS}),
        state: State | None = None,
    ) -> None:
        """Answer `answer(evidence)`, whatever that is; fit to `state`."""
        self.name = name
        self.about = about
        self.needs = needs
        self._answer = answer or most_probable
        self._state = state or {}

    def fit(self, calibration: Calibration) -> State:
        """Return the state given."""
        return self._state

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Return the answer given."""
        answer: Sequence[Score] = self._answer(evidence)
        return answer


class FakeExplainer:
    """An explainer whose contents are given; by default one sentence."""

    title = "An explainer for tests"
    version = "1"
    needs = frozenset({Need.LOGITS})

    def __init__(self, name: str = "fake", answer: Answer | None = None) -> None:
        """Answer `answer(evidence)`, whatever that is."""
        self.name = name
        self._answer = answer or (
            lambda evidence: [Text(title=self.title, body=evidence.classes[evidence.targets[0]])]
        )

    def explain(self, evidence: Evidence) -> Sequence[Content]:
        """Return the answer given."""
        answer: Sequence[Content] = self._answer(evidence)
        return answer


class FakeOpinion:
    """An opinion whose proposals are given; by default it always proposes the last class."""

    title = "An opinion for tests"
    version = "1"
    needs = frozenset({Need.LOGITS})

    def __init__(self, name: str = "fake", answer: Answer | None = None) -> None:
        """Answer `answer(evidence)`, whatever that is."""
        self.name = name
        self._answer = answer or _last_class

    def fit(self, calibration: Calibration) -> State:
        """Learn nothing."""
        return {}

    def propose(self, evidence: Evidence, state: State) -> Sequence[Proposal | None]:
        """Return the answer given."""
        answer: Sequence[Proposal | None] = self._answer(evidence)
        return answer


class Unchecked:
    """Stands for a `Score` made by going around its checks."""

    def __new__(cls, trust: object, raw: object = None) -> Any:  # noqa: ANN401, D102 - a Score that lies
        score = object.__new__(Score)
        for name, value in (("trust", trust), ("raw", raw), ("unit", ""), ("note", "")):
            object.__setattr__(score, name, value)
        return score


def most_probable(evidence: Evidence) -> list[Score]:
    """The softmax probability of the predicted class."""
    return [Score(trust=float(best), raw=float(best)) for best in evidence.probabilities.max(axis=1)]


def _last_class(evidence: Evidence) -> list[Proposal | None]:
    last = len(evidence.classes) - 1
    return [Proposal(final=last, source="a test", reason="it is the last one") for _ in range(len(evidence))]


def raises(error: BaseException) -> Answer:
    """An answer that raises `error` instead."""

    def answer(evidence: Evidence) -> Any:  # noqa: ANN401 - never answers
        raise error

    return answer


class Hangs:
    """An answer that does not come until it is released: the test's way to overrun a time budget without sleeping."""

    def __init__(self) -> None:
        """Hang from the first call on."""
        self._released = threading.Event()

    def __call__(self, evidence: Evidence) -> list[Score]:
        """Wait, then answer as `most_probable`."""
        self._released.wait()
        return most_probable(evidence)

    def release(self) -> None:
        """Let waiting and later calls answer, so that no thread is left behind."""
        self._released.set()


MISBEHAVIOURS: dict[str, Answer] = {
    "raises": raises(RuntimeError("no luck")),
    "exits": raises(SystemExit(3)),
    "returns nothing": lambda evidence: None,
    "returns too few": lambda evidence: most_probable(evidence)[1:],
    "returns numbers": lambda evidence: evidence.probabilities.max(axis=1).tolist(),
    "returns an array": lambda evidence: evidence.probabilities.max(axis=1),
    "trusts too much": lambda evidence: [Unchecked(1.5)] * len(evidence),
    "trusts too little": lambda evidence: [Unchecked(-0.1)] * len(evidence),
    "trusts nothing known": lambda evidence: [Unchecked(float("nan"))] * len(evidence),
    "trusts a word": lambda evidence: [Unchecked("high")] * len(evidence),
    "trusts an array": lambda evidence: [Unchecked(np.array([0.5, 0.6]))] * len(evidence),
    "measures infinity": lambda evidence: [Unchecked(0.5, float("inf"))] * len(evidence),
}
"""Ways of a scorer to misbehave, by name; each must end in one `Failure` for every frame."""


def plugin_module(
    *,
    scorers: Iterable[Scorer] = (),
    explainers: Iterable[Explainer] = (),
    opinions: Iterable[Opinion] = (),
    readers: Iterable[Reader] = (),
    architectures: Iterable[Architecture] = (),
    recipes: Iterable[Recipe] = (),
    commands: Iterable[Command] = (),
    api: object = API_VERSION,
) -> ModuleType:
    """A plugin made in memory that offers the given things."""
    module = ModuleType(f"viewer_fake_{next(_serial)}")
    offers: dict[str, Iterable[Any]] = {
        "viewer_scorers": scorers,
        "viewer_explainers": explainers,
        "viewer_opinions": opinions,
        "viewer_readers": readers,
        "viewer_architectures": architectures,
        "viewer_recipes": recipes,
        "viewer_commands": commands,
    }
    for hook, things in offers.items():
        setattr(module, hook, hookimpl(specname=hook)(_offering(things)))
    module.VIEWER_API = api  # type: ignore[attr-defined]  # a module takes any attribute
    return module


def entry_point(name: str, module: ModuleType) -> EntryPoint:
    """An entry point that imports `module`, as if a distribution offered it."""
    sys.modules[module.__name__] = module
    return EntryPoint(name=name, value=module.__name__, group="viewer.plugins")


def _offering(things: Iterable[Any]) -> Callable[[Options], Iterable[Any]]:
    def hook(options: Options) -> Iterable[Any]:
        return things

    return hook
