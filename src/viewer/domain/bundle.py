"""What a model bundle says of itself, and what part of a picture its network sees."""

import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal, get_args

from viewer.domain.image import Modality

BUNDLE_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
"""Names and versions of bundles: they become folder names, columns and words on a command line."""

LARGEST_INPUT = 2048
"""Largest side of a network input in pixels; beyond it a bundle is taken for a mistake."""

ENSEMBLE = "ensemble"
"""Architecture of a bundle whose answer is made of those of other bundles."""

MOST_MEMBERS = 9

MOST_CLASSES = 10_000
"""More make the head larger than any network; beyond it a bundle is taken for a mistake."""

Resize = Literal["squash", "crop"]
"""squash: the whole picture becomes the square. crop: the largest centred square of the displayed picture."""

Step = Literal["corner_crop", "hair_removal", "colour_constancy"]
"""What may be done to the displayed picture before it becomes the square.

corner_crop: only the largest rectangle within the round field of a dermatoscope is seen. hair_removal: dark hairs are
painted over. colour_constancy: the tint of the lamp is taken out.
"""

STEPS: tuple[Step, ...] = get_args(Step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One bundle in an ensemble.

    Attributes:
        name: Unique in the ensemble; also of the folder it lies in.
        weight: Share of its probabilities in the ensemble's, [0, 1].
    """

    name: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The content of `model.toml`, checked.

    Attributes:
        name: Lower-case words joined by hyphens.
        version: The bundle's own version.
        architecture: Name of a registered architecture, or `ensemble`.
        classes: The K class names in the order of the logits.
        critical_classes: Those of `classes` that must not be missed.
        modality: The kind of picture the model was made for.
        intended_use: One sentence for the reader.
        licence: Of the weights.
        input_size: Side of the square network input in pixels.
        mean, std: Per channel, of RGB scaled to [0, 1].
        resize: How a picture becomes the square.
        steps: What is done to a picture before, in this order.
        demonstration: Made for phantoms; chosen unasked only where nothing else matches.
        auxiliary: Made to serve other models, with its mask, say; chosen unasked only where only demonstrations
            match too.
        garbage: Whether the network has one more output, the last, for pictures of no kind it knows.
        mask_shows: What the mask is of that the network draws beside its answer, like `lungs`; `""` for none.
        mask_parts: How many parts without holes the mask may have, the surest of them; 0 for as it is drawn.
        stem, middle: Tap layers inside the network's trunk; `""` means the architecture's own.
        members: Of an ensemble, whose weights sum to 1; its input is that of the first of them.
    """

    name: str
    version: str
    architecture: str
    classes: tuple[str, ...]
    critical_classes: tuple[str, ...] = ()
    modality: Modality
    intended_use: str
    licence: str
    input_size: int
    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)
    std: tuple[float, float, float] = (0.229, 0.224, 0.225)
    resize: Resize = "squash"
    steps: tuple[Step, ...] = ()
    demonstration: bool = False
    auxiliary: bool = False
    garbage: bool = False
    mask_shows: str = ""
    mask_parts: int = 0
    stem: str = ""
    middle: str = ""
    members: tuple[Membership, ...] = ()

    @property
    def outputs(self) -> int:
        """Outputs of the network: one for each class, and one more where it knows garbage."""
        return len(self.classes) + self.garbage

    @property
    def preparation(self) -> Hashable:
        """Everything that decides how a picture becomes the network's input."""
        return self.input_size, self.mean, self.std, self.resize, self.steps

    def __post_init__(self) -> None:
        """Refuse nonsense at birth."""
        for word in (self.name, self.version, *(member.name for member in self.members)):
            if not BUNDLE_NAME.fullmatch(word):
                raise ValueError(f"{word!r} is no name or version (a-z, 0-9, dot, hyphen and underscore)")
        self._check_classes()
        if not 8 <= self.input_size <= LARGEST_INPUT:
            raise ValueError(f"an input of {self.input_size} pixels is outside 8 to {LARGEST_INPUT}")
        if len(self.mean) != 3 or len(self.std) != 3:
            raise ValueError("mean and std need one number for each of R, G and B")
        if not all(abs(value) < 1e3 for value in self.mean) or not all(1e-6 < value < 1e3 for value in self.std):
            raise ValueError(f"mean {self.mean} or std {self.std} cannot normalise an input")
        if self.mask_parts < 0:
            raise ValueError(f"a mask cannot have {self.mask_parts} parts")
        if self.resize not in ("squash", "crop"):
            raise ValueError(f"resize is squash or crop, not {self.resize!r}")
        self._check_members()
        check_steps(self.steps)

    def _check_classes(self) -> None:
        if len(self.classes) < 2 or len(set(self.classes)) != len(self.classes) or not all(self.classes):
            raise ValueError("a classifier needs at least two classes, each with a name of its own")
        if len(self.classes) > MOST_CLASSES:
            raise ValueError(f"{len(self.classes)} classes are more than {MOST_CLASSES}")
        strange = set(self.critical_classes) - set(self.classes)
        if strange:
            raise ValueError(f"critical class {sorted(strange)[0]!r} is none of the classes")

    def _check_members(self) -> None:
        count, weights = len(self.members), [member.weight for member in self.members]
        if (self.architecture == ENSEMBLE) != bool(count):
            raise ValueError(f"an {ENSEMBLE}, and nothing else, has members")
        if count and not 2 <= count <= MOST_MEMBERS:
            raise ValueError(f"an ensemble has 2 to {MOST_MEMBERS} members, not {count}")
        if len({member.name for member in self.members}) != count:
            raise ValueError("two members of the ensemble have the same name")
        if count and not (min(weights) >= 0 and abs(sum(weights) - 1) < 1e-6):
            raise ValueError(f"the weights {weights} of its members are no shares of 1")


def check_steps(steps: tuple[str, ...]) -> None:
    """Refuse steps that nobody knows, or that make no sense in this order.

    Raises:
        ValueError: With one sentence.
    """
    strange = [step for step in steps if step not in STEPS]
    if strange:
        raise ValueError(f"the step {strange[0]!r} is none of {', '.join(STEPS)}")
    if len(set(steps)) < len(steps):
        raise ValueError(f"a step is named twice: {', '.join(steps)}")
    if "corner_crop" in steps[1:]:
        raise ValueError("corner_crop comes first: the other steps work on what it leaves")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOfView:
    """The part of the displayed picture that the network input covers; overlays are drawn there.

    Attributes:
        left, top, right, bottom: Fractions of the picture's width and height, [0, 1].
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        """Refuse an empty or outlying field."""
        if not (0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1):
            raise ValueError(f"{self} is not a part of a picture")
