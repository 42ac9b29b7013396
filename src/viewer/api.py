"""The plugins' only door. What is not exported here may change without notice."""

from viewer.domain.around import REACH, smoothed, spans, sums_between
from viewer.domain.command import Command
from viewer.domain.errors import UnreadableFile, ViewerError
from viewer.domain.evidence import (
    CLIP_OFFSETS,
    SAME,
    Calibration,
    Evidence,
    Labelled,
    LinearHead,
    Need,
    ReferenceSet,
    State,
    attention_of_classes,
    class_attention,
    softmax,
)
from viewer.domain.image import Clip, Frame, FrameSource, Modality
from viewer.domain.keeping import kept
from viewer.domain.outline import Outline
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
    Exhibit,
    Gallery,
    Maps,
    Overlay,
    Placed,
    Placement,
    Proposal,
    Scatter,
    Score,
    Table,
    Text,
)
from viewer.evaluation.attention import (
    attention_shares,
    found_mask,
    has_mask,
    mask_cells,
    share_in_mask,
    view_agreement,
)
from viewer.evaluation.cells import Cells, read_cells
from viewer.evaluation.conformal import Conformal, Rarity, group_weights
from viewer.evaluation.embedding_map import EmbeddingMap
from viewer.evaluation.gaussians import Gaussians, fit_gaussians, halved, mahalanobis
from viewer.evaluation.halves import halves
from viewer.evaluation.logistic import Logistic, deal, fit_logistic
from viewer.evaluation.looking import Looking, looks_at, mask_steadiness
from viewer.evaluation.metrics import auroc, balanced_accuracy
from viewer.evaluation.resizing import resized
from viewer.hookspecs import API_VERSION, Options, hookimpl
from viewer.imagenet import ImageNetStart
from viewer.protocols import AnyExplainer, Architecture, Explainer, FittedExplainer, Network, Opinion, Reader, Scorer

__all__ = [
    "API_VERSION",
    "CLIP_OFFSETS",
    "REACH",
    "SAME",
    "About",
    "AnyExplainer",
    "Architecture",
    "Batch",
    "Calibration",
    "Cells",
    "Chart",
    "Choices",
    "Clip",
    "Command",
    "Conformal",
    "Content",
    "EmbeddingMap",
    "Evidence",
    "Exhibit",
    "Explainer",
    "FittedExplainer",
    "Frame",
    "FrameSource",
    "Gallery",
    "Gaussians",
    "Hyperparameters",
    "ImageNetStart",
    "Labelled",
    "LinearHead",
    "Logistic",
    "Looking",
    "Maps",
    "Modality",
    "Need",
    "Network",
    "Opinion",
    "Options",
    "Outline",
    "Overlay",
    "Placed",
    "Placement",
    "Proposal",
    "Rarity",
    "Reader",
    "Recipe",
    "RecipeOption",
    "ReferenceSet",
    "Scatter",
    "Score",
    "Scorer",
    "State",
    "Steering",
    "Table",
    "Text",
    "TrainingContext",
    "UnreadableFile",
    "ViewerError",
    "attention_of_classes",
    "attention_shares",
    "auroc",
    "balanced_accuracy",
    "class_attention",
    "deal",
    "fit_gaussians",
    "fit_logistic",
    "found_mask",
    "group_weights",
    "halved",
    "halves",
    "has_mask",
    "hookimpl",
    "kept",
    "logits_of",
    "looks_at",
    "mahalanobis",
    "mask_cells",
    "mask_steadiness",
    "read_cells",
    "resized",
    "share_in_mask",
    "smoothed",
    "softmax",
    "spans",
    "sums_between",
    "view_agreement",
]
