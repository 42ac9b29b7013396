"""What the line below a clip shows, and in which words; free of Qt's widgets."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from viewer.domain.result import Light
from viewer.present.wording import duration_words, frame_word, light_word, percent
from viewer.ui.texts import tr


@dataclass(kw_only=True)
class TrackState:
    """One clip, as the timeline shows it.

    Attributes:
        frames: Number of frames.
        times_ms: Start of every frame in ms; `()` without timing.
        trust: float64 (frames,): trust by frame, NaN where it is not known.
        done: bool (frames,): frames that were assessed or failed.
        failed: bool (frames,): frames that cannot be read or assessed.
        lights: Lights of single frames, where a certificate was made for them.
        kept_back: Frames whose trust and light are shown once the reader has answered.
        threshold: Trust from which on frames are green, [0, 1]; None without such a certificate.
        frame: Where the eye is.
        first, last: The frames that are played.
        keys: Frames marked as key images.
        changes: Last frames before the clip goes over to another class.
        best: The frame that may stand for the clip; None without one.
    """

    frames: int = 1
    times_ms: tuple[float, ...] = ()
    trust: NDArray[np.float64] = field(init=False)
    done: NDArray[np.bool_] = field(init=False)
    failed: NDArray[np.bool_] = field(init=False)
    lights: dict[int, Light] = field(default_factory=dict)
    kept_back: set[int] = field(default_factory=set)
    threshold: float | None = None
    frame: int = 0
    first: int = 0
    last: int = field(init=False)
    keys: tuple[int, ...] = ()
    changes: tuple[int, ...] = ()
    best: int | None = None

    def __post_init__(self) -> None:
        """Begin with nothing known, and the whole clip played."""
        self.trust = np.full(self.frames, np.nan)
        self.done, self.failed = np.zeros(self.frames, bool), np.zeros(self.frames, bool)
        self.last = self.frames - 1

    @property
    def whole(self) -> bool:
        """Whether all frames are played."""
        return (self.first, self.last) == (0, self.frames - 1)

    def words(self, frame: int) -> str:
        """All that is known of one frame."""
        time = f", {duration_words(self.times_ms[frame])}" if self.times_ms else ""
        said = [f"{frame_word(frame, self.frames)}{time}: {self._assessed_words(frame)}", *self._mark_words(frame)]
        return "; ".join(said)

    def _assessed_words(self, frame: int) -> str:
        if self.failed[frame]:
            return tr("cannot be assessed")
        if not self.done[frame]:
            return tr("not assessed yet")
        if frame in self.kept_back:
            return tr("shown after your answer")
        trust = self.trust[frame]
        state = tr("trust not known") if np.isnan(trust) else tr("trust {value}").format(value=percent(float(trust)))
        return f"{light_word(self.lights[frame])}, {state}" if frame in self.lights else state

    def _mark_words(self, frame: int) -> list[str]:
        marks = [
            (frame in self.keys, tr("key image")),
            (frame == self.best, tr("suggested to stand for the clip")),
            (frame in self.changes, tr("with the next frame the clip goes over to another class")),
            (frame - 1 in self.changes, tr("with this frame the clip goes over to another class")),
            (not self.whole and frame == self.first, tr("start of the range")),
            (not self.whole and frame == self.last, tr("end of the range")),
            (not self.first <= frame <= self.last, tr("outside the range that is played")),
        ]
        return [words for so, words in marks if so]
