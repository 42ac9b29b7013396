"""Whether the groups are what they should be: all files of one patient."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from viewer.datasets.checks.copies import Likeness, joined
from viewer.datasets.checks.finding import Finding, Pair, Severity, counted
from viewer.datasets.checks.inspected import Inspected

PER_FILE = 0.75
"""Share of groups with one file from which on another column that joins them is told."""

_FAMILY = re.compile(r"^(.*?)[\W_]*\d+\D{0,2}$")
_LARGEST_FAMILY = 20  # files; a longer row of numbers is how a collection counts its files, not a patient
_FEWEST_FAMILIES = 3
_GROUPING_WORDS = ("group", "patient", "lesion", "subject", "person", "case", "study", "exam", "source")


def groups_to_merge(data: Inspected) -> Iterator[Finding]:
    """Groups that share a picture, so that they are one."""
    groups = data.groups_of()
    crossing = [copy for copy in data.copies if groups[copy.first].isdisjoint(groups[copy.second])]
    if not crossing:
        return
    merged = joined([(min(groups[copy.first]), min(groups[copy.second])) for copy in crossing])
    near = sum(copy.likeness is Likeness.NEAR for copy in crossing)
    yield Finding(
        kind="groups-to-merge",
        severity=Severity.WARN,
        sentence=f"{sum(map(len, merged))} groups share pictures and are really {len(merged)}: "
        f"{counted(len(crossing) - near, 'exact copy', 'exact copies')} and "
        f"{counted(near, 'near-copy', 'near-copies')} lie in different groups; --merge-copies puts them together",
        files=tuple(dict.fromkeys(path for copy in crossing for path in (copy.first, copy.second))),
        pairs=tuple(Pair(copy.first, copy.second, "in different groups") for copy in crossing),
    )


def groups_per_file(data: Inspected, columns: Mapping[str, Sequence[str]], asked: str) -> Iterator[Finding]:
    """Groups of one file each where something joins them: another column, or what the files are called.

    Args:
        data: What was read.
        columns: Cells of other columns of the table, one per sample.
        asked: Name of the column of the group, or `""`.
    """
    members = _members(data)
    alone = [group for group, files in members.items() if len(files) == 1]
    if len(alone) < PER_FILE * len(members):
        return
    coarser = _coarser(data, columns)
    if coarser and asked:
        told = ", ".join(f"{name!r} joins all to {count}" for name, count in coarser)
        yield Finding(
            kind="group-per-file",
            severity=Severity.WARN,
            sentence=f"{len(alone)} of {len(members)} groups in {asked!r} have one file, as if it were numbered by "
            f"file; {told}: which of them is the patient?",
        )
    yield from _families(data)


def _members(data: Inspected) -> Mapping[str, set[Path]]:
    members: defaultdict[str, set[Path]] = defaultdict(set)
    for sample in data.samples:
        members[sample.group].add(sample.path)
    return members


def _coarser(data: Inspected, columns: Mapping[str, Sequence[str]]) -> list[tuple[str, int]]:
    """Columns that name fewer groups and hardly ever tear one of the given groups apart, the finest first."""
    groups = [sample.group for sample in data.samples]
    found = []
    for name, cells in columns.items():
        if not any(word in name.lower() for word in _GROUPING_WORDS):
            continue
        held: defaultdict[str, set[str]] = defaultdict(set)
        for group, cell in zip(groups, cells, strict=True):
            if cell:
                held[group].add(cell)
        values = {cell for cells_of in held.values() for cell in cells_of}
        torn = sum(len(cells_of) > 1 for cells_of in held.values())
        if 0.1 * len(held) <= len(values) < 0.9 * len(held) and torn <= 0.05 * len(held):
            found.append((name, len(values)))
    return sorted(found, key=lambda item: -item[1])


def _families(data: Inspected) -> Iterator[Finding]:
    """Files in different groups that are called alike but for a last number, as the pictures of one patient are."""
    groups = data.groups_of()
    families: defaultdict[tuple[Path, str], list[Path]] = defaultdict(list)
    for path in groups:
        match = _FAMILY.match(path.stem)
        if match is not None and any(letter.isdigit() for letter in match[1]):
            families[path.parent, match[1]].append(path)
    joining = [
        files
        for files in families.values()
        if 2 <= len(files) <= _LARGEST_FAMILY and len(frozenset().union(*(groups[path] for path in files))) > 1
    ]
    if len(joining) < _FEWEST_FAMILIES:
        return
    first = joining[0]
    yield Finding(
        kind="names-suggest-groups",
        severity=Severity.WARN,
        sentence=f"{sum(map(len, joining))} files in different groups are called alike but for the last number, such "
        f"as {first[0].name} and {first[1].name}: are these {len(joining)} patients? --group-from finds them",
        files=tuple(path for files in joining for path in files),
    )
