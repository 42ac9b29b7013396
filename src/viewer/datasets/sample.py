"""What every layout comes to: labelled files and frames, each with the group it must not be separated from."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled file, or one labelled frame of a clip.

    Attributes:
        path: The file.
        label: Index of its class.
        group: Patient, else lesion. Never logged.
        frame: The frame that is labelled, from 0; None where the label is the whole file's.
        mask: Picture of the same size whose bright pixels (above half) are the lesion, the lungs …; None without.
        source: Where it comes from, in the data's own words: a site, a scanner, an atlas; `""` where nobody says.
        split: The part that the makers of the data put it in (`train`, `test` …); `""` where they made none.
    """

    path: Path
    label: int
    group: str = field(repr=False)
    frame: int | None = None
    mask: Path | None = None
    source: str = ""
    split: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelTable:
    """The samples asked for.

    Attributes:
        classes: Class names in alphabetical order.
        samples: In the order of the table; of a folder, sorted by path.
        notes: How the data were read, what was left out and how much of it, one sentence each.
        layout: Name of the layout they were read as.
    """

    classes: tuple[str, ...]
    samples: tuple[Sample, ...]
    notes: tuple[str, ...] = ()
    layout: str = "table"

    @property
    def labels(self) -> list[int]:
        """Class index of every sample."""
        return [sample.label for sample in self.samples]

    @property
    def groups(self) -> list[str]:
        """Group of every sample."""
        return [sample.group for sample in self.samples]
