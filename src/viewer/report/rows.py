"""Tables that grow row by row, CSV or JSON lines, and survive a kill at any byte.

Every row is one line, since `present.rows` leaves no line break in a cell. What a killed process leaves behind is
therefore complete lines and at most one torn one, which is dropped before the next row is written.
"""

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from viewer.domain.errors import ViewerError
from viewer.present.rows import Cell, Row

FORMATS = (".csv", ".jsonl")
"""What a table's file name may end in."""

_NUMBERS = frozenset(
    {"time_ms", "duration_ms", "trust", "suitability", "fingerprint", "second_probability"}
    | {"decode_ms", "assess_ms", "bare_ms", "mask_percent", "mask_mm2"}
    | {"attention_inside", "attention_area", "attention_even_share"}
)


class _Codec(Protocol):
    """Rows ↔ lines."""

    def head(self) -> bytes: ...

    def line(self, row: Mapping[str, Cell]) -> bytes: ...

    def row(self, line: bytes) -> Row: ...


class _Csv:
    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = tuple(columns)

    def head(self) -> bytes:
        return _csv_line(self._columns)

    def line(self, row: Mapping[str, Cell]) -> bytes:
        return _csv_line([row[name] for name in self._columns])

    def row(self, line: bytes) -> Row:
        cells = next(csv.reader([line.decode("utf-8")]), [])
        if len(cells) != len(self._columns):
            raise ValueError(f"{len(cells)} cells for {len(self._columns)} columns")
        return {name: _value(name, cell) for name, cell in zip(self._columns, cells, strict=True)}


class _JsonLines:
    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = tuple(columns)

    def head(self) -> bytes:
        return b""

    def line(self, row: Mapping[str, Cell]) -> bytes:
        ordered = {name: row[name] for name in self._columns}
        return json.dumps(ordered, ensure_ascii=False, allow_nan=False).encode("utf-8") + b"\n"

    def row(self, line: bytes) -> Row:
        row = json.loads(line)
        if not isinstance(row, dict) or tuple(row) != self._columns:
            raise ValueError("other columns")
        return row


class Table:
    """One table on disk, opened for reading back and for appending.

    Use as a context manager. `recover` must be exhausted before the first `append`.
    """

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        """Open or create `path`.

        Raises:
            ViewerError: The name ends in neither .csv nor .jsonl, or the file cannot be written.
        """
        check_format(path)
        self.path = path
        self.columns = tuple(columns)
        self._codec: _Codec = _JsonLines(columns) if path.suffix.lower() == ".jsonl" else _Csv(columns)
        self._recovered = False
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: BinaryIO = path.open("r+b" if path.exists() else "x+b")

    def __enter__(self) -> Self:
        """The table itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the file; every row appended so far is in it."""
        close(self._file, self.path, failed=error is not None)

    def recover(self) -> Iterator[Row]:
        """Yield the complete rows that are there, then drop a torn last line and make ready to append.

        Raises:
            ViewerError: The file holds something else than rows of this table.
        """
        head = self._codec.head()
        self._file.seek(0)
        found = self._file.read(len(head))
        whole = len(head) if found == head else 0
        if found != head and not head.startswith(found):
            raise ViewerError(f"{self.path}: holds other columns than this run writes")
        for number, line in enumerate(self._file if whole or not head else (), start=1):
            if not line.endswith(b"\n"):
                break
            try:
                row = self._codec.row(line)
            except ValueError as error:  # also a UnicodeDecodeError and a JSONDecodeError
                raise ViewerError(f"{self.path}: row {number} was not written by this run") from error
            whole += len(line)
            yield row
        with writing(self.path):
            self._file.truncate(whole)
            self._file.seek(whole)
            if head and not whole:
                self._file.write(head)
        self._recovered = True

    def append(self, rows: Iterable[Mapping[str, Cell]]) -> None:
        """Write rows and hand them to the operating system: a kill after this loses none of them."""
        if not self._recovered:
            raise RuntimeError("read back what is there first")
        with writing(self.path):
            self._file.write(b"".join(self._codec.line(row) for row in rows))
            self._file.flush()


def check_format(path: Path) -> None:
    """Refuse a name that says neither CSV nor JSON lines, with one sentence."""
    if path.suffix.lower() not in FORMATS:
        raise ViewerError(f"{path}: a table's name ends in {' or '.join(FORMATS)}")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say in one sentence why a file cannot be written: no permission, a full disk, open in another program."""
    try:
        yield
    except OSError as error:
        raise ViewerError(f"{path}: cannot be written ({error.strerror or type(error).__name__})") from error


def close(file: BinaryIO, path: Path, *, failed: bool) -> None:
    """Close a file that grows; what a full disk did not take is given up where that has been said already."""
    with suppress(ViewerError) if failed else nullcontext(), writing(path):
        file.close()


def write_whole(path: Path, content: str) -> None:
    """Write a small text file in one step: it is there whole, or as it was."""
    draft = path.with_name(path.name + ".new")
    draft.write_text(content, encoding="utf-8")
    os.replace(draft, path)  # noqa: PTH105 - atomic on every system


def _csv_line(cells: Sequence[Cell]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue().encode("utf-8")


def _value(column: str, cell: str) -> Cell:
    """A cell read back as the type it was written with."""
    if column in ("frame", "frames", "mask_px"):
        return int(cell) if cell else None
    if column in _NUMBERS or column.startswith(("p_", "trust_")):
        return float(cell) if cell else None
    return cell
