"""What a training starts from, where that is another bundle's network."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from viewer.datasets.query import DataQuery
from viewer.datasets.sample import LabelTable, Sample
from viewer.datasets.split import Part
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.engine.bundle import read_bundle
from viewer.training.crossval import CrossValidation
from viewer.training.plan import Description, TrainingPlan
from viewer.training.recipe import CLASSIFIER
from viewer.training.starting import load_start, seen_before

from ...mask_network import BrightMasks, bright_bundle


@pytest.fixture
def start(tmp_path: Path) -> Path:
    return bright_bundle(tmp_path, name="earlier")


@pytest.fixture
def plan(tmp_path: Path, start: Path) -> TrainingPlan:
    return TrainingPlan(
        table=DataQuery(data=tmp_path / "labels.csv"),
        description=Description(name="later", intended_use="None.", licence="none", modality=Modality.DERMOSCOPY),
        architecture=BrightMasks.name,
        start=start,
        out=tmp_path / "out",
        work=tmp_path / "work",
    )


def test_that_a_network_takes_over_all_of_a_bundles_but_its_classifier(plan, start):
    network = BrightMasks().build(5)
    own = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    sentence = load_start(plan, BrightMasks(), network)
    assert sentence.startswith("The network, but for its classifier, started from earlier 1 (")
    given = read_bundle(start).weights()
    for name, tensor in network.state_dict().items():
        kept = own[name] if name.startswith("classifier.") else torch.from_numpy(given[name].astype("float32"))
        assert torch.equal(tensor, kept), name
    assert any(name.startswith("trunk.") for name in own)


def test_that_a_training_that_started_from_other_weights_is_not_gone_on_with(plan, tmp_path):
    table = LabelTable(classes=("a", "b"), samples=())
    parts = {part: [] for part in Part}
    (tmp_path / "elsewhere").mkdir()
    moved = bright_bundle(tmp_path / "elsewhere", name="earlier")
    other = bright_bundle(tmp_path / "elsewhere", name="other", seed=3)
    own, same, another = (
        replace(plan, start=start).digest(table, parts, CLASSIFIER) for start in (plan.start, moved, other)
    )
    assert own == same != another


def test_that_a_network_of_another_kind_is_refused(plan, start):
    other = BrightMasks()
    other.name = "another"
    with pytest.raises(
        ViewerError, match=f"{start}: its network is {BrightMasks.name}, and cannot start one of another"
    ):
        load_start(plan, other, BrightMasks().build(3))


def test_that_a_folder_that_is_no_bundle_is_refused(plan, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ViewerError, match="empty"):
        load_start(replace(plan, start=tmp_path / "empty"), BrightMasks(), BrightMasks().build(3))


def test_that_figures_on_groups_the_start_may_have_learnt_from_are_doubted(plan):
    parts = {part: [Sample(Path(f"{part}.png"), 0, f"group of {part}")] for part in Part}
    heard = []
    (note,) = seen_before(plan, parts, heard.append)
    assert "earlier 1, which may have learnt from 2 of the 2 groups that are fitted and measured here" in note
    assert heard == [note]


def test_that_cross_validation_cannot_start_from_a_bundle(plan, start):
    with pytest.raises(ViewerError, match=f"{start}: a bundle may have learnt from the groups of every fold"):
        CrossValidation(plan=plan, folds=5, ways=())
