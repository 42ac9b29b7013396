"""Answers by scores of every class: softmax, margin, attention, certainty, and their weighted sum.

Writes one table per way of answering into a folder, in the format of `viewer evaluate` and `viewer compare`, and says
what differs from plain softmax. Take pictures that the model was not trained on, e.g. the certify groups. The scores
are pure functions of the plugin confidence-scores (`viewer_confidence_scores.class_scores`); this script brings them
together with the engine, which plugins do not know.

    python benchmarks/class_scores.py BUNDLE --data LABELS.csv --label COL --group COL --out DIR [--weights W W W W]
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from viewer_confidence_scores.class_scores import NAMES, class_scores, gradient_cams, linear_cams, weighted_sum

from viewer.api import Evidence, Need
from viewer.cli.data_arguments import add_data, data_query
from viewer.datasets.reading import read_dataset
from viewer.datasets.sample import Sample
from viewer.datasets.split import pseudonym
from viewer.domain.errors import ViewerError
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle, read_bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.evaluation.bootstrap import Bootstrap
from viewer.evaluation.compare import Comparison, compare, with_trusts
from viewer.evaluation.table import PredictionTable
from viewer.host.discovery import PluginHost
from viewer.settings import Settings
from viewer.training.pictures import Reader

Values = NDArray[np.float64]

NEEDS = frozenset({Need.LOGITS, Need.ACTIVATIONS, Need.GRADIENTS, Need.HEAD_SAMPLES})
CACHE_BYTES = 64 * 2**20
"""The trunk runs once per picture; the gradients of all other classes start from what is kept here."""

SUM, TURNED, FITTED = "sum", "turned", "fitted"
COMPARED = ("accuracy", "auroc_f", "augrc", "aurc")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClassScores:
    """Scores of every class for n pictures.

    Attributes:
        classes: The K classes.
        ids: What names a picture, str (n,).
        labels: True class, int (n,).
        groups: Pseudonyms, str (n,).
        scores: float64 (4, n, K), in the order of `NAMES`.
    """

    classes: tuple[str, ...]
    ids: NDArray[np.str_]
    labels: NDArray[np.intp]
    groups: NDArray[np.str_]
    scores: Values

    def table(self, by_class: Values, trust: Values | None = None) -> PredictionTable:
        """The answers by the largest of `by_class` (n, K), trusted by that very value, or by `trust` (n,)."""
        names, numbers = np.unique(self.groups, return_inverse=True)
        return PredictionTable(
            source="class scores",
            classes=self.classes,
            true=self.labels,
            answer=by_class.argmax(axis=1),
            lines=np.arange(len(self.labels)) + 2,
            keys={"id": self.ids},
            probabilities=self.scores[0],
            trusts={"trust": by_class.max(axis=1) if trust is None else trust},
            groups=numbers,
            group_names=tuple(names.tolist()),
            lights=None,
            columns={"true": "true", "answer": "predicted"},
        )


def engine_of(bundle: Bundle, host: PluginHost) -> Engine:
    """The bundle's network, with room for what the gradients of all classes start from."""
    architectures = Architectures(offer.thing for offer in host.architectures)
    return Engine(bundle, architectures, device="cpu", cache_bytes=CACHE_BYTES)


def read_class_scores(engine: Engine, samples: Sequence[Sample], frames: int = 1) -> ClassScores:
    """Read pictures and score every class of each.

    Args:
        engine: Its bundle knows the classes that labels count in.
        samples: Files with their labels.
        frames: Taken from a clip.
    """
    reader = Reader(frames, lambda sentence: print(sentence, file=sys.stderr))
    scores = [_scores(engine, picture) for _, picture in reader.read(samples)]
    items = reader.items
    return ClassScores(
        classes=engine.bundle.manifest.classes,
        ids=np.array([f"{item.sample.path}#{item.frame}" for item in items], np.str_),
        labels=np.array([item.sample.label for item in items], np.intp),
        groups=np.array([pseudonym(item.sample.group) for item in items], np.str_),
        scores=np.concatenate(scores, axis=1),
    )


def _scores(engine: Engine, picture: Picture) -> Values:
    first = engine.evidence([picture], NEEDS, [0])
    if first.linear_head is not None:
        return class_scores(first, linear_cams(first))
    rest = [engine.evidence([picture], NEEDS, [k]) for k in range(1, len(first.classes))]
    by_class: list[Evidence] = [first, *rest]
    return class_scores(first, gradient_cams(by_class))


def ways(found: ClassScores, weights: Values | None = None) -> Iterator[tuple[str, PredictionTable]]:
    """Every way of answering: by each score alone, by their plain sum, and by a weighted one where it is given."""
    for name, by_class in zip(NAMES, found.scores, strict=True):
        yield name, found.table(by_class)
    yield SUM, found.table(weighted_sum(found.scores, np.ones(len(NAMES))))
    if weights is not None:
        yield FITTED, found.table(weighted_sum(found.scores, weights))


def against_softmax(tables: Mapping[str, PredictionTable], bootstrap: Bootstrap) -> dict[str, Comparison]:
    """Every other way compared with plain softmax, the same groups drawn for both."""
    return {name: compare(tables[NAMES[0]], table, bootstrap) for name, table in tables.items() if name != NAMES[0]}


def write_table(path: Path, found: ClassScores, table: PredictionTable) -> None:
    """Write one way of answering as `viewer evaluate` reads it."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "group", "true", "predicted", "trust"])
        trust = table.trusts["trust"].tolist()
        for i, name in enumerate(found.ids.tolist()):
            names = (found.classes[found.labels[i]], found.classes[table.answer[i]])
            writer.writerow([name, found.groups[i], *names, repr(trust[i])])


def comparison_json(comparison: Comparison) -> dict[str, object]:
    """The figures that the study asks for, with the intervals of their differences."""
    named = {name[-1]: found for name, found in comparison.differences.items() if name[-1] in COMPARED}
    return {
        name: {
            "softmax": found.a,
            "value": found.b,
            "difference": found.difference.value,
            "low": found.difference.low,
            "high": found.difference.high,
            "better": {"a": "softmax", "b": "this", None: None}[found.better],
        }
        for name, found in named.items()
    }


def main() -> int:
    """Score, write and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path, metavar="BUNDLE")
    add_data(parser.add_argument_group("data"))
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the tables")
    parser.add_argument("--weights", type=float, nargs=len(NAMES), metavar="W", help=f"of {', '.join(NAMES)}")
    args = parser.parse_args()
    host = PluginHost(Settings.load())
    try:
        host.load()
        bundle = read_bundle(args.bundle)
        table = read_dataset(data_query(args))
        if not set(table.classes) <= set(bundle.manifest.classes):
            raise ViewerError(f"{args.bundle}: it knows {', '.join(bundle.manifest.classes)} and not all of these")
        number = [bundle.manifest.classes.index(name) for name in table.classes]
        samples = [Sample(s.path, number[s.label], s.group, s.frame) for s in table.samples]
        found = read_class_scores(engine_of(bundle, host), samples, args.frames_per_clip)
    except ViewerError as error:
        print(f"class_scores: {error}", file=sys.stderr)
        return 2
    finally:
        host.close()
    tables = dict(ways(found, None if args.weights is None else np.array(args.weights)))
    args.out.mkdir(parents=True, exist_ok=True)
    for name, way in tables.items():
        write_table(args.out / f"{name}.csv", found, way)
    record = {name: comparison_json(c) for name, c in against_softmax(tables, Bootstrap()).items()}
    print(json.dumps(record, indent=2))
    return 0


def as_softmax_answers(found: ClassScores, by_class: Values) -> PredictionTable:
    """Softmax's own answers, trusted by the sum of that class: whether the sum only ranks better."""
    plain = found.scores[0]
    trust = by_class[np.arange(len(plain)), plain.argmax(axis=1)]
    return with_trusts(found.table(plain, trust), {"trust": "trust"})


if __name__ == "__main__":
    sys.exit(main())
