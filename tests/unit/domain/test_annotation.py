import math

import pytest

from viewer.domain.annotation import FARTHEST, MAX_POINTS, MAX_TEXT, Annotation, Kind

LINE = Annotation(kind=Kind.DISTANCE, frame=2, points=((1, 2), (3, 4)), author="reader 1")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"kind": Kind.DISTANCE, "points": ((0, 0),)}, "its number of points is 1, and that of a distance is 2"),
        ({"kind": Kind.ANGLE, "points": ((0, 0),) * 4}, "angle is 3"),
        ({"kind": Kind.COBB, "points": ((0, 0),) * 3}, "cobb is 4"),
        ({"kind": Kind.POLYGON, "points": ((0, 0),) * 2}, f"polygon is 3 to {MAX_POINTS}"),
        ({"kind": Kind.POLYGON, "points": ((0, 0),) * (MAX_POINTS + 1)}, "polygon is 3 to"),
        ({"kind": Kind.KEY_IMAGE, "points": ((0, 0),)}, "key image is 0"),
        ({"kind": Kind.ARROW, "points": ((0, 0), (math.nan, 0))}, "far outside"),
        ({"kind": Kind.ARROW, "points": ((0, 0), (0, FARTHEST * 2))}, "far outside"),
        ({"kind": Kind.KEY_IMAGE, "frame": -1}, "its frame is -1"),
        ({"kind": Kind.TEXT, "points": ((0, 0),), "text": " \n"}, "needs words"),
        ({"kind": Kind.TEXT, "points": ((0, 0),), "text": "x" * (MAX_TEXT + 1)}, "longer than"),
        ({"kind": Kind.TEXT, "points": ((0, 0),), "text": "a\x00b"}, "cannot be written"),
        ({"kind": Kind.TEXT, "points": ((0, 0),), "text": "a\ud800b"}, "cannot be written"),
        ({"kind": Kind.KEY_IMAGE, "author": "a\x1bb"}, "cannot be written"),
        ({"kind": Kind.KEY_IMAGE, "id": ""}, "identifier"),
        ({"kind": Kind.KEY_IMAGE, "id": "../x"}, "identifier"),
    ],
)
def test_that_an_annotation_refuses_nonsense_at_birth(fields, reason):
    with pytest.raises(ValueError, match=reason):
        Annotation(**{"frame": 0, **fields})


def test_that_every_annotation_has_an_identifier_of_its_own():
    assert len({Annotation(kind=Kind.KEY_IMAGE, frame=0).id for _ in range(100)}) == 100


def test_that_moving_and_changing_keep_the_identity():
    moved = LINE.moved(10, -1)

    assert moved.points == ((11, 1), (13, 3))
    assert LINE.with_point(1, (9, 9)).points == ((1, 2), (9, 9))
    assert LINE.with_point(0, (9, 9)).points == ((9, 9), (3, 4))
    assert LINE.with_text("nodule").text == "nodule"
    assert {moved.id, LINE.with_point(1, (9, 9)).id, LINE.with_text("x").id} == {LINE.id}
    assert LINE.points == ((1, 2), (3, 4))


def test_that_words_and_names_stay_out_of_the_repr():
    noted = Annotation(kind=Kind.TEXT, frame=0, points=((0, 0),), text="Mrs Doe", author="Dr Roe")

    assert "Doe" not in repr(noted)
    assert "Roe" not in repr(noted)
