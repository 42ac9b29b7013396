"""Masks and what lies inside them; this page registers it."""

from collections.abc import Iterable

from viewer.api import AnyExplainer, Architecture, Options, Recipe, Scorer, hookimpl
from viewer_segmentation_cam.explainers import AttentionAndMask, MaskExplainer
from viewer_segmentation_cam.network.architectures import unet_architectures
from viewer_segmentation_cam.recipes import LESION, LUNGS
from viewer_segmentation_cam.scorers import AttentionOutsideMask, MaskArea, MaskPlausibility

VIEWER_API = 1


@hookimpl
def viewer_architectures(options: Options) -> Iterable[Architecture]:
    """Networks that draw a mask beside their answer."""
    return unet_architectures()


@hookimpl
def viewer_recipes(options: Options) -> Iterable[Recipe]:
    """Lungs of a chest X-ray, and skin lesions."""
    return [LUNGS, LESION]


@hookimpl
def viewer_scorers(options: Options) -> Iterable[Scorer]:
    """Does the attention lie in what is outlined, with its control; and is the outline sound?"""
    return [AttentionOutsideMask(), MaskArea(), MaskPlausibility()]


@hookimpl
def viewer_explainers(options: Options) -> Iterable[AnyExplainer]:
    """The outline by itself, then the attention beside it."""
    return [MaskExplainer(), AttentionAndMask()]
