"""The CAM score, with and without a mask; pure functions over batches of maps (B, h, w)."""

import numpy as np
from numpy.typing import NDArray

from viewer.api import Evidence
from viewer_confidence_scores.probability import Values, entropy


def class_maps(evidence: Evidence) -> Values:
    """CAM of the predicted class before the ReLU, float64 (B, h, w).

    With a head of pooling and one linear layer it is Σ_c w[ŷ, c]·A_c (Zhou et al., CVPR 2016, arXiv:1512.04150); else
    Grad-CAM's Σ_c mean(∂z_ŷ/∂A_c)·A_c (Selvaraju et al., ICCV 2017, arXiv:1610.02391), which is the same up to
    scale where both exist.

    Raises:
        ValueError: The gradients captured are those of another class.
    """
    activations, head = evidence.activations, evidence.linear_head
    if activations is None:
        raise ValueError("no activations were captured")
    if head is not None:
        weights = head.weight[evidence.predicted]
    elif evidence.gradients is not None and (evidence.targets == evidence.predicted).all():
        weights = evidence.gradients.mean(axis=(2, 3))
    else:
        raise ValueError("no gradients of the predicted class were captured")
    batch, channels, rows, columns = activations.shape
    maps = weights[:, None, :] @ activations.reshape(batch, channels, rows * columns)
    wide: Values = maps.reshape(batch, rows, columns).astype(np.float64)
    return wide


def any_attention(shares: Values) -> NDArray[np.bool_]:
    """Whether π points anywhere, bool (B,)."""
    points: NDArray[np.bool_] = shares.max(axis=(1, 2)) > 0
    return points


def concentration(shares: Values) -> Values:
    """1 − H(π) / ln(h·w), (B,): 1 when one cell holds all attention, 0 when it is spread evenly."""
    flat = shares.reshape(len(shares), -1)
    value: Values = 1 - entropy(flat) / np.log(flat.shape[1])
    return value.clip(0, 1)


def cam_iou(maps: Values, masks: Values) -> Values:
    """IoU of {CAM > ½ of its range} and {mask > ½}, (B,); 0 where both are empty.

    Args:
        maps: CAM, (B, h, w); brought to [0, 1] by its own minimum and maximum after the ReLU.
        masks: As for `cam_share_in_mask`.
    """
    positive = np.maximum(maps, 0)
    low, high = positive.min(axis=(1, 2), keepdims=True), positive.max(axis=(1, 2), keepdims=True)
    seen = positive > (low + high) / 2
    wanted = masks > 0.5
    union = (seen | wanted).sum(axis=(1, 2))
    value: Values = np.divide((seen & wanted).sum(axis=(1, 2)), union, out=np.zeros(len(maps)), where=union > 0)
    return value
