"""Data that were read and looked at: what every check starts from."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from viewer.datasets.checks.copies import Copy, find_copies
from viewer.datasets.checks.facts import Facts
from viewer.datasets.checks.looking import Progress, look_at_all
from viewer.datasets.checks.shelf import FactShelf
from viewer.datasets.sample import Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """Samples with what their files look like.

    Attributes:
        classes: Class names.
        samples: In their order.
        facts: Of every file.
        copies: Files that show the same.
        seed: Of the project's own split, folds and draws.
    """

    classes: tuple[str, ...]
    samples: Sequence[Sample]
    facts: Mapping[Path, Facts]
    copies: Sequence[Copy]
    seed: int = 0

    def labels_of(self) -> Mapping[Path, frozenset[str]]:
        """Classes that a file, or a frame of it, is given."""
        labels: defaultdict[Path, set[str]] = defaultdict(set)
        for sample in self.samples:
            labels[sample.path].add(self.classes[sample.label])
        return {path: frozenset(names) for path, names in labels.items()}

    def groups_of(self) -> Mapping[Path, frozenset[str]]:
        """Groups that a file is put into; more than one only where its frames or rows differ."""
        groups: defaultdict[Path, set[str]] = defaultdict(set)
        for sample in self.samples:
            groups[sample.path].add(sample.group)
        return {path: frozenset(names) for path, names in groups.items()}

    def by_file(self) -> Mapping[Path, Sample]:
        """The first sample of every file that can be read."""
        first: dict[Path, Sample] = {}
        for sample in self.samples:
            if self.facts[sample.path].readable:
                first.setdefault(sample.path, sample)
        return first


def inspect(
    classes: tuple[str, ...], samples: Sequence[Sample], shelf: FactShelf, progress: Progress, *, seed: int = 0
) -> Inspected:
    """Look at every file of `samples`, and find those that show the same."""
    facts = look_at_all((sample.path for sample in samples), shelf, progress)
    return Inspected(classes=classes, samples=samples, facts=facts, copies=find_copies(facts), seed=seed)
