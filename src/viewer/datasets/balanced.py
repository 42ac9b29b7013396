"""The patient split that balances classes: which n groups hold most nearly as many samples of every class.

Over every choice of n groups the standard deviation (ddof 1) of the samples per class is least; where choices tie,
the one whose size is nearest to its share of the samples is taken, then the first by name. Where the choices are too
many to be tried one by one, a search from several starts exchanges one group for another until no exchange helps;
since few samples deviate little, it also weighs how far the size is off.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from viewer.datasets.split import Part, divide_between, split_held_out
from viewer.domain.errors import ViewerError

MOST_CHOICES = 200_000
"""Choices up to which every one is tried."""

SIZE_PENALTY = 0.1
"""Weight of the size in a search: samples per class that the size is off, against samples of standard deviation."""

STARTS = 16
"""Random choices that a search starts from."""

_AT_A_TIME = 20_000

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BalancedChoice:
    """The groups that were chosen.

    Attributes:
        groups: Their names, sorted.
        spread: Standard deviation (ddof 1) of their samples per class.
        exact: Whether every choice was tried.
    """

    groups: tuple[str, ...] = field(repr=False)
    spread: float
    exact: bool


def choose_balanced(
    labels: Sequence[int],
    groups: Sequence[str],
    chosen: int,
    *,
    seed: int = 0,
    size_penalty: float | None = None,
    most_choices: int = MOST_CHOICES,
) -> BalancedChoice:
    """Choose the groups whose samples per class deviate least.

    Args:
        labels: Class index of every sample.
        groups: Group of every sample.
        chosen: How many groups to choose, at least 1 and fewer than there are.
        seed: Of a search's starts; the same seed gives the same groups, whatever the order of the samples.
        size_penalty: What each sample per class that the size is off adds to the standard deviation; None for 0 where
            every choice is tried, else `SIZE_PENALTY`.
        most_choices: Up to how many choices every one is tried.

    Raises:
        ViewerError: There are not that many groups, or fewer than two classes.
    """
    names, counts = _counts(labels, groups)
    if not 0 < chosen < len(names):
        raise ViewerError(f"{chosen} of {len(names)} groups cannot be chosen; name at least 1, and leave some")
    if counts.shape[1] < 2:
        raise ViewerError("a balanced split needs two classes or more")
    exact = math.comb(len(names), chosen) <= most_choices
    penalty = (0.0 if exact else SIZE_PENALTY) if size_penalty is None else size_penalty
    cost = _Cost(counts, chosen, penalty)
    found = _try_all(counts, chosen, cost) if exact else _search(counts, chosen, cost, seed)
    spread = float(np.std(counts[list(found)].sum(axis=0), ddof=1))
    return BalancedChoice(groups=tuple(names[i] for i in found), spread=spread, exact=exact)


def balanced_parts(labels: Sequence[int], groups: Sequence[str], trained: int, *, seed: int) -> dict[str, Part]:
    """Parts whose training groups are balanced; the others are divided between fitting and certifying.

    The stopping groups are taken from the `trained` groups, in the share of `split_groups`.

    Raises:
        ViewerError: There are too few groups for the four parts.
    """
    choice = choose_balanced(labels, groups, trained, seed=seed)
    inside = frozenset(choice.groups)
    rest = sorted(set(groups) - inside)
    # Few groups of many classes each have no strata: all are taken for one.
    parts = divide_between((Part.TRAIN, Part.STOP), [0] * trained, choice.groups, seed=seed)
    parts |= split_held_out([0] * len(rest), rest, seed=seed)
    empty = [part for part in Part if part not in parts.values()]
    if empty:
        raise ViewerError(f"{trained} of {len(parts)} groups for training leave none for {', '.join(empty)}")
    return parts


@dataclass(frozen=True, slots=True)
class _Cost:
    """What a choice costs: compared first by the deviation with its penalty, then by how far the size is off."""

    counts: Counts
    chosen: int
    penalty: float

    def of(self, sums: Counts) -> tuple[NDArray[np.float64], Counts]:
        """Both, of choices with these samples per class (…, K).

        The squared deviation is a whole number of K·(K-1)-ths, so that equal deviations compare equal.
        """
        classes, total = sums.shape[-1], int(self.counts.sum())
        size = sums.sum(axis=-1)
        off = np.abs(size * len(self.counts) - total * self.chosen)
        squared = classes * (sums * sums).sum(axis=-1) - size * size
        spread = np.sqrt(squared / (classes * (classes - 1)))
        return spread + self.penalty * off / (len(self.counts) * classes), off


def _counts(labels: Sequence[int], groups: Sequence[str]) -> tuple[list[str], Counts]:
    """Groups by name, and samples of every class in each, int64 (G, K); classes without samples do not count."""
    names, group = np.unique(np.array(groups, np.str_), return_inverse=True)
    classes, label = np.unique(np.array(labels, np.int64), return_inverse=True)
    counts = np.bincount(group * len(classes) + label, minlength=len(names) * len(classes))
    return names.tolist(), counts.reshape(len(names), len(classes)).astype(np.int64)


def _try_all(counts: Counts, chosen: int, cost: _Cost) -> tuple[int, ...]:
    best: tuple[float, int] | None = None
    found: tuple[int, ...] = ()
    for choices in _choices(len(counts), chosen):
        values, off = cost.of(counts[choices].sum(axis=1))
        first = int(np.lexsort((off, values))[0])
        value = float(values[first]), int(off[first])
        if best is None or value < best:
            best, found = value, tuple(choices[first].tolist())
    return found


def _choices(count: int, chosen: int) -> Iterator[NDArray[np.intp]]:
    """All choices in the order of their names, (at most `_AT_A_TIME`, chosen) at a time."""
    every = itertools.combinations(range(count), chosen)
    while some := list(itertools.islice(every, _AT_A_TIME)):
        yield np.array(some, np.intp)


def _search(counts: Counts, chosen: int, cost: _Cost, seed: int) -> tuple[int, ...]:
    rng = np.random.default_rng(seed)
    ends = [_improved(rng.permutation(len(counts))[:chosen], counts, cost) for _ in range(STARTS)]
    return min(ends)[1]


def _improved(start: NDArray[np.intp], counts: Counts, cost: _Cost) -> tuple[tuple[float, int], tuple[int, ...]]:
    """Exchange one group for another, the best each time, until none helps: every step costs less, so it ends."""
    inside = np.zeros(len(counts), np.bool_)
    inside[start] = True
    sums = counts[inside].sum(axis=0)
    values, off = cost.of(sums[None])
    best = float(values[0]), int(off[0])
    while True:
        leaving, coming = np.flatnonzero(inside), np.flatnonzero(~inside)
        after = sums + counts[coming][None] - counts[leaving][:, None]
        values, off = cost.of(after.reshape(-1, after.shape[-1]))
        first = int(np.lexsort((off, values))[0])
        value = float(values[first]), int(off[first])
        if value >= best:
            return best, tuple(leaving.tolist())
        best = value
        out, into = leaving[first // len(coming)], coming[first % len(coming)]
        inside[out], inside[into] = False, True
        sums = counts[inside].sum(axis=0)
