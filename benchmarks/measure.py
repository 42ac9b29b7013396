"""What every benchmark shares: its command line, interleaved timing, memory and the form of its results."""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

import numpy as np

CACHE = Path(__file__).parent / ".cache"
NAPARI = Path(__file__).parents[1] / ".venv-napari" / "bin" / "python"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table of goals.

    Attributes:
        name: What was measured, in words.
        value: In `unit`; None where it could not be measured.
        goal: At most this.
        unit: `×` for a ratio, `%`, `ms`, `s` or `MB`.
        detail: What the value was computed from, in words and numbers.
    """

    name: str
    value: float | None
    goal: float
    unit: str
    detail: Mapping[str, float | str] = field(default_factory=dict)


def arguments(description: str | None) -> argparse.Namespace:
    """Parse the options all benchmarks have."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="few repetitions on small input: shows that it runs")
    parser.add_argument("--out", type=Path, help="JSON file to write; without it JSON goes to stdout")
    parser.add_argument("--bundle", default="phantom-clip", help="model that scores (default: phantom-clip)")
    return parser.parse_args()


def write(figures: Sequence[Figure], options: argparse.Namespace) -> None:
    """Write the results with the machine they belong to."""
    results = {"quick": options.quick, "machine": machine(), "figures": [asdict(figure) for figure in figures]}
    text = json.dumps(results, indent=2, ensure_ascii=False, default=float) + "\n"
    if options.out is None:
        print(text, end="")
    else:
        options.out.write_text(text, encoding="utf-8")


def peak_mb() -> float:
    """Highest resident memory of this process in MB, counted since it began to run its program (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


def machine() -> dict[str, str]:
    """The processor and the versions that matter."""
    packages = {name: version(name) for name in ("torch", "torchvision", "PySide6-Essentials", "pyqtgraph")}
    return {"processor": _processor(), "cores": str(os.cpu_count()), "python": platform.python_version()} | packages


def interleaved(works: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, list[float]]:
    """Seconds of each work, measured in turn so that what slows the machine slows all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - start)
    return seconds


def median_ms(seconds: Sequence[float]) -> float:
    """Median in milliseconds."""
    return float(np.median(seconds)) * 1e3


def p95_ms(seconds: Sequence[float]) -> float:
    """95th percentile in milliseconds."""
    return float(np.percentile(seconds, 95)) * 1e3


def resident_mb(process: int | None = None) -> float:
    """Memory of a process that is in RAM now, in MB (10⁶ bytes)."""
    status = Path(f"/proc/{process or os.getpid()}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()
