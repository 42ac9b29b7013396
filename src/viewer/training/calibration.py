"""From a network's weights to a finished bundle: everything that is fitted and measured after training.

Training itself is not repeated here, so that a bundle can be fitted anew whenever a scorer changes.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from operator import add
from pathlib import Path

import numpy as np

from viewer.assessment.suitability import Gatekeeper, Suitability
from viewer.datasets.sample import Sample
from viewer.datasets.split import Part, pseudonym
from viewer.domain.evidence import Labelled, Need, softmax
from viewer.engine.bundle import Bundle, write_bundle
from viewer.engine.opening import AnyEngine
from viewer.host.discovery import PluginHost
from viewer.training.card import Calibrated, write_card
from viewer.training.evidences import Evidences, read_evidence
from viewer.training.figures import measure
from viewer.training.fitting import Scored, deal_folds, fit_plugins, score_evidences
from viewer.training.garbage.choosing import Chosen
from viewer.training.garbage.measuring import ProperPictures, measure_garbage
from viewer.training.garbage.rejection import GarbageReport
from viewer.training.gate import judge_pictures, make_gate
from viewer.training.mask_figures import measure_masks
from viewer.training.pictures import Item, Reader, Say
from viewer.training.plan import HELD_OUT_FRAMES
from viewer.training.temperature import fit_temperature, negative_log_likelihood

TRAINING_NEEDS = frozenset({Need.FEATURES, Need.ATTENTION, Need.EARLY})
"""Beside the logits, what is kept in memory of the training groups."""

MOST_TRAINING = 5000
"""Files of the training groups that are read again; of more, every second, third … one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """The samples the weights have never seen, and beside them those they were trained on.

    Attributes:
        fit, certify: Samples of the two parts.
        training: What the weights were trained on, for showing; empty where it is not at hand.
        frames_per_clip: Read of a clip, spread evenly; training takes fewer.
        seed: Of the folds.
        pictured: Whether scorers and explainers may keep thumbnails of the pictures in the bundle.
        garbage: Families to be tried on a network that knows garbage.
    """

    fit: Sequence[Sample]
    certify: Sequence[Sample]
    training: Sequence[Sample] = ()
    frames_per_clip: int = HELD_OUT_FRAMES
    seed: int
    pictured: bool = False
    garbage: Chosen | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A calibrated bundle, and the pictures behind it, which the bundle itself does not name.

    Attributes:
        bundle: With its tables of predictions.
        certified: Pictures of the certify groups, in the order of that table's rows.
        garbage: What it rejects, where the network knows garbage.
    """

    bundle: Bundle
    certified: Sequence[Item]
    garbage: GarbageReport | None = None


def calibrate(
    bundle: Bundle, engine: AnyEngine, host: PluginHost, held_out: HeldOut, *, made: str, out: Path, say: Say
) -> Finished:
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
    needs = _needs(host) | ({Need.GARBAGE} if bundle.manifest.garbage else frozenset())
    reader = Reader(held_out.frames_per_clip, say)
    say(f"reading the {len(held_out.fit)} files of the fit groups")
    training = _read_training(engine, held_out, needs, say)
    folds = [
        Evidences(tuple(read_evidence(engine, reader, samples, needs, pictured=held_out.pictured)), training)
        for samples in _folds(held_out.fit, seed=held_out.seed)
    ]
    fit_items = tuple(reader.items)
    everything = reduce(add, folds)
    temperature = fit_temperature(everything.logits, everything.labels)
    say(f"temperature {temperature:.3f}; fitting {len(host.scorers_of_one_model)} scorers")
    fitted = fit_plugins(host, [fold.at(temperature) for fold in folds], say)
    gate, numbers = make_gate(host, fit_items, fitted.scored)
    say(Gatekeeper(gate).reason or f"the gate knows {len(numbers)} groups")

    say(f"reading the {len(held_out.certify)} files of the certify groups")
    stream = read_evidence(engine, reader, held_out.certify, needs, temperature)
    certify = score_evidences(host, stream, fitted.states)
    classes = bundle.manifest.classes
    certified = reader.items[len(fit_items) :]
    fit_judged, certify_judged = judge_pictures(gate, fitted.scored, numbers), judge_pictures(gate, certify)
    garbage = None
    if held_out.garbage is not None:
        garbage = measure_garbage(
            engine,
            host,
            held_out.garbage,
            fit=ProperPictures(fitted.scored, fit_judged),
            certify=ProperPictures(certify, certify_judged),
            items=certified,
            gate=gate,
            states=fitted.states,
            temperature=temperature,
            say=say,
        )
    calibrated = Calibrated(
        temperature=temperature,
        likelihood_before=negative_log_likelihood(everything.logits, everything.labels, 1.0),
        likelihood_after=negative_log_likelihood(everything.logits, everything.labels, temperature),
        figures=measure(certify.labels, certify.logits.argmax(axis=1), certify.groups, certify.trusts, len(classes)),
        titles={offer.thing.name: offer.thing.title for offer in host.scorers_of_one_model},
        masks=measure_masks(engine, held_out.certify, say),
        garbage=garbage,
    )
    rows_of = partial(prediction_rows, classes=classes, temperature=temperature)
    written = write_bundle(
        out,
        bundle.manifest,
        bundle.members or bundle.weights(),
        card=write_card(bundle.manifest, made, calibrated),
        temperature=temperature,
        distributions=fitted.distributions,
        states=fitted.states,
        versions={offer.thing.name: offer.thing.version for offer in host.scorers_of_one_model},
        gate=gate,
        predictions={
            Part.FIT.value: rows_of(fit_items, fitted.scored, fit_judged),
            Part.CERTIFY.value: rows_of(certified, certify, certify_judged),
        },
    )
    return Finished(bundle=written, certified=certified, garbage=garbage)


def _read_training(engine: AnyEngine, held_out: HeldOut, needs: frozenset[Need], say: Say) -> tuple[Labelled, ...]:
    """What is small of the evidence of what the weights were trained on, where a plugin reads any of it."""
    every = -(-len(held_out.training) // MOST_TRAINING)
    shown = needs & TRAINING_NEEDS
    samples = held_out.training[::every] if every and shown else ()
    if not samples:
        return ()
    say(f"reading {len(samples)} files of the training groups, to compare with")
    reader = Reader(held_out.frames_per_clip, say)
    return tuple(read_evidence(engine, reader, samples, shown, pictured=held_out.pictured))


def prediction_rows(
    items: Sequence[Item],
    scored: Scored,
    judged: Sequence[Suitability],
    *,
    classes: Sequence[str],
    temperature: float,
) -> list[dict[str, object]]:
    """One row per picture: whose it is, the model's answer, every scorer's trust and what the gate says.

    The columns are `group, clip, frame, label, predicted, p_<class>…, trust_<scorer>…, suitability, fingerprint`.
    Groups and clips are pseudonyms, file names are left out; `clip` is empty for a still. An empty trust means that
    the scorer abstained or failed, an empty p-value that the gate cannot tell. They are all that later fitting of
    weights and certificates needs.
    """
    probabilities = softmax(scored.logits / temperature)
    clips = _clips(items)
    rows: list[dict[str, object]] = []
    for i, item in enumerate(items):
        row: dict[str, object] = {
            "group": pseudonym(item.sample.group),
            "clip": clips[i],
            "frame": item.frame,
            "label": classes[item.sample.label],
            "predicted": classes[int(probabilities[i].argmax())],
        }
        row.update((f"p_{name}", f"{p:.6f}") for name, p in zip(classes, probabilities[i], strict=True))
        row.update((f"trust_{name}", _cell(float(values[i]))) for name, values in scored.trusts.items())
        row |= {"suitability": _cell(judged[i].suitability), "fingerprint": _cell(judged[i].fingerprint)}
        rows.append(row)
    return rows


def _clips(items: Sequence[Item]) -> list[str]:
    """Pseudonym of every picture's clip, from its group and its place among the group's files, wherever they lie."""
    places: defaultdict[str, dict[Path, int]] = defaultdict(dict)
    pseudonyms = []
    for item in items:
        files = places[item.sample.group]
        place = files.setdefault(item.sample.path, len(files))
        pseudonyms.append(pseudonym(f"{item.sample.group}/{place}") if item.of_clip else "")
    return pseudonyms


def _needs(host: PluginHost) -> frozenset[Need]:
    return frozenset[Need]().union(*(offer.thing.needs for offer in host.fitted))


def _cell(value: float | None) -> str:
    # Every digit: a certificate made from the table must hold for the trusts that are computed later.
    return "" if value is None or np.isnan(value) else repr(value)


def _folds(samples: Sequence[Sample], *, seed: int) -> Iterable[list[Sample]]:
    fold_of = deal_folds([sample.group for sample in samples], seed=seed)
    numbers = sorted(set(fold_of.values()))
    return [[sample for sample in samples if fold_of[sample.group] == number] for number in numbers]
