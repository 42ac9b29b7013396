"""What a map of similar frames says in words, for those who do not see it."""

import numpy as np
from numpy.typing import NDArray

from viewer.domain.result import Scatter
from viewer.present.texts import marked, tr
from viewer.present.wording import class_word

NEAREST = 10
"""Marks around a frame that are told."""

THIS_FRAME, FRAMES_AROUND = marked("this frame"), marked("the frames around it")
"""In the legend."""


def map_words(scatter: Scatter) -> str:
    """The marks nearest to the frame on screen, and what the path passes, in sentences."""
    if scatter.here is None or not len(scatter.points):
        return tr("This frame has no place on the map.")
    near = nearest_marks(scatter, scatter.path[scatter.here])[:NEAREST]
    kinds, counts = np.unique(scatter.kinds[near], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    told = ", ".join(f"{class_word(scatter.names[kinds[place]])} {counts[place]}" for place in order)
    words = tr("Classes of the {n} marks nearest to this frame: {told}.").format(n=len(near), told=told)
    if len(scatter.path) > 1:
        passed = [int(scatter.kinds[nearest_marks(scatter, place)[0]]) for place in scatter.path]
        runs = [kind for number, kind in enumerate(passed) if number == 0 or kind != passed[number - 1]]
        names = ", ".join(class_word(scatter.names[kind]) for kind in runs)
        told = tr("The {n} frames of the path pass, in order: {told}; this frame is number {here}.")
        words += " " + told.format(n=len(passed), told=names, here=scatter.here + 1)
    return words


def nearest_marks(scatter: Scatter, place: NDArray[np.floating]) -> NDArray[np.intp]:
    """Numbers of the points by their distance from a place (2,), the nearest first."""
    return np.argsort(((scatter.points - place) ** 2).sum(axis=1), kind="stable")
