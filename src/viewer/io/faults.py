"""What parsers and codecs do with malformed input, and how it is told."""

import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from pydicom.errors import BytesLengthException, InvalidDicomError

FAULTS: tuple[type[Exception], ...] = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    BytesLengthException,
    EOFError,
    InvalidDicomError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What pydicom, Pillow, imagecodecs and the standard library raise on damaged files.

Hostile bytes reach every corner of a parser, so this list is wide on purpose; it is caught only around calls
into those libraries, and always becomes an `UnreadableFile`.
"""


def brief(error: Exception) -> str:
    """An error's own words on one line of at most 120 characters, for a bracket at the end of a sentence."""
    # The system's own words without its number and the path, which may be that of a temporary copy.
    told = getattr(error, "strerror", None) or str(error)
    words = " ".join(told.split()) or type(error).__name__
    return words if len(words) <= 120 else words[:117] + "…"


class _Silence:
    """Switches Python's warnings off while at least one thread asks for it.

    `warnings.catch_warnings` alone swaps a process-wide list and is not safe on two threads at once.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._depth = 0
        self._stack = ExitStack()

    def enter(self) -> None:
        with self._lock:
            if self._depth == 0:
                self._stack.enter_context(warnings.catch_warnings())
                warnings.simplefilter("ignore")
            self._depth += 1

    def leave(self) -> None:
        with self._lock:
            self._depth -= 1
            if self._depth == 0:
                self._stack.close()


_SILENCE = _Silence()


@contextmanager
def silenced() -> Iterator[None]:
    """Drop the warnings of a parser: they quote values of the file, patient names among them."""
    _SILENCE.enter()
    try:
        yield
    finally:
        _SILENCE.leave()
