"""Grad-CAM and LayerCAM as pure functions on the last convolution's output and its gradients.

Throughout: activations A and gradients G = ∂z_target/∂A, float32 (B, C, h, w); G may be (B, C, 1, 1) where it is the
same over the grid, as it is for a head of pooling and one linear layer.
"""

import numpy as np
from numpy.typing import NDArray

Maps = NDArray[np.float32]


def grad_cam(activations: Maps, gradients: Maps) -> Maps:
    """Grad-CAM: ReLU(Σ_c mean(G_c)·A_c), (B, h, w).

    For pooling and one linear layer this is CAM up to scale. Source: Selvaraju et al., ICCV 2017, arXiv:1610.02391.
    """
    weights = gradients.mean(axis=(2, 3), keepdims=True)
    maps: Maps = np.maximum((weights * activations).sum(axis=1), 0)
    return maps


def layer_cam(activations: Maps, gradients: Maps) -> Maps:
    """LayerCAM: ReLU(Σ_c ReLU(G_c)·A_c), every cell weighted by its own positive gradient, (B, h, w).

    Source: Jiang et al., IEEE TIP 30, 2021, doi:10.1109/TIP.2021.3089943.
    """
    maps: Maps = np.maximum((np.maximum(gradients, 0) * activations).sum(axis=1), 0)
    return maps


def share_of_maximum(maps: Maps) -> Maps:
    """Maps (B, h, w), at least 0, divided by their own maximum; maps without attention stay zero."""
    top = maps.max(axis=(1, 2), keepdims=True)
    shares: Maps = np.divide(maps, top, out=np.zeros_like(maps), where=top > 0)
    return shares


def has_attention(maps: Maps) -> NDArray[np.bool_]:
    """Whether each map (B, h, w) points anywhere: it has a maximum above 0 and is not the same all over."""
    top, bottom = maps.max(axis=(1, 2)), maps.min(axis=(1, 2))
    points: NDArray[np.bool_] = top - bottom > 1e-6 * np.maximum(np.abs(top), np.finfo(np.float32).tiny)
    return points


def central_share(maps: Maps) -> NDArray[np.float64]:
    """Share of the attention in the middle half of the width and height (a quarter of the area), [0, 1], (B,).

    Cells on the rim of that window count by the part that lies inside.
    """
    rows, columns = (_overlap(size) for size in maps.shape[1:])
    total = maps.sum(axis=(1, 2), dtype=np.float64)
    inside = rows @ maps.astype(np.float64) @ columns
    share: NDArray[np.float64] = np.divide(inside, total, out=np.zeros_like(total), where=total > 0)
    return share


def spread(maps: Maps) -> NDArray[np.float64]:
    """Share of the area that holds the strongest half of the attention, (0, ½], (B,): small when concentrated."""
    ordered = -np.sort(-maps.reshape(len(maps), -1).astype(np.float64), axis=1)
    reached = ordered.cumsum(axis=1) >= 0.5 * ordered.sum(axis=1, keepdims=True)
    share: NDArray[np.float64] = (reached.argmax(axis=1) + 1) / ordered.shape[1]
    return share


def _overlap(cells: int) -> NDArray[np.float64]:
    """Part of each of `cells` equal cells that lies in the middle half."""
    edges = np.linspace(0, 1, cells + 1).clip(0.25, 0.75)
    parts: NDArray[np.float64] = np.diff(edges) * cells
    return parts
