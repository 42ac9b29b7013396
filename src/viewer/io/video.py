"""Videos (MP4, MOV, AVI, MKV, WebM): exact frame times, any frame on its own.

The packets are listed once without decoding; that gives every frame's time stamp and the key frames. A frame is
decoded from the key frame before it, or by going on from the frame decoded last.
"""

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from viewer.domain.errors import UnreadableFile
from viewer.domain.image import Clip, Frame
from viewer.io.faults import FAULTS, brief, silenced

MAX_PIXELS = 1 << 26
"""Most pixels of one video frame."""

MAX_OPEN_DECODERS = 2
"""Decoders kept open over all videos; each holds a codec's reference frames."""

_FAULTS: tuple[type[Exception], ...] = (*FAULTS, av.FFmpegError)


@dataclass(frozen=True, slots=True)
class VideoIndex:
    """Where the frames of a video are.

    Attributes:
        stamps: Presentation time stamp of every frame, ascending, in units of `time_base`.
        keys: Time stamps of frames that decode on their own, ascending.
        time_base: Seconds per unit.
        pixel_aspect: Height of a stored pixel divided by its width.
    """

    stamps: tuple[int, ...]
    keys: tuple[int, ...]
    time_base: Fraction
    pixel_aspect: float

    def times_ms(self) -> tuple[float, ...]:
        """Start of every frame in ms from the first; `()` for a single frame."""
        if len(self.stamps) < 2:
            return ()
        first = self.stamps[0]
        return tuple(float((stamp - first) * self.time_base * 1000) for stamp in self.stamps)

    def key_before(self, stamp: int) -> int:
        """The key frame from which `stamp` can be reached."""
        return next(iter(self.keys_before(stamp)), self.stamps[0])

    def keys_before(self, stamp: int) -> tuple[int, ...]:
        """Key frames to try one after the other: the nearest, and a few ever farther before it."""
        nearest = bisect_right(self.keys, stamp) - 1
        return tuple(self.keys[nearest - back] for back in (0, 1, 3) if back <= nearest)


def read_index(location: Path) -> VideoIndex:
    """List the packets of the first video stream without decoding any.

    Raises:
        ValueError: There is no video stream, or no frame in it.
    """
    with av.open(str(location)) as container:
        if not container.streams.video:
            raise ValueError("it holds no pictures")
        stream = container.streams.video[0]
        stamps, keys = set(), set()
        for packet in container.demux(stream):
            stamp = packet.pts if packet.pts is not None else packet.dts
            if stamp is None or not packet.size or packet.is_discard:
                continue
            stamps.add(stamp)
            if packet.is_keyframe:
                keys.add(stamp)
        if not stamps:
            raise ValueError("it holds no frames")
        aspect = float(1 / stream.sample_aspect_ratio) if stream.sample_aspect_ratio else 1.0
        return VideoIndex(tuple(sorted(stamps)), tuple(sorted(keys)), Fraction(stream.time_base or 1), aspect)


class _Decoder:
    """An open container that stands behind the frame it gave last."""

    def __init__(self, location: Path, index: VideoIndex) -> None:
        self._location = location
        self._index = index
        self._last: int | None = None
        self._container: Any = None
        self._frames: Iterator[Any] = iter(())
        self._restart()

    def frame(self, index: int) -> Any:  # noqa: ANN401 - av.VideoFrame; av's types are not exported
        """Decode frame `index`."""
        stamp = self._index.stamps[index]
        if self._last is not None and self._index.key_before(stamp) <= self._last < stamp:
            frame = self._onward(stamp)
            if frame is not None:
                return frame
        # Formats without an index of their own (MPEG program streams) land behind the frame that was asked for.
        for key in self._index.keys_before(stamp):
            self._container.seek(key, stream=self._stream, backward=True)
            self._frames = self._container.decode(self._stream)
            frame = self._onward(stamp)
            if frame is not None:
                return frame
        return self._from_start(index)

    def _onward(self, stamp: int) -> Any:  # noqa: ANN401
        """Decode until `stamp`; None when the next frames lie behind it."""
        for frame in self._frames:
            self._last = _stamp(frame)
            if self._last == stamp:
                return frame
            if self._last is None or self._last > stamp:
                break
        self._last = None
        return None

    def _from_start(self, index: int) -> Any:  # noqa: ANN401
        """The frame of that time stamp, or by its number where frames come out with other stamps than they have."""
        stamp = self._index.stamps[index]
        for by_number in (False, True):
            self._restart()
            for position, frame in enumerate(self._frames):
                if position == index if by_number else _stamp(frame) == stamp:
                    self._last = _stamp(frame)
                    return frame
        raise EOFError("the video ends before it")

    def _restart(self) -> None:
        self.close()
        self._container = av.open(str(self._location))
        self._stream = self._container.streams.video[0]
        self._stream.codec_context.thread_count = 1  # frame threads cost memory and a delay at every seek
        self._frames = self._container.decode(self._stream)

    def close(self) -> None:
        self._last = None
        if self._container is not None:
            self._container.close()


class VideoSource:
    """One opened video; `decode` may be called from any thread."""

    def __init__(self, location: Path, name: Path) -> None:
        self._location = location
        self._name = name
        self._lock = threading.Lock()
        self._decoder: _Decoder | None = None
        try:
            with silenced():
                self._index = read_index(location)
                first = self._decoded(0)
        except _FAULTS as error:
            raise UnreadableFile(name, reason=f"the video cannot be read ({brief(error)})") from error
        finally:
            self.close()
        rows, columns, aspect = first.height, first.width, self._index.pixel_aspect
        if _quarter_turns(first) % 2:
            rows, columns, aspect = columns, rows, 1 / aspect
        self._clip = Clip(
            path=name,
            kind="video",
            frames=len(self._index.stamps),
            rows=rows,
            columns=columns,
            photometric="RGB",
            frame_times_ms=self._index.times_ms(),
            pixel_aspect=aspect,
        )

    @property
    def clip(self) -> Clip:
        """What the file holds."""
        return self._clip

    def decode(self, index: int) -> Frame:
        """Decode frame `index` alone.

        Raises:
            UnreadableFile: Its data is damaged.
        """
        if not 0 <= index < self._clip.frames:
            raise IndexError(f"frame {index} of {self._clip.frames}")
        try:
            with silenced():
                values = _upright(self._decoded(index))
        except _FAULTS as error:
            reason = f"frame {index + 1} of the video cannot be decoded ({brief(error)})"
            raise UnreadableFile(self._name, reason=reason) from error
        if values.shape[:2] != (self._clip.rows, self._clip.columns):
            raise UnreadableFile(self._name, reason=f"frame {index + 1} of the video has another size")
        return Frame(values=values, grey=None, pixel_aspect=self._clip.pixel_aspect)

    def close(self) -> None:
        """Close the decoder; a later `decode` opens it again."""
        _OPEN.closed(self)
        with self._lock:
            self._forget()

    def release(self) -> bool:
        """Close the decoder unless it is at work; whether it was closed."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            self._forget()
        finally:
            self._lock.release()
        return True

    def _forget(self) -> None:
        if self._decoder is not None:
            with suppress(*_FAULTS):
                self._decoder.close()
            self._decoder = None

    def _decoded(self, index: int) -> Any:  # noqa: ANN401
        with self._lock:
            if self._decoder is None:
                self._decoder = _Decoder(self._location, self._index)
            try:
                frame = self._decoder.frame(index)
            except _FAULTS:
                self._forget()
                raise
            if frame.width * frame.height > MAX_PIXELS:
                raise ValueError(f"frames of {frame.width}×{frame.height} pixels are too large")
        _OPEN.used(self)
        return frame


class _OpenDecoders:
    """Closes the decoder used longest ago when too many are open."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sources: OrderedDict[int, VideoSource] = OrderedDict()

    def used(self, source: VideoSource) -> None:
        with self._lock:
            self._sources[id(source)] = source
            self._sources.move_to_end(id(source))
            for key in list(self._sources)[:-MAX_OPEN_DECODERS]:
                if self._sources[key].release():
                    del self._sources[key]

    def closed(self, source: VideoSource) -> None:
        with self._lock:
            self._sources.pop(id(source), None)


_OPEN = _OpenDecoders()


def open_video(location: Path, name: Path) -> VideoSource:
    """Open a video.

    Args:
        location: Where its bytes are.
        name: The file as the user named it.

    Raises:
        UnreadableFile: It is damaged, or its codec is not known.
    """
    return VideoSource(location, name)


def _stamp(frame: Any) -> int | None:  # noqa: ANN401
    stamp: int | None = frame.pts if frame.pts is not None else frame.dts
    return stamp


def _upright(frame: Any) -> NDArray[np.uint8]:  # noqa: ANN401
    """RGB of a frame by its own matrix and range, turned by its display matrix (counter-clockwise degrees)."""
    picture: NDArray[np.uint8] = frame.to_ndarray(format="rgb24")
    turns = _quarter_turns(frame)
    return np.ascontiguousarray(np.rot90(picture, turns)) if turns else picture


def _quarter_turns(frame: Any) -> int:  # noqa: ANN401
    degrees: int = frame.rotation
    return round(degrees / 90) % 4
