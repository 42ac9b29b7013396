"""The command line: which commands there are, and how each ends."""

import argparse
import errno
import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn, Protocol, TypeAlias

from viewer.domain.command import COMMAND_NAME
from viewer.domain.errors import ViewerError

USAGE_ERROR = 2
INTERRUPTED = 130
OUTPUT_CLOSED = 1

_HELP = ("-h", "--help")

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Work = Callable[[argparse.Namespace], int]


class AnyCommand(Protocol):
    """A command, the viewer's own or a plugin's."""

    @property
    def help(self) -> str:
        """One line."""
        ...

    def add_parser(self, subparsers: Subparsers) -> None:
        """Register its parser."""
        ...

    def work(self, args: argparse.Namespace) -> Work | None:
        """What is to be done; None where the words do not say it yet."""
        ...


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A command of the viewer, known without importing what it needs.

    Attributes:
        module: Where it lives; its `register` adds the parser.
        help: One line.
        register: Function of the module that takes the subparsers; each parser it adds sets `func`.
    """

    module: str
    help: str
    register: str = "add_parser"

    def add_parser(self, subparsers: Subparsers) -> None:
        """Import the module, and let it register."""
        getattr(importlib.import_module(self.module), self.register)(subparsers)

    def work(self, args: argparse.Namespace) -> Work | None:
        """What the parser chose."""
        work: Work | None = getattr(args, "func", None)
        return work


COMMANDS: Mapping[str, BuiltIn] = {
    "assess": BuiltIn("viewer.cli.assess", "assess images without a window, into a table"),
    "info": BuiltIn("viewer.cli.info", "say what files hold, without assessing them"),
    "bundles": BuiltIn("viewer.cli.bundles", "list the models"),
    "plugins": BuiltIn("viewer.cli.plugins", "list the plugins"),
    "check-data": BuiltIn("viewer.cli.check_data", "check labelled data before anything is learned from them"),
    "near-duplicates": BuiltIn("viewer.cli.near_duplicates", "find pictures that are almost the same to a model"),
    "train": BuiltIn("viewer.cli.train", "train a model and measure how far it can be trusted"),
    "recipes": BuiltIn("viewer.cli.recipes", "list the ways of training, and explain one"),
    "cross-validate": BuiltIn("viewer.cli.cross_validate", "measure a recipe by nested cross-validation"),
    "evaluate": BuiltIn("viewer.cli.evaluate", "measure answers and trust of a model, or from a table"),
    "compare": BuiltIn("viewer.cli.compare", "compare two tables of predictions case by case"),
    "focus-report": BuiltIn("viewer.cli.focus_report", "show what a model looks at and how its features lie"),
    "shortcuts": BuiltIn("viewer.cli.shortcuts", "say whether answers rest on the lesion or on what lies around it"),
    "verify": BuiltIn("viewer.cli.verify", "say whether a model suits the pictures of a site, without labels"),
    "drift": BuiltIn("viewer.cli.drift", "say whether the cases here are like those a model was calibrated on"),
    "calibrate": BuiltIn("viewer.cli.calibrate", "fit the combined trust of a model and certify it"),
    "ensemble": BuiltIn("viewer.cli.ensemble", "let several models answer as one"),
    "plan-calibration": BuiltIn("viewer.cli.plan_calibration", "say how many groups a certificate takes"),
    "reference": BuiltIn("viewer.cli.reference", "add your own labelled pictures to compare with"),
    "reviews": BuiltIn("viewer.cli.reviews", "list the studies, and export what readers recorded"),
    "audit": BuiltIn("viewer.cli.audit", "check that the journal of reviews is whole"),
    "crash-reports": BuiltIn("viewer.cli.crash_reports", "list the reports of faults of the viewer itself"),
    "phantoms": BuiltIn("viewer.cli.phantoms", "write generated images with known truth"),
}
"""Commands that need no window."""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence rather than by printing the whole usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE_ERROR, f"{self.prog}: {message} (see {self.prog} --help)\n")


def build_parser(commands: Mapping[str, AnyCommand] = COMMANDS, chosen: str | None = None) -> argparse.ArgumentParser:
    """The parser of the command line.

    Only the chosen command is imported; the others appear in the help by their one line, so that `--help` and
    `--version` answer at once.

    Args:
        commands: By name, in the order of the help.
        chosen: The command that will be run, or None.
    """
    parser = _Parser(
        prog="viewer",
        description="Shows what an image classifier says, and whether it can be trusted here. "
        "Research software, not a medical device. Without a command the window opens: viewer [PATH …]",
    )
    parser.add_argument("--version", action="version", version=f"viewer {version('reliability-viewer')}")
    subparsers: Subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")  # type: ignore[assignment]
    if chosen is not None:
        commands[chosen].add_parser(subparsers)
        return parser
    for name, command in commands.items():
        subparsers.add_parser(name, help=command.help.replace("%", "%%"))
    return parser


def main(argv: Sequence[str], more: Mapping[str, BuiltIn] | None = None) -> int:
    """Run one command.

    Args:
        argv: Arguments without the program's name.
        more: Commands besides `COMMANDS`; where there is `open`, it is what happens without a command.

    Returns:
        The exit status: 2 where the command could not begin, 130 when interrupted, else the command's own.
    """
    words = list(argv)
    chosen: str | None = words[0] if words else "open"
    try:
        commands = {**(more or {}), **COMMANDS, **_of_plugins(words, more or {})}
        words = _with_command(words, commands)
        chosen = words[0] if words and words[0] in commands else None
        parser = build_parser(commands, chosen)
        args = parser.parse_args(words)
        work = commands[chosen].work(args) if chosen else None
        if work is None:
            parser.error(f"{chosen} needs a word more" if chosen else "a command is needed")
        status = int(work(args))
        sys.stdout.flush()
    except ViewerError as error:
        print(f"viewer {chosen}: {error}", file=sys.stderr)
        return USAGE_ERROR
    except KeyboardInterrupt:
        print(f"viewer {chosen}: stopped", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        _let_go_of_stdout()
        return OUTPUT_CLOSED
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print(f"viewer {chosen}: the disk is full", file=sys.stderr)
        _let_go_of_stdout()
        return OUTPUT_CLOSED
    return status


def _of_plugins(words: Sequence[str], more: Mapping[str, BuiltIn]) -> Mapping[str, AnyCommand]:
    """The commands of plugins, where one may be meant; no command of the viewer waits until plugins are imported."""
    first = words[0] if words else ""
    unknown = first not in COMMANDS and first not in more
    if first not in _HELP and not (unknown and COMMAND_NAME.fullmatch(first) and not Path(first).exists()):
        return {}
    from viewer.cli.offered import offered_commands

    return offered_commands(first)


def _with_command(words: list[str], commands: Mapping[str, AnyCommand]) -> list[str]:
    """`viewer` and `viewer PATH…` open the window."""
    asks = bool(words) and (words[0] in commands or words[0] in (*_HELP, "--version"))
    return words if asks or "open" not in commands else ["open", *words]


def _let_go_of_stdout() -> None:
    """Our output has gone or is full; keep the interpreter from failing once more when it flushes at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
