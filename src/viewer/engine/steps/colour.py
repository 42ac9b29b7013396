"""Colour constancy: the tint of the lamp taken out of a picture."""

import numpy as np
from numpy.typing import NDArray

POWER = 6
"""Of the mean over each channel; 1 would be grey world, ∞ the brightest pixel."""


def evened_out(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture under a white lamp; black surroundings count for nothing, and a grey picture stays as it is.

    Args:
        rgb: uint8 (rows, cols, 3).

    Returns:
        uint8 (rows, cols, 3).
    """
    gains = lamp_gains(rgb)
    if np.ptp(gains) == 0:
        return rgb
    levels = np.rint(np.clip(np.arange(256)[:, None] * gains, 0, 255)).astype(np.uint8)
    return np.stack([levels[rgb[..., channel], channel] for channel in range(3)], axis=-1)


def lamp_gains(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """What each channel is multiplied by, (3,), by shades of grey with p = 6.

    The lamp is e_c = (mean of I_c^p)^(1/p), the gain |e| / (√3 · e_c): Finlayson and Trezzi, "Shades of gray and
    colour constancy" (2004); for dermoscopy Barata, Celebi and Marques, doi:10.1109/JBHI.2014.2336473. It is taken
    of the levels as they are displayed. A picture that lacks a colour altogether tells of no lamp: gains of 1.
    """
    powers = (np.arange(256) / 255.0) ** POWER
    counts = np.stack([np.bincount(rgb[..., channel].ravel(), minlength=256) for channel in range(3)])
    lamp = (counts @ powers / counts[0].sum()) ** (1 / POWER)
    if lamp.min() < 1 / 255:
        return np.ones(3)
    gains: NDArray[np.float64] = np.sqrt((lamp**2).sum() / 3) / lamp
    return gains
