"""Whether the class can be told without looking: from facts about files, and from where they come from."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from os.path import commonpath
from pathlib import Path

from viewer.datasets.checks.association import association
from viewer.datasets.checks.control import (
    Control,
    colour_families,
    file_families,
    run_control,
)
from viewer.datasets.checks.finding import Finding, Severity
from viewer.datasets.checks.inspected import Inspected
from viewer.datasets.layouts.found import SPLITS
from viewer.evaluation.bootstrap import Figure

STRONG = 0.3
"""Cramér's V from which on a source is warned of."""

SURE = 0.01
"""Largest p-value at which a source is told of."""


def class_from_facts(data: Inspected, sources: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Cross-validate a classifier of file facts by group, and one of every source of files.

    Args:
        data: What was read.
        sources: Where every sample comes from, by the name of a column.
    """
    samples = data.by_file()
    facts = [data.facts[path] for path in samples]
    kinds = [data.classes[sample.label] for sample in samples.values()]
    groups = [sample.group for sample in samples.values()]
    if not facts:
        return
    colours = colour_families(facts)
    control = run_control({**file_families(facts), **colours}, kinds, groups, seed=data.seed, extra=tuple(colours))
    if control is not None:
        yield _finding(control)
    yield from _sources(data, sources)


def source_words(data: Inspected) -> Mapping[str, Sequence[str]]:
    """Where the samples come from, as far as they tell: their source, and their folder.

    Parts of a path that are called like a class or a part of a split say nothing of where files come from.
    """
    words = {}
    if any(sample.source for sample in data.samples):
        words["source"] = [sample.source for sample in data.samples]
    hidden = frozenset((*SPLITS, *(name.lower() for name in data.classes)))
    common = len(Path(commonpath([sample.path.parent for sample in data.samples])).parts)
    folders = [
        "/".join(part for part in sample.path.parent.parts[common:] if part.lower() not in hidden)
        for sample in data.samples
    ]
    if len(set(folders)) > 1:
        words["folder"] = folders
    return words


def control_words(control: Control) -> str:
    """The figure against chance, and what carries it."""
    carried = [f"{name} {_figure(figure)}" for name, figure in control.single.items() if figure.low > control.chance]
    alone = f"; alone: {', '.join(carried)}" if carried else "; no fact alone is above chance"
    return f"balanced accuracy {_figure(control.all_facts)} where guessing gives {_short(control.chance)}{alone}"


def _finding(control: Control) -> Finding:
    severity = Severity.WARN if control.strong else Severity.INFORM
    if not control.above_chance:
        words = "size, format and length of files are not seen to tell the class"
    else:
        words = "the class can be told from size, format and length of the files, without looking at what they show"
    return Finding(
        kind="confounded-with-files",
        severity=severity,
        sentence=f"{words} ({control.files} files of {control.groups} groups, {len(control.classes)} classes): "
        f"{control_words(control)}",
        details=tuple(f"{name}: {_figure(figure)}" for name, figure in control.single.items()),
    )


def _sources(data: Inspected, sources: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Sources that go together with the class; what is counted is groups, by their first file."""
    first: dict[str, int] = {}
    for number, sample in enumerate(data.samples):
        first.setdefault(sample.group, number)
    kinds = [data.classes[sample.label] for sample in data.samples]
    for name, words in sources.items():
        found = association(
            [words[number] for number in first.values()], [kinds[number] for number in first.values()], seed=data.seed
        )
        if found is None or found.p > SURE:
            continue
        yield Finding(
            kind="confounded-with-source",
            severity=Severity.WARN if found.strength >= STRONG else Severity.INFORM,
            sentence=f"the class goes together with {name!r} ({len(set(words))} values): Cramér's V "
            f"{_short(found.strength)}, p {found.p:.3f} over {len(first)} groups{_alone(words, kinds)}",
            details=tuple(_by_source(words, kinds)),
        )


def _alone(words: Sequence[str], kinds: Sequence[str]) -> str:
    """How many files come from where there is one class only."""
    held = _held(words, kinds)
    single = sum(sum(counts.values()) for counts in held.values() if len(counts) == 1)
    return f"; {single} of {len(kinds)} files come from where there is no other class" if single else ""


def _held(words: Sequence[str], kinds: Sequence[str]) -> Mapping[str, Counter[str]]:
    held: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word, kind in zip(words, kinds, strict=True):
        held[word][kind] += 1
    return held


def _by_source(words: Sequence[str], kinds: Sequence[str]) -> Iterator[str]:
    for word, counts in sorted(_held(words, kinds).items(), key=lambda item: -item[1].total()):
        told = ", ".join(f"{count} {kind}" for kind, count in counts.most_common())
        yield f"{word or 'not said'}: {told}"


def _figure(figure: Figure) -> str:
    return f"{_short(figure.value)} ({_short(figure.low)}–{_short(figure.high)})"


def _short(value: float) -> str:
    return f"{value:.2f}".removeprefix("0") if value < 1 else f"{value:.2f}"
