from dataclasses import replace

import numpy as np
import pytest
from viewer_attention_verification.maps import gam
from viewer_attention_verification.references import FEWEST_GROUPS, References, learn_references, split

from viewer.testing import builders


def test_that_a_reference_is_the_mean_map_of_the_correct_pictures_of_a_class_with_groups_weighing_alike():
    data = builders.calibration(40, 3)
    references = References.of(learn_references(builders.Batches((), tuple(data))))
    found = {}
    for batch in data:
        maps = gam(batch.evidence.attention)
        for row in np.flatnonzero((batch.evidence.predicted == batch.labels) & (batch.labels == 1)):
            found.setdefault(batch.groups[row], []).append(maps[row])
    expected = np.mean([np.mean(maps, axis=0) for maps in found.values()], axis=0)
    assert references.counts[1] == len(found)
    assert references.map_for(1).map == pytest.approx(expected, abs=1e-3)  # kept as float16
    assert references.map_for(1).of_class


def test_that_references_come_from_training_where_it_is_at_hand_and_all_fit_groups_are_left():
    fit, training = builders.calibration(12), builders.calibration(12, seed=1)
    usual, others = split(builders.Batches(tuple(fit), tuple(training)))
    assert len(usual) == len(others) == 48
    assert (usual.attention == np.concatenate([batch.evidence.attention for batch in training])).all()


def test_that_without_training_one_half_of_the_groups_is_compared_with_the_other():
    usual, others = split(builders.calibration(24))
    assert not set(usual.groups) & set(others.groups)
    assert len(usual) == len(others) == 48


def test_that_training_pictures_without_attention_do_not_count():
    fit, training = builders.calibration(24), builders.calibration(12, seed=1)
    without = tuple(replace(b, evidence=builders.changed(b.evidence, attention=None)) for b in training)
    assert len(split(builders.Batches(tuple(fit), without)).usual) == 48


def test_that_a_class_with_too_few_groups_is_compared_with_the_mean_of_all():
    data = builders.calibration(40)
    rare = tuple(batch for batch in data if not (batch.evidence.targets == 2).any())
    references = References.of(learn_references(builders.Batches((), rare)))
    assert references.counts[2] < FEWEST_GROUPS
    assert not references.map_for(2).of_class
    assert references.map_for(2).map.max() > 0
    assert (references.maps[2] == references.map_for(2).map).all()


def test_that_an_explainer_finds_the_references_of_the_scorer_it_reads():
    learnt = learn_references(builders.calibration(24))
    handed = {f"attention.{name}": array for name, array in learnt.items()}
    assert (References.of(handed, "attention").maps == References.of(learnt).maps).all()
    assert References.of(handed) is None


def test_that_wrong_answers_and_pictures_without_attention_make_no_reference():
    data = builders.calibration(24)
    wrong = tuple(replace(batch, labels=(batch.evidence.predicted + 1) % 4) for batch in data)
    assert learn_references(builders.Batches((), wrong)) == {}
    blank = tuple(
        replace(batch, evidence=builders.changed(batch.evidence, attention=np.zeros((8, 5, 5), np.float32)))
        for batch in data
    )
    assert learn_references(builders.Batches((), blank)) == {}
    assert learn_references(builders.Batches(())) == {}


def test_that_what_is_kept_is_small():
    arrays = learn_references(builders.calibration(24, classes=8))
    assert arrays["reference_maps"].dtype == np.float16
    assert sum(array.nbytes for array in arrays.values()) < 15_000
