"""Whether the cases at a site still are like those a model was calibrated on: a test that never stops looking.

An alarm says "different", never why: another mix of patients, another scanner and a fault of preparation look alike.
"""

import math
from collections.abc import Iterable, Sequence

import numpy as np

from viewer.assessment.drift_bets import RanksTest, SharesTest
from viewer.domain.drift import FEWEST_CASES, LIGHTS, LIMIT, Alarm, Case, Drift, Part, value_of
from viewer.domain.result import Light

FEWEST_GROUPS = 50
"""Calibration groups below which nothing is compared: nearly every site would look alike."""

_SEED = 20261125
"""Of the lots that break ties between ranks: the same cases in the same order always give the same evidence."""


class DriftTest:
    """Compares the cases of a site, one after the other, with those of the calibration.

    Each part has a gambler of its own (see `drift_bets`), and the alarm is raised where one of them reaches
    parts/α: by Ville's inequality and the union of the parts at most a share α of sites without a change ever sees
    an alarm, however long they go on and however the parts depend on each other.
    """

    def __init__(self, calibration: Sequence[Case], classes: Sequence[str]) -> None:
        """Begin.

        Args:
            calibration: One case of every certify group.
            classes: The model's classes.
        """
        self.reason = why_not(calibration)
        self._classes = {name: number for number, name in enumerate(classes)}
        self._shares: dict[Part, SharesTest] = {}
        self._ranks: dict[Part, RanksTest] = {}
        self._wealth: dict[Part, float] = {}
        self._told: dict[Part, list[int]] = {}
        self._path: list[float] = []
        self._alarm: Alarm | None = None
        self.cases = 0
        if self.reason:
            return
        self._shares[Part.CLASSES] = SharesTest([self._classes[c.predicted] for c in calibration], len(classes))
        lights = [LIGHTS.index(case.light) for case in calibration]
        if set(lights) != {LIGHTS.index(Light.GREY)}:  # without a certificate there is nothing to compare
            self._shares[Part.LIGHTS] = SharesTest(lights, len(LIGHTS))
        for part in (Part.TRUST, Part.SUITABILITY, Part.FINGERPRINT):
            known = [value for case in calibration if (value := value_of(case, part)) is not None]
            if len(known) >= FEWEST_GROUPS:
                self._ranks[part] = RanksTest(known)
        self._wealth = dict.fromkeys([*self._shares, *self._ranks], 0.0)
        self._told = {part: [] for part in self._wealth}

    def take(self, case: Case) -> None:
        """See one case."""
        lots = np.random.default_rng([_SEED, self.cases]).random(len(Part))
        self.cases += 1
        for part, shares in self._shares.items():
            kind = self._classes[case.predicted] if part is Part.CLASSES else LIGHTS.index(case.light)
            self._wealth[part] = shares.take(kind)
            self._told[part].append(self.cases)
        for part, ranks in self._ranks.items():
            value = value_of(case, part)
            if value is not None:
                self._wealth[part] = ranks.take(value, float(lots[list(Part).index(part)]))
                self._told[part].append(self.cases)
        if not self._wealth:
            return
        evidence = self.evidence
        self._path.append(max(evidence.values()))
        if self._alarm is None and self.cases >= FEWEST_CASES and self._path[-1] >= LIMIT:
            reached = sorted((part for part in evidence if evidence[part] >= LIMIT), key=lambda p: -evidence[p])
            test = self._shares.get(reached[0]) or self._ranks[reached[0]]
            since = self._told[reached[0]][test.since]
            self._alarm = Alarm(case=self.cases, parts=tuple(reached), since=since)

    @property
    def alarm(self) -> Alarm | None:
        """The alarm, once it has gone off."""
        return self._alarm

    @property
    def evidence(self) -> dict[Part, float]:
        """Wealth of each part's gambler over the number of parts, now."""
        return {part: math.exp(min(log, _LARGEST_LOG)) / len(self._wealth) for part, log in self._wealth.items()}

    @property
    def drift(self) -> Drift:
        """How the site stands now."""
        return Drift(
            cases=self.cases,
            evidence=self.evidence,
            path=tuple(self._path),
            alarm=self._alarm,
            reason=self.reason,
        )


def drift_of(cases: Iterable[Case], calibration: Sequence[Case], classes: Sequence[str]) -> Drift:
    """How a site stands after its cases, in the order in which they were seen."""
    test = DriftTest(calibration, classes)
    for case in cases:
        test.take(case)
    return test.drift


def why_not(calibration: Sequence[Case]) -> str:
    """Why nothing can be compared with a calibration, a few words; `""` where it can."""
    if not calibration:
        return "the model keeps no cases to compare with"
    if len(calibration) < FEWEST_GROUPS:
        return f"too few calibration groups ({len(calibration)}; {FEWEST_GROUPS} needed)"
    return ""


_LARGEST_LOG = 200.0
"""Evidence beyond e^200 to one is as good as that."""
