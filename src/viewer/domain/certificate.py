"""What may be relied on, and for exactly which weights, scorers and thresholds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from viewer.domain.result import NAME, Light

Unit = Literal["frame", "clip", "group"]
"""What one certified decision is about: a frame, a whole clip, everything there is of a group."""

Test = Literal["exact binomial", "betting"]
"""Of one decision per group, and of several that may depend on each other."""

HOPELESS = "no number of cases would do, as even its most trusted answers are wrong too often"

DECISIONS: Mapping[Unit, str] = {"frame": "answers", "clip": "clips", "group": "cases"}
"""What decisions about such a unit are called."""

_SHA256 = re.compile("[0-9a-f]{64}")
_WORST = 0.5
"""Share of errors from which on a red light is certified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A threshold of the combined trust at which a claim is certified, and what the certify groups showed there.

    Attributes:
        threshold: In [0, 1]; trusts at or above it (for red: at or below it) fall under the claim.
        decisions: How many of the certify groups' decisions fall under it.
        groups: Groups with such a decision.
        errors: Wrong decisions among them; for a claim on missed cases, the missed ones.
        coverage: `decisions` as a share of all of them, (0, 1].
    """

    threshold: float
    decisions: int
    groups: int
    errors: int
    coverage: float

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be."""
        if not 0 <= self.threshold <= 1:
            raise ValueError(f"threshold {self.threshold} is outside [0, 1]")
        if not (0 <= self.errors <= self.decisions and 0 < self.groups <= self.decisions and 0 < self.coverage <= 1):
            raise ValueError(f"{self} does not add up")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedScorer:
    """A scorer that the certified trust is made of.

    Attributes:
        plugin, name, version: Which scorer; another version is another scorer.
        state: SHA-256 of what it learned, as stored in the bundle; `""` where it learns nothing.
        weight: In the combined trust, > 0.
    """

    plugin: str
    name: str
    version: str
    state: str
    weight: float

    def __post_init__(self) -> None:
        """Refuse nonsense at birth."""
        if not NAME.fullmatch(self.name) or not self.version or not self.plugin:
            raise ValueError(f"{self.name!r} of {self.plugin!r} names no scorer and version")
        if self.state and not _SHA256.fullmatch(self.state):
            raise ValueError(f"the state of {self.name} has no SHA-256")
        if not 0 < self.weight < float("inf"):
            raise ValueError(f"{self.name} has the weight {self.weight}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What was tested on the certify groups, and what came out.

    Attributes:
        weights: SHA-256 of the network's weights.
        temperature: Of the softmax.
        distributions: SHA-256 of the file of distribution functions.
        scorers: Every scorer that carries weight; none other may touch the light.
        classes: The bundle's classes.
        critical_classes: Those that must not be missed.
        unit: What one decision is about.
        test: How it was tested.
        risk: r, certified share of errors among green decisions.
        delta: δ; each claim holds with confidence 1−δ.
        critical_risk: Certified share of critical cases among green decisions for other classes.
        groups, decisions: Independent groups (patients, else lesions) and decisions behind it.
        made: Day it was made.
        green, red: Claims of the light; None where the numbers do not allow it.
        by_class: By final class, where the share of errors among the green answers of this class alone is certified.
        missed: Where the share of missed critical cases among green answers for other classes is certified.
        missed_cases, benign_green: Critical cases among the green answers for other classes, and all of the latter.
        more_groups: About how many more groups green would take, 3 to fit for 5 to certify; None where it is
            certified, or where no number would do.
        gate: SHA-256 of the file of the gate that accepted pictures had to pass; `""` where there is none.
        gate_scorers: Scorers of the input's suitability that the gate listens to, each with weight 1.
    """

    weights: str
    temperature: float
    distributions: str
    scorers: tuple[NamedScorer, ...]
    classes: tuple[str, ...]
    critical_classes: tuple[str, ...]
    unit: Unit
    test: Test
    risk: float
    delta: float
    critical_risk: float
    groups: int
    decisions: int
    made: date
    green: Claim | None
    red: Claim | None
    by_class: Mapping[str, Claim]
    missed: Claim | None
    missed_cases: int
    benign_green: int
    more_groups: int | None
    gate: str = ""
    gate_scorers: tuple[NamedScorer, ...] = ()

    def __post_init__(self) -> None:
        """Refuse nonsense at birth: a light will be built on it."""
        if not _SHA256.fullmatch(self.weights) or not _SHA256.fullmatch(self.distributions):
            raise ValueError("a certificate names weights and distributions by their SHA-256")
        for name in ("risk", "delta", "critical_risk"):
            if not 0 < getattr(self, name) < _WORST:
                raise ValueError(f"{name} {getattr(self, name)} is outside (0, 0.5)")
        if bool(self.gate) != bool(self.gate_scorers) or (self.gate and not _SHA256.fullmatch(self.gate)):
            raise ValueError("a certificate names a gate by its SHA-256 with the scorers it listens to, or neither")
        if self.unit not in get_args(Unit) or self.test not in get_args(Test):
            raise ValueError(f"{self.unit!r} is no unit, or {self.test!r} is no test")
        if len({scorer.name for scorer in self.scorers}) != len(self.scorers) or not self.scorers:
            raise ValueError("a certificate names its scorers, each once")
        if not {*self.by_class, *self.critical_classes} <= set(self.classes):
            raise ValueError("a certificate speaks of a class that the model does not know")
        if not 0 <= self.missed_cases <= self.benign_green <= self.decisions or not 0 < self.groups <= self.decisions:
            raise ValueError("the numbers of groups and decisions do not add up")
        if self.green and self.red and not self.red.threshold < self.green.threshold:
            raise ValueError("the thresholds of green and red overlap")

    @property
    def certified(self) -> bool:
        """Whether any answer may be green."""
        return self.green is not None

    def judge(self, trust: float | None, final: str) -> Light:
        """Light of one decision for the class `final`, given that everything the certificate names is as it was.

        Args:
            trust: Combined trust in [0, 1], or None where it cannot be told.
            final: Name of the final class.

        Returns:
            Grey without a trust, for a class it does not know, and wherever neither green nor red is certified.
        """
        if trust is None or not 0 <= trust <= 1 or final not in self.classes:
            return Light.GREY
        if self.red is not None and trust <= self.red.threshold:
            return Light.RED
        if self.green is None:
            return Light.GREY
        return Light.GREEN if trust >= self.green.threshold else Light.AMBER

    @property
    def claim(self) -> str:
        """What green claims, in one sentence; or that it claims nothing, and about how many cases are missing."""
        basis = f"n = {self.groups} groups, calibrated on {self.made.isoformat()}"
        if self.green is None:
            more = f"about {self.more_groups} more cases are needed" if self.more_groups else HOPELESS
            return f"nothing is certified at {_percent(self.risk)} errors ({basis}); {more}"
        return (
            f"at most {_percent(self.risk)} of green {DECISIONS[self.unit]} are wrong, "
            f"{_percent(1 - self.delta)} confidence, {basis}, for a case mix like that one"
        )


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
