"""`viewer reviews export` writes what readers recorded."""

import csv
import json
from pathlib import Path

import pytest
from PIL import Image

from viewer.cli import main
from viewer.store.acts import KeyImage, ReadingState, Review, StudyFacts, StudyState, Subject
from viewer.store.journal import Journal


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    path = tmp_path / "reviews.db"
    subject = Subject(study="1.2", file="a.dcm", digest="a" * 64)
    with Journal(path) as journal:
        for answer in ("nevus", "wart"):
            journal.append(Review(reader="anna", subject=subject, answer=answer, ai=None, ai_seen=False))
        journal.append(KeyImage(reader="anna", subject=subject, frame=4))
    return path


def export(reviews: Path, out: Path, *words: str) -> int:
    return main(["reviews", "export", "--out", str(out), "--database", str(reviews), *words])


def answers(table: Path) -> list[str]:
    with table.open(encoding="utf-8", newline="") as file:
        return [row["answer"] for row in csv.DictReader(file)]


def test_that_the_name_of_the_file_says_the_format(reviews: Path, tmp_path: Path) -> None:
    for name in ("all.csv", "all.json", "all.HTML"):
        assert export(reviews, tmp_path / name) == 0
    assert answers(tmp_path / "all.csv") == ["nevus", "wart", ""]
    assert len(json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))["entries"]) == 3
    assert (tmp_path / "all.HTML").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_that_kinds_and_latest_answers_can_be_chosen(reviews: Path, tmp_path: Path) -> None:
    out = tmp_path / "some.csv"
    assert export(reviews, out, "--latest", "--kind", "review") == 0
    assert answers(out) == ["wart"]
    assert export(reviews, out, "--kind", "review", "--kind", "key-image") == 0
    assert answers(out) == ["nevus", "wart", ""]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("all.xlsx", "an export's name ends in .csv, .json, .html"),
        ("no folder/all.csv", "cannot be written (No such file or directory)"),
    ],
)
def test_that_what_cannot_be_written_is_told(
    reviews: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, sentence: str
) -> None:
    assert export(reviews, tmp_path / name) == 2
    assert capsys.readouterr().err == f"viewer reviews: {tmp_path / name}: {sentence}\n"


def test_that_the_reviews_are_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "reviews.json"  # an odd name for a database, but a possible one
    Journal(path).close()
    before = path.read_bytes()
    assert export(path, path) == 2
    assert "the reviews themselves would be written over" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_that_a_missing_database_is_told_and_nothing_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(tmp_path / "none.db", tmp_path / "all.csv") == 2
    assert capsys.readouterr().err == f"viewer reviews: {tmp_path / 'none.db'}: there is no database of reviews\n"
    assert list(tmp_path.iterdir()) == []


def listed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["reviews", "worklist", *words]) == 0
    return capsys.readouterr().out


def test_that_the_worklist_is_told_in_words_and_as_json(reviews: Path, capsys: pytest.CaptureFixture[str]) -> None:
    about = StudyFacts(title="Skin", modality="dermoscopy", date="20260301", pictures=2)
    with Journal(reviews) as journal:
        subject = Subject(study="1.2", file="a.dcm")
        journal.append(StudyState(reader="anna", subject=subject, state=ReadingState.DONE, about=about))
    words = listed(capsys, "--database", str(reviews))
    assert words.startswith("done  1 of 2 answered  Skin  dermoscopy  20260301  anna ")
    assert words.endswith("0 unread, 0 in review, 1 done\n")
    (record,) = map(json.loads, listed(capsys, "--json", "--database", str(reviews)).splitlines())
    assert (record["title"], record["answered"], record["pictures"], record["open"]) == ("Skin", 1, 2, False)


def test_that_named_files_are_listed_with_or_without_a_journal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for name in ("a.png", "b.png"):
        Image.new("RGB", (4, 4)).save(pictures / name)
    (pictures / "c.png").write_bytes(b"no picture")
    database = str(tmp_path / "none.db")
    words = listed(capsys, str(pictures), "--database", database)
    assert words.splitlines()[0] == f"unread  0 of 2 answered  pictures  {pictures}"
    assert not Path(database).exists()
    assert main(["reviews", "worklist", "--database", database]) == 2
