"""Where the program begins: encoding, log file, and the commands that need a window."""

import logging
import os
import sys
import threading
import warnings
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from viewer.cli import BuiltIn
from viewer.cli import main as run_command
from viewer.resources import user_data
from viewer.session.faults import told

WINDOW_COMMANDS = {
    "open": BuiltIn("viewer.app", "open the window (the default)", "add_commands"),
    "explore": BuiltIn("viewer.app", "open an evaluated cohort in the window", "add_commands"),
    "snapshot": BuiltIn("viewer.app", "write a picture of the window", "add_commands"),
}
"""Their module imports Qt, so it is imported only when one of them is asked for."""

LARGEST_LOG = 1 << 20
"""Bytes after which the log starts anew; the one before is kept."""

log = logging.getLogger("viewer")


def main() -> int:
    """Run the command line; returns the exit status."""
    _speak_utf8()
    _keep_quiet()
    _write_log(user_data() / "logs" / "viewer.log")
    return run_command(sys.argv[1:], WINDOW_COMMANDS)


def _speak_utf8() -> None:
    """Pipes on Windows are not UTF-8 by themselves, and a file name may hold bytes that no encoding knows."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _keep_quiet() -> None:
    """Keep the warnings of libraries from the reader: they quote file contents, patient names among them."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    logging.getLogger().addHandler(logging.NullHandler())


def _write_log(path: Path) -> None:
    """Log warnings of the viewer's own, and faults with the place where they happened, into one file."""
    handler: logging.Handler = logging.NullHandler()
    with suppress(OSError):
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            os.replace(path, path.with_suffix(".old.log"))  # noqa: PTH105 - atomic on every system
        handler = _LogFile(path, encoding="utf-8", errors="backslashreplace", delay=True)
    handler.setFormatter(_Places("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.WARNING)
    log.propagate = False

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            print("viewer: stopped", file=sys.stderr)
            return
        log.critical("the program ended in a fault of its own", exc_info=(kind, error, trace))
        print(f"viewer: this is a fault of the program ({kind.__name__}); {path} says where", file=sys.stderr)

    sys.excepthook = report
    sys.unraisablehook = lambda args: log.error(
        "something ended in a fault where nobody could be told",
        exc_info=(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback),
    )
    threading.excepthook = lambda args: log.critical(
        "a thread ended in a fault of the program",
        exc_info=(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback),
    )


class _LogFile(logging.FileHandler):
    """A log that leaves no empty folder behind, and costs nobody anything where it cannot be written."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):
            Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Say nothing: the log is not what the person came for."""


class _Places(logging.Formatter):
    """Writes where a fault happened and of what kind it is, never its words: they may hold names of patients."""

    def formatException(self, ei: object) -> str:  # noqa: N802 - the name is logging's
        """The places of a traceback, innermost last, then the kind of the error."""
        error = ei[1] if isinstance(ei, tuple) else None
        return "\n".join(told(error)) if isinstance(error, BaseException) else ""


if __name__ == "__main__":
    sys.exit(main())
