"""A second model beside the first: does it give the same answer, and does it look at the same place?"""

from collections.abc import Sequence

from viewer.api import About, Calibration, Content, Evidence, Need, Overlay, Score, State, Table, Text
from viewer_attention_verification.maps import gam, has_attention
from viewer_attention_verification.metrics import pearson
from viewer_attention_verification.telling import percent

NEEDS = frozenset({Need.LOGITS, Need.ATTENTION, Need.SECOND})

NONE = Score(trust=None, note="no second model answers")
UNKNOWN = Score(trust=None, note="the second model knows no such answer")
NOWHERE = Score(trust=None, note="one of the two models looks nowhere in particular")

SAME_PLACE = 0.5
"""Correlation of two maps from which they are said to show the same place: a quarter of what one varies by, the other
explains. Fixed beforehand, and only for words."""


class SecondAnswerScorer:
    """Trust = the second model's probability of the first one's answer, by the name of the class.

    A second model is unknown when a bundle is fitted, so that there is nothing to compare this with: it is the second
    model's own figure, as well or badly calibrated as that is. Its weight is 0 and stays so.
    """

    name = "second_model"
    title = "A second model says the same"
    about = About.CORRECTNESS
    version = "1"
    needs = NEEDS

    def fit(self, calibration: Calibration) -> State:
        """Nothing to learn: there is no second model yet."""
        return {}

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame; abstain without a second model, or where it knows no class of that name."""
        second = evidence.second
        if second is None:
            return [NONE] * len(evidence)
        scores = []
        for index, answer in enumerate(evidence.predicted.tolist()):
            name = evidence.classes[answer]
            if name not in second.classes:
                scores.append(UNKNOWN)
                continue
            said = second.classes[second.predicted[index]]
            share = float(second.probabilities[index, second.classes.index(name)])
            note = "" if said == name else f"the second model says {_word(said)}"
            scores.append(Score(trust=share, raw=share, unit="probability", note=note))
        return scores


class SecondLookScorer:
    """Trust = correlation of the two models' maps for the same class, over 28×28 cells; 0 where it is negative.

    Unfitted like the answer: how alike two networks' maps are as a rule depends on the two.
    """

    name = "second_model_look"
    title = "A second model looks at the same place"
    about = About.CORRECTNESS
    version = "1"
    needs = NEEDS
    family = "second_model"

    def fit(self, calibration: Calibration) -> State:
        """Nothing to learn: there is no second model yet."""
        return {}

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame; abstain where there are no two maps for one class."""
        return [_look_score(evidence[index]) for index in range(len(evidence))]


class SecondModelExplainer:
    """Shows what both models say, class by class, and where the second one looks."""

    name = "second_model"
    title = "Second model"
    version = "1"
    needs = NEEDS

    def explain(self, evidence: Evidence) -> Sequence[Content]:
        """A sentence, the probabilities of both by name, and the second one's map; nothing without a second model."""
        second = evidence.second
        if second is None:
            return []
        contents: list[Content] = [
            Text(title="Two models", body=sentence(evidence, second)),
            Table(
                title="Probabilities of both models",
                header=("Class", "This model", "Second model"),
                rows=_rows(evidence, second),
            ),
        ]
        if second.attention is not None and has_attention(second.attention)[0]:
            target = second.classes[second.targets[0]]
            contents.append(
                Overlay(
                    title=f"Second model's attention: {_word(target)}",
                    values=gam(second.attention)[0],
                    unit="share of maximum",
                )
            )
        return contents


def correlation(evidence: Evidence, second: Evidence) -> float | None:
    """Pearson's, [−1, 1], of the two maps of one frame (B = 1); None without two maps for a class of one name."""
    if evidence.attention is None or second.attention is None or not _meet(evidence, second):
        return None
    if not (has_attention(evidence.attention)[0] and has_attention(second.attention)[0]):
        return None
    return float(pearson(gam(second.attention), gam(evidence.attention))[0])


def sentence(evidence: Evidence, second: Evidence) -> str:
    """What two models say of one frame (B = 1), and whether they look at the same place, for a clinician."""
    first, other = evidence.classes[evidence.predicted[0]], second.classes[second.predicted[0]]
    alike = correlation(evidence, second)
    if first == other:
        return f"Both models say {_word(first)}{_both_look(evidence, alike)}."
    if first not in second.classes:
        return (
            f"The second model says {_word(other)}. It knows no answer called {_word(first)}: "
            "the two cannot be compared here."
        )
    share = percent(float(second.probabilities[0, second.classes.index(first)]))
    where = ""
    if alike is not None:
        where = f", and looks {'at the same place' if alike >= SAME_PLACE else 'elsewhere'}{_of_class(evidence)}"
    return f"The second model says {_word(other)} (and {_word(first)} by {share}){where}."


def _both_look(evidence: Evidence, alike: float | None) -> str:
    if alike is None:
        return ""
    where = "and look at the same place" if alike >= SAME_PLACE else "but look at different places"
    return f", {where}{_of_class(evidence)}"


def _of_class(evidence: Evidence) -> str:
    """The class that is explained, where it is not the answer."""
    explained = _explained(evidence)
    return "" if explained == evidence.classes[evidence.predicted[0]] else f" for {_word(explained)}"


def _look_score(evidence: Evidence) -> Score:
    """Of one frame."""
    second = evidence.second
    if second is None:
        return NONE
    if not _meet(evidence, second):
        return UNKNOWN
    alike = correlation(evidence, second)
    if alike is None:
        return NOWHERE
    note = "" if alike >= SAME_PLACE else "the second model looks elsewhere"
    return Score(trust=max(alike, 0.0), raw=alike, unit="correlation", note=note)


def _meet(evidence: Evidence, second: Evidence) -> bool:
    """Whether both maps of one frame are for a class of the same name."""
    return _explained(evidence) == _explained(second)


def _explained(evidence: Evidence) -> str:
    """The class that the map of one frame is for."""
    return evidence.classes[int(evidence.targets[0])]


def _rows(evidence: Evidence, second: Evidence) -> tuple[tuple[str, str, str], ...]:
    """Every class of either, the first model's in its order, then those that only the second one knows."""
    ours, theirs = _shares(evidence), _shares(second)
    return tuple((_word(name), ours.get(name, "–"), theirs.get(name, "–")) for name in {**ours, **theirs})


def _shares(evidence: Evidence) -> dict[str, str]:
    """What a model gives each of its classes in one frame, in per cent."""
    return dict(zip(evidence.classes, map(percent, evidence.probabilities[0].tolist()), strict=True))


def _word(name: str) -> str:
    return name.replace("_", " ")
