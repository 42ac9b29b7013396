"""What a DICOM header says about a clip: timing, calibration, regions, whose it is."""

import itertools
from pathlib import Path

from pydicom.dataset import Dataset

from viewer.domain.display import WindowPreset
from viewer.domain.image import Clip, Modality, Region
from viewer.io.dicom_layout import PixelLayout
from viewer.io.dicom_values import integer, items, number, numbers, text

_FORMATS = ("none", "2D", "M-mode", "spectral", "waveform", "graphics")
_DATA_TYPES = {
    0x00: "none",
    0x01: "tissue",
    0x02: "colour flow",
    0x03: "PW spectral Doppler",
    0x04: "CW spectral Doppler",
    0x05: "Doppler mean trace",
    0x06: "Doppler mode trace",
    0x07: "Doppler max trace",
    0x08: "volume trace",
    0x0A: "ECG trace",
    0x0B: "pulse trace",
    0x0C: "phonocardiogram trace",
    0x0D: "grey bar",
    0x0E: "colour bar",
    0x0F: "integrated backscatter",
    0x10: "area trace",
    0x11: "d(area)/dt",
    0x12: "other",
}
_UNITS = {
    0x01: "%",
    0x02: "dB",
    0x03: "cm",
    0x04: "s",
    0x05: "Hz",
    0x06: "dB/s",
    0x07: "cm/s",
    0x08: "cm²",
    0x09: "cm²/s",
    0x0A: "cm³",
    0x0B: "cm³/s",
    0x0C: "°",
}
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
    spacing, source = read_spacing(dataset)
    return Clip(
        path=name,
        kind="dicom",
        frames=frames,
        rows=layout.rows,
        columns=layout.columns,
        photometric=layout.photometric,
        transfer_syntax=transfer_syntax,
        frame_times_ms=read_frame_times(dataset, frames),
        spacing_mm=spacing,
        spacing_source=source,
        pixel_aspect=read_pixel_aspect(dataset, spacing),
        regions=read_regions(dataset),
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
    and Recommended Display Frame Rate.
    """
    if frames < 2:
        return ()
    vector = numbers(dataset, "FrameTimeVector")
    step = _positive(number(dataset, "FrameTime"))
    by_vector = _from_vector(vector, frames)
    if by_vector and (step is None or _FRAME_TIME_VECTOR in numbers(dataset, "FrameIncrementPointer")):
        return by_vector
    for keyword in ("CineRate", "RecommendedDisplayFrameRate"):
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


def read_spacing(dataset: Dataset) -> tuple[tuple[float, float] | None, str]:
    """Spacing in mm between rows and between columns, and the element it came from; (None, "") without."""
    groups = (
        *items(dataset, "PerFrameFunctionalGroupsSequence")[:1],
        *items(dataset, "SharedFunctionalGroupsSequence")[:1],
    )
    measures = [measure for group in groups for measure in items(group, "PixelMeasuresSequence")[:1]]
    for source in (*measures, dataset):
        spacing = _pair(source, "PixelSpacing")
        if spacing:
            return spacing, "PixelSpacing"
    for keyword in ("ImagerPixelSpacing", "NominalScannedPixelSpacing"):
        spacing = _pair(dataset, keyword)
        if spacing:
            return spacing, keyword
    return None, ""


def read_pixel_aspect(dataset: Dataset, spacing: tuple[float, float] | None) -> float:
    """Height of a pixel divided by its width: from Pixel Aspect Ratio, else from the spacing."""
    pair = _pair(dataset, "PixelAspectRatio") or spacing
    return pair[0] / pair[1] if pair else 1.0


def _pair(dataset: Dataset, keyword: str) -> tuple[float, float] | None:
    found = numbers(dataset, keyword)
    return (found[0], found[1]) if len(found) == 2 and min(found) > 0 else None


def read_regions(dataset: Dataset) -> tuple[Region, ...]:
    """Calibrated regions (PS3.3 C.8.5.5); incomplete ones are left out."""
    return tuple(region for item in items(dataset, "SequenceOfUltrasoundRegions") if (region := _region(item)))


def _region(item: Dataset) -> Region | None:
    corners = [number(item, f"RegionLocation{corner}") for corner in ("MinX0", "MinY0", "MaxX1", "MaxY1")]
    deltas = [number(item, f"PhysicalDelta{axis}") for axis in "XY"]
    left, top, right, bottom = (None if corner is None else int(corner) for corner in corners)
    if left is None or top is None or right is None or bottom is None or deltas[0] is None or deltas[1] is None:
        return None
    spatial = integer(item, "RegionSpatialFormat")
    return Region(
        left=left,
        top=top,
        right=right,
        bottom=bottom,
        spatial_format=_FORMATS[spatial] if 0 <= spatial < len(_FORMATS) else "none",
        data_type=_DATA_TYPES.get(integer(item, "RegionDataType"), "none"),
        units=(
            _UNITS.get(integer(item, "PhysicalUnitsXDirection"), ""),
            _UNITS.get(integer(item, "PhysicalUnitsYDirection"), ""),
        ),
        delta=(deltas[0], deltas[1]),
    )
