"""A way of training, as one small object that a third party can ship; free of torch, so listing is cheap."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.domain.result import NAME

if TYPE_CHECKING:
    from torch import Tensor, device, nn
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler
    from torchvision.transforms.v2 import Transform

Precision = Literal["32-true", "bf16-mixed"]

RECIPE_NAME = re.compile(r"[a-z][a-z0-9_-]*")
"""Names of recipes."""

Value = bool | int | float | str
"""What an option of a recipe may be."""

Choices = Mapping[str, Value]
"""By name, what was chosen for every option of a recipe."""

GARBAGE_CLASS = ""
"""Name of the class of pictures of no kind a model knows; no class of a model can be called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hyperparameters:
    """What a person may turn; the defaults suit a few hundred to a few thousand pictures.

    Attributes:
        epochs: At most this many passes over the training part.
        batch: Pictures per step, of all processes together.
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
class RecipeOption:
    """One thing a recipe lets a person choose; on the command line it is `--name`.

    Attributes:
        name: Like `my_option`; `--my-option` on the command line, and `--no-my-option` where it is a switch.
        default: Its type is the type of the option: bool (a switch), int, float or str.
        help: One line.
        choices: What a str may be; empty for anything.
    """

    name: str
    default: Value
    help: str
    choices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse nonsense at birth."""
        if not isinstance(self.name, str) or not NAME.fullmatch(self.name):
            raise ViewerError(f"an option of a recipe is named like my_option, not {self.name!r}")
        if not isinstance(self.default, bool | int | float | str):
            raise ViewerError(f"the option {self.name} must be a switch, a number or a word")
        if not _is_text(self.help):
            raise ViewerError(f"the option {self.name} needs a line of help")
        if self.choices and self.default not in self.choices:
            raise ViewerError(f"the option {self.name} does not offer its own default")

    def checked(self, value: Value) -> Value:
        """The value as the option's own type.

        Raises:
            ViewerError: It is of another type, or not among the choices.
        """
        kind = type(self.default)
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            raise ViewerError(f"{self.name} must be of type {kind.__name__}, not {value!r}")
        if self.choices and value not in self.choices:
            raise ViewerError(f"{self.name} must be one of {', '.join(self.choices)}, not {value}")
        return value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """Pictures to learn from; all tensors on one device.

    Attributes:
        inputs: float32 (B, 3, side, side), as the engine would show them to the network; where the trunk is frozen
            and nothing is augmented, the trunk's activations (B, C, h, w), which `network.trunk` then hands on.
        labels: int64 (B,), class index.
        masks: float32 (B, 1, side, side) in [0, 1], changed together with the picture; zeros where a picture has
            none. None where the recipe wants none.
        has_mask: bool (B,); None where the recipe wants none.
    """

    inputs: "Tensor"
    labels: "Tensor"
    masks: "Tensor | None" = None
    has_mask: "Tensor | None" = None

    def __len__(self) -> int:
        """Number of pictures B."""
        return len(self.labels)

    def to(self, device: "device | str") -> "Batch":
        """The batch on another device."""
        return Batch(
            inputs=self.inputs.to(device),
            labels=self.labels.to(device),
            masks=None if self.masks is None else self.masks.to(device),
            has_mask=None if self.has_mask is None else self.has_mask.to(device),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainingContext:
    """What a recipe may know when it makes its parts.

    Attributes:
        network: A `viewer.protocols.Network` with its starting weights.
        classes: The K class names, in the order of the logits; and after them `GARBAGE_CLASS` where the network gets
            one more output for pictures of no kind it knows.
        counts: Training pictures of each class in an epoch, all positive.
        hyper: Hyperparameters.
        choices: A value for every option of the recipe.
        steps_per_epoch: Optimiser steps in one epoch.
    """

    network: "nn.Module"
    classes: tuple[str, ...]
    counts: tuple[int, ...]
    hyper: Hyperparameters
    choices: Choices
    steps_per_epoch: int

    @property
    def known(self) -> int:
        """Number of classes K a picture may be of; the label of garbage."""
        return len(self.classes) - (self.classes[-1] == GARBAGE_CLASS)

    @property
    def steps(self) -> int:
        """Optimiser steps of the whole training, if it is not ended early."""
        return self.hyper.epochs * self.steps_per_epoch

    @property
    def class_weights(self) -> tuple[float, ...]:
        """Weight of each class: (n / (K·n_k))^power, scaled so that the mean over the pictures is 1."""
        pictures = sum(self.counts)
        weights = [(pictures / (len(self.counts) * count)) ** self.hyper.class_weight_power for count in self.counts]
        mean = sum(weight * count for weight, count in zip(weights, self.counts, strict=True)) / pictures
        return tuple(weight / mean for weight in weights)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Steering:
    """How weights are moved.

    Attributes:
        optimiser: Over the parameters that were handed over.
        schedule: Of the learning rate; None for a constant one. `ReduceLROnPlateau` is given the stopping loss, else
            the training loss.
        every: When the schedule takes its step.
    """

    optimiser: "Optimizer"
    schedule: "LRScheduler | None" = None
    every: Literal["step", "epoch"] = "step"


Objective = Callable[[TrainingContext], "nn.Module"]
"""Makes what is called with (network, batch) and returns, by name, loss terms that are summed; see `Recipe`."""

Augmentation = Callable[[Modality, int, Choices], "Transform | Literal['usual'] | None"]
"""(kind of picture, side in pixels, choices) → a torchvision v2 transform of uint8 pictures, `usual`, or None."""

Optimiser = Callable[[TrainingContext, "Sequence[nn.Parameter]"], Steering]
"""(context, parameters to be trained) → how they are moved."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recipe:
    """How a network learns; reading, splitting, looping, resuming, fitting and writing are the viewer's for all.

    Texts are for people. What runs is made when a training begins, by the functions; torch belongs inside them.

    Attributes:
        name: As in `viewer train <name>`, like `my_recipe` or `my-recipe`.
        version: Changes whenever a training would come out differently: one begun under another is not gone on with.
        title: In a few words.
        summary: For the card, completing "it was trained to …".
        explanation: What it does and when it is the right one, a paragraph.
        loss, schedule, augments, needs: In words: the loss, the optimiser with its schedule, how pictures are
            changed, what the data must bring.
        objective: Makes the loss: an `nn.Module` called with (network, batch) that returns, by name, the scalar terms
            that are summed. What it holds as buffers or parameters is kept in checkpoints; parameters are trained.
            None for cross-entropy weighted by class.
        architecture: Name of the architecture, or how the choices decide it; `""` for the person to say.
        input_size: Side of the network's input in pixels; 0 for the architecture's own.
        start: `pretrained` where starting from random weights is refused.
        frozen: Modules of the network that are not trained and stay in evaluation, or how the choices decide them.
        masks: Whether batches bring masks, and whether pictures without one are left in.
        mask_shows: What the mask is of that the network learns to draw, in a word like `lungs`, or how the choices
            decide it; `""` for a network that draws none.
        mask_parts: How many parts without holes such a mask may have, 2 for lungs, say; what else the network draws
            is cleared away wherever its masks are used. 0 for as it is drawn.
        augmentation: `usual` for the modality's own, `none`, or a function.
        optimiser: None for AdamW under a warm-up and a cosine.
        judge: What decides which epoch is best on the stopping pictures: the `likelihood` of the labels at the best
            temperature, or the `objective` itself.
        defaults: Hyperparameters where the person names none.
        options: What a person may choose besides.
        garbage: Whether one more class, of no order among the others and without masks, may stand beside them
            (`--garbage`), or how the choices decide it.
    """

    name: str
    title: str
    summary: str
    explanation: str
    loss: str
    needs: str
    objective: Objective | None = None
    version: str = "1"
    schedule: str = "AdamW; the learning rate rises over the first 15 % of the steps and falls along a cosine to 1 %"
    augments: str = (
        "the usual for the kind of picture: shifted, scaled, turned, mirrored only where nothing impossible shows"
    )
    architecture: str | Callable[[Choices], str] = ""
    input_size: int = 0
    start: Literal["any", "pretrained"] = "any"
    frozen: tuple[str, ...] | Callable[[Choices], tuple[str, ...]] = ()
    masks: Literal["none", "where there are", "required"] = "none"
    mask_shows: str | Callable[[Choices], str] = ""
    mask_parts: int = 0
    augmentation: Literal["usual", "none"] | Augmentation = "usual"
    optimiser: Optimiser | None = None
    judge: Literal["likelihood", "objective"] = "likelihood"
    defaults: Hyperparameters = field(default_factory=Hyperparameters)
    options: tuple[RecipeOption, ...] = ()
    garbage: bool | Callable[[Choices], bool] = False

    def __post_init__(self) -> None:
        """Refuse nonsense at birth."""
        if not isinstance(self.name, str) or not RECIPE_NAME.fullmatch(self.name):
            raise ViewerError(f"a recipe is named like my_recipe, not {self.name!r}")
        texts = ("title", "summary", "explanation", "loss", "needs", "version", "schedule", "augments")
        for text in texts:
            if not _is_text(getattr(self, text)):
                raise ViewerError(f"the recipe {self.name} needs words for its {text}")
        if not all(made is None or callable(made) for made in (self.objective, self.optimiser)):
            raise ViewerError(f"the objective and the optimiser of the recipe {self.name} must be functions")
        if not isinstance(self.defaults, Hyperparameters):
            raise ViewerError(f"the defaults of the recipe {self.name} must be Hyperparameters")
        if any(not isinstance(option, RecipeOption) for option in self.options):
            raise ViewerError(f"the options of the recipe {self.name} must be RecipeOptions")
        names = [option.name for option in self.options]
        if len(names) != len(set(names)):
            raise ViewerError(f"the recipe {self.name} has two options of one name")
        if not isinstance(self.input_size, int) or self.input_size < 0:
            raise ViewerError(f"the input size of the recipe {self.name} must be a number of pixels")
        if not isinstance(self.mask_parts, int) or self.mask_parts < 0:
            raise ViewerError(f"the mask_parts of the recipe {self.name} must be a number of parts")
        for name, allowed in _WORDS.items():
            value = getattr(self, name)
            if value not in allowed and not (name == "augmentation" and callable(value)):
                raise ViewerError(f"the {name} of the recipe {self.name} must be one of: {', '.join(allowed)}")

    def choose(self, chosen: Choices) -> dict[str, Value]:
        """A value for every option: the chosen ones, else the defaults.

        Raises:
            ViewerError: There is no such option, or a value does not fit it.
        """
        known = {option.name: option for option in self.options}
        for name in chosen:
            if name not in known:
                raise ViewerError(f"the recipe {self.name} has no option {name}")
        return {name: option.checked(chosen.get(name, option.default)) for name, option in known.items()}

    def architecture_for(self, choices: Choices) -> str:
        """Name of the architecture under these choices; `""` for the person to say."""
        return self.architecture if isinstance(self.architecture, str) else self.architecture(choices)

    def frozen_for(self, choices: Choices) -> tuple[str, ...]:
        """Modules that are not trained under these choices."""
        return self.frozen(choices) if callable(self.frozen) else tuple(self.frozen)

    def mask_shows_for(self, choices: Choices) -> str:
        """What the network's mask is of under these choices; `""` where it draws none."""
        return self.mask_shows if isinstance(self.mask_shows, str) else self.mask_shows(choices)

    def bears_garbage(self, choices: Choices) -> bool:
        """Whether the network may get one more output for pictures of no kind it knows."""
        return self.garbage(choices) if callable(self.garbage) else self.garbage


_WORDS: Mapping[str, tuple[str, ...]] = {
    "start": ("any", "pretrained"),
    "masks": ("none", "where there are", "required"),
    "augmentation": ("usual", "none"),
    "judge": ("likelihood", "objective"),
}


def logits_of(network: "nn.Module", inputs: "Tensor") -> "Tensor":
    """Logits (B, K): trunk, pool and classifier, applied in this order."""
    logits: Tensor = network.classifier(network.pool(network.trunk(inputs)))  # type: ignore[operator]
    return logits


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
