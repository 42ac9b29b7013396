"""Evidence of whole parts of the data, read once through the engine and kept for fitting."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from viewer.datasets.sample import Sample
from viewer.domain.evidence import Labelled, Need
from viewer.engine.opening import AnyEngine
from viewer.engine.surroundings import Place, make_ready, see
from viewer.engine.thumbnails import thumbnails
from viewer.training.pictures import Reader

_BATCH = 16


@dataclass(frozen=True, slots=True)
class Evidences:
    """Labelled batches in memory; satisfies `viewer.domain.evidence.Calibration`.

    Attributes:
        batches: In the order they were read.
        training: Logits and features of the groups the weights were trained on.
    """

    batches: tuple[Labelled, ...]
    training: tuple[Labelled, ...] = ()

    def __iter__(self) -> Iterator[Labelled]:
        """Yield batches in a fixed order."""
        return iter(self.batches)

    def __add__(self, other: "Evidences") -> "Evidences":
        """Both, one after the other; they know of the same training."""
        return Evidences(self.batches + other.batches, self.training)

    @property
    def logits(self) -> NDArray[np.float32]:
        """float32 (n, K)."""
        return np.concatenate([batch.evidence.logits for batch in self.batches])

    @property
    def labels(self) -> NDArray[np.intp]:
        """True class, int (n,)."""
        return np.concatenate([batch.labels for batch in self.batches])

    def at(self, temperature: float) -> "Evidences":
        """The same evidence under another temperature."""
        return Evidences(_at(temperature, self.batches), _at(temperature, self.training))


def _at(temperature: float, batches: Iterable[Labelled]) -> tuple[Labelled, ...]:
    return tuple(replace(batch, evidence=replace(batch.evidence, temperature=temperature)) for batch in batches)


def read_evidence(
    engine: AnyEngine,
    reader: Reader,
    samples: Sequence[Sample],
    needs: frozenset[Need],
    temperature: float = 1.0,
    *,
    pictured: bool = False,
    towards_labels: bool = False,
) -> Iterator[Labelled]:
    """Read samples through the engine, with the network exactly as it will be shipped, batch by batch.

    Args:
        engine: Loaded with the bundle's float16 weights.
        reader: Chooses and decodes their frames; numbers the files throughout all it reads.
        samples: With their labels and groups.
        needs: What the plugins want to see; looks are taken in any case.
        temperature: Of the evidence.
        pictured: Whether a thumbnail of each goes along, which plugins may keep in the bundle.
        towards_labels: Whether attention is meant for the true classes instead of the predicted ones.

    Raises:
        ViewerError: At the end, when too many of `samples` could not be read.
    """
    needs |= {Need.LOGITS, Need.LOOK}

    def ready(place: Place) -> None:
        make_ready(engine, place, needs)
        if pictured:
            _ = place.picture

    stream = reader.places(samples, ready)
    while batch := list(islice(stream, _BATCH)):
        items = [item for item, _ in batch]
        targets = [item.sample.label for item in items] if towards_labels else None
        evidence = see(engine, [place for _, place in batch], needs, targets)
        yield Labelled(
            replace(evidence, temperature=temperature),
            np.array([item.sample.label for item in items], np.intp),
            np.array([item.sample.group for item in items], np.str_),
            clips=np.array([reader.files[item.sample.path] for item in items], np.intp),
            frames=np.array([item.frame for item in items], np.intp),
            thumbnails=thumbnails([place.picture for _, place in batch]) if pictured else None,
        )
