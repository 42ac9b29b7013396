from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from viewer.domain.errors import ViewerError
from viewer.domain.evidence import Evidence, Need
from viewer.domain.image import Modality
from viewer.domain.result import Proposal, Score
from viewer.engine.bundle import read_bundle
from viewer.engine.picture import Picture
from viewer.engine.second import SecondModel
from viewer.engine.surroundings import Place
from viewer.host.discovery import PluginHost
from viewer.session.beside import ModelChoice
from viewer.session.second import misfit_of
from viewer.session.session import Session
from viewer.settings import Settings
from viewer.testing.bundles import tiny_bundle
from viewer.testing.fakes import FakeOpinion, FakeScorer, entry_point, plugin_module


def model(name: str, modality: Modality = Modality.DERMOSCOPY) -> Any:
    return SimpleNamespace(manifest=SimpleNamespace(name=name, modality=modality), digest=name)


FIRST, SECOND, CLIPS = model("first"), model("second"), model("clips", Modality.ULTRASOUND)
MODELS = {bundle.manifest.name: bundle for bundle in (FIRST, SECOND, CLIPS)}


def pick(name: str) -> Any:
    if name not in MODELS:
        raise ViewerError(f"there is no model {name!r}")
    return MODELS[name]


@pytest.fixture
def choice() -> ModelChoice[SecondModel]:
    return ModelChoice(SecondModel, misfit_of, pick, lambda bundle: SimpleNamespace(), lambda sentence: None)


def test_that_a_model_is_not_compared_with_itself() -> None:
    assert "first is the model that answers" in misfit_of(FIRST, FIRST)
    assert misfit_of(SECOND, FIRST) == ""


def test_that_a_model_for_other_pictures_is_refused_in_one_sentence(choice: ModelChoice[SecondModel]) -> None:
    with pytest.raises(ViewerError, match="clips is made for ultrasound pictures, first for dermoscopy pictures"):
        choice.choose("clips", FIRST)
    assert choice.beside(FIRST) is None


def test_that_a_chosen_model_comes_back_with_the_pictures_it_is_made_for(choice: ModelChoice[SecondModel]) -> None:
    choice.choose("second", FIRST)
    chosen = choice.beside(FIRST)
    assert chosen is not None
    assert choice.beside(CLIPS) is None
    assert choice.choose("second", FIRST) is SECOND
    assert choice.beside(FIRST) is chosen  # and keeps its engine


def test_that_none_ends_the_comparison(choice: ModelChoice[SecondModel]) -> None:
    choice.choose("second", FIRST)
    assert choice.choose(None, FIRST) is None
    assert choice.beside(FIRST) is None


def test_that_a_model_that_is_not_there_leaves_none(choice: ModelChoice[SecondModel]) -> None:
    choice.choose("second", FIRST)
    with pytest.raises(ViewerError, match="no model 'third'"):
        choice.choose("third", FIRST)
    assert choice.beside(FIRST) is None


def listening(evidence: Evidence) -> list[Score]:
    """Trusts by whether it is told of a second model."""
    return [Score(trust=0.9 if evidence.second is None else 0.1)] * len(evidence)


def convinced(evidence: Evidence) -> list[Proposal | None]:
    if evidence.second is None:
        return [None] * len(evidence)
    return [Proposal(final=0, source="second", reason="it says so")] * len(evidence)


@pytest.fixture
def sitting(tmp_path: Path) -> Any:
    ours = tiny_bundle(tmp_path)
    other = tiny_bundle(tmp_path, name="other", classes=("jagged", "smooth"), seed=3)
    needs = frozenset({Need.LOGITS, Need.ATTENTION, Need.SECOND})
    scorers = [FakeScorer("softmax", listening), FakeScorer("energy", listening)]
    scorers.append(FakeScorer("both", listening, needs=needs))
    plugin = plugin_module(scorers=scorers, opinions=[FakeOpinion(answer=convinced)])
    settings = Settings(device="cpu")
    session = Session(settings, PluginHost(settings, entry_points=[entry_point("fakes", plugin)]))
    session.use_bundle(str(ours), Modality.DERMOSCOPY)
    yield SimpleNamespace(session=session, other=other)
    session.close()


STILLS = [
    Place.alone(Picture(rgb=np.random.default_rng(seed).integers(0, 255, (70, 90, 3), np.uint8))) for seed in range(3)
]


def test_that_what_touches_light_or_answer_is_never_told_of_a_second_model(sitting: Any) -> None:
    alone = sitting.session.assessor().assess(STILLS, Modality.DERMOSCOPY)
    sitting.session.use_second(str(sitting.other))
    both = sitting.session.assessor().assess(STILLS, Modality.DERMOSCOPY)
    for before, after in zip(alone, both, strict=True):
        np.testing.assert_array_equal(before.probabilities, after.probabilities)
        assert (before.final, before.trust, before.light, before.reason, before.trail) == (
            (after.final, after.trust, after.light, after.reason, after.trail)
        )
        trusts = [{row.name: row.result.trust for row in found.rows} for found in (before, after)]
        assert trusts[0] == {"softmax": 0.9, "energy": 0.9}
        assert trusts[1] == {"softmax": 0.9, "energy": 0.1, "both": 0.1}  # softmax carries the weight


def test_that_an_assessment_holds_what_the_second_model_says(sitting: Any) -> None:
    sitting.session.use_second(str(sitting.other))
    itself = read_bundle(sitting.other).manifest
    for found in sitting.session.assessor().assess(STILLS, Modality.DERMOSCOPY):
        assert found.second is not None
        assert found.second.classes == itself.classes
        assert found.second.probabilities.sum() == pytest.approx(1)
        assert found.second.agrees("round") is None
        assert found.second.agrees(found.second.predicted) is True
    sitting.session.use_second(None)
    assert sitting.session.assessor().second is None
    assert sitting.session.assessor().assess(STILLS, Modality.DERMOSCOPY)[0].second is None


def test_that_choosing_a_second_model_keeps_the_engine_of_the_first(sitting: Any) -> None:
    engine = sitting.session.assessor()._engine
    sitting.session.use_second(str(sitting.other))
    assert sitting.session.assessor()._engine is engine
