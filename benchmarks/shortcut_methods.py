"""Every way to expose a shortcut, measured on the models of one artefact; see `shortcut_study`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from viewer_attention_verification.maps import gam
from viewer_attention_verification.metrics import METRICS

from viewer.cli.chosen_model import engine_of
from viewer.datasets.query import DataQuery
from viewer.datasets.reading import read_dataset
from viewer.datasets.sample import Sample
from viewer.datasets.split import Part, split_groups
from viewer.domain.evidence import Evidence, Need, joined
from viewer.engine.bundle import read_bundle
from viewer.evaluation.bootstrap import Bootstrap, Figure, Name, estimate
from viewer.evaluation.weights import Floats, ratio
from viewer.host.discovery import PluginHost
from viewer.protocols import Scorer
from viewer.settings import Settings
from viewer.training.evidences import Evidences, read_evidence
from viewer.training.pictures import Reader
from viewer.training.shortcuts import Looks, by_answer, look

Json = dict[str, Any]
Bools = NDArray[np.bool_]

KIND = "melanoma"
"""The class that is given away."""

FALSE_ALARMS = 0.1
"""Part of the correct answers on the threshold's pictures that may be flagged."""

_REFERENCED = ("attention", *(f"attention_{metric.name}" for metric in METRICS))
_NEEDS = frozenset({Need.LOGITS, Need.ATTENTION})
_FOUND_NEEDS = _NEEDS | {Need.ACTIVATIONS, Need.GRADIENTS, Need.INPUT}


@dataclass(frozen=True, eq=False)
class Seen:
    """Pictures with masks as one model sees them.

    Attributes:
        batches: Evidence, towards the predicted classes.
        looks: Attention and cover against the masks; in the same order.
        second: Evidence of the other model, its attention towards this model's answers.
    """

    batches: Evidences
    looks: Looks
    second: Evidence

    @cached_property
    def evidence(self) -> Evidence:
        """All of them as one batch."""
        return joined([batch.evidence for batch in self.batches])

    @property
    def correct(self) -> Bools:
        """Whether each answer is right, (n,)."""
        right: Bools = self.looks.answers == self.looks.labels
        return right

    @property
    def doubt(self) -> Floats:
        """How improbable the other model holds each answer, (n,)."""
        held: Floats = self.second.probabilities[np.arange(len(self.second)), self.looks.answers]
        return 1 - held

    @cached_property
    def carries(self) -> Bools:
        """Whether the artefact lies in each picture, (n,)."""
        return np.array([carries(sample) for sample in self.looks.samples])


@dataclass(frozen=True, eq=False)
class Model:
    """One model with the pictures it is judged by.

    Attributes:
        training: Evidence of its own training pictures.
        fit: Fit groups of its own world: where thresholds come from, and the artefact too.
        clean: Pictures without the artefact that nobody trained on, in two halves: references, thresholds.
        test: The world where the artefact misleads.
        scorers: By name.
    """

    training: Evidences
    fit: Seen
    clean: tuple[Seen, Seen]
    test: Seen
    scorers: Mapping[str, Scorer]


def measured(folder: Path) -> Json:
    """All figures of one artefact.

    Args:
        folder: With its worlds and its two models.
    """
    models = {world: _read(folder, world) for world in ("leaking", "honest")}
    shortcut, honest = models["leaking"], models["honest"]
    alarms = _Alarms(shortcut, honest)
    return {
        "accuracy": {
            world: {"own": _mean(model.fit.correct, model.fit), "test": _mean(model.test.correct, model.test)}
            for world, model in models.items()
        },
        "errors": {
            "wrong": int((~shortcut.test.correct).sum()),
            "present": int(alarms.present.sum()),
            "absent": int(alarms.absent.sum()),
            "right": int(shortcut.test.correct.sum()),
        },
        "methods": [alarms.row(*method) for method in _methods()],
        "answers": {world: _answers(model) for world, model in models.items()},
    }


def _methods() -> Iterator[tuple[str, str]]:
    """Every method with where its threshold comes from."""
    yield "lost", "none"
    for source in ("fit", "clean"):
        yield from ((name, source) for name in ("drop", "ratio", "outside", "area", "found"))
        yield from ((name, source) for name in _REFERENCED)
    yield from ((f"second_{metric.name}", "fit") for metric in METRICS)
    yield "second_answer", "none"
    yield from (("second_doubt", source) for source in ("fit", "clean"))
    yield from (("second_doubt_and_drop", source) for source in ("fit", "clean"))
    yield "softmax", "fit"


class _Alarms:
    """What each method flags of the shortcut model's answers, and of an honest one's."""

    def __init__(self, shortcut: Model, honest: Model) -> None:
        self._shortcut, self._honest = shortcut, honest
        test = shortcut.test
        kind = test.looks.classes.index(KIND)
        is_kind = test.looks.labels == kind
        self.present: Bools = test.carries & ~is_kind & (test.looks.answers == kind)
        self.absent: Bools = ~test.carries & is_kind & (test.looks.answers != kind)

    def row(self, method: str, source: str) -> Json:
        """One method: how it ranks, and what it flags at its threshold."""
        model, honest = self._shortcut, self._honest
        suspicion = suspicions(model, method, source, model.test)
        flagged = suspicion > _threshold(model, method, source)
        right = model.test.correct

        def measure(weights: Floats) -> Mapping[Name, Floats]:
            found = {
                "present": _share(weights, flagged, self.present),
                "absent": _share(weights, flagged, self.absent),
                "all": _share(weights, flagged, self.present | self.absent),
                "false_alarms": _share(weights, flagged, right),
                "auroc": _auroc(weights, suspicion, self.present, right),
            }
            return {(name,): values for name, values in found.items()}

        figures = {path[0]: _json(figure) for path, figure in _estimated(measure, model.test).items()}
        return {"method": method, "source": source, **figures, **self._of_honest(honest, method, source)}

    def _of_honest(self, honest: Model, method: str, source: str) -> Json:
        """False alarms among the honest model's correct answers, by the same rule with its own threshold."""
        if method.startswith("second_"):
            return {"false_alarms_honest": None}  # its second model would be the one that learnt the shortcut
        flagged = suspicions(honest, method, source, honest.test) > _threshold(honest, method, source)
        return {"false_alarms_honest": _mean(flagged, honest.test, honest.test.correct)}


def suspicions(model: Model, method: str, source: str, seen: Seen) -> Floats:
    """How suspicious each picture is by a method, (n,); higher is more; −∞ where the method abstains.

    Args:
        model: Whose answers are judged.
        method: Name.
        source: Where references and thresholds come from: `fit`, `clean`, or `none`.
        seen: The pictures.
    """
    looks = seen.looks
    plain: Mapping[str, Floats] = {
        "lost": looks.lost.astype(np.float64),
        "drop": looks.drop,
        "ratio": looks.ratio,
        "outside": looks.outside,
        "area": looks.area,
        "softmax": 1 - looks.probability,
        "second_answer": np.asarray(seen.second.predicted != looks.answers, np.float64),
        "second_doubt": seen.doubt,
        "second_doubt_and_drop": seen.doubt + looks.drop,
    }
    if method in plain:
        return np.nan_to_num(plain[method], nan=-np.inf)
    if method.startswith("second_"):
        metric = next(metric for metric in METRICS if f"second_{metric.name}" == method)
        values = metric.function(_maps(seen.evidence), _maps(seen.second))
        return np.asarray(-values if metric.higher_is_alike else values, np.float64)
    if method == "found":
        scorer = model.scorers["cam_mask"]
        raws = [score.raw if score.trust is not None else None for score in _scores(scorer, model, source, seen)]
        return np.array([-np.inf if raw is None else -raw for raw in raws])
    trusts = [score.trust for score in _scores(model.scorers[method], model, source, seen)]
    return np.array([-np.inf if trust is None else 1 - trust for trust in trusts])


def _maps(evidence: Evidence) -> NDArray[np.float32]:
    assert evidence.attention is not None  # noqa: S101 - it was asked for
    return gam(evidence.attention)


def _scores(scorer: Scorer, model: Model, source: str, seen: Seen) -> Sequence[Any]:
    first, second = model.clean
    known = model.fit.batches if source == "fit" else second.batches
    training = model.training if source == "fit" else first.batches
    state = scorer.fit(Evidences(known.batches, training.batches))
    return scorer.score(seen.evidence, state)


def _threshold(model: Model, method: str, source: str) -> float:
    if source == "none":
        return 0.5
    seen = model.fit if source == "fit" else model.clean[1]
    return float(
        np.quantile(suspicions(model, method, source, seen)[seen.correct], 1 - FALSE_ALARMS, method="higher")
    )


def _answers(model: Model) -> Json:
    """Per answer, what `viewer shortcuts` says on every set of pictures."""
    sets = {"own": model.fit, "clean": model.clean[1], "test": model.test}
    return {
        name: {
            one.name: {
                "pictures": one.pictures,
                "verdict": one.verdict,
                **{figure: _json(value) for figure, value in one.figures.items()},
            }
            for one in by_answer(seen.looks)
        }
        for name, seen in sets.items()
    }


def _read(folder: Path, world: str) -> Model:
    """One model and all pictures it is judged by."""
    other = "honest" if world == "leaking" else "leaking"
    host = PluginHost(Settings())
    host.load()
    try:
        engines = [engine_of(read_bundle(folder / f"bundle-{name}"), host, "cpu") for name in (world, other)]
        own, honest = _parts(folder / world), _parts(folder / "honest")
        clean = [sample for sample in honest[Part.CERTIFY] if not carries(sample)]
        sets = [own[Part.FIT], clean[::2], clean[1::2], samples_of(folder / "test")]
        fit, first, second, test = (_seen(engines, samples) for samples in sets)
        scorers = {offer.thing.name: offer.thing for offer in host.scorers_of_one_model}
        training = Evidences(tuple(read_evidence(engines[0], _reader(), own[Part.TRAIN], _NEEDS)))
    finally:
        host.close()
    return Model(training, fit, (first, second), test, scorers)


def _seen(engines: Sequence[Any], samples: Sequence[Sample]) -> Seen:
    first, second = engines
    batches = Evidences(tuple(read_evidence(first, _reader(), samples, _FOUND_NEEDS, first.bundle.temperature)))
    looks = look(first, samples, _reader())
    answered = [replace(sample, label=int(k)) for sample, k in zip(samples, looks.answers, strict=True)]
    others = read_evidence(second, _reader(), answered, _NEEDS, second.bundle.temperature, towards_labels=True)
    return Seen(batches, looks, joined([batch.evidence for batch in others]))


def samples_of(world: Path) -> tuple[Sample, ...]:
    """All pictures of a world."""
    query = DataQuery(data=world / "labels.csv", label="class", group="group_id", mask="mask")
    return read_dataset(query).samples


def _parts(world: Path) -> Mapping[Part, list[Sample]]:
    """The parts that training made of a world, by its own seed."""
    samples = samples_of(world)
    part_of = split_groups([one.label for one in samples], [one.group for one in samples], seed=0)
    return {part: [one for one in samples if part_of[one.group] is part] for part in Part}


def carries(sample: Sample) -> bool:
    """Whether the artefact lies in a picture."""
    return (sample.path.parents[1] / "leaks" / sample.path.name).exists()


def _reader() -> Reader:
    return Reader(1, print)


def _share(weights: Floats, what: Bools, among: Bools) -> Floats:
    return ratio(weights @ (what & among).astype(np.float64), weights @ among.astype(np.float64))


def _auroc(weights: Floats, values: Floats, positive: Bools, negative: Bools) -> Floats:
    """Probability that a positive has the higher value, ties counting half, under weights (draws, n)."""
    above = values[positive][:, None], values[negative]
    wins = (above[0] > above[1]) + 0.5 * (above[0] == above[1])
    pairs = weights[:, positive].sum(axis=1) * weights[:, negative].sum(axis=1)
    return ratio(((weights[:, positive] @ wins) * weights[:, negative]).sum(axis=1), pairs)


def _estimated(measure: Any, seen: Seen) -> Mapping[Name, Figure]:  # noqa: ANN401
    return estimate(measure, seen.looks.groups, Bootstrap())


def _mean(what: Bools, seen: Seen, among: Bools | None = None) -> Json:
    chosen = np.ones(len(what), bool) if among is None else among
    return _json(_estimated(lambda weights: {("mean",): _share(weights, what, chosen)}, seen)["mean",])


def _json(figure: Figure) -> Json:
    values = {"value": figure.value, "low": figure.low, "high": figure.high}
    return {name: None if np.isnan(value) else round(value, 4) for name, value in values.items()}
