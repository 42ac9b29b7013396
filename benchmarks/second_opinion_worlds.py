"""New patients, imitated: outputs on training frames made worse in many ways, to find what is right in most of them.

A world is a way in which a classifier may fail on new patients. Its logits on training frames are changed by five
kinds of error (of the patient, of the clip, of the clip along the scale of scores, slow and quick ones from frame to
frame) in drawn proportions, as strongly as makes it right on `ACCURACY` of the frames. In scrambled worlds its
confidence is changed as well, slowly and by clip, until it finds errors no better than `MSP`. Both numbers are those
of the source study on its new patients.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from viewer_second_opinion.study.frames import Frames
from viewer_second_opinion.study.ours import ANSWERS, LEAD, decide, evidence, trust

from viewer.api import auroc, smoothed, softmax

Values = NDArray[np.float64]
Json = dict[str, Any]

ACCURACY, MSP = 0.563, 0.607
"""Of the source study on its three new patients."""

MOST = 10.0
"""Largest strength of errors."""

GAIN = 0.017
"""What makes .58 of .563."""

WAYS: Mapping[str, tuple[str, float, float]] = {
    "mean of ±15 frames": ("flat", 0.0, 0.0),
    "the same, with our lead": ("flat", 0.0, LEAD),
    "triangle": ("triangle", 0.0, 0.0),
    "the same, with ⅓ answers": ("triangle", ANSWERS, 0.0),
    "the same, with our lead: ours": ("triangle", ANSWERS, LEAD),
    "the same, with twice our lead": ("triangle", ANSWERS, 2 * LEAD),
    "triangle of answers alone, with our lead": ("triangle", 1.0, LEAD),
}
"""Ways to a final score: shape of the window, weight of answers, lead."""

TRUSTS: Mapping[str, tuple[str, float]] = {
    "mean of ±15 frames": ("flat", 0.0),
    "triangle": ("triangle", 0.0),
    "triangle, ⅓ answers: ours": ("triangle", ANSWERS),
    "triangle of answers alone": ("triangle", 1.0),
}
"""Ways to a trust of the raw answer."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tried:
    """Every way on the frames of some patients.

    Attributes:
        gains: By way, change of accuracy patient by patient, (patients,).
        trusts: By way, and `softmax`, AUROC_f on all frames, then patient by patient, (1 + patients,).
        frames: Number of frames of each patient, (patients,).
    """

    gains: Mapping[str, Values]
    trusts: Mapping[str, Values]
    frames: NDArray[np.intp]


def try_all(frames: Frames) -> Tried:
    """Answer and judge in every way."""
    names, frames_of = np.unique(frames.patients, return_counts=True)
    masks = [frames.patients == name for name in names]
    right = frames.correct
    around = {way: _around(frames, *way) for way in {(shape, answers) for shape, answers, _ in WAYS.values()}}
    gains = {}
    for name, (shape, answers, lead) in WAYS.items():
        final = decide(frames.predicted, around[shape, answers], lead) == frames.true
        gains[name] = np.array([final[mask].mean() - right[mask].mean() for mask in masks])
    own = {name: trust(frames.predicted, around[way]) for name, way in TRUSTS.items()}
    own["softmax"] = trust(frames.predicted, frames.probabilities)
    trusts = {
        name: np.array([auroc(one, right), *(auroc(one[mask], right[mask]) for mask in masks)])
        for name, one in own.items()
    }
    return Tried(gains=gains, trusts=trusts, frames=frames_of)


def _around(frames: Frames, shape: str, answers: float) -> Values:
    """What the frames around say, float64 (n, K)."""
    if shape == "triangle":
        return evidence(frames, answers)
    mean = np.empty_like(frames.probabilities)
    for clip in frames.by_clip():
        mean[clip] = smoothed(frames.probabilities[clip], frames.places[clip])
    return mean


def worlds(frames: Frames, count: int, seed: int, *, scrambled: bool, say: Callable[[str], None]) -> list[Tried]:
    """Try every way in `count` worlds made of frames that a classifier was trained on."""
    random = np.random.default_rng(seed)
    found: list[Tried] = []
    while len(found) < count:
        world = _World(frames, random)
        if world.accuracy(MOST) > ACCURACY:
            continue
        made = world.as_wrong_as_the_source()
        own = _own_auroc(made)
        if scrambled and own > MSP:
            made = world.scrambled(made)
        elif scrambled or not MSP - 0.04 < own < MSP + 0.06:
            continue
        found.append(try_all(made))
        say(f"{'scrambled' if scrambled else 'plain'} world {len(found)} of {count}")
    return found


class _World:
    """One way to fail, at any strength."""

    def __init__(self, frames: Frames, random: np.random.Generator) -> None:
        self._frames, self._random, k = frames, random, frames.scores
        clips, patients = frames.clips, np.unique(frames.patients, return_inverse=True)[1]
        memory = np.exp(random.uniform(np.log(2), np.log(60)))
        along = random.normal(size=clips.max() + 1)[clips, None] * (np.arange(k) - (k - 1) / 2)
        errors = [
            random.normal(size=(patients.max() + 1, k))[patients],
            random.normal(size=(clips.max() + 1, k))[clips],
            along,
            self._slow(memory, k),
            random.normal(size=(len(frames), k)),
        ]
        shares = np.sqrt(random.dirichlet([0.3, 0.6, 0.6, 1.0, 1.2]))
        self._errors = sum(share * error for share, error in zip(shares, errors, strict=True))
        sharpness = np.exp(random.uniform(np.log(0.3), np.log(1.2)))
        self._logits = sharpness * np.log(np.maximum(frames.probabilities, 1e-6))

    def at(self, strength: float) -> Frames:
        probabilities = softmax(self._logits + strength * self._errors)
        return replace(self._frames, probabilities=probabilities, predicted=probabilities.argmax(axis=1))

    def accuracy(self, strength: float) -> float:
        return float(self.at(strength).correct.mean())

    def as_wrong_as_the_source(self) -> Frames:
        return self.at(_largest(lambda strength: self.accuracy(strength) > ACCURACY, MOST))

    def scrambled(self, made: Frames) -> Frames:
        """Answers as they are, confidence changed until it is as poor as the source's."""
        by_clip = self._random.normal(size=made.clips.max() + 1)[made.clips, None]
        share = self._random.uniform()
        changes = np.sqrt(share) * self._slow(self._random.uniform(1, 20), 1) + np.sqrt(1 - share) * by_clip
        logits = np.log(np.maximum(made.probabilities, 1e-9))

        def at(strength: float) -> Frames:
            return replace(made, probabilities=softmax(logits * np.exp(strength * changes)))

        return at(_largest(lambda strength: _own_auroc(at(strength)) > MSP, 4.0))

    def _slow(self, memory: float, columns: int) -> Values:
        """Errors that fade over `memory` frames (autoregressive, of variance 1)."""
        from scipy.signal import lfilter

        keep, errors = np.exp(-1 / memory), self._random.normal(size=(len(self._frames), columns))
        for clip in self._frames.by_clip():
            errors[clip[1:]] *= np.sqrt(1 - keep**2)
            errors[clip] = lfilter([1], [1, -keep], errors[clip], axis=0)
        return errors


def _own_auroc(frames: Frames) -> float:
    return auroc(frames.probabilities.max(axis=1), frames.correct)


def _largest(holds: Callable[[float], bool], most: float, steps: int = 7) -> float:
    """Largest strength between 0 and `most` for which it holds, by halving."""
    low, high = 0.0, most
    for _ in range(steps):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def summary(tried: Sequence[Tried]) -> Json:
    """How often each way does what is wanted, over all worlds and all choices of three patients."""
    threes = [list(three) for three in combinations(range(len(tried[0].frames)), 3)]
    answers: Json = {}
    for name in WAYS:
        gains = np.array([one.gains[name] for one in tried])
        weights = tried[0].frames
        risen = np.array([np.average(gains[:, three], axis=1, weights=weights[three]) >= GAIN for three in threes])
        kept = np.array([gains[:, three].min(axis=1) >= 0 for three in threes])
        answers[name] = {
            "both": float((risen & kept).mean()),
            "risen": float(risen.mean()),
            "none_below": float(kept.mean()),
            "gain": float(np.average(gains, axis=1, weights=weights).mean()),
            "lowest_patient": float(gains.min(axis=1).mean()),
            "by_patient": gains.mean(axis=0).tolist(),
        }
    trusts: Json = {}
    for name in TRUSTS:
        aurocs = np.array([one.trusts[name] for one in tried])
        gain = aurocs[:, 0] - np.array([one.trusts["softmax"][0] for one in tried])
        above = np.array([aurocs[:, 1:][:, three].min(axis=1) > 0.5 for three in threes])
        trusts[name] = {
            "auroc_f": float(aurocs[:, 0].mean()),
            "gain": float(gain.mean()),
            "low_gain": float(np.quantile(gain, 0.1)),
            "all_above_half": float(above.mean()),
            "by_patient": aurocs[:, 1:].mean(axis=0).tolist(),
        }
    softmax = float(np.mean([one.trusts["softmax"][0] for one in tried]))
    return {"worlds": len(tried), "softmax": softmax, "answers": answers, "trusts": trusts}
