"""What checks found, as words for a terminal and as JSON."""

from collections import Counter

from viewer.datasets.checks.finding import Checked, Finding, Severity, counted

SHOWN = 5
"""Details and files of a finding that words name unless all are asked for."""

TITLES = {Severity.REFUSE: "REFUSED", Severity.WARN: "WARNING", Severity.INFORM: "to know"}


def in_words(checked: Checked, *, details: bool = False) -> str:
    """One sentence per finding, the gravest first.

    Args:
        checked: What was found.
        details: Whether to name every detail and file rather than the first few.
    """
    size = f": {counted(checked.files, 'file')} of {counted(checked.groups, 'group')}" if checked.files else ""
    lines = [f"{', '.join(checked.data)}{size}"]
    lines += [f"  {note}" for note in checked.notes]
    for finding in checked.findings:
        lines.append(f"{TITLES[finding.severity]}: {finding.sentence}")
        lines += [f"  {line}" for line in _more(finding, details=details)]
    lines.append(verdict(checked))
    return "\n".join(lines)


def verdict(checked: Checked) -> str:
    """The end of it in a sentence."""
    counts = Counter(finding.severity for finding in checked.findings)
    told = f"{counted(counts[Severity.WARN], 'warning')}"
    if not checked.refused:
        return f"Nothing has to be refused; {told}."
    refused = counted(counts[Severity.REFUSE], "finding")
    return f"Not to be learned from as they are: {refused} that must be refused; {told}."


def as_json(checked: Checked) -> dict[str, object]:
    """Everything, as JSON can hold it."""
    return {
        "data": list(checked.data),
        "files": checked.files,
        "groups": checked.groups,
        "refused": checked.refused,
        "notes": list(checked.notes),
        "findings": [
            {
                "kind": finding.kind,
                "severity": finding.severity.value,
                "sentence": finding.sentence,
                "details": list(finding.details),
                "files": [str(path) for path in finding.files],
                "pairs": [[str(pair.first), str(pair.second), pair.words] for pair in finding.pairs],
            }
            for finding in checked.findings
        ],
    }


def _more(finding: Finding, *, details: bool) -> list[str]:
    lines = list(finding.details)
    if not lines:
        lines = [f"{pair.first} = {pair.second} ({pair.words})" for pair in finding.pairs]
    if not lines:
        lines = [str(path) for path in finding.files]
    if details or len(lines) <= SHOWN + 1:
        return lines
    return [*lines[:SHOWN], f"… and {len(lines) - SHOWN} more (--details, --html)"]
