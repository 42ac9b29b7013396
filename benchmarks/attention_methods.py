"""How strange every method finds the pictures of every set; statistics are learnt on the fit groups alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from attention_passes import NEEDS, recall
from numpy.typing import NDArray

from viewer.assessment.fingerprint import Fingerprint
from viewer.assessment.suitability import Gatekeeper
from viewer.domain.evidence import FRAMES_SECOND, Evidence, Labelled
from viewer.domain.result import About
from viewer.engine.bundle import Bundle
from viewer.evaluation.conformal import Rarity, Values, group_weights
from viewer.host.discovery import Offer, PluginHost
from viewer.protocols import Scorer
from viewer.training.evidences import Evidences
from viewer.training.fitting import Scored, States, deal_folds, fit_plugins, score_evidences
from viewer.training.gate import judge_pictures

PLAIN = ("softmax", "energy")
ATTENTION = "attention"
LOOK, SATURATION = "look", "saturation"
PAIR = ("mahalanobis", "middle_mahalanobis")
TOGETHER: Mapping[str, tuple[str, ...]] = {
    "knn + middle": ("knn", "middle_mahalanobis"),
    "penultimate + middle": PAIR,
    "these and knn": (*PAIR, "knn"),
    "these and stem": (*PAIR, "early_mahalanobis"),
    "these and look": (*PAIR, LOOK),
    "these and garbage": (*PAIR, "garbage"),
    "these and attention": (*PAIR, ATTENTION),
}
"""Sums of the logarithms of how rare each is among the fit pictures."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """n pictures of one set as every method sees them.

    Attributes:
        groups: Pseudonyms (n,).
        labels, predicted: Classes (n,); label −1 where a picture has none.
        looks: float32 (n, D).
        strangeness: By method, float64 (n,), larger is stranger; only of methods that answer for every picture.
    """

    groups: NDArray[np.str_]
    labels: NDArray[np.intp]
    predicted: NDArray[np.intp]
    looks: NDArray[np.float32]
    strangeness: Mapping[str, Values]


class Compared(PluginHost):
    """The installed plugins with those of their scorers alone that can say how strange a picture is from one pass."""

    @property
    def scorers(self) -> tuple[Offer[Scorer], ...]:
        """Distances, the two plainest trusts, and comparisons of attention."""
        return tuple(offer for offer in super().scorers if offer.thing.needs <= NEEDS and _compared(offer.thing))

    @property
    def fitted(self) -> tuple[Offer[Any], ...]:
        """Nothing else is fitted."""
        return self.scorers


def _compared(scorer: Scorer) -> bool:
    return scorer.about is About.SUITABILITY or scorer.name in PLAIN or scorer.name.startswith(ATTENTION)


class Methods:
    """Every method, fitted on the fit groups of a bundle.

    Attributes:
        fit: The fit pictures, each seen by statistics that were learnt without its group.
    """

    def __init__(self, bundle: Bundle, host: Compared, work: Path, say: Callable[[str], None]) -> None:
        """Fit what learns, on what `collect` kept."""
        self._bundle, self._host, self._work = bundle, host, work
        fit, saturation = recall(bundle, "fit", work)
        training, _ = recall(bundle, "train", work)
        fold_of = deal_folds(fit.groups.tolist(), seed=0)
        folds = np.array([fold_of[group] for group in fit.groups.tolist()])
        order = np.argsort(folds, kind="stable")
        parts = [Evidences((taken(fit, np.flatnonzero(folds == k)),), (training,)) for k in np.unique(folds)]
        fitted = fit_plugins(host, parts, say)
        self._states: States = fitted.states
        _, numbers = np.unique(fitted.scored.groups, return_inverse=True)
        self._weights = group_weights(numbers)
        self._look = Fingerprint(fitted.scored.looks, numbers, fitted.scored.labels)
        self._colour = saturation.mean(), saturation.std()
        own = self._alone(fitted.scored, saturation[order]) | {LOOK: self._look.held_out}
        self._scales = {name: Rarity(values, self._weights) for name, values in own.items()}
        self.fit = self._seen(fitted.scored, own)

    def see(self, name: str) -> Seen:
        """One of the other sets."""
        labelled, saturation = recall(self._bundle, name, self._work)
        scored = score_evidences(self._host, [labelled], self._states)
        alone = self._alone(scored, saturation) | {
            LOOK: np.array([self._look.distance(look) for look in scored.looks])
        }
        return self._seen(scored, alone)

    def _alone(self, scored: Scored, saturation: Values) -> dict[str, Values]:
        """Methods on their own: distances as they are, trusts turned round; silence is as strange as any."""
        found = {SATURATION: np.abs(saturation - self._colour[0]) / max(self._colour[1], 1e-9)}
        for offer in self._host.scorers_of_one_model:
            name = offer.thing.name
            distance = offer.thing.about is About.SUITABILITY
            found[name] = scored.raws[name] if distance else -scored.trusts[name]
        heard = {name: values for name, values in found.items() if np.isfinite(values).any()}
        return {
            name: np.where(np.isfinite(values), values, values[np.isfinite(values)].max())
            for name, values in heard.items()
        }

    def _seen(self, scored: Scored, alone: Mapping[str, Values]) -> Seen:
        """With what the methods say together."""
        rare = {name: self._scales[name](values) for name, values in alone.items() if name in self._scales}
        together = {
            name: np.sum([rare[part] for part in parts], axis=0)
            for name, parts in TOGETHER.items()
            if all(part in rare for part in parts)
        }
        return Seen(scored.groups, scored.labels, scored.logits.argmax(axis=1), scored.looks, {**alone, **together})


class Gated:
    """The gate of a bundle as it is shipped, with the states that its own scorers were given."""

    def __init__(self, bundle: Bundle, host: Compared, work: Path) -> None:
        """Take the states out of the bundle."""
        self.keeper = Gatekeeper(bundle.gate)
        self._bundle, self._host, self._work = bundle, host, work
        listened = [offer for offer in host.scorers if offer.thing.name in self.keeper.scorers]
        held = {
            (o.plugin, o.thing.name): (o.thing.version, bundle.state(o.plugin, o.thing.name, o.thing.version))
            for o in listened
        }
        self._states: States = {
            place: (version, state) for place, (version, state) in held.items() if state is not None
        }

    def judge(self, name: str) -> tuple[Values, Values]:
        """Suitability and fingerprint of one set, each float64 (n,); NaN where the gate cannot tell."""
        labelled, _ = recall(self._bundle, name, self._work)
        judged = judge_pictures(self._bundle.gate, score_evidences(self._host, [labelled], self._states))
        return (
            np.array([one.suitability for one in judged], np.float64),
            np.array([one.fingerprint for one in judged], np.float64),
        )


def taken(whole: Labelled, rows: NDArray[np.intp]) -> Labelled:
    """Some rows of a batch."""
    arrays: dict[str, Any] = {
        item.name: value[:, rows] if item.name in FRAMES_SECOND else value[rows]
        for item in fields(Evidence)
        if isinstance(value := getattr(whole.evidence, item.name), np.ndarray)
    }
    evidence = replace(whole.evidence, **arrays)
    return Labelled(evidence, whole.labels[rows], whole.groups[rows])
