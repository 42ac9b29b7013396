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
