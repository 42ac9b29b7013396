"""Attention maps of any class; this page only registers them."""

from collections.abc import Iterable

from viewer.api import Explainer, Options, hookimpl
from viewer_attention_maps.explainers import GradCamExplainer, LayerCamExplainer

VIEWER_API = 1


@hookimpl
def viewer_explainers(options: Options) -> Iterable[Explainer]:
    """Grad-CAM first: it is the better known."""
    return [GradCamExplainer(), LayerCamExplainer()]
