import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from viewer.cli import main
from viewer.testing.bundles import tiny_bundle

pytestmark = [pytest.mark.integration, pytest.mark.real_data]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def assess(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], int]:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    words = ["--bundle", str(tiny_bundle(tmp_path)), "--modality", "dermoscopy", "--out", str(tmp_path / "out.csv")]
    return lambda folder: main(["assess", str(folder), *words])


def test_that_a_folder_of_every_kind_of_dicom_file_is_assessed_to_the_end(
    viewer_data: Path, assess: Callable[[Path], int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert assess(viewer_data / "dicom") == 1  # some files are broken on purpose
    notes = capsys.readouterr().err
    rows, clips = table(tmp_path / "out.csv"), table(tmp_path / "out.clips.csv")
    assert "Traceback" not in notes
    assert "Warning" not in notes
    assert len({(row["file"], row["frame"]) for row in rows}) == len(rows)
    assert sum(int(clip["frames"] or 0) for clip in clips) == sum(row["frame"] != "" for row in rows)
    assert all(bool(row["error"]) != bool(row["predicted"]) for row in rows)
    assert all(row["light"] == "grey" for row in rows if not row["error"])
    accounted = {row["file"] for row in rows} | {line.partition(": skipped")[0] for line in notes.splitlines()}
    files = {str(path) for path in (viewer_data / "dicom").rglob("*") if path.is_file() and path.suffix != ".zip"}
    assert files <= accounted


def test_that_dermoscopy_images_are_assessed_and_their_reason_is_that_nothing_is_certified(
    viewer_data: Path, assess: Callable[[Path], int], tmp_path: Path
) -> None:
    assert assess(viewer_data / "derm" / "artefacts") in (0, 1)
    rows = [row for row in table(tmp_path / "out.csv") if not row["error"]]
    assert rows
    assert {row["reason"].partition(":")[0] for row in rows} == {"not certified"}
