"""What several models see of the same pictures, as the evidence of one: pure functions, frame by frame."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from viewer.domain.bundle import FieldOfView
from viewer.domain.evidence import Evidence, Float, softmax
from viewer.engine.beside import moved

Values = NDArray[np.float64]

LEAST = 1e-300
"""Probabilities below are taken for it: their logarithm must be finite."""

OF_INPUT = 6
"""Statistics of the network's input at the beginning of a look."""

Views = Sequence[Sequence[FieldOfView]]
"""By member and frame, the part of the picture it sees."""


def log_probabilities(seen: Sequence[Evidence], classes: Sequence[str]) -> Values:
    """Ln softmax(z_m/T_m) of every member m at its own temperature, its classes in the given order, (M, B, K)."""
    shares = [evidence.probabilities[:, [evidence.classes.index(name) for name in classes]] for evidence in seen]
    logarithms: Values = np.log(np.maximum(np.stack(shares), LEAST))
    return logarithms


def mixed(logarithms: Values, weights: Sequence[float]) -> Values:
    """Ln Σ_m w_m·exp(logarithms_m): (M, B, K) → (B, K).

    Its softmax at temperature 1 is the weighted mean of the members' probabilities p̄, at temperature T it is p̄^(1/T)
    divided by its sum.
    """
    mean = sum(weight * np.exp(member) for weight, member in zip(weights, logarithms, strict=True))
    mixture: Values = np.log(np.maximum(mean, LEAST))
    return mixture


def mixed_samples(seen: Sequence[Evidence], classes: Sequence[str], weights: Sequence[float]) -> Float | None:
    """Dropout sample t of the ensemble, of sample t of every member, or of its answer where it draws none: (T, B, K).

    None where no member draws any.
    """
    samples = max((0 if one.head_samples is None else len(one.head_samples) for one in seen), default=0)
    if not samples:
        return None
    drawn = []
    for one in seen:
        logits = np.broadcast_to(one.logits, (samples, *one.logits.shape))
        logits = logits if one.head_samples is None else one.head_samples
        shares = softmax(logits / one.temperature)[..., [one.classes.index(name) for name in classes]]
        drawn.append(np.log(np.maximum(shares, LEAST)))
    return mixed(np.stack(drawn), weights).astype(np.float32)


def joined_features(features: Sequence[Float]) -> Float:
    """Features of every member, one after the other, each brought to length 1/√M: (B, Σ D).

    Members differ in the scale of their features; like this the cosine of two pictures is the mean of the members'.
    """
    parts = []
    for own in features:
        wide = own.astype(np.float64)
        length = np.sqrt((wide**2).sum(axis=1, keepdims=True))
        parts.append(wide / np.maximum(length, LEAST) / np.sqrt(len(features)))
    return np.concatenate(parts, axis=1).astype(np.float32)


def joined_statistics(statistics: Sequence[Float]) -> Float:
    """Means of every member's channels, then all their standard deviations, (B, Σ 2·C), of as many (B, 2·C)."""
    halves = [np.split(own, 2, axis=1) for own in statistics]
    return np.concatenate([means for means, _ in halves] + [spreads for _, spreads in halves], axis=1)


def joined_looks(looks: Sequence[Float]) -> Float:
    """Look of the first member's input, then of the stems of all: (B, 6 + Σ 2·C₀)."""
    stems = joined_statistics([look[:, OF_INPUT:] for look in looks])
    return np.concatenate([looks[0][:, :OF_INPUT], stems], axis=1)


def comparable_attention(attention: Sequence[Float], views: Views) -> Float:
    """Attention of every member over what the first one sees, on the finest grid, (B, M, h, w).

    Each is divided by its root mean square, frame by frame: logits of different networks have no scale in common, and
    a member is to be heard by its weight alone. A map of zeros stays one.
    """
    shape = max(maps.shape[1:] for maps in attention)
    scaled = []
    for maps in attention:
        wide = maps.astype(np.float64)
        size = np.sqrt((wide**2).mean(axis=(1, 2), keepdims=True))
        scaled.append((wide / np.maximum(size, LEAST)).astype(np.float32))
    return np.stack([over_the_same_part(maps, views, number, shape) for number, maps in enumerate(scaled)], axis=1)


def over_the_same_part(maps: Float, views: Views, member: int, shape: tuple[int, int]) -> Float:
    """Maps (B, h, w) of one member over what the first one sees of each picture, on another grid."""
    pairs = zip(maps, views[member], views[0], strict=True)
    return np.stack([moved(one, there, here, shape) for one, there, here in pairs])


def weighted_mean(parts: Sequence[NDArray[np.floating]], weights: Sequence[float]) -> Float:
    """Σ w·part / Σ w, float32, of those that are there; equal weights where all of them are 0."""
    shares = [weight / sum(weights) for weight in weights] if sum(weights) > 0 else [1 / len(parts)] * len(parts)
    mean: NDArray[np.float64] = sum(  # type: ignore[assignment]  # never the empty sum, which is 0
        share * part.astype(np.float64) for share, part in zip(shares, parts, strict=True)
    )
    return mean.astype(np.float32)


def all_of(seen: Sequence[Evidence], part: Callable[[Evidence], Float | None]) -> list[Float] | None:
    """That part of every member's evidence; None where one of them has none."""
    parts = [found for one in seen if (found := part(one)) is not None]
    return parts if len(parts) == len(seen) else None
