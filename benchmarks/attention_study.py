"""The study of what tells pictures a model cannot judge: every method alone and together, on real data.

`collect` runs a bundle's network once over its own pictures, over pictures of other kinds and over faulty
preparations, and keeps what it says; it goes on where it was interrupted. `figures` computes one JSON from that, from
which `benchmarks/study_pages.py` makes the tables of docs/attention-study.md.

    python benchmarks/attention_study.py collect --bundle BUNDLE --work DIR
    python benchmarks/attention_study.py figures --bundle BUNDLE [--bundle …] --work DIR \
        --out benchmarks/results/attention_study.json

The folder of real data is that of VIEWER_DATA. Of a bundle made for phantoms, phantoms are shown.
"""

import argparse
import sys
import time
from pathlib import Path

from attention_passes import collect
from attention_sets import QUICK, USUAL, sets_of

from viewer.engine.bundle import read_bundle


def main() -> int:
    """Run the network, or compute."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    stages = parser.add_subparsers(dest="stage", required=True)
    collecting = stages.add_parser("collect")
    for stage in (collecting,):
        stage.add_argument("--bundle", type=Path, action="append", required=True, metavar="BUNDLE")
        stage.add_argument("--work", type=Path, required=True, metavar="DIR")
        stage.add_argument("--quick", action="store_true", help="few pictures")
    args = parser.parse_args()
    for path in args.bundle:
        bundle = read_bundle(path)
        for name, make in sets_of(bundle, QUICK if args.quick else USUAL).items():
            start = time.perf_counter()
            if collect(bundle, name, make, args.work):
                print(f"{path.name}, {name}: {time.perf_counter() - start:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
