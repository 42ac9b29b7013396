"""Images as the viewer knows them: Study › Series › Clip › Frame."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from viewer.domain.display import GreyDisplay, WindowPreset


class Modality(StrEnum):
    """What kind of picture it is, in the words bundles use."""

    DERMOSCOPY = "dermoscopy"
    ULTRASOUND = "ultrasound"
    XRAY = "xray"
    OTHER = "other"
    UNKNOWN = "unknown"

    @classmethod
    def from_dicom(cls, code: str) -> "Modality":
        """Translate a DICOM Modality (0008,0060) code; an empty code is UNKNOWN."""
        table = {
            "DMS": cls.DERMOSCOPY,
            "US": cls.ULTRASOUND,
            "CR": cls.XRAY,
            "DX": cls.XRAY,
        }
        return table.get(code, cls.OTHER if code else cls.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One calibrated ultrasound region (SequenceOfUltrasoundRegions).

    Attributes:
        left, top, right, bottom: Pixel bounds in the frame, inclusive, as stored.
        spatial_format: DICOM Region Spatial Format in words: `2D`, `M-mode`, `spectral`, `waveform`, `none`.
        data_type: DICOM Region Data Type in words, e.g. `tissue`, `colour flow`.
        units: Physical units along x and y, e.g. `("cm", "cm")` or `("s", "cm/s")`; `""` where none is given.
        delta: Physical size of one pixel along x and y in `units`.
    """

    left: int
    top: int
    right: int
    bottom: int
    spatial_format: str
    data_type: str
    units: tuple[str, str]
    delta: tuple[float, float]


class SpacingPlane(StrEnum):
    """Where a spacing in mm holds: in a projection, what lies nearer to the source is drawn larger."""

    PATIENT = "patient"
    DETECTOR = "detector"
    FILM = "film"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameGeometry:
    """What is known about the sizes and directions of one frame.

    Attributes:
        spacing_mm: Distance between neighbouring rows and columns (row, column) in mm, or None.
        spacing_source: Element it came from; `""` when None.
        spacing_plane: Where it holds.
        regions: Calibrated ultrasound regions.
        orientation: Patient directions to the right and down the stored picture, in letters such as `L` or `PF`
            (as in Patient Orientation); None where unknown.
    """

    spacing_mm: tuple[float, float] | None = None
    spacing_source: str = ""
    spacing_plane: SpacingPlane = SpacingPlane.PATIENT
    regions: tuple[Region, ...] = ()
    orientation: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """What one file (or one DICOM instance) holds, known without decoding pixels.

    Attributes:
        path: The file as the user named it; an archive member reads `archive.zip/inner/name.dcm`.
        kind: `dicom`, `raster` or `video`.
        frames: Number of frames, at least 1.
        rows, columns: Stored size in pixels of the upright picture (EXIF orientation already applied).
        photometric: DICOM photometric interpretation, or `RGB`/`MONOCHROME2` for other kinds.
        transfer_syntax: DICOM transfer syntax UID; `""` for other kinds.
        frame_times_ms: Start of every frame in ms from the first, length `frames`, or `()` when the file
            gives no timing.
        spacing_mm: Distance between neighbouring rows and columns (row, column) in mm, or None.
        spacing_source: `PixelSpacing`, `ImagerPixelSpacing` … that `spacing_mm` came from; `""` when None.
        spacing_plane: Where `spacing_mm` holds.
        pixel_aspect: Height of a pixel divided by its width; 1.0 for square pixels.
        regions: Calibrated ultrasound regions.
        orientation: Patient directions to the right and down the stored picture, as in `FrameGeometry`.
        frame_geometries: Of every frame, where frames differ in any of spacing, regions and orientation, which then
            are those of the first frame; `()` where all frames are alike.
        value_unit: Unit of rescaled grey values, e.g. `HU`; `""` where the file names none.
        presets: Window presets the file offers.
        modality: What kind of picture it is.
        patient_name, patient_id, study_uid, study_description, study_date, series_uid, series_description,
        series_number, instance_number: For grouping and the banner; `""`/0 where absent. Never logged.
    """

    path: Path
    kind: str
    frames: int
    rows: int
    columns: int
    photometric: str
    transfer_syntax: str = ""
    frame_times_ms: tuple[float, ...] = ()
    spacing_mm: tuple[float, float] | None = None
    spacing_source: str = ""
    spacing_plane: SpacingPlane = SpacingPlane.PATIENT
    pixel_aspect: float = 1.0
    regions: tuple[Region, ...] = ()
    orientation: tuple[str, str] | None = None
    frame_geometries: tuple[FrameGeometry, ...] = ()
    value_unit: str = ""
    presets: tuple[WindowPreset, ...] = ()
    modality: Modality = Modality.UNKNOWN
    patient_name: str = field(default="", repr=False)
    patient_id: str = field(default="", repr=False)
    study_uid: str = field(default="", repr=False)
    study_description: str = field(default="", repr=False)
    study_date: str = field(default="", repr=False)
    series_uid: str = field(default="", repr=False)
    series_description: str = field(default="", repr=False)
    series_number: int = 0
    instance_number: int = 0

    def __post_init__(self) -> None:
        """Refuse nonsense at birth."""
        if self.frames < 1 or self.rows < 1 or self.columns < 1:
            raise ValueError(f"a clip needs frames, rows and columns, got {self.frames, self.rows, self.columns}")
        if self.frame_times_ms and len(self.frame_times_ms) != self.frames:
            raise ValueError(f"{len(self.frame_times_ms)} frame times for {self.frames} frames")
        if self.frame_geometries and len(self.frame_geometries) != self.frames:
            raise ValueError(f"{len(self.frame_geometries)} frame geometries for {self.frames} frames")
        if not self.pixel_aspect > 0:
            raise ValueError(f"pixel aspect {self.pixel_aspect} is not positive")

    @property
    def frame_time_ms(self) -> float | None:
        """Mean time between frames in ms; None for a single frame or without timing."""
        if self.frames < 2 or not self.frame_times_ms:
            return None
        return (self.frame_times_ms[-1] - self.frame_times_ms[0]) / (self.frames - 1)

    def time_ms(self, index: int) -> float | None:
        """Start of frame `index` in ms from the first frame, or None without timing."""
        return self.frame_times_ms[index] if self.frame_times_ms else None

    def geometry(self, index: int) -> FrameGeometry:
        """Sizes and directions of frame `index`."""
        if self.frame_geometries:
            return self.frame_geometries[index]
        return FrameGeometry(
            spacing_mm=self.spacing_mm,
            spacing_source=self.spacing_source,
            spacing_plane=self.spacing_plane,
            regions=self.regions,
            orientation=self.orientation,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """One decoded frame.

    Attributes:
        values: Grey: stored values, integer or float (rows, cols). Colour: uint8 (rows, cols, 3), sRGB.
        grey: How grey values become the default display; None for colour.
        pixel_aspect: Height of a pixel divided by its width.
        graphics: bool (rows, cols): what the file draws over the picture (DICOM overlays 60xx), or None.
    """

    values: NDArray[Any]
    grey: GreyDisplay | None
    pixel_aspect: float = 1.0
    graphics: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        """Check the shape against the kind and make the array read-only."""
        wanted = 2 if self.grey is not None else 3
        if self.values.ndim != wanted:
            raise ValueError(f"a {'grey' if wanted == 2 else 'colour'} frame cannot have shape {self.values.shape}")
        if self.grey is None and (self.values.shape[2] != 3 or self.values.dtype != np.uint8):
            raise ValueError(f"a colour frame is uint8 (rows, cols, 3), not {self.values.dtype} {self.values.shape}")
        if self.graphics is not None:
            if self.graphics.dtype != np.bool_ or self.graphics.shape != self.values.shape[:2]:
                raise ValueError(f"graphics are bool {self.values.shape[:2]}, not {self.graphics.shape}")
            self.graphics.setflags(write=False)
        self.values.setflags(write=False)

    @property
    def nbytes(self) -> int:
        """Bytes held by the pixel values and the graphics over them."""
        return self.values.nbytes + (0 if self.graphics is None else self.graphics.nbytes)

    def painted(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Displayed pixels of this frame, uint8 (rows, cols) or (rows, cols, 3), with its graphics in white."""
        if self.graphics is None:
            return pixels
        painted = pixels.copy()
        painted[self.graphics] = 255
        return painted

    def rgb(self) -> NDArray[np.uint8]:
        """The file's default display, uint8 (rows, cols, 3), sRGB: what the eye and the network see."""
        if self.grey is None:
            return self.painted(self.values)
        return np.repeat(self.painted(self.grey.render(self.values))[..., None], 3, axis=2)


class FrameSource(Protocol):
    """An opened clip whose frames decode one at a time, on any thread but one call at a time."""

    @property
    def clip(self) -> Clip:
        """What the file holds."""
        ...

    def decode(self, index: int) -> Frame:
        """Decode frame `index` alone.

        Raises:
            UnreadableFile: With one sentence saying why this frame cannot be read.
        """
        ...

    def close(self) -> None:
        """Release the file; further calls are harmless."""
        ...


@dataclass(frozen=True, slots=True)
class Series:
    """Clips acquired together, in instance order."""

    uid: str
    title: str
    clips: tuple[Clip, ...]


@dataclass(frozen=True, slots=True)
class Study:
    """Series of one examination."""

    uid: str
    title: str
    series: tuple[Series, ...]


def study_of(clip: Clip) -> str:
    """`Study.uid` of the study that a clip belongs to."""
    return clip.study_uid or f"folder:{clip.path.parent.as_posix()}"


def series_of(clip: Clip) -> str:
    """`Series.uid` of the series that a clip belongs to."""
    return clip.series_uid or f"file:{clip.path.as_posix()}"


def group_clips(clips: Sequence[Clip]) -> tuple[Study, ...]:
    """Group clips into studies and series.

    DICOM clips group by study and series UID, ordered by series and instance number; other files form one
    study per folder with one series per file. Order of first appearance is kept between studies.
    """
    studies: dict[str, dict[str, list[Clip]]] = {}
    for clip in clips:
        studies.setdefault(study_of(clip), {}).setdefault(series_of(clip), []).append(clip)
    return tuple(_study(uid, series) for uid, series in studies.items())


def _study(uid: str, series: Mapping[str, list[Clip]]) -> Study:
    first = next(iter(series.values()))[0]
    title = first.study_description or (first.path.parent.name if not first.study_uid else "Study")
    members = sorted(series.items(), key=lambda item: item[1][0].series_number)
    return Study(uid, title, tuple(_series(key, clips) for key, clips in members))


def _series(uid: str, clips: list[Clip]) -> Series:
    ordered = tuple(sorted(clips, key=lambda clip: clip.instance_number))
    first = ordered[0]
    return Series(uid, first.series_description or first.path.name, ordered)
