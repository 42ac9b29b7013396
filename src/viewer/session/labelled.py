"""Labelled files of any place, in the words of the model that is to be evaluated on them."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from viewer.datasets.sample import LabelTable, Sample
from viewer.datasets.split import pseudonym
from viewer.domain.errors import ViewerError

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle


@dataclass(frozen=True, slots=True)
class Labelled:
    """One file, or one frame of it, whose true class is known.

    Attributes:
        path: The file.
        true: Name of the class, one of the model's.
        group: Patient, else lesion. Never logged.
        frame: The frame that is labelled; None where the label is the whole file's.
    """

    path: Path
    true: str
    group: str = field(repr=False)
    frame: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledFiles:
    """What a model is evaluated on.

    Attributes:
        files: In the order of the data.
        notes: What was taken for what, and what was left out, one sentence each.
        caveats: Without these sentences what is measured would be misread.
    """

    files: tuple[Labelled, ...]
    notes: tuple[str, ...]
    caveats: tuple[str, ...] = ()

    @property
    def root(self) -> Path:
        """The deepest folder that holds all files, absolute."""
        folders = {str(file.path.absolute().parent) for file in self.files}
        return Path(os.path.commonpath(folders))

    @property
    def digest(self) -> str:
        """Names these files with these labels, in this order."""
        content = hashlib.sha256()
        for file in self.files:
            content.update(
                repr((str(file.path), file.true, file.group, file.frame)).encode("utf-8", "backslashreplace")
            )
        return content.hexdigest()


def labelled_files(table: LabelTable, classes: Sequence[str], names: Mapping[str, str]) -> LabelledFiles:
    """Translate labels into a model's classes; a file or frame that is named twice is taken once.

    Args:
        table: As the data name their classes.
        classes: The model's.
        names: A class of the model by label; `""` leaves a label out. Labels that are classes of the model need none.

    Raises:
        ViewerError: A label is no class of the model and is not translated, a translation makes no sense, or
            nothing is left.
    """
    taken = {**{name: name for name in table.classes if name in classes}, **names}
    _refuse_nonsense(table, classes, names)
    strange = [name for name in table.classes if name not in taken]
    if strange:
        raise ViewerError(
            f"no classes of the model: {_quoted(strange)}; it knows {', '.join(classes)}. Say what a label is with "
            f"--map-class {strange[0]}=CLASS, or leave it out with --map-class {strange[0]}="
        )
    files: dict[tuple[Path, int | None], Labelled] = {}
    left_out, twice = Counter[str](), 0
    for sample in table.samples:
        label = table.classes[sample.label]
        if not taken[label]:
            left_out[label] += 1
            continue
        twice += (sample.path, sample.frame) in files
        files.setdefault((sample.path, sample.frame), _labelled(sample, taken[label]))
    if not files:
        raise ViewerError("no labelled file is left to evaluate the model on")
    notes = [
        *table.notes,
        *(f"the label {label} is taken for {name}" for label, name in names.items() if name and name != label),
        *(f"{count} files with the label {label} are left out, as asked" for label, count in left_out.items()),
        *([f"{twice} files or frames are named more than once, and taken as first labelled"] if twice else []),
        *_absent(classes, files.values()),
    ]
    return LabelledFiles(files=tuple(files.values()), notes=tuple(notes))


def familiar(files: LabelledFiles, bundle: "Bundle") -> LabelledFiles:
    """The same files, with a warning where the model knows their patients.

    A bundle tells by stand-ins which groups it was fitted and certified on. Where some of these are met again, the
    others may be those that its weights were trained on.
    """
    groups = {pseudonym(file.group) for file in files.files}
    met = [len(groups & _groups_of(bundle, part)) for part in ("fit", "certify")]
    if not any(met):
        return files
    note = (
        f"of the {len(groups)} groups {met[0]} are among those the model was fitted on and {met[1]} among those it "
        "was certified on, so that the others may be those it was trained on: the figures look better than they "
        "would on new patients (--held-out takes the certify groups alone)"
    )
    return replace(files, caveats=(*files.caveats, note))


def held_out(files: LabelledFiles, bundle: "Bundle") -> LabelledFiles:
    """Only the files of the groups that the model was certified on: nothing was trained or fitted on them.

    Raises:
        ViewerError: There are none.
    """
    known = _groups_of(bundle, "certify")
    kept = tuple(file for file in files.files if pseudonym(file.group) in known)
    if not kept:
        raise ViewerError("none of these groups is one that the model was certified on; leave --held-out away")
    note = (
        f"only the {len(kept)} of {len(files.files)} files whose groups the model was certified on: nothing was "
        "trained or fitted on them, but the certificate was made from them, so it is not tested anew"
    )
    return replace(files, files=kept, caveats=(*files.caveats, note))


def _groups_of(bundle: "Bundle", part: Literal["fit", "certify"]) -> set[str]:
    return {row["group"] for row in bundle.predictions(part)}


def _labelled(sample: Sample, true: str) -> Labelled:
    return Labelled(path=sample.path, true=true, group=sample.group, frame=sample.frame)


def _refuse_nonsense(table: LabelTable, classes: Sequence[str], names: Mapping[str, str]) -> None:
    for label, name in names.items():
        if name and name not in classes:
            raise ViewerError(f"--map-class {label}={name}: the model knows no {name}, but {', '.join(classes)}")
        if label not in table.classes:
            raise ViewerError(
                f"--map-class {label}={name}: no file has the label {label}; labels are {_quoted(table.classes)}"
            )


def _absent(classes: Sequence[str], files: Iterable[Labelled]) -> list[str]:
    """Classes that nothing can be said about."""
    there = {file.true for file in files}
    absent = [name for name in classes if name not in there]
    return [f"no file is truly {', '.join(absent)}: nothing is known of how they are recognised"] if absent else []


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)
