"""Cases of a site from files: tables that `viewer assess` wrote, or pictures that are assessed now."""

import csv
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.assessment.drift import drift_of
from viewer.datasets.unlabelled import GROUP_COLUMNS
from viewer.domain.drift import Case, SiteView
from viewer.domain.errors import ViewerError
from viewer.session.batch import Order, Watcher, assess_all
from viewer.session.session import Session
from viewer.session.site import Site, calibration_of, counting_of
from viewer.store.site_record import SiteRecord

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle

Row = Mapping[str, str | int | float | None]


def view_of_tables(bundle: "Bundle", tables: Iterable[Path]) -> SiteView:
    """Compare the cases of tables, in the order of their rows, with a model's calibration.

    A case is what the first of the `GROUP_COLUMNS` says, else a file; the first file of a case speaks for it.

    Raises:
        ViewerError: A table cannot be read, or was not written with this model; the sentence names it and the row.
    """
    cases: dict[str, Case | None] = {}
    counting = counting_of(bundle)
    for table in tables:
        for whose, number, rows in _first_files(table, bundle):
            if whose not in cases:
                try:
                    cases[whose] = counting.case_of(rows)
                except (TypeError, ValueError) as error:
                    raise ViewerError(f"{table}: row {number} holds something that is no number") from error
    classes, calibration = bundle.manifest.classes, calibration_of(bundle)
    known = tuple(case for case in cases.values() if case is not None)
    drift = drift_of(known, calibration, classes)
    return SiteView(classes=classes, calibration=calibration, cases=known, drift=drift)


def view_of_pictures(
    make_session: Callable[[Callable[[], SiteRecord]], Session], order: Order, watcher: Watcher
) -> SiteView:
    """Assess pictures and compare their cases with the model's calibration; nothing of it is kept.

    Args:
        make_session: Makes the session, given what opens its record.
        order: What to assess; its table is not looked at.
        watcher: Who is told how it goes.

    Raises:
        ViewerError: Nothing can be assessed.
    """
    with tempfile.TemporaryDirectory(prefix="viewer-drift-") as folder:
        record = Path(folder) / "site.db"
        session = make_session(lambda: SiteRecord(record))
        try:
            assess_all(session, replace(order, out=Path(folder) / "assessed.csv"), watcher)
            bundle = session.bundle
        finally:
            session.close()
        assert bundle is not None  # noqa: S101 - something was assessed with it
        with SiteRecord(record) as reopened:
            return Site(bundle, reopened).view()


def _first_files(table: Path, bundle: "Bundle") -> Iterator[tuple[str, int, list[Row]]]:
    """Of every case of a table, as they appear: whose it is, its first row, and the rows of its first file."""
    needed = ("file", *(f"p_{name}" for name in bundle.manifest.classes), "trust", "suitability", "fingerprint")
    files: dict[str, str] = {}
    rows: dict[str, list[Row]] = {}
    numbers: dict[str, int] = {}
    for number, row in _rows(table):
        missing = [name for name in needed if name not in row]
        if missing:
            raise ViewerError(
                f"{table}: has no column {missing[0]}; it takes the table of frames that viewer assess writes with "
                f"{bundle.manifest.name}"
            )
        file = str(row["file"])
        said = next((str(row[name]) for name in GROUP_COLUMNS if row.get(name)), "")
        whose = f"patient {said}" if said else f"file {file}"
        if files.setdefault(whose, file) == file:
            rows.setdefault(whose, []).append(row)
            numbers.setdefault(whose, number)
    yield from ((whose, numbers[whose], rows[whose]) for whose in rows)


def _rows(table: Path) -> Iterator[tuple[int, Row]]:
    """Rows with their numbers; the header of a CSV table is row 1."""
    try:
        with table.open(newline="", encoding="utf-8-sig") as file:
            if table.suffix.lower() == ".jsonl":
                yield from ((number, _object(table, number, line)) for number, line in enumerate(file, start=1))
            else:
                for number, row in enumerate(csv.DictReader(file), start=2):
                    if None in row or None in row.values():
                        raise ViewerError(f"{table}: row {number} is not as long as the header")
                    yield number, row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no table in UTF-8"
        raise ViewerError(f"{table}: cannot be read ({reason})") from error


def _object(table: Path, number: int, line: str) -> Row:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ViewerError(f"{table}: line {number} is no JSON") from error
    if not isinstance(row, dict):
        raise ViewerError(f"{table}: line {number} is no JSON object")
    return row
