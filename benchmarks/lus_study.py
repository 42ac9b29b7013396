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
from dataclasses import replace
from pathlib import Path

from lus_answers import REACH, Setting, read_answers
from lus_clips import FOLDS, LABELS
from lus_control import control
from lus_figures import BOOTSTRAP, Json, compared, figures_of
from lus_learning import Run, learn

SEEDS = (0, 1, 2)

FINDING, SEVERITY, EARTH_MOVER = (
    Setting("finding", "cross_entropy"),
    Setting("severity", "cross_entropy"),
    Setting("severity", "earth_mover"),
)
SETTINGS = {
    "finding": FINDING,
    "finding-two": replace(FINDING, members=2),
    "severity": SEVERITY,
    "severity-earth-mover": EARTH_MOVER,
}


def runs() -> Iterator[Run]:
    """All trainings, whole cross-validations one after the other."""
    for setting in SETTINGS.values():
        for member in range(setting.members):
            for seed in SEEDS:
                for fold in range(FOLDS):
                    yield setting.run(seed, fold, member)


def figures(data: Path, work: Path) -> Json:
    """What docs/lus-study.md tells."""
    answers = {
        name: [read_answers(work / "predictions", setting, seed) for seed in SEEDS]
        for name, setting in SETTINGS.items()
    }
    return {
        "seeds": len(SEEDS),
        "folds": FOLDS,
        "draws": BOOTSTRAP.draws,
        "reach": REACH,
        "networks": {name: figures_of(found) for name, found in answers.items()},
        "gain_of_two": compared(answers["finding"], answers["finding-two"]),
        "gain_of_order": compared(answers["severity"], answers["severity-earth-mover"]),
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
