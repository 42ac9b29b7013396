"""What a person asks for when training; free of torch, so that a command line can be read without it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from viewer.datasets.query import DataQuery
from viewer.datasets.sample import LabelTable, Sample
from viewer.datasets.split import Part
from viewer.domain.bundle import Resize
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality

HELD_OUT_FRAMES = 40
"""Frames read at most of a clip that nothing was trained on: as many as its decision may be made from."""

Precision = Literal["32-true", "bf16-mixed"]

Parts = Mapping[Part, Sequence[Sample]]
"""The samples of every part; no group is in two of them."""

Start = Path | Literal["download"] | None
"""Where the starting weights come from: a file, torchvision's download, or chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hyperparameters:
    """What a person may turn; the defaults suit a few hundred to a few thousand pictures.

    Attributes:
        epochs: At most this many passes over the training part.
        batch: Pictures per step.
        learning_rate: At its maximum; it rises over the first steps and falls along a cosine.
        weight_decay: Of AdamW.
        patience: Epochs without a lower loss on the stopping groups before training ends.
        average: Decay per step of a running average of the weights, which is what is measured and kept; 0 for none.
        stop_early: Whether the stopping groups decide which epoch is kept. If not, they are trained on as well, and
            the weights after the last epoch are kept: for settings that were chosen before.
        class_weight_power: 0 weighs every picture alike, 1 every class alike, ½ lies between.
        seed: Of the split, the starting weights of new layers, the order and the augmentation.
        members: Networks trained independently of each other, whose logits are averaged: an ensemble.
        flips: Whether the finished network averages its answers to the picture and its mirror images.
        precision: `bf16-mixed` is faster on processors and GPUs that multiply bfloat16.
    """

    epochs: int = 14
    batch: int = 16
    learning_rate: float = 1.5e-4
    weight_decay: float = 0.02
    patience: int = 6
    average: float = 0.0
    stop_early: bool = True
    class_weight_power: float = 0.5
    seed: int = 0
    members: int = 1
    flips: bool = False
    precision: Precision = "32-true"

    def __post_init__(self) -> None:
        """Refuse nonsense at birth."""
        if self.epochs < 1 or self.batch < 2 or self.patience < 1:
            raise ViewerError("training needs at least one epoch, two pictures in a batch and a patience of one")
        if not self.learning_rate > 0 or not self.weight_decay >= 0:
            raise ViewerError("the learning rate must be positive and the weight decay must not be negative")
        if not 1 <= self.members <= 9:
            raise ViewerError("an ensemble has 1 to 9 members")
        if not 0 <= self.average < 1:
            raise ViewerError("the decay of the average of the weights lies between 0 and 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What the bundle will say of itself.

    Attributes:
        name, version, intended_use, licence: As in `model.toml`.
        modality: The kind of picture.
        critical_classes: Classes that must not be missed.
        demonstration: Made for phantoms.
        data_note: Names the data and its licence, for the card.
    """

    name: str
    version: str = "1"
    intended_use: str
    licence: str
    modality: Modality
    critical_classes: tuple[str, ...] = ()
    demonstration: bool = False
    data_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPlan:
    """Everything one training needs to know.

    Attributes:
        table: Labels and pictures.
        description: What the bundle will say of itself.
        architecture: Name of a registered architecture.
        start: Starting weights.
        out: Folder of the bundle; one already there is replaced.
        work: Folder for checkpoints, used by this training alone.
        input_size: Side of the network's input in pixels; 0 for the architecture's own.
        resize: How a picture becomes the square.
        frames_per_clip: Frames taken from a clip, spread evenly over it.
        hyper: Hyperparameters.
        device: `auto`, `cpu` or `cuda`.
    """

    table: DataQuery
    description: Description
    architecture: str
    start: Start
    out: Path
    work: Path
    input_size: int = 0
    resize: Resize = "squash"
    frames_per_clip: int = 4
    hyper: Hyperparameters = field(default_factory=Hyperparameters)
    device: str = "auto"

    def digest(self, table: LabelTable, parts: Parts) -> str:
        """Changes with anything that changes the trained weights; names, notes and paths do not."""
        data = {
            part: [(s.path.name, s.label, s.group, s.frame, s.mask and s.mask.name) for s in parts[part]]
            for part in (Part.TRAIN, Part.STOP)
        }
        start = self.start.name if isinstance(self.start, Path) else self.start
        hyper = asdict(self.hyper)
        del hyper["flips"]  # says how the finished network is used
        settled = [self.architecture, start, self.input_size, self.resize, self.frames_per_clip, hyper]
        text = json.dumps([table.classes, data, settled, self.description.modality])
        return hashlib.sha256(text.encode()).hexdigest()


def claim_work_folder(work: Path, digest: str) -> None:
    """Make `work` the folder of this training, or check that it is.

    Raises:
        ViewerError: It holds another training's checkpoints.
    """
    work.mkdir(parents=True, exist_ok=True)
    mark = work / "plan.sha256"
    if mark.exists() and mark.read_text(encoding="ascii") != digest:
        raise ViewerError(
            f"{work} holds a training with other data or settings; name another --work-dir, or delete it"
        )
    mark.write_text(digest, encoding="ascii")
