"""Which labelled files a person asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class DataQuery:
    """Which files with which labels, and how they lie on disk.

    Attributes:
        data: CSV file with a header line, UTF-8; or a folder.
        layout: `auto`, or the name of a layout (`viewer.datasets.reading.LAYOUTS`).
        image_root: Folder that the file and mask columns are relative to; None for the folder of the table.
        label: Column of the class name; rows without one are dropped.
        group: Column of the patient, else lesion; rows without one are dropped.
        file_column: Column of the picture's path; for DICOM also of its SOPInstanceUID or PatientID.
        frame_column: Column of the labelled frame, from 0; `""` where labels are of whole files.
        mask: Column of the mask's path; in COVID-QU-Ex the folder of the masks; `""` for none, there the lungs.
        source_column: Column of where a picture comes from; `""` for none.
        split_column: Column of the part that the makers of the data put it in; `""` for none.
        where: Only rows whose columns have exactly one of these values.
        group_from: Regular expression that finds the group in a path below `root`, in its first bracket where it
            has one; used in place of `group`.
        merge: Classes that are taken together, by the name they get.
    """

    data: Path
    layout: str = "auto"
    image_root: Path | None = None
    label: str = ""
    group: str = ""
    file_column: str = "file"
    frame_column: str = ""
    mask: str = ""
    source_column: str = ""
    split_column: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    group_from: str = ""
    merge: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """Folder that paths start from."""
        if self.image_root is not None:
            return self.image_root
        return self.data if self.data.is_dir() else self.data.parent
