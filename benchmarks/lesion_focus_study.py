"""The study of lesion focus: what every term of the loss of `dermoscopy-lesion-focus` does on PH2.

`choose` compares ways to move the weights on inner parts, `train` trains every arm by five-fold cross-validation and
keeps what the networks say of held-out pictures, `networks` trains an EfficientNet for one epoch, `figures` computes
one JSON from all that, from which `benchmarks/lesion_focus_page.py` makes the tables of docs/lesion-focus-study.md.
What is finished is not repeated, and what was interrupted goes on.

    python benchmarks/lesion_focus_study.py choose --data DATA --weights FILE --work DIR
    python benchmarks/lesion_focus_study.py train --data DATA --weights FILE --work DIR [--arm ARM …] [--seed N …]
    python benchmarks/lesion_focus_study.py networks --data DATA --work DIR --network efficientnet_b0
    python benchmarks/lesion_focus_study.py figures --data DATA --work DIR \
        --out benchmarks/results/lesion_focus_study.json

DATA holds derm/; FILE is an ImageNet start of MobileNetV2. An arm of five folds takes three to five minutes on one
core.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import torch
from lesion_focus_arms import ARMS, CANDIDATES, FOLDS, Study, one_epoch, train_fold, try_candidate
from lesion_focus_figures import figures

from viewer.host.discovery import PluginHost
from viewer.settings import Settings


def train(study: Study, host: PluginHost, names: list[str], seeds: list[int]) -> None:
    """Every arm and fold, seed by seed."""
    for seed in seeds:
        for name in names:
            for fold in range(FOLDS):
                start = time.perf_counter()
                train_fold(study, name, fold, seed, host)
                print(f"{name}, fold {fold}, seed {seed}: {time.perf_counter() - start:.0f} s", flush=True)


def main() -> int:
    """Train, or compute."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    stages = parser.add_subparsers(dest="stage", required=True)
    made = {name: stages.add_parser(name) for name in ("choose", "train", "networks", "figures")}
    for stage in made.values():
        stage.add_argument("--data", type=Path, required=True, metavar="DATA")
        stage.add_argument("--work", type=Path, required=True, metavar="DIR")
        stage.add_argument("--weights", type=Path, default=None, metavar="FILE")
    made["train"].add_argument("--arm", nargs="+", choices=list(ARMS), default=list(ARMS), metavar="ARM")
    made["train"].add_argument("--seed", nargs="+", type=int, default=[0], metavar="N")
    made["networks"].add_argument("--network", required=True, metavar="NAME")
    made["figures"].add_argument("--out", type=Path, required=True, metavar="FILE.json")
    args = parser.parse_args()
    study = Study(data=args.data, weights=args.weights, work=args.work)
    if args.stage == "figures":
        text = json.dumps(figures(study), indent=1, ensure_ascii=False)
        args.out.write_text(f"{text}\n", encoding="utf-8")
        return 0
    torch.set_num_threads(1)
    host = PluginHost(Settings())
    host.load()
    try:
        if args.stage == "choose":
            for name in CANDIDATES:
                try_candidate(study, name, host)
        elif args.stage == "networks":
            one_epoch(study, args.network, host)
        else:
            train(study, host, args.arm, args.seed)
    finally:
        host.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
