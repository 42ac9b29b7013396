"""Per cent in sentences about thresholds: what is below a threshold also reads so."""

import math


def floor_percent(share: float, digits: int = 1) -> str:
    """Per cent, never rounded up: of what is compared with a threshold."""
    return f"{math.floor(_hundreds(share, digits)) / 10**digits:.{digits}f} %"


def ceiling_percent(share: float, digits: int = 1) -> str:
    """Per cent, never rounded down: of a threshold."""
    return f"{math.ceil(_hundreds(share, digits)) / 10**digits:.{digits}f} %"


def _hundreds(share: float, digits: int) -> float:
    """Per cent in units of the last digit shown, freed of the dust of binary fractions."""
    return round(share * 10.0 ** (2 + digits), 9)
