import io
import os
import zipfile
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian

from viewer.domain.errors import NotAnImage, UnreadableFile
from viewer.domain.image import Clip, Frame
from viewer.io.archive import ZipArchive
from viewer.io.dicom_writer import write_clip
from viewer.io.reader import open_source, walk
from viewer.io.temporary import TemporaryCopy


def png(value: int = 9) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (4, 3), value).save(buffer, "PNG")
    return buffer.getvalue()


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def told(paths, readers=()) -> dict[str, str]:
    """File name → what became of it."""
    outcome = {}
    for opened in walk(paths, readers):
        outcome[opened.path.as_posix()] = opened.error or opened.kind or "opened"
        if opened.source is not None:
            opened.source.decode(0)
            opened.source.close()
    return outcome


def test_that_a_folder_is_walked_in_order_and_one_bad_file_stops_nothing(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "inner.png").write_bytes(png())
    (tmp_path / "a.png").write_bytes(png())
    (tmp_path / "c.png").write_bytes(png()[:40])
    (tmp_path / "d.csv").write_text("file,class\n")
    (tmp_path / "e.bin").write_bytes(b"")

    found = told([tmp_path])

    assert [Path(name).name for name in found] == ["a.png", "inner.png", "c.png", "d.csv", "e.bin"]
    outcomes = list(found.values())
    assert outcomes[:2] == ["opened", "opened"]
    assert outcomes[2].startswith("the picture ")
    assert outcomes[3:] == ["table", "the file is empty"]


def test_that_a_missing_path_is_told(tmp_path):
    assert told([tmp_path / "none.dcm"]) == {(tmp_path / "none.dcm").as_posix(): "there is no such file"}


def test_that_a_file_named_twice_is_opened_once(tmp_path):
    (tmp_path / "a.png").write_bytes(png())

    assert len(list(walk([tmp_path / "a.png", tmp_path, tmp_path / "a.png"]))) == 1


def test_that_members_of_an_archive_are_named_inside_it_and_open_again_by_that_name(tmp_path):
    path = zipped(tmp_path / "study.zip", {"inner/one.png": png(1), "inner/labels.csv": b"a,b\n"})

    assert told([path]) == {
        f"{path.as_posix()}/inner/one.png": "opened",
        f"{path.as_posix()}/inner/labels.csv": "table",
    }
    assert open_source(path / "inner" / "one.png").decode(0).values[0, 0] == 1


def test_that_an_archive_inside_an_archive_is_followed(tmp_path):
    inner = zipped(tmp_path / "inner.zip", {"x.png": png()}).read_bytes()
    path = zipped(tmp_path / "outer.zip", {"inner.zip": inner})

    assert told([path]) == {f"{path.as_posix()}/inner.zip/x.png": "opened"}


def test_that_an_archive_of_archives_without_end_stops(tmp_path):
    data = png()
    for _ in range(6):
        data = zipped(tmp_path / "x.zip", {"x.zip": data}).read_bytes()

    assert list(told([tmp_path / "x.zip"]).values()) == ["archive"]


def test_that_a_member_never_leads_out_of_its_archive(tmp_path):
    path = zipped(tmp_path / "evil.zip", {"../../escaped.png": png(), "/root.png": png(), "C:\\boot.png": png()})

    names = set(told([path]))

    assert names == {f"{path.as_posix()}/escaped.png", f"{path.as_posix()}/root.png", f"{path.as_posix()}/boot.png"}
    assert [entry.name for entry in tmp_path.iterdir()] == ["evil.zip"]


def test_that_an_encrypted_member_gives_one_sentence(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.png": png(), "b.png": png()})
    data = bytearray(path.read_bytes())
    central = data.index(b"PK\x01\x02")
    data[6] |= 1
    data[central + 8] |= 1
    path.write_bytes(data)

    assert list(told([path]).values()) == ["it is encrypted in its archive", "opened"]


def test_that_a_corrupt_archive_gives_one_sentence(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.png": png()})
    path.write_bytes(path.read_bytes()[:50])

    (outcome,) = told([path]).values()

    assert outcome.startswith("the archive is damaged")


def test_that_a_member_that_unpacks_too_far_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("viewer.io.archive.MAX_UNPACKED", 1000)
    path = zipped(tmp_path / "bomb.zip", {"a.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 5000})

    assert list(told([path]).values()) == ["it unpacks to more than 0 MB"]


def test_that_an_archive_as_a_whole_is_bounded(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.png": png(), "b.png": png()})
    archive = ZipArchive(path, path)
    archive._left = len(png()) + 1
    archive.unpack("a.png").close()

    with pytest.raises(UnreadableFile, match="unpacks to more than 16 GB"):
        archive.unpack("b.png")
    archive.close()


def test_that_an_unpacked_copy_lives_as_long_as_its_source(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.png": png()})
    source = open_source(path / "a.png")
    copy = source._copy.path

    assert copy.exists()
    source.close()
    assert not copy.exists()


def test_that_a_copy_larger_than_its_limit_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with pytest.raises(UnreadableFile):
        TemporaryCopy([b"x" * 11], Path("a"), limit=10)

    assert list(tmp_path.iterdir()) == []


def directory(folder: Path, *references: list[str]) -> Path:
    records = []
    for reference in references:
        record = Dataset()
        record.DirectoryRecordType = "IMAGE"
        record.ReferencedFileID = reference
        records.append(record)
    dataset = Dataset()
    dataset.file_meta = pydicom.dataset.FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.1.3.10"
    dataset.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    dataset.DirectoryRecordSequence = Sequence(records)
    dataset.save_as(folder / "DICOMDIR", enforce_file_format=True)
    return folder / "DICOMDIR"


def test_that_a_dicomdir_opens_what_it_names_and_tells_what_is_missing(tmp_path, ramp):
    (tmp_path / "st0").mkdir()
    write_clip(tmp_path / "st0" / "im0", [ramp])
    path = directory(tmp_path, ["ST0", "IM0"], ["ST0", "IM1"], ["..", "secret"])

    found = told([path])

    assert list(found.values()) == ["dicomdir", "opened", "the file is missing although DICOMDIR names it"]
    assert Path(list(found)[1]).name == "im0"


def test_that_a_folder_with_a_dicomdir_opens_each_file_once(tmp_path, ramp):
    write_clip(tmp_path / "IM0", [ramp])
    write_clip(tmp_path / "A_LOOSE", [ramp])
    directory(tmp_path, ["IM0"])

    assert sorted(told([tmp_path]).values()) == ["dicomdir", "opened", "opened"]


def test_that_an_archive_or_folder_is_not_one_clip(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.png": png()})

    with pytest.raises(NotAnImage):
        open_source(path)
    with pytest.raises(UnreadableFile, match="it is a folder"):
        open_source(tmp_path)
    with pytest.raises(UnreadableFile, match="no such file in the archive"):
        open_source(path / "b.png")


class Plain:
    """Reads files that begin with PLAIN as one grey pixel."""

    name = "plain"

    def sniff(self, head: bytes, path: Path) -> bool:
        return head.startswith(b"PLAIN")

    def open(self, path: Path):
        if b"broken" in path.read_bytes():
            raise ValueError("nothing inside")
        return PlainSource(path)


class PlainSource:
    def __init__(self, path: Path) -> None:
        self.clip = Clip(path=path, kind="raster", frames=1, rows=1, columns=1, photometric="RGB")

    def decode(self, index: int) -> Frame:
        return Frame(values=np.zeros((1, 1, 3), np.uint8), grey=None)

    def close(self) -> None:
        pass


def test_that_a_plugin_reader_opens_its_own_format_and_its_faults_are_told(tmp_path):
    (tmp_path / "a.plain").write_bytes(b"PLAIN")
    (tmp_path / "b.plain").write_bytes(b"PLAIN broken")

    assert list(told([tmp_path], [Plain()]).values()) == ["opened", "the reader plain failed (nothing inside)"]
    assert list(told([tmp_path]).values()) == ["text", "text"]


def test_that_a_pipe_is_refused_and_not_waited_for(tmp_path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(tmp_path / "pipe.dcm")

    assert list(told([tmp_path]).values()) == ["it is no ordinary file"]


def test_that_a_folder_that_may_not_be_searched_says_so(tmp_path, monkeypatch):
    def refused(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refused)

    assert list(told([tmp_path]).values()) == ["it may not be read"]


@pytest.mark.parametrize("name", ["a.mp4", "a.jpg", "a.png"])
def test_that_the_place_of_an_unpacked_copy_is_never_told(tmp_path, name):
    head = {"a.mp4": b"\0\0\0\x18ftypisom", "a.jpg": b"\xff\xd8\xff", "a.png": b"\x89PNG\r\n\x1a\n"}[name]
    path = zipped(tmp_path / "a.zip", {name: head + bytes(range(256))})

    (sentence,) = told([path]).values()

    assert "damaged" in sentence or "cannot be read" in sentence
    assert "viewer-" not in sentence
    assert "Errno" not in sentence


def test_that_a_member_of_an_archive_opens_by_the_name_it_is_told_by(tmp_path):
    path = zipped(tmp_path / "a.zip", {"in/b.png": png(), "c.txt": b"words"})

    assert told([path / "in" / "b.png"]) == {(path / "in" / "b.png").as_posix(): "opened"}
    assert told([path / "none.png"]) == {(path / "none.png").as_posix(): "there is no such file in the archive"}
