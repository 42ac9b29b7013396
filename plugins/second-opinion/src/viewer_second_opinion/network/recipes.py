"""Two recipes for lung ultrasound: scores of severity, and findings."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from viewer.api import Choices, Hyperparameters, Modality, Recipe, RecipeOption, Steering, TrainingContext
from viewer_second_opinion.network.augmentation import four_changes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import nn
    from torchvision.transforms.v2 import Transform

BACKBONE = RecipeOption(
    name="backbone",
    default="mobilenet_v2",
    choices=("mobilenet_v2", "mobilenet_v2_textures", "resnet18", "vgg16", "squeezenet1_0", "small_cnn"),
    help="network whose last layer is replaced; _textures looks at mean and spread of the middle maps, small_cnn "
    "learns from scratch",
)
LAYERS = RecipeOption(
    name="layers",
    default="all",
    choices=("all", "last"),
    help="last: only the new layer learns, from frames as they are, on what ImageNet taught the others",
)
RATE = RecipeOption(
    name="rate",
    default="falling",
    choices=("falling", "constant"),
    help="falling: rises over the first steps and falls along a cosine; constant: as in the study",
)
LOSS = RecipeOption(
    name="loss",
    default="cross_entropy",
    choices=("cross_entropy", "earth_mover"),
    help="earth_mover: squared earth mover's distance, which knows that 0 is further from 3 than from 1",
)

WARM_UP = 0.15
"""Share of the steps in which a falling rate rises first."""

_AS_IN_THE_STUDY = (
    "The study of severity scores trained ResNet18 at a constant rate of 1e-5 on 224 pixels, eight at a time: "
    "--backbone resnet18 --rate constant --lr 1e-5 --batch 8 --input-size 224. That takes many epochs over thousands "
    "of frames; the defaults (MobileNetV2, 160 pixels, a rate that falls from 1e-4) suit a processor without a GPU. "
    "With few patients let only the last layer learn: --backbone mobilenet_v2_textures --layers last --epochs 15 "
    "--lr 3e-3 --weight-decay 0.1 --class-weight-power 0. Of every clip the same number of frames is trained on "
    "(--frames-per-clip), spread evenly, so long clips do not dominate; --split balanced --train-groups N takes the "
    "patients whose frames per class deviate least."
)


def _network(choices: Choices) -> str:
    return str(choices["backbone"])


def _frozen(choices: Choices) -> tuple[str, ...]:
    return ("trunk",) if choices["layers"] == "last" else ()


def _changes(modality: Modality, side: int, choices: Choices) -> "Transform | None":
    return None if choices["layers"] == "last" else four_changes()


def _adam(context: TrainingContext, parameters: "Sequence[nn.Parameter]") -> Steering:
    """Adam; weights decay, but biases and what batch norm learns do not: they hold how frequent a class is."""
    from torch.optim import Adam
    from torch.optim.lr_scheduler import OneCycleLR

    hyper = context.hyper
    groups: list[dict[str, Any]] = [
        {"params": [one for one in parameters if one.ndim > 1], "weight_decay": hyper.weight_decay},
        {"params": [one for one in parameters if one.ndim == 1]},
    ]
    optimiser = Adam(groups, lr=hyper.learning_rate)
    if context.choices["rate"] == "constant":
        return Steering(optimiser=optimiser)
    schedule = OneCycleLR(
        optimiser, hyper.learning_rate, total_steps=context.steps, pct_start=WARM_UP, cycle_momentum=False
    )
    return Steering(optimiser=optimiser, schedule=schedule)


def _knows_no_order(choices: Choices) -> bool:
    return choices["loss"] == "cross_entropy"


def _severity_loss(context: TrainingContext) -> "nn.Module":
    from viewer_second_opinion.network.ordinal import loss_for

    return loss_for(context)


FINDING = Recipe(
    name="lus-finding",
    title="Findings in lung ultrasound: regular, pneumonia, covid, viral",
    summary="fine-tune a network on one finding per clip, by weighted cross-entropy",
    explanation="Learns the finding of every frame of a lung-ultrasound clip; a class with too few patients is left "
    f"out by choosing rows. {_AS_IN_THE_STUDY}",
    loss="cross-entropy, each class weighted by (n / (K·n_k)) to the power --class-weight-power",
    needs="ultrasound clips or frames with one class each, and the patient; seven patients of every class at least",
    schedule="Adam; the learning rate rises over the first 15 % of the steps and falls along a "
    "cosine, or stays (--rate constant)",
    augments="each with probability 1/2, anew for every frame: shift up to 15 %, rotation up to 15°, scale 0.55 to "
    "1.45, shear up to 4.5°; multiplication by 0.55 to 1.45; Gaussian blur (σ 0.75 pixels); horizontal flip",
    architecture=_network,
    input_size=160,
    frozen=_frozen,
    augmentation=_changes,
    optimiser=_adam,
    defaults=Hyperparameters(epochs=8, batch=16, learning_rate=1e-4, weight_decay=0.0),
    options=(BACKBONE, LAYERS, RATE),
    garbage=True,
)

SEVERITY = replace(
    FINDING,
    name="lus-severity",
    title="Severity of lung ultrasound, scores 0 to 3",
    summary="fine-tune a network on one severity score per clip",
    explanation="Learns the score of every frame of a lung-ultrasound clip, from 0 (A-lines) to 3 (consolidation). "
    "Classes must be named so that their alphabetical order is their order. --loss earth_mover makes far mistakes "
    f"cost more. {_AS_IN_THE_STUDY}",
    loss="cross-entropy, or the squared earth mover's distance along the order of the scores (--loss earth_mover); "
    "each class weighted by (n / (K·n_k)) to the power --class-weight-power",
    objective=_severity_loss,
    options=(BACKBONE, LAYERS, RATE, LOSS),
    garbage=_knows_no_order,
)
