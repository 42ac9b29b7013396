"""Shows what was done to a picture before the network saw it, step by step."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from viewer.domain.bundle import STEPS, Manifest
from viewer.domain.result import Exhibit, Explanation, Gallery
from viewer.present.preparation import (
    ANSWERS_REST,
    AS_IT_IS,
    GETS,
    NOT_DONE,
    TITLE,
    TRIED,
    WOULD_GET,
    done_words,
)
from viewer.present.texts import tr
from viewer.report.pictures import thumbnail

if TYPE_CHECKING:
    from viewer.engine.picture import Picture


def seen_by_network(picture: "Picture", manifest: Manifest, *, trying: bool = False) -> Explanation:
    """The picture as it is, after each step of the model, and the square that the network gets.

    Args:
        picture: As displayed by default.
        manifest: Of the model.
        trying: Whether also to show what the steps would change that the model does not take.
    """
    galleries = [Gallery(title=tr(TITLE), items=_shown(picture, manifest, GETS), note=_note(manifest))]
    others = tuple(step for step in STEPS if step not in manifest.steps)
    if trying and others:
        tried = _shown(picture, replace(manifest, steps=others), WOULD_GET)
        galleries.append(Gallery(title=tr(TRIED), items=tried, note=tr(NOT_DONE)))
    return Explanation(name="preparation", title=tr(TITLE), plugin="viewer", result=tuple(galleries))


def _note(manifest: Manifest) -> str:
    return tr(ANSWERS_REST) if manifest.steps else ""


def _shown(picture: "Picture", manifest: Manifest, square: str) -> tuple[Exhibit, ...]:
    from viewer.engine.preprocess import resize, stages  # not above: it imports torch

    exhibits = [Exhibit(caption=tr(AS_IT_IS), picture=_small(picture))] if manifest.steps else []
    for step, before, after in stages(picture, manifest):
        exhibits.append(Exhibit(caption=done_words(step, before.rgb, after.rgb), picture=_small(after)))
    caption = tr(square).format(side=manifest.input_size)
    return (*exhibits, Exhibit(caption=caption, picture=np.array(resize(picture, manifest))))


def _small(picture: "Picture") -> NDArray[np.uint8]:
    return thumbnail(picture.rgb, picture.pixel_aspect)
