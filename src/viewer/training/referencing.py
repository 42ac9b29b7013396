"""The user's own labelled pictures through the network of a model, to be compared with later."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from viewer.datasets.query import DataQuery
from viewer.datasets.reading import read_dataset
from viewer.datasets.sample import Sample
from viewer.datasets.split import pseudonym
from viewer.domain.errors import ViewerError
from viewer.domain.evidence import Need, ReferenceSet
from viewer.engine.opening import AnyEngine
from viewer.store.references import MOST_PICTURES, ReferenceStore
from viewer.training.evidences import read_evidence
from viewer.training.pictures import Reader, Say


def add_references(
    engine: AnyEngine, query: DataQuery, store: ReferenceStore, *, frames_per_clip: int, today: date, say: Say
) -> int:
    """Read labelled pictures, and keep what the network makes of them.

    Args:
        engine: With the model.
        query: Which pictures; the folder or table is what they are listed under.
        store: Of that model's network.
        frames_per_clip: Taken of a clip, spread evenly.
        today: The day that is written down.
        say: Told every note and every file that cannot be read.

    Returns:
        How many pictures were added.

    Raises:
        ViewerError: They have no labels, the model does not know a class, or they are too many.
    """
    table = read_dataset(query, of_one_class=True)
    for note in table.notes:
        say(note)
    classes = engine.bundle.manifest.classes
    samples = table.labelled_for(classes, query.data)
    if len(samples) > MOST_PICTURES:
        raise ViewerError(
            f"{query.data}: {len(samples)} files are more than the {MOST_PICTURES} references of a model"
        )
    say(f"reading {len(samples)} files")
    pictures = _read(engine, samples, Reader(frames_per_clip, say))
    store.add(query.data.resolve(), pictures, classes, added=today)
    return len(pictures.labels)


def _read(engine: AnyEngine, samples: Sequence[Sample], reader: Reader) -> ReferenceSet:
    needs = frozenset({Need.FEATURES, Need.ATTENTION})
    batches = list(read_evidence(engine, reader, samples, needs, pictured=True, towards_labels=True))
    seen = [batch.evidence for batch in batches]
    return ReferenceSet(
        features=np.concatenate([evidence.features for evidence in seen if evidence.features is not None]),
        labels=np.concatenate([batch.labels for batch in batches]),
        groups=np.array([pseudonym(item.sample.group) for item in reader.items], np.str_),
        files=tuple(str(Path(item.sample.path).resolve()) for item in reader.items),
        frames=np.array([item.frame for item in reader.items], np.intp),
        thumbnails=np.concatenate([batch.thumbnails for batch in batches if batch.thumbnails is not None]),
        attention=np.concatenate([evidence.attention for evidence in seen if evidence.attention is not None]),
    )
