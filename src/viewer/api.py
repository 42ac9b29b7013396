"""The plugins' only door. What is not exported here may change without notice."""

from viewer.domain.errors import UnreadableFile, ViewerError
from viewer.domain.evidence import Calibration, Evidence, Labelled, LinearHead, Need, State, softmax
from viewer.domain.image import Clip, Frame, FrameSource, Modality
from viewer.domain.recipe import (
    Batch,
    Choices,
    Hyperparameters,
    Recipe,
    RecipeOption,
    Steering,
    TrainingContext,
    logits_of,
)
from viewer.domain.result import (
    About,
    Chart,
    Content,
    Overlay,
    Proposal,
    Score,
    Table,
    Text,
)
from viewer.hookspecs import API_VERSION, Options, hookimpl
from viewer.protocols import Architecture, Explainer, Network, Opinion, Reader, Scorer

__all__ = [
    "API_VERSION",
    "About",
    "Architecture",
    "Batch",
    "Calibration",
    "Chart",
    "Choices",
    "Clip",
    "Content",
    "Evidence",
    "Explainer",
    "Frame",
    "FrameSource",
    "Hyperparameters",
    "Labelled",
    "LinearHead",
    "Modality",
    "Need",
    "Network",
    "Opinion",
    "Options",
    "Overlay",
    "Proposal",
    "Reader",
    "Recipe",
    "RecipeOption",
    "Score",
    "Scorer",
    "State",
    "Steering",
    "Table",
    "Text",
    "TrainingContext",
    "UnreadableFile",
    "ViewerError",
    "hookimpl",
    "logits_of",
    "softmax",
]
