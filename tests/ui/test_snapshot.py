"""The commands that need the window, run as a person runs them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from viewer.io.dicom_writer import write_clip
from viewer.phantoms.lesion import lesion_phantom
from viewer.present.categories import verdict_looks
from viewer.report.cohort import read_map
from viewer.testing.cohorts import CLASSES, Case, write_made_up_cohort

pytestmark = pytest.mark.integration


def viewer(*words: object, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the program with settings of its own, as on a machine without a screen."""
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment |= {"XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home), "PYTHONUTF8": "1", **more}
    command = [sys.executable, "-m", "viewer", *(str(word) for word in words)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)


@pytest.fixture
def lesion(tmp_path: Path) -> Path:
    path = tmp_path / "lesions.dcm"
    pictures = [lesion_phantom(seed, kind="melanoma", size=96).pixels for seed in range(3)]
    write_clip(path, pictures, modality="DMS", frame_time_ms=100.0)
    return path


def test_that_a_snapshot_is_a_picture_of_the_window_in_the_size_asked_for(lesion, tmp_path):
    out = tmp_path / "window.png"
    words = ["snapshot", lesion, "--bundle", "phantom-lesion", "--out", out, "--size", "900x600", "--frame", "1"]
    finished = viewer(*words, home=tmp_path)
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")
    image = QImage(str(out))
    assert (image.width(), image.height()) == (900, 600)
    colours = {image.pixel(x, y) for x in range(0, 900, 7) for y in range(0, 600, 7)}
    assert len(colours) > 200  # a picture, an overlay and words, not an empty form


def test_that_a_snapshot_turns_to_the_explanation_asked_for_and_names_those_there_are(lesion, tmp_path):
    out = tmp_path / "window.png"
    words = ["snapshot", lesion, "--bundle", "phantom-lesion", "--out", out, "--size", "900x600"]
    assert viewer(*words, home=tmp_path).returncode == 0
    overlays = QImage(str(out))
    assert viewer(*words, "--explanation", "uncertainty", home=tmp_path).returncode == 0
    assert QImage(str(out)) != overlays
    finished = viewer(*words, "--explanation", "tea_leaves", home=tmp_path)
    assert finished.returncode == 2
    assert "there is no explanation called tea_leaves here; there are: " in finished.stderr
    assert "uncertainty" in finished.stderr


def test_that_a_snapshot_in_read_first_mode_is_made_and_tells_nothing_of_the_ai(tmp_path):
    lesion = tmp_path / "lesion.dcm"
    write_clip(lesion, [lesion_phantom(0, kind="melanoma", size=96).pixels], modality="DMS")
    settings = tmp_path / "viewer" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("read_first = true\n", encoding="utf-8")
    pictures = []
    for bundle in ("phantom-lesion", "dermoscopy-8"):
        out = tmp_path / f"{bundle}.png"
        finished = viewer("snapshot", lesion, "--bundle", bundle, "--out", out, "--size", "900x600", home=tmp_path)
        assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")
        image = QImage(str(out))
        pictures.append(image.copy(0, 130, image.width(), image.height() - 130))  # below the name of the model
    assert pictures[0] == pictures[1]


def test_that_a_snapshot_of_nothing_readable_is_one_sentence(tmp_path):
    broken = tmp_path / "broken.dcm"
    broken.write_bytes(b"\0" * 128 + b"DICM" + b"\1" * 50)
    finished = viewer("snapshot", broken, "--out", tmp_path / "window.png", home=tmp_path)
    assert finished.returncode == 2
    assert "broken.dcm" in finished.stderr
    assert len(finished.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--frame", "9"], "there is no frame 9, the last one is 2"),
        (["--out", "missing/window.png"], "missing/window.png: there is no folder for the picture"),
    ],
)
def test_that_what_cannot_be_is_told_in_one_sentence(lesion, tmp_path, words, said):
    finished = viewer("snapshot", lesion, "--out", tmp_path / "x.png", *words, home=tmp_path)
    assert finished.returncode == 2
    assert said in finished.stderr
    assert len(finished.stderr.splitlines()) == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")
def test_that_opening_without_a_screen_says_what_else_can_be_done(tmp_path):
    finished = viewer("open", home=tmp_path)
    assert finished.returncode == 2
    assert "viewer snapshot" in finished.stderr


def test_that_a_snapshot_of_a_cohort_shows_its_map_which_is_kept(tmp_path):
    cases = [Case(file=f"{number}.png", true=CLASSES[number % 3], light="green") for number in range(30)]
    cohort, out = write_made_up_cohort(tmp_path / "cohort", cases), tmp_path / "window.png"
    finished = viewer("snapshot", cohort, "--out", out, "--size", "1400x900", home=tmp_path)
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")
    assert read_map(cohort, 30) is not None
    image = QImage(str(out))
    star = QColor(verdict_looks("dark")[0].colour).rgb()
    assert any(image.pixel(x, y) == star for x in range(200, 700) for y in range(450, 880))


def test_that_exploring_what_is_no_cohort_is_one_sentence(tmp_path):
    finished = viewer("explore", tmp_path, home=tmp_path)
    assert finished.returncode == 2
    assert "holds no finished cohort" in finished.stderr
    assert len(finished.stderr.splitlines()) == 1
