"""The control experiment: how well facts about files alone tell two kinds of files apart.

What a classifier of facts such as size, format and length can do, a network can do as well, without looking at what
the picture shows. So its balanced accuracy, cross-validated by group, stands beside every figure of a network.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.datasets.checks.facts import Facts
from viewer.datasets.folds import group_folds
from viewer.evaluation.bootstrap import Bootstrap, Figure, estimate
from viewer.evaluation.classification import confusion_matrix, mean_recall

Floats = NDArray[np.float64]

FOLDS = 5
TREES = 60
DRAWS = 500
FEWEST_GROUPS = 5
"""Groups a class needs to take part."""


@dataclass(frozen=True, slots=True)
class Control:
    """What the control found.

    Attributes:
        classes: Names of those that took part.
        files, groups: How many.
        chance: Balanced accuracy of guessing.
        all_facts: Balanced accuracy with all facts of files together, with its 95 % interval over groups.
        single: The same with each family of facts alone, the best first.
    """

    classes: tuple[str, ...]
    files: int
    groups: int
    chance: float
    all_facts: Figure
    single: Mapping[str, Figure]

    @property
    def above_chance(self) -> bool:
        """Whether facts tell the classes apart better than guessing does."""
        return self.all_facts.low > self.chance

    @property
    def strong(self) -> bool:
        """Whether they do so by a fifth of the way to perfection at least."""
        return self.above_chance and self.all_facts.value > self.chance + (1 - self.chance) / 5


def file_families(facts: Sequence[Facts]) -> dict[str, Floats]:
    """What is known of files without looking at what they show, by family, float64 (n, columns)."""
    rows, columns, size, frames, duration = (
        np.array([getattr(fact, name) for fact in facts], np.float64)
        for name in ("rows", "columns", "size", "frames", "duration_s")
    )
    rate = np.divide(frames - 1, duration, out=np.zeros_like(frames), where=duration > 0)
    return {
        "size": np.log1p(np.stack([rows, columns], axis=1)),
        "aspect": (columns / np.maximum(rows, 1))[:, None],
        "bytes": np.log1p(np.stack([size, size / np.maximum(rows * columns * frames, 1)], axis=1)),
        "format": one_hot([fact.form for fact in facts]),
        "frames, rate and length": np.stack([np.log1p(frames), rate, np.log1p(duration)], axis=1),
    }


def colour_families(facts: Sequence[Facts]) -> dict[str, Floats]:
    """Means over the whole picture, float64 (n, columns)."""
    return {
        "mean colourfulness": np.array([[fact.saturation] for fact in facts]),
        "brightness and contrast": np.array([[fact.brightness, fact.contrast] for fact in facts]),
    }


def one_hot(words: Sequence[str]) -> Floats:
    """A column for every word, float64 (n, words)."""
    names = sorted(set(words))
    hot: Floats = (np.array(words)[:, None] == np.array(names)[None]).astype(np.float64)
    return hot


def run_control(
    families: Mapping[str, Floats],
    kinds: Sequence[str],
    groups: Sequence[str],
    *,
    seed: int,
    extra: Sequence[str] = (),
) -> Control | None:
    """Cross-validate by group.

    Args:
        families: Facts by family, (n, columns) each.
        kinds: Class (or table) of every file.
        groups: Group of every file.
        seed: Of folds, trees and draws.
        extra: Families that are tried alone, but not among all facts.

    Returns:
        None where fewer than two classes have `FEWEST_GROUPS` groups, or no fact differs.
    """
    taking = _taking_part(kinds, groups)
    if len(taking) < 2:
        return None
    kept = np.flatnonzero(np.isin(np.array(kinds), taking))
    truth = np.searchsorted(np.array(taking), np.array(kinds)[kept])
    names = [groups[i] for i in kept.tolist()]
    whole = [name for name in families if name not in extra]
    informative = [name for name in families if np.ptp(families[name][kept], axis=0).any()]
    if not set(whole) & set(informative):
        return None
    fold_of = group_folds(truth.tolist(), names, min(FOLDS, len(set(names))), seed)
    folds = np.array([fold_of[name] for name in names])
    number = np.unique(np.array(names), return_inverse=True)[1]
    together = np.concatenate([families[name][kept] for name in whole], axis=1)
    scored = _Scored(truth, folds, number, len(taking), seed)
    single = {name: scored.figure(families[name][kept]) for name in informative}
    return Control(
        classes=tuple(taking),
        files=len(kept),
        groups=len(set(names)),
        chance=1 / len(taking),
        all_facts=scored.figure(together),
        single=dict(sorted(single.items(), key=lambda item: -item[1].value)),
    )


@dataclass(frozen=True, slots=True)
class _Scored:
    """Scores facts by the answers to files of groups that were not learned from."""

    truth: NDArray[np.intp]
    folds: NDArray[np.intp]
    groups: NDArray[np.intp]
    classes: int
    seed: int

    def figure(self, facts: Floats) -> Figure:
        """Balanced accuracy with its interval."""
        from sklearn.ensemble import RandomForestClassifier  # takes a second to load

        answers = np.zeros_like(self.truth)
        for fold in np.unique(self.folds):
            held = self.folds == fold
            forest = RandomForestClassifier(
                TREES, min_samples_leaf=3, class_weight="balanced", random_state=self.seed, n_jobs=1
            )
            answers[held] = forest.fit(facts[~held], self.truth[~held]).predict(facts[held])
        name = ("balanced accuracy",)
        found = estimate(
            lambda weights: {name: mean_recall(confusion_matrix(self.truth, answers, self.classes, weights))},
            self.groups,
            Bootstrap(draws=DRAWS, seed=self.seed),
        )
        return found[name]


def _taking_part(kinds: Sequence[str], groups: Sequence[str]) -> list[str]:
    held: dict[str, set[str]] = {}
    for kind, group in zip(kinds, groups, strict=True):
        held.setdefault(kind, set()).add(group)
    return sorted(kind for kind, names in held.items() if len(names) >= FEWEST_GROUPS)
