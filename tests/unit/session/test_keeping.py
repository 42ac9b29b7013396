"""What is drawn goes to the journal and comes back the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from viewer.domain.annotation import Annotation, Kind
from viewer.domain.image import Clip
from viewer.session.edits import Change, EditModel
from viewer.session.keeping import deeds_of, drawn_on
from viewer.store import acts
from viewer.store.acts import Subject
from viewer.store.journal import Journal

DIGEST = "a" * 64
SUBJECT = Subject(study="1.2.3", file="a.dcm", digest=DIGEST)
CLIP = Clip(path=Path("a.dcm"), kind="dicom", frames=4, rows=10, columns=10, photometric="RGB")
LINE = Annotation(kind=Kind.DISTANCE, frame=3, points=((0.1, 0), (5, 5.25)), text="Femur", author="Reader", id="line")
BOX = Annotation(kind=Kind.RECTANGLE, frame=1, points=((1, 1), (4, 4)), id="box")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "reviews.db") as made:
        yield made


@pytest.fixture
def model(journal: Journal) -> EditModel:
    """A model whose final changes are in the journal at once."""
    made = EditModel()

    def keep(change: Change) -> None:
        for deed in deeds_of(change):
            journal.append(deed.act("Reader", SUBJECT))

    made.watch(keep)
    return made


def kept(journal: Journal) -> tuple[Annotation, ...]:
    return drawn_on(journal, CLIP, DIGEST).annotations


def test_that_shapes_come_back_as_they_were(model, journal):
    model.add("a.dcm", LINE)
    model.add("a.dcm", BOX)
    model.change("a.dcm", LINE.moved(1, 1))
    assert set(kept(journal)) == {LINE.moved(1, 1), BOX}


def test_that_what_was_deleted_stays_away_and_undo_is_kept_as_well(model, journal):
    model.add("a.dcm", LINE)
    model.delete("a.dcm", "line")
    assert kept(journal) == ()
    model.undo("a.dcm")
    assert kept(journal) == (LINE,)
    assert journal.head().sequence == 3


def test_that_key_marks_come_back(model, journal):
    model.toggle_key_image("a.dcm", 2)
    model.toggle_key_image("a.dcm", 0)
    model.toggle_key_image("a.dcm", 2)
    assert [(entry.kind, entry.frame) for entry in kept(journal)] == [(Kind.KEY_IMAGE, 0)]


def test_that_a_drag_is_one_entry_and_a_drag_given_up_none(model, journal):
    model.add("a.dcm", LINE)
    for end in (model.cancel, model.commit):
        model.begin("a.dcm", "Move line")
        for step in (1, 2, 3):
            model.change("a.dcm", LINE.moved(step, step))
        end()
    assert journal.head().sequence == 2
    assert kept(journal) == (LINE.moved(3, 3),)


def test_that_what_is_brought_back_is_not_kept_again(model, journal):
    model.bring_back("a.dcm", (LINE,))
    assert journal.head().sequence == 0


@pytest.mark.parametrize(
    ("payload", "schema"),
    [({}, 1), ({"kind": "spiral"}, 1), ({"id": "x"}, 2), ({"points": [[float(10**9), 0]]}, 1)],
)
def test_that_entries_of_another_form_are_counted_and_left(journal, payload, schema, caplog):
    act = acts.Annotation(
        reader="R", subject=SUBJECT, frame=0, item="x", payload={**payload, "text": "Doe"}, payload_schema=schema
    )
    journal.append(act)
    found = drawn_on(journal, CLIP, DIGEST)
    assert (found.annotations, found.unreadable) == ((), 1)
    assert "Doe" not in caplog.text


def test_that_marks_on_frames_that_are_not_there_are_counted(journal):
    journal.append(acts.KeyImage(reader="R", subject=SUBJECT, frame=9))
    assert drawn_on(journal, CLIP, DIGEST).unreadable == 1
