import numpy as np

from viewer.domain.evidence import Need
from viewer.testing import builders


def test_that_the_parts_of_built_evidence_fit_together():
    evidence = builders.evidence(4)
    head = evidence.linear_head
    np.testing.assert_allclose(evidence.features, evidence.activations.mean(axis=(2, 3)), rtol=1e-5)
    np.testing.assert_allclose(evidence.logits, evidence.features @ head.weight.T + head.bias, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(evidence.gradients[:, :, 0, 0] * 25, head.weight[evidence.targets], rtol=1e-5)
    assert evidence.head_samples.shape == (builders.SAMPLES, 4, 4)
    np.testing.assert_allclose(evidence.members.mean(axis=0), evidence.logits, rtol=1e-4, atol=1e-5)


def test_that_the_same_seed_gives_the_same_evidence():
    first, second = builders.evidence(seed=5), builders.evidence(seed=5)
    np.testing.assert_array_equal(first.activations, second.activations)
    assert not np.array_equal(first.activations, builders.evidence(seed=6).activations)


def test_that_only_what_is_asked_for_is_filled():
    evidence = builders.evidence(needs=frozenset({Need.FEATURES}))
    assert evidence.features is not None
    assert evidence.input is None
    assert builders.only(builders.evidence(), frozenset({Need.STEM})).features is None


def test_that_calibration_data_has_errors_and_they_are_the_unsure_ones():
    data = list(builders.calibration(60))
    correct = np.concatenate([batch.evidence.predicted == batch.labels for batch in data])
    best = np.concatenate([batch.evidence.probabilities.max(axis=1) for batch in data])
    assert 0.5 < correct.mean() < 0.95
    assert best[correct].mean() > best[~correct].mean() + 0.05


def test_that_calibration_data_can_be_read_again():
    data = builders.calibration(3)
    assert len(list(data)) == len(list(data)) == 2
    assert {group for batch in data for group in batch.groups} == {"patient 000", "patient 001", "patient 002"}
