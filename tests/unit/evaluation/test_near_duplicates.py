import numpy as np
import pytest

from viewer.domain.errors import ViewerError
from viewer.evaluation import near_duplicates
from viewer.evaluation.near_duplicates import near_pairs


def found(features, owners, limit):
    return [
        (p.first, p.second, round(p.cosine, 4)) for p in near_pairs(np.array(features, np.float32), owners, limit)
    ]


def test_that_every_pair_above_the_limit_is_found_most_alike_first():
    features = [[1, 0], [0.8, 0.6], [1, 0.1], [0, 1]]
    assert found(features, np.arange(4), 0.7) == [(0, 2, 0.995), (1, 2, 0.8557), (0, 1, 0.8)]


def test_that_of_two_files_the_two_most_alike_frames_stand_for_them():
    features = [[1, 0], [0, 1], [1, 0.2], [0.1, 1]]
    assert found(features, np.array([0, 0, 1, 1]), 0.9) == [(1, 3, 0.995)]


def test_that_pictures_of_one_owner_are_not_compared():
    assert found([[1, 0], [1, 0]], np.zeros(2, int), 0.5) == []


def test_that_a_picture_without_features_is_like_no_other():
    assert found([[0, 0], [0, 0], [1, 0]], np.arange(3), 0.01) == []


def test_that_blocks_leave_nothing_out(monkeypatch):
    random = np.random.default_rng(0)
    features = random.normal(size=(60, 4)).astype(np.float32)
    owners = np.sort(random.integers(0, 20, 60))
    whole = near_pairs(features, owners, 0.6)
    monkeypatch.setattr(near_duplicates, "_ROWS", 7)
    blocks = near_pairs(features, owners, 0.6)
    assert [(p.first, p.second) for p in blocks] == [(p.first, p.second) for p in whole]
    unit = features / np.linalg.norm(features, axis=1, keepdims=True)
    expected = {
        (owners[i], owners[j])
        for i in range(60)
        for j in range(60)
        if owners[i] < owners[j] and unit[i] @ unit[j] >= 0.6
    }
    assert {(owners[p.first], owners[p.second]) for p in whole} == expected


def test_that_a_list_nobody_could_read_is_refused(monkeypatch):
    monkeypatch.setattr(near_duplicates, "MOST_PAIRS", 9)
    with pytest.raises(ViewerError, match="ask for a higher limit"):
        near_pairs(np.ones((6, 2), np.float32), np.arange(6), 0.5)
