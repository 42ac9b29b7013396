"""The user's own pictures to compare with: read once for each model, and added one by one as they are looked at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from viewer.datasets.split import pseudonym
from viewer.domain.errors import ViewerError
from viewer.domain.evidence import ReferenceSet
from viewer.domain.image import Frame
from viewer.engine.bundle import Bundle
from viewer.engine.thumbnails import thumbnails
from viewer.session.pictures import picture_of
from viewer.store.references import AddedFolder, ReferenceStore, joined_references

if TYPE_CHECKING:
    from viewer.session.assessor import Assessor


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPicture:
    """A picture that somebody wants to keep.

    Attributes:
        file: Where it lies.
        frame: Of a clip; 0 for a still.
        decode: Gives a frame.
        answer: What it truly shows, a class of the model.
        patient: Whose it is, else `""`: then the file stands for a patient. Only a pseudonym is kept.
    """

    file: Path
    frame: int
    decode: Callable[[int], Frame]
    answer: str
    patient: str = ""


class OwnReferences:
    """What the user added, for every model; its methods are called from one thread at a time.

    Args:
        root: Where it is kept.
        tell: Told in one sentence what of it is damaged; the rest is used.
    """

    def __init__(self, root: Path, tell: Callable[[str], None]) -> None:
        self._root = root
        self._tell = tell
        self._read: dict[str, ReferenceSet | None] = {}

    def load(self, bundle: Bundle) -> ReferenceSet | None:
        """Everything that was added for the network of a model; None where nothing was."""
        if bundle.digest not in self._read:
            self._read[bundle.digest], faults = self._store(bundle).load(bundle.manifest.classes)
            for fault in faults:
                self._tell(fault)
        return self._read[bundle.digest]

    def add(self, assessor: "Assessor", picture: OwnPicture, today: date) -> int:
        """Keep one picture with what the network sees in it, on disk; the same frame of before is replaced.

        Args:
            assessor: Of the model.
            picture: The picture.
            today: The day that is written down.

        Returns:
            How many of the user's pictures show that class now.

        Raises:
            UnreadableFile: It cannot be decoded.
            ViewerError: The model knows no such class, or it cannot be kept.
        """
        bundle, data = assessor.bundle, picture.file.resolve()
        classes = bundle.manifest.classes
        if picture.answer not in classes:
            raise ViewerError(f"the model {bundle.manifest.name} knows no class {picture.answer}")
        label, store = classes.index(picture.answer), self._store(bundle)
        new = _seen(assessor, picture, label)
        before = store.added_from(data, classes)
        if before is not None:
            others = before.frames != picture.frame
            new = joined_references([_at(before, np.flatnonzero(others).tolist()), new]) if others.any() else new
        store.add(data, new, classes, added=today)
        self._read.clear()
        known = self.load(bundle)
        return 0 if known is None else int((known.labels == label).sum())

    def listed(self, bundle: Bundle) -> tuple[tuple[AddedFolder, ...], tuple[str, ...]]:
        """What was added, and a sentence for each file that cannot be used; see `ReferenceStore.folders`."""
        return self._store(bundle).folders()

    def remove(self, bundle: Bundle, data: Path) -> None:
        """Forget what was added from a file, folder or table.

        Raises:
            ViewerError: It cannot be deleted.
        """
        self._store(bundle).remove(data)
        self._read.clear()

    def _store(self, bundle: Bundle) -> ReferenceStore:
        return ReferenceStore(self._root, bundle.weights_digest)


def _seen(assessor: "Assessor", picture: OwnPicture, label: int) -> ReferenceSet:
    """One picture as the network sees it, as `viewer reference add` keeps it."""
    shown = picture_of(picture.decode(picture.frame))
    evidence = assessor.as_reference(shown, label)
    assert evidence.features is not None  # noqa: S101 - asked for
    assert evidence.attention is not None  # noqa: S101 - asked for
    file = str(picture.file.resolve())
    return ReferenceSet(
        features=evidence.features,
        labels=np.array([label], np.intp),
        groups=np.array([pseudonym(picture.patient or file)], np.str_),
        files=(file,),
        frames=np.array([picture.frame], np.intp),
        thumbnails=thumbnails([shown]),
        attention=evidence.attention,
    )


def _at(references: ReferenceSet, rows: Sequence[int]) -> ReferenceSet:
    """Some of the pictures."""
    return replace(
        references,
        features=references.features[rows],
        labels=references.labels[rows],
        groups=references.groups[rows],
        files=tuple(references.files[row] for row in rows),
        frames=references.frames[rows],
        thumbnails=references.thumbnails[rows],
        attention=references.attention[rows],
    )
