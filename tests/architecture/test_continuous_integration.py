"""CI may not pass by skipping what it could have run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"
SKIPPING = """
import pytest

@pytest.mark.real_data
def test_of_real_data():
    pytest.skip("for a reason of its own")
"""


@pytest.fixture
def run_skipping_test(tmp_path):
    def run(*, ci: bool, data_exists: bool) -> int:
        shutil.copy(CONFTEST, tmp_path / "conftest.py")
        (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = real_data\n gpu\n", encoding="utf-8")
        (tmp_path / "test_it.py").write_text(SKIPPING, encoding="utf-8")
        data = tmp_path / "data"
        if data_exists:
            data.mkdir()
        kept = {name: value for name, value in os.environ.items() if name != "CI" and not name.startswith("PYTEST")}
        environment = kept | {"VIEWER_DATA": str(data)} | ({"CI": "true"} if ci else {})
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False).returncode

    return run


@pytest.mark.parametrize(
    ("ci", "data_exists", "passes"), [(True, True, False), (True, False, True), (False, True, True)]
)
def test_that_real_data_tests_may_not_skip_in_ci_while_the_data_exists(run_skipping_test, ci, data_exists, passes):
    assert (run_skipping_test(ci=ci, data_exists=data_exists) == 0) is passes
