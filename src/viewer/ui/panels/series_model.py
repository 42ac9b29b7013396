"""What the list of studies holds: clips, their thumbnails, their lights and what the reader did to them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QImage

from viewer.domain.image import Clip, study_of
from viewer.domain.result import Light
from viewer.present.colours import look
from viewer.present.identity import Identity, Names
from viewer.present.wording import LIGHT_TITLE, duration_words, sentence
from viewer.session.worklist import NO_MARKS, Marks
from viewer.ui.panels.series_order import Arrangement, ListedStudy
from viewer.ui.texts import marked, tr
from viewer.ui.widgets.labels import tip

Index = QModelIndex | QPersistentModelIndex

DETAIL = Qt.ItemDataRole.UserRole + 1
"""Frames, length and size in one line; None for a study."""
LIGHT = Qt.ItemDataRole.UserRole + 2
"""The clip's light; None while it is not known."""
WORD = Qt.ItemDataRole.UserRole + 3
"""The same as a word."""
MARKS = Qt.ItemDataRole.UserRole + 4
"""What the reader did to a clip; for a study (answered clips, all clips)."""
SEPARATOR = "  ·  "
PENDING = marked("not assessed")


class SeriesModel(QAbstractTableModel):
    """A row for each study, followed by those of its clips in series and instance order.

    Clips that arrive are inserted where they belong; only another arrangement than the usual one starts anew. It has
    one level, as a tree asks for every row whenever some are inserted.

    Signals:
        thumbnail_wanted: A clip's row is painted for the first time (Clip).
        lights_changed: Some light is another now; whether any was taken away.
    """

    thumbnail_wanted = Signal(object)
    lights_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, ListedStudy] = {}
        self._shown: list[ListedStudy] = []
        self._arrangement = Arrangement()
        self._rows: list[ListedStudy | Clip] | None = []
        self._thumbnails: dict[str, QImage | None] = {}
        self._lights: dict[str, tuple[Light, str]] = {}
        self._marks: Mapping[str, Marks] = {}
        self._kept_back: set[str] = set()
        self._identity = Identity()

    @property
    def clips(self) -> tuple[Clip, ...]:
        """Every clip that is shown, in the order of the list."""
        return tuple(clip for study in self._shown for clip in study.shown)

    @property
    def every_clip(self) -> tuple[Clip, ...]:
        """Every clip, whether it is shown or not, study by study as in the files."""
        return tuple(clip for study in self._known.values() for clip in study.clips)

    @property
    def lights(self) -> Mapping[str, Light]:
        """The lights that are known, by the clip's file."""
        return {path: light for path, (light, _) in self._lights.items()}

    @property
    def arrangement(self) -> Arrangement:
        """In which order clips stand, and which are shown."""
        return self._arrangement

    def use_identity(self, identity: Identity) -> None:
        """Call clips and studies otherwise from now on."""
        self._identity = identity
        self._changed(str(clip.path) for clip in self.clips)

    def arrange(self, arrangement: Arrangement) -> None:
        """Show clips in another order, or others of them."""
        if arrangement != self._arrangement:
            self._arrangement = arrangement
            self._start_over()

    def add(self, clips: Sequence[Clip]) -> None:
        """Add clips; one that is listed already is not listed twice."""
        arrived: dict[str, dict[str, Clip]] = {}
        for clip in clips:
            study, path = study_of(clip), str(clip.path)
            if study not in self._known or path not in self._known[study].paths:
                arrived.setdefault(study, {}).setdefault(path, clip)
        for uid, new in arrived.items():
            if uid in self._known:
                self._insert(self._known[uid], tuple(new.values()))
            else:
                self._begin_study(uid, tuple(new.values()))
        if not self._arrangement.usual and arrived:
            self._start_over()

    def set_thumbnail(self, path: str, image: QImage) -> None:
        """Show a thumbnail."""
        self._thumbnails[path] = image
        self._changed([path])

    def set_light(self, path: str, light: Light, reason: str) -> None:
        """Show the light of a picture or of a whole clip, which is known now."""
        if self._lights.get(path) != (light, reason):
            self._lights[path] = (light, reason)
            self._kept_back.discard(path)
            self._lights_are_others([path], gone=False)

    def keep_back(self, path: str) -> None:
        """A light is known, and shown once the reader has answered; till then nothing is ordered by it either."""
        if path not in self._kept_back:
            self._lights.pop(path, None)
            self._kept_back.add(path)
            self._lights_are_others([path], gone=True)

    def drop_lights(self) -> None:
        """No light is known any more: another model answers."""
        paths = [*self._lights, *self._kept_back]
        self._lights, self._kept_back = {}, set()
        if paths:
            self._lights_are_others(paths, gone=True)

    def set_marks(self, marks: Mapping[str, Marks]) -> None:
        """Show which clips are answered and how many key images they have; clips that are not named have neither."""
        before, self._marks = self._marks, marks
        changed = [path for path in {**before, **marks} if before.get(path) != marks.get(path)]
        if changed and self._arrangement.unanswered:
            self._start_over()
        elif changed:
            self._changed(changed)

    def marks(self, clip: Clip) -> Marks:
        """What the reader did to a clip."""
        return self._marks.get(str(clip.path), NO_MARKS)

    def step(self, clip: Clip, by: int) -> Clip | None:
        """The clip shown next to one, after it (1) or before it (-1); None at the ends.

        A clip that is not shown is left for the one that comes next in the files.
        """
        shown = {str(entry.path): entry for entry in self.clips}
        path = str(clip.path)
        order = list(shown) if path in shown else [str(entry.path) for entry in self.every_clip]
        if path not in order:
            return None
        place = order.index(path)
        onward = order[place + 1 :] if by > 0 else order[:place][::-1]
        return next((shown[other] for other in onward if other in shown), None)

    def step_unanswered(self, clip: Clip, by: int) -> Clip | None:
        """The next clip shown after (1) or before (-1) one that has no answer, round the ends; None without any."""
        clips = self.clips[::by]
        place = next((place for place, entry in enumerate(clips) if entry.path == clip.path), -1)
        onward = clips[place + 1 :] + clips[: max(place, 0)]
        return next((entry for entry in onward if not self.marks(entry).answers), None)

    def index_of(self, clip: Clip) -> QModelIndex:
        """Where a clip is shown; invalid when it is not."""
        study = self._known.get(study_of(clip))
        row = None if study is None else study.row(str(clip.path))
        if study is None or row is None or study.heading is None:
            return QModelIndex()
        return self.index(study.heading + 1 + row, 0)

    def clip_at(self, index: Index) -> Clip | None:
        """The clip of a row; None for a study."""
        entry = self._entry(index.row()) if index.isValid() else None
        return entry if isinstance(entry, Clip) else None

    def headings(self) -> tuple[int, ...]:
        """Rows of studies."""
        return tuple(study.heading for study in self._shown if study.heading is not None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Studies and clips."""
        return 0 if parent.isValid() else sum(1 + len(study.shown) for study in self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's variant
        """Titles, details and thumbnails; a thumbnail is asked for when its row is first painted."""
        if not index.isValid():
            return None
        entry = self._entry(index.row())
        return self._clip_data(entry, role) if isinstance(entry, Clip) else self._study_data(entry, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only clips can be chosen."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        chosen = Qt.ItemFlag.ItemIsSelectable if self.clip_at(index) else Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | chosen

    # Arranging ---------------------------------------------------------------------------------------------------

    def _entry(self, row: int) -> ListedStudy | Clip:
        if self._rows is None:
            self._rows = []
            for study in self._shown:
                self._rows += [study, *study.shown]
        return self._rows[row]

    def _begin_study(self, uid: str, clips: Sequence[Clip]) -> None:
        study = self._known[uid] = ListedStudy(clips)
        if self._arrangement.usual:
            rows = self.rowCount()
            self.beginInsertRows(QModelIndex(), rows, rows + len(clips))
            study.heading = rows
            self._shown.append(study)
            self._rows = None
            self.endInsertRows()

    def _insert(self, study: ListedStudy, clips: Sequence[Clip]) -> None:
        """Insert clips of a study that is listed, each run of neighbours at once."""
        if not self._arrangement.usual or study.heading is None:
            study.insert_all(clips)
            return
        after = self._shown[self._shown.index(study) + 1 :]
        for place, run in study.runs(clips):
            first = study.heading + 1 + place
            self.beginInsertRows(QModelIndex(), first, first + len(run) - 1)
            study.insert(place, run)
            for later in after:
                later.heading = (later.heading or 0) + len(run)
            self._rows = None
            self.endInsertRows()
        heading = self.index(study.heading, 0)
        self.dataChanged.emit(heading, heading)  # how much of it is answered

    def _start_over(self) -> None:
        """Arrange everything anew."""
        self.beginResetModel()
        lights = self.lights
        self._shown, self._rows = [], None
        row = 0
        for study in self._known.values():
            study.arrange(self._arrangement, lights, self._marks)
            study.heading = row if study.shown else None
            if study.shown:
                self._shown.append(study)
                row += 1 + len(study.shown)
        self.endResetModel()

    # Telling -----------------------------------------------------------------------------------------------------

    def _lights_are_others(self, paths: Iterable[str], *, gone: bool) -> None:
        if self._arrangement.by_light:
            self._start_over()
        else:
            self._changed(paths)
        self.lights_changed.emit(gone)

    def _changed(self, paths: Iterable[str]) -> None:
        """Have the rows of clips drawn anew, and those of their studies."""
        wanted = set(paths)
        for study in self._shown:
            here = wanted & study.paths if len(wanted) > 1 or wanted <= study.paths else ()
            rows = [row for path in here if (row := study.row(path)) is not None]
            if rows and study.heading is not None:
                first, last = study.heading + 1 + min(rows), study.heading + 1 + max(rows)
                for top, bottom in ((study.heading, study.heading), (first, last)):
                    self.dataChanged.emit(self.index(top, 0), self.index(bottom, 0))

    def _clip_data(self, clip: Clip, role: int) -> Any:  # noqa: ANN401 - Qt's variant
        if role == Qt.ItemDataRole.DisplayRole:
            return self._identity.names(clip).title
        if role == DETAIL:
            return detail_words(clip)
        if role == MARKS:
            return self.marks(clip)
        if role == Qt.ItemDataRole.ToolTipRole:
            path = self._identity.names(clip).path
            return clip_tip(path, detail_words(clip), self._light_words(clip), marks_words(self.marks(clip)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            title = self._identity.names(clip).title
            return ". ".join([title, self._light_words(clip), *marks_words(self.marks(clip))])
        if role in (LIGHT, WORD):
            return self._lights.get(str(clip.path), (None, ""))[0] if role == LIGHT else self._word(clip)
        return self._thumbnail(clip) if role == Qt.ItemDataRole.DecorationRole else None

    def _study_data(self, study: ListedStudy, role: int) -> Any:  # noqa: ANN401 - Qt's variant
        if role == MARKS:
            return sum(1 for clip in study.clips if self.marks(clip).answers), len(study.clips)
        names = self._identity.names(study.clips[0])
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{study_words(names)}. {answered_words(*self._study_data(study, MARKS))}"
        return study_words(names) if role == Qt.ItemDataRole.DisplayRole else None

    def _word(self, clip: Clip) -> str:
        path = str(clip.path)
        without = tr("answer first") if path in self._kept_back else tr(PENDING)
        return look(self._lights[path][0]).word if path in self._lights else without

    def _light_words(self, clip: Clip) -> str:
        reason = self._identity.sentence(self._lights.get(str(clip.path), (None, ""))[1])
        return f"{tr(LIGHT_TITLE)}: {self._word(clip)}" + (f". {sentence(reason)}" if reason else "")

    def _thumbnail(self, clip: Clip) -> QImage | None:
        path = str(clip.path)
        if path not in self._thumbnails:
            self._thumbnails[path] = None
            self.thumbnail_wanted.emit(clip)
        return self._thumbnails[path]


def study_words(names: Names) -> str:
    """A study's title and date."""
    return "   ".join(part for part in (names.study or tr("Study"), names.date) if part)


def clip_tip(path: str, details: str, light: str, marks: list[str]) -> str:
    """Everything about a clip, a line each."""
    return "\n".join(filter(None, (path, details, tip(light), SEPARATOR.join(marks))))


def answered_words(answered: int, every: int) -> str:
    """How much of a study is answered."""
    return tr("{n} of {all} answered").format(n=answered, all=every)


def marks_words(marks: Marks) -> list[str]:
    """What the reader did to a clip, in words; none where nothing."""
    words = [tr("Answered")] if marks.answers else []
    if marks.key_images:
        words.append(tr("Key images: {n}").format(n=marks.key_images))
    return words


def detail_words(clip: Clip) -> str:
    """Frames, length and size in one line."""
    parts = [f"{clip.columns} × {clip.rows}"]
    if clip.frames > 1:
        length = clip.frame_times_ms[-1] + (clip.frame_time_ms or 0) if clip.frame_times_ms else None
        parts = [
            tr("{count} frames").format(count=clip.frames),
            *([duration_words(length)] if length else []),
            *parts,
        ]
    return SEPARATOR.join(parts)
