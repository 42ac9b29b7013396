"""Confidence scores from one forward pass; this page only registers them."""

from collections.abc import Iterable

from viewer.api import Architecture, Explainer, Options, Recipe, Scorer, hookimpl
from viewer_confidence_scores.correctness import correctness_scorers
from viewer_confidence_scores.dense import dense_architectures
from viewer_confidence_scores.explainer import UncertaintyExplainer
from viewer_confidence_scores.isic9 import ISIC9
from viewer_confidence_scores.suitability import suitability_scorers

VIEWER_API = 1


@hookimpl
def viewer_scorers(options: Options) -> Iterable[Scorer]:
    """Correctness of the answer first, then suitability of the input."""
    return [*correctness_scorers(options), *suitability_scorers()]


@hookimpl
def viewer_explainers(options: Options) -> Iterable[Explainer]:
    """How far the probabilities move under dropout."""
    return [UncertaintyExplainer()]


@hookimpl
def viewer_architectures(options: Options) -> Iterable[Architecture]:
    """The study's network, and one with a smaller backbone."""
    return dense_architectures()


@hookimpl
def viewer_recipes(options: Options) -> Iterable[Recipe]:
    """The study's training."""
    return [ISIC9]
