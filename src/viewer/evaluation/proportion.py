"""A share of cases with its interval."""

import math

Z = 1.959964
"""Of a normal distribution, for 95 %."""


def wilson(count: int, of: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson, JASA 22, 1927): (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n).

    Args:
        count: Cases that have it.
        of: n, independent cases; 0 gives (0, 1).
    """
    if of == 0:
        return 0.0, 1.0
    share = count / of
    middle = share + Z**2 / (2 * of)
    half = Z * math.sqrt(share * (1 - share) / of + Z**2 / (4 * of**2))
    scale = 1 + Z**2 / of
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)
