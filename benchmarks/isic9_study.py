"""The study of nine skin lesions, repeated: does answering by scores of every class change anything?

Trains, judges and compares, everything cross-validated by group; goes on where it was interrupted. The figures go
into one JSON, from which `benchmarks/study_pages.py` makes the tables of docs/isic9-study.md.

    python benchmarks/isic9_study.py --data DATA --weights FILE --work DIR --out benchmarks/results/isic9_study.json

DATA holds derm/labels.csv; FILE is an ImageNet start of MobileNetV2, which stands in for ResNet50.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from class_scores import (
    FITTED,
    SUM,
    TURNED,
    ClassScores,
    against_softmax,
    as_softmax_answers,
    comparison_json,
    engine_of,
    read_class_scores,
    ways,
)
from isic9_mistakes import faults, leak_by_picture, original_split
from isic9_runs import BOOTSTRAP, BY_PICTURE, FOLDS, SEED, VARIANTS, Json, Study, Variant, figure_of, say
from numpy.typing import NDArray
from viewer_confidence_scores.class_scores import NAMES, directions, fit_class_weights, turned, weighted_sum

from viewer.datasets.sample import LabelTable, Sample
from viewer.datasets.split import Part
from viewer.domain.errors import ViewerError
from viewer.engine.bundle import read_bundle
from viewer.evaluation.evaluate import as_json, evaluate
from viewer.evaluation.table import read_predictions
from viewer.host.discovery import PluginHost
from viewer.settings import Settings
from viewer.training.crossval_parts import fold_parts

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Summed:
    """Every picture of a variant, scored by its own fold.

    Attributes:
        found: Scores of every class, as they are.
        turned: Plain sums after every score was turned the way it points on the fold's fit groups, float64 (n, K).
        fitted: Sums of the turned scores with weights fitted on the fit groups, float64 (n, K).
        pointing, weights: Of every fold, (folds, 4).
    """

    found: ClassScores
    turned: Values
    fitted: Values
    pointing: Values
    weights: Values


def class_scores_of(study: Study, variant: Variant) -> Summed:
    """Score every class of every picture, and learn directions and weights fold by fold."""
    table = study.table(variant)
    tested, equal, fitted, pointing, weights = [], [], [], [], []
    for fold in range(FOLDS):
        parts = fold_parts(table, folds=FOLDS, fold=fold, seed=SEED)
        folder = study.work / f"{variant.name}.work" / f"fold-{fold + 1}"
        fit, test = (_kept_scores(study, folder, part, parts[part], table) for part in (Part.FIT, Part.CERTIFY))
        pointing.append(directions(fit.scores, fit.labels))
        weights.append(fit_class_weights(turned(fit.scores, pointing[-1]), fit.labels, fit.groups))
        as_learned = turned(test.scores, pointing[-1])
        tested.append(test)
        equal.append(weighted_sum(as_learned, np.ones(len(NAMES))))
        fitted.append(weighted_sum(as_learned, weights[-1]))
    whole = ClassScores(
        classes=table.classes,
        ids=np.concatenate([one.ids for one in tested]),
        labels=np.concatenate([one.labels for one in tested]),
        groups=np.concatenate([one.groups for one in tested]),
        scores=np.concatenate([one.scores for one in tested], axis=1),
    )
    return Summed(
        found=whole,
        turned=np.concatenate(equal),
        fitted=np.concatenate(fitted),
        pointing=np.array(pointing),
        weights=np.array(weights),
    )


def _kept_scores(study: Study, folder: Path, part: Part, samples: Sequence[Sample], table: LabelTable) -> ClassScores:
    """Scores of a part by its fold's network, computed once and kept."""
    path = folder / f"class-scores-{part}.npz"
    if not path.exists():
        say(f"{folder.parent.name}, {folder.name}: scores of every class, {part}")
        found = read_class_scores(engine_of(read_bundle(folder / "predictions-bundle"), study.host), samples)
        np.savez(path, ids=found.ids, labels=found.labels, groups=found.groups, scores=found.scores)
    with np.load(path) as kept:
        return ClassScores(classes=table.classes, **{name: kept[name] for name in kept.files})


def answers(study: Study, variant: Variant) -> Json:
    """Both questions for one variant: accuracy of every way of answering, and how well its trust finds failures."""
    summed = class_scores_of(study, variant)
    found = summed.found
    sums = {
        SUM: weighted_sum(found.scores, np.ones(len(NAMES))),
        TURNED: summed.turned,
        FITTED: summed.fitted,
    }
    tables = dict(ways(found)) | {name: found.table(by_class) for name, by_class in sums.items()}
    ranked = {name: as_softmax_answers(found, by_class) for name, by_class in sums.items()}
    softmax = evaluate(tables[NAMES[0]], BOOTSTRAP)
    changed = {name: int((table.answer != tables[NAMES[0]].answer).sum()) for name, table in tables.items()}
    ranked = {NAMES[0]: tables[NAMES[0]], **ranked}
    return {
        "pictures": len(found.labels),
        "groups": len(set(found.groups.tolist())),
        "pointing": summed.pointing.tolist(),
        "weights": summed.weights.tolist(),
        "softmax": {name[-1]: figure_of(softmax, name) for name in _ASKED},
        "as_answers": {name: comparison_json(c) for name, c in against_softmax(tables, BOOTSTRAP).items()},
        "as_trust_of_softmax": {name: comparison_json(c) for name, c in against_softmax(ranked, BOOTSTRAP).items()},
        "answers_changed": changed,
    }


_ASKED = (("accuracy",), ("trust", "trust", "auroc_f"), ("trust", "trust", "augrc"), ("trust", "trust", "aurc"))


def reports(tables: Mapping[str, Path]) -> Iterator[tuple[str, Json]]:
    """What `viewer evaluate` says of every cross-validation."""
    for name, path in tables.items():
        record = as_json(evaluate(read_predictions(path, ["trust", "trust_softmax"]), BOOTSTRAP))
        yield name, {key: value for key, value in record.items() if key != "table"}


def main() -> int:
    """Repeat the study."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, metavar="DATA")
    parser.add_argument("--weights", type=Path, required=True, metavar="FILE")
    parser.add_argument("--work", type=Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.json")
    args = parser.parse_args()
    host = PluginHost(Settings())
    try:
        host.load()
        study = Study(args.data, args.weights, args.work, host)
        tables = {variant.name: study.cross_validated(variant) for variant in (*VARIANTS, BY_PICTURE)}
        record: Json = {
            "seed": SEED,
            "folds": FOLDS,
            "draws": BOOTSTRAP.draws,
            "reports": dict(reports(tables)),
            "questions": {variant.name: answers(study, variant) for variant in VARIANTS},
            "leak_by_picture": leak_by_picture(tables["nine-gap"], tables[BY_PICTURE.name]),
            "original_split": {v.head: original_split(study, v, tables[v.name]) for v in VARIANTS[:2]},
            "faults": faults(study, VARIANTS[1]),
        }
    except ViewerError as error:
        print(f"isic9_study: {error}", file=sys.stderr)
        return 2
    finally:
        host.close()
    args.out.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
