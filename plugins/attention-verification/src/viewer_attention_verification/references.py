"""Where the network usually looks: the mean map of pictures of each class that it judged correctly."""

from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from viewer.api import Calibration, State, group_weights, halves, kept
from viewer_attention_verification.maps import Maps, has_attention, rectified, resized
from viewer_attention_verification.pictures import Pictures

FEWEST_GROUPS = 5
"""Groups (patients, else lesions) of a class below which its mean shows them, not the class."""


class Reference(NamedTuple):
    """What a map is compared with.

    Attributes:
        map: float32 (28, 28), in [0, 1].
        of_class: Whether it is the mean of the class's own pictures; else it is that of all classes, since the class
            has too few.
    """

    map: Maps
    of_class: bool


class References:
    """Mean attention of correctly judged pictures, by the class they were judged to be.

    Attributes:
        maps: float32 (K, 28, 28), in [0, 1]; the mean of all classes where a class has too few pictures.
        counts: int (K,), groups whose correct pictures each class has.
        own: bool (K,), whether a class has enough of them for a mean of its own.
    """

    def __init__(self, means: NDArray[np.floating], counts: NDArray[np.integer]) -> None:
        """Means (K + 1, 28, 28) of each class, then of all; groups behind each class (K,)."""
        self.counts = counts
        self.own = counts >= FEWEST_GROUPS
        self.maps: Maps = np.where(self.own[:, None, None], means[:-1], means[-1]).astype(np.float32)

    @classmethod
    def of(cls, state: State, part: str = "") -> Self | None:
        """From a state with what `learn_references` returned, read once; None where there is none.

        Args:
            state: Of a scorer, or as an explainer is handed it.
            part: Name of the scorer, where an explainer is handed its arrays as `<part>.<array>`.
        """
        prefix = f"{part}." if part else ""
        if f"{prefix}reference_maps" not in state:
            return None
        means, counts = (state[f"{prefix}reference_{name}"] for name in ("maps", "counts"))
        return kept(means, References, lambda: cls(means, counts))

    def map_for(self, index: int) -> Reference:
        """What a map of class `index` is compared with."""
        return Reference(self.maps[index], bool(self.own[index]))


class Split(NamedTuple):
    """Calibration pictures in two parts without a group in common.

    Attributes:
        usual: What references are made of: the training groups, where their attention is at hand; else half of the
            fit groups.
        others: The other pictures of the fit groups, whose distances from the references are known.
    """

    usual: Pictures | None
    others: Pictures | None


def split(calibration: Calibration) -> Split:
    """Divide; either part is None where there is nothing in it."""
    fit, training = Pictures.of(calibration), Pictures.of(calibration.training)
    if training is not None or fit is None:
        return Split(training, fit)
    first, second = halves(calibration)
    return Split(fit.among(first), fit.among(second))


def learn_references(calibration: Calibration) -> dict[str, NDArray[Any]]:
    """Mean attention of the correctly judged pictures of `split(calibration).usual`; see `references_from`."""
    usual = split(calibration).usual
    return {} if usual is None else references_from(usual)


def references_from(usual: Pictures) -> dict[str, NDArray[Any]]:
    """Mean attention of those that were judged correctly and have attention, every group weighing alike.

    Returns:
        `reference_maps` float16 (K + 1, 28, 28), of each class (zero without a picture), then of all, and
        `reference_counts` int32 (K,), groups of each class; nothing without a single picture.
    """
    shown = usual.at(usual.correct & has_attention(usual.attention))
    if not len(shown):
        return {}
    parts = [shown.at(shown.classes == index) for index in range(usual.class_count)]
    # Resizing is linear: the mean is taken on the network's own grid.
    means = np.stack([mean_map(rectified(part.attention), part.groups) for part in [*parts, shown]])
    counts = np.array([len(np.unique(part.groups)) for part in parts], np.int32)
    return {"reference_maps": resized(means).astype(np.float16), "reference_counts": counts}


def mean_map(maps: NDArray[np.floating], groups: NDArray[np.str_]) -> NDArray[np.float64]:
    """Mean over groups (n,) of the mean of each one's maps (n, h, w), float64 (h, w); zero without any."""
    if not len(maps):
        return np.zeros(maps.shape[1:])
    weights = group_weights(np.unique(groups, return_inverse=True)[1])
    mean: NDArray[np.float64] = np.tensordot(weights / weights.sum(), maps.astype(np.float64), axes=1)
    return mean
