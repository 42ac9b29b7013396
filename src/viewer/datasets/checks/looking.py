"""Looks at every file once."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from viewer.datasets.checks.facts import Facts, look_at
from viewer.datasets.checks.shelf import FactShelf

Progress = Callable[[int, int], None]
"""Told how many files are done, of how many."""


def look_at_all(paths: Iterable[Path], shelf: FactShelf, progress: Progress) -> Mapping[Path, Facts]:
    """Facts of every file, from the shelf where they are on it."""
    wanted = list(dict.fromkeys(paths))
    found = {}
    for done, path in enumerate(wanted):
        progress(done, len(wanted))
        facts = shelf.get(path)
        if facts is None:
            facts = look_at(path)
            shelf.put(path, facts)
        found[path] = facts
    progress(len(wanted), len(wanted))
    return found
