"""A fault in words that hold no data: where in the program it happened and of what kind it is.

Messages, arguments, local variables and names of files may hold names of patients, so none of them is ever written.
What remains comes from the code alone.
"""

import errno
import importlib.util
import re
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path, PurePath
from traceback import walk_tb
from types import CodeType, FrameType

OTHER_CODE = "other code"
"""A place in no module that was imported: its name may be anything."""

MOST_ERRORS = 12
"""Causes and members of groups that are told of one fault."""

MOST_PLACES = 60
"""Places that are told of one error, the innermost ones."""

_FATAL = re.compile(r"(?:Fatal Python error|Windows fatal exception): (.*)")
_CODE = re.compile(r"code 0x[0-9a-f]+\Z")
_ENDS = {
    "Segmentation fault",
    "Aborted",
    "Bus error",
    "Floating point exception",
    "Floating-point exception",
    "Illegal instruction",
    "access violation",
    "float divide by zero",
    "float overflow",
    "int divide by zero",
    "integer overflow",
    "page error",
    "stack overflow",
}
"""What `faulthandler` calls the ends of a program; anything else might quote data."""

_THREAD = re.compile(r"(Current thread|Thread) 0x[0-9a-f]+ ")
_DUMPED = re.compile(r'  File "(.*)", line (\d+) in (\S.*)$')
_FUNCTION = re.compile(r"[\w.<>]+\Z")


def told(error: BaseException) -> list[str]:
    """Lines on a fault: the places of every error that led to it, innermost last, then its kind; causes first."""
    lines: list[str] = []
    for one in _chain(error):
        frames = list(walk_tb(one.__traceback__))
        lines += [f"  {_place(frame, line)}" for frame, line in frames[-MOST_PLACES:]]
        lines.append(f"  {kind(one)}{_detail(one, frames[-1][0] if frames else None)}")
    return lines


def kind(error: BaseException) -> str:
    """Name of the kind of an error, or of the nearest one that a module has."""
    known = (made for made in type(error).__mro__ if _has(made.__module__, made.__qualname__, made))
    return next(known, BaseException).__name__


def told_of_dump(dump: str) -> tuple[str, list[str]]:
    """What a dump of `faulthandler` says: the kind of the end, `""` where there is none, and the places."""
    end, lines = "", []
    for line in dump.splitlines():
        if fatal := _FATAL.match(line):
            end = end or (fatal[1] if fatal[1] in _ENDS or _CODE.match(fatal[1]) else "fatal error")
        elif thread := _THREAD.match(line):
            which = "the thread that failed" if thread[1] == "Current thread" else "another thread"
            lines.append(f"  {which}, innermost first")
        elif (frame := _DUMPED.match(line)) and end:
            module = _module_of(frame[1])
            named = module and _FUNCTION.match(frame[3])
            lines.append(f"    {module}:{frame[2]} in {frame[3]}" if named else f"    {OTHER_CODE}")
    return end, lines


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The errors that led to one, the first cause first, and those it groups."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting and len(found) < MOST_ERRORS:
        one = waiting.pop()
        if not any(one is known for known in found):
            found.append(one)
            members = one.exceptions if isinstance(one, BaseExceptionGroup) else ()
            cause = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
            waiting += [*members, *([cause] if cause is not None else [])]
    return reversed(found)


def _place(frame: FrameType, line: int) -> str:
    module = frame.f_globals.get("__name__")
    loaded = sys.modules.get(module) if isinstance(module, str) else None
    if loaded is None or vars(loaded) is not frame.f_globals:
        return OTHER_CODE
    return f"{module}:{line} in {frame.f_code.co_qualname}"


def _detail(error: BaseException, frame: FrameType | None) -> str:
    """What more is known of an error and comes from the code or the system, not from the data."""
    if isinstance(error, OSError) and error.errno is not None and error.errno in errno.errorcode:
        return f" ({errno.errorcode[error.errno]})"
    if isinstance(error, AttributeError | NameError | ImportError) and frame is not None:
        name = error.name
        return f" ({name})" if name in _names(frame.f_code) and _place(frame, 0) != OTHER_CODE else ""
    return ""


def _names(code: CodeType) -> tuple[str, ...]:
    """What a piece of code itself calls by name."""
    return code.co_names + code.co_varnames + code.co_freevars + code.co_cellvars


def _has(module: str, name: str, value: object) -> bool:
    return getattr(sys.modules.get(module), name, None) is value


def _module_of(file: str) -> str:
    """The module a file of code belongs to; `""` where it lies in no place that modules are imported from."""
    path = PurePath(file)
    roots = {Path(place) for place in (*sysconfig.get_paths().values(), *sys.path) if place} - {Path.cwd()}
    for root in sorted(roots, key=lambda root: -len(root.parts)):
        if root.is_absolute() and path.is_relative_to(root):
            parts = path.relative_to(root).with_suffix("").parts
            return ".".join(parts) if all(part.isidentifier() for part in parts) and _importable(parts[0]) else ""
    return ""


def _importable(name: str) -> bool:
    return name in sys.modules or name in sys.stdlib_module_names or importlib.util.find_spec(name) is not None
