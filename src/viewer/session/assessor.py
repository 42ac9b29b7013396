"""Pictures → assessments: one pass of the network, then every scorer and opinion on its own, then the light."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from viewer.assessment.combine import effective_weights
from viewer.assessment.light import Grounds
from viewer.assessment.suitability import Gatekeeper
from viewer.assessment.verdict import ClipSums
from viewer.domain.basis import Basis
from viewer.domain.drift import Case
from viewer.domain.evidence import Evidence, Need, ReferenceSet
from viewer.domain.image import Modality
from viewer.domain.result import (
    Assessment,
    Explanation,
    FrameKey,
)
from viewer.engine.masks import MaskSource
from viewer.engine.second import SecondModel
from viewer.engine.surroundings import Place, Seeing, make_ready, see
from viewer.host.discovery import PluginHost
from viewer.present.rows import Row, frame_columns, frame_row
from viewer.session.asking import Asking, stop_if
from viewer.session.concluding import Concluding
from viewer.session.eyes import Eyes
from viewer.session.grounds import basis_of, grounds_of
from viewer.session.masks import MaskView
from viewer.session.preparing import seen_by_network
from viewer.session.site import counting_of

if TYPE_CHECKING:
    # The engine imports torch, which only happens once something is to be assessed.
    from viewer.domain.bundle import FieldOfView
    from viewer.engine.bundle import Bundle
    from viewer.engine.opening import AnyEngine
    from viewer.engine.picture import Picture
    from viewer.protocols import Scorer


def never() -> bool:
    """Nobody cancels."""
    return False


class Assessor:
    """A bundle, its engine and the enabled plugins; called on one thread only.

    Attributes:
        bundle: The model that answers.
        scorers: Names of the scorers, in the order of their rows.
        second: The model that is compared with; None without one.
        grounds: What holds of every picture it judges.
    """

    def __init__(
        self,
        engine: "AnyEngine",
        host: PluginHost,
        *,
        explaining: bool = True,
        references: Callable[[], ReferenceSet | None] = lambda: None,
        try_steps: bool = False,
    ) -> None:
        """Prepare.

        Args:
            engine: Runs the bundle's network.
            host: Loaded plugins.
            explaining: Whether frames will be explained: then one pass captures what explainers need as well.
            references: Gives what the user added to compare with; only called where a plugin wants it.
            try_steps: Whether to show what steps would change that the model does not take.
        """
        self.bundle: Bundle = engine.bundle
        self._engine = engine
        self._eyes = Eyes(engine)
        self._host = host
        self._scorers = host.asked(host.scorers_of_one_model)
        explainers = host.asked(host.explainers)
        needs = [offer.thing.needs for offer in self._scorers]
        needs += [offer.thing.needs for offer in host.opinions]
        needs += [offer.thing.needs for offer in explainers] if explaining else []
        self._gatekeeper = Gatekeeper(self.bundle.gate)
        needs += [frozenset({Need.MEMBERS}), frozenset({Need.LOOK} if self.knows_looks else ())]
        self._needs: frozenset[Need] = frozenset().union(*needs)
        self._try_steps = try_steps
        self._references = references if Need.REFERENCES in self._needs else lambda: None
        around = frozenset().union(*(offer.thing.needs for offer in explainers)) & {Need.CLIP}
        self._needs_to_explain = (self._needs - {Need.CLIP}) | around
        self._weights = effective_weights(self.bundle.combination)
        self._asking = Asking(host, self.bundle)
        self._concluding = Concluding(self.bundle, self._weights, self._gatekeeper)
        self.grounds = grounds_of(self.bundle, host.scorers, self._weights, self._gatekeeper.scorers)

    @property
    def device(self) -> str:
        """Where the network runs now: `cpu` or `cuda`."""
        return self._engine.device

    @property
    def basis(self) -> Basis:
        """What the lights rest on."""
        return basis_of(self.bundle, self._weights, self._gatekeeper.scorers)

    @property
    def scorers(self) -> tuple[str, ...]:
        """Names of the scorers, in the order of their rows."""
        return tuple(offer.thing.name for offer in self._scorers)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the frame table."""
        return frame_columns(self.bundle.manifest.classes, self.scorers, **self._more)

    def row(self, key: FrameKey, assessment: Assessment) -> Row:
        """The row of the frame table of one assessed frame."""
        return frame_row(key, assessment, **self._more)

    @property
    def _more(self) -> dict[str, bool]:
        """Which further columns the frame table has."""
        return {"second": self._eyes.second is not None, "masks": self.draws_masks}

    @property
    def second(self) -> "Bundle | None":
        """The model that is compared with."""
        return None if self._eyes.second is None else self._eyes.second.bundle

    @property
    def masks(self) -> MaskSource | None:
        """What draws masks in place of the model; None where that draws its own, or nothing does."""
        return self._eyes.masks

    @property
    def mask_view(self) -> MaskView:
        """Which part of a frame its mask lies in."""
        return self._eyes.mask_view

    @property
    def draws_masks(self) -> bool:
        """Whether frames get masks."""
        return self._eyes.draw_masks(self._needs)

    def beside(self, second: SecondModel | None, masks: MaskSource | None = None) -> Self:
        """The same assessor with others beside its model, and the scorers that ask for a second model.

        Args:
            second: A second model that looks at the same frames; None for none.
            masks: Draws masks in place of the model, where a plugin asks for masks; None for nothing.
        """
        eyes = Eyes(self._engine, second, masks)
        if eyes == self._eyes:
            return self
        both = copy.copy(self)
        both._eyes = eyes
        if second is not None:
            both._scorers = self._host.asked(self._host.scorers)
            both._needs = self._needs.union(*(offer.thing.needs for offer in both._scorers))
            both._needs_to_explain = self._needs_to_explain | (both._needs - {Need.CLIP})
        return both

    def taking(self, need: Need) -> Self:
        """The same assessor, which takes this of every frame, whether a plugin asks for it or not."""
        taken = copy.copy(self)
        taken._needs, taken._needs_to_explain = self._needs | {need}, self._needs_to_explain | {need}
        return taken

    def within(self, folder: str) -> Self:
        """The same assessor for files that as a whole do not fit the model.

        Args:
            folder: Why they do not, one sentence; `""` where they do.
        """
        return self if folder == self.grounds.folder else self._on(replace(self.grounds, folder=folder))

    def at(self, site: str) -> Self:
        """The same assessor at a site whose cases are not like those of the calibration any more.

        Args:
            site: Why they are not, one sentence; `""` where they are.
        """
        return self if site == self.grounds.site else self._on(replace(self.grounds, site=site))

    def _on(self, grounds: Grounds) -> Self:
        """The same assessor on other grounds."""
        other = copy.copy(self)
        other.grounds = grounds
        return other

    def case(self, sums: ClipSums, picture: Modality) -> Case | None:
        """What a picture or clip counts as among the cases of a site; None where it does not count.

        It counts where it is of the kind the model was made for, and everything is as the calibration had it.

        Args:
            sums: Of its frames.
            picture: What it shows.
        """
        as_calibrated = picture is self.grounds.model and not self.grounds.changed
        return counting_of(self.bundle).case(sums) if as_calibrated else None

    def assess(
        self,
        places: Sequence[Place],
        modality: Modality,
        cancelled: Callable[[], bool] = never,
    ) -> list[Assessment]:
        """Assess B frames of one modality; each goes through the network once, as do those around it.

        Raises:
            ViewerError: A frame cannot be decoded, or the network cannot answer.
            JobCancelled: Nobody waits any more.
        """
        return self.assess_keeping(places, modality, cancelled)[0]

    def assess_keeping(
        self, places: Sequence[Place], modality: Modality, cancelled: Callable[[], bool] = never
    ) -> tuple[list[Assessment], Evidence]:
        """Assess as `assess` does, and keep what the same pass has seen.

        Raises:
            ViewerError: A frame cannot be decoded, or the network cannot answer.
            JobCancelled: Nobody waits any more.
        """
        evidence = see(self._seeing, places, self._needs, cancelled=cancelled)
        return self._assessed(evidence, places, modality, cancelled), evidence

    def make_ready(self, place: Place, cancelled: Callable[[], bool] = never) -> int:
        """Have a frame ready to be assessed: decoded, or with those around it run where a plugin asks for them.

        Frames that are made ready in ascending order are decoded in ascending order, each once.

        Returns:
            Frames that were run through the network for it.

        Raises:
            UnreadableFile: The frame cannot be decoded.
            JobCancelled: Nobody waits any more.
        """
        return make_ready(self._seeing, place, self._needs, cancelled)

    def as_reference(self, picture: "Picture", label: int) -> Evidence:
        """Features of one picture, and attention for its true class `label`: what is kept of a reference."""
        return self._engine.evidence([picture], frozenset({Need.FEATURES, Need.ATTENTION}), [label])

    def bare_pass_s(self, picture: "Picture") -> float:
        """Seconds of a bare forward pass of the network, without anything that is made of it; for comparison."""
        return self._engine.bare_pass_s(picture)

    def _assessed(
        self, evidence: Evidence, places: Sequence[Place], modality: Modality, cancelled: Callable[[], bool]
    ) -> list[Assessment]:
        stop_if(cancelled)
        evidence = replace(evidence, references=self._references())
        scores = self._asking.scores(self._scorers, evidence, self.grounds.named)
        proposals = self._asking.proposals(evidence, cancelled)
        masks = self._eyes.masks_found(evidence, places) if self.draws_masks else [None] * len(places)
        return [
            self._concluding.conclude(
                self._scorers,
                self.grounds,
                evidence,
                index,
                modality,
                {name: answers[index] for name, answers in scores.items()},
                [(title, answers[index]) for title, answers in proposals],
                masks[index],
            )
            for index in range(len(evidence))
        ]

    def explain(self, place: Place, target: int, cancelled: Callable[[], bool] = never) -> tuple[Explanation, ...]:
        """Explain one frame for class `target`; an assessed frame is not run through the network again.

        What the explainers say comes first, then what was done to the picture before the network saw it.
        """
        captured = see(self._seeing, [place], self._needs_to_explain, targets=[target], cancelled=cancelled)
        evidence = replace(captured, references=self._references())
        prepared = seen_by_network(place.picture, self.bundle.manifest, trying=self._try_steps)
        return (*self._asking.explanations(evidence, cancelled), prepared)

    @property
    def _seeing(self) -> Seeing:
        """What frames are run through."""
        needs = [offer.thing.needs for offer in self._scorers if offer.thing.name in self.grounds.named]
        needs += [offer.thing.needs for offer in self._host.opinions]
        return self._eyes.seeing(self._needs, frozenset().union(*needs))

    @property
    def knows_looks(self) -> bool:
        """Whether there is anything to compare the looks of pictures with."""
        return not self._gatekeeper.reason

    @property
    def offered(self) -> "Mapping[str, Scorer]":
        """The installed scorers, by name."""
        return {offer.thing.name: offer.thing for offer in self._host.scorers}

    def look(self, picture: "Picture", cancelled: Callable[[], bool] = never) -> NDArray[np.float32]:
        """What one picture looks like at the entrance of the network, float32 (D,); no plugin is asked."""
        evidence = self._engine.evidence([picture], frozenset({Need.LOOK}), cancelled=cancelled)
        assert evidence.look is not None  # noqa: S101 - the engine gives what it is asked for
        look: NDArray[np.float32] = evidence.look[0]
        return look

    def folder_p(self, looks: NDArray[np.float32]) -> float | None:
        """How often as many pictures of the model's kind look as strange together; see `Gatekeeper.folder_p`."""
        return self._gatekeeper.folder_p(looks)

    def field_of_view(self, picture: "Picture") -> "FieldOfView":
        """Part of a picture that overlays cover."""
        return self._engine.field_of_view(picture)
