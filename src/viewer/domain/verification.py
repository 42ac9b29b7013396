"""What a comparison of a site's pictures with a model's calibration comes to: whether the model suits them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from viewer.domain.image import Modality
from viewer.domain.result import About

QUANTILES = tuple(place / 20 for place in range(21))
"""Shares whose quantiles are kept of every metric, here and in the calibration."""

TOLD = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Those that are told as numbers."""


class Verdict(StrEnum):
    """Whether a model suits pictures; best first."""

    SUITABLE = "suitable"
    DOUBTFUL = "doubtful"
    UNSUITABLE = "unsuitable"


class Ground(StrEnum):
    """What a verdict rests on; the first that holds, in this order, decides."""

    OTHER_MODALITY = "other_modality"
    NO_GATE = "no_gate"
    SILENT = "silent"
    FEW_CALIBRATED = "few_calibrated"
    FEW_GROUPS = "few_groups"
    MOST_FLAGGED = "most_flagged"
    OTHER_KIND = "other_kind"
    OTHER_LOOK = "other_look"
    FOLDER_LOOK = "folder_look"
    MORE_FLAGGED = "more_flagged"
    SHIFTED_KIND = "shifted_kind"
    SHIFTED_LOOK = "shifted_look"
    ALIKE = "alike"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share of pictures in [0, 1], groups weighing alike, with its 95 % interval by groups."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """How one metric is distributed here and in the calibration; higher is more usual, or safer.

    Attributes:
        name: Of the scorer, or `suitability` or `fingerprint`.
        title: In words.
        about: What a scorer's trust is about; None for the two p-values of the gate.
        here, calibration: `QUANTILES` of the values, groups weighing alike.
        p_value: Two-sided, of a permutation test; None where nothing can be compared.
        effect: Share of pairs in which the picture here is less usual than one of the calibration with the same
            answer, [0, 1]; .5 where they are alike. None likewise.
    """

    name: str
    title: str
    about: About | None
    here: tuple[float, ...]
    calibration: tuple[float, ...]
    p_value: float | None
    effect: float | None

    @property
    def told(self) -> tuple[tuple[float, float, float], ...]:
        """The shares of `TOLD`, each with the value here and in the calibration."""
        places = [QUANTILES.index(share) for share in TOLD]
        return tuple((QUANTILES[place], self.here[place], self.calibration[place]) for place in places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """One picture that is unusual to the model.

    Attributes:
        file: Where it lies.
        frame: From 0; None for a still.
        answer: The model's answer, which nobody should rely on.
        suitability, fingerprint: Its p-values.
    """

    file: Path
    frame: int | None
    answer: str
    suitability: float | None
    fingerprint: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelNamed:
    """Which model it is.

    Attributes:
        name, version: Its own.
        weights: SHA-256 of its weights.
        modality: What it is made for.
        calibrated: Groups of the calibration that nothing was trained or fitted on.
    """

    name: str
    version: str
    weights: str
    modality: Modality
    calibrated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Whether a model suits pictures, and what that rests on.

    Attributes:
        model: Which one.
        verdict: In one word.
        ground: Why.
        detail: What the ground needs beside the numbers, a few words; else `""`.
        n: Pictures that were compared: stills, and some frames of every clip.
        groups: Patients, lesions or files they come from.
        files: Files looked at, and of how many.
        flagged_share: Share of pictures that the gate calls unusual; None where it cannot tell.
        calibrated_share: The same of the calibration.
        p_value: Of all metrics together; None where nothing can be compared.
        folder_p: How often as many pictures of the model's kind look as strange together; None where nobody can tell.
        metrics: Each with its distributions.
        flagged: The pictures that the gate calls unusual, the strangest first.
        elsewhere: Pictures whose files say that they show something else.
        silent: Pictures that the gate, though there is one, could not tell of.
        unreadable: File and sentence of every file, or frame, that could not be read or assessed.
        skipped: Files that hold no image.
    """

    model: ModelNamed
    verdict: Verdict
    ground: Ground
    detail: str = ""
    n: int
    groups: int
    files: tuple[int, int]
    flagged_share: Share | None
    calibrated_share: Share | None
    p_value: float | None
    folder_p: float | None
    metrics: tuple[Metric, ...]
    flagged: tuple[Flagged, ...]
    elsewhere: int
    silent: int
    unreadable: tuple[tuple[Path, str], ...]
    skipped: int

    @property
    def by_name(self) -> Mapping[str, Metric]:
        """The metrics by their names."""
        return {metric.name: metric for metric in self.metrics}


class Better(StrEnum):
    """Which of two models suits pictures better."""

    FIRST = "first"
    SECOND = "second"
    NEITHER = "neither"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A second model on the same pictures.

    Attributes:
        found: What it comes to.
        shared: Classes of the same name in both.
        agreement: Share of pictures with the same answer, among those where both answers are shared classes; None
            where there is no such picture.
        alike: Quantiles (`TOLD`) of how alike the two look at the same pictures, 0 to 1; None where no plugin tells.
        better: Which one suits the pictures better.
    """

    found: Verification
    shared: tuple[str, ...]
    agreement: Share | None
    alike: tuple[float, ...] | None
    better: Better
