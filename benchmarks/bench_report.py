"""What the report of 10,000 rows takes: `viewer evaluate TABLE.csv --html DIR` from its start to its end.

The table has eight classes with their probabilities, a combined trust and two scores, lights and three rows to a
group; 1000 draws of groups. It is generated, and its trust knows something of which answers are right.
"""

import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from measure import Figure, arguments, write

ROWS, CLASSES, DRAWS = 10_000, 8, 1000
GOAL_S = 30.0


def write_table(path: Path, rows: int, seed: int) -> float:
    """Write a table of predictions; returns the share of right answers."""
    random = np.random.default_rng(seed)
    names = [f"class_{k}" for k in range(CLASSES)]
    true = np.random.default_rng(0).integers(0, CLASSES, rows)
    scores = random.normal(0, 1, (rows, CLASSES))
    scores[np.arange(rows), true] += 2.6
    shares = np.exp(1.3 * scores)
    shares /= shares.sum(axis=1, keepdims=True)
    answer, top = shares.argmax(axis=1), shares.max(axis=1)
    trusts = {
        "trust": 0.9 * top + 0.1 * random.random(rows),
        "trust_softmax": top,
        "trust_other": 0.5 * top + 0.5 * random.random(rows),
    }
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        columns = [
            "id",
            "file",
            "group",
            "true",
            "final",
            *(f"p_{name}" for name in names),
            *trusts,
            "light",
            "reason",
        ]
        writer.writerow(columns)
        for i in range(rows):
            light = "green" if trusts["trust"][i] > 0.8 else "amber" if trusts["trust"][i] > 0.3 else "red"
            cells = [i, f"{i}.png", f"patient {i // 3}", names[true[i]], names[answer[i]]]
            numbers = [*shares[i], *(values[i] for values in trusts.values())]
            writer.writerow([*cells, *(f"{value:.6f}" for value in numbers), light, "generated"])
    return float((answer == true).mean())


def seconds(command: list[str | Path]) -> tuple[float, float]:
    """Wall-clock and processor seconds of a command that must succeed."""
    before, start = os.times(), time.perf_counter()
    subprocess.run([sys.executable, "-m", "viewer", *command], check=True, capture_output=True)
    took, after = time.perf_counter() - start, os.times()
    return took, after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Write tables, then time the commands."""
    options = arguments(__doc__)
    rows, draws = (500, 50) if options.quick else (ROWS, DRAWS)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        right = write_table(place / "a.csv", rows, seed=1)
        write_table(place / "b.csv", rows, seed=2)
        drawn = ["--draws", str(draws)]
        took, busy = seconds(["evaluate", place / "a.csv", "--html", place / "report", *drawn])
        size = (place / "report" / "index.html").stat().st_size
        pair, pair_busy = seconds(["compare", place / "a.csv", place / "b.csv", "--html", place / "pair", *drawn])
    detail: dict[str, float | str] = {
        "rows": str(rows),
        "classes": str(CLASSES),
        "trusts": "3",
        "draws": str(draws),
        "right answers %": 100 * right,
    }
    figures = [
        Figure(
            name=f"report of {rows} rows without pictures, whole command",
            value=took,
            goal=GOAL_S,
            unit="s",
            detail={**detail, "of which the processor was busy s": busy, "page kB": size / 1000},
        ),
        Figure(
            name=f"report of two tables of {rows} rows compared, whole command",
            value=pair,
            goal=2 * GOAL_S,
            unit="s",
            detail={"of which the processor was busy s": pair_busy},
        ),
    ]
    write(figures, options)


if __name__ == "__main__":
    main()
