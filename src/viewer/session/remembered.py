"""What is remembered from one sitting to the next: one small file, which may be missing, damaged or shared.

It is a convenience and never a record: what a reader confirmed is in the journal. A value that makes no sense is
passed over, and several viewers may write at once.
"""

import base64
import json
import os
import time
from binascii import Error as NotBase64
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from viewer.domain.errors import ViewerError

MOST_RECENT = 10
"""Entries of the list of what was opened."""

MOST_PATHS = 500
"""Paths that are remembered of one entry, or of a sitting."""

LARGEST = 1 << 22
"""Bytes beyond which the file is none of ours."""

_LOCK_STALE_S = 2.0
_LOCK_WAIT_S = 3.0

Paths = tuple[str, ...]
"""Files and folders that were opened together, absolute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowLayout:
    """Place and size of a window and of its docks, in the words of the toolkit.

    Attributes:
        version: Of the window's parts; another one is not restored.
        width, height: Size of the window in pixels when it was left.
        geometry, docks: As the toolkit saves them.
        unfolded: Leading scorers whose families of rows were open.
    """

    version: int
    width: int
    height: int
    geometry: bytes
    docks: bytes
    unfolded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """What a reader had before them.

    Attributes:
        paths: Files and folders that were opened, in order.
        studies: Number of studies in them.
        clip: File of the clip on screen, or `""`.
        frame: On screen, from 0.
        bundle: Model that was chosen by name, or `""`.
        modality: What the reader said such pictures show, or `""`.
        more: What parts of the window keep beside this, each under its own name; values of JSON.
    """

    paths: Paths
    studies: int = 0
    clip: str = ""
    frame: int = 0
    bundle: str = ""
    modality: str = ""
    more: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """Everything that is remembered.

    Attributes:
        recent: What was opened, the latest first.
        layout: How the window was left; None for the first start.
        last: The sitting before this one; None where there was none.
        notice: Version of the first notice that was accepted; 0 for none.
        fault: Why something was passed over, one sentence; `""` where nothing was.
    """

    recent: tuple[Paths, ...] = ()
    layout: WindowLayout | None = None
    last: Sitting | None = None
    notice: int = 0
    fault: str = ""


class MemoryFile:
    """The file. Its methods may be called from any thread, and from several viewers."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Remembered:
        """What is remembered; never raises."""
        table, damaged = self._table()
        parts: dict[str, Any] = {}
        for name, decode in _DECODERS.items():
            if name in table:
                try:
                    parts[name] = decode(table[name])
                except (TypeError, ValueError, KeyError, NotBase64):
                    damaged = True
        fault = f"{self._path.name}: a part of what was remembered is damaged and was passed over" if damaged else ""
        return Remembered(**parts, fault=fault)

    def add_recent(self, paths: Sequence[str]) -> tuple[Paths, ...]:
        """Remember what was opened, as the latest; returns the list. Raises as `keep_last` does."""

        def add(table: dict[str, Any]) -> None:
            entry = tuple(paths)[:MOST_PATHS]
            try:
                known = _recent(table.get("recent", []))
            except (TypeError, ValueError):
                known = ()
            table["recent"] = [entry, *(other for other in known if other != entry)][:MOST_RECENT]

        return _recent(self._change(add)["recent"])

    def forget_recent(self) -> None:
        """Forget what was opened, the last sitting included. Raises as `keep_last` does."""
        self._change(lambda table: (table.pop("recent", None), table.pop("last", None)))

    def keep_last(self, sitting: Sitting) -> None:
        """Remember what a reader has before them.

        Raises:
            ViewerError: The file cannot be written: one sentence.
        """
        value = {name: getattr(sitting, name) for name in Sitting.__slots__}
        self._change(lambda table: table.update(last={**value, "paths": sitting.paths[:MOST_PATHS]}))

    def keep_layout(self, layout: WindowLayout) -> None:
        """Remember how the window was left. Raises as `keep_last` does."""
        value = {name: getattr(layout, name) for name in WindowLayout.__slots__}
        for name in ("geometry", "docks"):
            value[name] = base64.b64encode(value[name]).decode("ascii")
        self._change(lambda table: table.update(layout=value))

    def keep_notice(self, version: int) -> None:
        """Remember that the first notice was accepted. Raises as `keep_last` does."""
        self._change(lambda table: table.update(notice=version))

    def _table(self) -> tuple[dict[str, Any], bool]:
        """The file as it is, and whether it is damaged; what a newer viewer wrote into it stays."""
        try:
            if self._path.stat().st_size > LARGEST:
                return {}, True
            table = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}, False
        except (OSError, ValueError, RecursionError):
            return {}, True
        return (table, False) if isinstance(table, dict) else ({}, True)

    def _change(self, change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """Read, change and replace the file in one step, one viewer after the other."""
        draft = self._path.with_suffix(f".{os.getpid()}.new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._alone():
                table, _ = self._table()
                change(table)
                handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)  # paths may hold names
                with os.fdopen(handle, "w", encoding="utf-8") as stream:
                    json.dump(table, stream)
                os.replace(draft, self._path)  # noqa: PTH105 - atomic on every system
        except OSError as error:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            why = f"{self._path.name}: what is open cannot be remembered for the next start ({error.strerror})"
            raise ViewerError(why) from error
        return table

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other viewers waiting; a lock that a killed one left behind is taken away."""
        lock = self._path.with_suffix(".lock")
        end = time.monotonic() + _LOCK_WAIT_S
        while time.monotonic() < end:
            try:
                os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
                break
            except (FileExistsError, PermissionError):  # the latter on Windows, while it is being removed
                with suppress(OSError):
                    if time.time() - lock.stat().st_mtime > _LOCK_STALE_S:
                        lock.unlink()
                time.sleep(0.005)
        try:
            yield
        finally:
            with suppress(OSError):
                lock.unlink(missing_ok=True)


def _recent(value: Any) -> tuple[Paths, ...]:  # noqa: ANN401 - of JSON
    return tuple(_paths(entry) for entry in _list(value))[:MOST_RECENT]


def _paths(value: Any) -> Paths:  # noqa: ANN401 - of JSON
    paths = tuple(_checked(path, str) for path in _list(value))[:MOST_PATHS]
    if not paths or not all(path and "\0" not in path for path in paths):
        raise ValueError("an empty path")
    return paths


def _layout(value: Any) -> WindowLayout:  # noqa: ANN401 - of JSON
    version, width, height = (_checked(value[name], int) for name in ("version", "width", "height"))
    geometry, docks = (base64.b64decode(_checked(value[name], str), validate=True) for name in ("geometry", "docks"))
    unfolded = tuple(_checked(name, str) for name in _list(value.get("unfolded", ())))
    return WindowLayout(
        version=version, width=width, height=height, geometry=geometry, docks=docks, unfolded=unfolded
    )


def _sitting(value: Any) -> Sitting:  # noqa: ANN401 - of JSON
    kinds = {"studies": int, "clip": str, "frame": int, "bundle": str, "modality": str, "more": dict}
    rest = {name: _checked(value[name], kind) for name, kind in kinds.items() if name in value}
    if min(rest.get("studies", 0), rest.get("frame", 0)) < 0:
        raise ValueError("a negative number")
    return Sitting(paths=_paths(value["paths"]), **rest)


def _checked(value: Any, kind: type) -> Any:  # noqa: ANN401 - of JSON
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"not a {kind.__name__}")
    return value


def _list(value: Any) -> Sequence[Any]:  # noqa: ANN401 - of JSON
    if not isinstance(value, list | tuple):
        raise TypeError("not a list")
    return value


_DECODERS: Mapping[str, Callable[[Any], object]] = {
    "recent": _recent,
    "layout": _layout,
    "last": _sitting,
    "notice": lambda value: _checked(value, int),
}
