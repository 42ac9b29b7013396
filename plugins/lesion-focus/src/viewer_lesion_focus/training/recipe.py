"""The recipe `dermoscopy-lesion-focus`; torch comes in when a training begins."""

from typing import TYPE_CHECKING

from viewer.api import (
    Choices,
    Hyperparameters,
    Modality,
    Recipe,
    RecipeOption,
    Steering,
    TrainingContext,
    ViewerError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import nn
    from torchvision.transforms.v2 import Transform

NETWORKS = ("efficientnet_b0", "efficientnet_b1", "efficientnet_b3", "efficientnet_b4", "mobilenet_v2")

SMALLEST_CROP, SHIFT, ZOOM, TURN = 0.55, 0.0625, 0.1, 45.0
"""Smallest part of the picture that is cut out; largest shift as a share of the side, change of size, rotation in
degrees."""

FACTOR, WAIT, SLOWEST, DECAY = 0.5, 2, 1e-4, 0.9
"""The rate is halved after more than two epochs without a lower stopping loss, not below the slowest; the last one
is Adadelta's decay."""

WARM_UP = 0.15
"""Share of the steps in which AdamW's rate rises first."""

LARGEST_ADAMW_RATE = 0.05

OPTIONS = (
    RecipeOption(name="backbone", default="efficientnet_b0", choices=NETWORKS, help="network that is trained"),
    RecipeOption(
        name="class_loss",
        default="by_classes",
        choices=("by_classes", "cross_entropy", "focal"),
        help="by_classes: cross-entropy for two classes, focal loss for more",
    ),
    RecipeOption(name="focal_gamma", default=2.0, help="of the focal loss: 0 is cross-entropy"),
    RecipeOption(name="centre_term", default=True, help="pull the features of a class towards its centre"),
    RecipeOption(name="centre_weight", default=1.0, help="weight of that"),
    RecipeOption(
        name="centres",
        default="moving",
        choices=("moving", "first_pass"),
        help="moving: they follow the features; first_pass: means over the first epoch, fixed from then on",
    ),
    RecipeOption(name="centre_rate", default=0.5, help="how fast moving centres follow, 0 to 1"),
    RecipeOption(name="divergence_term", default=True, help="let all classes look at the same place"),
    RecipeOption(name="divergence_weight", default=0.1, help="weight of that"),
    RecipeOption(
        name="divergence_penalty", default=1.0, help="λ: a cell counts 1/λ at most; 0 for the plain divergence"
    ),
    RecipeOption(
        name="divergence_formula",
        default="penalised",
        choices=("penalised", "printed"),
        help="printed: with the other sign, for comparison alone",
    ),
    RecipeOption(name="mask_term", default=True, help="let every class look where the mask is, where there is one"),
    RecipeOption(name="mask_weight", default=0.5, help="weight of that"),
    RecipeOption(
        name="mask_maps",
        default="classes",
        choices=("classes", "deciding"),
        help="classes: the map of every class is to lie on the mask; deciding: what speaks for the true class alone",
    ),
    RecipeOption(
        name="optimiser",
        default="adadelta",
        choices=("adadelta", "adamw"),
        help="adamw: under a warm-up and a cosine; name its rate too (--lr 1.5e-4)",
    ),
)


def _network(choices: Choices) -> str:
    return str(choices["backbone"])


def _changes(modality: Modality, side: int, choices: Choices) -> "Transform":
    """Random resized crop, shift-scale-rotate with probability ½, both flips; what comes in from outside is black."""
    from torchvision.transforms import v2

    crop = v2.RandomResizedCrop(side, scale=(SMALLEST_CROP, 1.0), ratio=(3 / 4, 4 / 3))
    moved = v2.RandomAffine(
        TURN,
        translate=(SHIFT, SHIFT),
        scale=(1 - ZOOM, 1 + ZOOM),
        interpolation=v2.InterpolationMode.BILINEAR,
    )
    return v2.Compose([crop, v2.RandomApply([moved]), v2.RandomHorizontalFlip(), v2.RandomVerticalFlip()])


def _steering(context: TrainingContext, parameters: "Sequence[nn.Parameter]") -> Steering:
    from torch.optim import Adadelta, AdamW
    from torch.optim.lr_scheduler import OneCycleLR, ReduceLROnPlateau

    hyper = context.hyper
    if context.choices["optimiser"] == "adadelta":
        slow = Adadelta(parameters, lr=hyper.learning_rate, rho=DECAY, weight_decay=hyper.weight_decay)
        plateau = ReduceLROnPlateau(slow, factor=FACTOR, patience=WAIT, min_lr=SLOWEST)
        return Steering(optimiser=slow, schedule=plateau, every="epoch")
    if hyper.learning_rate > LARGEST_ADAMW_RATE:
        raise ViewerError(f"a rate of {hyper.learning_rate:g} is far too high for adamw: name one with --lr 1.5e-4")
    quick = AdamW(parameters, lr=hyper.learning_rate, weight_decay=hyper.weight_decay)
    cosine = OneCycleLR(quick, hyper.learning_rate, context.steps, pct_start=WARM_UP, cycle_momentum=False)
    return Steering(optimiser=quick, schedule=cosine)


def _objective(context: TrainingContext) -> "nn.Module":
    from viewer_lesion_focus.training.objective import LesionFocus

    return LesionFocus(context)


LESION_FOCUS = Recipe(
    name="dermoscopy-lesion-focus",
    title="Dermoscopy: a network that looks at the lesion",
    summary="name the class of a skin lesion while looking at the lesion",
    explanation="Fine-tunes a network on dermoscopy pictures with up to four losses: of the classes, of the distance "
    "of features from the centre of their class, of the divergence between where the classes look, and of the "
    "correlation between where every class looks and a mask of the lesion. Pictures without a mask (--mask COL) are "
    "left out of the last one alone. For two classes out of more, put classes together: --merge-classes "
    "rest=common_nevus,atypical_nevus. The defaults are those of the study it follows; with a few hundred pictures "
    "--mask-maps deciding --no-centre-term --no-divergence-term --optimiser adamw --lr 3e-4 --epochs 8 --no-stop "
    "does far better.",
    loss="cross-entropy (two classes) or focal loss with --focal-gamma (more), each class weighted by (n / (K·n_k)) "
    "to the power --class-weight-power; + --centre-weight · ½‖f − c_y‖²; + --divergence-weight · Σ d / (1 + λ·d) "
    "with d = (p − q)(ln p − ln q) between the attention of two classes; + --mask-weight · (1 − Pearson's r between "
    "mask and attention); the last three can be left out (--no-centre-term, --no-divergence-term, --no-mask-term)",
    needs="dermoscopy pictures with one class each, and the patient or the lesion; masks of the lesion for as many "
    "as there are; seven patients of every class at least",
    schedule="as the optimiser chosen: Adadelta (decay 0.9), its rate halved when the stopping loss has not fallen "
    "for more than two epochs, down to 1e-4; AdamW, its rate rising over the first 15 % of the steps and falling "
    "along a cosine",
    augments="a random part of 55 % or more of the picture, at the network's size; with probability 1/2 shifted up "
    "to 6 %, scaled by 0.9 to 1.1 and turned up to 45°; mirrored in both directions",
    objective=_objective,
    architecture=_network,
    input_size=299,
    masks="where there are",
    augmentation=_changes,
    optimiser=_steering,
    defaults=Hyperparameters(epochs=50, batch=16, learning_rate=1.0, weight_decay=0.0, patience=10),
    options=OPTIONS,
    garbage=True,
)
