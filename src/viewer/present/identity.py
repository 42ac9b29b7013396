"""Whose picture it is, in words: as the file says it, or neutral where nobody shall read it from the screen.

Everything that shows such words takes them from here, so that the de-identified display leaves none out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from viewer.domain.image import Clip, group_clips
from viewer.present.rows import Cell
from viewer.present.texts import marked, tr

DE_IDENTIFIED = marked("De-identified")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a clip is called, and whom it belongs to.

    Attributes:
        patient: Name and number, a line each; `De-identified` where there are none or nobody shall read them.
        study: The study; `""` where nothing tells it.
        date: Of the study; `""` where nothing tells it.
        series: The series with its number: `Series 3: Soft tissue`.
        image: The picture in its series; `""` where nothing tells it.
        title: The clip within its study, for lists.
        file: The clip among all that are open, as short as can be: the name of its file.
        path: The same in full.
    """

    patient: tuple[str, ...]
    study: str
    date: str
    series: str
    image: str
    title: str
    file: str
    path: str


class Identity:
    """The names of all clips that are open, told or kept back."""

    def __init__(self, clips: Sequence[Clip] = (), *, de_identified: bool = False) -> None:
        """Prepare.

        Args:
            clips: All that are open; neutral names count them in the order of the list of studies.
            de_identified: Keep back everything that tells whose a picture is: names, numbers, dates, free text and
                names of files.
        """
        self.de_identified = de_identified
        self._clips = clips

    def names(self, clip: Clip) -> Names:
        """What a clip is called."""
        return self._of(str(clip.path)) if self.de_identified else _told(clip)

    def sentence(self, words: str) -> str:
        """A sentence, without the path of an open file where nobody shall read it."""
        known = [path for path in self._neutral if path in words] if self.de_identified else []
        longest = max(known, key=len, default="")
        return words.replace(longest, self._of(longest).path) if longest else words

    def problem(self, words: str) -> str:
        """A sentence `path: reason` about any file, without the path where nobody shall read it."""
        told = self.sentence(words)
        if told != words or not self.de_identified:
            return told
        file, colon, reason = words.rpartition(": ")  # of a path with a colon nothing is left either
        return f"{tr('A file')}: {reason}" if file and colon else words

    def cell(self, file: str, column: str, cell: Cell) -> Cell:
        """A cell of the frame or the clip table of a file, as it may be read.

        Args:
            file: Path of the clip it is about.
            column: Name of its column.
            cell: As in the exported table, which holds everything.
        """
        if not self.de_identified or not isinstance(cell, str) or not cell:
            return cell
        names = self._of(file)
        return {"file": names.path, "series": names.series}.get(column) or self.sentence(cell)

    @cached_property
    def _neutral(self) -> dict[str, tuple[int, int, int]]:
        """Path of each clip, and the places of its study, its series and itself, from 1; made when it is needed."""
        return dict(_places(self._clips))

    def _of(self, path: str) -> Names:
        study, series, image = self._neutral.get(path, (0, 0, 0))
        if study:
            patterns = ((tr("Study {number}"), study), (tr("Series {number}"), series), (tr("Image {number}"), image))
            words = [pattern.format(number=number) for pattern, number in patterns]
        else:  # not open, or not any more
            words = [tr("Study"), tr("Series"), tr("Image")]
        whole = " / ".join(words)
        return Names(
            patient=(tr(DE_IDENTIFIED),),
            study=words[0],
            date="",
            series=words[1],
            image=words[2],
            title=f"{words[1]} / {image}" if image else words[1],
            file=whole,
            path=whole,
        )


def date_words(date: str) -> str:
    """A DICOM date as year-month-day; anything else as it is."""
    return f"{date[:4]}-{date[4:6]}-{date[6:8]}" if len(date) == 8 and date.isdigit() else date


def _places(clips: Sequence[Clip]) -> Iterator[tuple[str, tuple[int, int, int]]]:
    for study_place, study in enumerate(group_clips(clips), start=1):
        for series_place, series in enumerate(study.series, start=1):
            for place, clip in enumerate(series.clips, start=1):
                yield str(clip.path), (study_place, series_place, place)


def _told(clip: Clip) -> Names:
    """As the file says it."""
    name = clip.patient_name.replace("^", " ").strip()
    patient = (name, tr("ID {number}").format(number=clip.patient_id) if clip.patient_id else "")
    number = tr("Series {number}").format(number=clip.series_number) if clip.series_number else ""
    return Names(
        patient=tuple(part for part in patient if part) or (tr(DE_IDENTIFIED),),
        study=clip.study_description or ("" if clip.study_uid else clip.path.parent.name),
        date=date_words(clip.study_date),
        series=": ".join(part for part in (number, clip.series_description) if part) or clip.path.name,
        image=tr("Image {number}").format(number=clip.instance_number) if clip.instance_number else "",
        title=clip.series_description or clip.path.name,
        file=clip.path.name,
        path=str(clip.path),
    )
