"""Any labelled data, whatever its layout, as samples."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from viewer.datasets.layouts import class_folders, covid_qu_ex, dicom, ph2, table
from viewer.datasets.layouts.found import Entry, Found
from viewer.datasets.query import DataQuery
from viewer.datasets.sample import LabelTable, Sample
from viewer.domain.errors import ViewerError


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One way labelled files lie on disk.

    Attributes:
        shape: What it looks like, in a line.
        recognises: Whether the data asked for may lie so; looks at names alone, or at the heads of a few files.
        read: Finds the samples.
        of_table: Whether `DataQuery.where` means something.
    """

    shape: str
    recognises: Callable[[DataQuery], bool]
    read: Callable[[DataQuery], Found]
    of_table: bool = False


LAYOUTS: Mapping[str, Layout] = {
    "dicom": Layout(
        shape="class folders of DICOM, or a CSV table keyed by file name, SOPInstanceUID or PatientID",
        recognises=dicom.recognises,
        read=dicom.read,
        of_table=True,
    ),
    "table": Layout(
        shape="a CSV table with a row per file or frame", recognises=table.recognises, read=table.read, of_table=True
    ),
    "ph2": Layout(
        shape="PH2 Dataset images/IMD…/, PH2_dataset.txt or .csv", recognises=ph2.recognises, read=ph2.read
    ),
    "covid-qu-ex": Layout(
        shape="{Train,Val,Test}/CLASS/{images,lung masks}/",
        recognises=covid_qu_ex.recognises,
        read=covid_qu_ex.read,
    ),
    "classes": Layout(
        shape="CLASS/… or {train,test}/CLASS/…", recognises=class_folders.recognises, read=class_folders.read
    ),
}
"""By name, in the order in which `auto` tries them."""


def read_dataset(query: DataQuery, *, of_one_class: bool = False) -> LabelTable:
    """Read the data asked for.

    Args:
        query: Which data, and how they lie.
        of_one_class: Whether a single class will do: nothing can be learned from it, but it can be compared with.

    Raises:
        ViewerError: They lie in no known way, a table lacks a column, or fewer than two classes are left.
    """
    name = recognise(query) if query.layout == "auto" else query.layout
    layout = LAYOUTS[name]
    if query.where and (not layout.of_table or query.data.is_dir()):
        raise ViewerError(f"{query.data}: only the rows of a table can be chosen with --where")
    found = layout.read(query)
    entries, group_notes = _grouped(query, found.entries)
    entries, merge_notes = _merged(query, entries)
    classes = tuple(sorted({entry.label for entry in entries}))
    if len(classes) < (1 if of_one_class else 2):
        told = f"only {classes[0]!r}" if classes else "none"
        where = f" in {query.label!r}" if name == "table" else ""
        raise ViewerError(f"{query.data}: a classifier needs two classes or more{where}, found {told}")
    number = {label: index for index, label in enumerate(classes)}
    read_as = () if name == "table" else (f"{query.data} is read as {found.described}",)
    return LabelTable(
        classes=classes,
        samples=tuple(
            Sample(
                path=entry.path,
                label=number[entry.label],
                group=entry.group,
                frame=entry.frame,
                mask=entry.mask,
                source=entry.source,
                split=entry.split,
            )
            for entry in entries
        ),
        notes=(*read_as, *found.notes, *group_notes, *merge_notes),
        layout=name,
    )


def recognise(query: DataQuery) -> str:
    """Name of the layout the data lie in.

    Raises:
        ViewerError: There is nothing, or it lies in no known way.
    """
    if not query.data.exists():
        raise ViewerError(f"{query.data}: there is no such table or folder")
    for name, layout in LAYOUTS.items():
        if layout.recognises(query):
            return name
    tables = sorted(path.name for path in query.data.glob("*.csv"))
    hint = f"; there is {tables[0]} in it, which may be the table to name" if tables else ""
    shapes = "; ".join(f"{name}: {layout.shape}" for name, layout in LAYOUTS.items())
    raise ViewerError(f"{query.data}: labelled files lie in it in no way that is known ({shapes}){hint}")


def _grouped(query: DataQuery, entries: Sequence[Entry]) -> tuple[list[Entry], tuple[str, ...]]:
    """Entries that all have a group, by the path where the person asks for it, and what must be said about them."""
    if query.group_from:
        return _grouped_by_path(query, entries)
    alone = sum(not entry.group for entry in entries)
    if not alone:
        return list(entries), ()
    told = f"{alone} of {len(entries)} files name no group" if alone < len(entries) else "nothing names a patient"
    note = (
        f"{told}: each of these files is taken for a patient of its own; if one patient has several, what is "
        "measured will look better than it is (--group-from finds a patient in file names)"
    )
    return [entry if entry.group else replace(entry, group=_below(query, entry.path)) for entry in entries], (note,)


def _grouped_by_path(query: DataQuery, entries: Sequence[Entry]) -> tuple[list[Entry], tuple[str, ...]]:
    try:
        pattern = re.compile(query.group_from)
    except re.error as error:
        raise ViewerError(f"--group-from {query.group_from!r} is no regular expression ({error})") from error
    grouped, unmatched = [], 0
    for entry in entries:
        match = pattern.search(_below(query, entry.path))
        unmatched += match is None
        if match is not None:
            grouped.append(replace(entry, group=match[1 if pattern.groups else 0] or ""))
    if not grouped:
        raise ViewerError(f"{query.data}: no file's path has a match for --group-from {query.group_from!r}")
    notes = [f"{len({entry.group for entry in grouped})} groups are named by {query.group_from!r} in the paths"]
    if unmatched:
        notes.append(f"{unmatched} files have no match for it and are left out")
    return grouped, tuple(notes)


def _merged(query: DataQuery, entries: Sequence[Entry]) -> tuple[list[Entry], list[str]]:
    """Entries with the classes put together that the person wants together, and a note for each.

    Raises:
        ViewerError: A class is not in the data, or is to be put in two places.
    """
    found = Counter(entry.label for entry in entries)
    name_of: dict[str, str] = {}
    for name, classes in query.merge.items():
        for one in classes:
            if one not in found:
                told = ", ".join(sorted(found))
                raise ViewerError(f"{query.data}: there is no class {one!r} to put into {name!r}; there are {told}")
            if name_of.setdefault(one, name) != name:
                raise ViewerError(f"{query.data}: the class {one!r} cannot be put into {name_of[one]!r} and {name!r}")
    notes = [
        f"taken together as {name}: {', '.join(classes)} ({sum(found[one] for one in classes)} files)"
        for name, classes in query.merge.items()
    ]
    return [replace(entry, label=name_of.get(entry.label, entry.label)) for entry in entries], notes


def _below(query: DataQuery, path: Path) -> str:
    return path.relative_to(query.root).as_posix() if path.is_relative_to(query.root) else path.as_posix()
