"""What a network looks at and how its features lie, on labelled pictures it was not trained on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from viewer.datasets.sample import Sample
from viewer.domain.errors import ViewerError
from viewer.domain.evidence import Evidence, LinearHead, Need
from viewer.engine.picture import Picture
from viewer.evaluation.attention import view_agreement
from viewer.evaluation.weights import Floats

if TYPE_CHECKING:
    from viewer.engine.opening import AnyEngine
    from viewer.training.pictures import Item, Reader

CACHE_BYTES = 128 * 2**20
"""Room for the activations of one batch, so that the map of every further class takes no pass."""

_BATCH = 8
_NEEDS = frozenset({Need.LOGITS, Need.FEATURES, Need.ATTENTION, Need.VIEWS})


@dataclass(frozen=True, kw_only=True, eq=False)
class Observed:
    """What was seen in n pictures.

    Attributes:
        samples: Their files, labels and groups; labels count the model's classes.
        frames: Which frame of each file, int (n,).
        classes: The model's K classes.
        answers: int (n,), predicted class.
        features: float64 (n, D).
        maps: Attention of every class before its ReLU, float32 (n, K, h, w).
        agreement: Correlation of the answer's map with those of mirrored views, mean over these, (n,); NaN without
            attention.
        head: The last layer, where the network ends in pooling and one linear layer.
    """

    samples: tuple[Sample, ...]
    frames: NDArray[np.intp]
    classes: tuple[str, ...]
    answers: NDArray[np.intp]
    features: Floats
    maps: NDArray[np.float32]
    agreement: Floats
    head: LinearHead | None

    @cached_property
    def labels(self) -> NDArray[np.intp]:
        """True classes, (n,)."""
        return np.array([sample.label for sample in self.samples], np.intp)

    @cached_property
    def groups(self) -> NDArray[np.intp]:
        """Number of every picture's group, from 0, (n,)."""
        numbers: NDArray[np.intp] = np.unique([sample.group for sample in self.samples], return_inverse=True)[1]
        return numbers


def observe(engine: "AnyEngine", samples: Sequence[Sample], reader: "Reader") -> Observed:
    """Look at pictures, at their mirrored views, and at the map of every class.

    Args:
        engine: With the model; it should remember a batch, see `CACHE_BYTES`.
        samples: Labelled.
        reader: Reads their pictures.

    Raises:
        ViewerError: Too many files cannot be read, or none is left.
    """
    stream = reader.read(samples)
    parts: list[dict[str, NDArray[Any]]] = []
    items: list[Item] = []
    head = None
    while batch := list(islice(stream, _BATCH)):
        items += [item for item, _ in batch]
        evidence = engine.evidence([picture for _, picture in batch], _NEEDS)
        parts.append(_seen(engine, [picture for _, picture in batch], evidence))
        head = evidence.linear_head
    if not parts:
        raise ViewerError("none of the pictures can be read")
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Observed(
        samples=tuple(item.sample for item in items),
        frames=np.array([item.frame for item in items], np.intp),
        classes=engine.bundle.manifest.classes,
        head=head,
        **columns,
    )


def _seen(engine: "AnyEngine", pictures: Sequence[Picture], evidence: Evidence) -> dict[str, NDArray[Any]]:
    attention, views, features = evidence.attention, evidence.views, evidence.features
    assert attention is not None and views is not None and features is not None  # noqa: S101, PT018 - asked for
    return {
        "answers": evidence.predicted,
        "features": features.astype(np.float64),
        "maps": class_maps(engine, pictures),
        "agreement": view_agreement(attention, views).mean(axis=1),
    }


def class_maps(engine: "AnyEngine", pictures: Sequence[Picture]) -> NDArray[np.float32]:
    """Attention of every class, (B, K, h, w); one pass where the engine remembers a batch, see `CACHE_BYTES`."""
    maps = []
    for target in range(len(engine.bundle.manifest.classes)):
        attention = engine.evidence(pictures, frozenset({Need.ATTENTION}), [target] * len(pictures)).attention
        assert attention is not None  # noqa: S101 - asked for
        maps.append(attention)
    return np.stack(maps, axis=1)
