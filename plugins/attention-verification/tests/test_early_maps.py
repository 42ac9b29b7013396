from dataclasses import replace

import numpy as np
import pytest
from viewer_attention_verification.comparison import Measuring
from viewer_attention_verification.early_maps import EarlyMaps
from viewer_attention_verification.maps import early_map
from viewer_attention_verification.metrics import METRICS
from viewer_attention_verification.scorers import attention_scorers

from viewer.testing import builders


def fitted(data):
    return EarlyMaps.of(
        {f"attention.{key}": array for key, array in attention_scorers(Measuring())[0].fit(data).items()}, "attention"
    )


def test_that_the_usual_early_map_is_the_mean_over_groups_whatever_the_class_and_the_answer():
    training = builders.calibration(12, 1, seed=1)
    usual = fitted(builders.Batches(tuple(builders.calibration(40)), tuple(training)))
    maps = np.concatenate([early_map(batch.evidence.early) for batch in training])
    assert usual.map == pytest.approx(maps.mean(axis=0), abs=1e-3)  # kept as float16


def test_that_an_early_map_is_compared_by_every_metric_and_gets_its_place_among_known_ones():
    usual = fitted(builders.calibration(60))
    evidence = builders.evidence(3)
    values, p = usual.compared(evidence.early)
    assert values.shape == p.shape == (3, len(METRICS))
    assert values[1, 4] == pytest.approx(METRICS[4].function(early_map(evidence.early)[1], usual.map), abs=1e-6)
    assert ((p > 0) & (p <= 1)).all()
    assert (usual.compared(evidence.early[1:2])[0] == values[1]).all()
    _, of_usual = usual.compared(usual.map[None])
    assert (of_usual == 1).all()


def test_that_a_blank_early_map_has_values_all_the_same():
    values, p = fitted(builders.calibration(60)).compared(np.zeros((1, 28, 28), np.float32))
    assert np.isfinite(values).all()
    assert np.isfinite(p).all()


def test_that_without_early_maps_attention_is_fitted_all_the_same():
    data = builders.calibration(40)
    without = tuple(replace(b, evidence=builders.changed(b.evidence, early=None)) for b in data)
    state = attention_scorers(Measuring())[0].fit(builders.Batches(without))
    assert "weights" in state
    assert EarlyMaps.of(state) is None
