from pathlib import Path

import numpy as np

from viewer.assessment.suitability import Suitability
from viewer.datasets.query import DataQuery
from viewer.datasets.sample import Sample
from viewer.training.calibrating import Site
from viewer.training.calibration import HeldOut, prediction_rows
from viewer.training.fitting import Scored
from viewer.training.pictures import Item

STILL = Sample(Path("a.png"), 1, "Smith")
CLIPS = [Sample(Path("1/clip.mp4"), 0, "Smith"), Sample(Path("2/clip.mp4"), 0, "Smith")]
ITEMS = [
    Item(STILL, 0),
    *(Item(clip, frame, of_clip=True) for clip in CLIPS for frame in (3, 9)),
    Item(Sample(Path("3/clip.mp4"), 0, "Jones"), 2, of_clip=True),
]
SCORED = Scored(
    logits=np.log(np.array([[3, 1]] * 6, np.float32)),
    labels=np.array([item.sample.label for item in ITEMS]),
    groups=np.array([item.sample.group for item in ITEMS]),
    looks=np.ones((6, 8), np.float32),
    garbage=np.full(6, np.nan),
    trusts={"softmax": np.array([0.75, 0.5, np.nan, 1 / 3, 0.1, 0.2])},
    raws={},
)
JUDGED = [Suitability(suitability=0.1 * i, fingerprint=1 / 3) for i in range(1, 6)]
BLIND = Suitability(suitability=None, fingerprint=None, reason="no gate")


def rows(items=ITEMS):
    return prediction_rows(items, SCORED, [*JUDGED, BLIND], classes=("a", "b"), temperature=1.0)


def test_that_a_row_says_which_picture_it_is_and_what_came_out():
    first = rows()[0]
    assert list(first) == [
        "group", "clip", "frame", "label", "predicted", "p_a", "p_b", "trust_softmax", "suitability", "fingerprint",
    ]  # fmt: skip
    assert (first["label"], first["predicted"], first["p_a"], first["frame"]) == ("b", "a", "0.750000", 0)
    assert (first["trust_softmax"], first["suitability"], first["fingerprint"]) == ("0.75", "0.1", repr(1 / 3))


def test_that_what_is_not_known_is_an_empty_cell():
    assert rows()[2]["trust_softmax"] == ""
    assert (rows()[5]["suitability"], rows()[5]["fingerprint"]) == ("", "")


def test_that_frames_of_a_clip_share_a_pseudonym_and_a_still_has_none():
    clips = [row["clip"] for row in rows()]
    assert clips[0] == ""
    assert clips[1] == clips[2] != clips[3] == clips[4] != clips[5]
    assert len({*clips}) == 4
    assert all(len(str(clip)) == 16 for clip in clips[1:])


def test_that_pseudonyms_do_not_depend_on_where_the_files_lie():
    moved = [
        Item(Sample(Path("/elsewhere") / i.sample.path, i.sample.label, i.sample.group), i.frame, of_clip=i.of_clip)
        for i in ITEMS
    ]
    assert rows(moved) == rows()


def test_that_no_name_is_in_a_row():
    written = str(rows())
    assert not any(word in written for word in ("Smith", "Jones", "clip.mp4"))


def test_that_as_many_frames_are_read_of_a_held_out_clip_wherever_it_comes_from():
    site = Site(table=DataQuery(data=Path("a.csv"), image_root=Path(), label="class", group="patient"))
    assert HeldOut(fit=(), certify=(), seed=0).frames_per_clip == site.frames_per_clip == 40
