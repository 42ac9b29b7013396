import csv
from collections import Counter
from itertools import islice

import numpy as np
import pytest
from PIL import Image

from viewer.phantoms.cohort import LEAKS, Leak, lesion_cohort, ultrasound_cohort
from viewer.phantoms.folder import write_clips, write_lesions
from viewer.phantoms.lesion import KINDS as LESION_KINDS
from viewer.phantoms.ultrasound import KINDS as CLIP_KINDS


def small_lesions(patients, seed):
    return lesion_cohort(patients, seed, size=48)


def small_clips(patients, seed, frames=3):
    return ultrasound_cohort(patients, seed, frames=frames, rows=64, columns=80)


def test_that_a_cohort_is_the_same_each_time_and_grows_at_its_end():
    first = [lesion.pixels.tobytes() for lesion in small_lesions(4, 2)]
    assert first == [lesion.pixels.tobytes() for lesion in islice(small_lesions(9, 2), len(first))]


@pytest.mark.parametrize(("draw", "kinds"), [(small_lesions, LESION_KINDS), (small_clips, CLIP_KINDS)])
def test_that_classes_are_balanced_and_groups_distinct(draw, kinds):
    drawn = list(draw(18, 3))
    counts = Counter(one.label for one in drawn)
    assert set(counts) == set(kinds)
    assert max(counts.values()) - min(counts.values()) <= 1
    groups = Counter(one.group for one in drawn)
    assert len(groups) == 18
    assert len(set(groups.values())) == 1
    assert groups.keys().isdisjoint(one.group for one in draw(18, 4))


def test_that_classes_do_not_follow_the_place_within_a_patient():
    firsts = [lesion.label for lesion in islice(small_lesions(60, 5), 0, None, 3)]
    assert max(Counter(firsts).values()) < 30


def test_that_artefacts_fall_on_every_class():
    with_ruler = Counter(lesion.label for lesion in small_lesions(60, 6) if "ruler" in lesion.artefacts)
    assert set(with_ruler) == set(LESION_KINDS)
    assert 30 < with_ruler.total() < 100


def test_that_lesions_are_written_with_masks_and_a_table(tmp_path):
    table = write_lesions(tmp_path / "set", small_lesions(3, 1))
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    lesions = list(small_lesions(3, 1))
    assert list(rows[0]) == ["file", "class", "group_id", "mask", "ruler", "bubbles"]
    assert len(rows) == len(lesions) == 9
    for row, lesion in zip(rows, lesions, strict=True):
        assert (row["class"], row["group_id"]) == (lesion.label, lesion.group)
        assert row["ruler"] == str(int("ruler" in lesion.artefacts))
        assert np.array_equal(picture(table.parent / row["file"]), lesion.pixels)
        assert np.array_equal(picture(table.parent / row["mask"]) > 127, lesion.mask)


def leaking_lesions(artefact, share, patients=60):
    return list(lesion_cohort(patients, 8, size=48, leak=Leak(artefact, "nevus", share)))


@pytest.mark.parametrize("artefact", LEAKS)
def test_that_a_leak_gives_its_class_away_in_one_world_and_misleads_in_the_other(artefact):
    for lesion in leaking_lesions(artefact, 1.0):
        assert (artefact in lesion.artefacts) == (lesion.label == "nevus")
    for lesion in leaking_lesions(artefact, 0.0):
        assert (artefact in lesion.artefacts) == (lesion.label != "nevus")


def test_that_a_share_between_leaks_in_part_and_one_half_says_nothing():
    for share in (0.8, 0.5):
        lesions = leaking_lesions("ink", share, patients=120)
        for own, expected in ((True, share), (False, 1 - share)):
            inked = ["ink" in lesion.artefacts for lesion in lesions if (lesion.label == "nevus") == own]
            assert np.mean(inked) == pytest.approx(expected, abs=0.12)


@pytest.mark.parametrize("artefact", LEAKS)
def test_that_a_leak_changes_nothing_but_its_artefact(artefact):
    plain = small_lesions(6, 8)
    for one, other in zip(plain, leaking_lesions(artefact, 1.0, patients=6), strict=True):
        assert one.label == other.label
        assert np.array_equal(one.mask, other.mask)
        others = one.artefacts.keys() - {artefact}
        assert others == other.artefacts.keys() - {artefact}
        for name in others:
            assert np.array_equal(one.artefacts[name], other.artefacts[name])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("hat", "nevus", 0.5), "'hat' is none of ruler, ink, sticker"),
        (("ink", "wart", 0.5), "'wart' is none of keratosis"),
        (("ink", "nevus", 1.5), r"a share lies in \[0, 1\], not 1.5"),
    ],
)
def test_that_a_leak_of_nonsense_is_refused(words, said):
    with pytest.raises(ValueError, match=said):
        Leak(*words)


def test_that_the_table_says_where_what_leaks_lies(tmp_path):
    lesions = leaking_lesions("sticker", 1.0, patients=4)
    table = write_lesions(tmp_path, lesions, "sticker")
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert list(rows[0]) == ["file", "class", "group_id", "mask", "ruler", "bubbles", "leak"]
    for row, lesion in zip(rows, lesions, strict=True):
        assert bool(row["leak"]) == (lesion.label == "nevus")
        if row["leak"]:
            assert np.array_equal(picture(tmp_path / row["leak"]) > 127, lesion.artefacts["sticker"])
    assert len(list((tmp_path / "leaks").iterdir())) == sum(lesion.label == "nevus" for lesion in lesions)


def picture(path):
    with Image.open(path) as opened:
        return np.asarray(opened)


def test_that_clips_stream_through_the_writer(tmp_path):
    written = {}

    def write(path, clip, frames):
        written[path.name] = [frame.shape for frame in frames]
        assert clip.frames == len(written[path.name])

    table = write_clips(tmp_path, small_clips(2, 1), write)
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert list(rows[0]) == ["file", "class", "group_id", "frames", "severity"]
    assert [row["file"].removeprefix("clips/") for row in rows] == list(written)
    assert all(shapes == [(64, 80)] * 3 for shapes in written.values())
    assert {row["severity"] for row in rows} <= {"0", "1", "2", "3"}
