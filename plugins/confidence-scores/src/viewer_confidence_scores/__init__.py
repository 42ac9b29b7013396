"""Confidence scores from one forward pass; this page only registers them."""

from collections.abc import Iterable

from viewer.api import Explainer, Options, Scorer, hookimpl
from viewer_confidence_scores.correctness import correctness_scorers
from viewer_confidence_scores.explainer import UncertaintyExplainer
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
