"""The study of masks: lungs and lesions by cross-validation over groups, joint against separate networks.

    python benchmarks/segmentation_study.py table --data DATA --out lungs.csv
    python benchmarks/segmentation_study.py train RUN … --data DATA --weights FILE --work DIR
    python benchmarks/segmentation_study.py figures --data DATA --work DIR --out RESULTS/segmentation_study.json

DATA holds cxr/ and derm/; FILE is an ImageNet start of MobileNetV2. What is trained already is not trained again.
`table` writes cxr/labels.csv with a column `mask`: the radiologists' masks, without those of one lung alone.
"""

import argparse
import csv
import json
import sys
from pathlib import Path

from segmentation_figures import figures
from segmentation_runs import RUNS, half_drawn, train


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


def main() -> int:
    """Write the table, train, or compute."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    stages = parser.add_subparsers(dest="stage", required=True)
    training = stages.add_parser("train")
    computing, writing = stages.add_parser("figures"), stages.add_parser("table")
    for stage in (training, computing, writing):
        stage.add_argument("--data", type=Path, required=True, metavar="DATA")
    for stage in (training, computing):
        stage.add_argument("--work", type=Path, required=True, metavar="DIR")
    for stage in (computing, writing):
        stage.add_argument("--out", type=Path, required=True, metavar="FILE")
    training.add_argument("run", nargs="+", choices=list(RUNS), metavar="RUN", help=", ".join(RUNS))
    training.add_argument("--weights", type=Path, required=True, metavar="FILE")
    args = parser.parse_args()
    if args.stage == "table":
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
