"""The study's recipe: nine kinds of skin lesion, a frozen backbone, a dense head (or pooling) that learns."""

from typing import Literal

from viewer.api import Choices, Hyperparameters, Modality, Recipe, RecipeOption

Augmented = Literal["usual"] | None


def _architecture(choices: Choices) -> str:
    """`resnet50_dense`, or `resnet50` for pooling and one linear layer."""
    return f"{choices['backbone']}_dense" if choices["head"] == "dense" else str(choices["backbone"])


def _frozen(choices: Choices) -> tuple[str, ...]:
    return () if choices["fine_tune"] else ("trunk",)


def _augmentation(modality: Modality, side: int, choices: Choices) -> Augmented:
    return "usual" if choices["augment"] else None


ISIC9 = Recipe(
    name="isic9",
    title="Dense head on a frozen backbone, as in the study of nine skin lesions",
    summary="learn a new head on a frozen ImageNet backbone, by cross-entropy",
    explanation="A ResNet50 that learnt from ImageNet stays as it is; its last maps are flattened, and three dense "
    "layers of 128 with batch norm and dropout learn to name the lesion. With --head gap it is pooling and one "
    "linear layer instead, for comparison. The backbone is frozen and pictures are not augmented, so it sees each of "
    "them once: an epoch takes seconds.",
    loss="cross-entropy over all pictures alike (--class-weight-power weighs classes)",
    augments="not at all, unless --augment is given",
    needs="dermoscopy pictures with one class each, and the lesion or patient they belong to; ImageNet weights of "
    "the backbone",
    architecture=_architecture,
    input_size=180,
    start="pretrained",
    frozen=_frozen,
    augmentation=_augmentation,
    defaults=Hyperparameters(
        epochs=40, batch=32, learning_rate=1e-3, weight_decay=0.01, patience=10, class_weight_power=0.0
    ),
    options=(
        RecipeOption(
            name="head",
            default="dense",
            choices=("dense", "gap"),
            help="three dense layers on the flattened maps, or pooling and one linear layer",
        ),
        RecipeOption(
            name="backbone",
            default="resnet50",
            choices=("resnet50", "mobilenet_v2"),
            help="mobilenet_v2 stands in where no ResNet weights are to be had",
        ),
        RecipeOption(name="fine_tune", default=False, help="train the backbone too"),
        RecipeOption(name="augment", default=False, help="change the pictures in every epoch"),
    ),
    garbage=True,
)
