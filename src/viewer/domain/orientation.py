"""Directions in the patient, in the letters readers know: L R A P H F."""

from collections.abc import Sequence

_AXES = (("L", "R"), ("P", "A"), ("H", "F"))
"""Letters of the positive and the negative direction of each axis of the patient (PS3.3 C.7.6.2.1.1)."""

_OPPOSITE = str.maketrans("LRAPHF", "RLPAFH")

OBLIQUE = 0.1
"""Least direction cosine that is worth a letter: a tilt of less than about 6° is not."""


def direction_letters(cosines: Sequence[float]) -> str:
    """A direction in the patient, strongest part first.

    Args:
        cosines: Of the direction with the patient's axes: x to the left, y to the back, z to the head.

    Returns:
        One to three letters, e.g. `L`, or `PF` for backwards and a little towards the feet.
    """
    parts = sorted(zip(cosines, _AXES, strict=True), key=lambda part: -abs(part[0]))
    return "".join(letters[cosine < 0] for cosine, letters in parts if abs(cosine) >= OBLIQUE)


def opposite(letters: str) -> str:
    """The other way, e.g. `AH` for `PF`."""
    return letters.translate(_OPPOSITE)
