"""How large a pixel is where something is measured: in mm where the file says so, else in pixels.

Millimetres are never invented. Where a picture has ultrasound regions, they alone say how large its pixels are: a
line that leaves its region, or enters one that measures something else, counts pixels.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from viewer.domain.geometry import Box, Point, box_holds, edges, holds, line_enters
from viewer.domain.image import Clip, Region, SpacingPlane

NOT_CALIBRATED = "not calibrated"

_BASIS = {
    SpacingPlane.PATIENT: "",
    SpacingPlane.DETECTOR: "at the detector",
    SpacingPlane.FILM: "on the scanned film",
    SpacingPlane.UNKNOWN: "PixelSpacing, magnification unknown",
}

_MM_PER_CM = 10.0
_OUTSIDE = 1
"""Pixels by which a region may reach over the edge: some writers give the first pixel behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How large one pixel is.

    Attributes:
        width, height: In `unit`; of a pixel that is not square, in px, the width counts as 1.
        unit: `mm` or `px`.
        basis: What that rests on: `PixelSpacing`, `at the detector`, `ultrasound region 1` … or `not calibrated`.
        note: Why it is not calibrated although the picture has regions; `""` otherwise.
    """

    width: float
    height: float
    unit: str
    basis: str
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse a pixel without size."""
        if not (self.width > 0 and self.height > 0):
            raise ValueError(f"a pixel of {self.width}×{self.height} {self.unit} has no size")

    @property
    def calibrated(self) -> bool:
        """Whether lengths come out in mm."""
        return self.unit == "mm"

    def place(self, point: Point) -> Point:
        """A point of the stored frame in `unit`."""
        return point[0] * self.width, point[1] * self.height


def scale_of(clip: Clip, frame: int, points: Sequence[Point], *, closed: bool = False) -> Scale:
    """How large a pixel is along a line, or in an outline.

    Args:
        clip: What the file says.
        frame: Index of the frame.
        points: Where it is measured, at least one.
        closed: Whether the points enclose what is measured.
    """
    regions = _meant(clip.geometry(frame).regions)
    if not regions:
        return _spacing_scale(clip, frame)
    if not _within_picture(clip, regions):
        return _pixels(clip, "the ultrasound regions belong to a picture of another size")
    touched = [(number, region) for number, region in regions if _touches(_edges_of(region), points, closed=closed)]
    around = [entry for entry in touched if _holds_all(_edges_of(entry[1]), points)]
    if not around:
        return _pixels(
            clip, "it leaves its ultrasound region" if touched else "it lies outside the ultrasound regions"
        )
    if len({_sizes(region) for _, region in touched}) > 1:
        return _pixels(clip, "it lies in ultrasound regions that measure differently")
    return _region_scale(clip, *around[0])


def whole_scale(clip: Clip, frame: int) -> Scale | None:
    """The one scale in mm that holds wherever this frame is calibrated, e.g. for a scale bar; None without one."""
    regions = _meant(clip.geometry(frame).regions)
    spatial = [entry for entry in regions if _sizes(entry[1]) is not None]
    if not regions:
        scale = _spacing_scale(clip, frame)
    elif len({_sizes(region) for _, region in spatial}) == 1 and _within_picture(clip, regions):
        scale = _region_scale(clip, *spatial[0])
    else:
        return None
    return scale if scale.calibrated else None


def _meant(regions: Iterable[Region]) -> tuple[tuple[int, Region], ...]:
    """Regions that hold measured data, with their numbers from 1: not grey bars, frames and other graphics."""
    numbered = enumerate(regions, start=1)
    return tuple(entry for entry in numbered if entry[1].spatial_format not in ("none", "graphics"))


def _within_picture(clip: Clip, regions: Iterable[tuple[int, Region]]) -> bool:
    """Whether regions fit the picture: one that was made smaller or cropped afterwards often keeps the old ones."""
    return all(
        min(region.left, region.top) >= 0
        and region.right < clip.columns + _OUTSIDE
        and region.bottom < clip.rows + _OUTSIDE
        for _, region in regions
    )


def _edges_of(region: Region) -> Box:
    """Outer edges of a region, whose bounds are the first and the last pixel."""
    return region.left, region.top, region.right + 1, region.bottom + 1


def _holds_all(box: Box, points: Sequence[Point]) -> bool:
    return all(box_holds(box, point) for point in points)


def _touches(box: Box, points: Sequence[Point], *, closed: bool) -> bool:
    """Whether a line passes through a box, or an outline encloses it."""
    if _holds_all(box, points) or any(line_enters(start, end, box) for start, end in edges(points, closed=closed)):
        return True
    return closed and len(points) > 2 and holds(points, (box[0], box[1]))


def _sizes(region: Region) -> tuple[float, float] | None:
    """Width and height of a pixel in mm where a region shows space in two dimensions; None for time or velocity."""
    if region.spatial_format != "2D" or region.units != ("cm", "cm") or not all(region.delta):
        return None
    # A negative size tells that the region counts the other way; lengths are the same.
    return abs(region.delta[0]) * _MM_PER_CM, abs(region.delta[1]) * _MM_PER_CM


def _region_scale(clip: Clip, number: int, region: Region) -> Scale:
    sizes = _sizes(region)
    if sizes is None:
        return _pixels(clip, f"ultrasound region {number} ({region.spatial_format}) measures no lengths")
    return Scale(width=sizes[0], height=sizes[1], unit="mm", basis=f"ultrasound region {number}")


def _spacing_scale(clip: Clip, frame: int) -> Scale:
    geometry = clip.geometry(frame)
    if geometry.spacing_mm is None:
        return _pixels(clip)
    height, width = geometry.spacing_mm
    basis = _BASIS[geometry.spacing_plane] or geometry.spacing_source
    return Scale(width=width, height=height, unit="mm", basis=basis)


def _pixels(clip: Clip, note: str = "") -> Scale:
    return Scale(width=1.0, height=clip.pixel_aspect, unit="px", basis=NOT_CALIBRATED, note=note)
