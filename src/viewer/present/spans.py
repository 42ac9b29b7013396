"""Fractions of a picture as its pixels."""


def span(low: float, high: float, length: int) -> tuple[int, int]:
    """Two fractions of a length in pixels as a range of at least one pixel."""
    start = min(round(low * length), length - 1)
    return start, max(round(high * length), start + 1)
