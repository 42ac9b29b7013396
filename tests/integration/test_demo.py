"""`make demo` shows the viewer to a newcomer, with a display and without."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.integration,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed"),
]


@pytest.fixture
def make_demo(tmp_path):
    """Run `make demo` without a display, writing into a folder of the test's own."""
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "MAKEFLAGS", "MAKELEVEL", "QT_QPA_PLATFORM"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment |= {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_DATA_HOME": str(tmp_path / "data")}

    def run(*options: str) -> tuple[subprocess.CompletedProcess[str], Path]:
        output = tmp_path / "output"
        command = ["make", "demo", f"DEMO_OUTPUT={output}", *options]
        finished = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=280
        )
        return finished, output

    return run


def test_that_without_a_display_the_demo_writes_pictures_and_a_report(make_demo):
    finished, output = make_demo()
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "no display" in finished.stdout
    pictures = sorted(path.name for path in output.glob("*.png"))
    assert pictures == ["phantom-clip.png", "phantom-lesion.png", "ultrasound.png"]
    assert all((output / name).stat().st_size > 20_000 for name in pictures)
    for report in ("report", "report-lesions"):
        assert "<html" in (output / report / "index.html").read_text(encoding="utf-8")


def test_that_the_demo_shows_files_of_the_users_own(make_demo, tmp_path):
    own = tmp_path / "a name with spaces.dcm"
    shutil.copy(get_testdata_file("examples_ybr_color.dcm", download=False), own)
    finished, output = make_demo(f"FILES='{own}'")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert (output / "window.png").stat().st_size > 20_000
