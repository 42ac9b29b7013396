"""The worklist joins what is open with what the journal knows."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from viewer.domain.image import Clip, Modality
from viewer.domain.result import Light
from viewer.session.worklist import (
    Known,
    Marks,
    Sort,
    StudyRow,
    counts_of_states,
    marks_of,
    matching,
    read_known,
    reopening,
    row_record,
    sorted_rows,
    state_of,
    study_facts,
    study_rows,
)
from viewer.store.acts import Act, AiAnswer, KeyImage, ReadingState, Review, StudyFacts, Subject
from viewer.store.current import FileStanding, WorklistRow
from viewer.store.journal import Journal

UNREAD, IN_REVIEW, DONE = ReadingState
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FACTS = StudyFacts(title="Chest", modality="ultrasound", date="20260228", pictures=4)


def clip(path: str = "scans/a.png", **changes: Any) -> Clip:
    values: dict[str, Any] = {
        "path": Path(path),
        "kind": "raster",
        "frames": 1,
        "rows": 2,
        "columns": 2,
        "photometric": "RGB",
    }
    return Clip(**{**values, **changes})


def standing(
    name: str = "a", study: str = "folder:scans", *, light: Light | None = Light.AMBER, key_images: int = 0
) -> FileStanding:
    return FileStanding(
        digest=name * 64,
        studies=frozenset({study}),
        files=frozenset({f"scans/{name}.png"}),
        answers=1,
        light=light,
        key_images=key_images,
    )


def listed(
    study: str = "folder:scans", state: ReadingState = IN_REVIEW, about: StudyFacts | None = FACTS
) -> WorklistRow:
    return WorklistRow(study=study, file="scans", state=IN_REVIEW, reader="anna", since=NOON, about=about)


def test_that_a_study_that_is_only_open_is_unread() -> None:
    (row,) = study_rows([clip(), clip("scans/b.png")], Known())
    assert (row.title, row.state, row.reader, row.since) == ("scans", UNREAD, "", None)
    assert (row.answered, row.pictures, row.lights, row.is_open) == (0, 2, {}, True)


def test_that_a_study_that_is_not_open_is_told_from_the_journal_alone() -> None:
    (row,) = study_rows([], Known(studies=(listed(),), files=(standing(), standing("b", light=Light.RED))))
    assert (row.title, row.patient, row.state, row.reader) == ("Chest", "", IN_REVIEW, "anna")
    assert (row.answered, row.pictures, row.share) == (2, 4, 0.5)
    assert list(row.lights.items()) == [(Light.RED, 1), (Light.AMBER, 1)]


def test_that_a_journal_of_the_first_form_knows_neither_title_nor_number() -> None:
    (row,) = study_rows([], Known(studies=(listed(about=None),), files=(standing(),)))
    assert (row.title, row.answered, row.pictures, row.share) == ("scans", 1, 0, 0.0)


def test_that_lights_of_now_replace_those_of_earlier_answers() -> None:
    known = Known(files=(standing(), standing("b", light=Light.RED)))
    clips = [clip(), clip("scans/b.png"), clip("scans/c.png")]
    lights = {"scans/a.png": Light.GREEN, "scans/c.png": Light.GREY}
    (row,) = study_rows(clips, known, lights)
    assert list(row.lights.items()) == [(Light.RED, 1), (Light.GREY, 1), (Light.GREEN, 1)]


def test_that_a_study_opened_in_part_has_as_many_pictures_as_ever() -> None:
    known = Known(studies=(listed(),), files=(standing("b"),))
    (row,) = study_rows([clip()], known)
    assert (row.answered, row.pictures) == (1, 4)
    assert row.about is not None
    assert row.about.pictures == 4


def test_that_answers_without_a_state_put_an_open_study_in_review() -> None:
    (row,) = study_rows([clip()], Known(files=(standing(),)))
    assert row.state is IN_REVIEW


def test_that_a_file_is_known_by_its_path_until_its_content_is() -> None:
    clips = [clip(), clip("moved.png")]
    assert marks_of(clips, Known(files=(standing(key_images=2),))) == {"scans/a.png": Marks(1, 2)}
    digests = {"scans/a.png": "f" * 64, "moved.png": "a" * 64}
    assert marks_of(clips, Known(files=(standing(),), digests=digests)) == {"moved.png": Marks(1, 0)}


def test_that_a_folder_of_odd_letters_is_one_study() -> None:
    odd = clip("\udcff/a.png")
    (row,) = study_rows([odd], Known(studies=(listed("folder:\\udcff"),)))
    assert (row.state, row.is_open) == (IN_REVIEW, True)


def row(name: str, **changes: Any) -> StudyRow:
    values: dict[str, Any] = {
        "study": name,
        "file": f"scans/{name}",
        "patient": "",
        "about": StudyFacts(title=name, modality="dermoscopy", date="20260101", pictures=4),
        "answered": 0,
        "pictures": 4,
        "state": UNREAD,
        "reader": "",
        "since": None,
        "lights": {},
        "is_open": True,
    }
    return StudyRow(**{**values, **changes})


ROWS = (
    row("b", state=DONE, answered=4, lights={Light.RED: 1, Light.GREEN: 3}),
    row("C", lights={Light.AMBER: 4}, about=None),
    row("a", state=IN_REVIEW, answered=1, lights={Light.RED: 2}, patient="Zoe"),
    row("d", answered=2, about=StudyFacts(title="d", modality="xray", date="20260301", pictures=4)),
)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (Sort.OPENED, "bCad"),
        (Sort.NAME, "bCda"),
        (Sort.STATE, "Cdab"),
        (Sort.LIGHT, "abCd"),
        (Sort.PROGRESS, "Cadb"),
        (Sort.DATE, "dbaC"),
    ],
)
def test_that_rows_are_sorted(sort: Sort, order: str) -> None:
    assert "".join(one.study for one in sorted_rows(ROWS, sort)) == order


@pytest.mark.parametrize(
    ("words", "state", "light", "found"),
    [
        ("", None, None, "bCad"),
        ("zoe", None, None, "a"),
        ("derm DONE", None, None, "b"),
        ("unreliable", None, None, "ba"),
        ("", UNREAD, None, "Cd"),
        ("", None, Light.RED, "ba"),
        ("", DONE, Light.RED, "b"),
        ("nobody", None, None, ""),
    ],
)
def test_that_rows_are_found(words: str, state: ReadingState | None, light: Light | None, found: str) -> None:
    assert "".join(one.study for one in matching(ROWS, words, state, light)) == found


def test_that_states_are_counted_in_the_order_of_reading() -> None:
    assert list(counts_of_states(ROWS).items()) == [(UNREAD, 2), (IN_REVIEW, 1), (DONE, 1)]


def test_that_a_row_is_told_as_plain_values_without_the_patient() -> None:
    record = row_record(row("a", patient="Zoe", since=NOON, reader="anna", lights={Light.RED: 2}))
    assert record == {
        "study": "a",
        "file": "scans/a",
        "title": "a",
        "modality": "dermoscopy",
        "date": "20260101",
        "pictures": 4,
        "answered": 0,
        "state": "unread",
        "reader": "anna",
        "since": "2026-03-01T12:00:00.000+00:00",
        "lights": {"red": 2},
        "open": True,
    }


def test_that_a_study_without_a_description_is_called_by_its_file_or_folder() -> None:
    assert study_facts([clip("scans/x.dcm", study_uid="1")]).title == "x.dcm"
    assert study_facts([clip("scans/x.dcm", study_uid="1"), clip("scans/y.dcm", study_uid="1")]).title == "scans"
    facts = study_facts(
        [
            clip("x.dcm", study_uid="1", study_description="Chest", study_date="20260301", modality=Modality.XRAY),
            clip("y.dcm", study_uid="1", modality=Modality.ULTRASOUND),
        ]
    )
    assert facts == StudyFacts(title="Chest", modality="ultrasound, xray", date="20260301", pictures=2)


@pytest.mark.parametrize(
    ("paths", "opened"),
    [
        (["scans/a.png"], "scans/a.png"),
        (["scans/a.png", "scans/b.png"], "scans"),
        (["study/1/a.dcm", "study/2/b.dcm"], "study"),
        (["one/1/a.dcm", "two/2/b.dcm"], "one/1"),
        (["scans.zip/inner/a.png", "scans.zip/b.png"], "scans.zip"),
    ],
)
def test_that_what_to_open_again_holds_all_of_a_study_and_little_else(paths: list[str], opened: str) -> None:
    assert reopening([clip(path) for path in paths]) == str(Path(opened))


def test_that_what_changed_since_is_read_as_if_all_were_read_anew(tmp_path: Path) -> None:
    subject = Subject(study="1", file="a.png", digest="a" * 64)
    other = Subject(study="2", file="b.png", digest="b" * 64)
    ai = AiAnswer(predicted="n", final="n", trust=None, light=Light.RED, bundle="b 1", bundle_digest="b" * 64)

    def answer(subject: Subject, frame: int, *, ai: AiAnswer | None = None) -> Review:
        return Review(reader="anna", subject=subject, frame=frame, answer="n", ai=ai, ai_seen=False)

    steps: tuple[Act, ...] = (
        answer(subject, 0),
        state_of("1", "a.png", FACTS, IN_REVIEW)("anna"),
        answer(other, 0, ai=ai),
        state_of("2", "b.png", None, IN_REVIEW)("anna"),
        KeyImage(reader="anna", subject=subject, frame=0),
        answer(subject, 1, ai=ai),
        state_of("1", "a.png", FACTS, DONE)("anna"),
        KeyImage(reader="anna", subject=subject, frame=0, marked=False),
        answer(subject, 0, ai=ai),
    )
    with Journal(tmp_path / "reviews.db") as journal:
        known = Known()
        for act in steps:
            journal.append(act)
            known = read_known(journal, {}, known)
            whole = read_known(journal, {})
            assert (known.head, known.studies) == (whole.head, whole.studies)
            assert {file.digest: file for file in known.files} == {file.digest: file for file in whole.files}
        assert [row.study for row in known.studies] == ["2", "1"]


def test_that_a_file_whose_only_mark_was_taken_away_has_none(tmp_path: Path) -> None:
    subject = Subject(study="1", file="a.png", digest="a" * 64)
    with Journal(tmp_path / "reviews.db") as journal:
        journal.append(KeyImage(reader="anna", subject=subject, frame=0))
        known = read_known(journal, {})
        assert marks_of([clip("a.png")], known) == {"a.png": Marks(0, 1)}
        journal.append(KeyImage(reader="anna", subject=subject, frame=0, marked=False))
        assert marks_of([clip("a.png")], read_known(journal, {}, known)).get("a.png", Marks()) == Marks()
