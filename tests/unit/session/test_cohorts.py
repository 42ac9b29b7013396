from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from viewer.domain.errors import JobCancelled, ViewerError
from viewer.domain.result import Light
from viewer.report.cohort import CASES, FEATURES, MAP, RECORD, read_cohort, read_map, write_features
from viewer.session import cohorts
from viewer.session.cohorts import Colouring, Column, Verdict, Wanted, is_cohort, make_map, open_cohort
from viewer.testing.cohorts import CLASSES, Case, write_made_up_cohort

CASES_MADE = (
    Case(file="a.png", trust=0.4, light="green"),
    Case(file="b.png", true="melanoma", trust=0.9, light="green"),
    Case(file="c.png", true="keratosis", trust=0.2, light="amber"),
    Case(file="d.png", true="melanoma", final="melanoma", trust=None, light="grey"),
    Case(file="e.png", true="melanoma", trust=0.95, light="red"),
    Case(file="clip.dcm", true="keratosis", final="keratosis", trust=0.99, light="red", frame=7),
    Case(file="f.png", true="nevus", final="keratosis", trust=0.97, light="green"),
)


@pytest.fixture(autouse=True)
def own_maps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cohorts, "user_maps", lambda: tmp_path / "maps")
    return tmp_path / "maps"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_made_up_cohort(tmp_path / "cohort", CASES_MADE)


def names(explored, cases):
    return "".join(explored.files[case].name[0] for case in cases)


def concealing_red(explored):
    return replace(explored, concealed=explored.under_red)


def test_that_a_cohort_is_opened_with_all_that_is_asked_of_its_cases(folder):
    explored = open_cohort(folder)
    assert explored.files[1] == Path("/pictures/b.png")
    assert explored.frames.tolist() == [0, 0, 0, 0, 0, 7, 0]
    assert [explored.classes[code] for code in explored.truth] == [case.true for case in CASES_MADE]
    assert [explored.classes[code] for code in explored.answer] == [case.final for case in CASES_MADE]
    assert [explored.light(case) for case in range(7)] == [Light(case.light) for case in CASES_MADE]
    assert np.isnan(explored.trust[3])
    assert not explored.concealed.any()
    assert explored.positions is None


def test_that_an_answer_is_trusted_under_a_green_light(folder):
    explored = open_cohort(folder)
    R, W, S = Verdict.RIGHT, Verdict.WRONG, Verdict.SILENT
    assert [explored.verdict(case) for case in range(7)] == [R, S, W, R, W, R, S]


def test_that_without_any_green_an_answer_is_trusted_from_the_middle_right_one_on(tmp_path):
    cases = [Case(file=f"{n}.png", trust=n / 10) for n in range(1, 6)]
    wrong = [Case(file=f"w{n}.png", true="melanoma", trust=n / 10) for n in (2, 3, 4)]
    explored = open_cohort(write_made_up_cohort(tmp_path / "c", [*cases, *wrong]))
    assert [explored.verdict(case) for case in (5, 6, 7)] == [Verdict.WRONG, Verdict.SILENT, Verdict.SILENT]


def test_that_the_usual_order_is_wrong_and_trusted_first(folder):
    explored = open_cohort(folder)
    assert names(explored, explored.ordered(Column.VERDICT)) == "fbeccad"
    assert names(explored, explored.silent_failures()) == "fb"


def test_that_other_columns_sort_both_ways_with_missing_values_last(folder):
    explored = open_cohort(folder)
    assert names(explored, explored.ordered(Column.TRUST)) == "cabefcd"
    assert names(explored, explored.ordered(Column.TRUST, ascending=False)) == "cfebacd"
    assert [explored.files[case].name for case in explored.ordered(Column.FILE)][:4] == [
        "a.png", "b.png", "c.png", "clip.dcm"
    ]  # fmt: skip
    lights = [explored.light(case) for case in explored.ordered(Column.LIGHT)]
    assert lights == sorted(lights, key=[Light.RED, Light.AMBER, Light.GREY, Light.GREEN].index)
    truths = [explored.classes[explored.truth[case]] for case in explored.ordered(Column.TRUTH, ascending=False)]
    assert truths == sorted(truths, reverse=True)


def test_that_what_is_kept_back_of_a_case_neither_places_nor_finds_it(folder):
    explored = concealing_red(open_cohort(folder))
    assert names(explored, explored.silent_failures()) == "fb"
    for column in (Column.VERDICT, Column.TRUTH, Column.ANSWER):
        for ascending in (True, False):
            assert set(names(explored, explored.ordered(column, ascending=ascending)[-2:])) == {"e", "c"}
    melanoma = Wanted(truth=CLASSES.index("melanoma"))
    assert names(explored, np.flatnonzero(explored.wanted(melanoma, Colouring.TRUTH))) == "bd"
    wrong = Wanted(verdict=Verdict.WRONG)
    assert names(explored, np.flatnonzero(explored.wanted(wrong, Colouring.TRUTH))) == "c"


def test_that_cases_are_told_apart_by_every_colouring(folder):
    explored = concealing_red(open_cohort(folder))
    kept = {Colouring.TRUTH: 3, Colouring.ANSWER: 3, Colouring.VERDICT: 3}
    for colouring, last in kept.items():
        kinds, count = explored.kinds(colouring)
        assert count == last + 1
        assert kinds[explored.under_red].tolist() == [last, last]
    bands, count = explored.kinds(Colouring.TRUST)
    assert (bands.tolist(), count) == ([2, 4, 1, 5, 4, 4, 4], 7)
    assert explored.kinds(Colouring.LIGHT)[0].tolist() == [3, 3, 1, 2, 0, 0, 3]


def test_that_filters_are_all_kept_at_once(folder):
    explored = open_cohort(folder)

    def found(**wanted):
        return names(explored, np.flatnonzero(explored.wanted(Wanted(**wanted), Colouring.LIGHT)))

    assert found() == "abcdecf"
    assert found(light=Light.GREEN) == "abf"
    assert found(light=Light.GREEN, verdict=Verdict.SILENT) == "bf"
    assert found(words="CLIP") == "c"
    assert found(without=frozenset({3})) == "cdec"


def test_that_a_map_is_made_once_and_kept_in_the_folder(folder):
    cohort = open_cohort(folder).cohort
    told = []
    made = make_map(cohort, lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1]
    np.testing.assert_array_equal(open_cohort(folder).positions, made)
    np.testing.assert_array_equal(read_map(folder, 7), made)


def test_that_a_map_that_cannot_be_written_into_the_folder_is_kept_with_the_users_data(folder, own_maps, monkeypatch):
    written = cohorts.write_map

    def refuse(place, positions):
        if place == folder:
            raise ViewerError("it may not be written")
        written(place, positions)

    monkeypatch.setattr(cohorts, "write_map", refuse)
    made = make_map(open_cohort(folder).cohort)
    assert not (folder / MAP).exists()
    np.testing.assert_array_equal(open_cohort(folder).positions, made)
    write_features(folder, np.zeros((7, 3), np.float16))
    assert open_cohort(folder).positions is None


def test_that_a_damaged_map_with_the_users_data_is_made_anew(folder, own_maps, monkeypatch):
    place = cohorts._own_place(read_cohort(folder))
    place.mkdir(parents=True)
    (place / MAP).write_bytes(b"\0" * 20)
    assert open_cohort(folder).positions is None


def test_that_a_map_that_nobody_waits_for_is_not_kept(folder):
    def stop(done, total):
        raise JobCancelled

    with pytest.raises(JobCancelled):
        make_map(open_cohort(folder).cohort, stop)
    assert not (folder / MAP).exists()


def test_that_a_cohort_without_features_has_no_map(tmp_path):
    folder = write_made_up_cohort(tmp_path / "c", CASES_MADE, features=False)
    assert open_cohort(folder).positions is None
    with pytest.raises(ViewerError, match="holds no features"):
        make_map(open_cohort(folder).cohort)


def test_that_a_folder_says_whether_it_is_a_cohort(folder, tmp_path):
    assert is_cohort(folder)
    assert not is_cohort(tmp_path)
    assert not is_cohort(tmp_path / "absent")


def damage_table(folder):
    text = (folder / CASES).read_text(encoding="utf-8")
    (folder / CASES).write_text(text[: len(text) - 30], encoding="utf-8")


def other_version(folder):
    text = (folder / RECORD).read_text(encoding="utf-8")
    (folder / RECORD).write_text(text.replace('"format": 1', '"format": 99'), encoding="utf-8")


def no_frame(folder):
    text = (folder / CASES).read_text(encoding="utf-8")
    (folder / CASES).write_text(text.replace("clip.dcm,7", "clip.dcm,seven"), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "file"),
    [
        (damage_table, CASES),
        (other_version, RECORD),
        (no_frame, CASES),
        (lambda folder: (folder / CASES).unlink(), CASES),
        (lambda folder: (folder / RECORD).unlink(), "no finished cohort"),
        (lambda folder: write_features(folder, np.zeros((3, 4), np.float16)), FEATURES),
        (lambda folder: (folder / FEATURES).write_bytes(b"torn"), FEATURES),
        (lambda folder: (folder / MAP).write_bytes(b"torn"), MAP),
    ],
)
def test_that_a_bad_cohort_is_refused_in_one_sentence_that_names_the_file(folder, damage, file):
    damage(folder)
    with pytest.raises(ViewerError, match=file) as told:
        open_cohort(folder)
    assert "\n" not in str(told.value)
