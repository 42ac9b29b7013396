"""Scorers of whether the answer is right."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from viewer.api import (
    About,
    Calibration,
    Evidence,
    Need,
    Options,
    Score,
    Scorer,
    State,
    ViewerError,
    attention_shares,
    mask_cells,
    share_in_mask,
    softmax,
)
from viewer_confidence_scores import attention, probability, uncertainty
from viewer_confidence_scores.foreground import foreground
from viewer_confidence_scores.probability import Values
from viewer_confidence_scores.ranking import auroc, knots, share_below

NOT_CALIBRATED = Score(trust=None, note="not calibrated for this bundle")

DROPOUT = "predictive_entropy"
"""Leads what else is told from dropout samples."""

WEAK = 2.0
"""Standard errors from .5 below which a learned direction is called weak."""


def correctness_scorers(options: Options) -> list[Scorer]:
    """All of them, the baseline first.

    Raises:
        ViewerError: The option `margin_k` makes no sense.
    """
    k = margin_k(options)
    third = {1: "st", 2: "nd", 3: "rd"}.get(k, "th")
    return [
        Bounded("softmax", "Softmax probability", "probability", _of_p(probability.top_probability)),
        Bounded(
            "margin",
            f"Margin between the 1st and {k}{third} class",
            "probability",
            _of_p(partial(probability.top_margin, k=k)),
            version="1" if k == 2 else f"1 k={k}",
            family="softmax",
        ),
        CamScorer(),
        MaskedCamScorer(),
        DropoutScorer(DROPOUT, "Certainty under dropout", uncertainty.predictive_entropy),
        DropoutScorer("expected_entropy", "Unambiguous image", uncertainty.expected_entropy, DROPOUT),
        DropoutScorer("mutual_information", "Agreement under dropout", uncertainty.mutual_information, DROPOUT),
        MemberScorer(),
        Bounded(
            "entropy",
            "Entropy of the probabilities",
            "nats",
            _of_p(probability.entropy),
            probability.certainty,
            family="softmax",
        ),
        Ranked("max_logit", "Largest logit", "logit", lambda e: probability.max_logit(e.logits)),
        Ranked("energy", "Energy of the logits", "nats", lambda e: probability.energy(e.logits)),
        Bounded(
            "doctor",
            "DOCTOR-α",
            "odds",
            _of_p(probability.doctor_alpha),
            probability.doctor_trust,
            family="softmax",
        ),
        Bounded(
            "gen",
            "Generalised entropy",
            "",
            _of_p(probability.generalised_entropy),
            probability.generalised_entropy_trust,
            family="softmax",
        ),
    ]


def margin_k(options: Options) -> int:
    """The setting `margin_k`: the k of the top-k margin, 2 by default."""
    k = options.get("margin_k", 2)
    if not isinstance(k, int) or isinstance(k, bool) or k < 2:
        raise ViewerError(f"margin_k should be a whole number from 2 on, not {k!r}")
    return k


class Bounded:
    """A score with natural bounds: its trust follows from the raw value and the number of classes alone."""

    about = About.CORRECTNESS
    needs = frozenset({Need.LOGITS})

    def __init__(
        self,
        name: str,
        title: str,
        unit: str,
        raw: Callable[[Evidence], Values],
        trust: Callable[[Values, int], Values] | None = None,
        version: str = "1",
        family: str = "",
    ) -> None:
        """Score `raw(evidence)`; `trust(raw, K)` maps it to [0, 1], by default it already lies there."""
        self.name = name
        self.family = family
        self.title = title
        self.version = version
        self._unit = unit
        self._raw = raw
        self._trust = trust

    def fit(self, calibration: Calibration) -> State:
        """Nothing to learn."""
        return {}

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame."""
        raw = self._raw(evidence)
        trust = raw if self._trust is None else self._trust(raw, len(evidence.classes))
        return scores(trust, raw, self._unit)


class DropoutScorer:
    """An entropy over dropout samples of the head, as certainty."""

    about = About.CORRECTNESS
    needs = frozenset({Need.LOGITS, Need.HEAD_SAMPLES})
    version = "1"

    def __init__(self, name: str, title: str, nats: Callable[[Values], Values], family: str = "") -> None:
        """Score `nats(p)` of samples p (T, B, K)."""
        self.name = name
        self.family = family
        self.title = title
        self._nats = nats

    def fit(self, calibration: Calibration) -> State:
        """Nothing to learn."""
        return {}

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame; abstain where the samples are all the same, which says nothing about the frame."""
        samples = evidence.head_samples
        if samples is None:
            return [Score(trust=None, note="the network gives no dropout samples")] * len(evidence)
        raw = self._nats(softmax(samples / evidence.temperature))
        certain = scores(probability.certainty(raw, len(evidence.classes)), raw, "nats")
        silent = Score(trust=None, note="the network has no dropout in its head")
        varies = uncertainty.frames_that_vary(samples).tolist()
        return [score if speaks else silent for score, speaks in zip(certain, varies, strict=True)]


class MemberScorer:
    """How far the networks of an ensemble contradict each other, as certainty."""

    name = "members"
    title = "Agreement of the networks"
    about = About.CORRECTNESS
    needs = frozenset({Need.LOGITS, Need.MEMBERS})
    version = "1"

    def fit(self, calibration: Calibration) -> State:
        """Nothing to learn."""
        return {}

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame; abstain where one network answers."""
        if evidence.members is None:
            return [Score(trust=None, note="one network answers")] * len(evidence)
        p, shares = softmax(evidence.members / evidence.temperature), evidence.member_weights
        raw = uncertainty.divergence(p, shares) if shares else uncertainty.mutual_information(p)
        return scores(probability.certainty(raw, len(evidence.classes)), raw, "nats")


class Ranked:
    """An unbounded score whose larger values are safer: its trust is its rank among calibration values."""

    family = "softmax"
    about = About.CORRECTNESS
    needs = frozenset({Need.LOGITS})
    version = "1"

    def __init__(self, name: str, title: str, unit: str, raw: Callable[[Evidence], Values]) -> None:
        """Score `raw(evidence)`."""
        self.name = name
        self.title = title
        self._unit = unit
        self._raw = raw

    def fit(self, calibration: Calibration) -> State:
        """Keep the distribution of the raw values."""
        values = [self._raw(batch.evidence) for batch in calibration]
        return {"knots": knots(np.concatenate(values))} if values else {}

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame; abstain without a fitted distribution."""
        if "knots" not in state:
            return [NOT_CALIBRATED] * len(evidence)
        raw = self._raw(evidence)
        return scores(share_below(state["knots"], raw), raw, self._unit)


class CamScorer:
    """Concentration of the CAM; whether a narrow or a wide one is safer is learned, never assumed."""

    name = "cam"
    title = "Concentration of attention"
    version = "1"
    about = About.CORRECTNESS
    needs = frozenset({Need.LOGITS, Need.ACTIVATIONS, Need.GRADIENTS})
    unit = ""

    def fit(self, calibration: Calibration) -> State:
        """Keep the distribution of the raw values and the direction in which they tell right from wrong."""
        batches = [(self.measure(batch.evidence), batch.evidence.predicted == batch.labels) for batch in calibration]
        if not batches:
            return {}
        raw = np.concatenate([measured[0] for measured, _ in batches])
        valid = np.concatenate([measured[1] for measured, _ in batches])
        return learn_direction(raw[valid], np.concatenate([correct for _, correct in batches])[valid])

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame; abstain without a learned direction, and on frames that cannot be measured."""
        if "direction" not in state:
            return [NOT_CALIBRATED] * len(evidence)
        raw, valid, notes = self.measure(evidence)
        rank = share_below(state["knots"], raw)
        trust = rank if state["direction"][0] > 0 else 1 - rank
        weak = "; hardly tells right from wrong on calibration data" if state["direction"][1] < WEAK else ""
        told = scores(trust, raw, self.unit, [(note + weak).lstrip("; ") for note in notes])
        return [s if ok else Score(trust=None, note=n) for s, ok, n in zip(told, valid.tolist(), notes, strict=True)]

    def measure(self, evidence: Evidence) -> tuple[Values, NDArray[np.bool_], list[str]]:
        """Raw values (B,), whether each could be measured, and a note for each."""
        shares = attention_shares(attention.class_maps(evidence))
        seen = attention.any_attention(shares)
        return attention.concentration(shares), seen, ["" if some else "no attention" for some in seen.tolist()]


class MaskedCamScorer(CamScorer):
    """Share of the CAM inside the picture's foreground, corrected for the foreground's area."""

    name = "cam_mask"
    title = "Attention on the dark foreground"
    needs = frozenset({Need.LOGITS, Need.ACTIVATIONS, Need.GRADIENTS, Need.INPUT})
    unit = "× even share"

    def measure(self, evidence: Evidence) -> tuple[Values, NDArray[np.bool_], list[str]]:
        """As for `CamScorer`; frames without a plain foreground are not measured."""
        if evidence.input is None:
            raise ValueError("no input was captured")
        maps = attention.class_maps(evidence)
        shares = attention_shares(maps)
        masks, plausible = foreground(evidence.input)
        cells = mask_cells(masks, *maps.shape[1:])
        seen = attention.any_attention(shares)
        overlap = attention.cam_iou(maps, cells).tolist()
        notes = [
            "no attention" if not some else f"IoU {iou:.2f}" if plain else "no plain foreground in the picture"
            for iou, plain, some in zip(overlap, plausible.tolist(), seen.tolist(), strict=True)
        ]
        return share_in_mask(shares, cells), seen & plausible, notes


def learn_direction(raw: Values, correct: NDArray[np.bool_]) -> State:
    """Which way a raw value points: state with its distribution, or empty where there is nothing to learn from.

    Args:
        raw: (n,).
        correct: Whether each prediction was right, (n,).

    Returns:
        `knots`, and `direction` (2,): +1 where larger is safer, else −1; and by how many standard errors (Hanley &
        McNeil's at AUROC ½) the AUROC differs from ½.
    """
    area = auroc(raw, correct)
    if np.isnan(area):
        return {}
    right, wrong = int(correct.sum()), int((~correct).sum())
    error = np.sqrt((right + wrong + 1) / (12 * right * wrong))
    return {
        "knots": knots(raw),
        "direction": np.array([1.0 if area >= 0.5 else -1.0, abs(area - 0.5) / error], np.float32),
    }


def scores(trust: Values, raw: Values, unit: str, notes: Sequence[str] | None = None) -> list[Score]:
    """One `Score` for each pair; rounding beyond [0, 1] is cut off."""
    notes = notes or [""] * len(trust)
    pairs = zip(trust.clip(0, 1).tolist(), raw.tolist(), notes, strict=True)
    return [Score(trust=t, raw=r, unit=unit, note=note) for t, r, note in pairs]


def _of_p(raw: Callable[[Values], Values]) -> Callable[[Evidence], Values]:
    return lambda evidence: raw(evidence.probabilities)
