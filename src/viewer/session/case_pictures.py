"""Shows cases of a report: the picture, and what the network attended to where a plugin can tell."""

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.domain.errors import JobCancelled, ViewerError
from viewer.domain.image import FrameSource
from viewer.domain.result import Explanation, Failure, Overlay
from viewer.engine.surroundings import Place
from viewer.evaluation.table import PredictionTable
from viewer.present.wording import class_word
from viewer.report.evaluation_cards import Shown
from viewer.report.pictures import overlaid, photo_uri, thumbnail
from viewer.session.pictures import surroundings_of

if TYPE_CHECKING:
    from viewer.session.assessor import Assessor

Open = Callable[[Path], FrameSource]


class CasePictures:
    """Opens the file of a case again; one that cannot be shown costs its picture, never the report."""

    def __init__(
        self, table: PredictionTable, root: Path, open_file: Open, assessor: "Assessor | None" = None
    ) -> None:
        """Prepare; nothing is opened yet.

        Args:
            table: The cases, with columns `file` and, for clips, `frame`.
            root: What the files start from.
            open_file: Opens one of them, or raises a `ViewerError`.
            assessor: Explains the answer; None for pictures alone.
        """
        self._table = table
        self._root = root
        self._open = open_file
        self._assessor = assessor

    @property
    def can_show(self) -> bool:
        """Whether the table names files, and the first of them is there."""
        return "file" in self._table.keys and len(self._table) > 0 and self._path(0).exists()

    def __call__(self, row: int) -> Shown | None:
        """Pictures of a row."""
        try:
            with closing(self._open(self._path(row))) as source:
                place = Place(surroundings_of(source), self._frame(row))
                return shown(place, int(self._table.answer[row]), self._assessor)
        except JobCancelled:
            raise
        except ViewerError as error:
            return Shown(picture="", note=f"cannot be shown: {error.reason}")

    def _path(self, row: int) -> Path:
        return self._root / str(self._table.keys["file"][row])

    def _frame(self, row: int) -> int:
        keys: Mapping[str, object] = self._table.keys
        frame = str(self._table.keys["frame"][row]) if "frame" in keys else ""
        return int(frame) if frame.isascii() and frame.isdigit() else 0


def shown(place: Place, answer: int, assessor: "Assessor | None") -> Shown:
    """The picture of a frame, and what the network attended to for an answer; without an assessor the picture alone.

    Raises:
        ViewerError: It cannot be decoded, or the network cannot answer.
    """
    picture = place.picture
    small = thumbnail(picture.rgb, picture.pixel_aspect)
    if assessor is None:
        return Shown(picture=photo_uri(small))
    overlay, note = attended(assessor.explain(place, answer))
    if overlay is None:
        return Shown(picture=photo_uri(small), note=note)
    drawn = photo_uri(overlaid(small, overlay, assessor.field_of_view(picture)))
    return Shown(picture=photo_uri(small), overlay=drawn, overlay_title=class_word(overlay.title), note=note)


def attended(explanations: tuple[Explanation, ...]) -> tuple[Overlay | None, str]:
    """The first overlay of any explainer; where all that could give one failed, why."""
    failures = []
    for explanation in explanations:
        if isinstance(explanation.result, Failure):
            failures.append(f"{explanation.title}: {explanation.result.summary}")
            continue
        for content in explanation.result:
            if isinstance(content, Overlay):
                return content, ""
    return None, "; ".join(failures)
