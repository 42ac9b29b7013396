from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from viewer.domain.errors import JobCancelled
from viewer.domain.evidence import Evidence, Need
from viewer.domain.image import Modality
from viewer.domain.result import Failure, Proposal, Score
from viewer.host.discovery import PluginHost
from viewer.session.assessor import Assessor, decide
from viewer.settings import Settings
from viewer.testing.fakes import FakeExplainer, FakeOpinion, FakeScorer, entry_point, plugin_module, raises

CLASSES = ("nevus", "melanoma", "naevus")


class FakeEngine:
    """Answers every picture with the same logits and counts how often it is asked."""

    def __init__(self, **calibration: Any) -> None:
        self.asked: list[tuple[int, frozenset[Need], Sequence[int] | None]] = []
        manifest = SimpleNamespace(classes=CLASSES, modality=Modality.DERMOSCOPY)
        values = {"combination": {}, "distributions": {}, "state": lambda *names: None, **calibration}
        self.bundle = SimpleNamespace(manifest=manifest, **{"certificate": None, **values})

    def evidence(
        self,
        pictures: Sequence[Any],
        needs: frozenset[Need],
        targets: Sequence[int] | None = None,
        cancelled: Any = None,
    ) -> Evidence:
        self.asked.append((len(pictures), needs, targets))
        logits = np.tile(np.log(np.array([0.7, 0.2, 0.1], np.float32)), (len(pictures), 1))
        aims = np.array(targets if targets is not None else [0] * len(pictures), np.intp)
        return Evidence(classes=CLASSES, temperature=1.0, logits=logits, targets=aims)


@pytest.fixture
def make_host() -> Iterator[Any]:
    hosts: list[PluginHost] = []

    def make(**things: Any) -> PluginHost:
        hosts.append(PluginHost(Settings(), entry_points=[entry_point("fakes", plugin_module(**things))]))
        hosts[-1].load()
        return hosts[-1]

    yield make
    for host in hosts:
        host.close()


def test_that_one_pass_gathers_what_all_plugins_need(make_host: Any) -> None:
    explainer = FakeExplainer()
    explainer.needs = frozenset({Need.ACTIVATIONS})
    scorers = [FakeScorer("softmax"), FakeScorer("knn", needs=frozenset({Need.FEATURES}))]
    host = make_host(scorers=scorers, explainers=[explainer])
    engine = FakeEngine()
    Assessor(engine, host).assess([object()] * 4, Modality.DERMOSCOPY)
    assert engine.asked == [(4, {Need.LOGITS, Need.FEATURES, Need.ACTIVATIONS}, None)]
    Assessor(engine, host, explaining=False).assess([object()], Modality.DERMOSCOPY)
    assert engine.asked[1][1] == {Need.LOGITS, Need.FEATURES}


def test_that_an_assessment_holds_a_row_per_scorer_and_the_fallback_trust(make_host: Any) -> None:
    host = make_host(scorers=[FakeScorer("softmax"), FakeScorer("energy", raises(ValueError("bad")))])
    (found,) = Assessor(FakeEngine(), host).assess([object()], Modality.DERMOSCOPY)
    softmax, energy = found.rows
    assert isinstance(softmax.result, Score)
    assert (softmax.weight, energy.weight) == (1.0, 0.0)
    assert found.trust == softmax.result.trust == pytest.approx(0.7)
    assert isinstance(energy.result, Failure)
    assert "energy raised ValueError: bad" in found.reason
    assert found.probabilities == pytest.approx([0.7, 0.2, 0.1])
    assert (found.predicted, found.final, found.trail) == (0, 0, "classifier: nevus")


def test_that_fitted_weights_are_the_rows_weights(make_host: Any) -> None:
    host = make_host(scorers=[FakeScorer("softmax"), FakeScorer("margin")])
    knots = np.array([0.1, 0.9])
    engine = FakeEngine(combination={"margin": 2.0}, distributions={"margin": knots})
    (found,) = Assessor(engine, host).assess([object()], Modality.DERMOSCOPY)
    assert [row.weight for row in found.rows] == [0.0, 2.0]
    assert found.trust == 0.5


def test_that_a_scorer_gets_the_state_fitted_by_its_own_version(make_host: Any) -> None:
    asked: list[tuple[str, ...]] = []
    host = make_host(scorers=[FakeScorer("softmax")])
    engine = FakeEngine(state=lambda *names: asked.append(names))
    Assessor(engine, host).assess([object()], Modality.DERMOSCOPY)
    assert asked == [("fakes", "softmax", "1")]


def test_that_an_opinion_changes_the_final_class_of_its_frame_alone(make_host: Any) -> None:
    def second_frame(evidence: Evidence) -> list[Proposal | None]:
        return [None, Proposal(final=1, source="similar frames", reason="9 of 11")]

    host = make_host(scorers=[FakeScorer("softmax")], opinions=[FakeOpinion("knn", second_frame)])
    found = Assessor(FakeEngine(), host).assess([object()] * 2, Modality.DERMOSCOPY)
    assert [one.final for one in found] == [0, 1]
    assert [one.predicted for one in found] == [0, 0]


def test_that_explaining_asks_for_the_same_evidence_aimed_at_the_class(make_host: Any) -> None:
    host = make_host(
        scorers=[FakeScorer("softmax")], explainers=[FakeExplainer("good"), FakeExplainer("bad", raises(OSError()))]
    )
    engine = FakeEngine()
    assessor = Assessor(engine, host)
    assessor.assess([object()], Modality.DERMOSCOPY)
    good, bad = assessor.explain(object(), 2)
    assert engine.asked[1] == (1, engine.asked[0][1], [2])
    assert isinstance(good.result, tuple)
    assert isinstance(bad.result, Failure)


def test_that_nobody_is_asked_once_nobody_waits(make_host: Any) -> None:
    host = make_host(scorers=[FakeScorer("softmax")])
    with pytest.raises(JobCancelled):
        Assessor(FakeEngine(), host).assess([object()], Modality.DERMOSCOPY, lambda: True)


def proposal(final: int, source: str = "similar frames") -> Proposal:
    return Proposal(final=final, source=source, reason="so it is")


@pytest.mark.parametrize(
    ("answers", "final", "trail"),
    [
        ([], 0, "classifier: nevus"),
        ([("kNN", None)], 0, "classifier: nevus"),
        ([("kNN", proposal(1))], 1, "classifier: nevus › similar frames: melanoma (so it is)"),
        ([("kNN", proposal(1)), ("b", proposal(2))], 1, "classifier: nevus › similar frames: melanoma (so it is)"),
        (
            [("kNN", proposal(0)), ("b", proposal(2, "clip"))],
            2,
            "classifier: nevus › similar frames: nevus (so it is) › clip: naevus (so it is)",
        ),
        (
            [("kNN", Failure(plugin="p", stage="propose", summary="raised"))],
            0,
            "classifier: nevus › kNN: unavailable (raised)",
        ),
    ],
)
def test_that_the_first_opinion_that_differs_decides(answers: Any, final: int, trail: str) -> None:
    assert decide(CLASSES, 0, answers) == (final, trail)


def test_that_fitted_states_are_read_once_and_not_for_every_batch(make_host: Any) -> None:
    asked: list[tuple[str, ...]] = []
    host = make_host(scorers=[FakeScorer("softmax")], opinions=[FakeOpinion("knn", lambda evidence: [None])])
    assessor = Assessor(FakeEngine(state=lambda *names: asked.append(names)), host)
    for _ in range(3):
        assessor.assess([object()], Modality.DERMOSCOPY)
    assert asked == [("fakes", "softmax", "1"), ("fakes", "knn", "1")]
