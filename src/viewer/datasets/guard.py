"""Keeps the same picture, or the same patient, from lying in several parts when something is learned from them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from viewer.datasets.sample import LabelTable, Sample
from viewer.domain.errors import ViewerError

if TYPE_CHECKING:
    from viewer.datasets.checks.copies import Copy

Name = TypeVar("Name", bound=str)
"""A part of a split."""

Say = Callable[[str], None]
"""Where progress and notes go, one sentence at a time."""

_BETWEEN_WORDS = 1000  # files


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakGuard:
    """What is done about copies before anything is learned.

    Attributes:
        merge: Whether groups that share a picture become one, so that no split divides them.
        allow: Whether a leak is told and written on the card rather than refused.
        shelf: File where facts of files are kept between runs; None keeps nothing.
    """

    merge: bool = False
    allow: bool = False
    shelf: Path | None = None

    def grouped(self, table: LabelTable, say: Say) -> LabelTable:
        """The table with groups of copies merged, where that is asked for, and a note that says how many."""
        if not self.merge:
            return table
        # The readers of files take a while to import: only what reads files pays.
        from viewer.datasets.checks.leaks import merge_copies

        samples = merge_copies(table.samples, self._copies(table.samples, say))
        before, after = len(set(table.groups)), len({sample.group for sample in samples})
        note = f"{before - after} of {before} groups were joined to others that share a picture with them"
        say(note)
        return replace(table, samples=tuple(samples), notes=(*table.notes, note))

    def check(self, divisions: Sequence[Mapping[Name, Sequence[Sample]]], say: Say) -> tuple[str, ...]:
        """Look for leaks in every division.

        Args:
            divisions: The samples of every part by its name; of cross-validation one division for each fold.
            say: Told what is read, and what is allowed.

        Returns:
            What was found and allowed, one sentence each, for the card.

        Raises:
            ViewerError: There is a leak, and it is not allowed.
        """
        from viewer.datasets.checks.leaks import find_leaks

        copies = self._copies((s for parts in divisions for samples in parts.values() for s in samples), say)
        found = [leak for parts in divisions for leak in find_leaks(parts, copies)]
        if found and not self.allow:
            raise ViewerError(
                f"{found[0].sentence}; --merge-copies keeps copies in one part, --allow-leaks goes on as it is "
                "(viewer check-data shows them)"
            )
        notes = tuple(f"a leak was allowed: {leak.sentence}" for leak in found)
        for note in notes:
            say(note)
        return notes

    def _copies(self, samples: Iterable[Sample], say: Say) -> "tuple[Copy, ...]":
        from viewer.datasets.checks.copies import find_copies
        from viewer.datasets.checks.looking import look_at_all
        from viewer.datasets.checks.shelf import FactShelf

        def progress(done: int, total: int) -> None:
            if done and done % _BETWEEN_WORDS == 0 and done < total:
                say(f"looking for copies: {done} of {total} files")

        with FactShelf(self.shelf) as shelf:
            return find_copies(look_at_all((sample.path for sample in samples), shelf, progress))
