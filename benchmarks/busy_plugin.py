"""A plugin that computes in pure Python for as long as it is told, and never lets go of the interpreter by itself."""

import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

from viewer.api import About, Evidence, Need, Score, State, hookimpl

VIEWER_API = 1
busy_s = 0.0
"""How long the next call takes; 0 once it is over."""

_ENTRY_POINTS = "[viewer.plugins]\nbusy = busy_plugin\n"
_METADATA = "Metadata-Version: 2.1\nName: viewer-busy\nVersion: 1.0\n"


def install(site: Path) -> None:
    """Make this module a plugin for programs that have `site` on their path."""
    described = site / "viewer_busy-1.0.dist-info"
    described.mkdir(parents=True)
    (described / "METADATA").write_text(_METADATA, encoding="utf-8")
    (described / "entry_points.txt").write_text(_ENTRY_POINTS, encoding="utf-8")


def score(evidence: Evidence, state: State) -> Sequence[Score]:
    """Take the time, once; the trust says nothing."""
    global busy_s
    end = time.perf_counter() + busy_s
    while time.perf_counter() < end:
        pass
    busy_s = 0.0
    return [Score(trust=0.5)] * len(evidence)


@hookimpl
def viewer_scorers(options: object) -> list[SimpleNamespace]:
    """Offer the scorer."""
    about = {"about": About.CORRECTNESS, "needs": frozenset({Need.LOGITS}), "fit": lambda calibration: {}}
    return [SimpleNamespace(name="busy", title="Busy", version="1", score=score, **about)]
