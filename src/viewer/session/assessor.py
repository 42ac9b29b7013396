"""Pictures → assessments: one pass of the network, then every scorer and opinion on its own, then the light."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from viewer.assessment.combine import combined_trust, effective_weights
from viewer.assessment.light import Findings, judge
from viewer.assessment.suitability import Gatekeeper
from viewer.assessment.verdict import ClipSums
from viewer.domain.basis import Basis
from viewer.domain.drift import Case
from viewer.domain.evidence import Evidence, Need, ReferenceSet, softmax
from viewer.domain.image import Modality
from viewer.domain.result import (
    STEP,
    Assessment,
    Explanation,
    Failure,
    Proposal,
    Score,
    ScoreRow,
    Scores,
    SecondAnswer,
)
from viewer.engine.second import BothModels, SecondModel
from viewer.engine.surroundings import Place, Seeing, make_ready, see
from viewer.host.discovery import Offer, PluginHost
from viewer.host.offers import family_of, is_slow
from viewer.present.rows import frame_columns
from viewer.session.asking import Asking, stop_if
from viewer.session.grounds import basis_of, grounds_of
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
        self._second: SecondModel | None = None
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
        return frame_columns(self.bundle.manifest.classes, self.scorers, second=self._second is not None)

    @property
    def second(self) -> "Bundle | None":
        """The model that is compared with."""
        return None if self._second is None else self._second.bundle

    def beside(self, second: SecondModel | None) -> Self:
        """The same assessor with a second model that looks at the same frames, and the scorers that ask for one.

        Args:
            second: The model; None for this assessor, which has none.
        """
        if second is None:
            return self
        both = copy.copy(self)
        both._second, both._scorers = second, self._host.asked(self._host.scorers)
        both._needs = self._needs.union(*(offer.thing.needs for offer in both._scorers))
        both._needs_to_explain = self._needs_to_explain | (both._needs - {Need.CLIP})
        return both

    def keeping(self) -> Self:
        """The same assessor, which takes the features of every frame, whether a plugin asks for them or not."""
        kept = copy.copy(self)
        kept._needs = self._needs | {Need.FEATURES}
        return kept

    def within(self, folder: str) -> Self:
        """The same assessor for files that as a whole do not fit the model.

        Args:
            folder: Why they do not, one sentence; `""` where they do.
        """
        if folder == self.grounds.folder:
            return self
        inside = copy.copy(self)
        inside.grounds = replace(self.grounds, folder=folder)
        return inside

    def at(self, site: str) -> Self:
        """The same assessor at a site whose cases are not like those of the calibration any more.

        Args:
            site: Why they are not, one sentence; `""` where they are.
        """
        if site == self.grounds.site:
            return self
        here = copy.copy(self)
        here.grounds = replace(self.grounds, site=site)
        return here

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
        evidence = see(self._eyes, places, self._needs, cancelled=cancelled)
        return self._assessed(evidence, modality, cancelled), evidence

    def make_ready(self, place: Place, cancelled: Callable[[], bool] = never) -> int:
        """Have a frame ready to be assessed: decoded, or with those around it run where a plugin asks for them.

        Frames that are made ready in ascending order are decoded in ascending order, each once.

        Returns:
            Frames that were run through the network for it.

        Raises:
            UnreadableFile: The frame cannot be decoded.
            JobCancelled: Nobody waits any more.
        """
        return make_ready(self._eyes, place, self._needs, cancelled)

    def as_reference(self, picture: "Picture", label: int) -> Evidence:
        """Features of one picture, and attention for its true class `label`: what is kept of a reference."""
        return self._engine.evidence([picture], frozenset({Need.FEATURES, Need.ATTENTION}), [label])

    def bare_pass_s(self, picture: "Picture") -> float:
        """Seconds of a bare forward pass of the network, without anything that is made of it; for comparison."""
        return self._engine.bare_pass_s(picture)

    def _assessed(self, evidence: Evidence, modality: Modality, cancelled: Callable[[], bool]) -> list[Assessment]:
        stop_if(cancelled)
        evidence = replace(evidence, references=self._references())
        scores = self._asking.scores(self._scorers, evidence, self.grounds.named)
        proposals = self._asking.proposals(evidence, cancelled)
        return [
            self._conclude(
                evidence,
                index,
                modality,
                {name: answers[index] for name, answers in scores.items()},
                [(title, answers[index]) for title, answers in proposals],
            )
            for index in range(len(evidence))
        ]

    def explain(self, place: Place, target: int, cancelled: Callable[[], bool] = never) -> tuple[Explanation, ...]:
        """Explain one frame for class `target`; an assessed frame is not run through the network again.

        What the explainers say comes first, then what was done to the picture before the network saw it.
        """
        captured = see(self._eyes, [place], self._needs_to_explain, targets=[target], cancelled=cancelled)
        evidence = replace(captured, references=self._references())
        prepared = seen_by_network(place.picture, self.bundle.manifest, trying=self._try_steps)
        return (*self._asking.explanations(evidence, cancelled), prepared)

    @property
    def _eyes(self) -> Seeing:
        """What frames are run through."""
        if self._second is None:
            return self._engine
        looking = Need.SECOND in self._needs
        return BothModels(
            self._engine, self._second, frozenset({Need.LOGITS, Need.ATTENTION} if looking else {Need.LOGITS})
        )

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

    def _conclude(
        self,
        evidence: Evidence,
        index: int,
        modality: Modality,
        scores: Scores,
        proposals: Sequence[tuple[str, Proposal | Failure | None]],
    ) -> Assessment:
        rows = tuple(_row(offer, scores[offer.thing.name], self._weights) for offer in self._scorers)
        predicted = int(evidence.predicted[index])
        final, trail = decide(evidence.classes, predicted, proposals)
        trust = combined_trust(rows, self.bundle.combination, self.bundle.distributions)
        suited = self._gatekeeper.judge(
            {row.name: row.result.raw for row in rows if isinstance(row.result, Score)},
            None if evidence.look is None else evidence.look[index],
        )
        light, reason = judge(
            Findings(
                picture=modality,
                rows=rows,
                trust=trust,
                predicted=evidence.classes[predicted],
                final=evidence.classes[final],
                suited=suited,
            ),
            self.grounds,
        )
        return Assessment(
            classes=evidence.classes,
            probabilities=evidence.probabilities[index],
            predicted=predicted,
            final=final,
            trail=trail,
            rows=rows,
            trust=trust,
            light=light,
            reason=reason,
            suitability=suited.suitability,
            fingerprint=suited.fingerprint,
            members=None if evidence.members is None else softmax(evidence.members[:, index] / evidence.temperature),
            member_names=evidence.member_names,
            second=None if evidence.second is None else _second_answer(evidence.second, index),
        )


def decide(
    classes: Sequence[str], predicted: int, answers: Sequence[tuple[str, Proposal | Failure | None]]
) -> tuple[int, str]:
    """Choose the final class: the first opinion, in the plugins' order, that proposes another one decides.

    Args:
        classes: The K class names.
        predicted: The model's class.
        answers: Title and answer of every opinion, in order.

    Returns:
        The final class and the trail in words, e.g. `classifier: nevus › similar frames: melanoma (9 of 11 agree)`,
        or `classifier: nevus › second opinion: switched off` of one that leaves the class as it is.
    """
    final, trail = predicted, [f"classifier: {classes[predicted]}"]
    for title, answer in answers:
        if isinstance(answer, Failure):
            trail.append(f"{title}: unavailable ({answer.summary})")
        elif answer is not None and final == predicted:
            final = answer.final
            said = answer.reason if final == predicted else f"{classes[final]} ({answer.reason})"
            trail.append(f"{answer.source}: {said}")
    return final, STEP.join(trail)


def _row(offer: "Offer[Scorer]", result: Score | Failure, weights: Mapping[str, float]) -> ScoreRow:
    scorer = offer.thing
    return ScoreRow(
        name=scorer.name,
        title=scorer.title,
        plugin=offer.plugin,
        about=scorer.about,
        weight=weights.get(scorer.name, 0.0),
        result=result,
        family=family_of(scorer),
        slow=is_slow(scorer),
    )


def _second_answer(second: Evidence, index: int) -> SecondAnswer:
    return SecondAnswer(classes=second.classes, probabilities=second.probabilities[index])
