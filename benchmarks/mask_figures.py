"""Figures of the study of masks: does plausibility go with the true Dice, and attention beside its control?"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from mask_passes import AS_IT_IS, OTHER, Rows
from numpy.typing import NDArray
from scipy.stats import spearmanr
from viewer_segmentation_cam.facts import FACTS
from viewer_segmentation_cam.usual import UNUSUAL, Usual

from viewer.api import Conformal, auroc, group_weights

DRAWS = 1000

PARTS = 5
"""Groups are divided in so many parts where one network is all there is."""

Values = NDArray[np.float64]
Record = dict[str, Any]


def figures_of(files: Sequence[Path]) -> Record | None:
    """All figures of one world from what its networks drew; None without any."""
    if not files:
        return None
    rows, part = _together(files)
    clean, harmed = rows["kind"] == AS_IT_IS, rows["kind"] != OTHER
    known = np.isfinite(rows["dice"])
    shares, plausible, attended, control = _judged(rows, part)
    groups = np.unique(rows["group"], return_inverse=True)[1]
    scores = {fact.name: rows["facts"][:, i] if fact.one_sided else shares[:, i] for i, fact in enumerate(FACTS)}
    scores["plausibility"] = plausible
    sets = {"as they are": clean & known, "harmed too": harmed & known, "another kind too": known}
    told = {
        name: {where: _ranked(score[which], rows["dice"][which], groups[which]) for where, which in sets.items()}
        for name, score in scores.items()
    }
    return {
        "networks": len(files),
        "pictures": int((clean & known).sum()),
        "groups": len(np.unique(groups[clean & known])),
        "titles": {fact.name: fact.title for fact in FACTS},
        "spearman": told,
        "kinds": {str(kind): _kind(rows, plausible, rows["kind"] == kind) for kind in dict.fromkeys(rows["kind"])},
        "usual": {"pictures": int(clean.sum()), "flagged": float((plausible[clean] < UNUSUAL).mean())},
        "errors": _errors(rows, clean, groups, attended, control),
    }


def _together(files: Sequence[Path]) -> tuple[Rows, NDArray[np.intp]]:
    """The rows of all networks, and the part each is judged in: a network's own, or groups where there is one."""
    loaded = [dict(np.load(file, allow_pickle=False)) for file in files]
    rows = {name: np.concatenate([each[name] for each in loaded]) for name in loaded[0]}
    if len(files) > 1:
        return rows, np.repeat(np.arange(len(files)), [len(each["dice"]) for each in loaded])
    return rows, np.unique(rows["group"], return_inverse=True)[1] % PARTS


def _judged(rows: Rows, part: NDArray[np.intp]) -> tuple[Values, Values, Values, Values]:
    """Each part judged by what is usual in the others: shares of facts (n, F), plausibility, attention, control."""
    clean = rows["kind"] == AS_IT_IS
    shares = np.empty(rows["facts"].shape)
    plausible, attended, control = (np.empty(len(part)) for _ in range(3))
    for number in np.unique(part):
        here, others = part == number, clean & (part != number)
        usual = Usual(rows["facts"][others], np.unique(rows["group"][others], return_inverse=True)[1])
        shares[here], plausible[here] = usual.p_values(rows["facts"][here]), usual(rows["facts"][here])
        sound = np.flatnonzero(others)[usual(rows["facts"][others]) >= UNUSUAL]
        weights = group_weights(np.unique(rows["group"][sound], return_inverse=True)[1])
        attended[here] = Conformal(-rows["times"][sound], weights)(-rows["times"][here])
        control[here] = Conformal(rows["area"][sound], weights)(rows["area"][here])
    return shares, plausible, attended, control


def _kind(rows: Rows, plausible: Values, which: NDArray[np.bool_]) -> Record:
    """How masks of one kind of picture are, and how many are flagged; a Dice that nobody knows is left out."""
    dice = rows["dice"][which]
    return {
        "n": int(which.sum()),
        "dice": float(np.nanmean(dice)),
        "lowest": float(np.nanmin(dice)),
        "plausibility": float(np.median(plausible[which])),
        "flagged": float((plausible[which] < UNUSUAL).mean()),
    }


def _errors(
    rows: Rows, clean: NDArray[np.bool_], groups: NDArray[np.intp], attended: Values, control: Values
) -> Record | None:
    """AUROC_f of attention beside its control and beside the softmax probability; None where no class was taught."""
    right = (rows["answer"] == rows["label"])[clean]
    if right.all() or not right.any():
        return None
    scores = {"attention": attended[clean], "control": control[clean], "softmax": rows["sure"][clean]}
    draws = list(_draws(groups[clean]))
    found = {name: np.array([auroc(s[take], right[take]) for take in draws]) for name, s in scores.items()}
    found["apart"] = found["attention"] - found["control"]
    figures = {name: _figure(values) for name, values in found.items()}
    return {**figures, "n": len(right), "wrong": int((~right).sum())}


def _ranked(score: Values, dice: Values, groups: NDArray[np.intp]) -> Mapping[str, float] | None:
    """Spearman's correlation with its interval over groups; None where all scores are the same."""
    if np.ptp(score) == 0:
        return None

    def measure(take: NDArray[np.intp]) -> float:
        if np.ptp(score[take]) == 0 or np.ptp(dice[take]) == 0:
            return np.nan
        return float(spearmanr(score[take], dice[take]).statistic)

    return _figure(np.array([measure(take) for take in _draws(groups)]))


def _figure(values: Values) -> Mapping[str, float]:
    """The first of some values with the interval that the others make; those that are no number are left out."""
    value, others = float(values[0]), values[1:][np.isfinite(values[1:])]
    low, high = np.quantile(others, [0.025, 0.975]).tolist() if len(others) else (value, value)
    return {"value": value, "low": low, "high": high}


def _draws(groups: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """All rows; then `DRAWS` times those of as many groups, drawn with replacement."""
    yield np.arange(len(groups))
    random = np.random.default_rng(0)
    names, numbers = np.unique(groups, return_inverse=True)
    members = [np.flatnonzero(numbers == number) for number in range(len(names))]
    for _ in range(DRAWS):
        yield np.concatenate([members[number] for number in random.integers(0, len(names), len(names))])
