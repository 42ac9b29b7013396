"""Sizes and directions in a DICOM header: spacing, pixel aspect, ultrasound regions, patient orientation."""

import math
import re
from collections.abc import Sequence

from pydicom.dataset import Dataset

from viewer.domain.image import FrameGeometry, Region, SpacingPlane
from viewer.domain.orientation import direction_letters
from viewer.io.dicom_groups import frame_groups, macro_items
from viewer.io.dicom_values import integer, items, number, numbers, text, texts

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
_PROJECTIONS = ("CR", "DX", "MG", "XA", "RF", "RG", "PX", "IO")
"""Modalities whose pictures are shadows: a spacing may hold at the detector or in the patient."""

_LETTERS = re.compile("[LRAPHF]{1,3}")
_SAME = 1e-3
"""Most by which a repeated spacing differs from the original, in shares of it: headers round."""

_SQUARE = 1e-2
"""Most by which direction cosines may miss unit length and a right angle."""


def read_geometries(dataset: Dataset, frames: int) -> tuple[FrameGeometry, ...]:
    """Sizes and directions of every frame; one value alone where all frames share them."""
    found = tuple(_geometry(groups, dataset) for groups in frame_groups(dataset, frames))
    return found[:1] if len(set(found)) == 1 else found


def _geometry(groups: Sequence[Dataset], dataset: Dataset) -> FrameGeometry:
    spacing, source, plane = _spacing(groups, dataset)
    return FrameGeometry(
        spacing_mm=spacing,
        spacing_source=source,
        spacing_plane=plane,
        regions=_regions((*groups, dataset)),
        orientation=_orientation(groups, dataset),
    )


def read_pixel_aspect(dataset: Dataset, spacing: tuple[float, float] | None) -> float:
    """Height of a pixel divided by its width: from Pixel Aspect Ratio, else from the spacing."""
    pair = _pair((dataset,), "PixelAspectRatio") or spacing
    return pair[0] / pair[1] if pair else 1.0


def _spacing(groups: Sequence[Dataset], dataset: Dataset) -> tuple[tuple[float, float] | None, str, SpacingPlane]:
    """Spacing in mm between rows and between columns, the element it came from, and where it holds.

    A Pixel Spacing that repeats Imager Pixel Spacing or Nominal Scanned Pixel Spacing has not been calibrated and
    holds where they do (PS3.3 10.7.1.1); without either, a projection does not tell whether it has been.
    """
    frame_pixels = macro_items(groups, "FramePixelDataPropertiesSequence")
    detector = _pair((*frame_pixels, dataset), "ImagerPixelSpacing")
    film = _pair((dataset,), "NominalScannedPixelSpacing")
    spacing = _pair((*macro_items(groups, "PixelMeasuresSequence"), dataset), "PixelSpacing")
    calibrated = bool(text(dataset, "PixelSpacingCalibrationType"))
    if spacing and (calibrated or not any(_alike(spacing, other) for other in (detector, film))):
        stated = calibrated or detector or film or text(dataset, "Modality").upper() not in _PROJECTIONS
        return spacing, "PixelSpacing", SpacingPlane.PATIENT if stated else SpacingPlane.UNKNOWN
    if detector:
        return detector, "ImagerPixelSpacing", SpacingPlane.DETECTOR
    if film:
        return film, "NominalScannedPixelSpacing", SpacingPlane.FILM
    return None, "", SpacingPlane.PATIENT


def _alike(spacing: tuple[float, float], other: tuple[float, float] | None) -> bool:
    return other is not None and all(math.isclose(*pair, rel_tol=_SAME) for pair in zip(spacing, other, strict=True))


def _pair(sources: Sequence[Dataset], keyword: str) -> tuple[float, float] | None:
    """The first two positive values that one of the sources has for an element."""
    for source in sources:
        found = numbers(source, keyword)
        if len(found) == 2 and min(found) > 0:
            return found[0], found[1]
    return None


def _orientation(groups: Sequence[Dataset], dataset: Dataset) -> tuple[str, str] | None:
    """Directions to the right and down, from Image Orientation (Patient), else from Patient Orientation."""
    if text(dataset, "AnatomicalOrientationType").upper() == "QUADRUPED":
        return None
    for source in (*macro_items(groups, "PlaneOrientationSequence"), dataset):
        cosines = numbers(source, "ImageOrientationPatient")
        if len(cosines) == 6 and _is_square(cosines[:3], cosines[3:]):
            return direction_letters(cosines[:3]), direction_letters(cosines[3:])
    letters = tuple(entry.upper() for entry in texts(dataset, "PatientOrientation"))
    if len(letters) == 2 and all(_LETTERS.fullmatch(entry) for entry in letters):
        return letters[0], letters[1]
    return None


def _is_square(right: Sequence[float], down: Sequence[float]) -> bool:
    """Whether two directions are of unit length and at right angles, as far as headers are exact."""

    def dot(first: Sequence[float], second: Sequence[float]) -> float:
        return sum(one * other for one, other in zip(first, second, strict=True))

    return max(abs(dot(right, right) - 1), abs(dot(down, down) - 1), abs(dot(right, down))) < _SQUARE


def _regions(sources: Sequence[Dataset]) -> tuple[Region, ...]:
    """Calibrated regions (PS3.3 C.8.5.5) of the first source that has any; incomplete ones are left out."""
    for source in sources:
        found = items(source, "SequenceOfUltrasoundRegions")
        if found:
            return tuple(region for item in found if (region := _region(item)))
    return ()


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
