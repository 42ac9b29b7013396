"""The user's own labelled pictures to compare with, as the network of a model sees them.

There is one file for each folder or table that was added, below a folder named by the hash of the network's weights:
features of one network mean nothing to another. The files hold features, attention, small pictures, true classes,
pseudonyms of patients, and where the pictures lie; they are the user's own and go nowhere.
"""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from viewer.domain.errors import ViewerError
from viewer.domain.evidence import ReferenceSet

MOST_PICTURES = 10_000
"""Of one model: they are held in memory, 17 kB each."""

_FORMAT = "2"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedFolder:
    """What was added at once.

    Attributes:
        data: The folder or table.
        added: When.
        pictures: Their number.
        groups: Number of patients, else lesions.
        classes: Pictures of each class, by name.
    """

    data: Path
    added: date
    pictures: int
    groups: int
    classes: Mapping[str, int]


class ReferenceStore:
    """The references of one network."""

    def __init__(self, root: Path, weights: str) -> None:
        """Keep them below `root`, for the network whose weights have this SHA-256; nothing need be there yet."""
        self._folder = root / weights[:32]

    def add(self, data: Path, pictures: ReferenceSet, classes: Sequence[str], *, added: date) -> None:
        """Keep pictures; what was added from the same folder before is replaced.

        Args:
            data: The folder or table they come from.
            pictures: Labels are indices into `classes`, groups are pseudonyms.
            classes: Of the model.
            added: The day.

        Raises:
            ViewerError: They are too many together with what is there, or cannot be written.
        """
        there, _ = self.folders()
        total = len(pictures.labels) + sum(folder.pictures for folder in there if folder.data != data)
        if total > MOST_PICTURES:
            raise ViewerError(
                f"{data}: with these pictures there would be {total} references for this model, more than "
                f"{MOST_PICTURES}; take fewer frames of a clip, or a part of them"
            )
        words = {
            "format": _FORMAT,
            "data": json.dumps(str(data)),
            "added": added.isoformat(),
            "classes": json.dumps(list(classes)),
            "groups": json.dumps(pictures.groups.tolist()),
            "files": json.dumps(list(pictures.files)),
        }
        arrays: dict[str, NDArray[Any]] = {
            "features": np.ascontiguousarray(pictures.features),
            "labels": pictures.labels.astype(np.int64),
            "frames": pictures.frames.astype(np.int64),
            "thumbnails": np.ascontiguousarray(pictures.thumbnails),
            "attention": np.ascontiguousarray(pictures.attention),
        }
        path = self._file(data)
        unfinished = path.with_suffix(".part")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # paths may hold names
            unfinished.write_bytes(safetensors.numpy.save(arrays, metadata=words))
            unfinished.replace(path)
        except OSError as error:
            raise ViewerError(f"{path}: the references cannot be kept ({error.strerror})") from error

    def folders(self) -> tuple[tuple[AddedFolder, ...], tuple[str, ...]]:
        """What was added, in the order of its names; and a sentence for each file that cannot be used."""
        found, faults = self._read_all(_described)
        return tuple(sorted(found, key=lambda folder: str(folder.data))), faults

    def remove(self, data: Path) -> bool:
        """Forget what was added from a folder or table; whether there was anything.

        Raises:
            ViewerError: It cannot be deleted.
        """
        path = self._file(data)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise ViewerError(f"{path}: the references cannot be deleted ({error.strerror})") from error
        return True

    def added_from(self, data: Path, classes: Sequence[str]) -> ReferenceSet | None:
        """What was added from one folder, table or file; None where nothing was, or it is damaged."""
        path = self._file(data)
        try:
            return _pictures(path, classes=classes) if path.exists() else None
        except ViewerError:
            return None

    def load(self, classes: Sequence[str]) -> tuple[ReferenceSet | None, tuple[str, ...]]:
        """Everything that was added.

        Args:
            classes: Of the model, in its order.

        Returns:
            The pictures, None without any; a sentence for each file that cannot be used.
        """
        found, faults = self._read_all(partial(_pictures, classes=classes))
        fitting = [one for one in found if one.features.shape[1] == found[0].features.shape[1]]
        if len(fitting) < len(found):
            faults = (*faults, f"{self._folder}: some of these references were made by another network")
        return (joined_references(fitting) if fitting else None), faults

    def _read_all(self, read: Callable[[Path], T]) -> tuple[list[T], tuple[str, ...]]:
        found: list[T] = []
        faults: list[str] = []
        for path in self._files():
            try:
                found.append(read(path))
            except ViewerError as error:
                faults.append(str(error))
        return found, tuple(faults)

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.safetensors")) if self._folder.is_dir() else []

    def _file(self, data: Path) -> Path:
        return self._folder / f"{hashlib.sha256(os.fsencode(data)).hexdigest()[:32]}.safetensors"


def _described(path: Path) -> AddedFolder:
    words, arrays = _opened(path, ("labels",))
    labels = arrays["labels"]
    try:
        classes, groups = json.loads(words["classes"]), json.loads(words["groups"])
        counts = Counter(classes[label] for label in labels.tolist())
        return AddedFolder(
            data=Path(json.loads(words["data"])),
            added=date.fromisoformat(words["added"]),
            pictures=len(labels),
            groups=len(set(groups)),
            classes={name: counts[name] for name in classes if counts[name]},
        )
    except (LookupError, TypeError, ValueError) as error:
        raise _damaged(path, error) from error


def _pictures(path: Path, *, classes: Sequence[str]) -> ReferenceSet:
    words, arrays = _opened(path, ("features", "labels", "frames", "thumbnails", "attention"))
    try:
        known, groups, files = (json.loads(words[name]) for name in ("classes", "groups", "files"))
        features, labels, thumbnails = arrays["features"], arrays["labels"], arrays["thumbnails"]
        attention = arrays["attention"]
        count = len(labels)
        if {len(groups), len(files), len(features), len(arrays["frames"]), len(thumbnails), len(attention)} != {
            count
        }:
            raise ValueError("its parts differ in length")
        if thumbnails.dtype != np.uint8 or thumbnails.shape[1:] != (64, 64, 3):
            raise ValueError("its pictures are of another kind")
        if features.dtype != np.float32 or features.ndim != 2 or not np.isfinite(features).all():
            raise ValueError("its features are no finite numbers")
        if attention.dtype != np.float32 or attention.ndim != 3 or not np.isfinite(attention).all():
            raise ValueError("its attention is no finite numbers")
        return ReferenceSet(
            features=features,
            labels=np.array([classes.index(known[label]) for label in labels.tolist()], np.intp),
            groups=np.array(groups, np.str_),
            files=tuple(map(str, files)),
            frames=arrays["frames"].astype(np.intp),
            thumbnails=thumbnails,
            attention=attention,
        )
    except (LookupError, TypeError, ValueError) as error:
        raise _damaged(path, error) from error


def _opened(path: Path, names: Sequence[str]) -> tuple[Mapping[str, str], dict[str, NDArray[Any]]]:
    """The words of a file, and some of its arrays.

    Raises:
        ViewerError: It is damaged, or of another version.
    """
    try:
        with safetensors.safe_open(path, framework="numpy") as content:
            words = content.metadata() or {}
            arrays = {name: content.get_tensor(name) for name in names}
    except (safetensors.SafetensorError, OSError) as error:
        raise _damaged(path, error) from error
    if words.get("format") != _FORMAT:
        raise ViewerError(f"{path}: these references were kept by another version; add their folder again")
    return words, arrays


def _damaged(path: Path, error: Exception) -> ViewerError:
    return ViewerError(f"{path}: these references are damaged ({error}); add their folder again, or delete the file")


def joined_references(sets: Sequence[ReferenceSet]) -> ReferenceSet:
    """All pictures of one or more sets by one network, in order."""
    return ReferenceSet(
        features=np.concatenate([one.features for one in sets]),
        labels=np.concatenate([one.labels for one in sets]),
        groups=np.concatenate([one.groups for one in sets]),
        files=tuple(file for one in sets for file in one.files),
        frames=np.concatenate([one.frames for one in sets]),
        thumbnails=np.concatenate([one.thumbnails for one in sets]),
        attention=np.concatenate([one.attention for one in sets]),
    )
