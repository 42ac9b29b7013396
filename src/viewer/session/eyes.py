"""What looks at pictures: the model that answers, and what the user named beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from viewer.domain.evidence import Evidence, Need
from viewer.domain.mask import MaskFound
from viewer.engine.masks import MaskSource, WithMasks
from viewer.engine.second import BothModels, SecondModel
from viewer.engine.surroundings import Place, Seeing
from viewer.session.masks import MaskView

if TYPE_CHECKING:
    from viewer.engine.opening import AnyEngine

Needs = frozenset[Need]


@dataclass(frozen=True, slots=True)
class Eyes:
    """An engine, and what stands beside it.

    Attributes:
        engine: Runs the model that answers.
        second: The model it is compared with; None without one.
        masks: What draws masks in place of the model; None where that draws its own, or nothing does.
    """

    engine: "AnyEngine"
    second: SecondModel | None = None
    masks: MaskSource | None = None

    def seeing(self, needs: Needs, calibrated: Needs) -> Seeing:
        """What frames are run through.

        Args:
            needs: What is asked for of every frame.
            calibrated: What those ask for that touch light or answer.
        """
        seeing: Seeing = self.engine
        if self.second is not None:
            looking = frozenset({Need.LOGITS, Need.ATTENTION} if Need.SECOND in needs else {Need.LOGITS})
            seeing = BothModels(self.engine, self.second, looking)
        if self.masks is not None:
            own = Need.MASK in calibrated and bool(self.engine.bundle.manifest.mask_shows)
            seeing = WithMasks(seeing, self.engine, self.masks, own=own)
        return seeing

    def draw_masks(self, needs: Needs) -> bool:
        """Whether frames get masks: somebody asks for them, and something draws them."""
        return Need.MASK in needs and (self.masks is not None or bool(self.engine.bundle.manifest.mask_shows))

    @property
    def mask_view(self) -> MaskView:
        """Which part of a frame its mask lies in."""
        return MaskView(self.engine.bundle, self.engine.field_of_view, self.masks)

    def masks_found(self, evidence: Evidence, places: Sequence[Place]) -> list[MaskFound | None]:
        """The mask of each of B frames, measured; None where it has none."""
        view = self.mask_view
        return [view.found(evidence, index, place) for index, place in enumerate(places)]
