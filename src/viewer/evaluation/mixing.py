"""How much each of several models is to say in the average of their probabilities."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.conformal import group_weights

FIRM = 30.0
"""Groups that speak for equal shares beside those that were seen: few groups hardly move them."""

STEPS = 500

Values = NDArray[np.float64]


def fit_shares(likelihoods: Values, groups: Sequence[str], *, firm: float = FIRM) -> Values:
    """Shares w ≥ 0, Σ w = 1, that maximise Σ_groups mean ln Σ_m w_m·p_m(true class) + firm·mean_m ln w_m.

    The first term is the likelihood of the averaged answer, each group counting once; it is concave, and so is the
    second, a Dirichlet prior with its mode at equal shares. Expectation and maximisation climb to the one maximum
    (Dempster, Laird & Rubin, J. Royal Statistical Society B 39, 1977).

    Args:
        likelihoods: p_m(true class) of n pictures by M models, (n, M), from pictures no model was trained on.
        groups: Whose each picture is, n names.
        firm: Weight of the prior in groups.

    Returns:
        float64 (M,).
    """
    members = likelihoods.shape[1]
    shares = np.full(members, 1 / members)
    _, numbers = np.unique(np.asarray(groups), return_inverse=True)
    weights = group_weights(numbers)
    for _ in range(STEPS):
        joint = np.maximum(likelihoods, np.finfo(np.float64).tiny) * shares
        spoken = weights @ (joint / joint.sum(axis=1, keepdims=True)) + firm / members
        shares = spoken / spoken.sum()
    return shares
