import dataclasses

import numpy as np
import pytest
from viewer_confidence_scores import class_scores as scores

from viewer.api import LinearHead
from viewer.testing import builders


def test_that_only_the_most_probable_class_has_a_margin_of_half_and_more():
    p = np.array([[0.5, 0.3, 0.2], [0.25, 0.5, 0.25]])
    assert scores.class_margins(p) == pytest.approx(np.array([[0.6, 0.4, 0.35], [0.375, 0.625, 0.375]]))


def test_that_classes_that_tie_for_the_first_place_have_no_margin():
    assert scores.class_margins(np.array([[0.5, 0.5, 0.0]])) == pytest.approx(np.array([[0.5, 0.5, 0.25]]))


def test_that_attention_is_narrow_even_or_absent():
    one_cell, even, none = [[4.0, 0], [0, 0]], [[1.0, 1], [1, 1]], [[-1.0, -2], [-3, 0]]
    half = [[1.0, 1], [-5, 0]]  # two of four cells: 1 − ln 2 / ln 4
    assert scores.class_attention(np.array([[one_cell, even, none, half]])) == pytest.approx(
        np.array([[1, 0, 0, 0.5]])
    )


def test_that_a_class_is_certain_whose_probability_stays():
    p = np.array([[[0.2, 0.5, 1.0]], [[0.2, 0.3, 0.0]]])  # two samples, one frame
    assert scores.class_certainty(p) == pytest.approx(np.array([[1, 0.8, 0]]))


def test_that_maps_of_a_linear_head_are_sums_of_channels():
    activations = np.array([[[[1, 2]], [[3, 4]]]], np.float32)  # one frame, two channels, 1×2
    head = LinearHead(np.array([[1, 0], [0, -1], [2, 1]], np.float32), np.zeros(3, np.float32))
    evidence = builders.changed(builders.evidence(1, 3), activations=activations, linear_head=head)
    assert scores.linear_cams(evidence).tolist() == [[[[1, 2]], [[-3, -4]], [[5, 8]]]]


def test_that_gradients_give_the_maps_of_the_linear_head_up_to_scale():
    evidence = builders.evidence(2, 3)
    head = evidence.linear_head
    assert head is not None
    assert evidence.activations is not None
    cells = evidence.activations.shape[2] * evidence.activations.shape[3]
    by_class = [
        dataclasses.replace(
            evidence,
            targets=np.full(2, k),
            gradients=np.repeat(head.weight[k][None, :, None, None] / cells, 2, axis=0).astype(np.float32),
        )
        for k in range(3)
    ]
    assert scores.gradient_cams(by_class) * cells == pytest.approx(scores.linear_cams(evidence), rel=1e-4, abs=1e-5)


def test_that_gradients_of_another_class_are_refused():
    evidence = dataclasses.replace(builders.evidence(1, 3), targets=np.array([1]))
    with pytest.raises(ValueError, match="no gradients of class 0"):
        scores.gradient_cams([evidence])


def test_that_a_score_that_is_low_for_the_true_class_is_turned():
    labels = np.array([0, 1])
    speaks, misleads = np.array([[0.9, 0.1], [0.2, 0.7]]), np.array([[0.25, 0.5], [1.0, 0.5]])
    both = np.stack([speaks, misleads])
    assert scores.directions(both, labels).tolist() == [1, -1]
    assert scores.turned(both, np.array([1.0, -1.0])).tolist() == [speaks.tolist(), [[0.75, 0.5], [0.0, 0.5]]]


def test_that_a_score_that_says_nothing_stays_as_it_is():
    assert scores.directions(np.full((1, 3, 2), 0.5), np.array([0, 1, 1])).tolist() == [1]


def test_that_the_sum_weighs_as_it_is_told():
    of_two = np.array([[[1.0, 0.0]], [[0.0, 0.5]]])
    assert scores.weighted_sum(of_two, np.array([1.0, 3.0])) == pytest.approx(np.array([[0.25, 0.375]]))


def test_that_all_four_scores_come_in_their_order_and_range():
    evidence = builders.evidence(3, 4)
    found = scores.class_scores(evidence, scores.linear_cams(evidence))
    assert found.shape == (len(scores.NAMES), 3, 4)
    assert found[0] == pytest.approx(evidence.probabilities)
    assert found.min() >= 0
    assert found.max() <= 1


def test_that_scores_without_dropout_samples_are_refused():
    evidence = dataclasses.replace(builders.evidence(1), head_samples=None)
    with pytest.raises(ValueError, match="no dropout samples"):
        scores.class_scores(evidence, np.zeros((1, 3, 2, 2)))


def test_that_the_score_that_knows_the_class_gets_the_weight():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 300)
    knows = np.eye(3)[labels] * 0.5 + rng.random((300, 3)) * 0.6
    misleads = 1 - np.eye(3)[labels]
    weights = scores.fit_class_weights(
        np.stack([rng.random((300, 3)), knows, misleads]), labels, np.arange(300).astype(str)
    )
    assert weights.sum() == pytest.approx(1)
    assert weights[1] > 0.9
    assert weights[2] == 0


def test_that_groups_weigh_alike_however_many_pictures_they_have():
    first, second = [1.0, 0.0], [0.0, 0.0]  # each score knows one of the two pictures and is silent on the other
    few = np.array([[first, second], [second, first[::-1]]])
    even = scores.fit_class_weights(few, np.array([0, 1]), np.array(["a", "b"]))
    assert even == pytest.approx([0.5, 0.5], abs=1e-4)
    ten_of_one = scores.fit_class_weights(
        few[:, [0] * 10 + [1]], np.array([0] * 10 + [1]), np.array(["a"] * 10 + ["b"])
    )
    assert ten_of_one == pytest.approx(even, abs=1e-4)


def test_that_the_first_score_is_taken_where_none_knows_the_class():
    misleads = np.array([[[0.0, 1.0]]])
    assert scores.fit_class_weights(np.repeat(misleads, 2, axis=0), np.array([0]), np.array(["a"])).tolist() == [1, 0]
