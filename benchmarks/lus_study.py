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

import numpy as np
from lus_answers import REACH, Answers, Setting, read_answers
from lus_clips import FOLDS, LABELS
from lus_control import control
from lus_figures import BOOTSTRAP, Json, compared, figures_of
from lus_learning import Run, learn
from lus_second_opinion import second_opinion
from numpy.typing import NDArray

SETTINGS = {
    "finding": Setting("finding", "textures"),
    "finding-whole": Setting("finding", "whole", seeds=(0, 1)),
    "severity": Setting("severity", "textures"),
    "severity-ordered": Setting("severity", "textures", "earth_mover"),
}
"""A whole network takes a core for ten minutes a seed, the last layer alone for ten seconds."""

SECOND_OPINIONS = ("finding", "severity")
"""Networks whose trunk is the same in every fold, so that frames of different folds can be compared."""


def runs() -> Iterator[Run]:
    """All trainings, whole cross-validations one after the other."""
    for setting in SETTINGS.values():
        for seed in setting.seeds:
            for fold in range(FOLDS):
                yield setting.run(seed, fold)


def figures(data: Path, work: Path) -> Json:
    """What docs/lus-study.md tells."""
    folder = work / "predictions"
    answers = {
        name: [read_answers(folder, setting, seed) for seed in setting.seeds] for name, setting in SETTINGS.items()
    }
    return {
        "folds": FOLDS,
        "draws": BOOTSTRAP.draws,
        "reach": REACH,
        "seeds": {name: len(setting.seeds) for name, setting in SETTINGS.items()},
        "sizes": {name: found[0].sizes for name, found in answers.items()},
        "networks": {name: figures_of(found) for name, found in answers.items()},
        "convex": figures_of([found.of(_convex(found)) for found in answers["finding"]]),
        "gain_of_order": compared(answers["severity"], answers["severity-ordered"]),
        "second_opinion": {name: second_opinion(answers[name]) for name in SECOND_OPINIONS},
        "control": {task: control(data, work, task, SETTINGS[task].seeds) for task in LABELS},
    }


def _convex(found: Answers) -> NDArray[np.bool_]:
    """Clips of a convex probe (clips,): the names of files begin with the probe."""
    return np.array([Path(file).name.startswith("convex") for file in found.files])


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
