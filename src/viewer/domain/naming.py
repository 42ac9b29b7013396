"""Names of files that belong to a picture."""

from pathlib import Path


def stem_of(path: Path) -> str:
    """Name of a file without its ending; digits behind a dot, as in a UID, are no ending."""
    return path.name if path.suffix[1:].isdigit() else path.stem
