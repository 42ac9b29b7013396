import dataclasses
import os
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from viewer.domain.errors import ViewerError
from viewer.store import references
from viewer.store.references import ReferenceStore
from viewer.testing import builders

CLASSES = ("nevus", "melanoma", "keratosis", "wart")
WEIGHTS = "ab" * 32
TODAY = date(2026, 3, 1)
PICTURES = builders.evidence(1).references


@pytest.fixture
def store(tmp_path):
    return ReferenceStore(tmp_path / "references", WEIGHTS)


def only_file(tmp_path):
    (file,) = (tmp_path / "references").rglob("*.safetensors")
    return file


def test_that_what_was_added_comes_back(store):
    store.add(Path("/data/a"), PICTURES, CLASSES, added=TODAY)
    found, faults = store.load(CLASSES)
    assert not faults
    assert found.files == PICTURES.files
    for name in ("features", "labels", "groups", "frames", "thumbnails"):
        np.testing.assert_array_equal(getattr(found, name), getattr(PICTURES, name))


def test_that_nothing_is_there_before_anything_is_added(store):
    assert store.load(CLASSES) == (None, ())
    assert store.folders() == ((), ())
    assert not store.remove(Path("/data/a"))


def test_that_folders_are_joined_listed_and_removed_one_by_one(store):
    store.add(Path("/data/b"), PICTURES, CLASSES, added=TODAY)
    store.add(Path("/data/a"), PICTURES, CLASSES, added=TODAY)
    assert len(store.load(CLASSES)[0].labels) == 24
    (first, second), _ = store.folders()
    assert (first.data, second.data) == (Path("/data/a"), Path("/data/b"))
    assert (first.pictures, first.groups, first.added) == (12, 6, TODAY)
    assert first.classes == dict.fromkeys(CLASSES, 3)
    assert store.remove(Path("/data/a"))
    assert [folder.data for folder in store.folders()[0]] == [Path("/data/b")]


def test_that_adding_a_folder_again_replaces_it(store):
    for _ in range(2):
        store.add(Path("/data/a"), PICTURES, CLASSES, added=TODAY)
    assert len(store.load(CLASSES)[0].labels) == 12


def test_that_another_network_does_not_see_them(store, tmp_path):
    store.add(Path("/data/a"), PICTURES, CLASSES, added=TODAY)
    assert ReferenceStore(tmp_path / "references", "cd" * 32).load(CLASSES) == (None, ())


def test_that_labels_follow_the_order_of_the_model_s_classes(store):
    store.add(Path("/data/a"), PICTURES, CLASSES, added=TODAY)
    turned = store.load(CLASSES[::-1])[0]
    np.testing.assert_array_equal(turned.labels, 3 - PICTURES.labels)


@pytest.mark.parametrize("damage", ["truncated", "zeros", "empty", "other"])
def test_that_a_damaged_file_costs_one_sentence_and_the_rest_goes_on(store, tmp_path, damage):
    store.add(Path("/data/a"), PICTURES, CLASSES, added=TODAY)
    file = only_file(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(
        {
            "truncated": whole[: len(whole) // 2],
            "zeros": bytes(len(whole)),
            "empty": b"",
            "other": whole.replace(b'"data"', b'"dota"')
            .replace(b'[\\"nevus\\"', b'[\\"nevus ,')
            .replace(b"files", b"filed"),
        }[damage]
    )
    store.add(Path("/data/b"), PICTURES, CLASSES, added=TODAY)
    found, (fault,) = store.load(CLASSES)
    assert len(found.labels) == 12
    assert str(file) in fault
    assert "add their folder again" in fault
    folders, (told,) = store.folders()
    assert [folder.data for folder in folders] == [Path("/data/b")]
    assert str(file) in told
    store.add(Path("/data/a"), PICTURES, CLASSES, added=TODAY)  # which mends it
    assert store.load(CLASSES)[1] == ()


@pytest.mark.parametrize(
    "spoil",
    [
        {"features": np.full_like(PICTURES.features, np.nan)},
        {"thumbnails": PICTURES.thumbnails[:5]},
        {"labels": PICTURES.labels + 9},
        {"files": PICTURES.files[:3]},
    ],
    ids=["nan", "too few pictures", "no such class", "too few files"],
)
def test_that_what_does_not_fit_together_is_never_shown(store, spoil):
    store.add(Path("/data/a"), dataclasses.replace(PICTURES, **spoil), CLASSES, added=TODAY)
    found, faults = store.load(CLASSES)
    assert found is None
    assert len(faults) == 1


def test_that_a_class_the_model_no_longer_has_costs_one_sentence(store):
    store.add(Path("/data/a"), PICTURES, CLASSES, added=TODAY)
    found, (fault,) = store.load(("nevus", "melanoma"))
    assert found is None
    assert "keratosis" in fault or "not in" in fault


def test_that_features_of_another_width_are_left_out(store):
    store.add(Path("/data/a"), PICTURES, CLASSES, added=TODAY)
    wider = dataclasses.replace(PICTURES, features=np.tile(PICTURES.features, 2))
    store.add(Path("/data/b"), wider, CLASSES, added=TODAY)
    found, (fault,) = store.load(CLASSES)
    assert len(found.labels) == 12
    assert "another network" in fault


def test_that_there_are_only_so_many(store, monkeypatch):
    monkeypatch.setattr(references, "MOST_PICTURES", 20)
    store.add(Path("/data/a"), PICTURES, CLASSES, added=TODAY)
    store.add(Path("/data/a"), PICTURES, CLASSES, added=TODAY)  # in place of the first
    with pytest.raises(ViewerError, match="24 references for this model, more than 20"):
        store.add(Path("/data/b"), PICTURES, CLASSES, added=TODAY)


def test_that_a_file_in_place_of_the_folder_costs_one_sentence(tmp_path):
    (tmp_path / "references").write_bytes(b"")
    with pytest.raises(ViewerError, match="cannot be kept"):
        ReferenceStore(tmp_path / "references", WEIGHTS).add(Path("/data/a"), PICTURES, CLASSES, added=TODAY)


def test_that_a_name_that_is_no_text_is_kept_as_it_is(store):
    odd = Path(os.fsdecode(b"/data/\xff"))
    store.add(odd, PICTURES, CLASSES, added=TODAY)
    assert [folder.data for folder in store.folders()[0]] == [odd]
    assert store.remove(odd)


def test_that_no_other_user_can_look_into_the_folder(store, tmp_path):
    store.add(Path("/data/a"), PICTURES, CLASSES, added=TODAY)
    assert only_file(tmp_path).parent.stat().st_mode & 0o077 == 0
