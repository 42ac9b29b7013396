import numpy as np
import pytest
from viewer_confidence_scores import uncertainty

LN2 = np.log(2)
AGREEING = np.array([[[0.5, 0.5]], [[0.5, 0.5]]])  # two samples, one frame
CONTRADICTING = np.array([[[1.0, 0.0]], [[0.0, 1.0]]])


@pytest.mark.parametrize(
    ("samples", "predictive", "expected", "mutual"),
    [(AGREEING, LN2, LN2, 0), (CONTRADICTING, LN2, 0, LN2)],
    ids=["ambiguous image", "unsure model"],
)
def test_that_the_entropies_tell_ambiguity_from_disagreement(samples, predictive, expected, mutual):
    assert uncertainty.predictive_entropy(samples) == pytest.approx([predictive])
    assert uncertainty.expected_entropy(samples) == pytest.approx([expected])
    assert uncertainty.mutual_information(samples) == pytest.approx([mutual])


def test_that_frames_without_any_spread_are_known():
    logits = np.zeros((3, 2, 4), np.float32)
    logits[1, 1, 0] = 1
    assert uncertainty.frames_that_vary(logits).tolist() == [False, True]


def test_that_the_divergence_of_unequal_models_follows_their_weights():
    agree, differ = np.array([[[0.9, 0.1]], [[0.9, 0.1]]]), np.array([[[1.0, 0.0]], [[0.0, 1.0]]])
    assert uncertainty.divergence(agree, (0.3, 0.7)) == pytest.approx([0], abs=1e-12)
    assert uncertainty.divergence(differ, (0.5, 0.5)) == pytest.approx([np.log(2)])
    assert uncertainty.divergence(differ, (0.9, 0.1)) == pytest.approx([-0.9 * np.log(0.9) - 0.1 * np.log(0.1)])
    assert uncertainty.divergence(differ, (1.0, 0.0)) == pytest.approx([0], abs=1e-12)
    some = np.random.default_rng(0).dirichlet((1, 1, 1), (4, 5))
    np.testing.assert_allclose(uncertainty.divergence(some, (0.25,) * 4), uncertainty.mutual_information(some))
