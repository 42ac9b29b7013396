"""Keeps the masks of a run: writes them where they are wanted, and counts the frames without one."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from viewer.domain.errors import ViewerError
from viewer.domain.evidence import Need

if TYPE_CHECKING:
    from viewer.domain.evidence import Evidence
    from viewer.domain.image import Clip
    from viewer.engine.surroundings import Place
    from viewer.report.mask_files import MaskFiles
    from viewer.session.assessor import Assessor


class MaskKeeping:
    """What becomes of the masks of a run.

    Args:
        assessor: That makes them, where it does.
        files: Where they are written; None for nowhere.
    """

    def __init__(self, assessor: "Assessor", files: "MaskFiles | None") -> None:
        self._assessor = assessor
        self._files = files
        self._frames = self._without = 0

    def open(self, clip: "Clip") -> None:
        """A clip's turn has come, whether or not its frames are done."""
        if self._files is not None:
            self._files.open(clip)

    def keep(self, places: "Sequence[Place]", evidence: "Evidence") -> None:
        """Take the masks of a batch, before its rows are written: a killed run makes both of its last frames again.

        Raises:
            ViewerError: They cannot be written.
        """
        if not self._assessor.draws_masks:
            return
        view = self._assessor.mask_view
        for index, place in enumerate(places):
            inside = view.inside(evidence, index, place)
            self._frames += 1
            self._without += inside is None
            if self._files is not None and place.clip.clip is not None:
                self._files.write(place.clip.clip, place.index, inside)

    def conclude(self, note: Callable[[str], None]) -> None:
        """Say how many frames have no mask, where some have none."""
        if self._without:
            note(f"{self._without} of {self._frames} frames assessed now have no mask")


def drawing(assessor: "Assessor") -> "Assessor":
    """The same assessor, which draws the mask of every frame.

    Raises:
        ViewerError: Nothing draws masks here.
    """
    drawn = assessor.taking(Need.MASK)
    if not drawn.draws_masks:
        raise ViewerError(
            f"the model {assessor.bundle.manifest.name} draws no masks; name one that does with --masks-by, or a "
            "folder of masks with --given-masks"
        )
    return drawn
