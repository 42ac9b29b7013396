"""How many files and groups each class has."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from viewer.datasets.checks.finding import Finding, Severity, counted
from viewer.datasets.checks.inspected import Inspected
from viewer.datasets.split import MINIMUM_GROUPS

UNEVEN = 10
"""How many times the groups of the smallest class the largest may have."""


def class_balance(data: Inspected) -> Iterator[Finding]:
    """Counts of every class, and those with too few groups to be learned and measured."""
    files = Counter(sample.label for sample in data.samples)
    held: defaultdict[int, set[str]] = defaultdict(set)
    for sample in data.samples:
        held[sample.label].add(sample.group)
    groups = {name: len(held[number]) for number, name in enumerate(data.classes)}
    uneven = max(groups.values()) > UNEVEN * min(groups.values())
    yield Finding(
        kind="class-balance",
        severity=Severity.WARN if uneven else Severity.INFORM,
        sentence=f"{len(data.classes)} classes; {_extremes(groups)}",
        details=tuple(
            f"{name}: {counted(files[number], 'file')} of {counted(groups[name], 'group')}"
            for number, name in enumerate(data.classes)
        ),
    )
    scarce = [name for name, count in groups.items() if count < MINIMUM_GROUPS]
    if scarce:
        yield Finding(
            kind="scarce-classes",
            severity=Severity.WARN,
            sentence=f"training needs {MINIMUM_GROUPS} groups of a class at least; too few have "
            f"{', '.join(f'{name!r} ({groups[name]})' for name in scarce)}",
        )


def _extremes(groups: Mapping[str, int]) -> str:
    largest, smallest = max(groups, key=lambda k: groups[k]), min(groups, key=lambda k: groups[k])
    if groups[largest] == groups[smallest]:
        return f"each has {counted(groups[largest], 'group')}"
    return (
        f"the largest, {largest!r}, has {counted(groups[largest], 'group')}, the smallest, {smallest!r}, "
        f"{groups[smallest]}"
    )
