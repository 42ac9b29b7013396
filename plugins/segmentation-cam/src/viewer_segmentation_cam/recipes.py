"""Recipes for networks that draw a mask beside their answer; free of torch, so that listing them is cheap."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from viewer.api import Choices, Hyperparameters, Modality, Recipe, RecipeOption, Steering
from viewer_segmentation_cam.network.architectures import BACKBONES, ENCODER, SMALL, with_backbone

if TYPE_CHECKING:
    from torch import nn
    from torchvision.transforms.v2 import Transform

    from viewer.api import TrainingContext

FROM_SCRATCH = "small"
"""Among the encoders, the network that learns from random weights."""

FASTER = 10
"""How many times the learning rate of a pretrained encoder decoder and classifier learn with."""

WARM_UP = 0.15
"""Share of the steps in which learning rates rise."""


def _architecture(choices: Choices) -> str:
    """A network that draws, except where only the class is learnt."""
    encoder = str(choices["encoder"])
    if choices["learn"] == "class":
        return ENCODER if encoder == FROM_SCRATCH else encoder
    return SMALL if encoder == FROM_SCRATCH else with_backbone(encoder)


def _objective(context: "TrainingContext") -> "nn.Module":
    from viewer_segmentation_cam.network.losses import mask_and_class

    return mask_and_class(context)


def _optimiser(context: "TrainingContext", parameters: "Sequence[nn.Parameter]") -> Steering:
    """AdamW; what starts from chance learns ten times as fast as an encoder that starts from ImageNet."""
    from torch.optim import AdamW
    from torch.optim.lr_scheduler import OneCycleLR

    hyper = context.hyper
    encoder = {id(one) for one in context.network.get_submodule("trunk").parameters()}
    groups = [
        {"params": [one for one in parameters if id(one) in encoder]},
        {"params": [one for one in parameters if id(one) not in encoder]},
    ]
    faster = 1 if context.choices["encoder"] == FROM_SCRATCH else FASTER
    rates = [hyper.learning_rate, faster * hyper.learning_rate]
    optimiser = AdamW(groups, lr=hyper.learning_rate, weight_decay=hyper.weight_decay)
    schedule = OneCycleLR(optimiser, rates, total_steps=context.steps, pct_start=WARM_UP, cycle_momentum=False)
    return Steering(optimiser=optimiser, schedule=schedule)


def _lung_changes(modality: Modality, side: int, choices: Choices) -> "Transform":
    from viewer_segmentation_cam.network.augmentation import lung_changes

    return lung_changes()


def _lesion_changes(modality: Modality, side: int, choices: Choices) -> "Transform":
    from viewer_segmentation_cam.network.augmentation import lesion_changes

    return lesion_changes()


def _shows(what: str, choices: Choices) -> str:
    return "" if choices["learn"] == "class" else what


_OPTIONS = (
    RecipeOption(
        name="encoder",
        default="mobilenet_v2",
        choices=(*BACKBONES, FROM_SCRATCH),
        help="torchvision's network that reads the picture, best from ImageNet weights, or a small one from scratch",
    ),
    RecipeOption(
        name="learn",
        default="both",
        choices=("both", "mask", "class"),
        help="mask and class from one network, or one of them alone, to compare with",
    ),
    RecipeOption(name="class_weight", default=1.0, help="weight of the class's cross-entropy"),
    RecipeOption(name="mask_weight", default=1.0, help="weight of both terms of the mask"),
    RecipeOption(name="dice_weight", default=1.0, help="weight of the Dice loss beside the mask's cross-entropy"),
)

LUNGS = Recipe(
    name="lung-mask",
    title="Lungs and class of a chest X-ray, from one network",
    summary="draw the mask and name the class of a picture in one pass, by cross-entropy of the class, "
    "cross-entropy of the mask and soft Dice",
    explanation="A U-Net whose encoder also answers: it draws the lungs beside the class, so that attention can be "
    "compared with where the lungs are. A picture without a mask teaches its class alone, so a few dozen masks among "
    "many pictures will do.",
    loss="class-weight · cross-entropy (classes weighted by (n / (K·n_k)) to the power --class-weight-power) + "
    "mask-weight · (binary cross-entropy of the mask + dice-weight · soft Dice loss), the last two over the pictures "
    "that have a mask",
    needs="frontal chest X-rays with one class each and the patient, and for some of them a mask of the lungs "
    "(--mask COL, or the layout covid-qu-ex); seven patients of every class at least",
    objective=_objective,
    architecture=_architecture,
    input_size=192,
    masks="where there are",
    mask_shows=lambda choices: _shows("lungs", choices),
    mask_parts=2,
    augments="picture and mask together: shift up to 10 %, rotation up to 15°, scale 0.8 to 1.25, shear up to 8°; "
    "the picture alone: gamma 0.6 to 1.7, brightness ± 25 %, contrast ± 35 %; never mirrored",
    augmentation=_lung_changes,
    schedule="AdamW; learning rates rise over the first 15 % of the steps and fall along a cosine; decoder and "
    "classifier learn ten times as fast as an encoder that starts from ImageNet",
    optimiser=_optimiser,
    judge="objective",
    defaults=Hyperparameters(epochs=40, batch=8, learning_rate=5e-4, weight_decay=0.02, average=0.98),
    options=_OPTIONS,
    garbage=True,
)

LESION = replace(
    LUNGS,
    name="lesion-mask",
    title="Outline and kind of a skin lesion, from one network",
    explanation="A U-Net whose encoder also answers: it draws the lesion beside its kind, so that attention can be "
    "compared with where the lesion is. A picture without a mask teaches its class alone.",
    needs="dermoscopy pictures with one class each and the patient or lesion, and for some of them a mask of the "
    "lesion (--mask COL, or the layout ph2); seven groups of every class at least",
    augments="picture and mask together: mirrored, any rotation, shift up to 10 %, scale 0.75 to 1.35, shear up to "
    "8°; the picture alone: gamma 0.75 to 1.35, brightness ± 20 %, contrast and saturation ± 25 %, hue ± 3 %",
    augmentation=_lesion_changes,
    mask_shows=lambda choices: _shows("lesion", choices),
    mask_parts=1,
)
