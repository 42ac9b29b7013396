"""The rules of the verdict, one by one."""

from dataclasses import replace

import pytest

from viewer.assessment.suiting import AWAY, FAR, GROUND_VERDICTS, Compared, better_of, ground_of
from viewer.domain.image import Modality
from viewer.domain.verification import Better, Ground, ModelNamed, Share, Verdict, Verification

USUAL = Share(value=0.06, low=0.04, high=0.09)
ALIKE = Compared(
    n=50,
    elsewhere=0,
    groups=50,
    calibrated=200,
    gate="",
    silent=0,
    flagged=Share(value=0.08, low=0.02, high=0.16),
    usual=USUAL,
    kind=0.52,
    look=0.48,
    p_value=0.4,
    folder_p=0.6,
)
HALF = Share(value=0.65, low=0.52, high=0.78)
SOME = Share(value=0.2, low=0.11, high=0.32)


@pytest.mark.parametrize(
    ("changes", "ground"),
    [
        ({}, Ground.ALIKE),
        ({"elsewhere": 26}, Ground.OTHER_MODALITY),
        ({"elsewhere": 25}, Ground.ALIKE),
        ({"gate": "too few calibration groups"}, Ground.NO_GATE),
        ({"silent": 6}, Ground.SILENT),
        ({"silent": 5}, Ground.ALIKE),
        ({"calibrated": 19}, Ground.FEW_CALIBRATED),
        ({"usual": None}, Ground.FEW_CALIBRATED),
        ({"groups": 19, "flagged": SOME}, Ground.FEW_GROUPS),
        ({"groups": 7, "flagged": HALF}, Ground.MOST_FLAGGED),
        ({"groups": 6, "flagged": HALF}, Ground.FEW_GROUPS),
        ({"flagged": HALF}, Ground.MOST_FLAGGED),
        ({"kind": FAR, "p_value": 0.0005}, Ground.OTHER_KIND),
        ({"look": FAR, "p_value": 0.0005}, Ground.OTHER_LOOK),
        ({"kind": FAR, "p_value": 0.02}, Ground.ALIKE),
        ({"folder_p": 0.0009}, Ground.FOLDER_LOOK),
        ({"folder_p": None}, Ground.ALIKE),
        ({"flagged": SOME}, Ground.MORE_FLAGGED),
        ({"kind": AWAY, "p_value": 0.0005}, Ground.SHIFTED_KIND),
        ({"look": AWAY, "p_value": 0.0005}, Ground.SHIFTED_LOOK),
        ({"look": AWAY, "p_value": None}, Ground.ALIKE),
        ({"kind": None, "look": None, "p_value": 0.0005}, Ground.ALIKE),
        ({"p_value": 0.0005}, Ground.ALIKE),
    ],
)
def test_that_the_first_rule_that_holds_decides(changes, ground):
    assert ground_of(replace(ALIKE, **changes)) is ground


def test_that_a_calibration_with_many_flagged_pictures_forgives_as_many_here():
    assert ground_of(replace(ALIKE, flagged=SOME, usual=Share(value=0.1, low=0.07, high=0.13))) is Ground.ALIKE


def test_that_every_ground_has_a_verdict_and_only_one_of_them_is_suitable():
    assert set(GROUND_VERDICTS) == set(Ground)
    assert [ground for ground, verdict in GROUND_VERDICTS.items() if verdict is Verdict.SUITABLE] == [Ground.ALIKE]


def found(verdict: Verdict, flagged: Share | None) -> Verification:
    ground = next(ground for ground, said in GROUND_VERDICTS.items() if said is verdict)
    model = ModelNamed(name="m", version="1", weights="0", modality=Modality.OTHER, calibrated=50)
    return Verification(
        model=model,
        verdict=verdict,
        ground=ground,
        n=50,
        groups=50,
        files=(50, 50),
        flagged_share=flagged,
        calibrated_share=USUAL,
        p_value=0.5,
        folder_p=0.5,
        metrics=(),
        flagged=(),
        elsewhere=0,
        silent=0,
        unreadable=(),
        skipped=0,
    )


@pytest.mark.parametrize(
    ("first", "second", "better"),
    [
        ((Verdict.SUITABLE, USUAL), (Verdict.DOUBTFUL, SOME), Better.FIRST),
        ((Verdict.UNSUITABLE, HALF), (Verdict.DOUBTFUL, SOME), Better.SECOND),
        ((Verdict.UNSUITABLE, HALF), (Verdict.UNSUITABLE, SOME), Better.NEITHER),
        ((Verdict.DOUBTFUL, SOME), (Verdict.DOUBTFUL, HALF), Better.FIRST),
        ((Verdict.DOUBTFUL, HALF), (Verdict.DOUBTFUL, SOME), Better.SECOND),
        ((Verdict.SUITABLE, USUAL), (Verdict.SUITABLE, ALIKE.flagged), Better.UNDECIDED),
        ((Verdict.DOUBTFUL, None), (Verdict.DOUBTFUL, SOME), Better.UNDECIDED),
    ],
)
def test_that_the_better_verdict_wins_and_then_the_fewer_flagged_pictures(first, second, better):
    assert better_of(found(*first), found(*second)) is better
