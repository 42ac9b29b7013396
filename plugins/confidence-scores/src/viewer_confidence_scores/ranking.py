"""From a quantity of its own scale to a trust in [0, 1]: its rank among calibration values."""

import numpy as np
from numpy.typing import NDArray

from viewer_confidence_scores.probability import Values

MOST_KNOTS = 257


def knots(values: Values) -> NDArray[np.float32]:
    """The distribution of `values` as at most 257 sorted numbers; the values themselves where they are fewer."""
    if len(values) <= MOST_KNOTS:
        return np.sort(values).astype(np.float32)
    return np.quantile(values, np.linspace(0, 1, MOST_KNOTS)).astype(np.float32)


def share_below(sorted_knots: NDArray[np.float32], values: Values) -> Values:
    """Empirical distribution function: share of the knots below each value, ties counted half, in [0, 1]."""
    rounded = values.astype(np.float32)
    left = np.searchsorted(sorted_knots, rounded, side="left")
    right = np.searchsorted(sorted_knots, rounded, side="right")
    share: Values = (left + right) / (2 * len(sorted_knots))
    return share


def auroc(values: Values, correct: NDArray[np.bool_]) -> float:
    """Probability that a right answer has the larger value than a wrong one, ties half; NaN without both.

    Source: the Mann–Whitney form of the area under the ROC curve, Hanley & McNeil, Radiology 143, 1982.
    """
    if correct.all() or not correct.any():
        return float("nan")
    wrong = np.sort(values[~correct])
    right = values[correct]
    below = np.searchsorted(wrong, right, side="left") + np.searchsorted(wrong, right, side="right")
    return float(below.mean() / (2 * len(wrong)))
