"""Scorer: is the picture of no kind the network knows? It has an output of its own for that, or not."""

from collections.abc import Sequence

import numpy as np

from viewer.api import About, Calibration, Conformal, Evidence, Need, Score, State, group_weights, kept

NO_OUTPUT = Score(trust=None, note="the model knows no garbage")
NOT_FITTED = Score(trust=None, note="not fitted for this model")

SHARE = 0.05
"""Of proper pictures, groups weighing alike, what τ rejects."""


class GarbageScorer:
    """Log-odds of the output for pictures of no kind the network knows; trust = its conformal p among fit groups."""

    name = "garbage"
    title = "Of a kind the model was taught"
    about = About.SUITABILITY
    version = "1"
    needs = frozenset({Need.LOGITS, Need.GARBAGE})

    def fit(self, calibration: Calibration) -> State:
        """Keep the log-odds of proper pictures, and whose each is; nothing where the network has no such output."""
        batches = list(calibration)
        odds = [batch.evidence.garbage_log_odds for batch in batches]
        known = [some for some in odds if some is not None]
        if not known or len(known) < len(odds):
            return {}
        groups = np.unique(np.concatenate([batch.groups for batch in batches]), return_inverse=True)[1]
        return {"odds": np.concatenate(known), "groups": groups.astype(np.int32)}

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame; abstain where the network has no such output, or nothing was fitted."""
        odds = evidence.garbage_log_odds
        if odds is None:
            return [NO_OUTPUT] * len(evidence)
        if "odds" not in state:
            return [NOT_FITTED] * len(evidence)
        threshold, conformal = kept(state["odds"], GarbageScorer, lambda: _read(state))
        trust = conformal(odds)
        words = f"{{}} τ = {_probability(threshold):.2g}, which rejects {SHARE:.0%} of proper pictures"
        return [
            Score(
                trust=p,
                raw=raw,
                unit="log-odds",
                note=words.format("above" if raw > threshold else "below"),
            )
            for p, raw in zip(trust.tolist(), odds.tolist(), strict=True)
        ]


def _read(state: State) -> tuple[float, Conformal]:
    """τ as log-odds, and p-values among the proper pictures."""
    return threshold_of(state), Conformal(state["odds"], group_weights(state["groups"].astype(np.intp)))


def threshold_of(state: State) -> float:
    """τ as log-odds: what `SHARE` of the proper pictures exceed at most, groups weighing alike."""
    weights = group_weights(state["groups"].astype(np.intp))
    order = np.argsort(-state["odds"], kind="stable")
    beyond = np.cumsum(weights[order]) / weights.sum()
    return float(state["odds"][order][np.searchsorted(beyond, SHARE, side="right")])


def _probability(odds: float) -> float:
    return float(1 / (1 + np.exp(-odds)))
