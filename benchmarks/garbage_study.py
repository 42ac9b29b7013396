"""The study of garbage: which families a network rejects that it was never taught, by its output and by distances.

`collect` lets a frozen network see proper pictures and garbage drawn from them, once; `figures` computes one JSON
from that, from which `benchmarks/study_pages.py` makes the tables of docs/garbage-study.md.

    python benchmarks/garbage_study.py collect --data DATA --weights FILE --work DIR
    python benchmarks/garbage_study.py figures --work DIR --out benchmarks/results/garbage_study.json

DATA holds derm/, lus/ and cxr/; FILE is an ImageNet start of MobileNetV2.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from garbage_judging import Shares, judged
from garbage_passes import SUBJECTS, Seen, collect, recall
from numpy.typing import NDArray

from viewer.evaluation.metrics import group_interval

FOLDS = 5
SEED = 20_260_220
WAYS = ("alone", "distances", "together")
Json = dict[str, object]


def figures(work: Path) -> Json:
    """What docs/garbage-study.md tells."""
    return {"folds": FOLDS, **{name: _of_subject(recall(subject, work)) for name, subject in SUBJECTS.items()}}


def _of_subject(seen: Mapping[str, Seen]) -> Json:
    families = [name for name in seen if name != "proper" and not name.startswith("real ")]
    found = judged(seen, families, folds=FOLDS, seed=SEED)
    proper = seen["proper"]
    left_out = {name: found.left_out[name] for name in families}
    return {
        "pictures": len(proper),
        "groups": len(set(proper.groups.tolist())),
        "classes": int(proper.labels.max()) + 1,
        "accuracy": {
            "without": _figure(found.right_without, proper.groups),
            "with": _figure(found.right, proper.groups),
            "gain": _figure(found.right.astype(float) - found.right_without, proper.groups),
        },
        "proper": _shares(found.proper, proper.groups),
        "left_out": {name: _shares(left_out[name], seen[name].groups) for name in families},
        "taught": {name: _shares(found.taught[name], seen[name].groups) for name in families},
        "real": {
            name.removeprefix("real "): _shares(found.taught[name], seen[name].groups)
            for name in seen
            if name.startswith("real ")
        },
        "kinds": {
            f"{name}: {kind}": _shares(left_out[name].at(rows), seen[name].groups[rows])
            for name in families
            for kind in dict.fromkeys(seen[name].kinds.tolist())
            for rows in [seen[name].kinds == kind]
        },
        "mean": {way: _mean_over(left_out, {name: seen[name].groups for name in families}, way) for way in WAYS},
    }


def _mean_over(found: Mapping[str, Shares], groups: Mapping[str, NDArray[np.str_]], way: str) -> Json:
    """The mean over families, each weighing alike."""
    rejected = np.concatenate([getattr(shares, way) for shares in found.values()]).astype(float)
    family = np.repeat(np.arange(len(found)), [len(shares.alone) for shares in found.values()])

    def mean(rows: NDArray[np.intp]) -> float:
        counts = np.bincount(family[rows], minlength=len(found))
        return float((np.bincount(family[rows], rejected[rows], len(found))[counts > 0] / counts[counts > 0]).mean())

    low, high = group_interval(mean, np.concatenate(list(groups.values())), seed=SEED)
    return {"value": mean(np.arange(len(family))), "low": low, "high": high}


def _shares(found: Shares, groups: NDArray[np.str_]) -> Json:
    return {"pictures": len(groups), **{way: _figure(getattr(found, way), groups) for way in WAYS}}


def _figure(values: NDArray[np.bool_] | NDArray[np.float64], groups: NDArray[np.str_]) -> Json:
    low, high = group_interval(lambda rows: float(values[rows].mean()), groups, seed=SEED)
    return {"value": float(values.mean()), "low": low, "high": high}


def main() -> int:
    """Collect, or compute."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    stages = parser.add_subparsers(dest="stage", required=True)
    collecting, computing = stages.add_parser("collect"), stages.add_parser("figures")
    for stage in (collecting, computing):
        stage.add_argument("--work", type=Path, required=True, metavar="DIR")
    collecting.add_argument("--data", type=Path, required=True, metavar="DATA")
    collecting.add_argument("--weights", type=Path, required=True, metavar="FILE")
    computing.add_argument("--out", type=Path, required=True, metavar="FILE.json")
    args = parser.parse_args()
    if args.stage == "collect":
        for subject in SUBJECTS.values():
            collect(subject, args.data, args.weights, args.work)
        return 0
    args.out.write_text(json.dumps(figures(args.work), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
