"""In which order the clips of a study are listed, and which of them; free of Qt."""

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from viewer.domain.image import Clip, group_clips, series_of
from viewer.domain.result import Light
from viewer.present.wording import WORST_FIRST
from viewer.session.worklist import NO_MARKS, Marks

Key = tuple[int, int, int, int]
"""Number and arrival of the series, number and arrival of the instance: the order of `group_clips`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """What the list shows, and how.

    Attributes:
        worst_first: By light, the worst first, rather than as in the files.
        light: Only clips under this light; None for all.
        unanswered: Only clips that nobody has answered.
    """

    worst_first: bool = False
    light: Light | None = None
    unanswered: bool = False

    @property
    def usual(self) -> bool:
        """Everything, as in the files."""
        return self == Arrangement()

    @property
    def by_light(self) -> bool:
        """Whether lights have a say."""
        return self.worst_first or self.light is not None

    def arranged(self, clips: Sequence[Clip], lights: Mapping[str, Light], marks: Mapping[str, Marks]) -> list[Clip]:
        """The clips that are shown, in order.

        Args:
            clips: As in the files.
            lights: As far as they are known, by the clip's file.
            marks: What the reader did, by the clip's file.
        """
        kept = [
            clip
            for clip in clips
            if (self.light is None or lights.get(str(clip.path)) is self.light)
            and not (self.unanswered and marks.get(str(clip.path), NO_MARKS).answers)
        ]
        if self.worst_first:
            ranks = {light: rank for rank, light in enumerate((*WORST_FIRST, None))}
            kept.sort(key=lambda clip: ranks[lights.get(str(clip.path))])
        return kept


class ListedStudy:
    """One study of the list: every clip of it in the order of the files, and those that are shown.

    Attributes:
        study: The study with the clip that came first: its title and date.
        clips: Every clip, as in the files.
        shown: Clips as they are arranged; the very list `clips` in the usual arrangement.
        paths: Of every clip.
        heading: Row of the study in the list, followed by those of its clips; None while nothing of it is shown.
    """

    def __init__(self, clips: Sequence[Clip]) -> None:
        (self.study,) = group_clips(clips[:1])
        self.clips: list[Clip] = []
        self.shown = self.clips
        self.paths: set[str] = set()
        self.heading: int | None = None
        self._keys: list[Key] = []
        self._series: dict[str, tuple[int, int]] = {}
        self._rows: dict[str, int] | None = None
        self.insert_all(clips)

    def row(self, path: str) -> int | None:
        """Where a clip is shown; None where it is not."""
        if self._rows is None:
            self._rows = {str(clip.path): row for row, clip in enumerate(self.shown)}
        return self._rows.get(path)

    def runs(self, clips: Sequence[Clip]) -> list[tuple[int, list[tuple[Key, Clip]]]]:
        """New clips, neighbours together: where `insert` is to put each run, one after the other."""
        arrived = len(self._keys)
        keyed = [(self._key(clip, arrived + number), clip) for number, clip in enumerate(clips)]
        runs: list[tuple[int, list[tuple[Key, Clip]]]] = []
        before = -1
        for done, (key, clip) in enumerate(sorted(keyed, key=lambda pair: pair[0])):
            place = bisect(self._keys, key)
            if place != before:
                runs.append((place + done, []))
            runs[-1][1].append((key, clip))
            before = place
        return runs

    def insert(self, place: int, run: Sequence[tuple[Key, Clip]]) -> None:
        """Insert a run of `runs` at its place."""
        self._keys[place:place] = [key for key, _ in run]
        self.clips[place:place] = [clip for _, clip in run]
        self.paths.update(str(clip.path) for _, clip in run)
        self._rows = None

    def insert_all(self, clips: Sequence[Clip]) -> None:
        """Insert new clips where they belong."""
        for place, run in self.runs(clips):
            self.insert(place, run)

    def arrange(self, arrangement: Arrangement, lights: Mapping[str, Light], marks: Mapping[str, Marks]) -> None:
        """Show clips in another order, or others of them."""
        self.shown = self.clips if arrangement.usual else arrangement.arranged(self.clips, lights, marks)
        self._rows = None

    def _key(self, clip: Clip, arrival: int) -> Key:
        """A series stands where its clip that came first says."""
        number, series = self._series.setdefault(series_of(clip), (clip.series_number, len(self._series)))
        return number, series, clip.instance_number, arrival
