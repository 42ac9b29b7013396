"""What a layout finds, before classes are numbered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

SPLITS = {
    "train": "train",
    "training": "train",
    "test": "test",
    "testing": "test",
    "val": "val",
    "valid": "val",
    "validation": "val",
}
"""Names of folders, in lower case, that divide data and are no classes."""

MASK_FOLDERS = ("masks", "mask", "segmentations", "segmentation")
"""Names of folders, in lower case, that hold masks and are no classes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One labelled file or frame; the fields are those of `Sample`, with the class by name.

    Attributes:
        group: `""` where the layout knows none.
    """

    path: Path
    label: str
    group: str = field(default="", repr=False)
    frame: int | None = None
    mask: Path | None = None
    source: str = ""
    split: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a layout found.

    Attributes:
        entries: In their order.
        notes: What was left out, and what a reader must know, one sentence each.
        described: How the data were read, e.g. `class folders (train, test)`.
    """

    entries: Sequence[Entry]
    described: str
    notes: tuple[str, ...] = ()


def left_out(*counts: tuple[int, str]) -> tuple[str, ...]:
    """A sentence for every count of rows that is not 0."""
    return tuple(f"{count} rows {why} and are left out" for count, why in counts if count)
