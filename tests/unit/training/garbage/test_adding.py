"""A row of the last layer that tells garbage, beside rows that stay as they are."""

import numpy as np

from viewer.training.garbage.adding import learn_row


def odds(features, logits, weight, bias):
    return features @ weight + bias - np.logaddexp.reduce(logits, axis=1)


def test_that_the_row_tells_garbage_from_proper_pictures_whatever_the_other_outputs_say():
    rng = np.random.default_rng(0)
    proper, garbage = rng.normal(0, 1, (200, 5)), rng.normal((6, 0, 0, 0, 0), 1, (200, 5))
    logits = [rng.normal(0, 3, (200, 3)) for _ in range(2)]
    weight, bias = learn_row(proper, garbage, *logits)
    assert (odds(proper, logits[0], weight, bias) < 0).mean() > 0.97
    assert (odds(garbage, logits[1], weight, bias) > 0).mean() > 0.97


def test_that_the_row_is_the_same_for_features_of_another_scale_and_place():
    rng = np.random.default_rng(1)
    proper, garbage, logits = rng.normal(0, 1, (50, 4)), rng.normal(1, 1, (40, 4)), rng.normal(0, 1, (90, 3))
    weight, bias = learn_row(proper, garbage, logits[:50], logits[50:])
    moved, further = learn_row(100 * proper + 7, 100 * garbage + 7, logits[:50], logits[50:])
    first, second = odds(garbage, logits[50:], weight, bias), odds(100 * garbage + 7, logits[50:], moved, further)
    assert np.allclose(first, second, atol=0.02)


def test_that_garbage_weighs_as_one_class_among_the_others():
    # Features that tell nothing: the share of garbage is what was taught, one in K + 1.
    logits = np.zeros((300, 3))
    weight, bias = learn_row(np.zeros((200, 2)), np.zeros((100, 2)), logits[:200], logits[200:])
    assert np.allclose(1 / (1 + np.exp(-odds(np.zeros((1, 2)), logits[:1], weight, bias))), 1 / 4, atol=1e-3)
