"""How far a long command is, told on standard error."""

import argparse
import sys
import time
from pathlib import Path

from viewer.session.batch import Totals, Watcher

_SECONDS_BETWEEN_LINES = 5.0


def positive(word: str) -> int:
    """A whole number of 1 or more, for argparse."""
    number = int(word) if word.isascii() and word.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{word!r} is no positive whole number")
    return number


class OnStderr:
    """Tells how it goes: one line that is rewritten on a terminal, else a plain line every few seconds."""

    def __init__(self, terminal: bool) -> None:
        self._terminal = terminal
        self._shown = 0
        self._started = self._last = time.monotonic()

    def watch(self) -> Watcher:
        """What a command tells how it goes."""
        return Watcher(self.note, self.progress)

    def note(self, sentence: str) -> None:
        """A sentence on a line of its own."""
        self._clear()
        print(sentence, file=sys.stderr, flush=True)

    def progress(self, totals: Totals, file: str) -> None:
        """How far it is."""
        now = time.monotonic()
        if not self._terminal and now - self._last < _SECONDS_BETWEEN_LINES:
            return
        self._last = now
        line = f"{self._summary(totals)}: {file}"
        if not self._terminal:
            print(line, file=sys.stderr, flush=True)
            return
        line = line if len(line) < 100 else line[:60] + " … " + line[-36:]
        self._clear()
        print(line, end="", file=sys.stderr, flush=True)
        self._shown = len(line)

    def end(self, totals: Totals, out: Path) -> None:
        """The last line."""
        self.note(f"{self._summary(totals)}; written to {out}")

    def _summary(self, totals: Totals) -> str:
        seconds = time.monotonic() - self._started
        fresh = totals.frames - totals.resumed
        speed = f", {fresh / seconds:.1f} frames/s" if fresh and seconds > 0 else ""
        failed = f", {totals.failed} failed" if totals.failed else ""
        skipped = f", {totals.skipped} without an image" if totals.skipped else ""
        resumed = f" ({totals.resumed} from before)" if totals.resumed else ""
        return f"{totals.files} files, {totals.frames} frames{resumed}{failed}{skipped}{speed}"

    def _clear(self) -> None:
        if self._shown:
            print("\r" + " " * self._shown + "\r", end="", file=sys.stderr)
            self._shown = 0
