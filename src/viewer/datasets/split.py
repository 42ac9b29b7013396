"""Dividing groups between training, fitting and certifying, so that no patient is in two parts."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum

import numpy as np

from viewer.domain.errors import ViewerError


class Part(StrEnum):
    """What a group is used for.

    TRAIN moves the weights, STOP (taken out of the training share) only says when to stop. FIT gives temperature,
    distribution functions and the states of scorers. CERTIFY is touched once, for the figures on the card, and
    later for the certificate.
    """

    TRAIN = "train"
    STOP = "stop"
    FIT = "fit"
    CERTIFY = "certify"


SHARES: Mapping[Part, float] = {Part.TRAIN: 0.51, Part.STOP: 0.09, Part.FIT: 0.15, Part.CERTIFY: 0.25}
"""Share of the groups in each part; training and stopping together are 60 %."""

MINIMUM_GROUPS = 7
"""Groups a class needs, so that each of training (with stopping), fitting and certifying holds one."""


def split_groups(labels: Sequence[int], groups: Sequence[str], *, seed: int) -> dict[str, Part]:
    """Assign every group to one part, stratified by the class that most of its samples have.

    Each class's groups are shuffled by `seed` and dealt out so that every part receives its share of them, rounded
    to whole groups (largest remainder) and at least one.

    Args:
        labels: Class index of every sample.
        groups: Group of every sample.
        seed: The same seed, labels and groups give the same parts, whatever the order of the samples.

    Returns:
        The part of every group, by name.
    """
    rng = np.random.default_rng(seed)
    parts: dict[str, Part] = {}
    for _, members in sorted(main_classes(labels, groups).items()):
        shuffled = [members[i] for i in rng.permutation(len(members))]
        dealt = iter(shuffled)
        for part, count in _quotas(len(members)).items():
            parts.update((next(dealt), part) for _ in range(count))
    return parts


def split_held_out(labels: Sequence[int], groups: Sequence[str], *, seed: int) -> dict[str, Part]:
    """Divide groups that no weights were trained on between FIT and CERTIFY, 3 : 5, otherwise as `split_groups`."""
    return divide_between((Part.FIT, Part.CERTIFY), labels, groups, seed=seed)


def split_for_learning(labels: Sequence[int], groups: Sequence[str], *, seed: int) -> dict[str, Part]:
    """Divide groups between TRAIN, STOP and FIT, 51 : 9 : 15, where others were set aside for measuring already."""
    return divide_between((Part.TRAIN, Part.STOP, Part.FIT), labels, groups, seed=seed)


def refuse_scarce_classes(labels: Sequence[int], groups: Sequence[str], classes: Sequence[str]) -> None:
    """Check that each class has enough groups.

    Raises:
        ViewerError: With one sentence naming every class that has too few.
    """
    holders: defaultdict[int, set[str]] = defaultdict(set)
    for label, group in zip(labels, groups, strict=True):
        holders[label].add(group)
    scarce = [f"{name!r} has {len(holders[k])}" for k, name in enumerate(classes) if len(holders[k]) < MINIMUM_GROUPS]
    if scarce:
        raise ViewerError(
            f"a class needs at least {MINIMUM_GROUPS} groups to be trained, fitted and certified, but "
            f"{', '.join(scarce)}; add groups, or leave the class out"
        )


def pseudonym(group: str) -> str:
    """Stand-in for a group's name in a bundle: the same group always has the same one, and no name is written."""
    return hashlib.sha256(group.encode()).hexdigest()[:16]


def main_classes(labels: Sequence[int], groups: Sequence[str]) -> dict[int, list[str]]:
    """Groups by their most frequent class (ties: the class that is rarer overall), each list sorted by name."""
    overall = Counter(labels)
    held: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for label, group in zip(labels, groups, strict=True):
        held[group][label] += 1
    strata: defaultdict[int, list[str]] = defaultdict(list)
    for group in sorted(held):
        counts = held[group]
        strata[min(counts, key=lambda k: (-counts[k], overall[k], k))].append(group)
    return strata


def divide_between(
    kinds: Sequence[Part], labels: Sequence[int], groups: Sequence[str], *, seed: int
) -> dict[str, Part]:
    """Divide groups class by class between some of the parts, in proportion to their shares."""
    rng = np.random.default_rng(seed)
    total = sum(SHARES[part] for part in kinds)
    parts: dict[str, Part] = {}
    for _, members in sorted(main_classes(labels, groups).items()):
        counts = _largest_remainder(len(members), [SHARES[part] / total for part in kinds])
        dealt = [part for part, count in zip(kinds, counts, strict=True) for _ in range(count)]
        parts.update((members[i], part) for i, part in zip(rng.permutation(len(members)), dealt, strict=True))
    return parts


def _quotas(total: int) -> dict[Part, int]:
    """Whole numbers of groups per part that add up to `total`, by largest remainder.

    The three parts of 60/15/25 come first, so that taking the stopping groups out never moves their borders.
    """
    trained = SHARES[Part.TRAIN] + SHARES[Part.STOP]
    train, fit, certify = _largest_remainder(total, (trained, SHARES[Part.FIT], SHARES[Part.CERTIFY]))
    learn, stop = _largest_remainder(train, (SHARES[Part.TRAIN] / trained, SHARES[Part.STOP] / trained))
    return {Part.TRAIN: learn, Part.STOP: stop, Part.FIT: fit, Part.CERTIFY: certify}


def _largest_remainder(total: int, shares: Sequence[float]) -> list[int]:
    exact = [total * share for share in shares]
    counts = [int(value + 1e-9) for value in exact]  # 0.6 × 5 is 3, not 2.999…
    by_remainder = sorted(range(len(shares)), key=lambda i: (counts[i] - exact[i], i))
    for i in by_remainder[: total - sum(counts)]:
        counts[i] += 1
    return counts
