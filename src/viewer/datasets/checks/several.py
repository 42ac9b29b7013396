"""Whether several sets of data may be used together."""

from collections import Counter
from collections.abc import Iterator, Sequence

from viewer.datasets.checks.confounding import control_words
from viewer.datasets.checks.control import Control, colour_families, file_families, run_control
from viewer.datasets.checks.copies import Copy, find_copies
from viewer.datasets.checks.finding import Finding, Pair, Severity, counted
from viewer.datasets.checks.inspected import Inspected

APART = 0.9
"""Balanced accuracy, at its lower bound, from which on two sets are told apart by their files."""

UNEVEN = 0.25
"""Difference of a class's share between two sets from which on telling the sets apart tells the class."""


def check_together(names: Sequence[str], sets: Sequence[Inspected], *, seed: int) -> Iterator[Finding]:
    """Files that lie in several sets, and sets that files alone tell apart.

    Args:
        names: What the sets are called.
        sets: What was read.
        seed: Of folds, trees and draws.
    """
    yield from _shared(names, sets)
    facts, kinds, groups = [], [], []
    for number, data in enumerate(sets):
        for path, sample in data.by_file().items():
            facts.append(data.facts[path])
            kinds.append(names[number])
            groups.append(f"{number}:{sample.group}")
    if not facts:
        return
    control = run_control({**file_families(facts), **colour_families(facts)}, kinds, groups, seed=seed)
    if control is not None:
        yield _apart(control, names, sets)


def _apart(control: Control, names: Sequence[str], sets: Sequence[Inspected]) -> Finding:
    apart, uneven = control.all_facts.low >= APART, _uneven(sets)
    if apart and uneven:
        severity, words = Severity.REFUSE, "these sets must not be mixed: their files alone tell them apart"
    elif apart:
        severity, words = Severity.WARN, "these sets differ: their files alone tell them apart"
    else:
        severity, words = Severity.INFORM, "how far files alone tell these sets apart"
    told = [f"{name}: {_classes(data)}" for name, data in zip(names, sets, strict=True)]
    told += [f"{name}: {_sizes(data)}" for name, data in zip(names, sets, strict=True)]
    ending = ", and so they tell the class, which the sets have in different shares" if apart and uneven else ""
    return Finding(
        kind="sets-apart",
        severity=severity,
        sentence=f"{words}{ending} ({control_words(control)})",
        details=tuple(told),
    )


def _shared(names: Sequence[str], sets: Sequence[Inspected]) -> Iterator[Finding]:
    home = {path: name for name, data in zip(names, sets, strict=True) for path in data.facts}
    copies = find_copies({path: fact for data in sets for path, fact in data.facts.items()})
    crossing: list[Copy] = [copy for copy in copies if home[copy.first] != home[copy.second]]
    twice = sum(map(len, sets_of_files(sets))) - len(home)
    if crossing or twice:
        yield Finding(
            kind="content-in-several-sets",
            severity=Severity.WARN,
            sentence=f"the sets share {counted(len(crossing) + twice, 'picture')}: one cannot measure what is "
            "learned from the other",
            files=tuple(dict.fromkeys(path for copy in crossing for path in (copy.first, copy.second))),
            pairs=tuple(Pair(copy.first, copy.second, "in different sets") for copy in crossing),
        )


def sets_of_files(sets: Sequence[Inspected]) -> list[frozenset[object]]:
    """The files of every set."""
    return [frozenset(data.facts) for data in sets]


def _uneven(sets: Sequence[Inspected]) -> bool:
    shares = []
    for data in sets:
        counts = Counter(data.classes[sample.label] for sample in data.samples)
        shares.append({name: count / len(data.samples) for name, count in counts.items()})
    names = {name for share in shares for name in share}
    values = [[share.get(name, 0.0) for share in shares] for name in names]
    return any(max(row) - min(row) >= UNEVEN for row in values)


def _classes(data: Inspected) -> str:
    counts = Counter(data.classes[sample.label] for sample in data.samples)
    return ", ".join(f"{count} {name}" for name, count in counts.most_common())


def _sizes(data: Inspected) -> str:
    readable = [fact for fact in data.facts.values() if fact.readable]
    sizes = Counter((fact.columns, fact.rows) for fact in readable)
    (columns, rows), count = sizes.most_common(1)[0] if sizes else ((0, 0), 0)
    forms = ", ".join(form for form, _ in Counter(fact.form for fact in readable).most_common(3))
    return f"{len(sizes)} sizes, the commonest {columns}×{rows} ({count} files); {forms}"
