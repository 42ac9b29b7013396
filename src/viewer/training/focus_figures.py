"""Figures of what a network looks at and how its features lie: pure functions of what was observed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from viewer.datasets.folds import group_folds
from viewer.evaluation.bootstrap import Bootstrap, Figure, Name, estimate
from viewer.evaluation.classification import confusion_matrix, mean_recall
from viewer.evaluation.weights import Floats, ratio
from viewer.training.focus import Observed

FOLDS, SEED = 5, 0

NETWORK = "the network itself"
"""Name of its own answers beside the classifiers of its features."""

NEIGHBOURS = 5

TOP_CHANNELS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRange:
    """How strongly the map of one class answers to the pictures of one true class: means over these pictures.

    Attributes:
        map_of: Class of the map.
        label: True class of the pictures.
        pictures: How many.
        least, most, spread: Minimum, maximum and standard deviation over the cells of each map.
    """

    map_of: str
    label: str
    pictures: int
    least: float
    most: float
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Dominance:
    """Whether one class, or a few channels, drown the others.

    Attributes:
        name: The class.
        labelled, answered, strongest: Share of the pictures that are of this class, that are called so, and in which
            its map has the highest maximum of all, [0, 1].
        weight: Length of its row of the last layer, over the mean of all rows; NaN without a linear head.
        channels: Effective number of channels behind its logit in its own pictures, (Σ|w·f|)² ÷ Σ(w·f)²; NaN
            without a linear head, or pictures.
        top: Part of Σ|w·f| that the strongest ten channels hold; NaN likewise.
    """

    name: str
    labelled: float
    answered: float
    strongest: float
    weight: float
    channels: float
    top: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """How the features of one class lie.

    Attributes:
        name: The class.
        pictures: How many.
        within: Mean distance of its pictures from the centre of the other pictures of the class.
        nearest: Name of the class whose centre is nearest to its own; `""` where there is no other.
        between: Distance of the two centres.
    """

    name: str
    pictures: int
    within: float
    nearest: str
    between: float

    @property
    def apart(self) -> float:
        """`between` ÷ `within`."""
        return self.between / self.within if self.within > 0 else float("nan")


def map_ranges(seen: Observed) -> list[MapRange]:
    """Minimum, maximum and spread of every class's map on the pictures of every class that has any."""
    flat = seen.maps.reshape(*seen.maps.shape[:2], -1).astype(np.float64)
    ranges = []
    for label, of_pictures in enumerate(seen.classes):
        rows = seen.labels == label
        if not rows.any():
            continue
        cells = flat[rows]
        means = [values.mean(axis=0) for values in (cells.min(axis=2), cells.max(axis=2), cells.std(axis=2))]
        for index, (least, most, spread) in enumerate(np.stack(means, axis=1).tolist()):
            ranges.append(
                MapRange(
                    map_of=seen.classes[index],
                    label=of_pictures,
                    pictures=int(rows.sum()),
                    least=least,
                    most=most,
                    spread=spread,
                )
            )
    return ranges


def dominance(seen: Observed) -> list[Dominance]:
    """How much every class has to say."""
    strongest = seen.maps.max(axis=(2, 3)).argmax(axis=1)
    lengths = np.full(len(seen.classes), np.nan)
    if seen.head is not None:
        lengths = np.linalg.norm(seen.head.weight.astype(np.float64), axis=1)
    found = []
    for index, name in enumerate(seen.classes):
        channels, top = _channels(seen, index)
        found.append(
            Dominance(
                name=name,
                labelled=float((seen.labels == index).mean()),
                answered=float((seen.answers == index).mean()),
                strongest=float((strongest == index).mean()),
                weight=float(lengths[index] / lengths.mean()),
                channels=channels,
                top=top,
            )
        )
    return found


def _channels(seen: Observed, index: int) -> tuple[float, float]:
    """Effective number of channels behind a class's logit in its own pictures, and what the strongest ten hold."""
    rows = seen.labels == index
    if seen.head is None or not rows.any():
        return float("nan"), float("nan")
    parts = np.abs(seen.features[rows] * seen.head.weight[index])
    whole = parts.sum(axis=1)
    effective = ratio(whole**2, (parts**2).sum(axis=1))
    top = ratio(np.sort(parts, axis=1)[:, -TOP_CHANNELS:].sum(axis=1), whole)
    return float(np.nanmean(effective)), float(np.nanmean(top))


def centres_of(seen: Observed) -> tuple[NDArray[np.intp], Floats]:
    """Classes that have pictures, (m,), and the mean features of each, (m, D)."""
    present = np.unique(seen.labels)
    return present, np.stack([seen.features[seen.labels == index].mean(axis=0) for index in present])


def clusters(seen: Observed) -> list[Cluster]:
    """Distances within and between classes; a picture is measured from the mean of the others of its class."""
    present, centres = centres_of(seen)
    apart = np.linalg.norm(centres[:, None] - centres[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    found = []
    for row, index in enumerate(present.tolist()):
        own = seen.features[seen.labels == index]
        count = len(own)
        # f − mean of the others = (f − mean of all)·n/(n − 1)
        distances = np.linalg.norm(own - centres[row], axis=1) * (count / (count - 1) if count > 1 else 0)
        other = int(apart[row].argmin())
        alone = len(present) == 1
        found.append(
            Cluster(
                name=seen.classes[index],
                pictures=count,
                within=float(distances.mean()),
                nearest="" if alone else seen.classes[int(present[other])],
                between=float("nan") if alone else float(apart[row, other]),
            )
        )
    return found


def flattened(seen: Observed) -> tuple[Floats, Floats]:
    """Features (n, 2) and the centres of the classes that have pictures (m, 2) in the plane that tells these apart.

    The plane is spanned by the first principal axes of the centres; where two classes give but one, the second is the
    first principal axis of what is left around the centres.
    """
    present, centres = centres_of(seen)
    middle = centres.mean(axis=0)
    axes = np.linalg.svd(centres - middle, full_matrices=False)[2][: min(2, len(present) - 1)]
    rest = seen.features - centres[np.searchsorted(present, seen.labels)]
    rest = rest - rest @ axes.T @ axes
    axes = np.concatenate([axes, np.linalg.svd(rest, full_matrices=False)[2]])[:2]
    return (seen.features - middle) @ axes.T, (centres - middle) @ axes.T


def consistency(seen: Observed) -> dict[str, Figure]:
    """Mean agreement of maps with those of mirrored views, by class that was answered, with intervals over groups."""
    found = {}
    for index, name in enumerate(seen.classes):
        rows = (seen.answers == index) & np.isfinite(seen.agreement)
        if rows.any():
            values, numbers = seen.agreement[rows], np.unique(seen.groups[rows], return_inverse=True)[1]
            key: Name = (name,)
            mean = estimate(_mean(key, values), numbers, Bootstrap())
            found[name] = mean[key]
    return found


def _mean(name: Name, values: Floats) -> Callable[[Floats], Mapping[Name, Floats]]:
    return lambda weights: {name: ratio(weights @ values, weights.sum(axis=-1))}


def judged_features(seen: Observed) -> dict[str, Figure]:
    """Balanced accuracy of the network and of classical classifiers of its features, cross-validated by group.

    A classifier learns from the features of four fifths of the groups and answers for the rest; the network learned
    nothing from any of them, if the pictures are new to it. Empty where fewer than two classes have two groups.
    """
    if not _enough(seen):
        return {}
    names = [sample.group for sample in seen.samples]
    folds = min(FOLDS, len(set(names)))
    fold_of = group_folds(seen.labels.tolist(), names, folds, SEED)
    of_row = np.array([fold_of[name] for name in names])
    answers = {NETWORK: seen.answers}
    for name in classifiers():
        answers[name] = _held_out(name, seen, of_row)

    def measure(weights: Floats) -> Mapping[Name, Floats]:
        size = len(seen.classes)
        return {
            (name,): mean_recall(confusion_matrix(seen.labels, told, size, weights)) for name, told in answers.items()
        }

    return {name[0]: figure for name, figure in estimate(measure, seen.groups, Bootstrap()).items()}


def _enough(seen: Observed) -> bool:
    counts = [len(np.unique(seen.groups[seen.labels == index])) for index in np.unique(seen.labels)]
    return len(counts) > 1 and sorted(counts)[-2] > 1


def _held_out(name: str, seen: Observed, fold_of: NDArray[np.intp]) -> NDArray[np.intp]:
    """Answers for every picture by a classifier that has not seen its group."""
    answers = np.zeros_like(seen.labels)
    for fold in np.unique(fold_of):
        held = fold_of == fold
        known = seen.features[~held]
        spread = known.std(axis=0)
        scale = np.where(spread > 0, spread, 1)
        learned, new = ((values - known.mean(axis=0)) / scale for values in (known, seen.features[held]))
        labels = seen.labels[~held]
        if len(np.unique(labels)) == 1:
            answers[held] = labels[0]
        else:
            answers[held] = classifiers(len(labels))[name].fit(learned, labels).predict(new)
    return answers


def classifiers(pictures: int = NEIGHBOURS) -> dict[str, Any]:
    """Classical classifiers, by name; for standardised features, classes weighed alike."""
    from sklearn.linear_model import LogisticRegression  # takes a second to load
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.svm import SVC

    nearest = min(NEIGHBOURS, pictures)
    return {
        "nearest centre": _NearestCentre(),
        f"{NEIGHBOURS} nearest pictures": KNeighborsClassifier(nearest, metric="cosine"),
        "logistic regression": LogisticRegression(C=0.01, class_weight="balanced", max_iter=2000),
        "linear support vector machine": SVC(kernel="linear", C=0.01, class_weight="balanced"),
    }


class _NearestCentre:
    """Answers with the class whose mean is nearest; learns and answers as scikit-learn's classifiers do."""

    def fit(self, features: Floats, labels: NDArray[np.intp]) -> Self:
        self._classes = np.unique(labels)
        self._centres = np.stack([features[labels == index].mean(axis=0) for index in self._classes])
        return self

    def predict(self, features: Floats) -> NDArray[np.intp]:
        distances = np.linalg.norm(features[:, None] - self._centres, axis=2)
        answers: NDArray[np.intp] = self._classes[distances.argmin(axis=1)]
        return answers
