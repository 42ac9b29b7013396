"""What a DICOM object without pixel data is."""

from pydicom.dataset import Dataset
from pydicom.uid import UID

from viewer.io.dicom_values import text

DIRECTORY = "1.2.840.10008.1.3.10"

_KINDS = (
    ("dicomdir", ("Media Storage Directory",)),
    ("report", ("SR Storage", "SR Stor", "Report", "Key Object", "Procedure Log", "Structured")),
    ("waveform", ("Waveform", "ECG")),
    ("document", ("Encapsulated",)),
    ("presentation", ("Presentation State", "Color Palette")),
    ("structures", ("RT Structure Set",)),
    ("plan", ("RT Plan", "RT Ion Plan", "RT Brachy", "Treatment Record", "RT Physician", "RT Radiation")),
    ("registration", ("Registration", "Fiducials")),
    ("measurements", ("Measurements", "Refraction", "Keratometry", "Spectroscopy")),
    ("surface", ("Surface",)),
    ("raw", ("Raw Data",)),
    ("image", ("Image Storage", "Dose Storage", "Segmentation Storage", "Parametric Map")),
)
_MODALITIES = {
    "SR": "report",
    "KO": "report",
    "ECG": "waveform",
    "RTPLAN": "plan",
    "RTSTRUCT": "structures",
    "PR": "presentation",
    "DOC": "document",
}


def kind_without_pixels(dataset: Dataset) -> str:
    """Kind of an object, in one lower-case word; `image` when it should have pixels, `data` when unknown.

    Decided by the SOP class, else by the modality.
    """
    meta = getattr(dataset, "file_meta", None)
    sop_class = (text(meta, "MediaStorageSOPClassUID") if meta is not None else "") or text(dataset, "SOPClassUID")
    if sop_class == DIRECTORY or "DirectoryRecordSequence" in dataset:
        return "dicomdir"
    name = UID(sop_class).name if sop_class else ""
    for kind, words in _KINDS:
        if any(word in name for word in words):
            return kind
    if "Rows" in dataset:
        return "image"
    return _MODALITIES.get(text(dataset, "Modality"), "data")
