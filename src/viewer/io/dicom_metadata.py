"""What a DICOM header says about a clip: its timing, the unit of its values, whose it is."""

import itertools
from collections.abc import Sequence
from pathlib import Path

from pydicom.dataset import Dataset

from viewer.domain.display import WindowPreset
from viewer.domain.image import Clip, Modality
from viewer.io.dicom_geometry import read_geometries, read_pixel_aspect
from viewer.io.dicom_groups import frame_groups, macro_items
from viewer.io.dicom_layout import PixelLayout
from viewer.io.dicom_values import integer, items, number, numbers, text, texts

_VALUE_UNITS = {
    "HU": "HU",
    "HU_MOD": "modified HU",
    "OD": "10⁻³ OD",
    "MGML": "mg/ml",
    "PCT": "%",
    "BQML": "Bq/ml",
    "GML": "g/ml",
    "CNTS": "counts",
    "CPS": "counts/s",
}
"""Rescale Type (PS3.3 C.11.1.1.2) and Units of PET (C.8.9.1.1.3) as they are written; others stay unnamed."""

_FRAME_TIME_VECTOR = 0x00181065


def read_clip(
    dataset: Dataset,
    layout: PixelLayout,
    name: Path,
    *,
    frames: int,
    transfer_syntax: str,
    presets: tuple[WindowPreset, ...],
) -> Clip:
    """Build the clip of an instance.

    Args:
        dataset: Its header.
        layout: Its checked pixel layout.
        name: The file as the user named it.
        frames: Number of frames.
        transfer_syntax: UID.
        presets: Window presets.
    """
    geometries = read_geometries(dataset, frames)
    first = geometries[0]
    return Clip(
        path=name,
        kind="dicom",
        frames=frames,
        rows=layout.rows,
        columns=layout.columns,
        photometric=layout.photometric,
        transfer_syntax=transfer_syntax,
        frame_times_ms=read_frame_times(dataset, frames),
        spacing_mm=first.spacing_mm,
        spacing_source=first.spacing_source,
        spacing_plane=first.spacing_plane,
        pixel_aspect=read_pixel_aspect(dataset, first.spacing_mm),
        regions=first.regions,
        orientation=first.orientation,
        frame_geometries=geometries if len(geometries) > 1 else (),
        value_unit=read_value_unit(dataset, frames),
        presets=presets,
        modality=Modality.from_dicom(text(dataset, "Modality").upper()),
        patient_name=text(dataset, "PatientName").replace("^", " ").strip(),
        patient_id=text(dataset, "PatientID"),
        study_uid=text(dataset, "StudyInstanceUID"),
        study_description=text(dataset, "StudyDescription"),
        study_date=text(dataset, "StudyDate"),
        series_uid=text(dataset, "SeriesInstanceUID"),
        series_description=text(dataset, "SeriesDescription"),
        series_number=integer(dataset, "SeriesNumber"),
        instance_number=integer(dataset, "InstanceNumber"),
    )


def read_frame_times(dataset: Dataset, frames: int) -> tuple[float, ...]:
    """Start of every frame in ms; `()` for one frame or without timing.

    The element that Frame Increment Pointer names comes first; then Frame Time Vector, Frame Time, Cine Rate,
    and Recommended Display Frame Rate. Frame Delay, from the content time to the first frame, moves none of them.
    """
    if frames < 2:
        return ()
    vector = numbers(dataset, "FrameTimeVector")
    step = _positive(number(dataset, "FrameTime"))
    by_vector = _from_vector(vector, frames)
    if by_vector and (step is None or _FRAME_TIME_VECTOR in numbers(dataset, "FrameIncrementPointer")):
        return by_vector
    for keyword in ("CineRate", "RecommendedDisplayFrameRateInFloat", "RecommendedDisplayFrameRate"):
        rate = _positive(number(dataset, keyword))
        step = step or (1000 / rate if rate else None)
    return tuple(index * step for index in range(frames)) if step else ()


def _from_vector(vector: tuple[float, ...], frames: int) -> tuple[float, ...]:
    """Increments between frames, the first of which belongs to no gap (PS3.3 C.7.6.5)."""
    if len(vector) == frames - 1:
        vector = (0.0, *vector)
    if len(vector) != frames or min(vector) < 0 or not any(vector[1:]):
        return ()
    return tuple(itertools.accumulate((0.0, *vector[1:])))


def _positive(given: float | None) -> float | None:
    return given if given and given > 0 else None


def read_value_unit(dataset: Dataset, frames: int) -> str:
    """Unit of the rescaled values, e.g. `HU`; `""` where the file names none or frames differ."""
    if integer(dataset, "SamplesPerPixel") > 1:
        return ""
    codes = {_value_code(groups, dataset) for groups in frame_groups(dataset, frames)}
    return _VALUE_UNITS.get(codes.pop(), "") if len(codes) == 1 else ""


def _value_code(groups: Sequence[Dataset], dataset: Dataset) -> str:
    """Code of the unit as the file writes it; a CT that rescales and names none means HU, but for localizers."""
    for table in items(dataset, "ModalityLUTSequence")[:1]:
        return text(table, "ModalityLUTType").upper()
    sources = (*macro_items(groups, "PixelValueTransformationSequence"), dataset)
    rescale = next((source for source in sources if number(source, "RescaleSlope") is not None), None)
    code = "" if rescale is None else text(rescale, "RescaleType").upper()
    modality = text(dataset, "Modality").upper()
    if modality == "PT":
        return code or text(dataset, "Units").upper()
    localizer = "LOCALIZER" in (kind.upper() for kind in texts(dataset, "ImageType"))
    return "HU" if modality == "CT" and rescale is not None and not code and not localizer else code
