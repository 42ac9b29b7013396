"""A picture on its way into the network."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from viewer.domain.image import Clip


@dataclass(frozen=True, eq=False)
class Picture:
    """One frame as the eye sees it by default.

    Attributes:
        rgb: uint8 (rows, cols, 3), sRGB: the file's default display.
        pixel_aspect: Height of a pixel divided by its width.
        clip: The file it comes from; None where there is none, or it does not matter.
        index: Of the frame in that file.
    """

    rgb: NDArray[np.uint8]
    pixel_aspect: float = 1.0
    clip: Clip | None = None
    index: int = 0

    def __post_init__(self) -> None:
        """Check type and shape."""
        if self.rgb.dtype != np.uint8 or self.rgb.ndim != 3 or self.rgb.shape[2] != 3 or not self.rgb.size:
            raise ValueError(f"a picture is uint8 (rows, cols, 3), not {self.rgb.dtype} {self.rgb.shape}")
        if not self.pixel_aspect > 0:
            raise ValueError(f"pixel aspect {self.pixel_aspect} is not positive")

    @cached_property
    def digest(self) -> str:
        """Names the content in the evidence cache; equal for equal pictures."""
        content = hashlib.sha256(f"{self.rgb.shape} {self.pixel_aspect!r}".encode())
        content.update(np.ascontiguousarray(self.rgb).data)
        return content.hexdigest()
