"""The second opinion on the study's answers: reliability and cascade, each learned from other groups alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from lus_answers import Answers, Floats, Whole
from lus_figures import Json, estimated, right
from viewer_second_opinion.cascade import FOLDS, gain_of, held_out_finals
from viewer_second_opinion.cases import Cases
from viewer_second_opinion.choosing import SEED, fit_reliability, reliability_trust

from viewer.api import CLIP_OFFSETS, Evidence, Labelled
from viewer.evaluation.bootstrap import Name
from viewer.evaluation.curves import failure_auroc, rank

UNKNOWN = 0.5
"""Reliability where there were too few mistakes to learn from."""


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """What became of the answers of one cross-validation.

    Attributes:
        run: The answers.
        final: Class of every frame after the cascade (n,).
        reliability: How likely every answer is right (n,).
        speaks: Whether the viewer would let the cascade speak.
    """

    run: Answers
    final: Whole
    reliability: Floats
    speaks: bool


def second_opinion(runs: Sequence[Answers]) -> Json:
    """Figures of frames, means over the seeds, and for how many seeds the cascade would speak."""
    tried = [_tried(run) for run in runs]
    figures = estimated([partial(_figures, one) for one in tried], [one.run.numbers[one.run.clip] for one in tried])
    return {"speaks": sum(one.speaks for one in tried), "frames": figures}


def _tried(run: Answers) -> Tried:
    cases = Cases(
        Labelled(evidence_of(run), run.true, np.array(run.groups)[run.clip], clips=run.clip, frames=run.place)
    )
    final = held_out_finals(cases)
    reliability, folds = np.empty(len(cases)), cases.folds(FOLDS, SEED)
    for fold in range(FOLDS):
        here = folds == fold
        reliability[here] = reliability_trust(cases.at(here).evidence, fit_reliability(cases.at(~here)))
    return Tried(run, final, np.nan_to_num(reliability, nan=UNKNOWN), gain_of(cases, final).helps)


def evidence_of(run: Answers) -> Evidence:
    """All frames as the viewer's engine would hand them over: with the logits of the frames around."""
    around = np.full((len(run.clip), len(CLIP_OFFSETS), len(run.classes)), np.nan, np.float32)
    for frames in run.frames_of:
        at = dict(zip(run.place[frames].tolist(), frames.tolist(), strict=True))
        for place, frame in at.items():
            for number, offset in enumerate(CLIP_OFFSETS):
                if place + offset in at:
                    around[frame, number] = run.logits[at[place + offset]]
    return Evidence(
        classes=run.classes,
        temperature=1.0,
        logits=run.logits.astype(np.float32),
        targets=run.logits.argmax(axis=1),
        features=run.features.astype(np.float32),
        clip=around,
    )


def _figures(tried: Tried, weights: Floats) -> Mapping[Name, Floats]:
    """Under weights (draws, n)."""
    run = tried.run
    answer = run.probabilities.argmax(axis=1)
    found: dict[Name, Floats] = {}
    for unit, count in {"alike": weights, "by_clip": weights * run.by_clip}.items():
        before, after = (right(run, run.true, given, count) for given in (answer, tried.final))
        found |= {(unit, "cascade", name): value for name, value in after.items()}
        found |= {(unit, "cascade_gain", name): after[name] - before[name] for name in after}
        plain, ours = (
            failure_auroc(rank(trust, answer != run.true).curve(count))
            for trust in (run.probabilities.max(axis=1), tried.reliability)
        )
        found |= {(unit, "reliability_auroc_f"): ours, (unit, "reliability_gain"): ours - plain}
    return found
