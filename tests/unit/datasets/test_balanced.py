import itertools
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.datasets.balanced import balanced_parts, choose_balanced
from viewer.datasets.split import Part
from viewer.domain.errors import ViewerError


@st.composite
def cohorts(draw, largest=9):
    """Labels and groups of samples: every group has up to six samples of each of up to four classes."""
    classes = draw(st.integers(2, 4))
    labels, groups = [], []
    for number in range(draw(st.integers(4, largest))):
        sizes = draw(st.lists(st.integers(0, 6), min_size=classes, max_size=classes))
        for label, size in enumerate([sizes[0] + 1, *sizes[1:]]):
            labels += [label] * size
            groups += [f"patient {number:02}"] * size
    return [*labels, classes - 1], [*groups, "patient 00"]


def spread_of(labels, groups, chosen):
    counts = Counter(label for label, group in zip(labels, groups, strict=True) if group in chosen)
    return float(np.std([counts[label] for label in sorted(set(labels))], ddof=1))


@settings(max_examples=60)
@given(cohorts(), st.data())
def test_that_trying_all_finds_what_brute_force_finds(cohort, data):
    labels, groups = cohort
    names = sorted(set(groups))
    n = data.draw(st.integers(1, len(names) - 1))
    choice = choose_balanced(labels, groups, n)
    sizes = Counter(groups)
    target = len(groups) * n / len(names)
    best = min(
        (round(spread_of(labels, groups, chosen), 9), round(abs(sum(sizes[g] for g in chosen) - target), 9), chosen)
        for chosen in itertools.combinations(names, n)
    )
    assert choice.exact
    assert choice.groups == best[2]
    assert choice.spread == pytest.approx(best[0])


@settings(max_examples=40)
@given(cohorts(), st.integers(0, 100), st.randoms())
def test_that_the_order_of_samples_does_not_matter_to_either_way(cohort, seed, shuffler):
    rows = list(zip(*cohort, strict=True))
    shuffler.shuffle(rows)
    labels, groups = zip(*rows, strict=True)
    for most in (200_000, 0):
        asked = {"seed": seed, "most_choices": most}
        assert choose_balanced(labels, groups, 2, **asked) == choose_balanced(*cohort, 2, **asked)


@settings(max_examples=40)
@given(cohorts(), st.integers(0, 100), st.data())
def test_that_a_search_ends_near_the_best_and_can_be_improved_by_no_exchange(cohort, seed, data):
    labels, groups = cohort
    names = sorted(set(groups))
    n = data.draw(st.integers(1, len(names) - 1))
    found = choose_balanced(labels, groups, n, seed=seed, size_penalty=0.0, most_choices=0)
    assert not found.exact
    assert len(set(found.groups)) == n
    assert found.spread >= choose_balanced(labels, groups, n).spread - 1e-9
    for out, into in itertools.product(found.groups, sorted(set(names) - set(found.groups))):
        exchanged = {*found.groups, into} - {out}
        assert spread_of(labels, groups, exchanged) >= found.spread - 1e-9


def test_that_ties_go_to_the_choice_whose_size_is_its_share():
    """Each pair a, b · c, d · e, f is perfectly balanced; the second has its third of the samples."""
    sizes = {"a": (1, 0), "b": (0, 1), "c": (10, 0), "d": (0, 10), "e": (19, 0), "f": (0, 19)}
    labels, groups = zip(
        *((k, g) for g, counts in sizes.items() for k, count in enumerate(counts) for _ in range(count)), strict=True
    )
    assert choose_balanced(labels, groups, 2).groups == ("c", "d")


def test_that_many_patients_are_searched_and_come_out_balanced_and_of_the_right_size():
    rng = np.random.default_rng(3)
    labels, groups = [], []
    for number in range(200):
        for label, size in enumerate(rng.integers(0, 200, 4)):
            labels += [label] * int(size)
            groups += [f"p{number}"] * int(size)
    choice = choose_balanced(labels, groups, 120)
    assert not choice.exact
    assert len(set(choice.groups)) == 120
    assert choice.spread < 20
    assert Counter(group in set(choice.groups) for group in groups)[True] == pytest.approx(
        0.6 * len(groups), rel=0.02
    )


def test_that_every_choice_is_tried_up_to_a_number_of_them():
    labels, groups = [0, 1] * 20, [f"p{n:02}" for n in range(20) for _ in range(2)]
    assert math.comb(20, 5) < 200_000
    assert choose_balanced(labels, groups, 5).exact
    assert not choose_balanced(labels, groups, 5, most_choices=15_503).exact
    assert choose_balanced(labels, groups, 5, most_choices=15_504).exact


@settings(max_examples=30)
@given(st.integers(0, 1000), st.integers(6, 14))
def test_that_no_group_is_in_two_parts_and_training_has_its_number(seed, trained):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, 200).tolist()
    groups = [f"p{number:02}" for number in rng.permutation(200) % 20]
    parts = balanced_parts(labels, groups, trained, seed=seed)
    assert set(parts) == set(groups)
    counts = Counter(parts.values())
    assert counts[Part.TRAIN] + counts[Part.STOP] == trained
    assert min(counts[part] for part in Part) >= 1
    assert parts == balanced_parts(labels[::-1], groups[::-1], trained, seed=seed)


def test_that_impossible_numbers_are_refused_in_a_sentence():
    labels, groups = [0, 1, 0, 1], ["a", "a", "b", "b"]
    for number in (0, 2, 5):
        with pytest.raises(ViewerError, match=f"{number} of 2 groups cannot be chosen"):
            choose_balanced(labels, groups, number)
    with pytest.raises(ViewerError, match="two classes or more"):
        choose_balanced([0, 0], ["a", "b"], 1)
    with pytest.raises(ViewerError, match="1 of 2 groups for training leave none for"):
        balanced_parts(labels, groups, 1, seed=0)
