"""What holds now is derived from the journal."""

from dataclasses import replace
from datetime import UTC, datetime

from viewer.domain.result import Light
from viewer.store.acts import ReadingState, Stage, Subject
from viewer.store.current import (
    Agreement,
    Comparison,
    annotations,
    file_standings,
    key_images,
    latest_review,
    reviews,
    study_state,
    worklist,
)


def test_that_an_empty_journal_knows_nothing(journal, reader):
    digest = reader.subject.digest
    assert worklist(journal) == ()
    assert study_state(journal, "1.2") is None
    assert latest_review(journal, digest, 2) is None
    assert reviews(journal, digest) == ()
    assert annotations(journal, digest) == ()
    assert key_images(journal, digest) == frozenset()


def test_that_the_worklist_has_each_study_once_with_its_latest_state(journal, reader):
    journal.append(reader.study(ReadingState.UNREAD, "1"))
    journal.append(reader.study(ReadingState.UNREAD, "2"))
    journal.append(reader.study(ReadingState.IN_REVIEW, "1", reader="berta"))
    second, first = worklist(journal)
    assert (first.study, first.state, first.reader) == ("1", ReadingState.IN_REVIEW, "berta")
    assert (second.study, second.state, second.file) == ("2", ReadingState.UNREAD, "scans/2")
    assert first.since == datetime(2026, 3, 1, 9, 30, 3, tzinfo=UTC)
    assert study_state(journal, "1") is ReadingState.IN_REVIEW
    assert study_state(journal, "3") is None


def test_that_every_file_stands_as_its_latest_answers_and_marks_say(journal, reader):
    other = Subject(study="1.2", file="b.dcm", digest="c" * 64)
    red = replace(reader.ai, light=Light.RED)
    journal.append(reader.review(frame=0))
    journal.append(reader.review(frame=0, ai=red))  # replaces the amber one
    journal.append(reader.review(frame=1))
    journal.append(reader.review(subject=other, frame=None, ai=None, ai_seen=False))
    journal.append(reader.first(subject=Subject(study="1.2", digest="d" * 64)))  # not for good
    journal.append(reader.review(subject=replace(reader.subject, file="moved.dcm", study="9"), frame=5))
    for frame, marked in ((1, True), (4, True), (4, False)):
        journal.append(reader.key_image(frame, marked=marked))
    one, two = file_standings(journal)
    assert (one.digest, one.studies, one.files) == ("a" * 64, {"1.2", "9"}, {"scans/a.dcm", "moved.dcm"})
    assert (one.answers, one.light, one.key_images) == (3, Light.RED, 1)
    assert (two.digest, two.answers, two.light, two.key_images) == ("c" * 64, 1, None, 0)


def test_that_the_light_of_a_clip_as_a_whole_counts_for_more_than_those_of_its_frames(journal, reader):
    journal.append(reader.review(frame=0, ai=replace(reader.ai, light=Light.RED)))
    journal.append(reader.review(frame=None, ai=replace(reader.ai, light=Light.GREEN)))
    (file,) = file_standings(journal)
    assert (file.answers, file.light) == (2, Light.GREEN)


def test_that_a_study_named_by_a_folder_of_odd_letters_is_found(journal, reader):
    study = "folder:scans/\udcff é"
    journal.append(reader.study(ReadingState.DONE, study))
    assert study_state(journal, study) is ReadingState.DONE
    assert worklist(journal)[0].study == "folder:scans/\\udcff é"


def test_that_the_latest_answer_is_of_the_picture_the_reader_and_the_stage_asked_for(journal, reader):
    digest = reader.subject.digest
    journal.append(reader.first("wart"))
    journal.append(reader.review("nevus", follows=1))
    journal.append(reader.review("melanoma", reader="berta"))
    journal.append(reader.review("clip", frame=None))
    journal.append(reader.review("elsewhere", subject=Subject(study="1.2", digest="c" * 64)))

    def answer(*where: object, **which: object) -> str | None:
        entry = latest_review(journal, *where, **which)
        return entry and entry.act.answer

    assert answer(digest, 2) == "melanoma"
    assert answer(digest, 2, reader="anna") == "nevus"
    assert answer(digest, 2, reader="carl") is None
    assert answer(digest, 2, stage=Stage.FIRST) == "wart"
    assert answer(digest, None) == "clip"
    assert answer(digest, 3) is None
    assert [entry.act.answer for entry in reviews(journal, digest)] == ["wart", "nevus", "melanoma", "clip"]


def test_that_annotations_are_those_in_their_latest_form_that_were_not_removed(journal, reader):
    digest = reader.subject.digest
    journal.append(reader.annotation("line 1", payload={"x": 1}))
    journal.append(reader.annotation("line 2", payload={"x": 2}, frame=5))
    journal.append(reader.annotation("line 1", payload={"x": 3}, payload_schema=2))
    journal.append(reader.annotation("line 3"))
    journal.append(reader.annotation("line 3", payload=None))
    second, first = annotations(journal, digest)
    assert (first.act.item, first.act.payload, first.act.payload_schema) == ("line 1", {"x": 3}, 2)
    assert (second.act.item, second.act.frame) == ("line 2", 5)
    journal.append(reader.annotation("line 3", payload={"back": True}))
    assert [entry.act.item for entry in annotations(journal, digest)] == ["line 2", "line 1", "line 3"]
    assert annotations(journal, "c" * 64) == ()


def test_that_key_images_are_the_frames_marked_now(journal, reader):
    for frame, marked in ((3, True), (5, True), (3, False), (8, False), (9, True), (9, False), (9, True)):
        journal.append(reader.key_image(frame, marked=marked))
    assert key_images(journal, reader.subject.digest) == {5, 9}


def test_that_what_another_viewer_records_holds_here_too(opened, reader):
    one, other = opened(), opened()
    one.append(reader.study(ReadingState.UNREAD))
    other.append(reader.study(ReadingState.DONE))
    assert study_state(one, "1.2") is ReadingState.DONE


def test_that_first_answers_are_compared_with_what_the_reader_saw_afterwards(journal, reader):
    kept = Comparison("anna")
    assert kept.agreement(journal) == Agreement(first=0, agreed=0, changed=0, to_ai=0, open=0)
    pairs = (("nevus", "nevus"), ("melanoma", "nevus"), ("nevus", "melanoma"), ("keratosis", "keratosis"))
    for frame, (first, last) in enumerate(pairs):
        sequence = journal.append(reader.first(first, frame=frame)).sequence
        journal.append(reader.review("unsure", frame=frame, follows=sequence))
        journal.append(reader.review(last, frame=frame, follows=sequence))  # the last word counts
        kept.agreement(journal)  # reads on from where it was
    for comparison in (kept, Comparison("anna")):
        assert comparison.agreement(journal) == Agreement(first=4, agreed=2, changed=2, to_ai=1, open=0)


def test_that_agreement_with_a_class_that_was_never_seen_is_not_told(journal, reader):
    sequence = journal.append(reader.first(frame=0)).sequence
    journal.append(reader.review(frame=0, follows=sequence, ai_seen=False))
    journal.append(reader.first(frame=1))
    journal.append(reader.first(frame=2, reader="berta"))
    assert Comparison("anna").agreement(journal) == Agreement(first=0, agreed=0, changed=0, to_ai=0, open=1)
