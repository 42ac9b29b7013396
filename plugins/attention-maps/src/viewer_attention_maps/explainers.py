"""Attention maps as overlays, each with a sentence on where the attention lies."""

from collections.abc import Callable, Sequence

from viewer.api import Content, Evidence, Need, Overlay, Text
from viewer_attention_maps.maps import (
    Maps,
    central_share,
    grad_cam,
    has_attention,
    layer_cam,
    share_of_maximum,
    spread,
)

WIDE = 0.2
"""An even map holds half of its attention in half of its area; from this share on attention counts as spread out."""

CENTRAL = 0.5
"""Share of attention in the middle quarter of the area from which on it counts as central."""


class AttentionExplainer:
    """One kind of attention map for the class `evidence.targets[0]`."""

    name: str
    title: str
    version = "1"
    needs = frozenset({Need.LOGITS, Need.ACTIVATIONS, Need.GRADIENTS})
    method: Callable[[Maps, Maps], Maps]

    def explain(self, evidence: Evidence) -> Sequence[Content]:
        """An overlay and a sentence; the sentence alone where there is no attention to show."""
        if evidence.activations is None or evidence.gradients is None:
            raise ValueError("no activations and gradients were captured")
        maps = type(self).method(evidence.activations, evidence.gradients)
        target = evidence.classes[evidence.targets[0]]
        if not has_attention(maps)[0]:
            body = f"No attention: nothing in the picture speaks for {target} more than the rest of it."
            return [Text(title=self.title, body=body)]
        return [
            Overlay(title=f"{self.title}: {target}", values=share_of_maximum(maps)[0], unit="share of maximum"),
            Text(title=self.title, body=describe(maps, target)),
        ]


class GradCamExplainer(AttentionExplainer):
    """Grad-CAM; CAM itself for networks that end in pooling and one linear layer."""

    name = "grad_cam"
    title = "Attention"
    method = staticmethod(grad_cam)


class LayerCamExplainer(AttentionExplainer):
    """LayerCAM: only what speaks for the class, cell by cell."""

    name = "layer_cam"
    title = "Attention in detail"
    method = staticmethod(layer_cam)


def describe(maps: Maps, target: str) -> str:
    """Where the attention of one map (1, h, w) lies, in a sentence for a clinician."""
    width, centre = float(spread(maps)[0]), float(central_share(maps)[0])
    shape = "spread over the picture" if width >= WIDE else "concentrated"
    place = "mostly in its middle" if centre >= CENTRAL else "mostly away from its middle"
    return (
        f"What speaks for {target} is {shape} and lies {place}: half of the attention falls on {width:.0%} of the "
        f"area, and {centre:.0%} of it on the middle quarter."
    )
