"""Masks and what lies inside them; this page registers it."""

from collections.abc import Iterable

from viewer.api import AnyExplainer, Options, Scorer, hookimpl
from viewer_segmentation_cam.explainers import AttentionAndMask, MaskExplainer
from viewer_segmentation_cam.scorers import AttentionOutsideMask, MaskArea, MaskPlausibility

VIEWER_API = 1


@hookimpl
def viewer_scorers(options: Options) -> Iterable[Scorer]:
    """Does the attention lie in what is outlined, with its control; and is the outline sound?"""
    return [AttentionOutsideMask(), MaskArea(), MaskPlausibility()]


@hookimpl
def viewer_explainers(options: Options) -> Iterable[AnyExplainer]:
    """The outline by itself, then the attention beside it."""
    return [MaskExplainer(), AttentionAndMask()]
