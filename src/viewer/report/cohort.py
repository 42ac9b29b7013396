"""An evaluated cohort as a folder: cases and answers, what the network saw in them, and where each lies on a map.

Row i of `features.safetensors` and `map.safetensors` belongs to the i-th row of `cases.csv` that has no error.
"""

import csv
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from viewer.domain.certificate import Certificate
from viewer.domain.errors import ViewerError
from viewer.domain.result import Light
from viewer.evaluation.table import PredictionTable, read_predictions
from viewer.present.rows import Cell, path_text
from viewer.report.rows import write_whole, writing

CASES = "cases.csv"
FEATURES = "features.safetensors"
MAP = "map.safetensors"
RECORD = "cohort.json"
REPORT = "report.json"
PAGE = "index.html"

FORMAT = 1
"""Raised when `cohort.json` changes its meaning."""

_WORDS = ("bundle", "version", "digest", "modality", "data", "root", "made", "device")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What a model's certificate claims of single pictures, as far as an evaluation can check it.

    Attributes:
        sentence: The claim, or that nothing is certified.
        risk: Certified share of errors among green answers.
        delta: The claim holds with confidence 1 − δ.
        critical_risk: Certified share of critical cases among green answers for other classes.
        green, red, missed: Whether that part of the claim is certified.
    """

    sentence: str
    risk: float
    delta: float
    critical_risk: float
    green: bool
    red: bool
    missed: bool

    @classmethod
    def of(cls, certificate: Certificate) -> Self:
        """What a certificate claims."""
        return cls(
            sentence=certificate.claim,
            risk=certificate.risk,
            delta=certificate.delta,
            critical_risk=certificate.critical_risk,
            green=certificate.green is not None,
            red=certificate.red is not None,
            missed=certificate.missed is not None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortRecord:
    """The content of `cohort.json`: what the rows were made with.

    Attributes:
        bundle, version, digest: Of the model.
        modality: What it is made for.
        critical_classes: Those that must not be missed.
        claimed: Of its certificate for single pictures; None where nothing was tested.
        facts: Of the model, as title and words.
        data: What was asked for, in words.
        notes: On the data, one sentence each.
        caveats: Those notes without which the figures would be misread.
        root: Absolute folder that the paths of the cases start from.
        rows: Cases with an answer.
        unread: Cases that could not be read or assessed.
        made: ISO date and time.
        device: Where the network ran.
    """

    bundle: str
    version: str
    digest: str
    modality: str
    critical_classes: tuple[str, ...]
    claimed: Claimed | None
    facts: tuple[tuple[str, str], ...] = ()
    data: str = ""
    notes: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    root: str = ""
    rows: int = 0
    unread: int = 0
    made: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cohort:
    """An evaluated cohort of n cases.

    Attributes:
        folder: Where it was read from.
        record: What it was made with.
        table: Truth, answers, probabilities, trusts and lights of the n cases, in the order of `cases.csv`.
        rows: The same rows as they are written, text by column: for reasons, trails and whatever else stands there.
        unread: File and sentence of every case that could not be read or assessed.
        features: float16 (n, D), penultimate features; None where none were kept.
        map: float32 (n, 2), where each case lies on the map; None where none was made.
    """

    folder: Path
    record: CohortRecord
    table: PredictionTable
    rows: tuple[Mapping[str, str], ...] = field(repr=False)
    unread: tuple[tuple[str, str], ...] = field(repr=False)
    features: NDArray[np.float16] | None
    map: NDArray[np.float32] | None

    def __len__(self) -> int:
        """Number of cases with an answer."""
        return len(self.rows)

    def path(self, case: int) -> Path:
        """The file of a case."""
        return Path(self.record.root) / self.rows[case]["file"]

    def frame(self, case: int) -> int:
        """Index of the case's frame in its file."""
        return int(self.rows[case]["frame"])

    def group(self, case: int) -> str:
        """Patient, else lesion, of a case. Never logged."""
        return self.rows[case]["group"]

    def light(self, case: int) -> Light:
        """Light of a case."""
        return Light(self.rows[case]["light"])

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """Whether each answer is wrong, (n,)."""
        wrong: NDArray[np.bool_] = self.table.true != self.table.answer
        return wrong

    @property
    def trust(self) -> NDArray[np.float64]:
        """Combined trust of each case, (n,); NaN where there is none."""
        return self.table.trusts["trust"]


def cohort_columns(classes: tuple[str, ...], scorers: tuple[str, ...]) -> tuple[str, ...]:
    """Columns of `cases.csv`, in order; all but the times are those of other tables of the viewer."""
    return (
        *("id", "file", "frame", "group", "true", "predicted", "final", "trail"),
        *(f"p_{name}" for name in classes),
        *("trust", *(f"trust_{name}" for name in scorers)),
        *("light", "reason", "suitability", "fingerprint", "error", "decode_ms", "assess_ms", "bare_ms"),
    )


def case_id(file: str, frame: int | None) -> Cell:
    """Names a case: its file, and the frame behind `#`, counted from 0."""
    return path_text(file if frame is None else f"{file}#{frame}")


def read_cohort(folder: Path) -> Cohort:
    """Read a cohort that `viewer evaluate` wrote.

    Raises:
        ViewerError: One sentence naming the file and the cause: it is absent, damaged, or does not fit the others.
    """
    record = read_record(folder)
    every = _rows(folder / CASES)
    places = [place for place, row in enumerate(every) if not row.get("error")]
    rows = tuple(every[place] for place in places)
    table = read_predictions(folder / CASES).take(np.array(places, dtype=np.intp))
    if "trust" not in table.trusts or not {"file", "frame", "group", "light"} <= set(every[0]):
        raise ViewerError(f"{folder / CASES}: is no table of a cohort, as viewer evaluate --html writes it")
    return Cohort(
        folder=folder,
        record=record,
        table=table,
        rows=rows,
        unread=tuple((row["file"], row["error"]) for row in every if row.get("error")),
        features=_array(folder / FEATURES, "features", len(rows)),
        map=read_map(folder, len(rows)),
    )


def read_record(folder: Path) -> CohortRecord:
    """Read `cohort.json`.

    Raises:
        ViewerError: It is absent, or not what it should be.
    """
    path = folder / RECORD
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ViewerError(f"{folder}: holds no finished cohort (there is no {RECORD})") from error
    except (OSError, ValueError) as error:
        raise ViewerError(f"{path}: cannot be read") from error
    try:
        return _record(found)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ViewerError(f"{path}: is no record of a cohort that this viewer knows") from error


def write_record(folder: Path, record: CohortRecord) -> None:
    """Write `cohort.json`: from then on the cohort counts as finished.

    Raises:
        ViewerError: It cannot be written.
    """
    with writing(folder / RECORD):
        plain = {"format": FORMAT, **asdict(record)}
        write_whole(folder / RECORD, json.dumps(plain, indent=1, ensure_ascii=False) + "\n")


def write_features(folder: Path, features: NDArray[np.float16]) -> None:
    """Write `features.safetensors`; see `Cohort.features`.

    Raises:
        ViewerError: It cannot be written.
    """
    _write(folder / FEATURES, "features", features.astype(np.float16))


def write_map(folder: Path, places: NDArray[np.float32]) -> None:
    """Write `map.safetensors`; see `Cohort.map`.

    Raises:
        ViewerError: It cannot be written.
    """
    _write(folder / MAP, "map", places.astype(np.float32))


def read_map(folder: Path, rows: int) -> NDArray[np.float32] | None:
    """Read the map of a cohort of so many cases; None where there is none.

    Raises:
        ViewerError: It is damaged, or of another number of cases.
    """
    return _array(folder / MAP, "map", rows)


def _write(path: Path, name: str, array: NDArray[Any]) -> None:
    draft = path.with_name(path.name + ".new")
    with writing(path):
        draft.write_bytes(safetensors.numpy.save({name: np.ascontiguousarray(array)}))
        draft.replace(path)


def _array(path: Path, name: str, rows: int) -> NDArray[Any] | None:
    """One array with a row for each case; None where there is no such file."""
    try:
        found = safetensors.numpy.load(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, safetensors.SafetensorError) as error:
        raise ViewerError(f"{path}: cannot be read") from error
    array = found.get(name)
    if array is None or array.ndim != 2 or array.dtype.kind != "f" or not np.isfinite(array).all():
        raise ViewerError(f"{path}: holds no table {name!r} of finite numbers")
    if len(array) != rows or (name == "map" and array.shape[1] != 2):
        raise ViewerError(f"{path}: is of shape {array.shape}, which does not fit {rows} cases")
    array.setflags(write=False)
    return array


def _rows(path: Path) -> list[dict[str, str]]:
    """Every row as text; what is wrong with a table is said by `read_predictions`, which follows."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [{k: v for k, v in row.items() if isinstance(v, str)} for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ViewerError(f"{path}: the table cannot be read") from error
    if not rows:
        raise ViewerError(f"{path}: the table has no rows")
    return rows


def _record(found: Mapping[str, Any]) -> CohortRecord:
    if found["format"] != FORMAT:
        raise ValueError("another format")
    claimed = found["claimed"]
    words = {name: str(found[name]) for name in _WORDS}
    return CohortRecord(
        **words,
        critical_classes=tuple(map(str, found["critical_classes"])),
        claimed=None if claimed is None else Claimed(**claimed),
        facts=tuple((str(title), str(fact)) for title, fact in found["facts"]),
        notes=tuple(map(str, found["notes"])),
        caveats=tuple(map(str, found.get("caveats", ()))),
        rows=int(found["rows"]),
        unread=int(found["unread"]),
    )
