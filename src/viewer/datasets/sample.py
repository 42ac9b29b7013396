"""What every layout comes to: labelled files and frames, each with the group it must not be separated from."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from viewer.domain.errors import ViewerError


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

    def labelled_for(self, classes: Sequence[str], data: Path) -> list[Sample]:
        """The samples with a model's numbers of the classes.

        Args:
            classes: Of the model.
            data: What was read, for the sentence.

        Raises:
            ViewerError: The model does not know a class.
        """
        strange = [name for name in self.classes if name not in classes]
        if strange:
            raise ViewerError(f"{data}: the model knows no class {strange[0]!r}; it knows {', '.join(classes)}")
        return [replace(one, label=classes.index(self.classes[one.label])) for one in self.samples]

    @property
    def groups(self) -> list[str]:
        """Group of every sample."""
        return [sample.group for sample in self.samples]
