"""What a check finds: a sentence, how grave it is, and the files it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Severity(StrEnum):
    """How grave a finding is.

    REFUSE: what is learned or measured on these data would be wrong. WARN: it may be. INFORM: something to know.
    """

    REFUSE = "refuse"
    WARN = "warn"
    INFORM = "inform"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two files to be looked at side by side.

    Attributes:
        first, second: The files.
        words: What is the matter with them, a few words.
    """

    first: Path
    second: Path
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a check found.

    Attributes:
        kind: Which check, lower case with hyphens; stable, for programs.
        severity: How grave.
        sentence: What was found, with its numbers.
        details: More sentences, e.g. one per file that cannot be read.
        files: What it is about; `()` where it is about the data as a whole.
        pairs: Files that belong side by side.
    """

    kind: str
    severity: Severity
    sentence: str
    details: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Everything that was found in some data.

    Attributes:
        data: What was checked, as the person named it.
        notes: How it was read.
        files, groups: How many there are.
        findings: The gravest first.
    """

    data: tuple[str, ...]
    notes: tuple[str, ...]
    files: int
    groups: int
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> bool:
        """Whether nothing should be learned from these data as they are."""
        return any(finding.severity is Severity.REFUSE for finding in self.findings)


def gravest_first(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Sorted by severity, else in the order of the checks."""
    order = list(Severity)
    return tuple(sorted(findings, key=lambda finding: order.index(finding.severity)))


def counted(number: int, one: str, many: str = "") -> str:
    """`1 file`, `2 files`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
