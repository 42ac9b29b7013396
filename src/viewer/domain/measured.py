"""What an annotation measures."""

import numpy as np
from numpy.typing import NDArray

from viewer.domain import measure, roi
from viewer.domain.annotation import AREAS, Annotation, Kind
from viewer.domain.calibration import Scale, scale_of
from viewer.domain.geometry import Point
from viewer.domain.image import Clip, Frame
from viewer.domain.measure import Measurement


def measurements(annotation: Annotation, clip: Clip) -> tuple[Measurement, ...]:
    """Lengths, angles and areas of an annotation, by the calibration where it lies; `()` where it measures none."""
    points = annotation.points
    if annotation.kind not in (Kind.DISTANCE, Kind.ANGLE, Kind.COBB, *AREAS):
        return ()
    scale = scale_at(annotation, clip)
    match annotation.kind:
        case Kind.DISTANCE:
            return (measure.distance(points[0], points[1], scale),)
        case Kind.ANGLE:
            return (measure.angle(points[0], points[1], points[2], scale),)
        case Kind.COBB:
            return (measure.cobb_angle((points[0], points[1]), (points[2], points[3]), scale),)
        case Kind.ELLIPSE:
            return measure.ellipse(points[0], points[1], scale)
        case Kind.RECTANGLE:
            return measure.rectangle(points[0], points[1], scale)
        case _:
            return measure.polygon(points, scale)


def scale_at(annotation: Annotation, clip: Clip) -> Scale:
    """How large a pixel is where an annotation with points lies."""
    points = annotation.points
    if annotation.kind in (Kind.ELLIPSE, Kind.RECTANGLE):
        points = _corners(points[0], points[1])
    return scale_of(clip, annotation.frame, points, closed=annotation.kind in AREAS)


def mask_of(annotation: Annotation, rows: int, columns: int) -> NDArray[np.bool_]:
    """Pixels whose centre an annotation encloses, bool (rows, columns); none for what encloses nothing."""
    points = annotation.points
    match annotation.kind:
        case Kind.ELLIPSE:
            return roi.ellipse_mask(points[0], points[1], rows, columns)
        case Kind.RECTANGLE:
            return roi.rectangle_mask(points[0], points[1], rows, columns)
        case Kind.POLYGON:
            return roi.polygon_mask(points, rows, columns)
        case _:
            return np.zeros((rows, columns), bool)


def statistics(annotation: Annotation, frame: Frame, clip: Clip) -> tuple[roi.Statistics, ...]:
    """Statistics of the pixels that an annotation encloses; `()` where it encloses none.

    Args:
        annotation: Drawn on that frame.
        frame: As decoded.
        clip: Names the unit of its values.
    """
    if annotation.kind not in AREAS:
        return ()
    rows, columns = frame.values.shape[:2]
    return roi.statistics(frame, mask_of(annotation, rows, columns), clip.value_unit)


def _corners(corner: Point, opposite: Point) -> tuple[Point, ...]:
    return corner, (opposite[0], corner[1]), opposite, (corner[0], opposite[1])
