import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from viewer.domain.errors import ViewerError
from viewer.domain.result import Light
from viewer.evaluation.evaluate import evaluate
from viewer.report.cohort import (
    CASES,
    FEATURES,
    MAP,
    RECORD,
    Claimed,
    CohortRecord,
    case_id,
    cohort_columns,
    read_cohort,
    write_features,
    write_map,
    write_record,
)

RECORDED = CohortRecord(
    bundle="skin",
    version="3",
    digest="ab" * 32,
    modality="dermoscopy",
    critical_classes=("melanoma",),
    claimed=Claimed(
        sentence="at most 10 %", risk=0.1, delta=0.05, critical_risk=0.05, green=True, red=False, missed=False
    ),
    facts=(("Model", "skin 3"),),
    data="labels.csv",
    notes=("2 rows have no label and are left out",),
    root="/data",
    rows=2,
    unread=1,
    made="2026-11-25T17:00:00+00:00",
    device="cpu",
)

ROW = {
    "group": "anna",
    "true": "melanoma",
    "predicted": "melanoma",
    "final": "melanoma",
    "trail": "classifier: melanoma",
    "p_mole": ".1",
    "p_melanoma": ".9",
    "trust": ".8",
    "trust_softmax": ".9",
    "light": "green",
    "reason": "a claim",
    "suitability": ".5",
    "fingerprint": ".4",
}


def write_cases(folder: Path, *rows: dict[str, str]) -> None:
    columns = cohort_columns(("mole", "melanoma"), ("softmax",))
    with (folder / CASES).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        for number, row in enumerate(rows):
            writer.writerow({"id": f"{number}.png#0", "file": f"{number}.png", "frame": "0", **row})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three cases, of which the second cannot be read."""
    broken = {"group": "bert", "true": "mole", "frame": "", "error": "the file is empty"}
    write_cases(tmp_path, ROW, broken, {**ROW, "group": "bert", "true": "mole", "light": "amber", "trust": ".3"})
    write_record(tmp_path, RECORDED)
    return tmp_path


def test_that_a_cohort_is_read_as_it_was_written(folder: Path) -> None:
    features, places = np.arange(8).reshape(2, 4) / 8, np.array([[0, 1], [2, 3]])
    write_features(folder, features.astype(np.float16))
    write_map(folder, places.astype(np.float32))
    cohort = read_cohort(folder)
    assert len(cohort) == 2
    assert cohort.record == RECORDED
    assert (cohort.path(1), cohort.frame(1), cohort.group(1)) == (Path("/data/2.png"), 0, "bert")
    assert [cohort.light(case) for case in range(2)] == [Light.GREEN, Light.AMBER]
    assert cohort.wrong.tolist() == [False, True]
    assert cohort.trust.tolist() == [0.8, 0.3]
    assert cohort.rows[0]["reason"] == "a claim"
    assert cohort.unread == (("1.png", "the file is empty"),)
    assert cohort.features is not None
    assert cohort.features.dtype == np.float16
    assert cohort.features.tolist() == features.tolist()
    assert cohort.map is not None
    assert cohort.map.tolist() == places.tolist()


def test_that_features_and_map_may_be_missing(folder: Path) -> None:
    cohort = read_cohort(folder)
    assert (cohort.features, cohort.map) == (None, None)


def test_that_the_cases_are_a_table_that_can_be_evaluated(folder: Path) -> None:
    found = evaluate(read_cohort(folder).table)
    assert found.figures["accuracy",].value == 0.5
    assert found.groups == 2


def test_that_a_model_without_a_certificate_has_a_cohort_too(folder: Path) -> None:
    plain = replace(RECORDED, claimed=None)
    write_record(folder, plain)
    assert read_cohort(folder).record == plain


def test_that_an_unfinished_cohort_is_refused(folder: Path) -> None:
    (folder / RECORD).unlink()
    with pytest.raises(ViewerError, match="holds no finished cohort"):
        read_cohort(folder)


@pytest.mark.parametrize("text", ["{", "[]", "{}", json.dumps({"format": 0})])
def test_that_a_strange_record_is_refused_in_one_sentence(folder: Path, text: str) -> None:
    (folder / RECORD).write_text(text, encoding="utf-8")
    with pytest.raises(ViewerError, match=RECORD):
        read_cohort(folder)


@pytest.mark.parametrize("array", [np.zeros((3, 2)), np.full((2, 2), np.nan), np.zeros(2)])
def test_that_features_that_do_not_fit_the_cases_are_refused(folder: Path, array: np.ndarray) -> None:
    write_features(folder, array.astype(np.float16))
    with pytest.raises(ViewerError, match=FEATURES):
        read_cohort(folder)


def test_that_a_damaged_map_is_refused(folder: Path) -> None:
    (folder / MAP).write_bytes(b"\0" * 40)
    with pytest.raises(ViewerError, match=MAP):
        read_cohort(folder)


def test_that_another_table_is_no_cohort(folder: Path) -> None:
    (folder / CASES).write_text("true,predicted\na,a\n", encoding="utf-8")
    with pytest.raises(ViewerError, match="no table of a cohort"):
        read_cohort(folder)
    (folder / CASES).write_text("", encoding="utf-8")
    with pytest.raises(ViewerError, match="no rows"):
        read_cohort(folder)


def test_that_a_case_is_named_by_file_and_frame() -> None:
    assert case_id("a.png", 3) == "a.png#3"
    assert case_id("a.png", None) == "a.png"
    assert case_id("-a.png", 0) == "./-a.png#0"
