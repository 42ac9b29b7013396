"""From a network's weights to a finished bundle: everything that is fitted and measured after training.

Training itself is not repeated here, so that a bundle can be fitted anew whenever a scorer changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path

import numpy as np

from viewer.domain.evidence import Need, softmax
from viewer.engine.bundle import Bundle, write_bundle
from viewer.engine.engine import Engine
from viewer.host.discovery import PluginHost
from viewer.training.card import Calibrated, write_card
from viewer.training.evidences import Evidences, Looks, read_evidence
from viewer.training.figures import measure
from viewer.training.fingerprint import fingerprint
from viewer.training.fitting import Trusts, deal_folds, fit_plugins, score_evidences
from viewer.training.pictures import Reader, Say
from viewer.training.split import Part, pseudonym
from viewer.training.table import Sample
from viewer.training.temperature import fit_temperature, negative_log_likelihood

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """The samples the weights have never seen.

    Attributes:
        fit, certify: Samples of the two parts.
        frames_per_clip: As in training.
        seed: Of the folds.
    """

    fit: Sequence[Sample]
    certify: Sequence[Sample]
    frames_per_clip: int
    seed: int


def calibrate(
    bundle: Bundle, engine: Engine, host: PluginHost, held_out: HeldOut, *, made: str, out: Path, say: Say
) -> Bundle:
    """Fit on the fit groups, measure on the certify groups, and write the finished bundle.

    Args:
        bundle: Weights and manifest; what it was calibrated with before is not used.
        engine: With that bundle.
        host: Loaded plugins; the enabled ones are fitted.
        held_out: Samples of the two parts.
        made: Section of the card on data and training.
        out: Where the bundle goes.
        say: Told every step.
    """
    needs = _needs(host)
    looks = Looks([], [])
    reader = Reader(held_out.frames_per_clip, say)
    say(f"reading the {len(held_out.fit)} files of the fit groups")
    folds = [
        read_evidence(engine, reader.read(samples), needs, looks)
        for samples in _folds(held_out.fit, seed=held_out.seed)
    ]
    everything = reduce(add, folds)
    temperature = fit_temperature(everything.logits, everything.labels)
    say(f"temperature {temperature:.3f}; fitting {len(host.scorers)} scorers")
    fitted = fit_plugins(host, [fold.at(temperature) for fold in folds], say)

    say(f"reading the {len(held_out.certify)} files of the certify groups")
    certify = read_evidence(engine, reader.read(held_out.certify), needs).at(temperature)
    trusts = score_evidences(host, certify, fitted.states)

    classes = bundle.manifest.classes
    calibrated = Calibrated(
        temperature=temperature,
        likelihood_before=negative_log_likelihood(everything.logits, everything.labels, 1.0),
        likelihood_after=negative_log_likelihood(everything.logits, everything.labels, temperature),
        figures=measure(certify.labels, certify.logits.argmax(axis=1), certify.groups, trusts, len(classes)),
        titles={offer.thing.name: offer.thing.title for offer in host.scorers},
    )
    return write_bundle(
        out,
        bundle.manifest,
        bundle.weights(),
        card=write_card(bundle.manifest, made, calibrated),
        temperature=temperature,
        distributions=fitted.distributions,
        states=fitted.states,
        fingerprint=fingerprint({"input": looks.input, "stem": looks.stem}),
        predictions={
            Part.FIT.value: prediction_rows(everything, fitted.trusts, classes, temperature),
            Part.CERTIFY.value: prediction_rows(certify, trusts, classes, temperature),
        },
    )


def prediction_rows(
    evidences: Evidences, trusts: Trusts, classes: Sequence[str], temperature: float
) -> list[dict[str, object]]:
    """One row per picture: `group, label, predicted, p_<class>…, trust_<scorer>…`.

    Groups are pseudonyms, file names are left out; an empty trust means the scorer abstained or failed. They are
    all that later fitting of weights and certificates needs.
    """
    probabilities = softmax(evidences.logits / temperature)
    rows: list[dict[str, object]] = []
    for i, (label, group) in enumerate(zip(evidences.labels, evidences.groups, strict=True)):
        row: dict[str, object] = {
            "group": pseudonym(str(group)),
            "label": classes[label],
            "predicted": classes[int(probabilities[i].argmax())],
        }
        row.update((f"p_{name}", f"{p:.6f}") for name, p in zip(classes, probabilities[i], strict=True))
        row.update((f"trust_{name}", _cell(values[i])) for name, values in trusts.items())
        rows.append(row)
    return rows


def _needs(host: PluginHost) -> frozenset[Need]:
    scorers = (offer.thing.needs for offer in host.scorers)
    opinions = (offer.thing.needs for offer in host.opinions)
    return frozenset[Need]().union(*scorers, *opinions)


def _cell(trust: float) -> str:
    # Every digit: a certificate made from the table must hold for the trusts that are computed later.
    return "" if np.isnan(trust) else repr(float(trust))


def _folds(samples: Sequence[Sample], *, seed: int) -> Iterable[list[Sample]]:
    fold_of = deal_folds([sample.group for sample in samples], seed=seed)
    numbers = sorted(set(fold_of.values()))
    return [[sample for sample in samples if fold_of[sample.group] == number] for number in numbers]
