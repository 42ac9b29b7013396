"""`make demo` shows the viewer to a newcomer, with a display and without."""

import csv
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file

from viewer.assessment.light import MISFIT, UNLIKE

ROOT = Path(__file__).parents[2]
PICTURES = {
    *("lesion-sound", "lesion-outlined", "lesion-unusual", "lesion-blurred", "lesion-channels-swapped"),
    *("clip-timeline", "clip-similar-frames", "clip-map"),
}

pytestmark = [
    pytest.mark.integration,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed"),
]


@pytest.fixture(scope="module")
def make_demo(tmp_path_factory):
    """Run `make demo` without a display, writing into a folder of the test's own."""
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "MAKEFLAGS", "MAKELEVEL", "QT_QPA_PLATFORM"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    home = tmp_path_factory.mktemp("home")
    environment |= {"XDG_CONFIG_HOME": str(home / "config"), "XDG_DATA_HOME": str(home / "data")}

    def run(*options: str) -> tuple[subprocess.CompletedProcess[str], Path]:
        output = tmp_path_factory.mktemp("output")
        command = ["make", "demo", f"DEMO_OUTPUT={output}", *options]
        finished = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=280
        )
        return finished, output

    return run


@pytest.fixture(scope="module")
def demonstrated(make_demo):
    """The demo without a display: how it ended, and the folder it wrote."""
    finished, output = make_demo()
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished, output


def lights(table):
    """What `FILE.clips.csv` says of every file: name of its folder and its own, to light and reason."""
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    return {"/".join(Path(row["file"]).parts[-2:]): (row["light"], row["reason"]) for row in rows}


def test_that_without_a_display_the_demo_writes_pictures_and_reports(demonstrated):
    finished, output = demonstrated
    assert "no display" in finished.stdout
    assert {path.stem for path in output.glob("*.png")} == PICTURES
    assert all(path.stat().st_size > 20_000 for path in output.glob("*.png"))
    for report in ("lesions", "clips"):
        assert "<html" in (output / report / "index.html").read_text(encoding="utf-8")


def test_that_lesions_have_all_four_lights_each_for_its_reason(demonstrated):
    found = lights(demonstrated[1] / "lesions.clips.csv")
    for file, light, reason in (
        ("lesions/PHANTOM-D11-0004_00004.png", "green", "at most 10 % of green answers are wrong"),
        ("faulty-lesions/wrong-gamma.png", "amber", "the picture is unusual for the model"),
        ("faulty-lesions/blurred.png", "red", UNLIKE),
        ("faulty-lesions/channels-swapped.png", "grey", MISFIT),
        ("clips/PHANTOM-U11-0000_0000.dcm", "grey", "wrong kind of picture: it is ultrasound"),
    ):
        assert found[file][0] == light, found[file]
        assert reason in found[file][1], file


def test_that_clips_have_all_four_lights_each_for_its_reason(demonstrated):
    found = lights(demonstrated[1] / "clips.clips.csv")
    for file, light, reason in (
        ("clips/PHANTOM-U11-0000_0000.dcm", "green", "at most 10 % of green clips are wrong"),
        ("clips/PHANTOM-U11-0005_0005.dcm", "amber", "is below the"),
        ("faulty-clips/upside-down.dcm", "red", UNLIKE),
        ("faulty-clips/inverted.dcm", "grey", MISFIT),
    ):
        assert found[file][0] == light, found[file]
        assert reason in found[file][1], file


def test_that_the_pictured_clip_has_a_timeline_of_several_colours(demonstrated):
    rows = csv.DictReader((demonstrated[1] / "clips.csv").read_text(encoding="utf-8").splitlines())
    colours = {row["light"] for row in rows if row["file"].endswith("PHANTOM-U11-0002_0002.dcm")}
    assert {"green", "amber"} <= colours


def test_that_the_demo_prints_file_light_and_reason_of_every_table_row(demonstrated):
    finished, output = demonstrated
    printed = [line.split(maxsplit=2) for line in finished.stdout.splitlines()]
    for table in ("lesions", "clips"):
        for file, said in lights(output / f"{table}.clips.csv").items():
            assert [file, *said] in printed


def test_that_the_demo_shows_files_of_the_users_own(make_demo, tmp_path):
    own = tmp_path / "a name with spaces.dcm"
    shutil.copy(get_testdata_file("examples_ybr_color.dcm", download=False), own)
    finished, output = make_demo(f"FILES='{own}'")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert (output / "window.png").stat().st_size > 20_000
