"""From a decoded frame to what the network gets."""

from viewer.domain.image import Frame
from viewer.engine.picture import Picture


def picture_of(frame: Frame) -> Picture:
    """The RGB of the file's default display, whatever window or inversion the user has chosen."""
    return Picture(rgb=frame.rgb(), pixel_aspect=frame.pixel_aspect)
