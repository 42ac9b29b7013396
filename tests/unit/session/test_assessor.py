from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from viewer.domain.certificate import Claim, NamedScorer
from viewer.domain.errors import JobCancelled
from viewer.domain.evidence import Evidence, Need
from viewer.domain.gate import Gate
from viewer.domain.image import Modality
from viewer.domain.result import About, Assessment, Failure, Light, Proposal, Score
from viewer.engine.picture import Picture
from viewer.engine.surroundings import Place
from viewer.host.discovery import PluginHost
from viewer.session.assessor import Assessor
from viewer.session.concluding import decide
from viewer.settings import Settings
from viewer.testing.fakes import FakeExplainer, FakeOpinion, FakeScorer, entry_point, plugin_module, raises
from viewer.testing.lights import certificate

CLASSES = ("nevus", "melanoma", "naevus")

STILL = Place.alone(Picture(rgb=np.zeros((2, 2, 3), np.uint8)))


class FakeEngine:
    """Answers every picture with the same logits and counts how often it is asked."""

    def __init__(self, **calibration: Any) -> None:
        self.asked: list[tuple[int, frozenset[Need], Sequence[int] | None]] = []
        manifest = SimpleNamespace(
            classes=CLASSES, modality=Modality.DERMOSCOPY, steps=(), resize="squash", input_size=8
        )
        values = {"combination": {}, "distributions": {}, "versions": {}, "state": lambda *names: None}
        values |= {"state_digest": lambda *names: "", "gate": None, "certificate": None, "clip_certificate": None}
        self.bundle = SimpleNamespace(manifest=manifest, **values | calibration)
        self.look: float | None = None
        self.members: tuple[tuple[float, ...], ...] | None = None

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
        look = np.full((len(pictures), 2), 0.0 if self.look is None else self.look, np.float32)
        return Evidence(
            classes=CLASSES,
            temperature=1.0,
            logits=logits,
            targets=aims,
            look=look if Need.LOOK in needs else None,
            members=self._members(len(pictures)) if Need.MEMBERS in needs else None,
        )

    def _members(self, pictures: int) -> NDArray[np.float32] | None:
        """The same answers of each network to every picture."""
        if self.members is None:
            return None
        return np.repeat(np.log(np.array(self.members, np.float32))[:, None], pictures, axis=1)


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
    Assessor(engine, host).assess([STILL] * 4, Modality.DERMOSCOPY)
    assert engine.asked == [(4, {Need.LOGITS, Need.FEATURES, Need.ACTIVATIONS, Need.MEMBERS}, None)]
    Assessor(engine, host, explaining=False).assess([STILL], Modality.DERMOSCOPY)
    assert engine.asked[1][1] == {Need.LOGITS, Need.FEATURES, Need.MEMBERS}


def test_that_an_assessment_holds_what_each_network_of_an_ensemble_says(make_host: Any) -> None:
    engine = FakeEngine()
    assessor = Assessor(engine, make_host(scorers=[FakeScorer("softmax")]))
    (alone,) = assessor.assess([STILL], Modality.DERMOSCOPY)
    assert alone.members is None
    engine.members = ((0.8, 0.1, 0.1), (0.2, 0.6, 0.2))
    *_, last = assessor.assess([STILL] * 3, Modality.DERMOSCOPY)
    np.testing.assert_allclose(last.members, engine.members, rtol=1e-6)


def test_that_an_assessment_holds_a_row_per_scorer_and_the_fallback_trust(make_host: Any) -> None:
    host = make_host(scorers=[FakeScorer("softmax"), FakeScorer("energy", raises(ValueError("bad")))])
    (found,) = Assessor(FakeEngine(), host).assess([STILL], Modality.DERMOSCOPY)
    softmax, energy = found.rows
    assert isinstance(softmax.result, Score)
    assert (softmax.weight, energy.weight) == (1.0, 0.0)
    assert found.trust == softmax.result.trust == pytest.approx(0.7)
    assert isinstance(energy.result, Failure)
    assert "energy" not in found.reason  # it carries no weight, so it never touches the light
    assert found.probabilities == pytest.approx([0.7, 0.2, 0.1])
    assert (found.predicted, found.final, found.trail) == (0, 0, "classifier: nevus")


def test_that_a_scorer_is_mute_where_the_model_never_gives_what_it_asks_for(make_host: Any) -> None:
    def of_members(evidence: Evidence) -> list[Score]:
        return [Score(trust=None if evidence.members is None else 0.5, note="one network answers")] * len(evidence)

    def of_logits(evidence: Evidence) -> list[Score]:
        return [Score(trust=None, raw=1.0)] * len(evidence)

    needs = frozenset({Need.LOGITS, Need.MEMBERS})
    abstaining = FakeScorer("abstaining", lambda evidence: [Score(trust=None)] * len(evidence))
    broken = FakeScorer("broken", raises(ValueError("bad")), needs=needs)
    scorers = [FakeScorer("softmax"), FakeScorer("members", of_members, needs=needs), abstaining, broken]
    host = make_host(scorers=[*scorers, FakeScorer("raw", of_logits, needs=needs)])
    engine = FakeEngine()

    def mute() -> list[str]:
        (found,) = Assessor(engine, host).assess([STILL], Modality.DERMOSCOPY)
        assert len(found.rows) == 5
        return [row.name for row in found.rows if row.mute]

    assert mute() == ["members"]
    engine.members = ((0.8, 0.1, 0.1), (0.2, 0.6, 0.2))
    assert mute() == []


def test_that_a_scorer_the_light_rests_on_is_never_mute(make_host: Any) -> None:
    silent = FakeScorer(
        "margin", lambda evidence: [Score(trust=None)] * len(evidence), needs=frozenset({Need.LOGITS, Need.MEMBERS})
    )
    engine = FakeEngine(combination={"margin": 2.0}, distributions={"margin": np.array([0.1, 0.9])})
    (found,) = Assessor(engine, make_host(scorers=[silent])).assess([STILL], Modality.DERMOSCOPY)
    assert [row.mute for row in found.rows] == [False]


def test_that_fitted_weights_are_the_rows_weights(make_host: Any) -> None:
    host = make_host(scorers=[FakeScorer("softmax"), FakeScorer("margin")])
    knots = np.array([0.1, 0.9])
    engine = FakeEngine(combination={"margin": 2.0}, distributions={"margin": knots})
    (found,) = Assessor(engine, host).assess([STILL], Modality.DERMOSCOPY)
    assert [row.weight for row in found.rows] == [0.0, 2.0]
    assert found.trust == 0.5


def test_that_a_scorer_gets_the_state_fitted_by_its_own_version(make_host: Any) -> None:
    asked: list[tuple[str, ...]] = []
    host = make_host(scorers=[FakeScorer("softmax")])
    engine = FakeEngine(state=lambda *names: asked.append(names))
    Assessor(engine, host).assess([STILL], Modality.DERMOSCOPY)
    assert asked == [("fakes", "softmax", "1")]


def test_that_an_opinion_changes_the_final_class_of_its_frame_alone(make_host: Any) -> None:
    def second_frame(evidence: Evidence) -> list[Proposal | None]:
        return [None, Proposal(final=1, source="similar frames", reason="9 of 11")]

    host = make_host(scorers=[FakeScorer("softmax")], opinions=[FakeOpinion("knn", second_frame)])
    found = Assessor(FakeEngine(), host).assess([STILL] * 2, Modality.DERMOSCOPY)
    assert [one.final for one in found] == [0, 1]
    assert [one.predicted for one in found] == [0, 0]


def test_that_explaining_asks_for_the_same_evidence_aimed_at_the_class(make_host: Any) -> None:
    host = make_host(
        scorers=[FakeScorer("softmax")], explainers=[FakeExplainer("good"), FakeExplainer("bad", raises(OSError()))]
    )
    engine = FakeEngine()
    assessor = Assessor(engine, host)
    assessor.assess([STILL], Modality.DERMOSCOPY)
    good, bad, prepared = assessor.explain(STILL, 2)
    assert engine.asked[1] == (1, engine.asked[0][1], [2])
    assert isinstance(good.result, tuple)
    assert isinstance(bad.result, Failure)
    assert prepared.title == "What the network sees"


def test_that_nobody_is_asked_once_nobody_waits(make_host: Any) -> None:
    host = make_host(scorers=[FakeScorer("softmax")])
    with pytest.raises(JobCancelled):
        Assessor(FakeEngine(), host).assess([STILL], Modality.DERMOSCOPY, lambda: True)


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
            "classifier: nevus › similar frames: so it is › clip: naevus (so it is)",
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
        assessor.assess([STILL], Modality.DERMOSCOPY)
    assert asked == [("fakes", "softmax", "1"), ("fakes", "knn", "1")]


def gate(groups: int = 200) -> Gate:
    """Pictures whose distance and look are normal around 0."""
    random = np.random.default_rng(0)
    return Gate(
        scorers=("knn",),
        distances={"knn": np.abs(random.normal(size=groups))},
        looks=random.normal(size=(groups, 2)).astype(np.float32),
        groups=np.arange(groups),
        labels=np.arange(groups) % 3,
    )


def nearness(distance: float) -> FakeScorer:
    return FakeScorer(
        "knn", lambda evidence: [Score(trust=0.5, raw=distance)] * len(evidence), about=About.SUITABILITY
    )


CERTIFICATE = certificate(
    temperature=1.0,
    scorers=(NamedScorer(plugin="fakes", name="softmax", version="1", state="", weight=1.0),),
    classes=CLASSES,
    critical_classes=(),
    green=Claim(threshold=0.4, decisions=120, groups=120, errors=4, coverage=0.5),
    red=None,
    by_class={},
    gate_scorers=(NamedScorer(plugin="fakes", name="knn", version="1", state="", weight=1.0),),
)


def certified(**calibration: Any) -> FakeEngine:
    return FakeEngine(
        **{
            "combination": {"softmax": 1.0},
            "distributions": {"softmax": np.array([0.5, 0.9])},
            "gate": gate(),
            "certificate": CERTIFICATE,
            "versions": {"softmax": "1", "knn": "1"},
            **calibration,
        }
    )


def only(engine: FakeEngine, host: PluginHost, modality: Modality = Modality.DERMOSCOPY) -> Assessment:
    (found,) = Assessor(engine, host).assess([STILL], modality)
    return found


def test_that_a_certified_answer_about_a_typical_picture_is_green(make_host: Any) -> None:
    host = make_host(scorers=[FakeScorer("softmax"), nearness(0.5)])
    found = only(certified(), host)
    assert (found.light, found.trust, found.reason) == (Light.GREEN, 0.5, CERTIFICATE.claim)
    assert 0.5 < found.suitability < 0.8
    assert found.fingerprint > 0.9


def test_that_a_distance_or_a_look_far_from_all_is_told(make_host: Any) -> None:
    far = make_host(scorers=[FakeScorer("softmax"), nearness(9.0)])
    assert only(certified(), far).light is Light.RED
    assert only(certified(certificate=None), far).light is Light.RED
    engine = certified()
    engine.look = 9.0
    assert only(engine, make_host(scorers=[FakeScorer("softmax"), nearness(0.5)])).light is Light.GREY


def test_that_a_gate_of_few_groups_cannot_tell_and_asks_for_no_looks(make_host: Any) -> None:
    engine = certified(gate=gate(99))
    found = only(engine, make_host(scorers=[FakeScorer("softmax"), nearness(0.5)]))
    assert (found.light, found.suitability, found.fingerprint) == (Light.GREY, None, None)
    assert "too few calibration groups (99; 100 needed)" in found.reason
    assert Need.LOOK not in engine.asked[0][1]


@pytest.mark.parametrize("name", ["softmax", "knn"])
@pytest.mark.parametrize("change", ["version", "plugin", "state"])
def test_that_a_scorer_that_is_not_the_one_that_was_tested_is_grey(make_host: Any, name: str, change: str) -> None:
    host = make_host(scorers=[FakeScorer("softmax"), nearness(0.5)])
    value = {"version": "0", "plugin": "others", "state": "e" * 64}[change]

    def otherwise(scorers: Sequence[NamedScorer]) -> tuple[NamedScorer, ...]:
        return tuple(replace(s, **{change: value}) if s.name == name else s for s in scorers)

    other = replace(
        CERTIFICATE, scorers=otherwise(CERTIFICATE.scorers), gate_scorers=otherwise(CERTIFICATE.gate_scorers)
    )
    found = only(certified(certificate=other), host)
    assert found.light is Light.GREY
    assert found.reason.startswith(name)


def test_that_without_a_certificate_the_gate_still_asks_for_its_own_versions(make_host: Any) -> None:
    host = make_host(scorers=[FakeScorer("softmax"), nearness(9.0)])
    found = only(certified(certificate=None, versions={"knn": "0"}), host)
    assert found.light is Light.GREY
    assert "knn is of version 1, it was tested with version 0" in found.reason


def test_that_files_that_do_not_fit_as_a_whole_make_every_light_grey_and_nothing_else(make_host: Any) -> None:
    host = make_host(scorers=[FakeScorer("softmax"), nearness(0.5)])
    assessor = Assessor(certified(), host)
    (found,) = assessor.within("the folder is odd").assess([STILL], Modality.DERMOSCOPY)
    assert (found.light, found.reason) == (Light.GREY, "the folder is odd")
    assert assessor.within("") is assessor
    assert assessor.assess([STILL], Modality.DERMOSCOPY)[0].light is Light.GREEN


def test_that_the_basis_names_both_certificates(make_host: Any) -> None:
    for_clips = replace(CERTIFICATE, unit="clip")
    engine = certified(clip_certificate=for_clips, combination_note="Fitted.")
    basis = Assessor(engine, make_host(scorers=[FakeScorer("softmax")])).basis
    assert (basis.certificate, basis.clip_certificate) == (CERTIFICATE, for_clips)
