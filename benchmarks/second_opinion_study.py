r"""The study of second opinions, leaving patients out, and what our choices rest on.

    python benchmarks/second_opinion_study.py --table DATA/lus_seed/values_train.csv --clips WORK \
        --out benchmarks/results/second_opinion_study.json

TABLE holds outputs on frames that the classifier was trained on: whatever is measured on it is optimistic. WORK is
the work folder of benchmarks/lus_study.py, whose networks answer for clips that they did not learn from.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from second_opinion_worlds import TRUSTS, WAYS, Json, Tried, summary, try_all, worlds
from viewer_second_opinion.study.compare import study
from viewer_second_opinion.study.frames import Frames, read_frames

from viewer.api import softmax

SEED = 0

LEARNT = {
    "finding": "finding-textures-cross_entropy",
    "finding, whole network": "finding-whole-cross_entropy",
    "severity": "severity-textures-cross_entropy",
}
"""What networks learnt and how, by the names of what benchmarks/lus_study.py keeps of them."""

SECTIONS = ("patients", "worlds", "clips")

LEFT_OUT = 2
"""Patients that are measured on at a time; the source's methods learn from the others."""


def by_patients(frames: Frames) -> Json:
    """Every way of the study on every patient, none of whom the source's methods learnt from."""
    names = np.unique(frames.patients)
    patients: dict[str, Json] = {}
    seconds: dict[str, list[float]] = {}
    for start in range(0, len(names), LEFT_OUT):
        out = np.isin(frames.patients, names[start : start + LEFT_OUT])
        found = study(frames.take(~out), frames.take(out), say).figures
        for way, figures in _ways(found):
            seconds.setdefault(way, []).append(figures.get("seconds_per_frame", 0.0))
            for name, part in figures["per_patient"].items():
                patients.setdefault(way, {})[name] = part
    return {way: {"patients": parts, "seconds_per_frame": max(seconds[way])} for way, parts in patients.items()}


def _ways(found: Json) -> Iterator[tuple[str, Json]]:
    yield "base", found["base"]
    for name in ("network", "svc", "svc_per_class", "ours"):
        yield f"reliability/{name}", found["reliability"][name]
    for name in ("behaviour", "tsne"):
        yield f"rescoring/{name}/mode", found["rescoring"][name]
        yield f"rescoring/{name}/mean", found["rescoring"][name]["mean"]
    for name, figures in found["cascade"]["combinations"].items():
        yield f"cascade/{name}", figures
    yield "cascade/ours", found["cascade"]["ours"]


def clips_not_learnt(work: Path, learnt: str) -> list[Frames]:
    """What the networks of each cross-validation say of the frames of clips that they did not learn from."""
    runs = []
    for seed in range(3):
        folds = sorted((work / "predictions").glob(f"{learnt}-seed{seed}-fold*.npz"))
        parts = [_held_out(path, fold) for fold, path in enumerate(folds)]
        if parts:
            runs.append(_joined(parts))
    return runs


def _held_out(path: Path, fold: int) -> Frames:
    with np.load(path) as kept:
        rows = kept["held_out"]
        clips = kept["clip"][rows]
        probabilities = softmax(kept["logits"][rows].astype(np.float64))
        return Frames(
            source=path.name,
            paths=np.array(
                [f"{fold}/{clip}/{place}" for clip, place in zip(clips, kept["place"][rows], strict=True)]
            ),
            patients=kept["groups"][clips],
            clips=clips + 1000 * fold,
            places=kept["place"][rows],
            true=kept["labels"][clips],
            predicted=probabilities.argmax(axis=1),
            probabilities=probabilities,
        )


def _joined(parts: list[Frames]) -> Frames:
    return Frames(
        source=parts[0].source,
        paths=np.concatenate([part.paths for part in parts]),
        patients=np.concatenate([part.patients for part in parts]),
        clips=np.concatenate([part.clips for part in parts]),
        places=np.concatenate([part.places for part in parts]),
        true=np.concatenate([part.true for part in parts]),
        predicted=np.concatenate([part.predicted for part in parts]),
        probabilities=np.concatenate([part.probabilities for part in parts]),
    )


def of_clips(runs: list[Frames]) -> Json:
    """Every way on real clips, mean of the runs: change of accuracy over all frames, and in how many groups."""
    tried = [try_all(frames) for frames in runs]
    return {
        "seeds": len(runs),
        "frames": len(runs[0]),
        "groups": len(tried[0].frames),
        "accuracy": float(np.mean([frames.correct.mean() for frames in runs])),
        "softmax": float(np.mean([one.trusts["softmax"][0] for one in tried])),
        "answers": {name: _answers(tried, name) for name in WAYS},
        "trusts": {name: float(np.mean([one.trusts[name][0] for one in tried])) for name in TRUSTS},
    }


def _answers(tried: list[Tried], name: str) -> Json:
    gains = np.array([one.gains[name] for one in tried])
    return {
        "gain": float(np.average(gains, axis=1, weights=tried[0].frames).mean()),
        "better": float((gains > 0).sum(axis=1).mean()),
        "worse": float((gains < 0).sum(axis=1).mean()),
    }


def say(sentence: str) -> None:
    """Tell how far it is."""
    print(sentence, file=sys.stderr, flush=True)


def main() -> int:
    """Measure, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", type=Path, required=True, metavar="TABLE")
    parser.add_argument("--clips", type=Path, required=True, metavar="WORK")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.json")
    parser.add_argument("--worlds", type=int, default=24, metavar="N", help="of either kind (default 24)")
    parser.add_argument("--only", choices=SECTIONS, help="measure this again, and keep the rest of FILE.json")
    args = parser.parse_args()
    record: Json = json.loads(args.out.read_text(encoding="utf-8")) if args.only else {}
    frames = read_frames(args.table)
    if args.only in (None, "patients"):
        record["patients"] = by_patients(frames)
    if args.only in (None, "worlds"):
        record["as_it_is"] = summary([try_all(frames)])
        record["plain"] = summary(worlds(frames, args.worlds, SEED, scrambled=False, say=say))
        record["scrambled"] = summary(worlds(frames, args.worlds, SEED, scrambled=True, say=say))
    if args.only in (None, "clips"):
        found = {name: clips_not_learnt(args.clips, learnt) for name, learnt in LEARNT.items()}
        record["clips"] = {name: of_clips(runs) for name, runs in found.items() if runs}
    args.out.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
