"""Small pictures for a report: frames and overlays as PNG data URIs."""

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewer.domain.bundle import FieldOfView
from viewer.domain.result import Overlay
from viewer.present.colours import colour_map, colourise
from viewer.present.spans import span

LONGEST_SIDE = 320
"""Pixels of the longer side of a picture in a report."""

OPACITY = 0.5
"""How much an overlay covers of the picture under it."""


def thumbnail(rgb: NDArray[np.uint8], pixel_aspect: float = 1.0) -> NDArray[np.uint8]:
    """A frame as it is displayed, its longer side at most `LONGEST_SIDE` pixels.

    Args:
        rgb: uint8 (rows, cols, 3), sRGB.
        pixel_aspect: Height of a pixel divided by its width.

    Returns:
        uint8 (rows', cols', 3).
    """
    rows, columns = rgb.shape[0] * pixel_aspect, float(rgb.shape[1])
    scale = min(1.0, LONGEST_SIDE / max(rows, columns))
    size = max(1, round(columns * scale)), max(1, round(rows * scale))
    return np.asarray(
        Image.fromarray(rgb).resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR)
    )


def overlaid(picture: NDArray[np.uint8], overlay: Overlay, view: FieldOfView) -> NDArray[np.uint8]:
    """A map drawn over a picture, where the network saw it; NaN stays transparent.

    Args:
        picture: uint8 (rows, cols, 3).
        overlay: The map.
        view: The part of the picture it covers.

    Returns:
        uint8 (rows, cols, 3).
    """
    rows, columns = picture.shape[:2]
    top, bottom = span(view.top, view.bottom, rows)
    left, right = span(view.left, view.right, columns)
    size = right - left, bottom - top
    known = np.isfinite(overlay.values)
    filled = Image.fromarray(np.where(known, overlay.values, overlay.limits[0]).astype(np.float32))
    values = np.asarray(filled.resize(size, Image.Resampling.BILINEAR))
    shown = np.asarray(Image.fromarray(known.astype(np.uint8)).resize(size, Image.Resampling.NEAREST)) > 0
    painted = colourise(values, overlay.limits, overlay.colour_map)[..., :3]
    output = picture.copy()
    under = output[top:bottom, left:right]
    mixed = np.rint((1 - OPACITY) * under + OPACITY * painted).astype(np.uint8)
    output[top:bottom, left:right] = np.where(shown[..., None], mixed, under)
    return output


def data_uri(picture: NDArray[np.uint8]) -> str:
    """A picture as `data:image/png;base64,…`; the PNG carries pixels and nothing else."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(
        buffer, "PNG", compress_level=2
    )  # five times as fast as the default, a tenth larger
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def photo_uri(picture: NDArray[np.uint8]) -> str:
    """A picture as `data:image/jpeg;base64,…`, a tenth of the size of a PNG: for pages with many of them."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=85)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def gradient(name: str) -> str:
    """A colour map as a CSS gradient, low values left."""
    stops = colour_map(name)[:: 255 // 5]
    return "linear-gradient(to right, " + ", ".join("#{:02x}{:02x}{:02x}".format(*stop) for stop in stops) + ")"
