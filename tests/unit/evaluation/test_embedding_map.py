import numpy as np
import pytest

from viewer.domain.errors import JobCancelled, ViewerError
from viewer.evaluation.embedding_map import FEWEST, STEPS, fit_map, place


def clusters(count=4, each=40, apart=10.0, seed=0):
    """Features of `count` well separated kinds of cases, and the kind of each."""
    rng = np.random.default_rng(seed)
    kinds = np.repeat(np.arange(count), each)
    return (np.eye(count)[kinds] * apart + rng.normal(size=(len(kinds), count))).astype(np.float16), kinds


def share_with_a_neighbour_of_the_same_kind(positions, kinds):
    apart = np.linalg.norm(positions[:, None] - positions[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    return float((kinds[apart.argmin(axis=1)] == kinds).mean())


def test_that_similar_cases_lie_together():
    features, kinds = clusters()
    assert share_with_a_neighbour_of_the_same_kind(fit_map(features), kinds) == 1


def test_that_a_map_is_the_same_for_the_same_seed_and_another_for_another():
    features, _ = clusters()
    np.testing.assert_array_equal(fit_map(features, 5), fit_map(features, 5))
    assert not np.array_equal(fit_map(features, 5), fit_map(features, 6))


def test_that_neighbours_on_the_map_agree_with_those_of_another_t_sne():
    from sklearn.manifold import TSNE, trustworthiness

    features = np.random.default_rng(1).normal(size=(300, 6)) * [4, 3, 2, 1, 0.5, 0.2]
    peer = TSNE(init="pca", random_state=0).fit_transform(features)
    assert trustworthiness(features, fit_map(features)) >= trustworthiness(features, peer) - 0.02


@pytest.mark.parametrize("n", [0, 1, 2, 3, FEWEST - 1, FEWEST, FEWEST + 1])
@pytest.mark.parametrize("width", [1, 2, 70])
def test_that_few_cases_have_a_map_too(n, width):
    positions = fit_map(np.random.default_rng(0).normal(size=(n, width)))
    assert positions.shape == (n, 2)
    assert positions.dtype == np.float32
    assert np.isfinite(positions).all()
    assert len(np.unique(positions, axis=0)) == n


@pytest.mark.parametrize("kinds", [1, 3, 20])
def test_that_equal_features_lie_at_one_place(kinds):
    features = np.repeat(np.random.default_rng(0).normal(size=(kinds, 5)), 6, axis=0)
    positions = fit_map(features).reshape(kinds, 6, 2)
    assert (positions == positions[:, :1]).all()
    assert len(np.unique(positions[:, 0], axis=0)) == kinds


@pytest.mark.parametrize("unit", [1e-30, 1e30])
def test_that_the_unit_of_the_features_does_not_matter(unit):
    features, kinds = clusters()
    assert share_with_a_neighbour_of_the_same_kind(fit_map(features.astype(np.float64) * unit), kinds) == 1


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e60])
def test_that_features_that_are_no_numbers_are_refused_by_case(bad):
    features = np.ones((9, 3))
    features[4, 1] = bad
    with pytest.raises(ViewerError, match="case 5 of 9 are not finite"):
        fit_map(features)


@pytest.mark.parametrize("shape", [(5,), (5, 0), (2, 2, 2)])
def test_that_what_is_no_table_is_refused(shape):
    with pytest.raises(ViewerError, match="must be a table"):
        fit_map(np.ones(shape))


def test_that_progress_rises_to_its_end():
    told = []
    fit_map(clusters()[0], tell=lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[0] == (0, STEPS)
    assert told[-1] == (STEPS, STEPS)
    assert len(told) > 100


@pytest.mark.parametrize("when", [0, STEPS // 4, STEPS // 2])
def test_that_work_ends_where_nobody_waits(when):
    told = []

    def tell(done, total):
        told.append(done)
        if done >= when:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        fit_map(clusters()[0], tell=tell)
    assert when <= told[-1] <= when + 10


def test_that_further_cases_are_placed_among_their_like_and_move_nothing():
    features, kinds = clusters(seed=0)
    positions = fit_map(features)
    before = positions.copy()
    further, their_kinds = clusters(each=5, seed=1)
    placed = place(further, features, positions)
    nearest = np.linalg.norm(placed[:, None] - positions[None], axis=2).argmin(axis=1)
    np.testing.assert_array_equal(kinds[nearest], their_kinds)
    np.testing.assert_array_equal(positions, before)


def test_that_a_case_of_the_map_is_placed_where_it_lies():
    features, _ = clusters()
    positions = fit_map(features) + np.array([100, -50])
    placed = place(features[::9], features, positions)
    assert np.linalg.norm(placed - positions[::9], axis=1).max() < 0.02 * np.ptp(positions)


def test_that_a_case_is_placed_alike_alone_and_among_others():
    features, _ = clusters()
    further, _ = clusters(each=3, seed=2)
    positions = fit_map(features)
    together = place(further, features, positions)
    np.testing.assert_allclose(place(further[:1], features, positions), together[:1], atol=1e-4)


@pytest.mark.parametrize("n", [1, 2, FEWEST - 1, FEWEST])
def test_that_cases_are_placed_on_the_smallest_maps(n):
    features = np.random.default_rng(0).normal(size=(n, 4))
    positions = fit_map(features)
    placed = place(features, features, positions)
    assert placed.shape == (n, 2)
    assert np.isfinite(placed).all()
    if n < FEWEST:
        np.testing.assert_array_equal(placed, positions)


def test_that_nothing_is_placed_on_a_map_of_other_features_or_other_cases():
    features, _ = clusters()
    positions = fit_map(features)
    with pytest.raises(ViewerError, match="a map of 4 features cannot place cases that have 3"):
        place(np.ones((2, 3)), features, positions)
    with pytest.raises(ViewerError, match="does not belong to 159 cases"):
        place(features[:2], features[1:], positions)
    assert place(features[:0], features, positions).shape == (0, 2)
