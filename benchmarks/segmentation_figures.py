"""What the study of masks tells, computed from the held-out answers of its runs."""

import csv
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from segmentation_runs import FOLDS, MEASURES, RUNS, Arrays, half_drawn, judged, recall

from viewer.domain.evidence import Need
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import read_bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.evaluation.classification import kappa
from viewer.evaluation.metrics import balanced_accuracy, group_interval, recalls
from viewer.evaluation.overlap import dice
from viewer.host.discovery import PluginHost
from viewer.io.masks import read_inside
from viewer.settings import Settings

Json = dict[str, Any]
Rows = NDArray[np.intp]

LEAST = {"lungs": 0.90, "lesions": 0.80}
"""Dice that no picture should fall below."""

JOINT = ("lesions", "lesions-mask", "lesions-class")
"""One network for both, and two that do one thing each, on the same folds."""

BOOTSTRAP = 20_261_126
PASSES = 30


def figures(data: Path, work: Path) -> Json:
    """Everything the page needs, of the folds that have been judged."""
    found: Json = {"folds": FOLDS, "judged": {name: len(judged(name, work)) for name in RUNS}}
    if judged("lungs", work):
        found["lungs"] = _lungs(recall("lungs", work), half_drawn(data))
        found["automatic"] = _automatic(data)
    if judged("lesions", work):
        lesions = recall("lesions", work)
        found["lesions"] = {"all": _masks(lesions, "lesions"), "classes": _classes(lesions)}
    if _common_folds(work):
        found["joint"] = _joint(work)
    if judged("chest-class", work):
        found["chest"] = _classes(recall("chest-class", work))
    return found


def _common_folds(work: Path) -> list[int]:
    """Folds that one network for both and two for one thing each were judged on."""
    return sorted(set.intersection(*(set(judged(name, work)) for name in JOINT)))


def _lungs(seen: Arrays, half: frozenset[str]) -> Json:
    whole = np.array([name not in half for name in seen["names"]])
    both = {key: values[whole] if len(values) == len(whole) else values for key, values in seen.items()}
    return {"all": _masks(seen, "lungs"), "both": _masks(both, "lungs"), "half": sorted(half)}


def _masks(seen: Arrays, name: str) -> Json:
    scores = seen["dice"]
    order = np.argsort(scores)
    return {
        "pictures": len(scores),
        "groups": len(set(seen["groups"].tolist())),
        **{measure: _mean(seen[measure], seen["groups"]) for measure in MEASURES},
        "median": float(np.median(scores)),
        "least": float(scores.min()),
        "floor": LEAST[name],
        "below": int((scores < LEAST[name]).sum()),
        "worst": [[str(seen["names"][i]), float(scores[i])] for i in order[:5]],
    }


def _classes(seen: Arrays) -> Json:
    labels, predicted = seen["labels"].astype(np.intp), seen["logits"].argmax(axis=1)
    classes = seen["logits"].shape[1]

    def share(rows: Rows) -> float:
        return float((labels[rows] == predicted[rows]).mean())

    def balanced(rows: Rows) -> float:
        return balanced_accuracy(labels[rows], predicted[rows], classes)

    def recall_of(k: int, rows: Rows) -> float:
        return float(recalls(labels[rows], predicted[rows], classes)[k])

    def agreement(rows: Rows) -> float:
        confusion = np.zeros((classes, classes))
        np.add.at(confusion, (labels[rows], predicted[rows]), 1)
        return float(kappa(confusion))

    groups = seen["groups"]
    return {
        "pictures": len(labels),
        "groups": len(set(groups.tolist())),
        "supports": np.bincount(labels, minlength=classes).tolist(),
        "recalls": [_figure(partial(recall_of, k), groups) for k in range(classes)],
        "accuracy": _figure(share, groups),
        "balanced": _figure(balanced, groups),
        "kappa": _figure(agreement, groups),
    }


def _joint(work: Path) -> Json:
    """One network for both against two, on the folds that all three were judged on."""
    folds = _common_folds(work)
    seen = {name: recall(name, work) for name in JOINT}
    for name, found in seen.items():
        rows = np.isin(found["fold"], folds)
        of_folds = np.isin(judged(name, work), folds)
        seen[name] = {key: values[of_folds] if key == "seconds" else values[rows] for key, values in found.items()}
    joint, mask, label = (seen[name] for name in JOINT)
    right = {name: seen[name]["logits"].argmax(axis=1) == seen[name]["labels"] for name in JOINT}
    return {
        "folds": len(folds),
        "pictures": len(joint["names"]),
        "training_s": {name: float(found["seconds"].sum()) for name, found in seen.items()},
        **_costs(work),
        "dice": {"joint": _mean(joint["dice"], joint["groups"]), "separate": _mean(mask["dice"], mask["groups"])},
        "accuracy": {
            "joint": _mean(right["lesions"].astype(float), joint["groups"]),
            "separate": _mean(right["lesions-class"].astype(float), label["groups"]),
        },
        "dice_gain": _mean(joint["dice"] - mask["dice"], joint["groups"]),
        "accuracy_gain": _mean(right["lesions"].astype(float) - right["lesions-class"], joint["groups"]),
    }


def _costs(work: Path) -> Json:
    """Weights of each network, and milliseconds of a pass on one thread, medians taken in turn."""
    host = PluginHost(Settings())
    host.load()
    try:
        architectures = Architectures(offer.thing for offer in host.architectures)
        engines = {
            name: Engine(
                read_bundle(work / f"{name}-0" / "training" / "uncalibrated"),
                architectures,
                device="cpu",
                cache_bytes=0,
                threads=1,
            )
            for name in JOINT
        }
    finally:
        host.close()
    picture = Picture(np.random.default_rng(0).integers(0, 256, (384, 512, 3), np.uint8))
    needs = {name: frozenset({Need.LOGITS, Need.MASK}) for name in JOINT} | {JOINT[2]: frozenset({Need.LOGITS})}
    times: dict[str, list[float]] = {name: [] for name in JOINT}
    for _ in range(PASSES):
        for name, engine in engines.items():
            begun = time.perf_counter()
            engine.evidence([picture], needs[name])
            times[name].append(time.perf_counter() - begun)
    return {
        "weights": {name: sum(p.numel() for p in engine.network.parameters()) for name, engine in engines.items()},
        "pass_ms": {name: 1000 * statistics.median(taken) for name, taken in times.items()},
    }


def _automatic(data: Path) -> Json:
    """How the automatic masks agree with the radiologists' where there are both and both lungs were drawn."""
    half, scores, groups = half_drawn(data), [], []
    for row in _rows_of(data):
        if row["mask_manual"] and row["mask_auto"] and Path(row["file"]).name not in half:
            size = (int(row["height"]), int(row["width"]))
            masks = [read_inside(data / "cxr" / row[column], *size) for column in ("mask_auto", "mask_manual")]
            scores.append(dice(*masks))
            groups.append(row["group_id"])
    return {"pictures": len(scores), **_mean(np.array(scores), np.array(groups))}


def _rows_of(data: Path) -> Iterator[Mapping[str, str]]:
    with (data / "cxr" / "labels.csv").open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _mean(values: NDArray[np.floating], groups: NDArray[np.str_]) -> Json:
    return _figure(lambda rows: float(values[rows].mean()), groups)


def _figure(statistic: Callable[[Rows], float], groups: NDArray[np.str_]) -> Json:
    low, high = group_interval(statistic, groups, seed=BOOTSTRAP)
    return {"value": statistic(np.arange(len(groups))), "low": low, "high": high}
