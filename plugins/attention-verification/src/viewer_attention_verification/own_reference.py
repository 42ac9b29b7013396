"""Where the network looks in the user's own pictures of a class: their mean map, to be shown beside the model's."""

from typing import NamedTuple

import numpy as np

from viewer.api import ReferenceSet, group_weights
from viewer_attention_verification.maps import Maps, has_attention, rectified, resized


class OwnReference(NamedTuple):
    """The user's own pictures of one class.

    Attributes:
        map: float32 (28, 28), mean attention for that class, in [0, 1].
        pictures: How many have attention.
        groups: Of how many patients, else lesions.
    """

    map: Maps
    pictures: int
    groups: int


def own_reference(references: ReferenceSet | None, index: int) -> OwnReference | None:
    """Mean attention of the user's pictures of class `index`, every group weighing alike; None without one.

    They are whatever the user chose, right and wrong answers alike: shown, and never the measure of a score.
    """
    if references is None:
        return None
    rows = (references.labels == index) & has_attention(references.attention)
    if not rows.any():
        return None
    names, groups = np.unique(references.groups[rows], return_inverse=True)
    weights = group_weights(groups)
    mean = np.tensordot(weights / weights.sum(), rectified(references.attention[rows]), axes=1)
    return OwnReference(resized(mean[None])[0], int(rows.sum()), len(names))
