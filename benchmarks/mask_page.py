"""Puts the tables of the study of masks into docs/mask-plausibility.md; with `--check` says if they are there."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from study_pages import RESULTS, ROOT, keep_page, ranged, short

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
    return keep_page(__doc__, PAGE, FILE, {"correlations": correlations, "kinds": kinds, "errors": errors})


if __name__ == "__main__":
    sys.exit(main())
