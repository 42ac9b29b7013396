"""Which frames stand for a clip."""


def spread_frames(frames: int, wanted: int) -> list[int]:
    """At most `wanted` frame indices, in the middles of equal stretches of a clip of `frames` frames."""
    wanted = min(frames, wanted)
    return [int((2 * i + 1) * frames / (2 * wanted)) for i in range(wanted)]
