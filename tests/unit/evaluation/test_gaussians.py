import numpy as np
import pytest

from viewer.evaluation.gaussians import fit_gaussians, halved, mahalanobis, shrinkage

RANDOM = np.random.default_rng(0)


def test_that_one_gaussian_without_noise_is_the_plain_mahalanobis_distance():
    features = RANDOM.normal(0, [1, 5, 0.2], (4000, 3)).astype(np.float32)
    gaussians = fit_gaussians(features, np.zeros(4000, int))
    covariance = np.cov(features.T, bias=True)
    away = features[:5] - features.mean(axis=0)
    expected = np.sqrt(np.einsum("bi,ij,bj->b", away, np.linalg.inv(covariance), away) / 3)
    np.testing.assert_allclose(mahalanobis(features[:5], gaussians), expected, rtol=0.05)  # shrunk a little


def test_that_the_distance_is_about_one_for_images_of_the_same_kind_and_larger_for_others():
    features = RANDOM.normal(0, 1, (500, 100)).astype(np.float32)
    gaussians = fit_gaussians(features[:250], np.zeros(250, int))
    assert mahalanobis(features[250:], gaussians).mean() == pytest.approx(1, abs=0.1)
    assert mahalanobis(features[250:] + 2, gaussians).min() > 1.5


def test_that_the_nearest_class_counts():
    labels = np.repeat([0, 1], 200)
    features = (RANDOM.normal(0, 1, (400, 4)) + 50 * labels[:, None]).astype(np.float32)
    gaussians = fit_gaussians(features, labels)
    near_each = mahalanobis(np.array([[0.0] * 4, [50.0] * 4], np.float32), gaussians)
    assert near_each.max() < 0.5
    assert mahalanobis(np.full((1, 4), 25, np.float32), gaussians)[0] > 10


def test_that_what_lies_outside_the_kept_directions_still_counts():
    features = np.zeros((300, 120), np.float32)
    features[:, :60] = RANDOM.normal(0, 1, (300, 60))
    gaussians = fit_gaussians(features, np.zeros(300, int))
    strange = np.zeros((1, 120), np.float32)
    strange[0, 100] = 3
    assert mahalanobis(strange, gaussians)[0] > 2 * mahalanobis(features, gaussians).max()


def test_that_shrinkage_is_ledoit_and_wolfs_by_hand():
    x = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 2.0], [0.0, -2.0]])
    sample = x.T @ x / 4  # diag(½, 2)
    mean = np.trace(sample) / 2
    distance = ((sample - mean * np.eye(2)) ** 2).sum() / 2
    noise = sum(((np.outer(row, row) - sample) ** 2).sum() / 2 for row in x) / 16
    assert shrinkage(x, np.array([2.0, 0.5])) == pytest.approx(noise / distance)


def test_that_constant_features_do_not_divide_by_zero():
    gaussians = fit_gaussians(np.ones((20, 5), np.float32), np.zeros(20, int))
    assert np.isfinite(mahalanobis(np.zeros((1, 5), np.float32), gaussians)).all()


def test_that_what_is_stored_takes_half_the_bytes_unless_it_would_overflow():
    values = np.array([[0.1, -2.5]], np.float32)
    assert halved(values).dtype == np.float16
    assert halved(values * 1e6).dtype == np.float32
