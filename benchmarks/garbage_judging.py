"""One outer fold after the other: a last layer that learns with garbage, distances, and what they reject together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from garbage_passes import Seen
from numpy.typing import NDArray
from torch.nn import functional
from viewer_confidence_scores.suitability import suitability_scorers

from viewer.api import Evidence, Labelled, Scorer
from viewer.assessment.fingerprint import Fingerprint
from viewer.assessment.suitability import GATE_SCORERS
from viewer.datasets.folds import group_folds
from viewer.datasets.split import Part, split_for_learning
from viewer.domain.evidence import State
from viewer.evaluation.conformal import Rarity, group_weights
from viewer.testing.builders import Batches
from viewer.training.fitting import deal_folds

SHARE = 0.05
"""Of the proper pictures of the fit groups, what a threshold rejects."""

DISTANCES = tuple(name for name in GATE_SCORERS if name != "garbage")
"""Scorers of the gate that need no output for garbage."""

DECAY = 0.01
"""Weight of half the mean square of the last layer's weights; not tuned."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shares:
    """Which of n pictures are rejected, bool (n,) each.

    Attributes:
        alone: By the garbage output.
        distances: By features, textures and the fingerprint.
        together: By all of these.
    """

    alone: NDArray[np.bool_]
    distances: NDArray[np.bool_]
    together: NDArray[np.bool_]

    @classmethod
    def nothing(cls, count: int) -> "Shares":
        """Of so many pictures none."""
        return cls(*(np.zeros(count, np.bool_) for _ in fields(cls)))

    def put(self, rows: NDArray[np.bool_], found: "Shares") -> None:
        """Write down what became of some of them."""
        for item in fields(self):
            getattr(self, item.name)[rows] = getattr(found, item.name)

    def at(self, rows: NDArray[np.bool_]) -> "Shares":
        """Of those alone."""
        return Shares(*(getattr(self, item.name)[rows] for item in fields(self)))


@dataclass(frozen=True, slots=True)
class Judged:
    """Every picture judged once, by what its group had no part in.

    Attributes:
        proper: Proper pictures, by a layer that was taught all families.
        right, right_without: Whether each of them was named rightly, by that layer and by one without garbage.
        left_out: By family, pieces judged by a layer that was taught the other families.
        taught: By family, and real pictures of other kinds, by a layer that was taught all families.
    """

    proper: Shares
    right: NDArray[np.bool_]
    right_without: NDArray[np.bool_]
    left_out: dict[str, Shares]
    taught: dict[str, Shares]


def judged(seen: Mapping[str, Seen], families: Sequence[str], *, folds: int, seed: int) -> Judged:
    """Nested by group: of the groups outside a fold, four in five teach and one in five sets the thresholds."""
    proper = seen["proper"]
    number = group_folds(proper.labels.tolist(), proper.groups.tolist(), folds, seed)
    others = [name for name in seen if name != "proper"]
    found = Judged(
        Shares.nothing(len(proper)),
        np.zeros(len(proper), np.bool_),
        np.zeros(len(proper), np.bool_),
        {name: Shares.nothing(len(seen[name])) for name in families},
        {name: Shares.nothing(len(seen[name])) for name in others},
    )
    for fold in range(folds):
        inside = {group for group, where in number.items() if where == fold}
        rest = proper.at(_of(proper, inside, within=False))
        part_of = split_for_learning(rest.labels.tolist(), rest.groups.tolist(), seed=seed + fold)
        fitting = {group for group, part in part_of.items() if part is Part.FIT}
        teaching = {group for group, part in part_of.items() if part is not Part.FIT}
        train, fit = proper.at(_of(proper, teaching)), proper.at(_of(proper, fitting))
        garbage = {name: seen[name].at(_of(seen[name], teaching)) for name in families}
        strange = Distances(fit)
        tried = {name: _of(pictures, inside) for name, pictures in seen.items()}
        far = {name: strange(seen[name].at(rows)) for name, rows in tried.items()}
        whole = _Judge(LastLayer(train, list(garbage.values())), fit, strange)
        found.proper.put(tried["proper"], whole(proper.at(tried["proper"]), far["proper"]))
        for name in others:
            found.taught[name].put(tried[name], whole(seen[name].at(tried[name]), far[name]))
        test = proper.at(tried["proper"])
        for layer, right in ((whole.layer, found.right), (LastLayer(train, []), found.right_without)):
            right[tried["proper"]] = layer.classes(test) == test.labels
        for name in families:
            part = _Judge(LastLayer(train, [g for other, g in garbage.items() if other != name]), fit, strange)
            found.left_out[name].put(tried[name], part(seen[name].at(tried[name]), far[name]))
    return found


class LastLayer:
    """Multinomial logistic regression on features, with one more class where there is garbage.

    Garbage weighs 1 / (K + 1) of all, as in a batch of the viewer's training.
    """

    def __init__(self, train: Seen, garbage: Sequence[Seen]) -> None:
        torch.manual_seed(0)
        self._known = int(train.labels.max()) + 1
        outputs = self._known + bool(garbage)
        self._mean, self._spread = train.features.mean(axis=0), train.features.std(axis=0) + 1e-3
        inputs = torch.from_numpy(np.concatenate([self._scaled(one.features) for one in (train, *garbage)]))
        pieces = sum(map(len, garbage))
        labels = torch.from_numpy(np.concatenate([train.labels, np.full(pieces, self._known)]))
        weights = torch.ones(len(labels))
        if pieces:
            weights[len(train) :] = len(train) / (self._known * pieces)
        self._weight = torch.zeros(outputs, inputs.shape[1], requires_grad=True)
        self._bias = torch.zeros(outputs, requires_grad=True)
        steps = torch.optim.LBFGS([self._weight, self._bias], max_iter=100, line_search_fn="strong_wolfe")

        def loss() -> torch.Tensor:
            steps.zero_grad()
            each = functional.cross_entropy(inputs @ self._weight.T + self._bias, labels, reduction="none")
            whole = (weights * each).sum() / weights.sum() + DECAY / 2 * self._weight.square().sum()
            whole.backward()  # type: ignore[no-untyped-call]
            return whole

        steps.step(loss)  # type: ignore[no-untyped-call]

    def outputs(self, pictures: Seen) -> Values:
        """All outputs (n, K) or (n, K + 1)."""
        with torch.inference_mode():
            answers = torch.from_numpy(self._scaled(pictures.features)) @ self._weight.T + self._bias
        return answers.numpy().astype(np.float64)

    def classes(self, pictures: Seen) -> NDArray[np.intp]:
        """The most probable of the K classes, int (n,)."""
        best: NDArray[np.intp] = self.outputs(pictures)[:, : self._known].argmax(axis=1)
        return best

    def garbage(self, pictures: Seen) -> Values:
        """Log-odds of garbage, float64 (n,)."""
        answers = self.outputs(pictures)
        odds: Values = answers[:, self._known] - np.logaddexp.reduce(answers[:, : self._known], axis=1)
        return odds

    def _scaled(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        # A picture without its /255 lies far beyond all others; so far beyond that only its side counts.
        scaled: NDArray[np.float32] = np.clip((features - self._mean) / self._spread, -_FARTHEST, _FARTHEST)
        return scaled


_FARTHEST = 20.0


class Distances:
    """How far pictures are from those of the fit groups: the sum over three distances of −ln of how rare each is."""

    def __init__(self, fit: Seen) -> None:
        self._weights = group_weights(np.unique(fit.groups, return_inverse=True)[1])
        scorers = [scorer for scorer in suitability_scorers() if scorer.name in DISTANCES]
        self._states = [(scorer, scorer.fit(_stream(fit))) for scorer in scorers]
        fold_of = deal_folds(fit.groups.tolist(), seed=0, folds=10)
        folds = np.array([fold_of[group] for group in fit.groups.tolist()])
        known = np.zeros((len(scorers), len(fit)))
        for fold in np.unique(folds):
            for row, scorer in zip(known, scorers, strict=True):
                row[folds == fold] = _raw(scorer, scorer.fit(_stream(fit.at(folds != fold))), fit.at(folds == fold))
        numbers = np.unique(fit.groups, return_inverse=True)[1].astype(np.intp)
        self._print = Fingerprint(fit.looks, numbers, fit.labels)
        self._scales = [Rarity(row, self._weights) for row in (*known, self._print.held_out)]
        self.of_fit = sum(scale(row) for scale, row in zip(self._scales, (*known, self._print.held_out), strict=True))

    @property
    def weights(self) -> Values:
        """Of the fit pictures: groups weigh alike."""
        return self._weights

    def __call__(self, pictures: Seen) -> Values:
        """Of new pictures, float64 (n,)."""
        if not len(pictures):
            return np.empty(0)
        rows = [_raw(scorer, state, pictures) for scorer, state in self._states]
        rows.append(np.array([self._print.distance(look) for look in pictures.looks]))
        total: Values = np.sum([scale(row) for scale, row in zip(self._scales, rows, strict=True)], axis=0)
        return total


class _Judge:
    """A last layer with its thresholds."""

    def __init__(self, layer: LastLayer, fit: Seen, distances: Distances) -> None:
        self.layer = layer
        odds = layer.garbage(fit)
        self._rarity = Rarity(odds, distances.weights)
        of_fit = (odds, distances.of_fit, distances.of_fit + self._rarity(odds))
        self._thresholds = [float(np.quantile(values, 1 - SHARE, method="higher")) for values in of_fit]

    def __call__(self, pictures: Seen, far: Values) -> Shares:
        odds = self.layer.garbage(pictures)
        of_new = (odds, far, far + self._rarity(odds))
        return Shares(*(values > limit for values, limit in zip(of_new, self._thresholds, strict=True)))


def _of(pictures: Seen, groups: set[str], *, within: bool = True) -> NDArray[np.bool_]:
    return np.array([(group in groups) is within for group in pictures.groups.tolist()], np.bool_)


def _stream(pictures: Seen) -> Batches:
    return Batches((Labelled(_evidence(pictures), pictures.labels, pictures.groups),))


def _evidence(pictures: Seen) -> Evidence:
    return Evidence(
        classes=("a", "b"),
        temperature=1.0,
        logits=np.zeros((len(pictures), 2), np.float32),
        targets=np.zeros(len(pictures), np.intp),
        features=pictures.features.copy(),
        middle=pictures.middle.copy(),
    )


def _raw(scorer: Scorer, state: State, pictures: Seen) -> Values:
    return np.array([score.raw for score in scorer.score(_evidence(pictures), state)], np.float64)
