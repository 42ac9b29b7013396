"""Puts the tables of the study of networks that draw into docs/segmentation-study.md.

With `--check` says if they are there.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from study_pages import RESULTS, ROOT, keep_page, ranged

PAGE = ROOT / "docs" / "segmentation-study.md"
FILE = RESULTS / "segmentation_study.json"

Record = Mapping[str, Any]

CLASSES = {
    "lesions": ("atypical nevus", "common nevus", "melanoma"),
    "chest": ("COVID-19", "no finding", "other pneumonia"),
}
NETWORKS = {"lesions": "one network for both", "lesions-mask": "mask alone", "lesions-class": "class alone"}


def judged(found: Record) -> Iterator[str]:
    """How much of the study has been done."""
    counts = ", ".join(f"{name} {number}" for name, number in found["judged"].items())
    yield f"Folds judged so far, of {found['folds']}: {counts}."


def masks(found: Record) -> Iterator[str]:
    """Agreement with masks drawn by hand."""
    yield "| held-out pictures | Dice | median | least | below the floor | IoU | pixel accuracy |"
    yield "|---|---|---|---|---|---|---|"
    rows: dict[str, Record] = {}
    if "lungs" in found:
        rows |= {"lungs, both drawn": found["lungs"]["both"], "lungs, all": found["lungs"]["all"]}
    if "lesions" in found:
        rows["lesions (PH²)"] = found["lesions"]["all"]
    for name, one in rows.items():
        share = f"{one['below']} below {one['floor']:.2f}"
        counts = f"{one['pictures']} of {one['groups']} groups"
        yield (
            f"| {name}: {counts} | {ranged(one['dice'])} | {one['median']:.3f} | {one['least']:.3f} | {share} | "
            f"{ranged(one['iou'])} | {ranged(one['accuracy'])} |"
        )


def worst(found: Record) -> Iterator[str]:
    """The pictures that are drawn worst."""
    yield "| lungs | Dice | lesions | Dice |"
    yield "|---|---|---|---|"
    lungs = found["lungs"]["all"]["worst"] if "lungs" in found else []
    lesions = found["lesions"]["all"]["worst"] if "lesions" in found else []
    for i in range(max(len(lungs), len(lesions))):
        yield "| " + " | ".join([*_worst(lungs, i), *_worst(lesions, i)]) + " |"


def _worst(rows: Sequence[Sequence[Any]], number: int) -> tuple[str, str]:
    if number >= len(rows):
        return "", ""
    name, dice = rows[number]
    return f"`{name}`", f"{dice:.3f}"


def automatic(found: Record) -> Iterator[str]:
    """The masks a program drew."""
    if one := found.get("automatic"):
        yield f"On the {one['pictures']} pictures that have both, the automatic masks reach Dice {ranged(one)}."


def classes(found: Record) -> Iterator[str]:
    """How well the class is told by the same networks, or by one of its own."""
    yield "| | pictures | accuracy | balanced accuracy | κ | recall of each class |"
    yield "|---|---|---|---|---|---|"
    rows: dict[tuple[str, str], Record] = {}
    if "lesions" in found:
        rows["lesions", "PH², the same networks"] = found["lesions"]["classes"]
    if "chest" in found:
        rows["chest", "chest X-rays, class alone"] = found["chest"]
    for (kind, title), one in rows.items():
        each = ", ".join(
            f"{name} {recall['value']:.2f} (n = {n})"
            for name, recall, n in zip(CLASSES[kind], one["recalls"], one["supports"], strict=True)
        )
        figures = " | ".join(ranged(one[name]) for name in ("accuracy", "balanced", "kappa"))
        yield f"| {title} | {one['pictures']} of {one['groups']} groups | {figures} | {each} |"


def joint(found: Record) -> Iterator[str]:
    """One network against two."""
    one = found.get("joint")
    if one is None:
        return
    yield "| | million weights | training, s | a pass, ms | Dice | accuracy |"
    yield "|---|---|---|---|---|---|"
    figures = {
        "lesions": (ranged(one["dice"]["joint"]), ranged(one["accuracy"]["joint"])),
        "lesions-mask": (ranged(one["dice"]["separate"]), "–"),
        "lesions-class": ("–", ranged(one["accuracy"]["separate"])),
    }
    for name, title in NETWORKS.items():
        costs = f"{one['weights'][name] / 1e6:.1f} | {one['training_s'][name]:.0f} | {one['pass_ms'][name]:.0f}"
        yield f"| {title} | {costs} | {' | '.join(figures[name])} |"
    both = [
        sum(one[cost][name] for name in ("lesions-mask", "lesions-class"))
        for cost in ("weights", "training_s", "pass_ms")
    ]
    yield f"| the two together | {both[0] / 1e6:.1f} | {both[1]:.0f} | {both[2]:.0f} | | |"
    yield ""
    yield (
        f"Of {one['pictures']} held-out pictures of {one['folds']} folds. One network less two: Dice "
        f"{ranged(one['dice_gain'])}, accuracy {ranged(one['accuracy_gain'])}."
    )


BLOCKS = {
    "judged": judged,
    "masks": masks,
    "worst": worst,
    "automatic": automatic,
    "classes": classes,
    "joint": joint,
}


def main() -> int:
    """Write the page, or check it."""
    return keep_page(__doc__, PAGE, FILE, BLOCKS)


if __name__ == "__main__":
    sys.exit(main())
