"""Figures of the lesion-focus study, from what its networks said of held-out pictures."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import torch
from lesion_focus_arms import ARMS, CANDIDATES, FOLDS, INNER_FOLDS, Study
from numpy.typing import NDArray
from torch.nn import functional

from viewer.domain.evidence import softmax
from viewer.evaluation.attention import attention_shares, mask_cells, share_in_mask
from viewer.evaluation.classification import confusion_matrix, kappa
from viewer.evaluation.metrics import auroc, balanced_accuracy

Floats = NDArray[np.floating[Any]]
Statistic = Callable[[NDArray[np.intp]], float]
Json = dict[str, object]

DRAWS, SEED = 1000, 20_260_275
BASE = "ce"
MEMBERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What one training of every fold says of the n held-out pictures, in the order of their files.

    Attributes:
        labels: int (n,).
        probabilities: (n, K).
        inside: Share of the answered class's attention inside the lesion ÷ its area, (n,); 0 without attention.
        overlap: IoU of the lesion with as large a part of the picture where the map is highest, (n,).
        deciding_inside: As `inside`, of the answered class's map minus the mean of the others', (n,): what both
            classes see alike decides nothing, a softmax cancels it.
        deciding_overlap: As `overlap`, of the same, (n,).
    """

    labels: NDArray[np.intp]
    probabilities: Floats
    inside: Floats
    overlap: Floats
    deciding_inside: Floats
    deciding_overlap: Floats

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """Wrong answers, (n,)."""
        return np.asarray(self.probabilities.argmax(axis=1) != self.labels)


def answers(study: Study, name: str, seed: int) -> Answers | None:
    """Of all folds, or None where one is missing."""
    paths = [study.outputs(name, fold, seed) for fold in range(FOLDS)]
    if not all(path.exists() for path in paths):
        return None
    folds = [np.load(path) for path in paths]
    kept = {
        key: np.concatenate([fold[key] for fold in folds]) for key in ("files", "labels", "logits", "maps", "masks")
    }
    order = np.argsort(kept["files"])
    logits, maps, masks = (kept[key][order] for key in ("logits", "maps", "masks"))
    answered = maps[np.arange(len(maps)), logits.argmax(axis=1)]
    deciding = answered - (maps.sum(axis=1) - answered) / (maps.shape[1] - 1)
    cells = mask_cells(masks, *answered.shape[1:])
    return Answers(
        labels=kept["labels"][order],
        probabilities=softmax(logits),
        inside=share_in_mask(attention_shares(answered), cells),
        overlap=overlaps(answered, masks),
        deciding_inside=share_in_mask(attention_shares(deciding), cells),
        deciding_overlap=overlaps(deciding, masks),
    )


def overlaps(maps: Floats, masks: NDArray[np.bool_]) -> Floats:
    """IoU of each mask with the pixels where the map is highest, as many as the mask has; maps drawn to its size.

    Args:
        maps: (n, h, w), before any ReLU.
        masks: (n, H, W).
    """
    found = []
    for one, mask in zip(maps, masks, strict=True):
        large = functional.interpolate(
            torch.from_numpy(one)[None, None].double(), size=mask.shape, mode="bilinear", align_corners=False
        )
        highest = np.argsort(-large.numpy().ravel(), kind="stable")[: mask.sum()]
        shared = mask.ravel()[highest].sum()
        found.append(shared / (2 * mask.sum() - shared))
    return np.array(found)


def figures(study: Study) -> Json:
    """What docs/lesion-focus-study.md tells."""
    base = every_seed(study, BASE)
    arms: dict[str, object] = {}
    for name, arm in ARMS.items():
        of_arm = every_seed(study, name)
        if of_arm and arm.merge:
            arms[name] = {"title": arm.title, **_arm(of_arm, base)}
    return {
        "folds": FOLDS,
        "pictures": len(base[0].labels),
        "positives": int((base[0].labels == 0).sum()),
        "draws": DRAWS,
        "arms": arms,
        "ensembles": {
            name: {"title": arm.title, **_ensemble(found)}
            for name, arm in ARMS.items()
            if arm.merge and len(found := every_seed(study, name)) == MEMBERS
        },
        "three": {
            name: {"title": arm.title, **_three(found[0])}
            for name, arm in ARMS.items()
            if not arm.merge and (found := every_seed(study, name))
        },
        "choosing": [
            {"title": arm.title, **_candidate(study, name)}
            for name, arm in CANDIDATES.items()
            if study.candidate(name, INNER_FOLDS[-1]).exists()
        ],
        "networks": [
            json.loads(path.read_text(encoding="utf-8")) for path in sorted((study.work / "networks").glob("*.json"))
        ],
    }


def _candidate(study: Study, name: str) -> Json:
    """Of the pictures kept apart inside, together."""
    folds = [np.load(study.candidate(name, fold)) for fold in INNER_FOLDS]
    labels, logits = (np.concatenate([fold[key] for fold in folds]) for key in ("labels", "logits"))
    probabilities = softmax(logits)
    return {
        "pictures": len(labels),
        "balanced": balanced_accuracy(labels, logits.argmax(axis=1), logits.shape[1]),
        "auroc": auroc(probabilities[:, 0], labels == 0),
        "loss": float(-np.log(probabilities[np.arange(len(labels)), labels]).mean()),
    }


def every_seed(study: Study, name: str) -> list[Answers]:
    """The trainings of an arm that are complete."""
    return [found for seed in range(MEMBERS) if (found := answers(study, name, seed)) is not None]


def _arm(found: Sequence[Answers], base: Sequence[Answers]) -> Json:
    """Means over the seeds, and their differences from those of cross-entropy alone on the same pictures."""
    labels = found[0].labels
    record: Json = {"seeds": len(found)}
    for name, of in MEASURES.items():
        here, there = _mean_of(found, of), _mean_of(base, of)
        record[name] = interval(here, labels)
        record[f"{name}_gain"] = interval(_less(here, there), labels)
        if name.endswith("inside"):
            record[f"{name}_ratio"] = interval(_relative(here, there), labels)
    return record


def _less(here: Statistic, there: Statistic) -> Statistic:
    return lambda rows: here(rows) - there(rows)


def _relative(here: Statistic, there: Statistic) -> Statistic:
    return lambda rows: here(rows) / there(rows) - 1 if there(rows) else float("nan")


def _mean_of(found: Sequence[Answers], of: Callable[[Answers, NDArray[np.intp]], float]) -> Statistic:
    return lambda rows: float(np.mean([of(one, rows) for one in found]))


def _balanced(one: Answers, rows: NDArray[np.intp]) -> float:
    return balanced_accuracy(one.labels[rows], one.probabilities[rows].argmax(axis=1), one.probabilities.shape[1])


def _auroc(one: Answers, rows: NDArray[np.intp]) -> float:
    return auroc(one.probabilities[rows, 0], one.labels[rows] == 0)


MEASURES: Mapping[str, Callable[[Answers, NDArray[np.intp]], float]] = {
    "balanced": _balanced,
    "auroc": _auroc,
    "inside": lambda one, rows: float(one.inside[rows].mean()),
    "overlap": lambda one, rows: float(one.overlap[rows].mean()),
    "deciding_inside": lambda one, rows: float(one.deciding_inside[rows].mean()),
    "deciding_overlap": lambda one, rows: float(one.deciding_overlap[rows].mean()),
}


def _ensemble(found: Sequence[Answers]) -> Json:
    """Three networks whose probabilities are averaged, against each alone, and their disagreement as a detector."""
    labels = found[0].labels
    together = np.mean([one.probabilities for one in found], axis=0)
    wrong = together.argmax(axis=1) != labels
    confident = together.max(axis=1)
    agreement = -disagreement([one.probabilities for one in found])

    def single(rows: NDArray[np.intp]) -> float:
        return float(np.mean([_failure(one.probabilities.max(axis=1)[rows], one.wrong[rows]) for one in found]))

    def joint(rows: NDArray[np.intp]) -> float:
        return _failure(confident[rows], wrong[rows])

    def agreeing(rows: NDArray[np.intp]) -> float:
        return _failure(agreement[rows], wrong[rows])

    return {
        "wrong_single": [int(one.wrong.sum()) for one in found],
        "wrong": int(wrong.sum()),
        "single": interval(single, labels),
        "together": interval(joint, labels),
        "gain": interval(lambda rows: joint(rows) - single(rows), labels),
        "agreement": interval(agreeing, labels),
        "agreement_gain": interval(lambda rows: agreeing(rows) - joint(rows), labels),
        "balanced_gain": interval(
            lambda rows: (
                balanced_accuracy(labels[rows], together[rows].argmax(axis=1), together.shape[1])
                - float(np.mean([_balanced(one, rows) for one in found]))
            ),
            labels,
        ),
    }


def disagreement(members: Sequence[Floats]) -> Floats:
    """Mean total variation between the probabilities of every two members, (n,), in [0, 1]."""
    pairs = [np.abs(a - b).sum(axis=1) / 2 for a, b in combinations(members, 2)]
    return np.asarray(np.mean(pairs, axis=0))


def _failure(trust: Floats, wrong: NDArray[np.bool_]) -> float:
    """AUROC_f: how well trust tells right answers from wrong ones; NaN where there are none of either."""
    return auroc(trust, ~wrong)


def _three(one: Answers) -> Json:
    classes = one.probabilities.shape[1]

    def cohen(rows: NDArray[np.intp]) -> float:
        matrix = confusion_matrix(one.labels[rows], one.probabilities[rows].argmax(axis=1), classes)
        return float(kappa(matrix))

    return {
        "kappa": interval(cohen, one.labels),
        "accuracy": interval(lambda rows: float((~one.wrong[rows]).mean()), one.labels),
        "balanced": interval(lambda rows: _balanced(one, rows), one.labels),
    }


def interval(statistic: Statistic, labels: NDArray[np.intp]) -> Json | None:
    """A figure with its 95 % interval: pictures of every class are drawn with replacement, as many as there are.

    None where the figure itself is undefined; draws where it is are left out.
    """
    value = statistic(np.arange(len(labels)))
    if not np.isfinite(value):
        return None
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    rng = np.random.default_rng(SEED)
    drawn = [statistic(np.concatenate([rng.choice(rows, len(rows)) for rows in members])) for _ in range(DRAWS)]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return {"value": value, "low": float(low), "high": float(high)}
