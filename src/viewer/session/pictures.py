"""From a decoded frame to what the network gets."""

from collections.abc import Iterable

from viewer.domain.image import Frame, FrameSource
from viewer.engine.picture import Picture
from viewer.engine.surroundings import Surroundings


def picture_of(frame: Frame) -> Picture:
    """The RGB of the file's default display, whatever window or inversion the user has chosen."""
    return Picture(rgb=frame.rgb(), pixel_aspect=frame.pixel_aspect)


def surroundings_of(source: FrameSource, planned: Iterable[int] | None = None) -> Surroundings:
    """The frames of an opened file, to be seen together.

    Args:
        source: Stays open as long as they are asked for.
        planned: Those that will be assessed, ascending; None where nobody knows.
    """
    return Surroundings(source.clip.frames, lambda index: picture_of(source.decode(index)), planned)
