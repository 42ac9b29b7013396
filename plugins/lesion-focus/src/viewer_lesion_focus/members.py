"""What each model of an ensemble says, and how far the least convinced of them supports the answer.

Source: Lakshminarayanan et al., NeurIPS 2017, arXiv:1612.01474, for ensembles; how far members contradict each other
altogether is the score `members`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.api import About, Calibration, Content, Evidence, Need, Score, State, Text, softmax
from viewer_lesion_focus.percent import percent

Values = NDArray[np.float64]

SHOWN = 3
"""Classes told of every model: its likeliest ones."""

ALONE = Score(trust=None, note="one network answers")


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """The M models of an ensemble before B frames.

    Attributes:
        names: Of each.
        shares: Of each in the answer; they sum to 1.
        p: Probabilities at the ensemble's temperature, (M, B, K).
    """

    names: tuple[str, ...]
    shares: tuple[float, ...]
    p: Values

    @property
    def heard(self) -> NDArray[np.bool_]:
        """Those with a share in the answer, (M,)."""
        return np.array(self.shares) > 0

    def support(self, answers: NDArray[np.intp]) -> Values:
        """Probability that each gives to the answers, (M, B)."""
        return self.p[:, np.arange(len(answers)), answers]


def members_of(evidence: Evidence) -> Members | None:
    """The models of an ensemble; None where one network answers. Networks of one bundle have numbers for names."""
    if evidence.members is None:
        return None
    count = len(evidence.members)
    return Members(
        names=evidence.member_names or tuple(f"network {number + 1}" for number in range(count)),
        shares=evidence.member_weights or (1 / count,) * count,
        p=softmax(evidence.members / evidence.temperature),
    )


class MembersDisagreeScorer:
    """Trust = the lowest probability that any model of an ensemble gives to their common answer.

    A model without a share is not asked. Nothing is fitted: it is the models' own figure. A name beside it dissents.
    """

    name = "members_disagree"
    title = "Support by the least convinced model"
    about = About.CORRECTNESS
    version = "1"
    needs = frozenset({Need.LOGITS, Need.MEMBERS})

    def fit(self, calibration: Calibration) -> State:
        """Nothing to learn."""
        return {}

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score every frame; abstain where one network answers."""
        members = members_of(evidence)
        if members is None:
            return [ALONE] * len(evidence)
        answers = evidence.predicted
        least = members.support(answers)[members.heard].min(axis=0).tolist()
        return [
            Score(trust=share, raw=share, unit="probability", note=", ".join(dissent(members, evidence, frame)))
            for frame, share in enumerate(least)
        ]


class MembersExplainer:
    """Shows what each model of an ensemble says, and who dissents."""

    name = "members"
    title = "Models"
    version = "1"
    needs = frozenset({Need.LOGITS, Need.MEMBERS})

    def explain(self, evidence: Evidence) -> Sequence[Content]:
        """A sentence, then of every model its likeliest classes; nothing where one network answers."""
        members = members_of(evidence)
        if members is None:
            return []
        contents = [Text(title="What the models of the ensemble say", body=sentence(members, evidence))]
        for name, share, p in zip(members.names, members.shares, members.p[:, 0], strict=True):
            contents.append(Text(title=f"{name}, weight {percent(share)}", body=_likeliest(p, evidence.classes)))
        together = _likeliest(evidence.probabilities[0], evidence.classes)
        return [*contents, Text(title="Together", body=together)]


def _likeliest(p: Values, classes: Sequence[str]) -> str:
    """The likeliest classes with their probabilities (K,)."""
    shown = np.argsort(-p, kind="stable")[:SHOWN].tolist()
    return ", ".join(f"{_word(classes[place])} {percent(p[place])}" for place in shown)


def dissent(members: Members, evidence: Evidence, frame: int) -> list[str]:
    """Who says what else than the common answer, e.g. `efficientnet-b0 says nevus`."""
    answer = int(evidence.predicted[frame])
    said = members.p[:, frame].argmax(axis=1).tolist()
    return [
        f"{name} says {_word(evidence.classes[one])}"
        for name, one in zip(members.names, said, strict=True)
        if one != answer
    ]


def sentence(members: Members, evidence: Evidence) -> str:
    """What a reader should know of one frame: how many agree, who does not, and how far the least convinced goes."""
    answer, others = int(evidence.predicted[0]), dissent(members, evidence, 0)
    name, count = _word(evidence.classes[answer]), len(members.names)
    support = members.support(evidence.predicted)[:, 0]
    least = int(np.where(members.heard, support, np.inf).argmin())
    doubt = f"the least convinced, {members.names[least]}, gives it {percent(support[least])}"
    if not others:
        return f"{'Both' if count == 2 else f'All {count}'} models say {name}; {doubt}."
    if len(others) == count:
        said = ", ".join(others)
        return f"No model alone says {name}, which is likeliest on average: {said}. Read this picture yourself."
    agreeing = f"{count - len(others)} of {count} models {'say' if count - len(others) > 1 else 'says'} {name}"
    return (
        f"{agreeing}, but {', '.join(others)}; {doubt}. Where models contradict each other, errors are more frequent."
    )


def _word(name: str) -> str:
    return name.replace("_", " ")
