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
import json
import sys
import time
from pathlib import Path

from attention_figures import figures_of
from attention_methods import Compared
from attention_passes import collect
from attention_sets import QUICK, USUAL, Sizes, sets_of

from viewer.engine.bundle import Bundle, read_bundle
from viewer.settings import Settings


def run(bundle: Bundle, work: Path, sizes: Sizes) -> None:
    """Run the network over every set that was not seen yet."""
    for name, make in sets_of(bundle, sizes).items():
        start = time.perf_counter()
        if collect(bundle, name, make, work):
            print(f"{bundle.manifest.name}, {name}: {time.perf_counter() - start:.0f} s", flush=True)


def main() -> int:
    """Run the network, or compute."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    stages = parser.add_subparsers(dest="stage", required=True)
    collecting, computing = stages.add_parser("collect"), stages.add_parser("figures")
    for stage in (collecting, computing):
        stage.add_argument("--bundle", type=Path, action="append", required=True, metavar="BUNDLE", help="repeatable")
        stage.add_argument("--work", type=Path, required=True, metavar="DIR")
        stage.add_argument("--quick", action="store_true", help="few pictures")
    computing.add_argument("--out", type=Path, required=True, metavar="FILE.json")
    args = parser.parse_args()
    sizes = QUICK if args.quick else USUAL
    bundles = [read_bundle(path) for path in args.bundle]
    if args.stage == "collect":
        for bundle in bundles:
            run(bundle, args.work, sizes)
        return 0
    host = Compared(Settings())
    host.load()
    record = {"bundles": [figures_of(bundle, host, args.work, sizes) for bundle in bundles]}
    host.close()
    args.out.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
