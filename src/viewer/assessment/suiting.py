"""Whether a model suits pictures: simple rules on what a comparison with its calibration found.

The rules are declared beforehand and looked at in this order; the first that holds decides. They rest on the two
p-values of the gate, which are made to be blind to which diagnosis a picture shows. All other metrics are reported:
they tell what has shifted, but move with harder cases and other diagnoses as well.
"""

from dataclasses import dataclass

from viewer.assessment.suitability import FEWEST_PICTURES, FOLDER_OUTSIDE
from viewer.domain.gate import TYPICAL
from viewer.domain.verification import Better, Ground, Share, Verdict, Verification

FEWEST_GROUPS = FEWEST_PICTURES
"""Groups, here and in the calibration, below which nothing is told."""

FEWEST_TO_REFUSE = 7
"""Groups here below which pictures are not refused even if all are flagged: ½⁷ < .01."""

MOST = 0.5
"""Share of flagged pictures beyond which a model does not suit, whatever the others look like."""

FEW_SILENT = 0.1
"""Share of pictures that the gate could not tell of, as when a plugin fails, beyond which nothing is told."""

BY_CHANCE = 1 - (1 - TYPICAL) ** 2
"""Share of flagged pictures that two levels of 5 % allow for."""

FAR = 0.9
"""Effect from which pictures are of another kind, or prepared otherwise."""

AWAY = 0.7
"""Effect from which they differ more than folders of a single diagnosis do."""

SURE = 0.01
"""Largest p of all metrics together for a shift."""

GROUND_VERDICTS = {
    Ground.OTHER_MODALITY: Verdict.UNSUITABLE,
    Ground.NO_GATE: Verdict.DOUBTFUL,
    Ground.SILENT: Verdict.DOUBTFUL,
    Ground.FEW_CALIBRATED: Verdict.DOUBTFUL,
    Ground.MOST_FLAGGED: Verdict.UNSUITABLE,
    Ground.FEW_GROUPS: Verdict.DOUBTFUL,
    Ground.OTHER_KIND: Verdict.UNSUITABLE,
    Ground.OTHER_LOOK: Verdict.UNSUITABLE,
    Ground.FOLDER_LOOK: Verdict.DOUBTFUL,
    Ground.MORE_FLAGGED: Verdict.DOUBTFUL,
    Ground.SHIFTED_KIND: Verdict.DOUBTFUL,
    Ground.SHIFTED_LOOK: Verdict.DOUBTFUL,
    Ground.ALIKE: Verdict.SUITABLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What a comparison found.

    Attributes:
        n: Pictures here.
        elsewhere: Those whose files say that they show something else.
        groups, calibrated: Groups here and in the calibration.
        gate: Why the gate cannot tell anything; `""` where it can.
        silent: Pictures that it could not tell of all the same.
        flagged, usual: Share of flagged pictures here and in the calibration; None without a gate.
        kind, look: Effects of suitability and fingerprint; None where they could not be compared.
        p_value: Of all metrics together.
        folder_p: Of the look of the pictures as a whole.
    """

    n: int
    elsewhere: int
    groups: int
    calibrated: int
    gate: str
    silent: int
    flagged: Share | None
    usual: Share | None
    kind: float | None
    look: float | None
    p_value: float | None
    folder_p: float | None


def ground_of(found: Compared) -> Ground:
    """The first rule that holds."""
    if found.elsewhere > MOST * found.n:
        return Ground.OTHER_MODALITY
    if found.gate:
        return Ground.NO_GATE
    if found.silent > FEW_SILENT * found.n:
        return Ground.SILENT
    if found.calibrated < FEWEST_GROUPS or found.flagged is None or found.usual is None:
        return Ground.FEW_CALIBRATED
    if found.groups >= FEWEST_TO_REFUSE and found.flagged.low > MOST:
        return Ground.MOST_FLAGGED
    if found.groups < FEWEST_GROUPS:
        return Ground.FEW_GROUPS
    kind, look = found.kind or 0.0, found.look or 0.0
    shifted = found.p_value is not None and found.p_value < SURE
    rules = {
        Ground.OTHER_KIND: shifted and kind >= FAR,
        Ground.OTHER_LOOK: shifted and look >= FAR,
        Ground.FOLDER_LOOK: found.folder_p is not None and found.folder_p < FOLDER_OUTSIDE,
        Ground.MORE_FLAGGED: found.flagged.low > max(found.usual.high, BY_CHANCE),
        Ground.SHIFTED_KIND: shifted and kind >= AWAY,
        Ground.SHIFTED_LOOK: shifted and look >= AWAY,
    }
    return next((ground for ground, holds in rules.items() if holds), Ground.ALIKE)


def better_of(first: Verification, second: Verification) -> Better:
    """Which of two models suits the same pictures better.

    The better verdict wins, unless neither is better than unsuitable. Of two equal verdicts the share of flagged
    pictures decides, where the intervals lie apart.
    """
    order = list(Verdict)
    ranks = order.index(first.verdict), order.index(second.verdict)
    if min(ranks) == order.index(Verdict.UNSUITABLE):
        return Better.NEITHER
    if ranks[0] != ranks[1]:
        return Better.FIRST if ranks[0] < ranks[1] else Better.SECOND
    here, there = first.flagged_share, second.flagged_share
    if here is not None and there is not None:
        if here.high < there.low:
            return Better.FIRST
        if there.high < here.low:
            return Better.SECOND
    return Better.UNDECIDED
