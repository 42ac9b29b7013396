"""Whether the opened files as a whole look like those the model was made for.

A fault of preparation, such as swapped colour channels, shows in a single picture only half of the time, and in
twenty pictures together always. So a few files of everything that is opened are looked at before the first light.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from viewer.assessment.suitability import FEWEST_PICTURES, FOLDER_OUTSIDE
from viewer.domain.errors import JobCancelled, ViewerError
from viewer.domain.image import FrameSource, Modality
from viewer.present.texts import marked
from viewer.session.pictures import picture_of

if TYPE_CHECKING:
    from viewer.session.assessor import Assessor

LOOKED_AT = FEWEST_PICTURES
"""Files that are looked at: so many show every faulty preparation, and more would make the first light wait."""

MISFIT = (
    "the opened files as a whole do not look like the pictures the model was tested on: their brightness, contrast "
    "or colours differ"
)

LOOKING = marked("Comparing the opened files with those the model knows")

Tell = Callable[[int, int], None]
"""Told how many files have been looked at, and how many will be at most."""


class FolderCheck:
    """Looks at the first frames of files spread evenly over everything that was opened, each of another patient.

    It may be interrupted at any time, and goes on where it stopped. Files that cannot be read, hold no image or show
    something else than the model is for are passed over; below `FEWEST_PICTURES` others it is silent.
    """

    def __init__(
        self,
        assessor: "Assessor",
        files: Sequence[Path],
        open_file: Callable[[Path], FrameSource],
        said: Modality = Modality.UNKNOWN,
    ) -> None:
        """Prepare; nothing is opened yet.

        Args:
            assessor: Of the model in use.
            files: What was opened, in its order.
            open_file: Opens one of them, or raises a `ViewerError`.
            said: What pictures show whose files do not say it.
        """
        self._assessor = assessor
        self._open = open_file
        self._said = said
        enough = len(files) >= FEWEST_PICTURES and assessor.knows_looks
        self._files = [files[place] for place in spread(len(files))] if enough else []
        self._next = 0
        self._patients: set[str] = set()
        self._looks: list[NDArray[np.float32]] = []
        self._fault: str | None = None

    def fault(self, cancelled: Callable[[], bool], tell: Tell) -> str:
        """Why the files as a whole do not fit the model, one sentence; `""` where they do, or nobody can tell.

        Args:
            cancelled: Asked before every file.
            tell: Told before every file.

        Raises:
            JobCancelled: Nobody waits any more.
        """
        most = min(LOOKED_AT, len(self._files))
        while self._fault is None and self._next < len(self._files) and len(self._looks) < most:
            if cancelled():
                raise JobCancelled
            tell(len(self._looks), most)
            self._look_at(self._files[self._next], cancelled)
            self._next += 1
        if self._fault is None:
            self._fault = self._compare()
            if self._files:
                tell(most, most)
        return self._fault

    def _look_at(self, file: Path, cancelled: Callable[[], bool]) -> None:
        """Keep the look of a file's first frame, unless the file takes no part."""
        try:
            with closing(self._open(file)) as source:
                clip = source.clip
                shown = self._said if clip.modality is Modality.UNKNOWN else clip.modality
                patient = clip.patient_id or clip.study_uid or str(file)
                if shown is self._assessor.bundle.manifest.modality and patient not in self._patients:
                    self._looks.append(self._assessor.look(picture_of(source.decode(0)), cancelled))
                    self._patients.add(patient)
        except JobCancelled:
            raise
        except ViewerError:  # opening or assessing it later says why
            return

    def _compare(self) -> str:
        if len(self._looks) < FEWEST_PICTURES:
            return ""
        p = self._assessor.folder_p(np.stack(self._looks))
        return MISFIT if p is not None and p < FOLDER_OUTSIDE else ""


def spread(count: int) -> list[int]:
    """0 … count−1 in an order whose every beginning is spread evenly: halves first, then quarters, and so on.

    Source: van der Corput's sequence in base 2.
    """
    digits = max(count - 1, 0).bit_length()
    return sorted(range(count), key=lambda place: int(f"{place:0{digits}b}"[::-1], 2))
