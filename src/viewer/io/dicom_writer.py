"""Writes DICOM clips: for phantoms, tests and benchmarks."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
    SecondaryCaptureImageStorage,
    UltrasoundImageStorage,
    UltrasoundMultiFrameImageStorage,
    generate_uid,
)

from viewer.domain.errors import ViewerError
from viewer.domain.image import Region

NATIVE = (ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian)
"""Transfer syntaxes without compression."""

_UNIT_CODES = {"cm": 3, "s": 4, "Hz": 5, "cm/s": 7}
_FORMAT_CODES = {"none": 0, "2D": 1, "M-mode": 2, "spectral": 3, "waveform": 4, "graphics": 5}
_DATA_CODES = {"none": 0, "tissue": 1, "colour flow": 2, "PW spectral Doppler": 3, "CW spectral Doppler": 4}

Pixels = NDArray[np.uint8] | NDArray[np.uint16]


def write_clip(
    path: Path,
    frames: Iterable[Pixels],
    *,
    modality: str = "US",
    photometric: str = "",
    transfer_syntax: str = ExplicitVRLittleEndian,
    planar_configuration: int = 0,
    quality: int = 90,
    frame_time_ms: float | None = None,
    frame_times_ms: Sequence[float] = (),
    spacing_mm: tuple[float, float] | None = None,
    regions: Sequence[Region] = (),
    patient_id: str = "",
    study_uid: str = "",
    series_uid: str = "",
    series_description: str = "",
    instance_number: int = 1,
) -> None:
    """Write grey or RGB frames as one DICOM instance.

    Args:
        path: File to write.
        frames: uint8 or uint16 (rows, columns), or uint8 RGB (rows, columns, 3), all alike; at least one.
        modality: DICOM Modality.
        photometric: As stored: `MONOCHROME1`, `MONOCHROME2`, `RGB`, `YBR_FULL`, `YBR_FULL_422`, `YBR_RCT`; by
            default `MONOCHROME2`, and for colour what suits the transfer syntax.
        transfer_syntax: UID: uncompressed, RLE, JPEG baseline, JPEG lossless, JPEG-LS
            lossless, JPEG 2000 lossless or HTJ2K lossless.
        planar_configuration: 1 stores uncompressed colour plane by plane.
        quality: Of JPEG baseline, 1 to 100.
        frame_time_ms: Time between frames in ms.
        frame_times_ms: Start of every frame in ms, for uneven timing; written as Frame Time Vector.
        spacing_mm: Distance between rows and between columns in mm.
        regions: Calibrated ultrasound regions.
        patient_id: Whose it is.
        study_uid: Generated where empty.
        series_uid: Generated where empty.
        series_description: Title of the series.
        instance_number: Place in the series.

    Raises:
        ViewerError: There is no frame, or the combination cannot be written.
    """
    pictures = iter(frames)
    first = next(pictures, None)
    if first is None:
        raise ViewerError("a clip needs at least one frame")
    stored = photometric or _usual_photometric(first, transfer_syntax)
    encode = _encoder(transfer_syntax, stored, planar_configuration, quality)
    parts = [encode(first), *(encode(picture) for picture in pictures)]
    dataset = _image_dataset(first, stored, planar_configuration, len(parts))
    dataset.Modality = modality
    dataset.SOPClassUID = _sop_class(modality, len(parts))
    dataset.SOPInstanceUID = generate_uid(prefix=None)
    dataset.PatientID = patient_id
    dataset.StudyInstanceUID = study_uid or generate_uid(prefix=None)
    dataset.SeriesInstanceUID = series_uid or generate_uid(prefix=None)
    dataset.SeriesDescription, dataset.InstanceNumber = series_description, instance_number
    _add_timing(dataset, frame_time_ms, frame_times_ms)
    if spacing_mm is not None:
        dataset.PixelSpacing = [float(spacing_mm[0]), float(spacing_mm[1])]
    if regions:
        dataset.SequenceOfUltrasoundRegions = [_region_item(region) for region in regions]
    _save(dataset, path, parts, transfer_syntax)


def _usual_photometric(first: Pixels, syntax: str) -> str:
    if first.ndim == 2:
        return "MONOCHROME2"
    if syntax == JPEGBaseline8Bit:
        return "YBR_FULL_422"
    return "YBR_RCT" if syntax in (JPEG2000Lossless, HTJ2KLossless) else "RGB"


def _encoder(syntax: str, photometric: str, planar: int, quality: int) -> Callable[[Pixels], bytes]:
    """One frame → its bytes."""
    if syntax in NATIVE:
        order: Literal["<", ">"] = ">" if syntax == ExplicitVRBigEndian else "<"
        return lambda picture: _native(_stored_colour(picture, photometric), photometric, planar, order)
    if syntax == JPEGBaseline8Bit:
        space = "RGB" if photometric == "RGB" else "YCBCR"
        sampling = "422" if photometric == "YBR_FULL_422" else "444"
        return lambda picture: _jpeg(picture, quality, space, sampling)
    if syntax in (JPEGLosslessSV1, HTJ2KLossless) and photometric.startswith("YBR_FULL"):
        raise ViewerError(f"{photometric} cannot be written with the transfer syntax {syntax}")
    encoders: dict[str, Callable[[NDArray[Any]], bytes | bytearray]] = {
        str(RLELossless): _rle,
        str(JPEGLosslessSV1): lambda picture: imagecodecs.jpeg8_encode(picture, lossless=True, predictor=1),
        str(JPEGLSLossless): imagecodecs.jpegls_encode,
        str(JPEG2000Lossless): lambda picture: imagecodecs.jpeg2k_encode(
            picture, codecformat="j2k", reversible=True, level=0, mct=photometric == "YBR_RCT"
        ),
        str(HTJ2KLossless): lambda picture: imagecodecs.htj2k_encode(
            picture, reversible=True, rgb=photometric == "YBR_RCT"
        ),
    }
    encode = encoders.get(str(syntax))
    if encode is None:
        raise ViewerError(f"the transfer syntax {syntax} cannot be written")
    return lambda picture: bytes(encode(_stored_colour(picture, photometric)))


def _stored_colour(picture: Pixels, photometric: str) -> NDArray[Any]:
    if picture.ndim == 3 and photometric.startswith("YBR_FULL"):
        return np.array(Image.fromarray(picture, "RGB").convert("YCbCr"))
    return picture


def _native(picture: NDArray[Any], photometric: str, planar: int, order: Literal["<", ">"]) -> bytes:
    if photometric == "YBR_FULL_422":
        pairs = picture.reshape(picture.shape[0], -1, 2, 3)
        chroma = pairs[..., 1:].astype(np.uint16).sum(axis=2) // 2
        return np.concatenate([pairs[..., 0], chroma.astype(np.uint8)], axis=2).tobytes()
    if planar and picture.ndim == 3:
        picture = picture.transpose(2, 0, 1)
    return picture.astype(picture.dtype.newbyteorder(order)).tobytes()


def _jpeg(picture: Pixels, quality: int, space: str, sampling: str) -> bytes:
    if picture.dtype != np.uint8:
        raise ViewerError("JPEG baseline holds 8 bits per sample")
    if picture.ndim == 2:
        return bytes(imagecodecs.jpeg8_encode(picture, level=quality))
    return bytes(
        imagecodecs.jpeg8_encode(picture, level=quality, colorspace="RGB", outcolorspace=space, subsampling=sampling)
    )


def _rle(picture: NDArray[Any]) -> bytes:
    """PS3.5 annex G: a PackBits segment per byte of a sample, most significant byte first."""
    samples = picture.reshape(-1, 1 if picture.ndim == 2 else picture.shape[2])
    planes = samples.astype(samples.dtype.newbyteorder(">")).view(np.uint8).T
    segments = [bytes(imagecodecs.packbits_encode(np.ascontiguousarray(plane).tobytes())) for plane in planes]
    segments = [segment + b"\0" * (len(segment) % 2) for segment in segments]
    offsets = 64 + np.cumsum([0, *(len(segment) for segment in segments[:-1])])
    header = np.zeros(16, "<u4")
    header[0], header[1 : len(segments) + 1] = len(segments), offsets
    return header.tobytes() + b"".join(segments)


def _image_dataset(first: Pixels, photometric: str, planar: int, frames: int) -> Dataset:
    dataset = Dataset()
    dataset.SamplesPerPixel = 1 if first.ndim == 2 else 3
    dataset.PhotometricInterpretation = photometric
    if first.ndim == 3:
        dataset.PlanarConfiguration = planar
    if frames > 1:
        dataset.NumberOfFrames = frames
    dataset.Rows, dataset.Columns = first.shape[:2]
    bits = 8 * first.dtype.itemsize
    dataset.BitsAllocated = dataset.BitsStored = bits
    dataset.HighBit, dataset.PixelRepresentation = bits - 1, 0
    return dataset


def _sop_class(modality: str, frames: int) -> str:
    if modality == "US":
        return str(UltrasoundMultiFrameImageStorage if frames > 1 else UltrasoundImageStorage)
    return str(SecondaryCaptureImageStorage)


def _add_timing(dataset: Dataset, step: float | None, starts: Sequence[float]) -> None:
    if starts:
        dataset.FrameIncrementPointer = 0x00181065
        dataset.FrameTimeVector = [0.0, *(float(step) for step in np.diff(starts))]
    elif step is not None:
        dataset.FrameIncrementPointer = 0x00181063
        dataset.FrameTime = float(step)


def _region_item(region: Region) -> Dataset:
    item = Dataset()
    item.RegionLocationMinX0, item.RegionLocationMinY0 = region.left, region.top
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = region.right, region.bottom
    item.RegionSpatialFormat = _FORMAT_CODES.get(region.spatial_format, 0)
    item.RegionDataType = _DATA_CODES.get(region.data_type, 0)
    item.PhysicalUnitsXDirection, item.PhysicalUnitsYDirection = (_UNIT_CODES.get(unit, 0) for unit in region.units)
    item.PhysicalDeltaX, item.PhysicalDeltaY = region.delta
    return item


def _save(dataset: Dataset, path: Path, parts: list[bytes], syntax: str) -> None:
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(syntax)
    dataset.file_meta = meta
    if syntax in NATIVE:
        value = b"".join(parts)
        dataset.PixelData = value + b"\0" * (len(value) % 2)
        dataset["PixelData"].VR = "OW" if dataset.BitsAllocated > 8 or syntax == ImplicitVRLittleEndian else "OB"
    else:
        dataset.PixelData = encapsulate(parts)
        dataset["PixelData"].VR = "OB"
        dataset["PixelData"].is_undefined_length = True
    dataset.save_as(path, enforce_file_format=True)
