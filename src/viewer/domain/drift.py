"""What is known of the cases at a site, and whether they still are like those a model was calibrated on."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from viewer.domain.result import Light

FALSE_ALARMS = 0.05
"""At most this share of sites where nothing has changed ever sees an alarm."""

LIMIT = 1 / FALSE_ALARMS
"""Evidence that raises the alarm: as many to one against "nothing has changed"."""

FEWEST_CASES = 10
"""Cases of a site below which no alarm is raised, whatever they look like."""

LIGHTS = (Light.GREEN, Light.AMBER, Light.RED, Light.GREY)


class Part(StrEnum):
    """What is compared of the cases."""

    CLASSES = "classes"
    LIGHTS = "lights"
    TRUST = "trust"
    SUITABILITY = "suitability"
    FINGERPRINT = "fingerprint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case: a patient, else a file; its first picture or clip speaks for it.

    Attributes:
        predicted: The model's class.
        light: That its numbers alone would have by the model's certificate, see `ClipSums.light`; never the light
            shown, which an alarm makes grey.
        trust: Combined trust in [0, 1]; None where there is none.
        suitability, fingerprint: p-values in (0, 1], of a clip the means of its frames'; None where nobody can tell.
    """

    predicted: str
    light: Light
    trust: float | None
    suitability: float | None
    fingerprint: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """The evidence has reached its limit.

    Attributes:
        case: After how many cases.
        parts: What had moved by then, the part with the most evidence first; those that reached their own limit.
        since: About the number of the first case that was different, from 1, by the first of these parts.
    """

    case: int
    parts: tuple[Part, ...]
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How a site stands.

    Attributes:
        cases: How many were seen.
        evidence: To one against "nothing has changed", now, by part; the alarm is raised where any reaches `LIMIT`.
            Empty where nothing can be compared.
        path: The largest of these after each case, float; as long as `cases`.
        alarm: None where there was none; it stays until somebody starts again.
        reason: Why nothing can be compared, a few words; else `""`.
    """

    cases: int
    evidence: Mapping[Part, float]
    path: tuple[float, ...]
    alarm: Alarm | None
    reason: str = ""

    @property
    def missing(self) -> int:
        """Cases that are missing until an alarm can be raised."""
        return max(FEWEST_CASES - self.cases, 0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteView:
    """A site as it stands.

    Attributes:
        classes: Of the model.
        calibration: One case of every certify group.
        cases: Seen here, in order, since somebody last started again.
        drift: How they compare.
    """

    classes: tuple[str, ...]
    calibration: tuple[Case, ...]
    cases: tuple[Case, ...]
    drift: Drift


def value_of(case: Case, part: Part) -> float | None:
    """A case's value of a part that is a number; None where nobody can tell."""
    values = {Part.TRUST: case.trust, Part.SUITABILITY: case.suitability, Part.FINGERPRINT: case.fingerprint}
    return values[part]
