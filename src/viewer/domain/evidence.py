"""What one forward pass leaves behind: detached numpy, read-only, shared by every plugin."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]


class Need(StrEnum):
    """A kind of evidence a plugin asks for; the union over enabled plugins decides what one pass captures."""

    INPUT = "input"
    LOGITS = "logits"
    FEATURES = "features"
    ACTIVATIONS = "activations"
    GRADIENTS = "gradients"
    STEM = "stem"
    MIDDLE = "middle"
    HEAD_SAMPLES = "head_samples"
    LOOK = "look"
    MEMBERS = "members"
    CLIP = "clip"
    REFERENCES = "references"
    ATTENTION = "attention"
    EARLY = "early"
    GARBAGE = "garbage"
    SECOND = "second"
    MASK = "mask"
    VIEWS = "views"


FROM_AROUND = frozenset({Need.CLIP, Need.REFERENCES, Need.SECOND})
"""Needs that no pass over the frame itself can fill: the frames around answer them, what the user added, or another
model."""

SLOW = frozenset({Need.VIEWS})
"""Needs that take further passes over every picture: what asks for them is asked only where the user wishes."""

EARLY_SIDE = 28
"""Side of an early map in cells."""

CLIP_OFFSETS = tuple(range(-15, 16, 3))
"""Places of a clip window from the frame itself, O = 11; frames less than three apart are almost copies."""

SAME = CLIP_OFFSETS.index(0)
"""Where in a clip window the frame itself stands."""

FRAMES_SECOND = ("head_samples", "members")
"""Arrays whose second axis is that of the frames; it is the first one of all others."""


@dataclass(frozen=True, slots=True, eq=False)
class LinearHead:
    """The last layer of a network that ends in global average pooling and one linear layer.

    Attributes:
        weight: float32 (K, C), logits per channel mean.
        bias: float32 (K,).
    """

    weight: Float
    bias: Float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReferenceSet:
    """n pictures the user added to compare with, as the network of the bundle sees them.

    Attributes:
        features: float32 (n, D), penultimate features.
        labels: int (n,), true class.
        groups: str (n,), patient, else lesion.
        files: Where each comes from, n paths.
        frames: int (n,), frame of a clip; 0 for stills.
        thumbnails: uint8 (n, 64, 64, 3), RGB.
        attention: float32 (n, h, w), attention of each for its true class, see `Evidence.attention`.
    """

    features: Float
    labels: NDArray[np.intp]
    groups: NDArray[np.str_]
    files: tuple[str, ...]
    frames: NDArray[np.intp]
    thumbnails: NDArray[np.uint8]
    attention: Float


@dataclass(frozen=True, kw_only=True, eq=False)
class Evidence:
    """Evidence of B frames from one forward pass; every array is read-only, None means not asked for.

    Attributes:
        classes: The K class names in the order of the logits.
        temperature: Divides the logits before the softmax; fitted on calibration data, 1.0 without.
        logits: float32 (B, K).
        targets: int (B,), the class whose gradients and attention are meant; by default the predicted class.
        input: float32 (B, 3, H, W), normalised as the network sees it.
        features: float32 (B, D), penultimate features.
        activations: float32 (B, C, h, w), output of the last convolution; of a bundle of bundles, the attention of
            each for the targets, C = M, with their weights as gradients, so that class activation maps are the
            weighted means of theirs.
        gradients: float32, d logit[target] / d activations: (B, C, h, w), or (B, C, 1, 1) where it is the
            same over the grid, as for a `linear_head`.
        linear_head: The head, where the network is pooling + linear: then CAM and Grad-CAM agree up to scale.
        stem: float32 (B, C0, h0, w0), output of the first convolution.
        middle: float32 (B, 2·Cm), per-channel mean then standard deviation of a middle block.
        head_samples: float32 (T, B, K), logits of T dropout samples of the head alone.
        look: float32 (B, 6 + 2·C0), per-channel mean then standard deviation of the input, then of the stem.
        members: float32 (M, B, K), logits of each of the M networks of an ensemble; None where one network answers.
            `logits` are their mean where one bundle holds the networks, and ln Σ w·exp(members) where each is a
            bundle of its own, whose `members` are the logarithms of its own probabilities.
        member_names: Of M bundles in one; empty where one bundle holds the networks.
        member_weights: Their shares w in the answer, which sum to 1; empty likewise, where all weigh alike.
        clip: float32 (B, O, K), logits of the frames around, at `CLIP_OFFSETS` from each; NaN where the clip has no
            such frame, or it cannot be read. A still stands alone.
        clip_features: float32 (B, O, D), their penultimate features likewise, where `clip` and `features` are both
            asked for.
        references: What the user added to compare with; None where nothing was added for this network.
        attention: float32 (B, h, w), Grad-CAM of the target class before its ReLU, Σ_c mean(∂z/∂A_c)·A_c.
        early: float32 (B, 28, 28), mean over the channels of the first convolution's output, resized.
        garbage: float32 (B,), logit of "of no kind I know" beside the K logits; None where the network has none.
        second: Evidence of the same B frames by a second model: its logits, and its attention for the class of the
            target's name, else for its own predicted class, over the same part of the picture. None where the user
            named no second model, or it does not answer.
        mask: float32 (B, H, W), probability that each cell of what the network sees belongs to the organ or lesion,
            on a grid of its own; rows of frames without a mask are NaN. None where nothing makes masks.
        mask_shows: What the mask is of, in a word like `lungs`; `""` without a mask.
        mask_from: Who drew it: `""` for this model, `given` for the user's own, else the name of another model.
        own_mask: float32 (B, H, W), the mask this model draws itself, where `mask` is another's and it was asked for:
            what was calibrated with it is given it as `mask`. None otherwise.
        views: float32 (B, V, h, w), attention for the same target in mirrored views of the picture, mirrored back:
            left to right, then, where the kind of picture has no up or down, top to bottom. V passes more.
    """

    classes: tuple[str, ...]
    temperature: float
    logits: Float
    targets: NDArray[np.intp]
    input: Float | None = None
    features: Float | None = None
    activations: Float | None = None
    gradients: Float | None = None
    linear_head: LinearHead | None = None
    stem: Float | None = None
    middle: Float | None = None
    head_samples: Float | None = None
    look: Float | None = None
    members: Float | None = None
    member_names: tuple[str, ...] = ()
    member_weights: tuple[float, ...] = ()
    clip: Float | None = None
    clip_features: Float | None = None
    references: ReferenceSet | None = None
    attention: Float | None = None
    early: Float | None = None
    garbage: Float | None = None
    second: "Evidence | None" = None
    mask: Float | None = None
    mask_shows: str = ""
    mask_from: str = ""
    own_mask: Float | None = None
    views: Float | None = None

    def __post_init__(self) -> None:
        """Check batch sizes and make every array read-only."""
        if self.logits.ndim != 2 or self.logits.shape[1] != len(self.classes):
            raise ValueError(f"logits {self.logits.shape} do not fit {len(self.classes)} classes")
        if not self.temperature > 0:
            raise ValueError(f"temperature {self.temperature} is not positive")
        for name, array in self._arrays():
            batch = array.shape[1] if name in FRAMES_SECOND else array.shape[0]
            if batch != len(self):
                raise ValueError(f"{name} holds {batch} frames, logits hold {len(self)}")
            array.setflags(write=False)
        if self.second is not None and len(self.second) != len(self):
            raise ValueError(f"the second model saw {len(self.second)} frames, this one {len(self)}")

    def __len__(self) -> int:
        """Number of frames B."""
        return int(self.logits.shape[0])

    @cached_property
    def probabilities(self) -> NDArray[np.float64]:
        """softmax(logits / temperature), float64 (B, K)."""
        return softmax(self.logits / self.temperature)

    @cached_property
    def garbage_log_odds(self) -> NDArray[np.float64] | None:
        """Ln p/(1 − p) of "of no kind I know" among all K + 1 outputs, float64 (B,); None where there is none.

        At temperature 1, as it was taught: the temperature is fitted to the K classes alone.
        """
        if self.garbage is None:
            return None
        odds: NDArray[np.float64] = self.garbage - np.logaddexp.reduce(self.logits.astype(np.float64), axis=1)
        return odds

    @property
    def predicted(self) -> NDArray[np.intp]:
        """Most probable class of every frame, int (B,)."""
        best: NDArray[np.intp] = self.logits.argmax(axis=1)
        return best

    @property
    def nbytes(self) -> int:
        """Bytes held by all arrays."""
        return sum(array.nbytes for _, array in self._arrays())

    def lacks(self, needs: Iterable[Need]) -> bool:
        """Whether anything asked of a pass over the frames is not there: this model does not give it."""
        return any(getattr(self, need) is None for need in needs if need not in FROM_AROUND)

    def __getitem__(self, index: int) -> "Evidence":
        """The evidence of frame `index` alone, as a batch of one (views, not copies)."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        one = slice(index, index + 1)
        cut: dict[str, Any] = {n: a[:, one] if n in FRAMES_SECOND else a[one] for n, a in self._arrays()}
        return replace(self, **cut, second=None if self.second is None else self.second[index])

    def _arrays(self) -> Iterator[tuple[str, NDArray[Any]]]:
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray):
                yield item.name, value


def joined(rows: Sequence[Evidence]) -> Evidence:
    """Evidence of several passes with the same needs as that of one batch, in order; there is at least one."""
    if len(rows) == 1:
        return rows[0]
    arrays: dict[str, Any] = {}
    for item in fields(Evidence):
        parts = [getattr(row, item.name) for row in rows]
        if isinstance(parts[0], np.ndarray):
            arrays[item.name] = np.concatenate(parts, axis=1 if item.name in FRAMES_SECOND else 0)
    seconds = [row.second for row in rows if row.second is not None]
    return replace(rows[0], **arrays, second=joined(seconds) if len(seconds) == len(rows) else None)


def class_attention(activations: Float, gradients: Float) -> Float:
    """Grad-CAM before its ReLU: Σ_c mean(G_c)·A_c, frame by frame, so that it does not depend on the batch.

    With a head of pooling and one linear layer it is CAM up to scale. Source: Selvaraju et al., ICCV 2017,
    arXiv:1610.02391.

    Args:
        activations: A, (B, C, h, w).
        gradients: G = ∂z_target/∂A, (B, C, h, w), or (B, C, 1, 1) where it is the same over the grid.

    Returns:
        float32 (B, h, w).
    """
    weights = gradients.mean(axis=(2, 3))
    cells = activations.reshape(*activations.shape[:2], -1)
    rows = [weight @ maps for weight, maps in zip(weights, cells, strict=True)]
    attention: Float = np.stack(rows).reshape(len(rows), *activations.shape[2:]).astype(np.float32, copy=False)
    return attention


def attention_of_classes(evidence: Evidence) -> Float | None:
    """Attention of every class, float32 (B, K, h, w), as `class_attention` gives it for one.

    None where the network does not end in pooling and one linear layer, or no activations were captured.
    """
    head, activations = evidence.linear_head, evidence.activations
    if head is None or activations is None:
        return None
    batch, channels, rows, columns = activations.shape
    cells = activations.reshape(batch, channels, rows * columns)
    maps = np.stack([head.weight @ cell / np.float32(rows * columns) for cell in cells])
    attention: Float = maps.reshape(batch, len(head.weight), rows, columns).astype(np.float32, copy=False)
    return attention


def softmax(logits: NDArray[Any]) -> NDArray[np.float64]:
    """Softmax over the last axis in float64; finite for any finite logits."""
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    exponents = np.exp(shifted)
    shares: NDArray[np.float64] = exponents / exponents.sum(axis=-1, keepdims=True)
    return shares


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """A batch of calibration evidence with what is true of it.

    Attributes:
        evidence: B frames.
        labels: int (B,), true class.
        groups: str (B,), patient, else lesion.
        clips: int (B,), number of the file a frame comes from, throughout the stream; None where nobody knows.
        frames: int (B,), place of each frame in its file; None likewise.
        thumbnails: uint8 (B, 64, 64, 3), RGB, only where the pictures' licence lets a bundle show them.
    """

    evidence: Evidence
    labels: NDArray[np.intp]
    groups: NDArray[np.str_]
    clips: NDArray[np.intp] | None = None
    frames: NDArray[np.intp] | None = None
    thumbnails: NDArray[np.uint8] | None = None


class Calibration(Protocol):
    """A re-iterable stream of labelled evidence; each iteration starts from the beginning."""

    def __iter__(self) -> Iterator[Labelled]:
        """Yield batches of the fit groups in a fixed order."""
        ...

    @property
    def training(self) -> Iterable[Labelled]:
        """Logits, features, attention and early maps of the groups the weights were trained on, where at hand.

        The network knows these pictures: they are good to be shown beside others, never to learn from how often it
        is right.
        """
        ...


State = Mapping[str, NDArray[Any]]
"""Named arrays a scorer fitted; stored in the bundle as safetensors, never pickled."""
