"""Results on standard output and into files, whatever the terminal can show."""

from pathlib import Path
from typing import TextIO

from viewer.domain.errors import ViewerError


def print_text(text: str, stream: TextIO) -> None:
    """Print text; what the terminal's encoding cannot show is written as an escape."""
    encoding = stream.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream, flush=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file, UTF-8.

    Raises:
        ViewerError: It cannot be written.
    """
    try:
        path.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise ViewerError(f"{path}: cannot be written ({error.strerror})") from error
