"""The study of masks: lungs and lesions by cross-validation over groups, joint against separate networks.

    python benchmarks/segmentation_study.py table --data DATA --out lungs.csv
    python benchmarks/segmentation_study.py train RUN … --data DATA --weights FILE --work DIR
    python benchmarks/segmentation_study.py card BUNDLE --of lungs --results RESULTS/segmentation_study.json
    python benchmarks/segmentation_study.py figures --data DATA --work DIR --out RESULTS/segmentation_study.json

DATA holds cxr/ and derm/; FILE is an ImageNet start of MobileNetV2. What is trained already is not trained again.
`card` puts the figures of a run onto the card of a bundle; `table` writes cxr/labels.csv with a column `mask`: the
radiologists' masks, without those of one lung alone.
"""

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Any

from segmentation_figures import figures
from segmentation_runs import RUNS, half_drawn, train
from study_pages import ranged, short

from viewer.engine.bundle import read_bundle, rewrite_bundle
from viewer.training.crossval_card import with_cross_validation

TITLES = {"dice": "Dice", "iou": "IoU", "accuracy": "pixel accuracy"}


def write_table(data: Path, out: Path) -> None:
    """The table of X-rays with the masks that show both lungs."""
    half = half_drawn(data)
    with (data / "cxr" / "labels.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with out.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, [*rows[0], "mask"])
        table.writeheader()
        for row in rows:
            table.writerow({**row, "mask": "" if Path(row["file"]).name in half else row["mask_manual"]})


def add_to_card(path: Path, name: str, record: dict[str, Any]) -> None:
    """Put the cross-validated figures of a run's masks onto the card of a bundle."""
    bundle = read_bundle(path)
    found = record[name].get("both", record[name]["all"])
    lines = [
        f"By cross-validation: each of {found['pictures']} pictures of {found['groups']} groups was drawn once, by a "
        f"network that never saw its group ({record['judged'][name]} of {record['folds']} folds). These figures "
        "belong to other trainings by the same recipe, not to the weights of this bundle.",
        "",
        "| figure | mean |",
        "|---|---|",
        *(f"| {title} | {ranged(found[key])} |" for key, title in TITLES.items()),
        "",
        f"Least Dice: {short(found['least'])}; {found['below']} below {short(found['floor'])}.",
    ]
    rewrite_bundle(
        bundle,
        bundle.path,
        card=with_cross_validation(bundle.card, "\n".join(lines)),
        combination=bundle.combination,
        combination_note=bundle.combination_note,
        certificate=bundle.certificate,
        clip_certificate=bundle.clip_certificate,
    )


def main() -> int:
    """Write the table, train, or compute."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    stages = parser.add_subparsers(dest="stage", required=True)
    training = stages.add_parser("train")
    computing, writing = stages.add_parser("figures"), stages.add_parser("table")
    carding = stages.add_parser("card")
    carding.add_argument("bundle", type=Path, metavar="BUNDLE")
    carding.add_argument("--of", required=True, choices=["lungs", "lesions"])
    carding.add_argument("--results", type=Path, required=True, metavar="FILE")
    for stage in (training, computing, writing):
        stage.add_argument("--data", type=Path, required=True, metavar="DATA")
    for stage in (training, computing):
        stage.add_argument("--work", type=Path, required=True, metavar="DIR")
    for stage in (computing, writing):
        stage.add_argument("--out", type=Path, required=True, metavar="FILE")
    training.add_argument("run", nargs="+", choices=list(RUNS), metavar="RUN", help=", ".join(RUNS))
    training.add_argument("--weights", type=Path, required=True, metavar="FILE")
    args = parser.parse_args()
    if args.stage == "card":
        add_to_card(args.bundle, args.of, json.loads(args.results.read_text(encoding="utf-8")))
    elif args.stage == "table":
        write_table(args.data, args.out)
    elif args.stage == "train":
        for name in args.run:
            train(name, args.data, args.weights, args.work)
    else:
        text = json.dumps(figures(args.data, args.work), indent=1, ensure_ascii=False)
        args.out.write_text(f"{text}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
