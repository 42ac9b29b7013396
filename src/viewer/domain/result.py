"""What plugins answer and what the viewer concludes from it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from viewer.domain.mask import MaskFound
from viewer.domain.outline import Outline

NAME = re.compile(r"[a-z][a-z0-9_]*")
"""Names of scorers, opinions and explainers: they become column names."""


class About(StrEnum):
    """The question a score answers; the two are never averaged blindly."""

    CORRECTNESS = "correctness"
    SUITABILITY = "suitability"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One scorer's answer for one frame.

    Attributes:
        trust: Unitless, [0, 1]; higher is safer. None when the scorer abstains.
        raw: The scorer's own quantity, in `unit`; None when it abstains.
        unit: Unit of `raw`: `nats`, `probability`, `distance` …; `""` when unitless.
        note: A few words for the reader, e.g. why it abstains.
    """

    trust: float | None
    raw: float | None = None
    unit: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse values that a light must never be built on."""
        if self.trust is not None and not 0 <= self.trust <= 1:  # also refuses NaN
            raise ValueError(f"trust {self.trust} is outside [0, 1]")
        if self.raw is not None and not np.isfinite(self.raw):
            raise ValueError(f"raw value {self.raw} is not finite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A plugin's part that gave no answer; shown as "unavailable", never as safe.

    Attributes:
        plugin: Name of the plugin.
        stage: What it was doing: `load`, `score`, `explain`, `fit`, `propose` …
        summary: One sentence.
    """

    plugin: str
    stage: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An opinion on the final class.

    Attributes:
        final: Index of the proposed class; where it is the model's own, the opinion only says something about it.
        source: Which part speaks, e.g. `similar frames`.
        reason: A few words: why this class, why the model's stands, or why the opinion is silent.
    """

    final: int
    source: str
    reason: str


class Light(StrEnum):
    """The traffic light; grey is the default, green must be earned."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """One scorer's row: what it is, and what it answered.

    Attributes:
        name, title: Column name without the prefix `trust_`, and words for the reader.
        plugin: Distribution that offers it.
        about: Correctness of the answer, or suitability of the input.
        weight: Weight in the combined trust; 0 for a scorer that is shown only.
        result: The score, or why there is none.
        family: Name of the scorer under whose row this one is folded; `""` where it stands by itself.
        slow: Whether it took further passes of the network.
        mute: Whether it can say nothing with this model, and has no row but in tables: see decision note 298.
    """

    name: str
    title: str
    plugin: str
    about: About
    weight: float
    result: Score | Failure
    family: str = ""
    slow: bool = False
    mute: bool = False


STEP = " › "
"""Between the parts of a trail."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SecondAnswer:
    """What a second model says of the same frame; it touches neither answer nor light of the first.

    Attributes:
        classes, probabilities: Its own class names, and float64, one for each of them, sums to 1.
    """

    classes: tuple[str, ...]
    probabilities: NDArray[np.float64]

    @property
    def predicted(self) -> str:
        """Its most probable class."""
        return self.classes[int(self.probabilities.argmax())]

    def agrees(self, answer: str) -> bool | None:
        """Whether it gives an answer too; None where it knows no class of that name."""
        return self.predicted == answer if answer in self.classes else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assessment:
    """Everything concluded about one frame.

    Attributes:
        classes: The K class names.
        probabilities: float64 (K,), sums to 1.
        predicted: Index of the model's class.
        final: Index of the class after opinions; equal to `predicted` where none spoke.
        trail: Which part spoke and why, in words: the classifier first, others after a `STEP` each.
        rows: One per scorer, in a fixed order.
        trust: Combined trust in [0, 1]; None where nothing can be combined.
        light: The light of the *final* class.
        reason: Why the light has its colour, one sentence.
        suitability: Conformal p, (0, 1], of the picture being of the kind the model knows; None where none can tell.
        fingerprint: Conformal p, (0, 1], of the network's input having been prepared as it should; None likewise.
        members: float64 (M, K), probabilities of each network of an ensemble; None where one network answers.
        member_names: Of M bundles in one; empty where one bundle holds the networks.
        second: What a second model says; None where there is none, or it does not answer.
        mask: The mask of the frame, measured; None where it has none.
    """

    classes: tuple[str, ...]
    probabilities: NDArray[np.float64]
    predicted: int
    final: int
    trail: str
    rows: tuple[ScoreRow, ...]
    trust: float | None
    light: Light
    reason: str
    suitability: float | None = None
    fingerprint: float | None = None
    members: NDArray[np.float64] | None = None
    member_names: tuple[str, ...] = ()
    second: SecondAnswer | None = None
    mask: MaskFound | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Overlay:
    """A map drawn over the image.

    Attributes:
        title: In words for the reader, with the class it belongs to.
        values: float32 (h, w), covers the whole network input field of view; NaN is transparent.
        limits: Values at the two ends of the colour map.
        unit: For the legend, e.g. `share of maximum`.
        colour_map: `inferno`, `viridis` or `coolwarm`; the user may choose another.
    """

    title: str
    values: NDArray[np.float32]
    limits: tuple[float, float] = (0.0, 1.0)
    unit: str = ""
    colour_map: str = "inferno"

    def __post_init__(self) -> None:
        """Check the shape and make the map read-only."""
        if self.values.ndim != 2:
            raise ValueError(f"an overlay is two-dimensional, not {self.values.shape}")
        if not self.limits[0] < self.limits[1]:
            raise ValueError(f"overlay limits {self.limits} are not ascending")
        self.values.setflags(write=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chart:
    """Bars with an optional spread, one per label.

    Attributes:
        title: In words for the reader.
        labels: One per bar.
        values: float (n,).
        spread: float (n,), half-length of an error bar, or None.
        unit: Of the values.
        limits: Ends of the value axis, or None to fit.
    """

    title: str
    labels: tuple[str, ...]
    values: NDArray[np.floating]
    spread: NDArray[np.floating] | None = None
    unit: str = ""
    limits: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        """Check lengths."""
        if self.values.shape != (len(self.labels),):
            raise ValueError(f"{len(self.labels)} labels for values of shape {self.values.shape}")
        if self.spread is not None and self.spread.shape != self.values.shape:
            raise ValueError(f"spread {self.spread.shape} does not fit values {self.values.shape}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A small table of words.

    Attributes:
        title: In words for the reader.
        header: Column names.
        rows: Each as long as the header.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        """Check that the table is rectangular."""
        if any(len(row) != len(self.header) for row in self.rows):
            raise ValueError("every row needs one cell per column")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One paragraph.

    Attributes:
        title: In words for the reader.
        body: Plain text.
    """

    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exhibit:
    """One picture of a gallery.

    Attributes:
        caption: A few words: its true class, how similar it is, whose it is.
        picture: uint8 (h, w, 3), RGB; None where it may not be shown, or is not at hand.
        file: Path of the whole picture, which a click opens beside the one on screen; `""` where it is not at hand.
        frame: Of that file, from 0.
        shows: What is to be seen in it, for those who do not see it; `""` where the caption says it all.
    """

    caption: str
    picture: NDArray[np.uint8] | None = None
    file: str = ""
    frame: int = 0
    shows: str = ""

    def __post_init__(self) -> None:
        """Check the picture and make it read-only."""
        if self.picture is not None:
            if self.picture.ndim != 3 or self.picture.shape[2] != 3 or self.picture.dtype != np.uint8:
                raise ValueError(f"a picture is uint8 (h, w, 3), not {self.picture.dtype} {self.picture.shape}")
            self.picture.setflags(write=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """Pictures side by side, in order.

    Attributes:
        title: In words for the reader.
        items: The pictures.
        note: A sentence below them, or `""`.
    """

    title: str
    items: tuple[Exhibit, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scatter:
    """Points on a plane without axes, by kind, and a path through them: for showing, never for deciding.

    Attributes:
        title: In words for the reader.
        points: float32 (n, 2), no unit.
        kinds: int (n,), index into `names`.
        names: Of the kinds, in words.
        path: float32 (m, 2), places of the frames around the one on screen, in order; (0, 2) without any.
        here: Index into `path` of the frame on screen; None where it has no place.
        note: A sentence below the map, or `""`.
    """

    title: str
    points: NDArray[np.float32]
    kinds: NDArray[np.intp]
    names: tuple[str, ...]
    path: NDArray[np.float32]
    here: int | None = None
    note: str = ""

    def __post_init__(self) -> None:
        """Check that everything fits, and make the arrays read-only."""
        if self.points.shape != (len(self.kinds), 2) or self.path.ndim != 2 or self.path.shape[1] != 2:
            raise ValueError(f"points {self.points.shape} of {len(self.kinds)} kinds and path {self.path.shape}")
        if len(self.kinds) and not (self.kinds.min() >= 0 and self.kinds.max() < len(self.names)):
            raise ValueError(f"a kind of a point is none of {len(self.names)}")
        if self.here is not None and not 0 <= self.here < len(self.path):
            raise ValueError(f"place {self.here} is not on a path of {len(self.path)}")
        for array in (self.points, self.kinds, self.path):
            array.setflags(write=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Maps:
    """Maps of the picture side by side, to be compared with each other; a map to be laid over it is an `Overlay`.

    Attributes:
        title: In words for the reader.
        items: The maps, at least one; each has its own title, limits, unit and colours.
        over_picture: Whether the picture shows through, so that one sees where in it things are.
        note: A sentence below them, or `""`.
        outline: Drawn over each of them, or None.
    """

    title: str
    items: tuple[Overlay, ...]
    over_picture: bool = True
    note: str = ""
    outline: Outline | None = None

    def __post_init__(self) -> None:
        """Refuse a row of nothing."""
        if not self.items:
            raise ValueError("maps side by side need at least one map")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placement:
    """A value of this picture among the same values of the pictures it is compared with.

    Attributes:
        title: What is measured, in words.
        value: Of this picture.
        sample: float (n,), n ≥ 1, of the others, in any order.
        share: How many of the others are at least as unusual, [0, 1].
        high_is_usual: Which end of the scale is the usual one: the high one, or the low one.
        words: What the place means, in a few words.
    """

    title: str
    value: float
    sample: NDArray[np.floating]
    share: float
    high_is_usual: bool
    words: str

    def __post_init__(self) -> None:
        """Check the numbers, and make the sample read-only."""
        if self.sample.ndim != 1 or not len(self.sample):
            raise ValueError(f"a value is placed among one or more others, not {self.sample.shape}")
        if not 0 <= self.share <= 1:  # also refuses NaN
            raise ValueError(f"share {self.share} is outside [0, 1]")
        self.sample.setflags(write=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Values of this picture, each with its place among those of other pictures.

    Attributes:
        title: In words for the reader.
        items: The values; all are drawn with the unusual end of their scale at the left.
        note: A sentence below the title, such as who the others are, or `""`.
    """

    title: str
    items: tuple[Placement, ...]
    note: str = ""


Content = Overlay | Outline | Chart | Table | Text | Gallery | Scatter | Maps | Placed
"""What an explainer may return; data only, rendered alike by the window and the report."""

Layer = Overlay | Outline
"""What of it lies over the picture itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One explainer's answer for one frame.

    Attributes:
        name, title: Of the explainer, and of its panel.
        plugin: Distribution that offers it.
        result: Contents, or why there are none.
    """

    name: str
    title: str
    plugin: str
    result: tuple[Content, ...] | Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameKey:
    """Where a frame comes from.

    Attributes:
        file: Path as the user named it.
        series: Series UID, or the file name where there is none.
        frame: Index from 0.
        time_ms: Start of the frame from the first one, or None without timing.
    """

    file: str
    series: str = field(repr=False)
    frame: int
    time_ms: float | None


Scores = Mapping[str, Score | Failure]
"""Results by scorer name."""
