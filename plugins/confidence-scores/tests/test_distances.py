import numpy as np
import pytest
from viewer_confidence_scores import distances, ranking

from viewer.api import fit_gaussians

RANDOM = np.random.default_rng(0)


def test_that_the_neighbour_distance_is_the_mean_cosine_distance_to_the_nearest():
    directions = np.eye(20, dtype=np.float32)
    neighbours = distances.fit_neighbours(np.concatenate([directions] + [directions[:1]] * 9))
    # The first direction is there ten times; any other once, beside nine at right angles.
    assert distances.neighbour_distance(5 * directions[:1], neighbours) == pytest.approx([0], abs=1e-6)
    assert distances.neighbour_distance(directions[3:4], neighbours) == pytest.approx([0.9], abs=1e-6)
    assert distances.neighbour_distance(np.zeros((1, 20), np.float32), neighbours) == pytest.approx([1])


def test_that_many_references_are_thinned():
    neighbours = distances.fit_neighbours(RANDOM.normal(0, 1, (2500, 60)).astype(np.float32))
    assert neighbours.references.shape == (834, distances.DIMENSIONS)


def test_that_what_is_kept_of_a_mobilenets_features_stays_below_a_megabyte():
    features = RANDOM.normal(0, 1, (600, 1280)).astype(np.float32)
    kept = [*distances.fit_neighbours(features), *fit_gaussians(features, np.arange(600) % 8)]
    assert sum(array.nbytes for array in kept) < 1_000_000


def test_that_ties_count_half_in_the_rank():
    knots = np.array([1, 2, 2, 4], np.float32)
    assert ranking.share_below(knots, np.array([0.0, 2.0, 3.0, 9.0])).tolist() == [0, 0.5, 0.75, 1]


def test_that_many_values_become_few_knots_with_the_same_distribution():
    values = RANDOM.normal(0, 1, 5000)
    knots = ranking.knots(values)
    assert len(knots) == ranking.MOST_KNOTS
    assert ranking.share_below(knots, np.array([0.0]))[0] == pytest.approx((values < 0).mean(), abs=0.01)


@pytest.mark.parametrize(
    ("values", "correct", "expected"),
    [([1, 2, 3, 4], [0, 0, 1, 1], 1), ([1, 2, 3, 4], [1, 0, 1, 0], 0.25), ([1, 1, 1, 1], [1, 0, 1, 0], 0.5)],
)
def test_that_auroc_counts_pairs(values, correct, expected):
    assert ranking.auroc(np.array(values, float), np.array(correct, bool)) == expected


def test_that_auroc_needs_right_and_wrong_answers():
    assert np.isnan(ranking.auroc(np.ones(3), np.ones(3, bool)))
