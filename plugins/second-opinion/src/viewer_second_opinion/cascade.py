"""The cascade: the classifier's answer, how reliable it is, and where it is not, what similar frames say.

It may only speak for a model where it helped patients it had not learnt from; elsewhere it says that it is switched
off, and why.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.api import Calibration, Evidence, Proposal, State
from viewer_second_opinion.cases import Cases, gathered
from viewer_second_opinion.choosing import SEED, fit_reliability, reliability_trust
from viewer_second_opinion.references import FEWEST_CLOSE, Neighbours, References, learn, references_of
from viewer_second_opinion.reliability import Reliability
from viewer_second_opinion.similar import TOO_FEW, SimilarFrames, features_of
from viewer_second_opinion.voting import weighted_vote

THRESHOLD = 0.5
"""Reliability below which an answer is scored anew: it is more likely wrong than right. Fixed, not tuned."""

FOLDS = 5

FEWEST_GROUPS = 10
"""Calibration patients below which nobody can tell whether the cascade helps."""

CONFIDENCE = 0.95
"""One-sided, of the cascade being better than the classifier for patients like those of the calibration."""

RESAMPLES = 2000

SOURCE = "second opinion"
STANDS = "the answer stands"
UNFITTED = "switched off, what it rests on is missing from this model"


def rescored(
    predicted: NDArray[np.intp],
    reliability: NDArray[np.float64],
    votes: NDArray[np.intp],
    threshold: float = THRESHOLD,
) -> NDArray[np.intp]:
    """Final classes, int (n,): the vote where the answer is unreliable and there is one, else the answer.

    Args:
        predicted: int (n,), the classifier's.
        reliability: float64 (n,), in [0, 1]; NaN where nobody can tell: then the answer stands.
        votes: int (n,), of similar frames; -1 where there are too few close ones.
        threshold: Reliability below which an answer is scored anew.
    """
    return np.where((reliability < threshold) & (votes >= 0), votes, predicted)


@dataclass(frozen=True, slots=True)
class Gain:
    """What the cascade did for patients it had not learnt from.

    Attributes:
        groups: Patients.
        before, after: Share of right answers without and with it: the mean over patients, of each over clips.
        least: What the gain is at least, with a confidence of `CONFIDENCE`.
        by_class: Mean over the classes of the gain in recall, weighed alike.
    """

    groups: int
    before: float
    after: float
    least: float
    by_class: float

    @classmethod
    def of(cls, state: State) -> "Gain | None":
        """As it was kept; None where nothing was tried."""
        if "gain" not in state:
            return None
        return cls(int(state["groups"][0]), *state["gain"].tolist())

    @property
    def state(self) -> State:
        """To be kept."""
        return {
            "groups": np.array([self.groups]),
            "gain": np.array([self.before, self.after, self.least, self.by_class]),
        }

    @property
    def helps(self) -> bool:
        """Whether the cascade may speak: surely better over patients, and on average no worse over classes."""
        return self.groups >= FEWEST_GROUPS and self.least > 0 and self.by_class >= 0

    @property
    def words(self) -> str:
        """Why it may not speak."""
        if self.groups < FEWEST_GROUPS:
            return f"switched off, {self.groups} calibration patients are too few to tell whether it helps"
        if self.after < self.before or self.by_class < 0:
            return "switched off, it was worse than the model on the calibration patients"
        return "switched off, it was not clearly better than the model on the calibration patients"


def gain_of(cases: Cases, final: NDArray[np.intp]) -> Gain:
    """Compare final classes (n,) with the classifier's.

    The bound is the quantile at 1 − `CONFIDENCE` of the mean over patients, by a bootstrap over patients.
    """
    weights, labels = cases.weights(), cases.batch.labels
    names, groups = np.unique(cases.groups, return_inverse=True)
    totals = np.bincount(groups, weights)
    before = np.bincount(groups, weights * cases.correct) / totals
    after = np.bincount(groups, weights * (final == labels)) / totals
    drawn = np.random.default_rng(SEED).integers(0, len(names), (RESAMPLES, len(names)))
    means = (after - before)[drawn].mean(axis=1)
    change = weights * ((final == labels).astype(float) - cases.correct)
    shown = np.unique(labels)
    by_class = [change[labels == label].sum() / weights[labels == label].sum() for label in shown]
    return Gain(
        groups=len(names),
        before=float(before.mean()),
        after=float(after.mean()),
        least=float(np.quantile(means, 1 - CONFIDENCE)),
        by_class=float(np.mean(by_class)),
    )


class SecondOpinion:
    """Scores unreliable answers anew, from similar frames of other patients."""

    name = "second_opinion"
    title = "Second opinion"
    version = "1"
    needs = Reliability.needs | SimilarFrames.needs
    reads = (Reliability.name, SimilarFrames.name)

    def fit(self, calibration: Calibration) -> State:
        """Find out whether the cascade helps patients that neither of its parts has learnt from."""
        cases = gathered(calibration)
        return {} if cases is None else gain_of(cases, held_out_finals(cases)).state

    def propose(self, evidence: Evidence, state: State) -> Sequence[Proposal | None]:
        """Say of every frame what became of its answer; None where the cascade was never tried for this model."""
        gain = Gain.of(state)
        if gain is None:
            return [None] * len(evidence)
        if not gain.helps:
            return [Proposal(final=own, source=SOURCE, reason=gain.words) for own in evidence.predicted.tolist()]
        reliability = _part(state, Reliability.name)
        references = references_of(state, f"{SimilarFrames.name}.")
        if not reliability or references is None:
            return [Proposal(final=own, source=SOURCE, reason=UNFITTED) for own in evidence.predicted.tolist()]
        return _proposals(evidence, reliability_trust(evidence, reliability), references)


def held_out_finals(cases: Cases) -> NDArray[np.intp]:
    """Final class of every frame, int (n,), by what was learnt without its patient, in `FOLDS` folds."""
    final = cases.evidence.predicted.copy()
    folds = cases.folds(FOLDS, SEED)
    for fold in range(FOLDS):
        here, others = folds == fold, cases.at(folds != fold)
        references = references_of(learn(others))
        if here.any() and references is not None:
            evidence = cases.at(here).evidence
            votes = _votes(references.neighbours(features_of(evidence)))
            final[here] = rescored(evidence.predicted, reliability_trust(evidence, fit_reliability(others)), votes)
    return final


def _proposals(evidence: Evidence, reliability: NDArray[np.float64], references: References) -> list[Proposal]:
    found = references.neighbours(features_of(evidence))
    votes = _votes(found)
    finals = rescored(evidence.predicted, reliability, votes)
    told = _Told(evidence.classes, references, found, votes)
    return [
        Proposal(final=final, source=SOURCE, reason=told.reason(index, trust))
        for index, (final, trust) in enumerate(zip(finals.tolist(), reliability.tolist(), strict=True))
    ]


@dataclass(frozen=True, slots=True)
class _Told:
    """What is said of B frames."""

    classes: Sequence[str]
    references: References
    found: Neighbours
    votes: NDArray[np.intp]

    def reason(self, index: int, trust: float) -> str:
        """Why the final class of frame `index` is what it is."""
        if np.isnan(trust):
            return f"nobody can tell how reliable it is, so {STANDS}"
        reliable = f"reliability {trust:.0%}".replace("%", " %")
        if not trust < THRESHOLD:
            return f"{reliable}, {STANDS}"
        vote = int(self.votes[index])
        if vote < 0:
            return f"{reliable}; {TOO_FEW}, so {STANDS}"
        close = self.found.labels[index] >= 0
        agree = int((self.found.labels[index] == vote).sum())
        patients = len(np.unique(self.references.groups[self.found.indices[index][close]]))
        whose = "one other patient" if patients == 1 else f"{patients} other patients"
        said = self.classes[vote].replace("_", " ")
        return f"{reliable}; {agree} of {close.sum()} similar frames of {whose} say {said}"


def _votes(found: Neighbours) -> NDArray[np.intp]:
    return weighted_vote(found.labels, found.similarity, fewest=FEWEST_CLOSE)


def _part(state: State, name: str) -> State:
    """What another part of this plugin fitted."""
    return {key.removeprefix(f"{name}."): array for key, array in state.items() if key.startswith(f"{name}.")}
