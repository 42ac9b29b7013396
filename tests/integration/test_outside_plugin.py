"""A third party follows the plugin guide outside the source tree, and finds its columns in the table."""

import csv
import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from viewer.host import calls
from viewer.host.discovery import PluginHost
from viewer.phantoms.lesion import lesion_phantom
from viewer.settings import Settings
from viewer.testing import builders
from viewer.testing.bundles import tiny_bundle
from viewer.testing.conformance import check_scorer
from viewer.testing.fakes import entry_point

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "plugin-guide.md").read_text(encoding="utf-8")
SCRIPTS = "Scripts" if sys.platform == "win32" else "bin"

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def distribution(tmp_path_factory):
    """The files of the guide's worked example, as a reader would write them."""
    folder = tmp_path_factory.mktemp("agreement")
    files = dict(re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", GUIDE, re.DOTALL))
    assert {"pyproject.toml", "viewer_agreement/__init__.py"} <= files.keys()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def environment(distribution, tmp_path_factory):
    """A fresh environment with the wheel in it, which borrows every library from this one."""
    wheels = tmp_path_factory.mktemp("wheels")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", wheels, distribution]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = wheels.glob("*.whl")
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / SCRIPTS / "python"
    (site,) = folder.glob("Lib/site-packages") if sys.platform == "win32" else folder.glob("lib/*/site-packages")
    # addsitedir follows the .pth files there as well, and so the editable links to the viewer and its plugins.
    borrowed = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
    (site / "borrowed.pth").write_text(borrowed, encoding="utf-8")
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        wheel,
    ]
    subprocess.run(install, check=True, capture_output=True)
    return python


@pytest.fixture
def run(environment, tmp_path):
    """Run a module in the fresh environment, in a foreign folder, with the user's own settings out of sight."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "VIRTUAL"))}
    own = kept | {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}

    def run(*words: object) -> str:
        command = [environment, "-m", *map(str, words)]
        done = subprocess.run(
            command, cwd=tmp_path, env=own, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_that_the_five_line_plugin_is_one_and_scores():
    lines = re.search(r"## A plugin in five lines\n\n```python\n(.*?)```", GUIDE, re.DOTALL).group(1)
    assert len(lines.splitlines()) == 5
    module = ModuleType("viewer_five_lines")
    exec(lines, vars(module))  # noqa: S102 - the guide's own text
    host = PluginHost(Settings(), [entry_point("five-lines", module)])
    host.load()
    (offer,) = host.scorers
    evidence = builders.evidence(2)
    trusts = [score.trust for score in calls.score(host.guard, offer, evidence, None)]
    assert trusts == evidence.probabilities.max(axis=1).tolist()
    check_scorer(offer.thing)
    host.close()


def test_that_the_viewer_finds_and_loads_the_guides_plugin(run):
    assert re.search(r"^agreement 1\.0: loaded", run("viewer", "plugins"), re.MULTILINE)


def test_that_the_guides_own_test_passes(run, distribution):
    assert "2 passed" in run("pytest", "-q", "-p", "no:cacheprovider", distribution / "tests")


def test_that_the_guides_scorers_get_their_columns_when_a_phantom_is_assessed(run, tmp_path):
    picture, table = tmp_path / "phantom.png", tmp_path / "table.csv"
    Image.fromarray(lesion_phantom(3, kind="nevus").pixels).save(picture)
    bundle = tiny_bundle(tmp_path)
    run("viewer", "assess", picture, "--bundle", bundle, "--modality", "dermoscopy", "--out", table)
    with table.open(encoding="utf-8", newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert 0 <= float(row["trust_agreement"]) <= 1
    assert row["trust_exposure"] == ""  # this bundle was made without it
    assert 0 <= float(row["trust_softmax"]) <= 1
    assert row["error"] == ""
