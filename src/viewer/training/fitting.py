"""Fitting what judges the network, on groups the network was not trained on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.domain.evidence import Evidence, Labelled, State
from viewer.domain.result import Failure, Score
from viewer.host import calls
from viewer.host.discovery import Offer, PluginHost
from viewer.protocols import Scorer
from viewer.training.evidences import Evidences
from viewer.training.pictures import Say

FOLDS = 20
"""A scorer that learns from data is judged on a twentieth of the fit groups by what it learnt from all the others."""

KNOTS = 257
"""Most values a distribution function is kept at."""

Trusts = Mapping[str, NDArray[np.float64]]
"""By scorer name, trust of n pictures, float64 (n,); NaN where the scorer abstained or failed."""

Raws = Mapping[str, NDArray[np.float64]]
"""By scorer name, `Score.raw` of n pictures, float64 (n,); NaN where there is none."""

States = Mapping[tuple[str, str], tuple[str, State]]
"""By plugin and scorer (opinion, explainer), its version and what it fitted."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scored:
    """n pictures with every scorer's answer, without the evidence it was made from.

    Attributes:
        logits: float32 (n, K).
        labels: True class, int (n,).
        groups: str (n,).
        looks: float32 (n, D).
        garbage: Log-odds of "of no kind I know", float64 (n,); NaN where the network has no such output.
        trusts, raws: Of every scorer.
    """

    logits: NDArray[np.float32]
    labels: NDArray[np.intp]
    groups: NDArray[np.str_]
    looks: NDArray[np.float32]
    garbage: NDArray[np.float64]
    trusts: Trusts
    raws: Raws

    def __len__(self) -> int:
        """Number of pictures n."""
        return len(self.labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What the fit groups taught.

    Attributes:
        states: Of every scorer and opinion that fitted anything.
        scored: The pictures of the fit groups, each scored by a state that has not seen its group.
        distributions: By scorer name, sorted trust values, at most 257.
    """

    states: States
    scored: Scored
    distributions: Mapping[str, NDArray[np.float64]]


def deal_folds(groups: Sequence[str], *, seed: int, folds: int = FOLDS) -> dict[str, int]:
    """Fold of every group, as even as the number of groups allows, the same for the same seed."""
    names = sorted(set(groups))
    order = np.random.default_rng(seed).permutation(len(names))
    return {names[i]: position % folds for position, i in enumerate(order)}


def fit_plugins(host: PluginHost, folds: Sequence[Evidences], say: Say) -> Fitted:
    """Fit every enabled scorer, opinion and explainer that learns, and find out how each scorer's trust is spread.

    A scorer with a memory knows its own fit pictures too well (penultimate Mahalanobis distances to a fit set are
    shorter for that set than for anything new). So the trust of a fit picture, which the distribution function and
    the table of predictions are made of, comes from a state fitted on the other folds.

    Args:
        host: Loaded plugins.
        folds: Evidence of the fit groups at the final temperature, by fold.
        say: Told what failed.
    """
    states = fit_states(host, host.fitted, reduce(add, folds), say)
    held_out = [_score_fold(host, folds, left_out, states, say) for left_out in range(len(folds))]
    scored = _joined(held_out)
    distributions = {name: knots(values) for name, values in scored.trusts.items() if np.isfinite(values).any()}
    return Fitted(states=states, scored=scored, distributions=distributions)


def fit_states(
    host: PluginHost, offers: Sequence[Offer[Any]], evidences: Evidences, say: Say
) -> dict[tuple[str, str], tuple[str, State]]:
    """What each of `offers` learns from `evidences`; those with nothing to learn are left out."""
    states: dict[tuple[str, str], tuple[str, State]] = {}
    for offer in offers:
        state = calls.fit(host.guard, offer, evidences)
        if isinstance(state, Failure):
            say(f"{offer.plugin}, {offer.thing.name}: could not be fitted ({state.summary})")
        elif state:
            states[offer.plugin, offer.thing.name] = (offer.thing.version, state)
    return states


def score_evidences(
    host: PluginHost, batches: Iterable[Labelled], states: States, offers: Sequence[Offer[Scorer]] | None = None
) -> Scored:
    """The answers of scorers, all of one model or some, to every picture; each batch is let go once it is scored."""
    by_name = {scorer: state for (_, scorer), (_, state) in states.items()}
    chosen = host.scorers_of_one_model if offers is None else offers
    return _joined([_score_batch(host, chosen, batch, by_name) for batch in batches])


def knots(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """An empirical distribution as sorted values: all of them, or evenly spaced quantiles where there are many."""
    finite = np.sort(values[np.isfinite(values)])
    if len(finite) <= KNOTS:
        return finite
    return np.quantile(finite, np.linspace(0, 1, KNOTS))


def _score_fold(host: PluginHost, folds: Sequence[Evidences], left_out: int, states: States, say: Say) -> Scored:
    others = [fold for number, fold in enumerate(folds) if number != left_out]
    # Most scorers learn nothing, and then there is nothing to hold out.
    refitted = fit_states(host, host.scorers_of_one_model, reduce(add, others), say) if states and others else {}
    return score_evidences(host, folds[left_out], refitted)


def _score_batch(
    host: PluginHost, offers: Sequence[Offer[Scorer]], batch: Labelled, states: Mapping[str, State]
) -> Scored:
    evidence = batch.evidence
    answers = calls.score_all(host.guard, offers, evidence, states)
    odds = evidence.garbage_log_odds
    return Scored(
        logits=evidence.logits,
        labels=batch.labels,
        groups=batch.groups,
        looks=_looks(evidence),
        garbage=np.full(len(evidence), np.nan) if odds is None else odds,
        trusts={name: np.array([_trust(answer) for answer in row]) for name, row in answers.items()},
        raws={name: np.array([_raw(answer) for answer in row]) for name, row in answers.items()},
    )


def _joined(parts: Sequence[Scored]) -> Scored:
    return Scored(
        logits=np.concatenate([part.logits for part in parts]),
        labels=np.concatenate([part.labels for part in parts]),
        groups=np.concatenate([part.groups for part in parts]),
        looks=np.concatenate([part.looks for part in parts]),
        garbage=np.concatenate([part.garbage for part in parts]),
        trusts={name: np.concatenate([part.trusts[name] for part in parts]) for name in parts[0].trusts},
        raws={name: np.concatenate([part.raws[name] for part in parts]) for name in parts[0].raws},
    )


def _looks(evidence: Evidence) -> NDArray[np.float32]:
    if evidence.look is None:
        raise ValueError("the looks of the pictures were not taken")
    return evidence.look


def _trust(answer: Score | Failure) -> float:
    return float("nan") if isinstance(answer, Failure) or answer.trust is None else answer.trust


def _raw(answer: Score | Failure) -> float:
    return float("nan") if isinstance(answer, Failure) or answer.raw is None else answer.raw
