"""What the networks of the study of lesion focus look at: figures of docs/lesion-focus.md.

Every network is asked about the held-out pictures of its own fold alone. `lesion_focus_study.py train` has kept the
maps of both classes there; this takes the maps of mirrored pictures too, and the features of the pictures each
network was trained on, for classical classifiers to learn from. What is finished is kept in DIR/diagnostics.

    python benchmarks/lesion_focus_diagnostics.py --data DATA --work DIR \
        --out benchmarks/results/lesion_focus_diagnostics.json

DATA holds derm/, DIR is the study's. Three arms of five folds take two minutes on one core.
"""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from viewer.datasets.sample import Sample
from viewer.domain.evidence import LinearHead, Need, softmax
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle, read_bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.evaluation.attention import view_agreement
from viewer.evaluation.bootstrap import Bootstrap, Figure, estimate
from viewer.evaluation.classification import confusion_matrix, mean_recall
from viewer.evaluation.looking import looks_at
from viewer.evaluation.metrics import auroc
from viewer.io.reader import open_source
from viewer.training import focus_figures
from viewer.training.focus import Observed

ARMS, BASE, FOLDS = ("ce", "mask", "all"), "ce", 5

AT_MOST_HALF, AS_MUCH = 0.5, 0.95
"""Limits of the panel "Looking at the lesion?" on the attention outside, in even shares."""

Json = dict[str, Any]
Floats = NDArray[np.float64]
Measure = Callable[[NDArray[np.intp]], float]


class Fold:
    """One network, the pictures it has not seen, and the features of those it has."""

    def __init__(self, data: Path, work: Path, arm: str, fold: int) -> None:
        """Read what is there, and look where it is not."""
        name = f"{arm}-fold{fold}-seed0"
        held = np.load(work / "heldout" / f"{name}.npz")
        bundle = read_bundle(work / "bundles" / name)
        kept = work / "diagnostics" / f"{name}.npz"
        if not kept.exists():
            kept.parent.mkdir(exist_ok=True)
            others = [np.load(work / "heldout" / f"{arm}-fold{n}-seed0.npz") for n in range(FOLDS) if n != fold]
            np.savez(kept, **_looked(data, bundle, held, others))
            print(name, flush=True)
        seen = np.load(kept)
        weights = bundle.weights()
        self.trained, self.labels = seen["trained"].astype(np.float64), seen["labels"]
        self.views, self.masks, self.logits = seen["agreement"], held["masks"], held["logits"]
        files = held["files"].tolist()
        self.seen = Observed(
            samples=tuple(
                Sample(Path(file), int(label), file) for file, label in zip(files, held["labels"], strict=True)
            ),
            frames=np.zeros(len(files), np.intp),
            classes=tuple(held["classes"].tolist()),
            answers=held["logits"].argmax(axis=1),
            features=held["features"].astype(np.float64),
            maps=held["maps"],
            agreement=self.views.mean(axis=1),
            head=LinearHead(
                np.asarray(weights["classifier.1.weight"], np.float32),
                np.asarray(weights["classifier.1.bias"], np.float32),
            ),
        )


def _looked(data: Path, bundle: Bundle, held: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> Json:
    """Agreement with mirrored views of the held-out pictures, and features of the others."""
    engine = Engine(bundle, Architectures(), device="cpu", threads=1, cache_bytes=0)
    agreement = []
    for file in held["files"]:
        found = engine.evidence([_picture(data, str(file))], frozenset({Need.ATTENTION, Need.VIEWS}))
        assert found.attention is not None  # noqa: S101 - asked for
        assert found.views is not None  # noqa: S101
        agreement.append(view_agreement(found.attention, found.views)[0])
    files = [str(file) for part in others for file in part["files"]]
    features = [_features(engine, _picture(data, file)) for file in files]
    labels = np.concatenate([part["labels"] for part in others])
    return {"agreement": np.stack(agreement), "trained": np.concatenate(features), "labels": labels}


def _features(engine: Engine, picture: Picture) -> NDArray[np.float32]:
    features = engine.evidence([picture], frozenset({Need.FEATURES})).features
    assert features is not None  # noqa: S101 - asked for
    return features


@cache
def _places(data: Path) -> Mapping[str, Path]:
    with (data / "derm" / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["set"] == "ph2"]
    return {Path(row["file"]).name: data / "derm" / row["file"] for row in rows}


def _picture(data: Path, file: str) -> Picture:
    source = open_source(_places(data)[file])
    try:
        return Picture(rgb=source.decode(0).rgb())
    finally:
        source.close()


def _arm(folds: Sequence[Fold], base: Sequence[Fold]) -> Json:
    """All figures of one arm."""
    labels = np.concatenate([one.seen.labels for one in folds])
    answers = np.concatenate([one.seen.answers for one in folds])
    moved = np.concatenate([one.seen.agreement for one in folds])
    likely = softmax(np.concatenate([one.logits for one in folds])).max(axis=1)
    outside = np.concatenate([_outside(one) for one in folds])
    right = answers == labels
    told = {"network": answers} | {name: _classical(folds, name) for name in focus_figures.classifiers()}
    return {
        "pictures": len(labels),
        "looks_at_lesion": {
            "yes": float((outside <= AT_MOST_HALF).mean()),
            "in part": float(((outside > AT_MOST_HALF) & (outside < AS_MUCH)).mean()),
            "no": float((outside >= AS_MUCH).mean()),
        },
        "agreement": _interval(len(labels), lambda rows: float(moved[rows].mean())),
        "agreement_by_view": np.concatenate([one.views for one in folds]).mean(axis=0).tolist(),
        "likeness_to_other_pictures": float(np.mean([_likeness(one.seen) for one in folds])),
        "agreement_against_base": _interval(len(labels), partial(_gain, folds, base)),
        "auroc_f_of_agreement": _interval(len(labels), lambda rows: float(auroc(moved[rows], right[rows]))),
        "auroc_f_of_probability": _interval(len(labels), lambda rows: float(auroc(likely[rows], right[rows]))),
        "balanced_accuracy": {
            name: _interval(len(labels), partial(_balanced, labels, found)) for name, found in told.items()
        },
        "maps": _means([focus_figures.map_ranges(one.seen) for one in folds], ("map_of", "label")),
        "dominance": _means([focus_figures.dominance(one.seen) for one in folds], ("name",)),
        "clusters": _means([focus_figures.clusters(one.seen) for one in folds], ("name",)),
    }


def _outside(one: Fold) -> Floats:
    """Attention for the answer outside the expert's mask, in even shares, (n,)."""
    rows = np.arange(len(one.seen.answers))
    return looks_at(one.seen.maps[rows, one.seen.answers], one.masks.astype(np.float32)).outside_times


def _likeness(seen: Observed) -> float:
    """Correlation of the answer's map with the mean of those of the other pictures, mean over pictures."""
    maps = seen.maps[np.arange(len(seen.answers)), seen.answers].reshape(len(seen.answers), -1).astype(np.float64)
    maps = (maps - maps.mean(axis=1, keepdims=True)) / maps.std(axis=1, keepdims=True)
    others = maps.sum(axis=0) - maps
    return float(np.mean([np.corrcoef(one, rest)[0, 1] for one, rest in zip(maps, others, strict=True)]))


def _gain(folds: Sequence[Fold], base: Sequence[Fold], rows: NDArray[np.intp]) -> float:
    here, there = (np.concatenate([one.seen.agreement for one in several]) for several in (folds, base))
    return float((here - there)[rows].mean())


def _classical(folds: Sequence[Fold], name: str) -> NDArray[np.intp]:
    """Answers of a classifier that learned from the pictures each network was trained on."""
    answers = []
    for one in folds:
        middle, spread = one.trained.mean(axis=0), one.trained.std(axis=0)
        scale = np.where(spread > 0, spread, 1)
        classifier = focus_figures.classifiers(len(one.labels))[name]
        classifier.fit((one.trained - middle) / scale, one.labels)
        answers.append(classifier.predict((one.seen.features - middle) / scale))
    return np.concatenate(answers)


def _balanced(labels: NDArray[np.intp], answers: NDArray[np.intp], rows: NDArray[np.intp]) -> float:
    return float(mean_recall(confusion_matrix(labels[rows], answers[rows], 2)))


def _means(tables: Sequence[Sequence[Any]], keys: Sequence[str]) -> Json:
    """Means over the folds of the numbers of each row."""
    found: dict[str, list[Json]] = {}
    for table in tables:
        for row in map(asdict, table):
            found.setdefault(" on ".join(row[key] for key in keys), []).append(row)
    return {
        name: {
            key: float(np.mean([row[key] for row in rows]))
            for key, value in rows[0].items()
            if isinstance(value, float)
        }
        for name, rows in found.items()
    }


def _interval(count: int, measure: Measure) -> Json:
    """A figure with its interval over lesions."""

    def weighted(weights: Floats) -> dict[tuple[str, ...], Floats]:
        rows = [np.repeat(np.arange(count), times.astype(np.intp)) for times in weights]
        return {("figure",): np.array([measure(chosen) for chosen in rows])}

    figure: Figure = estimate(weighted, np.arange(count), Bootstrap())[("figure",)]
    return asdict(figure)


def main() -> int:
    """Compute, and write one JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, metavar="DATA")
    parser.add_argument("--work", type=Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.json")
    args = parser.parse_args()
    torch.set_num_threads(1)
    folds = {arm: [Fold(args.data, args.work, arm, fold) for fold in range(FOLDS)] for arm in ARMS}
    record = {arm: _arm(found, folds[BASE]) for arm, found in folds.items()}
    args.out.write_text(f"{json.dumps(record, indent=1, ensure_ascii=False)}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
