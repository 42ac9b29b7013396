"""Files that are not there or cannot be read, that show the same, and that are labelled twice."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from viewer.datasets.checks.copies import Copy, Likeness, copy_sets
from viewer.datasets.checks.finding import Finding, Pair, Severity, counted
from viewer.datasets.checks.inspected import Inspected

UNREADABLE_SHARE = 0.1
"""Training gives up when more than this share of the files cannot be read."""

_WORDS = {
    Likeness.BYTES: "the same bytes",
    Likeness.PIXELS: "the same pixels in another file",
    Likeness.NEAR: "nearly the same picture",
}


def unreadable_files(data: Inspected) -> Iterator[Finding]:
    """One sentence for every file that is not there or cannot be read."""
    total = len(data.facts)
    for kind, missing, words in (("missing", True, "are not there"), ("unreadable", False, "cannot be read")):
        files = [path for path, fact in data.facts.items() if fact.error and fact.missing is missing]
        if files:
            grave = len(files) > UNREADABLE_SHARE * total
            yield Finding(
                kind=kind,
                severity=Severity.REFUSE if grave else Severity.WARN,
                sentence=f"{len(files)} of {counted(total, 'file')} {words}",
                details=tuple(f"{path}: {data.facts[path].error}" for path in files),
                files=tuple(files),
            )


def duplicates(data: Inspected) -> Iterator[Finding]:
    """Files that show the same as another, and rows that name the same file twice."""
    rows = Counter((sample.path, sample.frame) for sample in data.samples)
    again = [path for (path, _), count in rows.items() if count > 1]
    if again:
        yield Finding(
            kind="same-row",
            severity=Severity.WARN,
            sentence=f"{counted(len(again), 'file')} (or frames) stand in more than one row",
            files=tuple(again),
        )
    for kind, likenesses, words in (
        ("duplicates", (Likeness.BYTES,), "byte for byte"),
        ("same-pixels", (Likeness.PIXELS,), "pixel for pixel in another file"),
        ("near-duplicates", (Likeness.NEAR,), "nearly"),
    ):
        copies = [copy for copy in data.copies if copy.likeness in likenesses]
        if copies:
            sets = copy_sets(copies)
            surplus = sum(len(files) - 1 for files in sets)
            yield Finding(
                kind=kind,
                severity=Severity.WARN,
                sentence=f"{counted(surplus, 'file')} {'repeats' if surplus == 1 else 'repeat'} another {words}: "
                f"{sum(map(len, sets))} files show {counted(len(sets), 'thing')}",
                files=tuple(path for files in sets for path in files),
                pairs=tuple(Pair(copy.first, copy.second, _WORDS[copy.likeness]) for copy in copies),
            )


def label_conflicts(data: Inspected) -> Iterator[Finding]:
    """The same content with two classes; and, to know, groups with several."""
    labels = data.labels_of()
    same = [copy for copy in data.copies if copy.likeness is not Likeness.NEAR]
    conflicts = [files for files in copy_sets(same) if len(frozenset().union(*(labels[f] for f in files))) > 1]
    if conflicts:
        yield Finding(
            kind="label-conflict",
            severity=Severity.REFUSE,
            sentence=f"{counted(len(conflicts), 'picture')} {'is' if len(conflicts) == 1 else 'are'} labelled twice: "
            f"{sum(map(len, conflicts))} files of the same content have different classes",
            details=_between_classes(conflicts, labels),
            files=tuple(path for files in conflicts for path in files),
            pairs=tuple(pair for files in conflicts for pair in _differing(files, labels)),
        )
    near = [c for c in data.copies if c.likeness is Likeness.NEAR and labels[c.first] != labels[c.second]]
    if near:
        yield _near_conflict(near, labels)
    yield from _mixed_groups(data)


def _near_conflict(near: Sequence[Copy], labels: Mapping[Path, frozenset[str]]) -> Finding:
    return Finding(
        kind="near-label-conflict",
        severity=Severity.WARN,
        sentence=f"{counted(len(near), 'pair')} of nearly the same picture "
        f"{'has' if len(near) == 1 else 'have'} different classes",
        files=tuple(dict.fromkeys(path for copy in near for path in (copy.first, copy.second))),
        pairs=tuple(_labelled(copy.first, copy.second, labels) for copy in near),
    )


def _mixed_groups(data: Inspected) -> Iterator[Finding]:
    held: dict[str, set[int]] = {}
    for sample in data.samples:
        held.setdefault(sample.group, set()).add(sample.label)
    mixed = sum(len(labels) > 1 for labels in held.values())
    if mixed:
        yield Finding(
            kind="mixed-groups",
            severity=Severity.INFORM,
            sentence=f"{mixed} of {counted(len(held), 'group')} {'has' if mixed == 1 else 'have'} files of more "
            "than one class, which may well be",
        )


def _between_classes(conflicts: Sequence[Sequence[Path]], labels: Mapping[Path, frozenset[str]]) -> tuple[str, ...]:
    """For every two classes that share content: how many files of each, and of how many."""
    shared: dict[tuple[str, str], set[Path]] = {}
    for files in conflicts:
        for one in files:
            for other in files:
                for name in labels[one]:
                    for another in labels[other] - {name}:
                        shared.setdefault((name, another), set()).add(one)
    totals = Counter(name for names in labels.values() for name in names)
    order = sorted(shared, key=lambda key: (-len(shared[key]) / totals[key[0]], key))
    return tuple(
        f"{len(shared[key])} of the {totals[key[0]]} files of {key[0]!r} show the same as files of {key[1]!r}"
        for key in order
    )


def _differing(files: Sequence[Path], labels: Mapping[Path, frozenset[str]]) -> Iterator[Pair]:
    for first, second in combinations(files, 2):
        if labels[first] != labels[second]:
            yield _labelled(first, second, labels)


def _labelled(first: Path, second: Path, labels: Mapping[Path, frozenset[str]]) -> Pair:
    return Pair(first, second, f"{', '.join(sorted(labels[first]))} | {', '.join(sorted(labels[second]))}")
