"""Calibration groups in two halves: what is learnt on one is judged on the other."""

import numpy as np

from viewer.domain.evidence import Calibration


def halves(calibration: Calibration) -> tuple[frozenset[str], frozenset[str]]:
    """Split the groups in two of the same size and mix of classes, always in the same way.

    Statistics are fitted on the first and their distribution on the second: set on its own training images, a
    threshold on such distances raises several times the false alarms it promises.
    """
    classes: dict[str, list[int]] = {}
    for batch in calibration:
        for group, label in zip(batch.groups.tolist(), batch.labels.tolist(), strict=True):
            classes.setdefault(group, []).append(label)
    ordered = sorted(classes, key=lambda group: (int(np.bincount(classes[group]).argmax()), group))
    return frozenset(ordered[::2]), frozenset(ordered[1::2])
