import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.domain.annotation import Annotation, Kind
from viewer.domain.annotation_json import (
    BadAnnotations,
    ImageAnnotations,
    annotation_of,
    dumps,
    loads,
    record_of,
)
from viewer.domain.image import Clip

LINE = Annotation(
    kind=Kind.DISTANCE, frame=2, points=((1, 2), (3.25, 4)), text="Länge\n2", author="reader 1", id="a1"
)
KEY = Annotation(kind=Kind.KEY_IMAGE, frame=0, id="k")
RECORD = {"id": "a1", "kind": "distance", "frame": 2, "points": [[1, 2], [3.25, 4]], "text": "", "author": ""}
IMAGE = {"file": "a.dcm", "rows": 4, "columns": 5, "frames": 3}


def document(**changes) -> str:
    return json.dumps({"schema": 1, "image": IMAGE, "annotations": [RECORD], **changes})


def changed(**changes) -> dict:
    return {**RECORD, **changes}


def without(name: str) -> dict:
    return {key: value for key, value in RECORD.items() if key != name}


def test_that_written_annotations_are_read_back_exactly():
    kept = ImageAnnotations(file="x\udcff ä.dcm", rows=4, columns=5, frames=3, annotations=(LINE, KEY))

    again = loads(dumps(kept).encode(), "file")

    assert again == kept
    assert again.annotations[0].text == "Länge\n2"


def test_that_no_annotations_are_a_document_too():
    empty = ImageAnnotations(**IMAGE, annotations=())

    assert loads(dumps(empty), "file") == empty


@given(
    st.sampled_from([Kind.DISTANCE, Kind.ARROW, Kind.ELLIPSE]),
    st.tuples(*[st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))] * 2),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=50),
)
def test_that_any_annotation_survives_the_way_to_json_and_back(kind, points, text):
    made = Annotation(kind=kind, frame=7, points=points, text=text, author=text)

    assert annotation_of(json.loads(json.dumps(record_of(made))), "it") == made


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("", "marks.json: it is not valid JSON"),
        (b"\xff\xfe", "marks.json: it is not valid JSON"),
        ("[" * 100_000, "marks.json: it is not valid JSON"),
        ("[]", "marks.json: it is [] where an object belongs"),
        ("{}", 'marks.json: the field "schema" is missing'),
        (document(schema=2), "marks.json: it has schema 2, and this version reads schema 1"),
        (document(schema=True), 'marks.json: "schema" is true where a whole number belongs'),
        (document(schema="1"), 'marks.json: "schema" is "1" where a whole number belongs'),
        (document(extra=1), 'marks.json: the field "extra" is unknown'),
        (document(image=None), "marks.json: image: it is null where an object belongs"),
        (document(image={**IMAGE, "rows": 0}), "marks.json: an image needs rows, columns and frames"),
        (document(image={**IMAGE, "rows": 1.5}), 'marks.json: image: "rows" is 1.5 where a whole number belongs'),
        (document(image={**IMAGE, "depth": 1}), 'marks.json: image: the field "depth" is unknown'),
        (document(image={**IMAGE, "frames": 2}), "marks.json: an annotation lies on frame 2, and the last one is 1"),
        (document(annotations={}), 'marks.json: "annotations" is not a list'),
        (document(annotations=[RECORD, 5]), "marks.json: annotation 2: it is 5 where an object belongs"),
        (document(annotations=[RECORD, RECORD]), "marks.json: two annotations have the same identifier"),
        (document(annotations=[without("id")]), 'marks.json: annotation 1: the field "id" is missing'),
        (document(annotations=[changed(colour="red")]), 'marks.json: annotation 1: the field "colour" is unknown'),
        (
            document(annotations=[changed(kind="spline")]),
            'marks.json: annotation 1: its kind is "spline", which this version does not know',
        ),
        (
            document(annotations=[changed(kind=["distance"])]),
            'marks.json: annotation 1: "kind" is ["distance"] where a text belongs',
        ),
        (
            document(annotations=[changed(points=[[1, 2], [3]])]),
            'marks.json: annotation 1: "points" is not a list of pairs of numbers',
        ),
        (
            document(annotations=[changed(points=[[1, 2], [3, "4"]])]),
            'marks.json: annotation 1: "points" is not a list of pairs of numbers',
        ),
        (
            document(annotations=[changed(points=[[1, 2], [3, True]])]),
            'marks.json: annotation 1: "points" is not a list of pairs of numbers',
        ),
        (
            document(annotations=[changed(points=[[1, 2]])]),
            "marks.json: annotation 1: its number of points is 1, and that of a distance is 2",
        ),
        (
            document(annotations=[changed(points=[[1, 2], [3, 10**400]])]),
            "marks.json: annotation 1: a coordinate lies far outside any picture",
        ),
        (document(annotations=[changed(points=[[1, 2], [3, float("nan")]])]), "marks.json: it is not valid JSON"),
        (
            document(annotations=[changed(frame=-1)]),
            "marks.json: annotation 1: its frame is -1, and the first one is 0",
        ),
        (
            document(annotations=[changed(text="\ud800")]),
            "marks.json: annotation 1: its text or author holds a character that cannot be written",
        ),
        (
            document(annotations=[changed(text=["x" * 99])]),
            f'marks.json: annotation 1: "text" is ["{"x" * 38}… where a text belongs',
        ),
    ],
)
def test_that_bad_input_is_told_in_one_sentence(given, sentence):
    with pytest.raises(BadAnnotations) as error:
        loads(given, "marks.json")

    assert str(error.value) == sentence
    assert "\n" not in str(error.value)


def test_that_a_frame_is_a_key_image_once():
    with pytest.raises(ValueError, match="key image twice"):
        ImageAnnotations(**IMAGE, annotations=(KEY, Annotation(kind=Kind.KEY_IMAGE, frame=0), LINE))


def test_that_annotations_belong_to_a_picture_of_their_size():
    clip = Clip(path=Path("a.dcm"), kind="dicom", frames=3, rows=4, columns=5, photometric="RGB")
    other = Clip(path=Path("a.dcm"), kind="dicom", frames=3, rows=5, columns=4, photometric="RGB")

    kept = ImageAnnotations.of(clip, (LINE,))

    assert (kept.file, kept.annotations) == ("a.dcm", (LINE,))
    assert kept.belongs_to(clip)
    assert not kept.belongs_to(other)
