import numpy as np
import pytest
from viewer_confidence_scores import distances, ranking

from viewer.testing import builders

RANDOM = np.random.default_rng(0)


def test_that_one_gaussian_without_noise_is_the_plain_mahalanobis_distance():
    features = RANDOM.normal(0, [1, 5, 0.2], (4000, 3)).astype(np.float32)
    gaussians = distances.fit_gaussians(features, np.zeros(4000, int))
    covariance = np.cov(features.T, bias=True)
    away = features[:5] - features.mean(axis=0)
    expected = np.sqrt(np.einsum("bi,ij,bj->b", away, np.linalg.inv(covariance), away) / 3)
    np.testing.assert_allclose(distances.mahalanobis(features[:5], gaussians), expected, rtol=0.05)  # shrunk a little


def test_that_the_distance_is_about_one_for_images_of_the_same_kind_and_larger_for_others():
    features = RANDOM.normal(0, 1, (500, 100)).astype(np.float32)
    gaussians = distances.fit_gaussians(features[:250], np.zeros(250, int))
    assert distances.mahalanobis(features[250:], gaussians).mean() == pytest.approx(1, abs=0.1)
    assert distances.mahalanobis(features[250:] + 2, gaussians).min() > 1.5


def test_that_the_nearest_class_counts():
    labels = np.repeat([0, 1], 200)
    features = (RANDOM.normal(0, 1, (400, 4)) + 50 * labels[:, None]).astype(np.float32)
    gaussians = distances.fit_gaussians(features, labels)
    near_each = distances.mahalanobis(np.array([[0.0] * 4, [50.0] * 4], np.float32), gaussians)
    assert near_each.max() < 0.5
    assert distances.mahalanobis(np.full((1, 4), 25, np.float32), gaussians)[0] > 10


def test_that_what_lies_outside_the_kept_directions_still_counts():
    features = np.zeros((300, 120), np.float32)
    features[:, :60] = RANDOM.normal(0, 1, (300, 60))
    gaussians = distances.fit_gaussians(features, np.zeros(300, int))
    strange = np.zeros((1, 120), np.float32)
    strange[0, 100] = 3
    assert distances.mahalanobis(strange, gaussians)[0] > 2 * distances.mahalanobis(features, gaussians).max()


def test_that_shrinkage_is_ledoit_and_wolfs_by_hand():
    x = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 2.0], [0.0, -2.0]])
    sample = x.T @ x / 4  # diag(½, 2)
    mean = np.trace(sample) / 2
    distance = ((sample - mean * np.eye(2)) ** 2).sum() / 2
    noise = sum(((np.outer(row, row) - sample) ** 2).sum() / 2 for row in x) / 16
    assert distances.shrinkage(x, np.array([2.0, 0.5])) == pytest.approx(noise / distance)


def test_that_constant_features_do_not_divide_by_zero():
    gaussians = distances.fit_gaussians(np.ones((20, 5), np.float32), np.zeros(20, int))
    assert np.isfinite(distances.mahalanobis(np.zeros((1, 5), np.float32), gaussians)).all()


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
    kept = [*distances.fit_neighbours(features), *distances.fit_gaussians(features, np.arange(600) % 8)]
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


def test_that_the_halves_share_no_patient_and_have_the_same_classes():
    data = builders.calibration(24, classes=4)
    first, second = ranking.halves(data)
    assert not first & second
    assert len(first) == len(second) == 12
    classes = {group: label for batch in data for group, label in zip(batch.groups, batch.labels, strict=True)}
    for half in (first, second):
        assert sorted(classes[group] for group in half) == sorted([0, 1, 2, 3] * 3)


def test_that_what_is_stored_takes_half_the_bytes_unless_it_would_overflow():
    values = np.array([[0.1, -2.5]], np.float32)
    assert distances.halved(values).dtype == np.float16
    assert distances.halved(values * 1e6).dtype == np.float32
