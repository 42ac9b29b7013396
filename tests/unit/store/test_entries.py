"""Entries go to canonical JSON and back, and are chained by a hash anybody can compute."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from viewer.store.acts import ReadingState, StudyFacts
from viewer.store.canonical import START, canonical, chained, spoken
from viewer.store.entries import entry_of, entry_text, time_text

NOON = datetime(2026, 3, 1, 12, 0, 0, 125999, tzinfo=UTC)


def test_that_canonical_json_is_sorted_without_blanks_and_in_plain_letters():
    assert canonical({"b": [1, 0.1, None, True], "a": {"ü": "→"}}) == '{"a":{"ü":"→"},"b":[1,0.1,null,true]}'


def test_that_bytes_that_are_no_text_are_written_out():
    assert canonical("a\udcff.png") == '"a\\\\udcff.png"'
    assert json.loads(canonical("a\udcff.png")) == "a\\udcff.png" == spoken("a\udcff.png")
    assert spoken("plain") == "plain"


@pytest.mark.parametrize("value", [float("inf"), {1: 2, "1": 3}, {"a": b"bytes"}])
def test_that_what_json_cannot_hold_is_refused(value):
    with pytest.raises(ValueError, match="cannot be written as JSON"):
        canonical(value)


def test_that_an_endless_value_is_refused():
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(ValueError, match="cannot be written as JSON"):
        canonical(endless)


def test_that_the_hash_is_sha256_over_the_one_before_a_line_break_and_the_entry():
    assert chained(START, "{}") == hashlib.sha256(b"0" * 64 + b"\n{}").hexdigest()
    assert chained(START, '"ü"') == hashlib.sha256(b"0" * 64 + b'\n"\xc3\xbc"').hexdigest()


def test_that_times_are_utc_with_milliseconds():
    assert time_text(NOON) == "2026-03-01T12:00:00.125Z"
    assert time_text(NOON.astimezone(timezone(timedelta(hours=2)))) == "2026-03-01T12:00:00.125Z"
    with pytest.raises(ValueError, match="without its zone"):
        time_text(NOON.replace(tzinfo=None))


def test_that_an_entry_is_written_as_documented(reader):
    assert entry_text(3, NOON, reader.key_image()) == (
        '{"content":{"marked":true},"frame":2,"kind":"key-image","reader":"anna","sequence":3,'
        f'"subject":{{"digest":"{"a" * 64}","file":"scans/a.dcm","series":"1.2.3","study":"1.2"}},'
        '"time":"2026-03-01T12:00:00.125Z"}'
    )


def test_that_every_kind_of_act_comes_back_as_it_was(reader):
    for act in reader.everything():
        entry = entry_of(entry_text(7, NOON, act), "f" * 64)
        assert entry.act == act
        assert type(entry.act) is type(act)
        assert (entry.sequence, entry.hash) == (7, "f" * 64)
        assert entry.time == NOON.replace(microsecond=125000)


def test_that_a_removed_annotation_and_a_review_without_a_model_come_back(reader):
    for act in (reader.annotation(payload=None), reader.review(ai=None, ai_seen=False, frame=None)):
        assert entry_of(entry_text(1, NOON, act), "").act == act


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"kind":"review"}', '{"kind":["x"]}', "null"],
)
def test_that_what_is_no_entry_is_refused(text):
    with pytest.raises(ValueError, match="no entry of a review"):
        entry_of(text, "")


def test_that_an_unknown_kind_or_word_is_refused(reader):
    text = entry_text(1, NOON, reader.review())
    for wrong in (
        text.replace('"review"', '"poem"'),
        text.replace('"amber"', '"purple"'),
        text.replace('"stage"', '"age"'),
        text.replace('"reader":"anna"', '"reader":""'),
    ):
        assert wrong != text
        with pytest.raises(ValueError, match="no entry of a review"):
            entry_of(wrong, "")


def test_that_a_state_of_the_first_form_is_written_and_read_as_it_was(reader):
    act = reader.study(ReadingState.DONE)
    text = entry_text(3, NOON, act)
    assert '"content":{"state":"done"}' in text
    assert entry_of(text, "f" * 64).act == act


def test_that_a_state_says_what_study_it_is(reader):
    about = StudyFacts(title="Chest", modality="xray", date="20260301", pictures=3)
    act = replace(reader.study(ReadingState.DONE), about=about)
    text = entry_text(3, NOON, act)
    assert '"about":{"date":"20260301","modality":"xray","pictures":3,"title":"Chest"}' in text
    assert entry_of(text, "f" * 64).act == act
    assert "Chest" not in repr(act)
    with pytest.raises(ValueError, match="a study has pictures, not 0"):
        replace(about, pictures=0)
