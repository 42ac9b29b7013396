"""Small, seeded values of the domain, complete enough for every scorer and explainer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from viewer.domain.evidence import (
    CLIP_OFFSETS,
    EARLY_SIDE,
    SAME,
    Evidence,
    Float,
    Labelled,
    LinearHead,
    Need,
    ReferenceSet,
    class_attention,
)
from viewer.domain.gate import look_of

ALL_NEEDS = frozenset(Need)

MEMBERS = 3
"""Networks of the ensemble in made-up evidence."""

SAMPLES = 20
"""Dropout samples T in built evidence."""


@dataclass(frozen=True, slots=True)
class Batches:
    """A re-iterable calibration stream held in memory."""

    batches: tuple[Labelled, ...]
    training: tuple[Labelled, ...] = ()

    def __iter__(self) -> Iterator[Labelled]:
        """Start from the first batch."""
        return iter(self.batches)


def evidence(
    batch: int = 3,
    classes: int = 4,
    *,
    seed: int = 0,
    needs: frozenset[Need] = ALL_NEEDS,
    channels: int = 6,
    grid: int = 5,
    side: int = 20,
    linear_head: bool = True,
    labels: Sequence[int] | None = None,
) -> Evidence:
    """Evidence of a made-up network that ends in average pooling and one linear layer.

    The parts fit together: features are the means of the activations, logits and gradients follow from the head.

    Args:
        batch: Frames B.
        classes: Classes K.
        seed: Of every random value but the head, which depends on K and C alone: one seed, one evidence.
        needs: What is filled; logits always are.
        channels: C of the activations, and D of the features.
        grid: h = w of the activations.
        side: H = W of the input.
        linear_head: False leaves the head out, as for networks with another one.
        labels: True classes that the frames resemble; random by default.
    """
    random = np.random.default_rng(seed)
    head = _head(classes, channels)
    truth = np.asarray(labels) if labels is not None else random.integers(0, classes, batch)
    blobs = _blobs(random, batch, grid)
    pattern = np.maximum(head.weight[truth] + random.normal(0, 2.0, (batch, channels)), 0)
    noise = random.gamma(1.0, 0.1, (batch, channels, grid, grid))
    activations = (pattern[:, :, None, None] * blobs[:, None] + noise).astype(np.float32)
    features = activations.mean(axis=(2, 3))
    logits = features @ head.weight.T + head.bias
    targets = logits.argmax(axis=1)
    gradients = head.weight[targets][:, :, None, None] / np.float32(grid * grid)
    kept = random.random((SAMPLES, batch, channels)) > 0.2
    samples = (kept * features / 0.8) @ head.weight.T + head.bias
    spread = activations.std(axis=(2, 3))
    pictures = _pictures(random, blobs, side)
    stem = random.gamma(2.0, 0.5, (batch, 4, side // 2, side // 2)).astype(np.float32)
    filled = {
        Need.INPUT: pictures,
        Need.FEATURES: features,
        Need.ACTIVATIONS: activations,
        Need.GRADIENTS: gradients,
        Need.STEM: stem,
        Need.MIDDLE: np.concatenate([features, spread], axis=1),
        Need.HEAD_SAMPLES: samples.astype(np.float32),
        Need.LOOK: look_of(pictures, stem),
        Need.MEMBERS: _members(logits, seed),
        Need.CLIP: _around(logits, seed),
        Need.ATTENTION: class_attention(activations, gradients),
        Need.EARLY: _early(stem),
        Need.MASK: _masks(blobs, side),
        Need.VIEWS: _views(activations, gradients),
        Need.GARBAGE: (1 - logits.max(axis=1)).astype(np.float32),
    }
    both = {Need.CLIP, Need.FEATURES} <= needs
    return Evidence(
        classes=tuple(f"class_{index}" for index in range(classes)),
        temperature=1.5,
        logits=logits.astype(np.float32),
        targets=targets,
        linear_head=head if linear_head else None,
        clip_features=_around(features, seed) if both else None,
        references=_references(classes, channels, grid) if Need.REFERENCES in needs else None,
        second=_second(logits, activations, gradients) if Need.SECOND in needs else None,
        mask_shows="lesion" if Need.MASK in needs else "",
        **{need.value: array for need, array in filled.items() if need in needs},
    )


def only(whole: Evidence, needs: frozenset[Need]) -> Evidence:
    """The same evidence with nothing in it but the logits and what is asked for."""
    left_out: dict[str, None] = {need.value: None for need in Need if need not in needs and need is not Need.LOGITS}
    if not {Need.CLIP, Need.FEATURES} <= needs:
        left_out["clip_features"] = None
    return changed(whole, **left_out)


def changed(whole: Evidence, **parts: Float | None) -> Evidence:
    """The same evidence with some of its arrays exchanged; the targets stay."""
    return replace(whole, **parts)  # type: ignore[arg-type]  # the names are those of arrays


def calibration(
    groups: int = 24,
    per_group: int = 4,
    classes: int = 4,
    *,
    seed: int = 0,
    batch: int = 8,
    channels: int = 6,
    side: int = 20,
) -> Batches:
    """A labelled stream in which most predictions are right, and the unsure ones are wrong more often.

    Args:
        groups: Number of patients.
        per_group: Frames of each; they share their true class.
        classes: Classes K.
        seed: Of everything.
        batch: Frames in one batch.
        channels: C of the activations, and D of the features.
        side: H = W of the input.
    """
    labels = np.repeat(np.arange(groups) % classes, per_group)
    names = np.repeat([f"patient {index:03d}" for index in range(groups)], per_group)
    starts = range(0, len(labels), batch)
    return Batches(
        tuple(
            Labelled(
                evidence(
                    len(labels[start : start + batch]),
                    classes,
                    seed=seed * 1000 + start,
                    channels=channels,
                    side=side,
                    labels=labels[start : start + batch].tolist(),
                ),
                labels[start : start + batch],
                names[start : start + batch],
                clips=np.arange(start, start + len(labels[start : start + batch])) // per_group,
                frames=np.arange(start, start + len(labels[start : start + batch])) % per_group,
            )
            for start in starts
        )
    )


def _members(logits: NDArray[np.floating], seed: int) -> Float:
    """Answers of an ensemble's networks around their mean, the logits: (`MEMBERS`, B, K)."""
    noise = np.random.default_rng([seed, MEMBERS]).normal(0, 0.5, (MEMBERS, *logits.shape))
    members: Float = (logits + noise - noise.mean(axis=0)).astype(np.float32)
    return members


def _around(own: NDArray[np.floating], seed: int) -> Float:
    """What the frames around answer: alike, and none before the first frame's place: (B, O, n)."""
    noise = np.random.default_rng([seed, len(CLIP_OFFSETS)]).normal(
        0, 0.3, (len(own), len(CLIP_OFFSETS), own.shape[1])
    )
    noise[:, SAME] = 0
    noise[0, :SAME] = np.nan
    around: Float = (own[:, None] + noise).astype(np.float32)
    return around


def _early(stem: Float) -> Float:
    """Mean over the channels, every cell the nearest value: (B, 28, 28)."""
    rows = np.arange(EARLY_SIDE) * stem.shape[2] // EARLY_SIDE
    early: Float = stem.mean(axis=1)[:, rows][:, :, rows]
    return early


def _second(logits: NDArray[np.floating], activations: Float, gradients: Float) -> Evidence:
    """A second model of other classes but one, which looks a little elsewhere."""
    answers = np.flip(logits, axis=1).astype(np.float32)
    return Evidence(
        classes=("class_0", *(f"other_{index}" for index in range(1, logits.shape[1]))),
        temperature=1.0,
        logits=answers,
        targets=answers.argmax(axis=1),
        attention=class_attention(np.roll(activations, 1, axis=3), gradients),
    )


def _masks(blobs: NDArray[np.float64], side: int) -> Float:
    """Sure inside the blobs, unsure at their edge, (B, side, side)."""
    index = np.arange(side) * blobs.shape[1] // side
    masks: Float = (1 / (1 + np.exp(20 * (0.4 - blobs[:, index][:, :, index])))).astype(np.float32)
    return masks


def _views(activations: Float, gradients: Float) -> Float:
    """Attention of two mirrored views that looks a little elsewhere, (B, 2, h, w)."""
    views: Float = np.stack(
        [class_attention(np.roll(activations, shift, axis=axis), gradients) for shift, axis in ((1, 3), (-1, 2))],
        axis=1,
    )
    return views


def _references(classes: int, channels: int, grid: int, count: int = 12) -> ReferenceSet:
    random = np.random.default_rng(count)
    return ReferenceSet(
        features=random.gamma(1.0, 0.5, (count, channels)).astype(np.float32),
        labels=np.arange(count) % classes,
        groups=np.array([f"own patient {index // 2}" for index in range(count)]),
        files=tuple(f"/own/picture {index}.png" for index in range(count)),
        frames=np.zeros(count, np.intp),
        thumbnails=random.integers(0, 255, (count, 64, 64, 3), np.uint8),
        attention=random.normal(0, 1.0, (count, grid, grid)).astype(np.float32),
    )


def _head(classes: int, channels: int) -> LinearHead:
    """A head whose class k listens to every K-th channel from the k-th on, and weakly to all."""
    random = np.random.default_rng(classes * 1000 + channels)
    own = np.arange(channels)[None, :] % classes == np.arange(classes)[:, None]
    weight = 3.0 * own - 1.0 + random.normal(0, 0.2, (classes, channels))
    return LinearHead(weight=weight.astype(np.float32), bias=random.normal(0, 0.1, classes).astype(np.float32))


def _blobs(random: np.random.Generator, batch: int, grid: int) -> NDArray[np.float64]:
    """Bright spots on a grid, (B, grid, grid) in [0, 1]."""
    rows, columns = np.mgrid[:grid, :grid]
    centre = random.uniform(grid * 0.3, grid * 0.6, (2, batch, 1, 1))
    blobs: NDArray[np.float64] = np.exp(-((rows - centre[0]) ** 2 + (columns - centre[1]) ** 2) / (grid / 4) ** 2)
    return blobs


def _pictures(random: np.random.Generator, blobs: NDArray[np.float64], side: int) -> NDArray[np.float32]:
    """Normalised pictures (B, 3, side, side): a dark spot on a bright ground where the blob is."""
    index = np.arange(side) * blobs.shape[1] // side
    spots = blobs[:, index][:, :, index] > 0.4
    pictures = np.where(spots, -1.0, 1.0)[:, None] + random.normal(0, 0.1, (len(blobs), 3, side, side))
    return pictures.astype(np.float32)
