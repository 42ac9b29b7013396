"""Where the masks of a sitting come from: the user's folder, another model, else the model in use itself."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.domain.bundle import FieldOfView
from viewer.domain.errors import ViewerError
from viewer.domain.evidence import Evidence
from viewer.domain.mask import GIVEN, LookedAt, MaskFound, mask_found
from viewer.engine.bundle import Bundle
from viewer.engine.masks import GivenMasks, MaskModel, MaskSource, full_size, sees_by_pixels
from viewer.engine.surroundings import Place
from viewer.evaluation.attention import has_mask
from viewer.evaluation.looking import looks_at
from viewer.session.beside import ModelChoice, other_kind
from viewer.session.given_masks import MasksInFolder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from viewer.engine.opening import AnyEngine
    from viewer.engine.picture import Picture


@dataclass(frozen=True, slots=True)
class MasksFrom:
    """What the user named to draw masks, one of the two at most; nothing for the model that answers itself.

    Attributes:
        model: Name or path of another model.
        folder: Of the user's own masks.
    """

    model: str = ""
    folder: Path | None = None

    def __post_init__(self) -> None:
        """Refuse two sources: a picture has one mask."""
        if self.model and self.folder is not None:
            raise ViewerError("masks come from another model or from a folder; name one of them")


OWN = MasksFrom()
"""The model in use draws its own masks, where it can."""


class MaskChoice:
    """What the user named to draw masks, ready to do so.

    Args:
        pick: The model of a name or path; raises `ViewerError`.
        build: Makes an engine, once a model is to see a frame.
        notify: Told why there is no mask.
    """

    def __init__(
        self, pick: Callable[[str], Bundle], build: Callable[[Bundle], "AnyEngine"], notify: Callable[[str], None]
    ) -> None:
        self._model = ModelChoice(MaskModel, misfit_of, pick, build, notify)
        self._notify = notify
        self._wanted = OWN
        self._given: GivenMasks | None = None

    def choose(self, wanted: MasksFrom, first: Bundle | None) -> MaskSource | None:
        """Choose; what is chosen already stays as it is.

        Args:
            wanted: What draws masks from now on.
            first: The model in use.

        Returns:
            What draws them; None for the model in use.

        Raises:
            ViewerError: There is no such model or folder, or it is of no use here.
        """
        if wanted != self._wanted:
            self.forget()
        if wanted.folder is not None and self._given is None:
            self._given = GivenMasks(MasksInFolder(wanted.folder, self._notify).read, str(wanted.folder))
        self._model.choose(wanted.model or None, first)
        self._wanted = wanted
        return None if first is None else self.beside(first)

    def beside(self, first: Bundle) -> MaskSource | None:
        """What draws masks in place of the model in use; None where that draws its own, or nothing does."""
        return self._given or self._model.beside(first)

    def forget(self) -> None:
        """Let the model in use draw its own masks."""
        self._wanted, self._given = OWN, None
        self._model.forget()


def source_words(source: MaskSource) -> str:
    """Where masks come from, as an ending of a sentence: `drawn by lesion-mask`, `given in DIR`."""
    return f"given in {source.origin}" if source.drawn_by == GIVEN else f"drawn by {source.drawn_by}"


def misfit_of(drawing: Bundle, first: Bundle) -> str:
    """Why a model cannot draw masks for the one in use, one sentence; `""` where it can."""
    name = drawing.manifest.name
    if not drawing.manifest.mask_shows:
        return f"the model {name} draws no masks; name one that does"
    if drawing.digest == first.digest:
        return f"{name} is the model that answers, and draws its masks itself"
    return other_kind(MaskModel.role, drawing, first)


class MaskView:
    """Which part of a frame its mask lies in.

    Args:
        bundle: The model that answers.
        view: The part of a picture that it sees.
        source: What draws masks in its place; None for itself.
    """

    def __init__(self, bundle: Bundle, view: Callable[["Picture"], FieldOfView], source: MaskSource | None) -> None:
        self._bundle = bundle
        self._view = view
        self._source = source
        self._by_pixels = sees_by_pixels(bundle) or (source is not None and source.by_pixels)

    def inside(self, evidence: Evidence, index: int, place: Place) -> "NDArray[np.bool_] | None":
        """Pixels of a frame that its mask covers, bool (rows, columns); None where it has none.

        Args:
            evidence: Of some frames.
            index: Which of them.
            place: That frame.
        """
        if evidence.mask is None or not has_mask(evidence.mask[index : index + 1])[0]:
            return None
        picture = self._picture(place)
        return full_size(evidence.mask[index], self._view(picture), *picture.rgb.shape[:2])

    def found(self, evidence: Evidence, index: int, place: Place) -> MaskFound | None:
        """The mask of a frame, measured; None where it has none. Arguments as for `inside`."""
        inside = self.inside(evidence, index, place)
        if inside is None:
            return None
        picture = self._picture(place)
        seen = self._view(picture)
        mask = mask_found(
            inside,
            seen if self._source is None else self._source.seen(picture, seen),
            place.clip.clip,
            place.index,
            shows=evidence.mask_shows,
            drawn_by=evidence.mask_from or self._bundle.manifest.name,
        )
        return replace(mask, looked_at=_looked_at(evidence[index]))

    def _picture(self, place: Place) -> "Picture":
        """The frame; where its pixels do not matter it is not decoded for them."""
        return place.picture if self._by_pixels else place.stand_in


def _looked_at(evidence: Evidence) -> LookedAt | None:
    """Where the attention for the answer lies beside the mask of one frame; None where there is nothing to tell."""
    if evidence.attention is None or evidence.mask is None:
        return None
    looks = looks_at(evidence.attention, evidence.mask)
    if not looks.told[0]:
        return None
    return LookedAt(inside=float(looks.inside[0]), area=float(looks.area[0]), even_share=float(looks.times[0]))
