"""The same patient, or the same picture, on both sides of a split."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from viewer.datasets.checks.copies import Copy, Likeness, joined
from viewer.datasets.checks.finding import Finding, Pair, Severity, counted
from viewer.datasets.checks.inspected import Inspected
from viewer.datasets.sample import Sample
from viewer.datasets.split import MINIMUM_GROUPS, Part, split_groups

Name = TypeVar("Name", bound=str)
"""A part of a split."""


def find_leaks(parts: Mapping[Name, Sequence[Sample]], copies: Sequence[Copy]) -> Iterator[Finding]:
    """Groups and contents that lie in more parts than one.

    Args:
        parts: The samples of every part, by its name.
        copies: Files that show the same.
    """
    group_in: defaultdict[Hashable, set[str]] = defaultdict(set)
    file_in: defaultdict[Path, set[str]] = defaultdict(set)
    files_of: defaultdict[Hashable, list[Path]] = defaultdict(list)
    for part, samples in parts.items():
        for sample in samples:
            group_in[sample.group].add(part)
            file_in[sample.path].add(part)
            files_of[sample.group].append(sample.path)
    torn = [group for group, held in group_in.items() if len(held) > 1]
    if torn:
        yield Finding(
            kind="group-leak",
            severity=Severity.REFUSE,
            sentence=f"{counted(len(torn), 'group')} {'lies' if len(torn) == 1 else 'lie'} in more than one of the "
            f"parts {_named(parts)}: what is learned of a patient is measured on the same patient",
            files=tuple(path for group in torn for path in files_of[group]),
        )
    yield from _content_leaks(parts, file_in, copies)


def leaks_of_makers(data: Inspected) -> Iterator[Finding]:
    """Leaks of the split that the makers of the data made, where they made one."""
    parts: defaultdict[str, list[Sample]] = defaultdict(list)
    for sample in data.samples:
        if sample.split:
            parts[sample.split].append(sample)
    if len(parts) > 1:
        for finding in find_leaks(parts, data.copies):
            yield _told(finding, "split", "the split of the data")


def leaks_of_training(data: Inspected) -> Iterator[Finding]:
    """Leaks of the split 60/15/25 that training would make with this seed, which never tears a group apart."""
    labels, groups = [s.label for s in data.samples], [s.group for s in data.samples]
    held: defaultdict[int, set[str]] = defaultdict(set)
    for label, group in zip(labels, groups, strict=True):
        held[label].add(group)
    if min(map(len, held.values())) < MINIMUM_GROUPS:
        return
    part_of = split_groups(labels, groups, seed=data.seed)
    parts: dict[Part, list[Sample]] = {part: [] for part in Part}
    for sample in data.samples:
        parts[part_of[sample.group]].append(sample)
    for finding in find_leaks(parts, data.copies):
        yield _told(finding, "training", f"training's own split (seed {data.seed}), without --merge-copies")


def merge_copies(samples: Sequence[Sample], copies: Sequence[Copy]) -> list[Sample]:
    """Put groups that share a picture into one, called like the first of them by name."""
    groups_of: defaultdict[Path, list[str]] = defaultdict(list)
    for sample in samples:
        groups_of[sample.path].append(sample.group)
    pairs = [(groups[0], group) for groups in groups_of.values() for group in groups[1:]]
    pairs += [(groups_of[copy.first][0], groups_of[copy.second][0]) for copy in copies]
    name = {group: min(groups) for groups in joined(pairs) for group in groups}
    return [replace(sample, group=name.get(sample.group, sample.group)) for sample in samples]


def _content_leaks(
    parts: Mapping[Name, Sequence[Sample]], file_in: Mapping[Path, set[str]], copies: Sequence[Copy]
) -> Iterator[Finding]:
    twice = [path for path, held in file_in.items() if len(held) > 1]
    crossing = [copy for copy in copies if len(file_in[copy.first] | file_in[copy.second]) > 1]
    for kind, near, words in (
        ("content-leak", False, "the same picture"),
        ("near-content-leak", True, "nearly the same picture"),
    ):
        pairs = [copy for copy in crossing if (copy.likeness is Likeness.NEAR) is near]
        files = [*(() if near else twice), *(path for copy in pairs for path in (copy.first, copy.second))]
        if files:
            number = len(pairs) + (0 if near else len(twice))
            yield Finding(
                kind=kind,
                severity=Severity.REFUSE,
                sentence=f"{words} lies in more than one of the parts {_named(parts)}, {counted(number, 'time')}",
                files=tuple(dict.fromkeys(files)),
                pairs=tuple(
                    Pair(c.first, c.second, f"{_held(file_in[c.first])} | {_held(file_in[c.second])}") for c in pairs
                ),
            )


def _told(finding: Finding, of: str, words: str) -> Finding:
    return replace(finding, kind=f"{of}-{finding.kind}", sentence=f"{words}: {finding.sentence}")


def _held(parts: set[str]) -> str:
    return ", ".join(sorted(parts))


def _named(parts: Mapping[Name, Sequence[Sample]]) -> str:
    return ", ".join(part for part, samples in parts.items() if samples)
