from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.datasets.split import Part, pseudonym, refuse_scarce_classes, split_groups
from viewer.domain.errors import ViewerError

HELD_OUT = {Part.FIT: 0.15, Part.CERTIFY: 0.25}


@st.composite
def cohorts(draw):
    """Labels and groups of samples: every group has a main class and up to four samples."""
    classes = draw(st.integers(2, 5))
    labels, groups = [], []
    for number in range(draw(st.integers(20, 120))):
        own = draw(st.integers(0, classes - 1))
        for label in [own, *draw(st.lists(st.integers(0, classes - 1), max_size=3))]:
            labels.append(label)
            groups.append(f"patient {number}")
    return labels, groups


@settings(max_examples=30, deadline=None)
@given(cohorts(), st.integers(0, 1000))
def test_that_every_group_is_in_exactly_one_part(cohort, seed):
    labels, groups = cohort
    parts = split_groups(labels, groups, seed=seed)
    assert set(parts) == set(groups)
    assert set(parts.values()) <= set(Part)


@settings(max_examples=30, deadline=None)
@given(cohorts(), st.integers(0, 1000))
def test_that_shares_of_groups_are_60_15_25_up_to_rounding_in_each_class(cohort, seed):
    labels, groups = cohort
    counts = Counter(split_groups(labels, groups, seed=seed).values())
    total, strata = len(set(groups)), len(set(labels))
    for part, share in HELD_OUT.items():
        assert abs(counts[part] - share * total) <= strata
    assert abs(counts[Part.TRAIN] + counts[Part.STOP] - 0.6 * total) <= strata


@settings(max_examples=30, deadline=None)
@given(cohorts(), st.integers(0, 1000), st.randoms())
def test_that_the_split_depends_on_the_seed_and_not_on_the_order_of_rows(cohort, seed, shuffler):
    rows = list(zip(*cohort, strict=True))
    before = split_groups(*cohort, seed=seed)
    shuffler.shuffle(rows)
    labels, groups = zip(*rows, strict=True)
    assert split_groups(labels, groups, seed=seed) == before


def test_that_another_seed_gives_another_split():
    labels, groups = [i % 2 for i in range(60)], [str(i) for i in range(60)]
    assert split_groups(labels, groups, seed=0) != split_groups(labels, groups, seed=1)


def test_that_twenty_groups_of_one_class_are_dealt_10_2_3_5():
    counts = Counter(split_groups([0] * 20, [str(i) for i in range(20)], seed=3).values())
    assert counts == {Part.TRAIN: 10, Part.STOP: 2, Part.FIT: 3, Part.CERTIFY: 5}


def test_that_seven_groups_of_a_class_reach_every_part():
    parts = split_groups([0] * 7 + [1] * 7, [str(i) for i in range(14)], seed=0)
    for first in (0, 7):
        assert {parts[str(i)] for i in range(first, first + 7)} == set(Part)


def test_that_a_class_with_too_few_groups_is_named():
    labels = [0] * 8 + [1] * 9
    groups = [str(i) for i in range(8)] + ["same lesion"] * 9
    with pytest.raises(ViewerError, match=r"'wart' has 1; add groups"):
        refuse_scarce_classes(labels, groups, ["mole", "wart"])


def test_that_a_pseudonym_is_stable_and_tells_nothing():
    assert pseudonym("Smith^John") == pseudonym("Smith^John") != pseudonym("Smith^Joan")
    assert "Smith" not in pseudonym("Smith^John")
