import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from viewer.datasets.sample import LabelTable, Sample
from viewer.datasets.split import Part
from viewer.domain.errors import ViewerError
from viewer.training.crossval_parts import fold_parts
from viewer.training.crossval_rows import judged_rows, read_rows, write_rows
from viewer.training.pictures import Item

TABLE = LabelTable(
    classes=("a", "b"),
    samples=tuple(Sample(Path(f"/data/{i}.png"), (i // 2) % 2, f"g{i // 2}") for i in range(160)),
)


def divisions(seed=0):
    return [fold_parts(TABLE, folds=5, fold=fold, seed=seed) for fold in range(5)]


def groups_of(samples):
    return {sample.group for sample in samples}


def test_that_every_picture_is_judged_exactly_once():
    judged = [sample for parts in divisions() for sample in parts[Part.CERTIFY]]
    assert Counter(judged) == Counter(TABLE.samples)


def test_that_no_group_is_in_two_parts_of_a_fold_and_none_is_lost():
    for parts in divisions():
        held = [groups_of(parts[part]) for part in Part]
        assert sum(map(len, held)) == len(set().union(*held)) == 80


def test_that_a_fold_learns_from_the_shares_of_an_ordinary_training():
    parts = divisions()[0]
    assert [len(groups_of(parts[part])) for part in Part] == [44, 8, 12, 16]
    assert {sample.label for sample in parts[Part.FIT]} == {0, 1}


def test_that_folds_follow_the_seed_alone():
    backwards = LabelTable(classes=TABLE.classes, samples=TABLE.samples[::-1])
    again = fold_parts(backwards, folds=5, fold=2, seed=3)
    assert groups_of(again[Part.FIT]) == groups_of(divisions(3)[2][Part.FIT])
    assert groups_of(divisions(4)[2][Part.CERTIFY]) != groups_of(again[Part.CERTIFY])


def test_that_a_row_says_which_picture_was_judged_and_by_which_fold():
    still, frame = Item(TABLE.samples[0], 0), Item(Sample(Path("/data/c/clip.mp4"), 1, "g"), 7, of_clip=True)
    given = {
        "group": "1a", "clip": "", "frame": "0", "label": "a", "predicted": "b", "p_a": "0.25", "p_b": "0.75",
        "trust_softmax": "0.75", "suitability": "", "fingerprint": "0.5",
    }  # fmt: skip
    rows = judged_rows([still, frame], [given, given], np.array([0.5, np.nan]), fold=3, root=Path("/data"))
    assert list(rows[0]) == [
        "id", "file", "frame", "group", "fold", "true", "predicted", "p_a", "p_b", "trust", "trust_softmax",
        "suitability", "fingerprint",
    ]  # fmt: skip
    assert [row["id"] for row in rows] == ["0.png", "c/clip.mp4#7"]
    assert [row["frame"] for row in rows] == ["0", "7"]
    assert [row["trust"] for row in rows] == ["0.5", ""]
    assert {row["fold"] for row in rows} == {"3"}


def test_that_a_table_comes_back_as_it_was_written_and_no_part_of_it_stays(tmp_path):
    path = tmp_path / "rows.csv"
    write_rows(path, [{"id": "1", "trust": "0.5"}, {"id": "2", "trust": "", "trust_new": "1"}])
    assert read_rows(path) == [
        {"id": "1", "trust": "0.5", "trust_new": ""},
        {"id": "2", "trust": "", "trust_new": "1"},
    ]
    assert list(tmp_path.iterdir()) == [path]
    with path.open(newline="") as file:
        assert next(csv.reader(file)) == ["id", "trust", "trust_new"]


def test_that_rows_that_are_gone_are_told_in_a_sentence(tmp_path):
    with pytest.raises(ViewerError, match="rows of a finished fold cannot be read"):
        read_rows(tmp_path / "gone.csv")
