"""Writes docs/performance.md from benchmarks/results/*.json; with `--check` only says whether it is up to date."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from run import BENCHMARKS

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "performance.md"
DECIMALS = {"×": 2, "%": 1, "s": 2, "ms": 2}
"""Of values in these units; others are whole numbers."""

HEAD = """# Performance

Generated from `benchmarks/results/*.json` by `benchmarks/render.py`; measured anew by `make bench`.

Figures of time are ratios against a named peer, measured in turn in one run on one machine. napari runs in an
environment of its own with the same Qt; both draw on the same virtual screen (Xvfb), napari through Mesa's software
OpenGL. A machine with a GPU would favour it in stepping. See [decision 7](decisions/0007-napari-as-a-peer.md).

| figure | measured | goal | |
|---|---|---|---|
"""


def page(results: dict[str, Any]) -> str:
    """The page as Markdown.

    Args:
        results: By benchmark, what it wrote.
    """
    figures = [(name, figure) for name, result in results.items() for figure in result["figures"]]
    rows = "".join(_row(figure) for _, figure in figures)
    parts = [HEAD + rows, "\n## What the figures come from\n"]
    parts += [_details(name, result) for name, result in results.items()]
    return "".join(parts)


def _row(figure: dict[str, Any]) -> str:
    value, goal, unit = figure["value"], figure["goal"], figure["unit"]
    if value is None:
        return f"| {figure['name']} | not measured | ≤ {_number(goal, unit)} | – |\n"
    verdict = "reached" if value <= goal else "**missed**"
    return f"| {figure['name']} | {_number(value, unit)} | ≤ {_number(goal, unit)} | {verdict} |\n"


def _number(value: float, unit: str) -> str:
    return f"{value:.{DECIMALS.get(unit, 0)}f}{'' if unit == '×' else ' '}{unit}"


def _details(name: str, result: dict[str, Any]) -> str:
    machine = ", ".join(f"{key} {value}" for key, value in result["machine"].items())
    lines = [f"\n### `python benchmarks/bench_{name}.py`\n\n{machine}\n\n"]
    for figure in result["figures"]:
        detail = "; ".join(f"{key} {_plain(value)}" for key, value in figure["detail"].items())
        lines.append(f"- {figure['name']}: {detail}\n")
    return "".join(lines)


def _plain(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def read_results() -> dict[str, Any]:
    """Results of every benchmark that has been run, in the page's order."""
    files = [RESULTS / f"{name}.json" for name in BENCHMARKS]
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in files if path.exists()}


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    wanted = page(read_results())
    if parser.parse_args().check:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == wanted:
            return 0
        print("docs/performance.md differs from benchmarks/results: run make docs", file=sys.stderr)
        return 1
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
