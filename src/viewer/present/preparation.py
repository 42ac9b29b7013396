"""What was done to a picture before the network saw it, in words."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from viewer.domain.bundle import Step
from viewer.present.texts import marked, tr
from viewer.present.wording import percent

TITLE = marked("What the network sees")
"""Title of the panel."""

AS_IT_IS = marked("the picture as it is")
GETS = marked("what the network gets: {side} × {side} pixels")
WOULD_GET = marked("what the network would get: {side} × {side} pixels")
TRIED = marked("What preparing the picture would change")
ANSWERS_REST = marked("The answers rest on the last picture, and on nothing else.")
NOT_DONE = marked("This model does none of it: its answers rest on the picture above.")

STEP_WORDS: dict[Step, str] = {
    "corner_crop": marked("dark corners cut off"),
    "hair_removal": marked("dark hairs painted over"),
    "colour_constancy": marked("tint of the lamp taken out"),
}
NO_CORNERS = marked("no dark corners found: nothing cut off")
NO_HAIRS = marked("no dark hairs found")


def step_words(steps: Iterable[Step]) -> str:
    """Steps in words, in their order."""
    return ", ".join(tr(STEP_WORDS[step]) for step in steps)


def done_words(step: Step, before: NDArray[np.uint8], after: NDArray[np.uint8]) -> str:
    """What a step did to a picture, with how much.

    Args:
        step: The step.
        before: uint8 (rows, cols, 3).
        after: What it left: a part, or as many pixels as before.
    """
    if step == "corner_crop":
        left = (after.shape[0] * after.shape[1]) / (before.shape[0] * before.shape[1])
        words = tr("{what}; {share} of the picture left").format(what=tr(STEP_WORDS[step]), share=percent(left))
        return words if left < 1 else tr(NO_CORNERS)
    if step == "hair_removal":
        share = float((before != after).any(axis=2).mean())
        words = tr("{what}: {share} of the picture").format(what=tr(STEP_WORDS[step]), share=percent(share))
        return words if share else tr(NO_HAIRS)
    levels = [array.reshape(-1, 3).mean(axis=0, dtype=np.float64) for array in (before, after)]
    red, green, blue = (_change(*pair) for pair in zip(*levels, strict=True))
    words = tr("{what}: red {red}, green {green}, blue {blue}")
    return words.format(what=tr(STEP_WORDS[step]), red=red, green=green, blue=blue)


def _change(before: float, after: float) -> str:
    """By how much a level went up or down, in per cent."""
    per_cent = round(100 * (after / before - 1)) if before else 0
    return (f"{per_cent:+d}".replace("-", "−") if per_cent else "0") + "\N{NO-BREAK SPACE}%"
