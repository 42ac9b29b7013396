"""Whose a DICOM file is and which instance it holds: the three identifiers that labels are keyed by."""

from dataclasses import dataclass, field
from pathlib import Path

from viewer.io.dicom_file import read_dicom_file
from viewer.io.dicom_values import text


@dataclass(frozen=True, slots=True, kw_only=True)
class DicomIdentity:
    """Identifiers of an instance, `""` where the file has none. Never logged.

    Attributes:
        patient: PatientID.
        study: StudyInstanceUID.
        instance: SOPInstanceUID.
    """

    patient: str = field(repr=False)
    study: str = field(repr=False)
    instance: str = field(repr=False)


def read_identity(path: Path) -> DicomIdentity:
    """Read the header alone.

    Raises:
        UnreadableFile: It is not DICOM, or damaged before the pixel data.
    """
    dataset = read_dicom_file(path, path).dataset
    return DicomIdentity(
        patient=text(dataset, "PatientID"),
        study=text(dataset, "StudyInstanceUID"),
        instance=text(dataset, "SOPInstanceUID"),
    )
