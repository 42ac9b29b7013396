"""Reports of faults on disk, and what tells the next start that this one ended badly."""

import faulthandler
import logging
import os
import platform
import re
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path

from viewer.hookspecs import ENTRY_POINT_GROUP
from viewer.session.faults import told, told_of_dump

MOST_REPORTS = 50
"""Reports that are kept on disk; the oldest goes first."""

MOST_PER_RUN = 20
"""Different faults that one run of the program writes reports of."""

COMMANDS_TOLD = 30
"""Commands before a fault that its report names."""

LARGEST_DUMP = 1 << 18
"""Bytes of a dump that are looked at."""

ENDED = "ended without being closed"
"""In place of a kind, where nothing is known: it was killed, or the system went down."""

NOTHING_MORE = "The time is that of its last command. Somebody or the system may have ended it, or the power went."

_LIBRARIES = ("PySide6-Essentials", "pyqtgraph", "numpy", "torch", "torchvision", "pydicom", "av", "imagecodecs")
_REPORT = re.compile(r"fault-(\d{8}-\d{6})-\d+(?:-\d+)?\.txt\Z")
_RUNNING = re.compile(r"running-(\d{8}-\d{6})-(\d+)\.txt\Z")
_KIND = "kind: "
_COMMAND = re.compile(r"command ([a-z_]+)\Z")
_STAMP = "%Y%m%d-%H%M%S"


@dataclass(frozen=True, slots=True)
class FaultReport:
    """One report.

    Attributes:
        text: All of it; free of data.
        path: Where it lies; None where it could not be written.
    """

    text: str
    path: Path | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A report on disk.

    Attributes:
        path: Where it lies.
        time: When it happened, UTC.
        kind: Of what kind it was.
    """

    path: Path
    time: datetime
    kind: str


class FaultReports(logging.Handler):
    """Writes a report of every fault that the program logs, and tells the window of it.

    It writes at once and on whatever thread the fault happened, because the program may be about to end.
    """

    def __init__(self, folder: Path, tell: Callable[[FaultReport], None] = lambda report: None) -> None:
        """Prepare.

        Args:
            folder: Where reports go; made with the first.
            tell: Called with each report, on the thread of the fault.
        """
        super().__init__(logging.ERROR)
        self.tell = tell
        self.commands: deque[str] = deque(maxlen=COMMANDS_TOLD)
        self._folder = folder
        self._seen: set[tuple[str, ...]] = set()
        self._writing = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        """Report what a record says of an error; the same fault once."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None or getattr(self._writing, "now", False):
            return
        lines = told(error)
        key = tuple(lines)
        if key in self._seen or len(self._seen) >= MOST_PER_RUN:
            return
        self._seen.add(key)
        self._writing.now = True
        try:
            where = "GUI thread" if threading.current_thread() is threading.main_thread() else "another thread"
            now, number = datetime.now(UTC), len(self._seen)
            text = report_text(now, lines[-1].strip(), [f"noticed by {record.name}, {where}", *lines], self.commands)
            self.tell(write(self._folder, now, f"{os.getpid()}-{number}", text))
        finally:
            self._writing.now = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Say nothing: a report that fails must not be a fault of its own."""


class Running:
    """A file that is there while the viewer runs; what a fatal signal leaves is dumped into it."""

    def __init__(self, folder: Path, thread: Executor) -> None:
        """Begin; where the file cannot be made, only less is known after a crash.

        Args:
            folder: Where reports go.
            thread: One thread of its own, which writes the names of commands.
        """
        self._thread = thread
        self._stream = None
        path = folder / f"running-{datetime.now(UTC):{_STAMP}}-{os.getpid()}.txt"
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            self._stream = path.open("ab", buffering=0)
            faulthandler.enable(self._stream)
        self.path = path

    def note(self, command: str) -> None:
        """Note the name of a command."""
        if self._stream is not None:
            self._thread.submit(self._write, f"command {command}\n".encode("ascii", "replace"))

    def close(self) -> None:
        """The viewer was closed: nothing is left to tell."""
        self._thread.shutdown(wait=True)
        if self._stream is not None:
            faulthandler.disable()
            self._stream.close()
            with suppress(OSError):
                self.path.unlink()

    def _write(self, line: bytes) -> None:
        if self._stream is not None:
            with suppress(OSError):
                self._stream.write(line)


def gather(folder: Path) -> tuple[FaultReport, ...]:
    """Make reports of what viewers left that ended badly and run no more; call it before `Running` begins."""
    reports = []
    for path in sorted(folder.glob("running-*.txt")):
        name = _RUNNING.match(path.name)
        if name is None or _runs(int(name[2])):
            continue
        claimed = path.with_suffix(f".{os.getpid()}")
        try:
            path.rename(claimed)  # Windows refuses while its viewer runs; of two viewers that look, one succeeds
            time = datetime.fromtimestamp(claimed.stat().st_mtime, UTC)
            with claimed.open("rb") as stream:
                left = stream.read(LARGEST_DUMP).decode("utf-8", "replace")
            claimed.unlink()
        except OSError:
            continue
        commands = [found[1] for line in left.splitlines() if (found := _COMMAND.match(line))]
        end, lines = told_of_dump(left)
        text = report_text(time, end or ENDED, lines or [NOTHING_MORE], commands[-COMMANDS_TOLD:])
        reports.append(write(folder, time, name[2], text))
    return tuple(reports)


def listed(folder: Path) -> tuple[Listed, ...]:
    """The reports in a folder, the latest first."""
    found = []
    for path in folder.glob("fault-*.txt"):
        name = _REPORT.match(path.name)
        if name is not None:
            with suppress(OSError):
                lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
                kind = next((line.removeprefix(_KIND) for line in lines if line.startswith(_KIND)), "")
                found.append(Listed(path, datetime.strptime(name[1], _STAMP).replace(tzinfo=UTC), kind))
    return tuple(sorted(found, key=lambda report: (report.time, report.path.name), reverse=True))


def report_text(time: datetime, kind: str, fault: Sequence[str], commands: Iterable[str]) -> str:
    """The words of a report.

    Args:
        time: When it happened.
        kind: Of what kind it was, one line.
        fault: Lines on it, free of data.
        commands: Names of the commands before it, the latest last.
    """
    plugins = sorted({f"{p.dist.name} {p.dist.version}" for p in entry_points(group=ENTRY_POINT_GROUP) if p.dist})
    return "\n".join(
        [
            "Fault of the viewer. This report names places in the program; it holds no names, pictures or files.",
            "",
            f"time: {time:%Y-%m-%d %H:%M:%S} UTC",
            f"{_KIND}{kind}",
            f"viewer: {_version('reliability-viewer')}",
            f"python: {platform.python_version()}",
            f"system: {platform.platform()}",
            f"libraries: {', '.join(f'{name} {_version(name)}' for name in _LIBRARIES)}",
            f"plugins: {', '.join(plugins) or 'none'}",
            "",
            *fault,
            "",
            f"commands before it, the latest last: {', '.join(commands) or 'none'}",
            "",
        ]
    )


def write(folder: Path, time: datetime, number: str, text: str) -> FaultReport:
    """Keep a report; the oldest ones go."""
    path = folder / f"fault-{time:{_STAMP}}-{number}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        for old in listed(folder)[MOST_REPORTS:]:
            old.path.unlink(missing_ok=True)
    except OSError:
        return FaultReport(text, None)
    return FaultReport(text, path)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "–"


def _runs(number: int) -> bool:
    """Whether a process of that number runs; on Windows the open file tells."""
    if number == os.getpid():  # what an earlier process of this number left
        return False
    if sys.platform == "win32":
        return False
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
