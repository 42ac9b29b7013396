"""The study of shortcuts: models that learnt ink or a ruler in place of the lesion, and what exposes them.

`learn` draws the worlds and trains one model in each; it goes on where it was interrupted. `figures` measures one
JSON from that, of which `benchmarks/study_pages.py` makes the tables of docs/shortcut-study.md.

    python benchmarks/shortcut_study.py learn --weights FILE
    python benchmarks/shortcut_study.py figures --out benchmarks/results/shortcut_study.json
    python benchmarks/shortcut_study.py picture --out docs/images/shortcuts.jpg

FILE is an ImageNet start of MobileNetV2. All take `--artefact NAME`, repeatable.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from measure import machine
from shortcut_methods import KIND, Json, measured
from shortcut_picture import draw_picture

from viewer.phantoms.cohort import LEAKS, Leak, lesion_cohort
from viewer.phantoms.folder import write_lesions

WORK = Path(__file__).parent / ".cache" / "shortcut"
ARTEFACTS = ("ink", "ruler")
LESIONS, TESTED = 1000, 400
SEED = 701
WORLDS = {"leaking": 0.95, "honest": 0.5}
"""Share of the artefact on the given-away class; the lesions are the same."""


def draw(folder: Path, artefact: str) -> None:
    """Write the worlds of one artefact that are not there yet."""
    sizes = {**{name: (LESIONS, SEED, share) for name, share in WORLDS.items()}, "test": (TESTED, SEED + 1, 0.0)}
    for name, (lesions, seed, share) in sizes.items():
        if not (folder / name / "labels.csv").exists():
            drawn = lesion_cohort(lesions, seed, lesions_per_patient=1, leak=Leak(artefact, KIND, share))
            write_lesions(folder / name, drawn, artefact)


def learn(work: Path, artefacts: Sequence[str], weights: Path) -> None:
    """Draw and train all that is not there yet."""
    for artefact in artefacts:
        draw(work / artefact, artefact)
        for world in WORLDS:
            out = work / artefact / f"bundle-{world}"
            if not out.exists():
                subprocess.run(_command(work / artefact / world, weights, out), check=True)


def _command(world: Path, weights: Path, out: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "viewer", "train", "classifier"),
        *("--data", str(world / "labels.csv"), "--label", "class", "--group", "group_id"),
        *("--architecture", "mobilenet_v2", "--weights", str(weights), "--input-size", "160"),
        *("--epochs", "8", "--lr", "5e-4", "--precision", "bf16-mixed"),
        *("--modality", "dermoscopy", "--critical", KIND, "--demonstration", "--licence", "Apache-2.0"),
        *("--out", str(out)),
    ]


def figures(work: Path, artefacts: Sequence[str]) -> Json:
    """What docs/shortcut-study.md tells."""
    return {
        "machine": machine(),
        "lesions": LESIONS,
        "tested": TESTED,
        "shares": WORLDS,
        "kind": KIND,
        "artefacts": {artefact: _kept(work / artefact) for artefact in artefacts},
    }


def _kept(folder: Path) -> Json:
    """The figures of one artefact, kept in its folder so that an interrupted run goes on; delete them to repeat."""
    file = folder / "figures.json"
    if not file.exists():
        file.write_text(json.dumps(measured(folder)), encoding="utf-8")
    found: Json = json.loads(file.read_text(encoding="utf-8"))
    return found


def main() -> None:
    """Learn, measure, or draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words = parser.add_subparsers(dest="word", required=True)
    for name in ("learn", "figures", "picture"):
        word = words.add_parser(name)
        word.add_argument("--work", type=Path, default=WORK, help="worlds and models (default %(default)s)")
        word.add_argument("--artefact", action="append", choices=LEAKS, help="repeatable; ink and ruler by default")
        if name == "learn":
            word.add_argument("--weights", type=Path, required=True, help="ImageNet start of MobileNetV2")
        else:
            word.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    artefacts = args.artefact or ARTEFACTS
    if args.word == "learn":
        learn(args.work, artefacts, args.weights)
        return
    if args.word == "picture":
        draw_picture(args.work, artefacts, args.out)
        return
    args.out.write_text(json.dumps(figures(args.work, artefacts), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
