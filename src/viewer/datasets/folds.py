"""Folds of groups for cross-validation, balanced by class and by size."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from viewer.datasets.split import main_classes
from viewer.domain.errors import ViewerError


def group_folds(labels: Sequence[int], groups: Sequence[str], folds: int, seed: int) -> dict[str, int]:
    """Deal every group to one of `folds` folds.

    The groups of a class (that most of a group's samples have) are dealt largest first, shuffled by `seed` among
    those of one size. Each goes to a fold with fewest groups of the class, among these to one with fewest samples of
    the class, then fewest groups, then fewest samples at all. So the folds differ by one group of a class at most,
    and large groups do not pile up in one.

    Args:
        labels: Class index of every sample.
        groups: Group of every sample.
        folds: How many, 2 or more.
        seed: The same seed, labels and groups give the same folds, whatever the order of the samples.

    Returns:
        The fold of every group, 0 to `folds` - 1, by name.

    Raises:
        ViewerError: There are fewer than two folds, or fewer groups than folds.
    """
    sizes = Counter(groups)
    if not 2 <= folds <= len(sizes):
        raise ViewerError(
            f"{len(sizes)} groups cannot be dealt to {folds} folds; it takes two folds or more, none empty"
        )
    rng = np.random.default_rng(seed)
    fold_of: dict[str, int] = {}
    held = [0] * folds
    groups_held = [0] * folds
    for _, members in sorted(main_classes(labels, groups).items()):
        of_class, samples_of_class = [0] * folds, [0] * folds
        shuffled = [members[i] for i in rng.permutation(len(members))]
        for group in sorted(shuffled, key=lambda name: -sizes[name]):
            order = rng.permutation(folds)
            fold = int(min(order, key=lambda k: (of_class[k], samples_of_class[k], groups_held[k], held[k])))
            fold_of[group] = fold
            of_class[fold] += 1
            groups_held[fold] += 1
            samples_of_class[fold] += sizes[group]
            held[fold] += sizes[group]
    return fold_of
