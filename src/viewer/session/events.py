"""What the worker tells whoever watches: frozen values, published from the worker thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from viewer.domain.drift import Case
from viewer.domain.result import Assessment, Explanation, FrameKey
from viewer.present.rows import Cell

if TYPE_CHECKING:
    from viewer.assessment.verdict import ClipVerdict
    from viewer.domain.bundle import FieldOfView


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameAssessed:
    """One frame of the open clip has been assessed.

    Attributes:
        generation: Of the reading it belongs to; older ones are to be ignored.
        clip: The clip's file, as in `FrameKey.file`.
        key: Which frame.
        assessment: What was concluded.
        row: The same as the plain row every table shows.
    """

    generation: int
    clip: str
    key: FrameKey
    assessment: Assessment
    row: Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameFailed:
    """One frame of the open clip cannot be read or assessed; the others go on."""

    generation: int
    clip: str
    key: FrameKey
    sentence: str
    row: Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explained:
    """The shown frame has been explained.

    Attributes:
        generation, clip, key: As in `FrameAssessed`.
        target: Index of the class that is explained.
        explanations: One per explainer, in a fixed order.
        field_of_view: Part of the picture that overlays cover.
        picture: uint8 (rows, cols, 3), the frame made small, with square pixels, for maps beside it.
    """

    generation: int
    clip: str
    key: FrameKey
    target: int
    explanations: tuple[Explanation, ...]
    field_of_view: "FieldOfView"
    picture: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipAssessed:
    """Every frame of the open clip has been assessed, or has failed.

    Attributes:
        generation, clip: As in `FrameAssessed`.
        verdict: The one decision for the clip.
        case: What the clip counts as among the cases of this site; None where it does not count.
    """

    generation: int
    clip: str
    verdict: "ClipVerdict"
    case: Case | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a long piece of work is.

    Attributes:
        generation: As in `FrameAssessed`.
        text: What is being done.
        done, total: Steps; `done == total` when finished.
    """

    generation: int
    text: str
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something worth saying aloud that stops nothing, e.g. that the GPU ran out of memory."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Work that will not be done, and why, in one sentence."""

    generation: int
    sentence: str


Event = FrameAssessed | FrameFailed | Explained | ClipAssessed | Progress | Said | Failed
