"""Figures of every method of the study of attention: one bundle, all sets, intervals over groups."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from attention_methods import Compared, Gated, Methods, Seen
from attention_sets import CHOOSE, ELSEWHERE, Sizes, sets_of
from kinds import FAINT, SEED
from numpy.typing import NDArray

from viewer.assessment.suitability import FOLDER_OUTSIDE, OUTSIDE, TYPICAL, Gatekeeper
from viewer.engine.bundle import Bundle
from viewer.evaluation.bootstrap import Bootstrap, Name, estimate
from viewer.evaluation.conformal import Conformal, Values, group_weights
from viewer.evaluation.curves import failure_auroc, fpr_at_tpr, rank
from viewer.evaluation.weights import Floats, ratio

Json = dict[str, object]

BOOTSTRAP = Bootstrap(draws=500, seed=0)
SUITABILITY, FINGERPRINT, EITHER, BOTH = "p suitability", "p fingerprint", "smaller p", "product of p"
FOLDERS = (32, 50)
FOLDERS_DRAWN, FOLDERS_JUDGED = 200, 50
PROPER = "certify"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Every picture of every set, row by row.

    Attributes:
        sets: Set of each row, str (n,).
        groups: Number of each row's group, int (n,).
        strangeness: By method, float64 (n,).
        alarms: By method, whether it calls the picture strange at 5 % false alarms, bool (n,).
        outside: Whether the gate calls it of another kind, or prepared otherwise (either p < .01), bool (n,).
        looks: float32 (n, D).
        wrong: Whether the answer is wrong, bool (n,); False where nobody knows.
        keeper: The gate of the bundle.
    """

    sets: NDArray[np.str_]
    groups: NDArray[np.intp]
    strangeness: Mapping[str, Values]
    alarms: Mapping[str, NDArray[np.bool_]]
    outside: NDArray[np.bool_]
    looks: NDArray[np.float32]
    wrong: NDArray[np.bool_]
    keeper: Gatekeeper

    @property
    def kinds(self) -> list[str]:
        """Improper sets, in their order; a faulty preparation that nothing can tell is not among them."""
        return [name for name in dict.fromkeys(self.sets.tolist()) if name not in (PROPER, ELSEWHERE, FAINT)]

    def rows(self, *names: str) -> NDArray[np.intp]:
        """Rows of these sets."""
        return np.flatnonzero(np.isin(self.sets, names))


def table_of(bundle: Bundle, host: Compared, work: Path, sizes: Sizes) -> Table:
    """Fit every method on the fit groups, and let it judge all other sets that figures are made of."""
    methods, gated = Methods(bundle, host, work, print), Gated(bundle, host, work)
    names = [name for name in sets_of(bundle, sizes) if not name.startswith(CHOOSE) and name not in ("fit", "train")]
    seen = {name: methods.see(name) for name in names}
    judged = {name: gated.judge(name) for name in names}
    known = {m for m in methods.fit.strangeness if all(m in one.strangeness for one in seen.values())}
    strangeness = {
        m: np.concatenate([one.strangeness[m] for one in seen.values()])
        for m in methods.fit.strangeness
        if m in known
    }
    alarms = {m: _stranger_than_usual(values, m, methods.fit) for m, values in strangeness.items()}
    p, q = (np.concatenate([pair[i] for pair in judged.values()]) for i in (0, 1))
    if not gated.keeper.reason:
        found = {SUITABILITY: p, FINGERPRINT: q, EITHER: np.minimum(p, q), BOTH: p * q}
        strangeness |= {name: -np.log(values) for name, values in found.items()}
        alarms |= {name: found[EITHER if name == BOTH else name] < TYPICAL for name in found}
    _, groups = np.unique(np.concatenate([one.groups for one in seen.values()]), return_inverse=True)
    return Table(
        sets=np.repeat(names, [len(one.groups) for one in seen.values()]),
        groups=groups,
        strangeness=strangeness,
        alarms=alarms,
        outside=np.fmin(p, q) < OUTSIDE,
        looks=np.concatenate([one.looks for one in seen.values()]),
        wrong=np.concatenate([(one.labels >= 0) & (one.labels != one.predicted) for one in seen.values()]),
        keeper=gated.keeper,
    )


def _stranger_than_usual(values: Values, method: str, fit: Seen) -> NDArray[np.bool_]:
    """Conformal p < .05, by fit pictures that were seen by statistics without their group."""
    _, numbers = np.unique(fit.groups, return_inverse=True)
    weights, known = group_weights(numbers), fit.strangeness[method]
    alarm: NDArray[np.bool_] = Conformal(known, weights)(values) < TYPICAL
    return alarm


def measure(table: Table, method: str, weights: Floats) -> Mapping[Name, Floats]:
    """How well a method tells every kind from proper pictures, under weights (draws, n)."""
    found: dict[Name, Floats] = {}
    strange, alarm = table.strangeness[method], table.alarms[method]
    sets = [*table.kinds, *(name for name in (ELSEWHERE, FAINT) if name in table.sets)]
    for kind in sets:
        rows = table.rows(PROPER, kind)
        curve = rank(-strange[rows], table.sets[rows] == kind).curve(weights[..., rows])
        found[kind, "auroc"], found[kind, "fpr_at_95_tpr"] = failure_auroc(curve), fpr_at_tpr(curve)
        found[kind, "caught"] = _share(alarm, table.rows(kind), weights)
    for figure in ("auroc", "fpr_at_95_tpr", "caught"):
        found["mean", figure] = np.mean([found[kind, figure] for kind in table.kinds], axis=0)
    found["proper", "false_alarms"] = _share(alarm, table.rows(PROPER), weights)
    proper = table.rows(PROPER)
    wrong = table.wrong[proper]
    found["proper", "auroc_f"] = failure_auroc(rank(-strange[proper], wrong).curve(weights[..., proper]))
    plain = failure_auroc(rank(-table.strangeness["softmax"][proper], wrong).curve(weights[..., proper]))
    found["proper", "auroc_f_gain"] = found["proper", "auroc_f"] - plain
    return found


def _share(chosen: NDArray[np.bool_], rows: NDArray[np.intp], weights: Floats) -> Floats:
    return ratio((weights[..., rows] * chosen[rows]).sum(axis=-1), weights[..., rows].sum(axis=-1))


def folders(table: Table, method: str, size: int) -> dict[str, float]:
    """AUROC of the mean strangeness of random folders of every kind against folders of proper pictures."""
    values = table.strangeness[method]
    means = {
        name: np.array([values[rows].mean() for rows in drawn(table, name, size, FOLDERS_DRAWN)])
        for name in (PROPER, *table.kinds)
    }
    improper = np.repeat([False, True], FOLDERS_DRAWN)
    return {
        kind: float(failure_auroc(rank(-np.r_[means[PROPER], means[kind]], improper).curve())) for kind in table.kinds
    }


def stopped(table: Table, size: int) -> dict[str, float]:
    """Share of random folders of every set that the gate judges to be prepared otherwise, by their looks alone."""
    found = {}
    for name in dict.fromkeys(table.sets.tolist()):
        p = [table.keeper.folder_p(table.looks[rows]) for rows in drawn(table, name, size, FOLDERS_JUDGED)]
        found[name] = float(np.mean([one is not None and one < FOLDER_OUTSIDE for one in p]))
    return found


def drawn(table: Table, name: str, size: int, count: int) -> Iterator[NDArray[np.intp]]:
    """Rows of so many random folders of a set; where it is smaller than a folder, pictures are drawn again."""
    random, rows = np.random.default_rng(SEED), table.rows(name)
    for _ in range(count):
        yield random.choice(rows, size, replace=len(rows) < size)


def figures_of(bundle: Bundle, host: Compared, work: Path, sizes: Sizes) -> Json:
    """All of one bundle."""
    table = table_of(bundle, host, work, sizes)
    return {
        "bundle": f"{bundle.manifest.name} {bundle.manifest.version}",
        "draws": BOOTSTRAP.draws,
        "fit_groups": bundle.gate.group_count if bundle.gate else 0,
        "listens": table.keeper.scorers,
        "pictures": {name: len(table.rows(name)) for name in dict.fromkeys(table.sets.tolist())},
        "kinds": table.kinds,
        "methods": {method: _of_method(table, method) for method in table.strangeness},
        "outside": {
            name: float(table.outside[table.rows(name)].mean()) for name in dict.fromkeys(table.sets.tolist())
        },
        "stopped": stopped(table, FOLDERS[0]),
    }


def _of_method(table: Table, method: str) -> Json:
    found = estimate(partial(measure, table, method), table.groups, BOOTSTRAP)
    together = {str(size): folders(table, method, size) for size in FOLDERS}
    return {**{"/".join(name): asdict(figure) for name, figure in found.items()}, "folders": together}
