"""What scores and opinions of a frame come to: rows, trust, final class, light."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from viewer.assessment.combine import combined_trust
from viewer.assessment.light import Findings, Grounds, judge
from viewer.assessment.suitability import Gatekeeper
from viewer.domain.evidence import Evidence, softmax
from viewer.domain.image import Modality
from viewer.domain.mask import MaskFound
from viewer.domain.result import (
    STEP,
    Assessment,
    Failure,
    Proposal,
    Score,
    ScoreRow,
    Scores,
    SecondAnswer,
)
from viewer.host.offers import family_of, is_slow

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle
    from viewer.host.discovery import Offer
    from viewer.protocols import Scorer


class Concluding:
    """Concludes by the calibration of one model.

    Args:
        bundle: The model.
        weights: Of its scorers in the combined trust.
        gatekeeper: Tells pictures it does not know.
    """

    def __init__(self, bundle: "Bundle", weights: Mapping[str, float], gatekeeper: Gatekeeper) -> None:
        self._bundle = bundle
        self._weights = weights
        self._gatekeeper = gatekeeper

    def conclude(
        self,
        offers: "Sequence[Offer[Scorer]]",
        grounds: Grounds,
        evidence: Evidence,
        index: int,
        modality: Modality,
        scores: Scores,
        proposals: Sequence[tuple[str, Proposal | Failure | None]],
        mask: MaskFound | None,
    ) -> Assessment:
        """Everything of frame `index`.

        Args:
            offers: The scorers, in the order of their rows.
            grounds: What holds of every picture.
            evidence: Of some frames.
            index: Which of them.
            modality: What it shows.
            scores: Its scores by scorer.
            proposals: Title and answer of every opinion, in order.
            mask: Its mask, measured.
        """
        rows = tuple(self._row(offer, scores[offer.thing.name], evidence, grounds) for offer in offers)
        predicted = int(evidence.predicted[index])
        final, trail = decide(evidence.classes, predicted, proposals)
        trust = combined_trust(rows, self._bundle.combination, self._bundle.distributions)
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
            grounds,
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
            mask=mask,
        )

    def _row(self, offer: "Offer[Scorer]", result: Score | Failure, evidence: Evidence, grounds: Grounds) -> ScoreRow:
        scorer = offer.thing
        told = isinstance(result, Failure) or result.trust is not None or result.raw is not None
        return ScoreRow(
            name=scorer.name,
            title=scorer.title,
            plugin=offer.plugin,
            about=scorer.about,
            weight=self._weights.get(scorer.name, 0.0),
            result=result,
            family=family_of(scorer),
            slow=is_slow(scorer),
            mute=not told and scorer.name not in grounds.named and evidence.lacks(scorer.needs),
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


def _second_answer(second: Evidence, index: int) -> SecondAnswer:
    return SecondAnswer(classes=second.classes, probabilities=second.probabilities[index])
