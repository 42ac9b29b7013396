import zipfile
from pathlib import Path

from viewer.io.listing import list_files


def test_that_files_folders_and_members_of_archives_are_named_in_order(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    for name in ("b.png", "a.png", "inner/c.dcm"):
        (tmp_path / name).write_bytes(b"not looked into")
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("one/e.png", b"")
        archive.writestr("f.png", b"")
    found = list_files([tmp_path, tmp_path / "a.png"])
    assert [path.relative_to(tmp_path).as_posix() for path in found] == [
        "a.png",
        "b.png",
        "d.zip/one/e.png",
        "d.zip/f.png",
        "inner/c.dcm",
    ]


def test_that_what_cannot_be_listed_is_named_or_left_out_and_never_raised(tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    (tmp_path / "DICOMDIR").write_bytes(b"damaged")
    assert list_files([tmp_path / "gone.png"]) == (tmp_path / "gone.png",)
    assert list_files([tmp_path / "broken.zip"]) == ()
    assert list_files([tmp_path / "DICOMDIR"]) == (tmp_path / "DICOMDIR",)
