import faiss
import numpy as np
import pytest
from viewer_second_opinion.search import ExactSearch, projected, unit_vectors


def brute_force(features, queries, k, groups=None, own=None):
    """Every cosine in double precision, sorted; ties by index."""
    known, asked = unit_vectors(features).astype(np.float64), unit_vectors(queries).astype(np.float64)
    cosines = asked @ known.T
    hidden = ~known.any(axis=1)[None] | ~asked.any(axis=1)[:, None]
    if own is not None:
        hidden = hidden | (groups[None] == own[:, None])
    cosines[hidden] = -np.inf
    order = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
    best = np.take_along_axis(cosines, order, axis=1)
    return np.where(np.isfinite(best), order, -1), np.where(np.isfinite(best), best, np.nan)


@pytest.mark.parametrize(("count", "width", "k"), [(500, 16, 11), (2000, 96, 5), (40, 3, 1)])
def test_that_it_finds_what_a_comparison_with_everything_finds(count, width, k):
    random = np.random.default_rng(count)
    features, queries = random.normal(size=(count, width)), random.normal(size=(30, width))
    indices, cosines = ExactSearch(features).nearest(queries, k)
    expected, similarity = brute_force(features, queries, k)
    np.testing.assert_array_equal(indices, expected)
    np.testing.assert_allclose(cosines, similarity, atol=1e-6)


def test_that_vectors_nearer_to_each_other_than_float16_can_tell_come_in_their_true_order():
    random = np.random.default_rng(1)
    centre = random.normal(size=64)
    features = centre + 1e-3 * random.normal(size=(3000, 64))
    queries = centre + 1e-3 * random.normal(size=(10, 64))
    indices, _ = ExactSearch(features).nearest(queries, 11)
    known, asked = unit_vectors(features).astype(np.float64), unit_vectors(queries).astype(np.float64)
    expected = np.sort(asked @ known.T, axis=1)[:, ::-1][:, :11]
    np.testing.assert_allclose(np.take_along_axis(asked @ known.T, indices, axis=1), expected, atol=1e-12)


def test_that_nobody_finds_a_vector_of_the_own_group():
    random = np.random.default_rng(2)
    features, groups = random.normal(size=(300, 8)), random.permutation(np.repeat(np.arange(6), 50))
    own = np.append(groups[:20], 99)  # the last one's group is not among them
    queries = np.concatenate([features[:20], features[:1]])
    indices, cosines = ExactSearch(features, groups).nearest(queries, 7, own)
    expected, similarity = brute_force(features, queries, 7, groups, own)
    np.testing.assert_array_equal(indices, expected)
    np.testing.assert_allclose(cosines, similarity, atol=1e-6)
    assert indices[-1, 0] == 0


def test_that_groups_may_be_named_by_words():
    features, groups = np.eye(3) + 0.1, np.array(["anna", "berta", "anna"])
    indices, _ = ExactSearch(features, groups).nearest(features[:2], 1, groups[:2])
    assert indices.tolist() == [[1], [0]]


def test_that_places_stay_empty_where_there_are_fewer_vectors_than_asked_for():
    features = np.array([[1.0, 0], [0, 1], [1, 1]])
    indices, cosines = ExactSearch(features, np.array([0, 0, 1])).nearest(features[:2], 4, np.array([0, 1]))
    assert indices.tolist() == [[2, -1, -1, -1], [1, 0, -1, -1]]
    np.testing.assert_allclose(cosines, [[np.sqrt(0.5), *[np.nan] * 3], [1, 0, np.nan, np.nan]], atol=1e-6)


def test_that_nothing_is_found_where_there_is_nothing_but_the_own_group():
    features = np.ones((3, 2))
    indices, cosines = ExactSearch(features, np.zeros(3)).nearest(features, 2, np.zeros(3))
    assert (indices == -1).all()
    assert np.isnan(cosines).all()


def test_that_equal_vectors_come_in_the_order_they_were_given_however_many_there_are():
    features = np.concatenate([np.tile([1.0, 0.1], (700, 1)), [[0.1, 1.0]]])
    groups = np.arange(701) % 7
    indices, cosines = ExactSearch(features, groups).nearest(np.array([[1.0, 0.1]]), 5)
    assert indices.tolist() == [[0, 1, 2, 3, 4]]
    np.testing.assert_allclose(cosines, 1, atol=1e-6)


def test_that_a_vector_of_zeros_has_no_neighbours_and_is_nobody_s():
    features = np.array([[0.0, 0], [-1, 0], [0, 0]])
    indices, _ = ExactSearch(features).nearest(np.array([[1.0, 0], [0, 0]]), 2)
    assert indices.tolist() == [[1, -1], [-1, -1]]
    assert (ExactSearch(np.zeros((4, 2))).nearest(features, 2)[0] == -1).all()


def test_that_the_length_of_a_vector_does_not_count():
    random = np.random.default_rng(3)
    features, queries = random.normal(size=(100, 5)), random.normal(size=(9, 5))
    stretched = features * random.uniform(1e-6, 1e6, (100, 1))
    np.testing.assert_array_equal(
        ExactSearch(features).nearest(queries, 3)[0], ExactSearch(stretched).nearest(queries * 1e5, 3)[0]
    )


def test_that_an_answer_does_not_depend_on_what_else_is_asked():
    random = np.random.default_rng(4)
    features, queries = np.round(random.normal(size=(400, 3)), 1), np.round(random.normal(size=(50, 3)), 1)
    search = ExactSearch(features)
    together = search.nearest(queries, 11)
    for i in range(50):
        alone = search.nearest(queries[i : i + 1], 11)
        np.testing.assert_array_equal(alone[0], together[0][i : i + 1])
        np.testing.assert_array_equal(alone[1], together[1][i : i + 1])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_that_what_is_no_number_is_refused(bad):
    features = np.ones((3, 2))
    spoilt = features.copy()
    spoilt[1, 1] = bad
    with pytest.raises(ValueError, match="finite"):
        ExactSearch(spoilt)
    with pytest.raises(ValueError, match="finite"):
        ExactSearch(features).nearest(spoilt, 1)


def test_that_shapes_which_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="groups"):
        ExactSearch(np.ones((3, 2)), np.zeros(2))
    with pytest.raises(ValueError, match="queries"):
        ExactSearch(np.ones((3, 2))).nearest(np.ones((1, 3)), 1)


def test_that_the_threads_of_others_stay_as_they_are():
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(3)
    try:
        ExactSearch(np.eye(4)).nearest(np.eye(4), 2)
        assert faiss.omp_get_max_threads() == 3
    finally:
        faiss.omp_set_num_threads(before)


def test_that_a_projected_row_is_the_same_to_the_last_bit_whatever_stands_beside_it():
    random = np.random.default_rng(0)
    vectors, basis = (random.normal(size=size).astype(np.float32) for size in ((64, 1280), (1280, 128)))
    whole = projected(vectors, basis)
    assert np.array_equal(whole, np.concatenate([projected(vectors[i : i + 3], basis) for i in range(0, 64, 3)]))
    np.testing.assert_allclose(whole, vectors @ basis, rtol=1e-3, atol=1e-3)
    assert projected(vectors[:0], basis).shape == (0, 128)
