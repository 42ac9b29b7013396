"""What kills cost while two viewers record reviews in one database, and what one confirmed review costs.

Two processes do as fast as they can what the journal keeps: answers, drawn and removed distances, key images, reveals
and overrides, through the thread that writes for the window. They tell of each act once it is confirmed. Both are
killed without warning (SIGKILL; on Windows TerminateProcess) at a moment drawn at random after each has told of one,
and a quarter as often again while they open the database. After every kill the whole chain is checked; in the end
each entry that was told must be there with its hash. A kill leaves what was written to the operating system; what a
power cut leaves is tested apart, by tearing the log at many places.
"""

import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from measure import Figure, arguments, interleaved, median_ms, p95_ms, write
from PIL import Image
from reviewing import READY, review

from viewer.store.acts import Subject
from viewer.store.audit import audit
from viewer.store.entries import entry_text
from viewer.store.journal import Journal

KILLS = 200
REVIEWERS = ("anna", "berta")
LONGEST_S = 0.1
"""Of reviewing, or of opening the database, before a kill."""

ROUNDS = 25
"""Kills on one database; then another is begun, as every kill is followed by a check of the whole."""

PICTURES = 4
_REVIEWING = Path(__file__).with_name("reviewing.py")
_SUBJECT = Subject(study="1.2", series="1.2.3", file="scans/1.dcm", digest="a" * 64)

Told = tuple[int, str, str]
"""Number, hash and kind of an entry."""


def killed(path: Path, pictures: Sequence[Path], seconds: float, *, reviewing: bool) -> list[Told]:
    """Let the reviewers work for a while and kill them.

    Args:
        path: The database.
        pictures: What they look at.
        seconds: How long they work.
        reviewing: Count from when each has confirmed an entry; else from when they begin to open the database.

    Returns:
        Every entry they had told of.
    """
    processes = [
        subprocess.Popen([sys.executable, _REVIEWING, path, reader, *pictures], stdout=subprocess.PIPE, text=True)
        for reader in REVIEWERS
    ]
    told = ""
    try:
        for process in processes:
            told += _line(process)
            told += _line(process) if reviewing else ""
        time.sleep(seconds)
    finally:
        for process in processes:
            process.kill()
    for process in processes:
        told += _whole_lines(process.communicate()[0])
    lines = [line.split() for line in told.splitlines() if line != READY]
    return [(int(number), digest, kind) for number, digest, kind in lines]


def _line(process: subprocess.Popen[str]) -> str:
    """The next line a process prints."""
    if process.stdout is None:
        raise RuntimeError("the process has no pipe")
    return process.stdout.readline()


def _whole_lines(text: str) -> str:
    """What was printed, without a line that was torn by the kill."""
    return text[: text.rfind("\n") + 1]


def outcome_of_kills(
    path: Path, pictures: Sequence[Path], plan: Sequence[bool], moments: random.Random
) -> Counter[str]:
    """Kill as planned, each time on the same database; counts of entries, by kind, and of checks."""
    confirmed: list[Told] = []
    counts = Counter[str]()
    for reviewing in plan:
        confirmed += killed(path, pictures, moments.uniform(0, LONGEST_S), reviewing=reviewing)
        with Journal(path) as journal:
            counts["damaged"] += not audit(journal).intact
            present = {number: digest for number, _, digest in journal.stored()}
    counts["confirmed"] = len(confirmed)
    counts.update(f"confirmed: {kind}" for _, _, kind in confirmed)
    counts["lost"] = sum(present.get(number) != digest for number, digest, _ in confirmed)  # also where it forked
    counts["on disk"] = len(present)
    return counts


def lost_by_kills(folder: Path, kills: int) -> tuple[Figure, Figure]:
    """Confirmed entries that are gone, and databases that are not whole, after `kills` kills."""
    moments = random.Random(0)  # noqa: S311 - draws no secrets
    pictures = [folder / f"{number}.png" for number in range(PICTURES)]
    for number, picture in enumerate(pictures):
        Image.new("L", (64, 64), number).save(picture)
    opening = kills // 4
    plan = [True] * kills + [False] * opening
    moments.shuffle(plan)
    counts = Counter[str]()
    for start in range(0, len(plan), ROUNDS):
        counts += outcome_of_kills(folder / f"reviews {start}.db", pictures, plan[start : start + ROUNDS], moments)
    detail: dict[str, float | str] = {
        "kills of two processes that had confirmed entries": str(kills),
        "kills of two processes that opened the database": str(opening),
        "entries confirmed": str(counts["confirmed"]),
        "entries on disk": str(counts["on disk"]),
        **{name: str(number) for name, number in sorted(counts.items()) if name.startswith("confirmed: ")},
    }
    name = f"confirmed entries lost in {kills} kills during reviewing"
    return (
        Figure(name=name, value=counts["lost"], goal=0, unit="entries", detail=detail),
        Figure(
            name="the same: checks of the database that found a fault", value=counts["damaged"], goal=0, unit="checks"
        ),
    )


def bare_commit(path: Path, synchronous: str) -> Callable[[], object]:
    """Adds one row of the same text to a bare table."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    connection.execute("CREATE TABLE entry (sequence INTEGER PRIMARY KEY, text TEXT)")
    with Journal(path.with_name("text.db")) as journal:
        entry = journal.append(review("anna", _SUBJECT))
    text = entry_text(entry.sequence, entry.time, entry.act)
    return lambda: connection.execute("INSERT INTO entry (text) VALUES (?)", (text,))


def cost_of_a_commit(folder: Path, commits: int) -> Figure:
    """One confirmed review against one row in a bare table, both waiting for the disk."""
    with Journal(folder / "measured.db") as journal:
        seconds = interleaved(
            {
                "confirmed review": lambda: journal.append(review("anna", _SUBJECT)),
                "bare row": bare_commit(folder / "bare.db", "FULL"),
                "bare row, not waiting for the disk": bare_commit(folder / "careless.db", "OFF"),
            },
            commits,
        )
    detail: dict[str, float | str] = {f"{name} p50 ms": median_ms(values) for name, values in seconds.items()}
    detail["confirmed review p95 ms"] = p95_ms(seconds["confirmed review"])
    ratio = median_ms(seconds["confirmed review"]) / median_ms(seconds["bare row"])
    return Figure(
        name="one confirmed review, chained and on disk, against one row in a bare SQLite table (WAL, FULL)",
        value=ratio,
        goal=2.0,
        unit="×",
        detail={**detail, "commits": str(commits)},
    )


def main() -> None:
    """Kill, then measure."""
    options = arguments(__doc__)
    kills, commits = (10, 50) if options.quick else (KILLS, 2000)
    with tempfile.TemporaryDirectory() as folder:
        figures = [*lost_by_kills(Path(folder), kills), cost_of_a_commit(Path(folder), commits)]
    write(figures, options)


if __name__ == "__main__":
    main()
