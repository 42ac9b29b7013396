"""What every score is worth on dermoscopy: the score table, from one cross-validation used in four ways.

Takes what `viewer cross-validate … --members 3 --ways single flips ensemble ensemble-flips --out DIR` made; with
folds still missing it takes those that are finished and says so. Every figure has its interval from a bootstrap over
groups; differences are to the softmax probability of the single network, the same groups drawn for both.

    python benchmarks/score_table.py DIR [--work DIR.work] --out benchmarks/results/score_table.json
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.assessment.combine import combined_trusts
from viewer.datasets.split import Part
from viewer.domain.combination import distribution_functions
from viewer.domain.errors import ViewerError
from viewer.domain.result import About
from viewer.engine.bundle import read_bundle
from viewer.evaluation.bootstrap import Bootstrap
from viewer.evaluation.compare import compare, with_trusts
from viewer.evaluation.evaluate import Evaluation, evaluate
from viewer.evaluation.logistic import fit_logistic
from viewer.evaluation.table import PredictionTable, read_predictions
from viewer.host.discovery import PluginHost
from viewer.settings import Settings
from viewer.training.combining import names_of, usable_scorers
from viewer.training.crossval_rows import read_rows, write_rows
from viewer.training.predictions import read_part

Values = NDArray[np.float64]

PASSES = {"single": 1, "flips": 4, "ensemble": 3, "ensemble-flips": 12}
"""Forward passes of the trunk for one picture; the first way is the baseline."""

FITTED, COMBINED, UNSCALED = "trust_fitted", "trust", "trust_softmax_t1"
TRUST_FIGURES = ("auroc_f", "aurc", "augrc", "fpr_at_95_tpr")
BOOTSTRAP = Bootstrap(draws=2000, seed=0)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to use the networks, with the trusts that the table itself does not have.

    Attributes:
        name: As in the names of files.
        table: Every judged picture, with temperatures fitted.
        unscaled: The same with all temperatures 1.
        facts: Of every fold.
    """

    name: str
    table: PredictionTable
    unscaled: PredictionTable
    facts: Sequence[Mapping[str, Any]]


def read_way(name: str, results: Path, work: Path, host: PluginHost) -> Way:
    """Put the finished folds of one way together, and add what its bundles can still tell.

    Raises:
        ViewerError: No fold is finished.
    """
    folders = finished_folds(work)
    if not folders:
        raise ViewerError(f"{work}: no fold is finished")
    facts = [json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for folder in folders]
    rows: list[dict[str, str]] = []
    for folder, fold in zip(folders, facts, strict=True):
        own = read_rows(folder / f"{name}.csv")
        forced = forced_combination(folder / f"{name}-bundle", host)
        for row, trust in zip(own, forced.tolist(), strict=True):
            rows.append({**row, FITTED: repr(trust), UNSCALED: repr(_unscaled_msp(row, fold["temperature"]))})
    results.mkdir(parents=True, exist_ok=True)
    path = results / f"{name}-with-more.csv"
    write_rows(path, rows)
    table = read_predictions(path)
    temperatures = np.array([facts[_place(facts, row)]["temperature"] for row in rows])
    assert table.probabilities is not None  # noqa: S101 - cross-validation writes them
    powers = table.probabilities ** temperatures[:, None]
    return Way(name, table, replace(table, probabilities=powers / powers.sum(axis=1, keepdims=True)), facts)


def finished_folds(work: Path) -> list[Path]:
    """Folders of the folds that were judged in all four ways."""
    folders = sorted(work.glob("fold-*"), key=lambda path: int(path.name.removeprefix("fold-")))
    return [folder for folder in folders if all((folder / f"{name}.json").exists() for name in PASSES)]


def forced_combination(path: Path, host: PluginHost) -> Values:
    """Trust of the certify pictures by weights fitted on the fit pictures, whether or not they gain anything."""
    bundle = read_bundle(path)
    names = names_of(usable_scorers(bundle, host, lambda _: None))
    fit, test = (read_part(bundle, part, names) for part in (Part.FIT, Part.CERTIFY))
    told = sorted(name for name, values in fit.trusts.items() if np.isfinite(values).all())
    mapped = [distribution_functions(fit.trusts[name], bundle.distributions[name]) for name in told]
    found = fit_logistic(np.stack(mapped, axis=1), fit.labels == fit.predicted, fit.groups).weights
    return combined_trusts(test.trusts, dict(zip(told, found.tolist(), strict=True)), bundle.distributions)


def _unscaled_msp(row: Mapping[str, str], temperature: float) -> float:
    """Largest probability at temperature 1: softmax(z) is softmax(z / T) to the power T, made to add up to 1."""
    p = np.array([float(value) for name, value in row.items() if name.startswith("p_")]) ** temperature
    return float(p.max() / p.sum())


def _place(facts: Sequence[Mapping[str, Any]], row: Mapping[str, str]) -> int:
    return [str(fold["fold"]) for fold in facts].index(row["fold"])


def lines(ways: Sequence[Way], host: PluginHost) -> Iterator[dict[str, object]]:
    """Every row of the score table."""
    baseline = with_trusts(ways[0].table, {"trust": "trust_softmax"})
    titles = {f"trust_{offer.thing.name}": offer.thing for offer in host.scorers_of_one_model}
    for way in ways:
        own = with_trusts(way.table, {"trust": "trust_softmax"})
        found = evaluate(way.table, BOOTSTRAP)
        unscaled = evaluate(with_trusts(way.unscaled, {"trust": UNSCALED}), BOOTSTRAP)
        for column in (*titles, COMBINED, FITTED, UNSCALED):
            if ("trust", column, "auroc_f") not in found.figures:
                continue
            judged = with_trusts(way.table, {"trust": column})
            scorer = titles.get(column)
            calibrated = {"trust_softmax": found, UNSCALED: unscaled}.get(column)
            yield {
                "way": way.name,
                "passes": PASSES[way.name],
                "score": column.removeprefix("trust_"),
                "title": _TITLES.get(column) or (scorer.title if scorer else column),
                "about": "suitability" if scorer and scorer.about is About.SUITABILITY else "correctness",
                "answered": int(np.isfinite(way.table.trusts[column]).sum()),
                "accuracy": _figure(found, ("accuracy",)),
                **{name: _figure(found, ("trust", column, name)) for name in TRUST_FIGURES},
                "ece": None if calibrated is None else _figure(calibrated, ("ece",)),
                "against_baseline": _differences(baseline, judged),
                "against_own_softmax": _differences(own, judged),
            }


_TITLES = {
    COMBINED: "Combination, softmax alone where nothing gained",
    FITTED: "Combination, fitted in any case",
    UNSCALED: "Softmax probability at temperature 1",
}


def _figure(found: Evaluation, name: tuple[str, ...]) -> dict[str, float]:
    figure = found.figures[name]
    return {"value": figure.value, "low": figure.low, "high": figure.high}


def _differences(baseline: PredictionTable, judged: PredictionTable) -> dict[str, dict[str, object]]:
    compared = compare(baseline, judged, BOOTSTRAP)
    wanted = {("accuracy",), ("ece",)} | {("trust", "trust", name) for name in TRUST_FIGURES}
    return {
        name[-1]: {
            "difference": found.difference.value,
            "low": found.difference.low,
            "high": found.difference.high,
            "better": {"a": "baseline", "b": "this", None: None}[found.better],
        }
        for name, found in compared.differences.items()
        if name in wanted
    }


def between(ways: Sequence[Way]) -> Iterator[dict[str, object]]:
    """The softmax probability of every way against that of every cheaper one."""
    cheapest = sorted(ways, key=lambda way: PASSES[way.name])
    for place, dearer in enumerate(cheapest):
        for cheaper in cheapest[:place]:
            a, b = (with_trusts(way.table, {"trust": "trust_softmax"}) for way in (cheaper, dearer))
            yield {"cheaper": cheaper.name, "dearer": dearer.name, "change": _differences(a, b)}


def temperature_line(way: Way) -> dict[str, object]:
    """What fitting the temperature changes in one way: ECE, and the order of the softmax probability."""
    at_one = with_trusts(way.unscaled, {"trust": UNSCALED})
    fitted = with_trusts(way.table, {"trust": "trust_softmax"})
    return {
        "way": way.name,
        "temperatures": [fold["temperature"] for fold in way.facts],
        "ece_at_one": _figure(evaluate(at_one, BOOTSTRAP), ("ece",)),
        "ece_fitted": _figure(evaluate(fitted, BOOTSTRAP), ("ece",)),
        "change": _differences(at_one, fitted),
    }


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, metavar="DIR", help="--out of the cross-validation")
    parser.add_argument("--work", type=Path, metavar="DIR", help="its work folder (default: DIR.work)")
    parser.add_argument("--folds", type=int, default=5, help="how many there are to be (default 5)")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.json")
    args = parser.parse_args()
    work = args.work or args.results.with_name(args.results.name + ".work")
    host = PluginHost(Settings())
    try:
        host.load()
        ways = [read_way(name, args.results, work, host) for name in PASSES]
        record = {
            "folds": len(ways[0].facts),
            "of_folds": args.folds,
            "pictures": len(ways[0].table),
            "groups": int(ways[0].table.groups.max()) + 1 if ways[0].table.groups is not None else None,
            "draws": BOOTSTRAP.draws,
            "parts": [fold["parts"] for fold in ways[0].facts],
            "right": {way.name: [f"{fold['right']}/{fold['judged']}" for fold in way.facts] for way in ways},
            "combined": {way.name: [fold["combination"] for fold in way.facts] for way in ways},
            "between": list(between(ways)),
            "temperature": [temperature_line(way) for way in ways],
            "rows": list(lines(ways, host)),
        }
    except ViewerError as error:
        print(f"score_table: {error}", file=sys.stderr)
        return 2
    finally:
        host.close()
    args.out.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
