"""What a gate says of pictures: p-values that are honest for its own kind, and small for others."""

from dataclasses import replace

import numpy as np
import pytest

from viewer.assessment.suitability import (
    FEWEST_GROUPS,
    FEWEST_PICTURES,
    FOLDER_OUTSIDE,
    NO_GATE,
    OUTSIDE,
    TYPICAL,
    Gatekeeper,
)
from viewer.domain.gate import Gate

SCORERS = ("knn", "middle_mahalanobis")
STEM = 5


def pictures(groups: int, per_group: int, seed: int) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """Distances, looks and groups; what a group is like weighs more than the picture."""
    random = np.random.default_rng(seed)
    numbers = np.repeat(np.arange(groups), per_group)

    def mixed(width: int) -> np.ndarray:
        common, own = random.normal(size=(groups, width)), random.normal(size=(len(numbers), width))
        return 0.9 * common[numbers] + 0.4 * own

    strange = mixed(2)
    means, spreads = mixed(3 + STEM), np.exp(0.3 * mixed(3 + STEM))
    looks = np.concatenate([means[:, :3], spreads[:, :3], means[:, 3:], spreads[:, 3:]], axis=1)
    distances = {name: np.exp(0.2 * strange[:, i]) for i, name in enumerate(SCORERS)}
    return distances, looks.astype(np.float32), numbers


def gate(groups: int = 160, per_group: int = 3, seed: int = 0) -> Gate:
    distances, looks, numbers = pictures(groups, per_group, seed)
    return Gate(scorers=SCORERS, distances=distances, looks=looks, groups=numbers, labels=np.zeros_like(numbers))


@pytest.fixture(scope="module")
def keeper() -> Gatekeeper:
    return Gatekeeper(gate())


@pytest.fixture(scope="module")
def strangers() -> tuple[dict[str, np.ndarray], np.ndarray]:
    distances, looks, _ = pictures(1500, 1, seed=1)
    return distances, looks


def at(distances: dict[str, np.ndarray], row: int) -> dict[str, float]:
    return {name: float(values[row]) for name, values in distances.items()}


def test_that_pictures_of_the_same_kind_fall_below_a_level_as_often_as_it_says(keeper, strangers):
    distances, looks = strangers
    judged = [keeper.judge(at(distances, i), looks[i]) for i in range(len(looks))]
    for name in ("suitability", "fingerprint"):
        p = np.array([getattr(one, name) for one in judged])
        assert (p < TYPICAL).mean() == pytest.approx(0.05, abs=0.03)
        assert (p < OUTSIDE).mean() < 0.025
    assert {one.reason for one in judged} == {""}


def test_that_a_picture_far_from_all_by_either_scorer_is_outside(keeper):
    for far in SCORERS:
        assert keeper.suitability_p(dict.fromkeys(SCORERS, 1.0) | {far: 4.0}) < OUTSIDE
    assert keeper.suitability_p(dict.fromkeys(SCORERS, 1.0)) > TYPICAL


def test_that_the_smallest_p_is_that_of_one_group_among_all_and_the_new_one(keeper):
    assert keeper.suitability_p(dict.fromkeys(SCORERS, 1e6)) == pytest.approx(1 / 161)
    assert keeper.suitability_p(dict.fromkeys(SCORERS, 0.0)) == 1.0


@pytest.mark.parametrize(
    "fault",
    [
        lambda looks: looks * 255,
        lambda looks: looks / 255,
        lambda looks: np.concatenate([looks[:, :3] + 8, looks[:, 3:]], axis=1),
        lambda looks: np.concatenate([looks[:, :3], looks[:, 3:6] / 20, looks[:, 6:]], axis=1),
        lambda looks: np.concatenate([looks[:, :-STEM], np.zeros((len(looks), STEM))], axis=1),
    ],
    ids=["times 255", "by 255", "brighter", "paler", "silent stem"],
)
def test_that_a_picture_prepared_otherwise_has_no_typical_fingerprint(keeper, strangers, fault):
    looks = fault(strangers[1][:40]).astype(np.float32)
    assert np.mean([keeper.fingerprint_p(look) < OUTSIDE for look in looks]) > 0.9
    assert keeper.folder_p(looks) < FOLDER_OUTSIDE


def test_that_a_folder_of_the_same_kind_is_as_unusual_as_it_says(keeper, strangers):
    looks = strangers[1]
    for pictures_of_a_folder in (FEWEST_PICTURES, 45):
        folders = looks[: 30 * pictures_of_a_folder].reshape(30, pictures_of_a_folder, -1)
        p = np.array([keeper.folder_p(folder) for folder in folders])
        assert (p < 0.05).sum() <= 5
        assert (p < FOLDER_OUTSIDE).sum() == 0


def test_that_a_slight_shift_of_a_whole_folder_is_found_though_no_picture_shows_it(keeper, strangers):
    shifted = strangers[1][:40].copy()
    shifted[:, 0] += 1.2
    assert np.mean([keeper.fingerprint_p(look) < OUTSIDE for look in shifted]) < 0.2
    assert keeper.folder_p(shifted) < FOLDER_OUTSIDE


def test_that_a_folder_gets_the_same_p_whenever_it_is_asked_about(keeper, strangers):
    looks = strangers[1][:33]
    assert keeper.folder_p(looks) == keeper.folder_p(looks) == Gatekeeper(gate()).folder_p(looks)


def test_that_a_folder_of_one_diagnosis_or_of_any_mix_is_no_fault():
    """The first half of the classes is paler by two standard deviations, the second as much brighter."""
    plain, fresh = gate(160, 1), pictures(400, 1, seed=7)[1]
    half = plain.groups < 80
    looks = plain.looks + np.where(half, -2.0, 2.0)[:, None] * (np.arange(plain.looks.shape[1]) < 3)
    one = replace(plain, looks=looks.astype(np.float32))
    several = replace(one, labels=half.astype(np.intp))
    pale, bright = (fresh[:200] + shift * (np.arange(fresh.shape[1]) < 3) for shift in (-2.0, 2.0))
    known, unknown = Gatekeeper(several), Gatekeeper(one)
    for folder in (pale[:40], bright[:40], np.concatenate([pale[:30], bright[:10]])):
        assert known.folder_p(folder.astype(np.float32)) > FOLDER_OUTSIDE
    assert unknown.folder_p(pale[:40].astype(np.float32)) < FOLDER_OUTSIDE
    assert known.folder_p((pale[:40] - 2.0).astype(np.float32)) < FOLDER_OUTSIDE


def test_that_one_wild_picture_does_not_condemn_its_folder(keeper, strangers):
    looks = strangers[1][:40].copy()
    looks[7] *= 1e4
    assert keeper.folder_p(looks) > FOLDER_OUTSIDE


def test_that_few_files_are_no_folder(keeper, strangers):
    assert keeper.folder_p(strangers[1][: FEWEST_PICTURES - 1]) is None
    assert keeper.folder_p(strangers[1][:FEWEST_PICTURES]) is not None


def test_that_a_fit_picture_is_compared_with_other_groups_only():
    """As if a gate had been made without its group."""
    whole = gate(130, 2)
    kept = whole.groups != 129
    others = Gate(
        scorers=SCORERS,
        distances={name: values[kept] for name, values in whole.distances.items()},
        looks=whole.looks[kept],
        groups=whole.groups[kept],
        labels=whole.labels[kept],
    )
    mine = at(dict(whole.distances), int(np.flatnonzero(~kept)[0]))
    assert Gatekeeper(whole).suitability_p(mine, own=129) == Gatekeeper(others).suitability_p(mine)


def test_that_the_p_values_of_fit_pictures_are_uniform():
    """Those that the table of the fit groups holds: neither flattered by what the picture itself taught."""
    whole = gate(140, 2)
    keeper = Gatekeeper(whole)
    judged = [
        keeper.judge(at(dict(whole.distances), i), whole.looks[i], own=int(whole.groups[i]))
        for i in range(len(whole.groups))
    ]
    for name in ("suitability", "fingerprint"):
        p = np.array([getattr(one, name) for one in judged])
        assert (p < 0.1).mean() == pytest.approx(0.1, abs=0.02)
        assert p.mean() == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("raw", [None, float("nan"), float("inf")])
def test_that_a_scorer_without_a_distance_leaves_the_suitability_unknown(keeper, strangers, raw):
    judged = keeper.judge({"knn": raw, "middle_mahalanobis": 1.0}, strangers[1][0])
    assert judged.suitability is None
    assert judged.fingerprint is not None
    assert judged.reason == "no distance from knn"
    assert keeper.judge({}, strangers[1][0]).reason == "no distance from knn, middle_mahalanobis"


def test_that_without_a_sound_look_the_fingerprint_is_unknown(keeper, strangers):
    broken = strangers[1][0].copy()
    broken[3] = np.nan
    for look in (None, broken):
        judged = keeper.judge(dict.fromkeys(SCORERS, 1.0), look)
        assert judged.suitability is not None
        assert judged.fingerprint is None
        assert judged.reason == "the look of the picture is not known"


def test_that_other_scorers_are_not_listened_to(keeper, strangers):
    quiet = dict.fromkeys(SCORERS, 1.0)
    assert keeper.judge(quiet | {"loud": 1e9}, strangers[1][0]) == keeper.judge(quiet, strangers[1][0])


@pytest.mark.parametrize(
    ("gate", "reason"),
    [
        (None, NO_GATE),
        (gate(FEWEST_GROUPS - 1, 5), "too few calibration groups (99; 100 needed)"),
    ],
)
def test_that_a_gate_of_too_few_groups_or_none_tells_nothing_and_says_why(gate, reason, strangers):
    keeper = Gatekeeper(gate)
    judged = keeper.judge(dict.fromkeys(SCORERS, 1e9), strangers[1][0])
    assert (judged.suitability, judged.fingerprint, judged.reason) == (None, None, reason)
    assert keeper.folder_p(strangers[1][:50]) is None
    assert keeper.scorers == ()


def test_that_with_enough_groups_the_strangest_picture_falls_below_the_level():
    keeper = Gatekeeper(gate(FEWEST_GROUPS, 1))
    assert keeper.suitability_p(dict.fromkeys(SCORERS, 1e9)) < OUTSIDE
