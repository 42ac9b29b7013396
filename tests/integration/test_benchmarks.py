"""Benchmarks run and report what the table of goals asks for; how fast they were is not judged here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

pytestmark = [
    pytest.mark.integration,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="needs Xvfb"),
]


QUICK = (
    "one_pass",
    "light",
    "gate",
    "lights",
    "certificates",
    "step",
    "stall",
    "cine",
    "clip",
    "memory",
    "report",
    "drift",
    "faults",
    "verify",
    "explorer",
    "search",
    "frame_maps",
    "attention",
    "slow_scores",
    "masks",
    "drawing",
    "ensemble",
)


@pytest.mark.parametrize("name", QUICK)
def test_that_a_quick_benchmark_reports_its_figures(name, tmp_path):
    out = tmp_path / f"{name}.json"
    command = [sys.executable, BENCHMARKS / f"bench_{name}.py", "--quick", "--out", out]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, timeout=280)
    assert finished.returncode == 0, finished.stderr
    results = json.loads(out.read_text(encoding="utf-8"))
    assert results["quick"] is True
    assert results["machine"]["cores"]
    for figure in results["figures"]:
        assert figure["goal"] >= 0
        assert figure["unit"] in {"×", "%", "ms", "s", "MB", "cases", "frames", "decodes", "rounds"}
        assert figure["value"] is None or figure["value"] == pytest.approx(figure["value"])
        assert figure["detail"]
