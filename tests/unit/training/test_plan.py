from dataclasses import replace
from pathlib import Path

import pytest

from viewer.datasets.query import DataQuery
from viewer.datasets.sample import LabelTable, Sample
from viewer.datasets.split import Part
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.domain.recipe import Hyperparameters, RecipeOption
from viewer.training.plan import Description, Garbage, TrainingPlan, claim_work_folder
from viewer.training.recipe import CLASSIFIER

SAMPLES = tuple(Sample(Path(f"{i}.png"), i % 2, f"g{i}") for i in range(8))
TABLE = LabelTable(classes=("a", "b"), samples=SAMPLES)
PARTS = {Part.TRAIN: SAMPLES[:4], Part.STOP: SAMPLES[4:5], Part.FIT: SAMPLES[5:6], Part.CERTIFY: SAMPLES[6:]}
PLAN = TrainingPlan(
    table=DataQuery(data=Path("t.csv"), image_root=Path(), label="class", group="group"),
    description=Description(name="x", intended_use="y", licence="z", modality=Modality.DERMOSCOPY),
    architecture="squeezenet1_0",
    start=None,
    out=Path("out"),
    work=Path("work"),
)


def test_that_a_work_folder_belongs_to_what_the_weights_are_made_of():
    other_training = {**PARTS, Part.TRAIN: SAMPLES[1:4]}
    other_stopping = {**PARTS, Part.STOP: SAMPLES[5:6], Part.FIT: SAMPLES[4:5]}
    digests = {PLAN.digest(TABLE, parts, CLASSIFIER) for parts in (PARTS, other_training, other_stopping)}
    slower = replace(PLAN, hyper=Hyperparameters(learning_rate=1e-5))
    assert len(digests | {slower.digest(TABLE, PARTS, CLASSIFIER)}) == 4


def test_that_steps_change_what_the_weights_are_made_of():
    prepared = replace(PLAN, steps=("hair_removal",))
    assert prepared.digest(TABLE, PARTS, CLASSIFIER) != PLAN.digest(TABLE, PARTS, CLASSIFIER)


def test_that_what_is_fitted_and_measured_later_does_not_change_a_work_folder():
    other_fit = {**PARTS, Part.FIT: SAMPLES[6:7], Part.CERTIFY: SAMPLES[7:]}
    mirrored = replace(PLAN, hyper=Hyperparameters(flips=True), out=Path("elsewhere"))
    assert (
        PLAN.digest(TABLE, PARTS, CLASSIFIER)
        == PLAN.digest(TABLE, other_fit, CLASSIFIER)
        == mirrored.digest(TABLE, PARTS, CLASSIFIER)
    )


def test_that_a_kill_while_a_folder_is_claimed_does_not_keep_it_from_its_own_training(tmp_path):
    (tmp_path / "plan.sha256").write_bytes(b"")
    (tmp_path / "plan.sha256.part").write_bytes(b"on")
    claim_work_folder(tmp_path, "one")
    with pytest.raises(ViewerError, match="another --work-dir"):
        claim_work_folder(tmp_path, "two")


def test_that_a_work_folder_of_another_training_is_refused(tmp_path):
    claim_work_folder(tmp_path, "one")
    claim_work_folder(tmp_path, "one")
    with pytest.raises(ViewerError, match="another --work-dir"):
        claim_work_folder(tmp_path, "two")


def test_that_another_recipe_or_version_or_choice_is_another_training():
    option = RecipeOption(name="focus", default=1.0, help="How sharp.")
    recipe = replace(CLASSIFIER, options=(option,))
    plans = [(PLAN, recipe), (replace(PLAN, choices={"focus": 2.0}), recipe), (PLAN, CLASSIFIER)]
    plans += [(PLAN, replace(recipe, name="other")), (PLAN, replace(recipe, version="2"))]
    assert len({plan.digest(TABLE, PARTS, recipe) for plan, recipe in plans}) == 5
    assert replace(PLAN, choices={"focus": 1.0}).digest(TABLE, PARTS, recipe) == PLAN.digest(TABLE, PARTS, recipe)


def test_that_a_batch_that_cannot_be_shared_evenly_is_refused():
    with pytest.raises(ViewerError, match="a batch of 16 cannot be shared by 3 processes"):
        replace(PLAN, devices=3)
    assert replace(PLAN, devices=2, nodes=2).processes.total == 4


def test_that_garbage_belongs_to_what_the_weights_are_made_of(tmp_path):
    def digest(garbage):
        return replace(PLAN, garbage=garbage).digest(TABLE, PARTS, CLASSIFIER)

    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "a.png").touch()
    asked = [None, Garbage(), Garbage(left_out=("noise",)), Garbage(folders=(folder,))]
    digests = [digest(garbage) for garbage in asked]
    (folder / "b.png").touch()
    digests.append(digest(asked[-1]))
    assert len(set(digests)) == 5
    assert digest(Garbage(left_out=("noise", "blank"))) == digest(Garbage(left_out=("blank", "noise")))
