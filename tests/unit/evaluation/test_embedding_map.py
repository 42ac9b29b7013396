import numpy as np
import pytest

from viewer.domain.errors import JobCancelled, ViewerError
from viewer.evaluation.embedding_map import FEWEST, STEPS, EmbeddingMap, fit_map


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
    whole = EmbeddingMap.of(features)
    before = whole.positions.copy()
    further, their_kinds = clusters(each=5, seed=1)
    placed = whole.place(further)
    nearest = np.linalg.norm(placed[:, None] - whole.positions[None], axis=2).argmin(axis=1)
    np.testing.assert_array_equal(kinds[nearest], their_kinds)
    np.testing.assert_array_equal(whole.positions, before)
    with pytest.raises(ValueError, match="read-only"):
        whole.positions[0] = 0


def test_that_a_case_of_the_map_is_placed_where_it_lies():
    features, _ = clusters()
    positions = fit_map(features) + np.array([100, -50])
    placed = EmbeddingMap.of(features, positions).place(features[::9])
    assert np.linalg.norm(placed - positions[::9], axis=1).max() < 0.02 * np.ptp(positions)


def test_that_a_case_is_placed_alike_alone_and_among_others(monkeypatch):
    features, _ = clusters()
    further, _ = clusters(each=3, seed=2)
    whole = EmbeddingMap.of(features)
    together = whole.place(further)
    np.testing.assert_allclose(whole.place(further[:1]), together[:1], atol=1e-4)
    monkeypatch.setattr("viewer.evaluation.embedding_map._MOST_PAIRS", 5 * len(features))
    np.testing.assert_allclose(whole.place(further), together, atol=1e-4)


def test_that_cases_come_to_rest_where_opentsne_would_put_them():
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PerplexityBasedNN

    random = np.random.default_rng(4)
    features = random.normal(size=(300, 8)).astype(np.float32)
    whole = EmbeddingMap.of(features)
    middle = (whole.positions.max(axis=0) + whole.positions.min(axis=0)) / 2
    axes = np.linalg.svd(features - features.mean(axis=0), full_matrices=False)[2]
    affinities = PerplexityBasedNN((features - features.mean(axis=0)) @ axes.T, method="exact", perplexity=30)
    peer = TSNEEmbedding(whole.positions.astype(np.float64) - middle, affinities, negative_gradient_method="bh")
    further = features[:40] + random.normal(0, 0.3, (40, 8)).astype(np.float32)
    theirs = peer.transform((further - features.mean(axis=0)) @ axes.T, perplexity=5) + middle
    assert np.median(np.linalg.norm(whole.place(further) - theirs, axis=1)) < 1e-3 * np.ptp(whole.positions)


def test_that_a_map_comes_back_from_its_arrays():
    features, _ = clusters()
    further, _ = clusters(each=3, seed=2)
    whole = EmbeddingMap.of(features)
    arrays = whole.arrays()
    assert sum(array.nbytes for array in arrays.values()) < 3000
    again = EmbeddingMap.from_arrays(arrays)
    size = np.ptp(whole.positions)
    np.testing.assert_allclose(again.positions, whole.positions, atol=1e-3 * size)
    np.testing.assert_allclose(again.place(further), whole.place(further), atol=0.02 * size)


@pytest.mark.parametrize("n", [1, 2, FEWEST - 1, FEWEST, FEWEST + 1])
def test_that_cases_are_placed_on_the_smallest_maps(n):
    features = np.random.default_rng(0).normal(size=(n, 4))
    whole = EmbeddingMap.of(features)
    placed = whole.place(features)
    assert placed.shape == (n, 2)
    assert np.isfinite(placed).all()
    if n < FEWEST:
        np.testing.assert_array_equal(placed, whole.positions)


@pytest.mark.parametrize("unlike", [1e3, 1e6, -1e6])
def test_that_a_case_unlike_all_others_is_placed_on_the_map_all_the_same(unlike):
    features, _ = clusters()
    whole = EmbeddingMap.of(features)
    placed = whole.place(np.full((1, 4), unlike))
    assert np.abs(placed).max() < 2 * np.abs(whole.positions).max()


def test_that_nothing_is_placed_on_a_map_of_other_features_or_other_cases():
    features, _ = clusters()
    positions = fit_map(features)
    whole = EmbeddingMap.of(features, positions)
    with pytest.raises(ViewerError, match="a map of 4 features cannot place cases that have 3"):
        whole.place(np.ones((2, 3)))
    with pytest.raises(ViewerError, match="does not belong to 159 cases"):
        EmbeddingMap.of(features[1:], positions)
    with pytest.raises(ViewerError, match="does not belong to 0 cases"):
        EmbeddingMap.of(features[:0])
    assert whole.place(features[:0]).shape == (0, 2)
