"""From a decoded frame to what the network gets."""

from collections.abc import Callable, Iterable

from viewer.domain.image import Clip, Frame, FrameSource
from viewer.engine.picture import Picture
from viewer.engine.surroundings import Surroundings


def picture_of(frame: Frame, clip: Clip | None = None, index: int = 0) -> Picture:
    """The RGB of the file's default display, whatever window or inversion the user has chosen; see `Picture`."""
    return Picture(rgb=frame.rgb(), pixel_aspect=frame.pixel_aspect, clip=clip, index=index)


def seen_together(clip: Clip, decode: Callable[[int], Frame], planned: Iterable[int] | None = None) -> Surroundings:
    """The frames of a clip, to be seen together.

    Args:
        clip: What the file says.
        decode: Gives one frame, or raises `UnreadableFile`.
        planned: Those that will be assessed, ascending; None where nobody knows.
    """
    return Surroundings(clip.frames, lambda index: picture_of(decode(index), clip, index), planned, clip=clip)


def surroundings_of(source: FrameSource, planned: Iterable[int] | None = None) -> Surroundings:
    """The frames of an opened file, to be seen together.

    Args:
        source: Stays open as long as they are asked for.
        planned: Those that will be assessed, ascending; None where nobody knows.
    """
    return seen_together(source.clip, source.decode, planned)
