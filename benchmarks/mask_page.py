"""Puts the tables of the study of masks into docs/mask-plausibility.md; with `--check` says if they are there."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from study_pages import RESULTS, ROOT, filled, ranged, short

PAGE = ROOT / "docs" / "mask-plausibility.md"
FILE = RESULTS / "mask_plausibility.json"

Record = Mapping[str, Any]

SETS = ("as they are", "harmed too", "another kind too")


def worlds(record: Record) -> Iterator[tuple[str, Record]]:
    """Those that were measured."""
    return ((name, world) for name, world in record.items() if world is not None)


def correlations(record: Record) -> Iterator[str]:
    """Spearman's correlation with the true Dice, of plausibility and of each fact alone."""
    for name, world in worlds(record):
        counts = f"{world['pictures']} pictures of {world['groups']} groups, {world['networks']} networks"
        told = f"{name.capitalize()}: {counts}"
        yield f"| {told} | " + " | ".join(SETS) + " |"
        yield "|---" * (1 + len(SETS)) + "|"
        for fact, title in {"plausibility": "**Plausibility**", **world["titles"]}.items():
            yield f"| {title} | " + " | ".join(ranged(world["spearman"][fact][where]) for where in SETS) + " |"
        yield ""


def kinds(record: Record) -> Iterator[str]:
    """How masks are of each kind of picture, and how many are called unlike usual ones."""
    for name, world in worlds(record):
        yield f"| {name.capitalize()} | pictures | mean Dice | lowest | median plausibility | called unlike usual |"
        yield "|---|---|---|---|---|---|"
        for kind, of in world["kinds"].items():
            figures = " | ".join(short(of[key]) for key in ("dice", "lowest", "plausibility", "flagged"))
            yield f"| {kind} | {of['n']} | {figures} |"
        yield ""


def errors(record: Record) -> Iterator[str]:
    """AUROC_f of attention in the mask, beside its control and the softmax probability."""
    yield "| AUROC_f | attention in the mask, by its size | control: its size alone | difference | softmax |"
    yield "|---|---|---|---|---|"
    for name, world in worlds(record):
        found = world["errors"]
        if found is not None:
            apart = found["apart"]
            difference = f"{short(apart['value'], signed=True)} ({short(apart['low'])} to {short(apart['high'])})"
            yield (
                f"| {name}, {found['wrong']} of {found['n']} wrong | {ranged(found['attention'])} | "
                f"{ranged(found['control'])} | {difference} | {ranged(found['softmax'])} |"
            )


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    checking = parser.parse_args().check
    record = json.loads(FILE.read_text(encoding="utf-8"))
    text = PAGE.read_text(encoding="utf-8")
    wanted = filled(text, {"correlations": correlations, "kinds": kinds, "errors": errors}, record)
    if checking and wanted != text:
        print(f"{PAGE.name} differs from {FILE.name}: run benchmarks/mask_page.py", file=sys.stderr)
        return 1
    if not checking:
        PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
