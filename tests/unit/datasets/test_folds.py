from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.datasets.folds import group_folds
from viewer.domain.errors import ViewerError


@st.composite
def cohorts(draw):
    """Labels and groups of samples: groups of one to thirty samples of one class each."""
    labels, groups = [], []
    for number in range(draw(st.integers(10, 60))):
        own, size = draw(st.integers(0, 3)), draw(st.integers(1, 30))
        labels += [own] * size
        groups += [f"patient {number}"] * size
    return labels, groups


@settings(max_examples=50)
@given(cohorts(), st.integers(2, 6), st.integers(0, 1000))
def test_that_every_group_has_one_fold_and_classes_are_even_to_a_group(cohort, folds, seed):
    fold_of = group_folds(*cohort, folds, seed)
    assert set(fold_of) == set(cohort[1])
    held = defaultdict(Counter)
    for group, label in set(zip(cohort[1], cohort[0], strict=True)):
        held[label][fold_of[group]] += 1
    for counts in held.values():
        numbers = [counts[fold] for fold in range(folds)]
        assert max(numbers) - min(numbers) <= 1


@settings(max_examples=50)
@given(cohorts(), st.integers(0, 1000), st.randoms())
def test_that_folds_depend_on_the_seed_and_not_on_the_order_of_samples(cohort, seed, shuffler):
    rows = list(zip(*cohort, strict=True))
    shuffler.shuffle(rows)
    labels, groups = zip(*rows, strict=True)
    assert group_folds(labels, groups, 5, seed) == group_folds(*cohort, 5, seed)


@given(st.lists(st.integers(1, 50), min_size=8, max_size=40), st.integers(0, 1000))
def test_that_no_fold_is_larger_than_its_neighbour_by_more_than_the_largest_group(sizes, seed):
    groups = [str(number) for number, size in enumerate(sizes) for _ in range(size)]
    fold_of = group_folds([0] * len(groups), groups, 4, seed)
    held = Counter(fold_of[group] for group in groups)
    assert max(held.values()) - min(held[fold] for fold in range(4)) <= max(sizes)


def test_that_no_fold_is_empty_where_every_class_has_few_groups():
    assert set(group_folds([0, 1, 2, 3, 4], list("abcde"), 5, 0).values()) == set(range(5))


def test_that_more_folds_than_groups_are_refused_in_a_sentence():
    with pytest.raises(ViewerError, match="2 groups cannot be dealt to 3 folds"):
        group_folds([0, 1], ["a", "b"], 3, 0)
