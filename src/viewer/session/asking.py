"""Asks every scorer, opinion and explainer about the same evidence, each with what it fitted for the model."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from viewer.domain.errors import JobCancelled
from viewer.domain.evidence import Evidence, State
from viewer.domain.result import Explanation, Failure, Proposal, Score
from viewer.host import calls
from viewer.host.discovery import Offer, PluginHost
from viewer.host.offers import fits, reads_of

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle
    from viewer.protocols import AnyExplainer, Scorer


class Asking:
    """The loaded plugins, with what each fitted for one model."""

    def __init__(self, host: PluginHost, bundle: "Bundle") -> None:
        """Read what was fitted.

        Args:
            host: Loaded plugins.
            bundle: The model.
        """
        self._host = host
        self._bundle = bundle
        self._states = {offer.thing.name: self._state(offer) for offer in host.scorers}
        remembering: list[Offer[Any]] = [*host.opinions, *host.explainers]
        self._handed = {id(offer.thing): self._handed_to(offer) for offer in remembering}

    def scores(
        self, offers: Sequence["Offer[Scorer]"], evidence: Evidence, named: Collection[str]
    ) -> Mapping[str, Sequence[Score | Failure]]:
        """One answer of each scorer for each of B frames, by its name.

        Args:
            offers: The scorers that are asked.
            evidence: Of the frames.
            named: Scorers that touch the light: they are told what they were told in their calibration.
        """
        calibrated = self._as_calibrated(evidence)
        if calibrated is evidence:
            return calls.score_all(self._host.guard, offers, evidence, self._states)
        answers: dict[str, Sequence[Score | Failure]] = {}
        for touching, seen in ((True, calibrated), (False, evidence)):
            asked = [offer for offer in offers if (offer.thing.name in named) is touching]
            answers |= calls.score_all(self._host.guard, asked, seen, self._states)
        return answers

    def proposals(
        self, evidence: Evidence, cancelled: Callable[[], bool]
    ) -> list[tuple[str, Sequence[Proposal | Failure | None]]]:
        """Title of each opinion and what it proposes for each of B frames; each is told what it was calibrated with.

        Raises:
            JobCancelled: Nobody waits any more.
        """
        seen = self._as_calibrated(evidence)
        answers: list[tuple[str, Sequence[Proposal | Failure | None]]] = []
        for opinion in self._host.opinions:
            stop_if(cancelled)
            state = self._handed[id(opinion.thing)]
            answers.append((opinion.thing.title, calls.propose(self._host.guard, opinion, seen, state)))
        return answers

    def explanations(self, evidence: Evidence, cancelled: Callable[[], bool]) -> tuple[Explanation, ...]:
        """What each explainer says of one frame, for the class that is its target.

        Raises:
            JobCancelled: Nobody waits any more.
        """
        explanations = []
        for offer in self._host.asked(self._host.explainers):
            stop_if(cancelled)
            explanations.append(self._explanation(offer, evidence))
        return tuple(explanations)

    def _as_calibrated(self, evidence: Evidence) -> Evidence:
        """Evidence as the model alone gives it: of no second model, and with its own mask or none."""
        if evidence.mask_from:
            own = evidence.own_mask
            shows = "" if own is None else self._bundle.manifest.mask_shows
            evidence = replace(evidence, mask=own, mask_shows=shows, mask_from="", own_mask=None)
        return evidence if evidence.second is None else replace(evidence, second=None)

    def _explanation(self, offer: "Offer[AnyExplainer]", evidence: Evidence) -> Explanation:
        result = calls.explain(self._host.guard, offer, evidence, self._handed[id(offer.thing)])
        return Explanation(name=offer.thing.name, title=offer.thing.title, plugin=offer.plugin, result=result)

    def _state(self, offer: Offer[Any]) -> State | None:
        return self._bundle.state(offer.plugin, offer.thing.name, offer.thing.version)

    def _handed_to(self, offer: Offer[Any]) -> State:
        """What an opinion or explainer fitted, and what the parts of its plugin fitted that it reads."""
        state = dict((self._state(offer) if fits(offer.thing) else None) or {})
        for read in self._host.fitted:
            if read.plugin == offer.plugin and read.thing.name in reads_of(offer.thing):
                known = self._states.get(read.thing.name) or self._state(read) or {}  # a scorer's, not read twice
                state |= {f"{read.thing.name}.{key}": array for key, array in known.items()}
        return state


def stop_if(cancelled: Callable[[], bool]) -> None:
    """Raise `JobCancelled` where nobody waits any more."""
    if cancelled():
        raise JobCancelled
