"""Mirrored views of a picture: what a network sees of them is an answer to the same question."""

from enum import Enum

import numpy as np

from viewer.domain.evidence import Float
from viewer.domain.image import Modality


class View(Enum):
    """How the network's input is turned; the value is the axis of an array (…, h, w) that is mirrored."""

    PLAIN = None
    LEFT_RIGHT = -1
    TOP_BOTTOM = -2

    def of(self, maps: Float) -> Float:
        """Inputs or maps (…, h, w) in this view; a second time brings them back."""
        return maps if self.value is None else np.ascontiguousarray(np.flip(maps, self.value))


def mirrored_views(modality: Modality) -> tuple[View, ...]:
    """Views that show the same finding: top to bottom only where the kind of picture has no up or down."""
    return (View.LEFT_RIGHT, View.TOP_BOTTOM) if modality is Modality.DERMOSCOPY else (View.LEFT_RIGHT,)
