"""Steps that prepare dermoscopy before a network sees it, each a pure function of one picture.

A step's name in a bundle stands for exactly what it does: one that comes to do something else needs another name.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from viewer.domain.bundle import Step
from viewer.engine.steps.colour import evened_out
from viewer.engine.steps.hair import without_hair

CHANGES: Mapping[Step, Callable[[NDArray[np.uint8]], NDArray[np.uint8]]] = {
    "hair_removal": without_hair,
    "colour_constancy": evened_out,
}
"""uint8 (rows, cols, 3) with square pixels → the same part of the picture, changed.

`corner_crop` is none of them: it chooses the part; see `corners.lit_box`.
"""
