"""Masks from elsewhere, another model's or the user's own, over the part of a picture that the first model sees."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from viewer.domain.bundle import FieldOfView
from viewer.domain.evidence import Evidence, Float, Need
from viewer.domain.mask import GIVEN
from viewer.engine.beside import ModelBeside, moved
from viewer.engine.bundle import Bundle
from viewer.engine.picture import Picture
from viewer.engine.surroundings import Seeing, never
from viewer.evaluation.attention import found_mask

if TYPE_CHECKING:
    from viewer.engine.opening import AnyEngine

UNNAMED = "region"
"""What a mask is of where nobody says it."""


class MaskSource(Protocol):
    """What draws masks in place of the model that answers; called on the worker thread."""

    @property
    def shows(self) -> str:
        """What the masks are of, in a word; `""` where it does not know."""
        ...

    @property
    def drawn_by(self) -> str:
        """Name of a model, or `given`."""
        ...

    @property
    def origin(self) -> str:
        """Exactly which model or folder it is; two of equal origin draw equal masks."""
        ...

    @property
    def by_pixels(self) -> bool:
        """Whether the part of a picture it sees depends on more than its size."""
        ...

    def masks(self, pictures: Sequence[Picture], first: "AnyEngine", cancelled: Callable[[], bool]) -> Float:
        """Masks of B pictures.

        Args:
            pictures: The frames.
            first: The engine of the model that answers.
            cancelled: Asked before every pass.

        Returns:
            float32 (B, H, W), probabilities over what the first model sees; rows of NaN where there is no mask.

        Raises:
            JobCancelled: Nobody waits any more.
        """
        ...

    def seen(self, picture: Picture, first: FieldOfView) -> FieldOfView:
        """The part of a picture that masks are drawn in and the first model sees."""
        ...


class MaskModel(ModelBeside):
    """A model whose masks are taken; where it saw nothing of a picture there is no organ and no lesion."""

    role = "mask model"
    _sides = (1, 1)

    @property
    def shows(self) -> str:
        """What its masks are of."""
        return self.bundle.manifest.mask_shows

    @property
    def drawn_by(self) -> str:
        """Its name."""
        return self.bundle.manifest.name

    @property
    def origin(self) -> str:
        """Its name, version and digest."""
        return f"{self.bundle.manifest.name} {self.bundle.manifest.version} {self.bundle.digest}"

    @property
    def by_pixels(self) -> bool:
        """Whether it prepares pictures, or its members do."""
        return sees_by_pixels(self.bundle)

    def masks(self, pictures: Sequence[Picture], first: "AnyEngine", cancelled: Callable[[], bool]) -> Float:
        """Masks of B pictures, none once it is silent; see `MaskSource.masks`."""
        found = self.ask(pictures, frozenset({Need.MASK}), None, cancelled)
        if found is None or found.mask is None:
            return np.full((len(pictures), *self._sides), np.nan, np.float32)
        high, wide = found.mask.shape[1:]
        self._sides = (high, wide)
        return np.stack(
            [
                moved(mask, self.field_of_view(picture), first.field_of_view(picture))
                for picture, mask in zip(pictures, found.mask, strict=True)
            ]
        )

    def seen(self, picture: Picture, first: FieldOfView) -> FieldOfView:
        """What both see."""
        if self._engine is None:
            return first
        own = self._engine.field_of_view(picture)
        return FieldOfView(
            left=max(own.left, first.left),
            top=max(own.top, first.top),
            right=min(own.right, first.right),
            bottom=min(own.bottom, first.bottom),
        )


class GivenMasks:
    """Masks the user gave.

    Args:
        read: The mask of a picture, bool (rows, columns); None where there is none.
        origin: Where they lie.
    """

    shows = ""
    drawn_by = GIVEN
    by_pixels = False

    def __init__(self, read: Callable[[Picture], NDArray[np.bool_] | None], origin: str) -> None:
        self._read = read
        self.origin = origin

    def masks(self, pictures: Sequence[Picture], first: "AnyEngine", cancelled: Callable[[], bool]) -> Float:
        """Masks of B pictures, each at the size of the first model's input; see `MaskSource.masks`."""
        from viewer.engine.preprocess import shrunk_mask  # not above: it imports torch

        manifest = first.bundle.manifest
        masks = np.full((len(pictures), manifest.input_size, manifest.input_size), np.nan, np.float32)
        for row, picture in enumerate(pictures):
            inside = self._read(picture)
            if inside is not None:
                masks[row] = shrunk_mask(inside, first.field_of_view(picture), manifest.input_size)
        return masks

    def seen(self, picture: Picture, first: FieldOfView) -> FieldOfView:
        """What the first model sees."""
        return first


class WithMasks:
    """A model with masks from elsewhere, asked as its engine is.

    Args:
        model: The model that answers, and what stands beside it.
        first: Its engine.
        source: Draws the masks.
        own: Whether the model's own masks are wanted all the same, see `Evidence.own_mask`.
    """

    def __init__(self, model: Seeing, first: "AnyEngine", source: MaskSource, *, own: bool) -> None:
        self._model = model
        self._first = first
        self._source = source
        self._own = own

    @property
    def batch(self) -> int:
        """Frames of one pass."""
        return self._model.batch

    def evidence(
        self,
        pictures: Sequence[Picture],
        needs: frozenset[Need],
        targets: Sequence[int] | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> Evidence:
        """The model's evidence as its engine gives it, with masks from elsewhere; see `Engine.evidence`."""
        if Need.MASK not in needs:
            return self._model.evidence(pictures, needs, targets, cancelled)
        asked = needs if self._own else needs - {Need.MASK}
        evidence = self._model.evidence(pictures, asked, targets, cancelled)
        return replace(
            evidence,
            mask=self._source.masks(pictures, self._first, cancelled),
            mask_shows=self._source.shows or self._first.bundle.manifest.mask_shows or UNNAMED,
            mask_from=self._source.drawn_by,
            own_mask=evidence.mask,
        )


def sees_by_pixels(bundle: Bundle) -> bool:
    """Whether the part of a picture that a model sees may depend on what the picture shows."""
    return bool(bundle.manifest.steps or bundle.members)


def full_size(mask: Float, view: FieldOfView, rows: int, columns: int) -> NDArray[np.bool_]:
    """Pixels of a picture that a mask covers: bilinearly resized, then more likely inside than not.

    Args:
        mask: float32 (H, W), probabilities over `view`.
        view: The part of the picture they cover; outside it nothing is covered.
        rows: Of the picture.
        columns: Of the picture.

    Returns:
        bool (rows, columns).
    """
    import torch
    from torch.nn import functional

    top, bottom = round(view.top * rows), round(view.bottom * rows)
    left, right = round(view.left * columns), round(view.right * columns)
    small = torch.from_numpy(np.array(mask))[None, None]  # a copy: evidence is read-only
    part = functional.interpolate(small, size=(bottom - top, right - left), mode="bilinear")[0, 0]
    inside = np.zeros((rows, columns), bool)
    inside[top:bottom, left:right] = found_mask(part.numpy())
    return inside
