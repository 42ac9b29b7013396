"""Reviews stay with the bytes of a file, wherever it lies."""

import getpass
import hashlib
import os
import zipfile

import pytest

from viewer.domain.errors import JobCancelled, UnreadableFile
from viewer.store.identity import NOBODY, content_digest, current_reader

CONTENT = b"a picture" * 200_000


def test_that_the_digest_is_that_of_the_bytes(tmp_path):
    file = tmp_path / "a.png"
    file.write_bytes(CONTENT)
    assert content_digest(file) == hashlib.sha256(CONTENT).hexdigest()


def test_that_a_file_in_an_archive_has_the_digest_it_has_outside(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner/a.png", CONTENT)
    assert content_digest(tmp_path / "all.zip" / "inner" / "a.png") == hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.parametrize(
    ("name", "sentence"), [("none.png", "there is no such file"), ("", "cannot be read"), ("a.zip/b", "archive")]
)
def test_that_what_cannot_be_read_is_told(tmp_path, name, sentence):
    (tmp_path / "a.zip").write_bytes(b"PK no archive")
    with pytest.raises(UnreadableFile, match=sentence):
        content_digest(tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes among files")
def test_that_a_pipe_is_refused_rather_than_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableFile, match="no ordinary file"):
        content_digest(tmp_path / "pipe")


def test_that_a_digest_nobody_waits_for_is_given_up(tmp_path):
    file = tmp_path / "a.png"
    file.write_bytes(CONTENT)
    looks = []

    def check() -> None:
        looks.append(1)
        if len(looks) == 2:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        content_digest(file, check)


def test_that_the_reader_is_who_the_system_says(monkeypatch):
    monkeypatch.setattr(getpass, "getuser", lambda: "anna")
    assert current_reader() == "anna"


def test_that_a_system_without_a_name_for_the_reader_is_no_fault(monkeypatch):
    def nameless() -> str:
        raise KeyError("uid not found: 4711")

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert current_reader() == NOBODY
