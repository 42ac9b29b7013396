"""Whether a model suits the pictures of a site: runs it over them, and compares what it finds with its calibration.

Nobody has to say what the pictures show. The work goes file by file, so that a window can do it in between.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.datasets.clips import spread_frames
from viewer.datasets.unlabelled import Unlabelled
from viewer.domain.errors import JobCancelled, NotAnImage, UnreadableFile, ViewerError
from viewer.domain.image import Clip, FrameSource, Modality
from viewer.domain.verification import Verification
from viewer.engine.surroundings import Place
from viewer.present.texts import marked
from viewer.session.batch import Totals, Watcher
from viewer.session.folder import spread
from viewer.session.pictures import surroundings_of
from viewer.session.verified import Looked, Seen, values_of, verified

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle
    from viewer.session.assessor import Assessor

VERIFYING = marked("Verifying the model")

MOST_FILES = 300
"""Files that are looked at, spread evenly over all there are: more would hardly tell more."""

FRAMES = 4
"""Of every clip, spread evenly."""

Open = Callable[[Path], FrameSource]


class Verifying:
    """One verification, step by step; every method is called on the assessor's thread.

    Attributes:
        assessor: Of the model.
        open_file: Opens one file.
        totals: How far it is.
        seen: Pictures that were assessed, in the order of their files.
    """

    def __init__(
        self,
        assessor: "Assessor",
        files: Sequence[Unlabelled],
        open_file: Open,
        *,
        said: Modality = Modality.UNKNOWN,
        most: int = MOST_FILES,
    ) -> None:
        """Prepare; nothing is opened yet.

        Args:
            assessor: Of the model that is to be verified.
            files: What there is, in its order.
            open_file: Opens one file, or raises a `ViewerError`.
            said: What pictures show whose files do not say it; unknown: what the model is made for.
            most: Files that are looked at.
        """
        self.assessor = assessor
        self.open_file = open_file
        self._said = said
        self._of = len(files)
        self._files = [files[place] for place in sorted(spread(len(files))[:most])]
        self._next = 0
        self._unreadable: list[tuple[Path, str]] = []
        self.seen: list[Seen] = []
        self.totals = Totals()

    @property
    def bundle(self) -> "Bundle":
        """The model."""
        return self.assessor.bundle

    @property
    def steps(self) -> tuple[int, int]:
        """Files that are done, and all of them."""
        return self._next, len(self._files)

    def step(self, cancelled: Callable[[], bool] = lambda: False) -> str:
        """Look at the next file; returns its name for whoever watches.

        Raises:
            JobCancelled: Nobody waits any more; the file is looked at again by the next step.
        """
        file = self._files[self._next]
        seen, failed, skipped = len(self.seen), len(self._unreadable), 0
        try:
            with closing(self.open_file(file.path)) as source:
                self._look_at(file, source, cancelled)
        except JobCancelled:
            del self.seen[seen:], self._unreadable[failed:]
            raise
        except NotAnImage:
            skipped = 1
        except ViewerError as error:
            self._unreadable.append((file.path, error.reason))
        self._next += 1
        self.totals = Totals(
            files=self._next,
            frames=len(self.seen),
            failed=len(self._unreadable),
            skipped=self.totals.skipped + skipped,
        )
        return str(file.path)

    def result(self) -> Verification:
        """What the pictures seen so far come to.

        Raises:
            ViewerError: None of the files could be read.
        """
        if not self.seen:
            why = f": {self._unreadable[0][0]}: {self._unreadable[0][1]}" if self._unreadable else ""
            raise ViewerError(f"none of the {len(self._files)} files holds a picture that can be assessed{why}")
        looked = Looked(
            files=self._next, of=self._of, skipped=self.totals.skipped, unreadable=tuple(self._unreadable)
        )
        return verified(self.assessor, self.seen, looked)

    def _look_at(self, file: Unlabelled, source: FrameSource, cancelled: Callable[[], bool]) -> None:
        clip = source.clip
        made_for = self.bundle.manifest.modality
        said = made_for if self._said is Modality.UNKNOWN else self._said
        shown = said if clip.modality is Modality.UNKNOWN else clip.modality
        frames = spread_frames(clip.frames, FRAMES) if file.frame is None else [file.frame]
        if frames[-1] >= clip.frames:
            reason = f"there is no frame {file.frame}, counted from 0; it has {clip.frames}"
            raise UnreadableFile(file.path, reason=reason)
        around = surroundings_of(source, frames)
        for index in frames:
            try:
                place = Place(around, index)
                self.assessor.make_ready(place, cancelled)
                (assessment,), evidence = self.assessor.assess_keeping([place], shown, cancelled)
            except UnreadableFile as error:
                self._unreadable.append((file.path, f"frame {index}, counted from 0: {error.reason}"))
                continue
            self.seen.append(
                Seen(
                    file=file.path,
                    frame=index if clip.frames > 1 else None,
                    group=file.group or whose(clip),
                    elsewhere=shown is not made_for,
                    answer=assessment.predicted,
                    values=values_of(assessment),
                    look=None if evidence.look is None else evidence.look[0],
                )
            )


def verify(verifying: Verifying, watcher: Watcher) -> Verification:
    """Look at every file.

    Raises:
        ViewerError: None of them could be read.
    """
    done, total = verifying.steps
    manifest = verifying.bundle.manifest
    watcher.note(f"verifying the model {manifest.name} {manifest.version} on {total} files")
    for _ in range(done, total):
        file = verifying.step()
        watcher.progress(verifying.totals, file)
    found = verifying.result()
    for path, why in found.unreadable:
        watcher.note(f"{path}: {why}")
    return found


def whose(clip: Clip) -> str:
    """What a picture is taken for that nobody names a patient of: the patient or study of its file, else the file."""
    return clip.patient_id or clip.study_uid or str(clip.path)
