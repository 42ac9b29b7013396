"""The guide's command, one file beside the viewer: listed, run, and refusing in one sentence."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

GUIDE = (Path(__file__).parents[2] / "docs" / "plugin-guide.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.integration


@pytest.fixture
def viewer(tmp_path):
    """Run the viewer with the guide's plugin on its path."""
    (file, text) = re.search(r"<!-- command: (\S+) -->\n```python\n(.*?)```", GUIDE, re.DOTALL).groups()
    (tmp_path / file).write_text(text, encoding="utf-8")
    metadata = tmp_path / "viewer_rows-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: viewer-rows\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text("[viewer.plugins]\nrows = viewer_rows\n", encoding="utf-8")

    def run(*words):
        path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
        command = [sys.executable, "-m", "viewer", *map(str, words)]
        environment = {**os.environ, "PYTHONPATH": path}
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env=environment)

    return run


def test_that_the_guides_command_is_listed_and_runs(viewer, tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("path\na\nb\n", encoding="utf-8")

    assert "offers command count-rows" in viewer("plugins").stdout
    assert "count the rows of a table (plugin rows)" in " ".join(viewer("--help").stdout.split())
    assert viewer("count-rows", table).stdout == "2\n"
    finished = viewer("count-rows", tmp_path / "none.csv")
    assert finished.returncode == 2
    assert (
        finished.stderr == f"viewer count-rows: {tmp_path / 'none.csv'}: cannot be read (No such file or directory)\n"
    )
