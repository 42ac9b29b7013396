"""What a reader does, as the journal keeps it: one frozen value for each act."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Self

from viewer.domain.image import Clip
from viewer.domain.result import Assessment, Light
from viewer.present.rows import rounded
from viewer.store.canonical import canonical

if TYPE_CHECKING:
    from viewer.assessment.verdict import ClipVerdict

_DIGEST = re.compile("[0-9a-f]{64}")


class Stage(StrEnum):
    """When an answer was given: before the AI's was shown in read-first mode, or for good."""

    FIRST = "first"
    FINAL = "final"


class ReadingState(StrEnum):
    """How far the reading of a study is."""

    UNREAD = "unread"
    IN_REVIEW = "in review"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was looked at. Never logged.

    Attributes:
        study: Study Instance UID, else what stands for it: `Study.uid`.
        series: Series Instance UID; `""` where there is none.
        file: Path as the user named it; for a study, what to open again.
        digest: SHA-256 of the file's bytes, 64 hexadecimal digits; `""` for a study.
    """

    study: str = field(repr=False)
    series: str = field(default="", repr=False)
    file: str = field(default="", repr=False)
    digest: str = ""

    def __post_init__(self) -> None:
        """Refuse what names nothing."""
        if not self.study:
            raise ValueError("a subject needs its study")
        if self.digest and not _DIGEST.fullmatch(self.digest):
            raise ValueError(f"{self.digest!r} is no SHA-256")

    @classmethod
    def of_clip(cls, clip: Clip, study: str, digest: str) -> Self:
        """A picture or clip of the study `Study.uid`; `digest` is that of `identity.content_digest`."""
        return cls(study=study, series=clip.series_uid, file=str(clip.path), digest=digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class AiAnswer:
    """What the AI answered, whether or not the reader saw it.

    Attributes:
        predicted: The model's class.
        final: The class after second opinions.
        trust: Combined trust in [0, 1]; None where there is none.
        light: The light of the final class.
        bundle: Name and version of the model.
        bundle_digest: Digest of the bundle.
    """

    predicted: str
    final: str
    trust: float | None
    light: Light
    bundle: str
    bundle_digest: str

    def __post_init__(self) -> None:
        """Refuse an answer of no model, and a trust that is none."""
        if not _DIGEST.fullmatch(self.bundle_digest):
            raise ValueError(f"{self.bundle_digest!r} is no SHA-256 of a bundle")
        if self.trust is not None and not 0 <= self.trust <= 1:  # also refuses NaN
            raise ValueError(f"trust {self.trust} is outside [0, 1]")

    @classmethod
    def of_frame(cls, assessment: Assessment, bundle: str, bundle_digest: str) -> Self:
        """The answer for one frame, rounded as every table shows it."""
        return cls(
            predicted=assessment.classes[assessment.predicted],
            final=assessment.classes[assessment.final],
            trust=rounded(assessment.trust),
            light=assessment.light,
            bundle=bundle,
            bundle_digest=bundle_digest,
        )

    @classmethod
    def of_clip(cls, verdict: "ClipVerdict", bundle: str, bundle_digest: str) -> Self:
        """The one answer for a clip."""
        return cls(
            predicted=verdict.predicted,
            final=verdict.final,
            trust=rounded(verdict.trust),
            light=verdict.light,
            bundle=bundle,
            bundle_digest=bundle_digest,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What all acts have in common.

    Kinds of acts check themselves by calling `Act.__post_init__`: in dataclasses with slots `super()` fails.

    Attributes:
        kind: Name of the act in the journal.
        reader: Who acts.
        subject: What was looked at.
        frame: Index from 0; None for the clip as a whole.
    """

    kind: ClassVar[str]

    reader: str
    subject: Subject
    frame: int | None = None

    def __post_init__(self) -> None:
        """Refuse an act of nobody, or on nothing."""
        if not self.reader:
            raise ValueError("an act needs its reader")
        if self.frame is not None and self.frame < 0:
            raise ValueError(f"there is no frame {self.frame}")
        if not self.subject.digest and self.kind != StudyState.kind:
            raise ValueError("an act on a picture needs the digest of its file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Act):
    """The reader answers.

    Attributes:
        answer: The reader's class.
        ai: The AI's answer; None where no model assessed the picture.
        ai_seen: Whether the AI's class had been on screen before the reader answered.
        stage: `first` for an answer in read-first mode, given to see the AI's; `final` otherwise.
        follows: Number of the reader's own first answer that this one confirms or changes; None without one.
        note: The reader's words.
    """

    kind: ClassVar[str] = "review"

    answer: str
    ai: AiAnswer | None
    ai_seen: bool
    stage: Stage = Stage.FINAL
    follows: int | None = None
    note: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Refuse an empty answer and a first answer that is none."""
        Act.__post_init__(self)
        if not self.answer:
            raise ValueError("a review needs its answer")
        if self.ai_seen and self.ai is None:
            raise ValueError("an answer that is not there cannot have been seen")
        if self.stage is Stage.FIRST and (self.ai_seen or self.follows is not None):
            raise ValueError("a first answer comes before the AI's is seen and follows none")

    @property
    def agrees(self) -> bool | None:
        """Whether reader and AI say the same; None where the AI says nothing."""
        return None if self.ai is None else self.answer == self.ai.final


@dataclass(frozen=True, slots=True, kw_only=True)
class Override(Act):
    """The reader sets aside something the viewer concluded.

    Attributes:
        what: What is set aside: `model`, `modality` …
        shown: What the viewer said.
        chosen: What the reader puts in its place.
        ai: The AI's answer at that time, or None.
        reason: The reader's words.
    """

    kind: ClassVar[str] = "override"

    what: str
    shown: str
    chosen: str
    ai: AiAnswer | None = None
    reason: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Refuse an override of nothing."""
        Act.__post_init__(self)
        if not self.what or not self.chosen:
            raise ValueError("an override says what it replaces, and by what")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveal(Act):
    """The reader asks for an answer that was withheld: "show anyway".

    Attributes:
        ai: The answer that was shown then.
        why: Why it had been withheld, in a few words.
    """

    kind: ClassVar[str] = "reveal"

    ai: AiAnswer
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation(Act):
    """The reader draws, writes or removes something on a picture; the journal does not ask what.

    Attributes:
        item: Name of the drawn thing, unique among those of a file and kept when it is changed.
        payload: JSON object; None when the thing is removed.
        payload_schema: Version of the payload's form, from 1.
    """

    kind: ClassVar[str] = "annotation"

    item: str
    payload: Mapping[str, object] | None = field(repr=False)
    payload_schema: int = 1

    def __post_init__(self) -> None:
        """Refuse what JSON cannot hold."""
        Act.__post_init__(self)
        if not self.item or self.payload_schema < 1:
            raise ValueError("an annotation needs a name and a version of its form from 1")
        canonical(self.payload)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyImage(Act):
    """The reader marks a frame as a key image, or takes the mark away."""

    kind: ClassVar[str] = "key-image"

    marked: bool = True

    def __post_init__(self) -> None:
        """Refuse a mark on no frame."""
        Act.__post_init__(self)
        if self.frame is None:
            raise ValueError("a key image is a frame")


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFacts:
    """What the worklist says of a study while its files are not open; never whose it is.

    Attributes:
        title: Its description, else the name of its folder or file.
        modality: In the words bundles use; several joined by `, `; `""` where the files say none.
        date: As the files have it, `YYYYMMDD`; `""` where they have none.
        pictures: Number of pictures and clips that were open.
    """

    title: str = field(repr=False)
    modality: str
    date: str = field(repr=False)
    pictures: int

    def __post_init__(self) -> None:
        """Refuse a study of nothing."""
        if self.pictures < 1:
            raise ValueError(f"a study has pictures, not {self.pictures}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyState(Act):
    """A study enters the worklist, or its reading goes on.

    Attributes:
        state: How far it is from now on.
        about: What study it is; None in entries of the first form.
    """

    kind: ClassVar[str] = "study"

    state: ReadingState
    about: StudyFacts | None = None


KINDS: Mapping[str, type[Act]] = {
    act.kind: act for act in (Review, Override, Reveal, Annotation, KeyImage, StudyState)
}
"""Every act by its name in the journal."""


def changed_mind(first: Review | None, last: Review) -> bool | None:
    """Whether a reader changed the answer after seeing the AI's; None without a first answer."""
    return None if first is None else first.answer != last.answer
