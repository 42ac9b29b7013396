"""How far something is, on a terminal or in a file."""

import shutil
import time
from typing import TextIO

from viewer.training.saying import Passing

QUIET_S = 20.0
"""Where no line can be overwritten, one about progress comes no oftener than this."""


class Telling:
    """Says one sentence per line; on a terminal, one about progress is overwritten by the next.

    Args:
        stream: Standard error, usually.
        silent: Say nothing: another process speaks.
    """

    def __init__(self, stream: TextIO, *, silent: bool = False) -> None:
        self._stream = stream
        self._silent = silent
        self._live = stream.isatty()
        self._open = False
        self._spoke = time.monotonic()

    def __call__(self, sentence: str) -> None:
        """Say a sentence."""
        if self._silent:
            return
        if not isinstance(sentence, Passing):
            self._print(sentence, end="\n")
        elif self._live:
            self._print(sentence, end="")
        elif time.monotonic() - self._spoke >= QUIET_S:
            self._print(sentence, end="\n")

    def close(self) -> None:
        """Leave what was said last where it is, and let the next line begin at its beginning."""
        if self._open:
            self._stream.write("\n")
            self._open = False

    def _print(self, sentence: str, end: str) -> None:
        text = sentence
        if self._live:
            width = shutil.get_terminal_size().columns - 1
            text = f"\r\x1b[2K{sentence if end else sentence[:width]}"
        self._stream.write(text + end)
        self._stream.flush()
        self._open = not end
        self._spoke = time.monotonic()
