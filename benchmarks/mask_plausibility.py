"""The study of whether a mask can be told to be wrong: what its plausibility has to do with its true Dice.

`collect` shows each network of a cross-validation the pictures it never saw, as they are and harmed, and pictures of
another kind, and keeps what it draws; it goes on where it was interrupted. `figures` computes one JSON from that, of
which `benchmarks/mask_page.py` makes the tables of docs/mask-plausibility.md.

    python benchmarks/mask_plausibility.py collect --study STUDY --data DATA --work DIR
    python benchmarks/mask_plausibility.py figures --work DIR --out benchmarks/results/mask_plausibility.json

STUDY is the work folder of `benchmarks/segmentation_study.py`, whose networks are asked; DATA holds cxr/ and derm/.
"""

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from mask_figures import figures_of
from mask_passes import Held, passes

from viewer.engine.architectures import Architectures
from viewer.engine.bundle import read_bundle
from viewer.engine.engine import Engine
from viewer.host.discovery import PluginHost
from viewer.settings import Settings

WORLDS = ("lungs", "lesions")
"""Runs of the study that are asked."""

OTHERS = 60
"""Pictures of another kind that each network is shown."""

BOTH_LUNGS = ("Left Lung", "Right Lung")


def held_out(world: str, names: Sequence[str], classes: Sequence[str], data: Path) -> list[Held]:
    """The pictures of that name, in the order of the table."""
    folder, column = (data / "cxr", "mask_manual") if world == "lungs" else (data / "derm", "mask")
    found = []
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            if Path(row["file"]).name not in names or row.get("set", "ph2") != "ph2":
                continue
            whole = world != "lungs" or all(lung in row["annotated_structures"] for lung in BOTH_LUNGS)
            mask = folder / row[column] if row[column] and whole else None
            found.append(Held(folder / row["file"], mask, row["group_id"], classes.index(row["class"])))
    return found


def of_another_kind(world: str, data: Path) -> list[Path]:
    """Skin lesions for lungs, chest X-rays for lesions."""
    pattern = "derm/ph2/common_nevus/*.jpg" if world == "lungs" else "cxr/images/*.jpg"
    return sorted(data.glob(pattern))[:OTHERS]


def collect(study: Path, data: Path, work: Path) -> None:
    """Show every network of the study that is trained its pictures, those it was shown already aside."""
    host = PluginHost(Settings())
    host.load()
    architectures = Architectures(offer.thing for offer in host.architectures)
    for kept in sorted(file for world in WORLDS for file in (study / "heldout").glob(f"{world}-[0-9].npz")):
        out = work / kept.name
        if out.exists():
            continue
        engine = Engine(
            read_bundle(study / kept.stem / "training" / "uncalibrated"), architectures, cache_bytes=0, device="cpu"
        )
        with np.load(kept) as answers:
            names = answers["names"].tolist()
        world = kept.stem[:-2]
        held = held_out(world, names, engine.bundle.manifest.classes, data)
        rows = passes(engine, held, of_another_kind(world, data))
        np.savez_compressed(out, allow_pickle=False, **rows)
        print(f"{out.name}: {len(held)} pictures, {len(rows['dice'])} passes", flush=True)
    host.close()


def main() -> int:
    """Collect, or compute."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    stages = parser.add_subparsers(dest="stage", required=True)
    collecting, computing = stages.add_parser("collect"), stages.add_parser("figures")
    collecting.add_argument("--study", type=Path, required=True, metavar="STUDY")
    collecting.add_argument("--data", type=Path, required=True, metavar="DATA")
    computing.add_argument("--out", type=Path, required=True, metavar="FILE.json")
    for stage in (collecting, computing):
        stage.add_argument("--work", type=Path, required=True, metavar="DIR")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    if args.stage == "collect":
        collect(args.study, args.data, args.work)
        return 0
    record = {world: figures_of(sorted(args.work.glob(f"{world}-*.npz"))) for world in WORLDS}
    args.out.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
