import numpy as np
import pytest
from viewer_second_opinion.voting import class_shares, mean_vote, mode_vote, weighted_vote

MISSING = -1


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([3, 1, 1, 2], 1),
        ([2, 0, 0, 2], 2),  # a tie: class 2 stands nearest
        ([0, 2, 2, 0, MISSING], 0),
        ([5, MISSING, MISSING], 5),
        ([MISSING, MISSING], MISSING),
        ([], MISSING),
    ],
)
def test_that_most_neighbours_win_and_the_nearest_one_settles_a_tie(labels, expected):
    assert mode_vote(np.array([labels], int)).tolist() == [expected]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([0, 1, 3, 3], 2),  # 7/4
        ([1, 2], 2),  # halfway: the worse score
        ([0, 1, 1, 3], 1),  # 5/4
        ([0, MISSING, 0], 0),
        ([3, MISSING], 3),
        ([MISSING], MISSING),
    ],
)
def test_that_the_mean_goes_to_the_nearest_step_and_halfway_to_the_upper_one(labels, expected):
    assert mean_vote(np.array([labels], int)).tolist() == [expected]


@pytest.mark.parametrize(
    ("labels", "similarity", "expected"),
    [
        ([1, 0, 0], [0.9, 0.4, 0.3], 1),  # .9 against .7
        ([1, 0, 0], [0.9, 0.5, 0.5], 0),  # .9 against 1.0
        ([2, 1, 2, 1], [0.3, 0.2, 0.1, 0.2], 2),  # .4 each, in other orders: class 2 stands nearest
        ([1, 0], [0.1, -0.9], 1),  # what looks the other way does not vote
        ([0, 1], [0.0, 0.0], 0),
        ([MISSING, 1], [np.nan, 0.2], 1),
        ([MISSING], [np.nan], MISSING),
    ],
)
def test_that_nearer_neighbours_weigh_more(labels, similarity, expected):
    assert weighted_vote(np.array([labels]), np.array([similarity])).tolist() == [expected]


@pytest.mark.parametrize("vote", [mode_vote, mean_vote, weighted_vote])
def test_that_there_is_no_vote_with_too_few_neighbours(vote):
    labels = np.array([[1, 1, MISSING], [1, 1, 1]])
    similarity = np.array([[0.9, 0.8, np.nan], [0.9, 0.8, 0.7]])
    assert vote(labels, similarity, fewest=3).tolist() == [MISSING, 1]


@pytest.mark.parametrize("vote", [mode_vote, mean_vote, weighted_vote])
def test_that_every_query_votes_by_itself(vote):
    random = np.random.default_rng(0)
    labels, similarity = random.integers(-1, 4, (200, 11)), random.uniform(0, 1, (200, 11))
    alone = [vote(labels[i : i + 1], similarity[i : i + 1])[0] for i in range(200)]
    assert vote(labels, similarity).tolist() == alone


def test_that_shares_of_the_classes_are_those_of_the_similarity():
    shares = class_shares(np.array([[0, 2, 2], [MISSING, 1, 1]]), np.array([[0.5, 0.2, 0.3], [9, 1, -1]]), 4)
    np.testing.assert_allclose(shares, [[0.5, 0, 0.5, 0], [0, 1, 0, 0]])
    assert not class_shares(np.array([[MISSING, MISSING]]), np.array([[np.nan, np.nan]]), 3).any()
