"""The journal of reviews as a file for a spreadsheet, a person or a program."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from viewer.domain.errors import ViewerError
from viewer.report.rows import write_whole, writing
from viewer.store.acts import KINDS
from viewer.store.export import Exported, csv_text, html_text, json_text, read_for_export
from viewer.store.journal import Journal

FORMATS: Mapping[str, Callable[[Exported], str]] = {".csv": csv_text, ".json": json_text, ".html": html_text}
"""What is written, by the end of the file's name."""


def export_reviews(journal: Journal, out: Path, kinds: Iterable[str] = KINDS, *, latest: bool = False) -> int:
    """Write the journal into a file, which is replaced as a whole or not at all.

    Args:
        journal: Where it stands.
        out: Its name says the format.
        kinds: Of acts; all by default.
        latest: Of the reviews, only each reader's latest final answer to each picture or clip.

    Returns:
        The number of entries written.

    Raises:
        ViewerError: The name of the file says no format, the journal cannot be read, or the file not be written.
    """
    wanted = format_of(out)
    if out.resolve() == journal.path.resolve():
        raise ViewerError(f"{out}: the reviews themselves would be written over")
    exported = read_for_export(journal, datetime.now(UTC), kinds=kinds, latest=latest)
    with writing(out):
        write_whole(out, wanted(exported))
    return len(exported.entries)


def format_of(out: Path) -> Callable[[Exported], str]:
    """What writes the format that the name of a file says.

    Raises:
        ViewerError: It says none.
    """
    wanted = FORMATS.get(out.suffix.lower())
    if wanted is None:
        raise ViewerError(f"{out}: an export's name ends in {', '.join(FORMATS)}")
    return wanted
