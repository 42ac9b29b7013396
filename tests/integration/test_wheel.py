"""The wheel alone is enough: installed without the source tree it assesses a phantom."""

import csv
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = [ROOT, *sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))]
SCRIPTS = "Scripts" if sys.platform == "win32" else "bin"

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """Wheels of the viewer and its plugins, built offline."""
    folder = tmp_path_factory.mktemp("wheels")
    for package in PACKAGES:
        command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, package]
        subprocess.run(command, check=True, capture_output=True)
    return sorted(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def wheel(wheels):
    (found,) = (path for path in wheels if path.name.startswith("reliability_viewer-"))
    return found


@pytest.fixture(scope="module")
def installed(wheels, tmp_path_factory):
    """An environment with the wheels and this one's libraries, but without this one's links to the source tree."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / SCRIPTS / "python"
    (site,) = folder.glob("Lib/site-packages") if sys.platform == "win32" else folder.glob("lib/*/site-packages")
    # A path named in a .pth file is searched, but .pth files in it (the editable links) are not followed.
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*command, "--ignore-installed", *wheels], check=True, capture_output=True)
    return folder


@pytest.fixture
def run(installed, tmp_path):
    """Run a command of the environment in a foreign folder, with no trace of the source tree."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "VIRTUAL"))}
    environment = kept | {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}

    def run(command: str, *options: object) -> str:
        program = [installed / SCRIPTS / command, *map(str, options)]
        finished = subprocess.run(
            program, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=240
        )
        assert finished.returncode == 0, finished.stdout + finished.stderr
        return finished.stdout

    return run


def test_that_the_wheel_is_pure_python(wheel):
    assert wheel.name.endswith("-py3-none-any.whl")


def test_that_the_wheel_carries_every_resource(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    resources = ROOT / "resources"
    expected = {path.relative_to(resources).as_posix() for path in resources.rglob("*") if path.is_file()}
    assert "bundles/phantom-lesion/model.toml" in expected
    assert {f"viewer/_resources/{name}" for name in expected} <= names


def test_that_the_wheel_carries_no_tests(wheel):
    with zipfile.ZipFile(wheel) as archive:
        strays = [name for name in archive.namelist() if not name.startswith(("viewer/", "reliability_viewer-"))]
    assert strays == []


def test_that_the_installed_wheel_assesses_a_phantom_from_a_foreign_folder(run, installed, tmp_path):
    where = run("python", "-c", "import viewer; print(viewer.__file__)")
    assert Path(where.strip()).is_relative_to(installed)
    run("viewer", "phantoms", tmp_path, "--lesions", 2, "--clips", 0)
    run("viewer", "assess", tmp_path / "lesions", "--bundle", "phantom-lesion", "--out", tmp_path / "rows.csv")
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2
    assert all(row["predicted"] and not row["error"] for row in rows)
    assert all(0 <= float(row["trust_softmax"]) <= 1 for row in rows)


def test_that_the_installed_wheel_draws_its_window(run, tmp_path):
    run("viewer", "phantoms", tmp_path, "--lesions", 1, "--clips", 0)
    run("viewer", "snapshot", tmp_path / "lesions", "--bundle", "phantom-lesion", "--out", tmp_path / "window.png")
    assert (tmp_path / "window.png").stat().st_size > 20_000
