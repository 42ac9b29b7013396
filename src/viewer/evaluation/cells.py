"""Tables as they stand in a file: cells of text, with the number of the row each came from."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from viewer.domain.errors import ViewerError


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """A table with a header and at least one row.

    Attributes:
        source: Where it comes from, for the reader.
        header: Names of the columns, each once.
        rows: As many cells each as there are columns, without space around them.
        lines: Number of each row's last line in the file, the header being 1.
    """

    source: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    lines: Sequence[int]


def read_cells(path: Path) -> Cells:
    """Read a CSV file, UTF-8, commas, with a header line; empty lines are skipped.

    Raises:
        ViewerError: One sentence naming the file, the row where there is one, and the cause.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file, strict=True)
            numbered = [([cell.strip() for cell in row], reader.line_num) for row in reader if row]
    except FileNotFoundError as error:
        raise ViewerError(f"{path}: there is no such file") from error
    except UnicodeDecodeError as error:
        raise ViewerError(f"{path}: the text is not UTF-8; save the table as CSV UTF-8") from error
    except (OSError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise ViewerError(f"{path}: the table cannot be read ({reason})") from error
    if not numbered:
        raise ViewerError(f"{path}: the file is empty")
    (header, _), *rows = numbered
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        mark = "semicolons" if ";" in header[0] else "tabs"
        raise ViewerError(f"{path}: row 1: columns are separated by {mark}; commas are needed")
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        raise ViewerError(f"{path}: row 1: column {repeated[0]!r} stands there twice")
    if not rows:
        raise ViewerError(f"{path}: the table has a header and no rows")
    for row, number in rows:
        if len(row) != len(header):
            raise ViewerError(f"{path}: row {number}: {len(row)} cells for {len(header)} columns")
    return Cells(
        source=str(path),
        header=header,
        rows=[row for row, _ in rows],
        lines=[number for _, number in rows],
    )
