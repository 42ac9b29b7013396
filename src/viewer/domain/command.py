"""A command of the command line that a plugin brings, as one small value."""

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from viewer.domain.errors import ViewerError

COMMAND_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")

TAKEN = frozenset(
    {"open", "explore", "snapshot", "assess", "info", "bundles", "plugins", "check-data", "train", "recipes"}
    | {"cross-validate", "evaluate", "compare", "drift", "calibrate", "plan-calibration", "reviews", "audit"}
    | {"crash-reports", "phantoms", "reference", "near-duplicates", "shortcuts", "verify", "ensemble"}
    | {"focus-report"}
)
"""Names of the viewer's own commands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What `viewer NAME …` does.

    Attributes:
        name: As typed, like `my-command`; not the name of a command of the viewer.
        summary: One line for `viewer --help`, beginning in lower case.
        add_arguments: Adds what the command takes to its parser, sub-commands too; called only where the command is
            asked for.
        run: Does the work, in the main thread and for as long as it takes, and returns the exit status: 0 for done. A
            `ViewerError` is said in one sentence and ends in 2; results go to standard output, all else to standard
            error.
    """

    name: str
    summary: str
    add_arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]

    def __post_init__(self) -> None:
        """Refuse nonsense at birth."""
        if not isinstance(self.name, str) or not COMMAND_NAME.fullmatch(self.name):
            raise ViewerError(f"a command is named like my-command, not {self.name!r}")
        if not isinstance(self.summary, str) or not self.summary.strip():
            raise ViewerError(f"the command {self.name} needs a line of summary")
        if not callable(self.add_arguments) or not callable(self.run):
            raise ViewerError(f"what the command {self.name} adds and what it runs must be functions")
