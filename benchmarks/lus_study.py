"""The study of lung-ultrasound clips: cross-validated by group, beside what the files alone give away.

`learn` trains one network for every fold and seed and keeps what it says of every second frame of the clips held out;
it goes on where it was interrupted. `figures` computes one JSON from that, from which `benchmarks/study_pages.py`
makes the tables of docs/lus-study.md.

    python benchmarks/lus_study.py learn --data DATA --weights FILE --work DIR
    python benchmarks/lus_study.py figures --data DATA --work DIR --out benchmarks/results/lus_study.json

DATA holds lus/labels.csv; FILE is an ImageNet start of MobileNetV2.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from lus_answers import REACH, Setting, read_answers
from lus_clips import FOLDS, LABELS
from lus_control import control
from lus_figures import BOOTSTRAP, Json, compared, figures_of
from lus_learning import Run, learn

SEEDS = (0, 1, 2)

SETTINGS = {
    "finding-whole": Setting("finding", "whole"),
    "finding-textures": Setting("finding", "textures"),
    "severity-whole": Setting("severity", "whole"),
    "severity-whole-ordered": Setting("severity", "whole", "earth_mover"),
    "severity-textures": Setting("severity", "textures"),
    "severity-textures-ordered": Setting("severity", "textures", "earth_mover"),
}

COMPARED = {
    "textures": ("finding-whole", "finding-textures"),
    "order-whole": ("severity-whole", "severity-whole-ordered"),
    "order-textures": ("severity-textures", "severity-textures-ordered"),
}
"""Pairs of which the differences are told."""


def runs() -> Iterator[Run]:
    """All trainings, whole cross-validations one after the other."""
    for setting in SETTINGS.values():
        for seed in SEEDS:
            for fold in range(FOLDS):
                yield setting.run(seed, fold)


def figures(data: Path, work: Path) -> Json:
    """What docs/lus-study.md tells."""
    folder = work / "predictions"
    answers = {name: [read_answers(folder, setting, seed) for seed in SEEDS] for name, setting in SETTINGS.items()}
    return {
        "seeds": len(SEEDS),
        "folds": FOLDS,
        "draws": BOOTSTRAP.draws,
        "reach": REACH,
        "sizes": {name: found[0].sizes for name, found in answers.items()},
        "networks": {name: figures_of(found) for name, found in answers.items()},
        "differences": {name: compared(answers[a], answers[b]) for name, (a, b) in COMPARED.items()},
        "control": {task: control(data, work, task, SEEDS) for task in LABELS},
    }


def main() -> int:
    """Learn, or compute."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    stages = parser.add_subparsers(dest="stage", required=True)
    learning, computing = stages.add_parser("learn"), stages.add_parser("figures")
    for stage in (learning, computing):
        stage.add_argument("--data", type=Path, required=True, metavar="DATA")
        stage.add_argument("--work", type=Path, required=True, metavar="DIR")
    learning.add_argument("--weights", type=Path, required=True, metavar="FILE")
    computing.add_argument("--out", type=Path, required=True, metavar="FILE.json")
    args = parser.parse_args()
    if args.stage == "learn":
        for run in runs():
            learn(run, args.data, args.work, args.weights)
        return 0
    record = figures(args.data, args.work)
    args.out.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
