"""What a person asks for when training; free of torch, so that a command line can be read without it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from viewer.datasets.guard import LeakGuard
from viewer.datasets.query import DataQuery
from viewer.datasets.sample import LabelTable, Sample
from viewer.datasets.split import Part
from viewer.domain.bundle import Resize, Step
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.domain.recipe import Choices, Hyperparameters, Recipe
from viewer.engine.bundle import read_bundle
from viewer.training.processes import Processes

HELD_OUT_FRAMES = 40
"""Frames read at most of a clip that nothing was trained on: as many as its decision may be made from."""

GARBAGE_VERSION = "1"
"""Changes whenever the viewer's families of garbage are drawn otherwise."""

Parts = Mapping[Part, Sequence[Sample]]
"""The samples of every part; no group is in two of them."""

Start = Path | Literal["download"] | None
"""Where the starting weights come from: a file, a bundle's folder, torchvision's download, or chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What the bundle will say of itself.

    Attributes:
        name, version, intended_use, licence: As in `model.toml`.
        modality: The kind of picture.
        critical_classes: Classes that must not be missed.
        demonstration: Made for phantoms.
        auxiliary: Made to serve other models.
        data_note: Names the data and its licence, for the card.
    """

    name: str
    version: str = "1"
    intended_use: str
    licence: str
    modality: Modality
    critical_classes: tuple[str, ...] = ()
    demonstration: bool = False
    auxiliary: bool = False
    data_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Garbage:
    """What a network is shown as pictures of no kind it knows.

    Attributes:
        folders: Pictures to be taken for garbage; each folder is a family beside the viewer's own.
        left_out: Names of families that are not trained on, to find out what the network makes of them.
    """

    folders: tuple[Path, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def settled(self) -> list[object]:
        """What changes the trained weights."""
        files = [[folder.name, *sorted(path.name for path in folder.rglob("*"))] for folder in self.folders]
        return [GARBAGE_VERSION, sorted(self.left_out), files]


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
        steps: What is done to a picture before, in this order.
        frames_per_clip: Frames taken from a clip, spread evenly over it.
        guard: What is done about copies that a split would divide.
        pictured: Whether the bundle may keep thumbnails of the pictures.
        train_groups: Groups that train, of the split that balances classes best; 0 for the stratified split.
        hyper: Hyperparameters.
        choices: For the options of the recipe; what is not named has its default.
        garbage: What one more output is taught to tell; None for a network without it.
        device: `auto`, `cpu` or `cuda`.
        devices: Processes on this machine, each with a device of its own.
        nodes: Machines.
        strategy: One of Lightning's, or `auto`.
    """

    table: DataQuery
    description: Description
    architecture: str
    start: Start
    out: Path
    work: Path
    input_size: int = 0
    resize: Resize = "squash"
    steps: tuple[Step, ...] = ()
    frames_per_clip: int = 4
    guard: LeakGuard = field(default_factory=LeakGuard)
    pictured: bool = False
    train_groups: int = 0
    hyper: Hyperparameters = field(default_factory=Hyperparameters)
    choices: Choices = field(default_factory=dict)
    garbage: Garbage | None = None
    device: str = "auto"
    devices: int = 1
    nodes: int = 1
    strategy: str = "auto"

    def __post_init__(self) -> None:
        """Refuse nonsense at birth."""
        if self.devices < 1 or self.nodes < 1:
            raise ViewerError("training takes at least one process on one machine")
        share, rest = divmod(self.hyper.batch, self.processes.total)
        if self.processes.total > 1 and (rest or share < 2):
            raise ViewerError(
                f"a batch of {self.hyper.batch} cannot be shared by {self.processes.total} processes: "
                "each must get as many pictures as the others, and two at least"
            )

    @property
    def processes(self) -> Processes:
        """What trains together."""
        return Processes(device=self.device, devices=self.devices, nodes=self.nodes, strategy=self.strategy)

    def digest(self, table: LabelTable, parts: Parts, recipe: Recipe) -> str:
        """Changes with anything that changes the trained weights; names, notes and paths do not."""
        data = {
            part: [(s.path.name, s.label, s.group, s.frame, s.mask and s.mask.name) for s in parts[part]]
            for part in (Part.TRAIN, Part.STOP)
        }
        hyper = asdict(self.hyper)
        del hyper["flips"]  # says how the finished network is used
        taught = [recipe.name, recipe.version, recipe.choose(self.choices), self.processes.total]
        settled: list[object] = [
            self.architecture,
            _start_word(self.start),
            self.input_size,
            self.resize,
            self.frames_per_clip,
            hyper,
            taught,
        ]
        settled += [] if self.garbage is None else [self.garbage.settled]
        settled += [["steps", *self.steps]] if self.steps else []
        text = json.dumps([table.classes, data, settled, self.description.modality])
        return hashlib.sha256(text.encode()).hexdigest()


def _start_word(start: Start) -> str | None:
    """What is the same for equal starts, wherever they lie: of a bundle its weights, of a file its name."""
    if not isinstance(start, Path):
        return start
    return read_bundle(start).weights_digest if start.is_dir() else start.name


def claim_work_folder(work: Path, digest: str) -> None:
    """Make `work` the folder of this training, or check that it is.

    Raises:
        ViewerError: It holds another training's checkpoints.
    """
    work.mkdir(parents=True, exist_ok=True)
    mark = work / "plan.sha256"
    known = mark.read_text(encoding="ascii") if mark.exists() else ""
    if known == digest:
        return
    if known:
        raise ViewerError(
            f"{work} holds a training with other data or settings; name another --work-dir, or delete it"
        )
    # Whole or not at all: a torn mark would keep the folder from its own training.
    partial = mark.with_name(f"{mark.name}.part")
    partial.write_text(digest, encoding="ascii")
    partial.replace(mark)
