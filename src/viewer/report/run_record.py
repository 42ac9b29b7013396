"""What a run was made with, kept beside its table, so that only the same run goes on with it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from viewer.domain.errors import ViewerError
from viewer.report.rows import write_whole, writing

FORMAT = 3
"""Raised when a record, or the meaning of a column, changes."""


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """Everything that decides what a row says; two runs with equal records write equal rows.

    Attributes:
        table: File name of the table.
        bundle: Name and version of the model.
        digest: Of the bundle.
        plugins: Versions of scorers, opinions and their plugins, by name.
        columns: Of the table.
        settings: Those that change results.
        second: Name, version and `weights_sha256` of the model that was compared with; None without one.
    """

    table: str
    bundle: str
    digest: str
    plugins: Mapping[str, str]
    columns: tuple[str, ...]
    settings: Mapping[str, str]
    second: Mapping[str, str] | None = None

    def begin(self, path: Path, *, fresh: bool) -> None:
        """Make sure that the table `path` may be gone on with, or start it anew.

        Args:
            path: The table; its record lies beside it.
            fresh: Replace what is there.

        Raises:
            ViewerError: What is there belongs to another run, in one sentence.
        """
        with writing(path):
            if fresh:
                for leftover in (record_path(path), path, clips_path(path)):
                    leftover.unlink(missing_ok=True)
            if not record_path(path).exists():
                self._start(path)
                return
        difference = self._difference(_read(record_path(path)))
        if difference:
            raise ViewerError(f"{path} was begun with {difference}; choose another file or start over with --fresh")

    def _start(self, path: Path) -> None:
        for table in (path, clips_path(path)):
            if table.exists() and table.stat().st_size:
                raise ViewerError(
                    f"{table} is there already and is not from an unfinished run; choose another file or --fresh"
                )
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(record_path(path), json.dumps(self._plain(), indent=1, ensure_ascii=False) + "\n")

    def _plain(self) -> dict[str, Any]:
        plain = asdict(self)
        if self.second is None:
            del plain["second"]  # as a record of a model alone always was
        return {"format": FORMAT, **plain}

    def _difference(self, found: Mapping[str, Any]) -> str:
        """What is different in an earlier run's record, in words; empty when nothing is."""
        mine = json.loads(json.dumps(self._plain()))
        if found == mine:
            return ""
        if found.get("format") != FORMAT:
            return "another version of the viewer"
        if found.get("table") != self.table:
            return f"the table {found.get('table')}"
        if found.get("digest") != self.digest:
            same_name = found.get("bundle") == self.bundle
            return f"other weights of {self.bundle}" if same_name else f"the model {found.get('bundle')}"
        if found.get("second") != mine.get("second"):
            return _compared_with(found.get("second"))
        if found.get("plugins") != mine["plugins"]:
            return f"other plugins ({_changed(found.get('plugins'), mine['plugins'])})"
        if found.get("settings") != mine["settings"]:
            return f"other settings ({_changed(found.get('settings'), mine['settings'])})"
        return "other columns"


def record_path(table: Path) -> Path:
    """Where a table's record lies."""
    return table.with_suffix(".run.json")


def clips_path(table: Path) -> Path:
    """Where the table of clips of a run lies."""
    return table.with_suffix(".clips.csv")


def _read(path: Path) -> Mapping[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ViewerError(f"{path}: cannot be read; choose another file or start over with --fresh") from error
    return record if isinstance(record, dict) else {}


def _compared_with(second: object) -> str:
    """Which second model a record names, in words."""
    if not isinstance(second, dict):
        return "no second model"
    return f"the second model {second.get('name')} {second.get('version')}, or other weights of it"


def _changed(found: object, mine: Mapping[str, Any]) -> str:
    """Names whose values differ."""
    before = found if isinstance(found, dict) else {}
    names = sorted(name for name in {*before, *mine} if before.get(name) != mine.get(name))
    return ", ".join(names)
