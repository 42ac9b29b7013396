"""`viewer ensemble`: finished bundles become one; with labelled cases, weighed, calibrated and certified."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from viewer.datasets.reading import read_dataset
from viewer.datasets.sample import Sample
from viewer.datasets.split import Part, pseudonym, split_held_out
from viewer.domain.bundle import Manifest
from viewer.domain.errors import ViewerError
from viewer.domain.evidence import Need
from viewer.engine.architectures.registry import Architectures
from viewer.engine.bundle import Bundle, ensemble_manifest, write_bundle
from viewer.engine.opening import AnyEngine, open_engine
from viewer.evaluation.mixing import FIRM, fit_shares
from viewer.host.discovery import PluginHost
from viewer.settings import Settings
from viewer.training.averaging import Averaging, compare_members
from viewer.training.calibrating import FEWEST_GROUPS, Calibrating, Site, certify_bundle
from viewer.training.calibration import HeldOut, calibrate
from viewer.training.card import MADE_FROM
from viewer.training.evidences import read_evidence
from viewer.training.pictures import Reader, Say
from viewer.training.temperature import negative_log_likelihood


@dataclass(frozen=True, slots=True, kw_only=True)
class Ensembling:
    """What is asked for.

    Attributes:
        members: Finished bundles.
        name, version: Of the ensemble.
        intended_use: One sentence; `""` for the first member's.
        asked: Where to, and what is to be certified.
    """

    members: Sequence[Bundle]
    name: str
    version: str
    intended_use: str
    asked: Calibrating


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """Labelled cases, divided by what the members were trained on.

    Attributes:
        fit: Of groups that no member was trained on.
        certify: Likewise, which no member was fitted on either.
        training: Of groups that every member may have been trained on.
        note: How they were told apart, one sentence.
    """

    fit: Sequence[Sample]
    certify: Sequence[Sample]
    training: Sequence[Sample]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Answers:
    """What the members say of n pictures: probabilities of the true and all classes."""

    members: NDArray[np.float64]
    labels: NDArray[np.intp]
    groups: Sequence[str]

    @property
    def likelihoods(self) -> NDArray[np.float64]:
        """Probability of the true class by each of M members, (n, M)."""
        return self.members[:, np.arange(len(self.labels)), self.labels].T

    def together(self, shares: Sequence[float]) -> NDArray[np.float64]:
        """Averaged probabilities (n, K)."""
        averaged: NDArray[np.float64] = np.einsum("m,mnk->nk", np.asarray(shares), self.members)
        return averaged


def join_bundles(asked: Ensembling) -> Bundle:
    """Write an ensemble whose members weigh alike; nothing of it is calibrated.

    Raises:
        ViewerError: The members do not fit together, or something that is no bundle lies there.
    """
    manifest = _manifest(asked, None)
    made = f"{_members(asked.members, manifest)}\n\nAll members weigh alike. No labelled cases were at hand."
    return write_bundle(asked.asked.out, manifest, asked.members, card=_plain_card(manifest, made))


def make_ensemble(asked: Ensembling, site: Site, settings: Settings, host: PluginHost, say: Say) -> Bundle:
    """Weigh the members on labelled cases none was trained on, then fit and certify the ensemble as any model.

    Raises:
        ViewerError: The members do not fit together, or the cases are too few or of other classes.
    """
    equal = _manifest(asked, None)
    table = read_dataset(site.table)
    for note in table.notes:
        say(note)
    table = site.guard.grouped(table, say)
    samples = table.labelled_for(equal.classes, site.table.data)
    division = divide(asked.members, samples, seed=site.seed)
    say(division.note)
    for part, chosen in ((Part.FIT, division.fit), (Part.CERTIFY, division.certify)):
        say(f"{part}: {len(chosen)} files of {len({sample.group for sample in chosen})} groups")
    parts = {Part.TRAIN: division.training, Part.FIT: division.fit, Part.CERTIFY: division.certify}
    allowed = site.guard.check([parts], say)
    architectures = Architectures(offer.thing for offer in host.architectures)

    def engine_of(bundle: Bundle) -> AnyEngine:
        return open_engine(bundle, architectures, device=site.device, head_samples=settings.head_samples, notify=say)

    with TemporaryDirectory() as folder:
        raw = write_bundle(Path(folder) / "equal", equal, asked.members, card="")
        engine = engine_of(raw)
        say("asking every member")
        fit, certify = (_answers(engine, chosen, site, say) for chosen in (division.fit, division.certify))
        shares = fit_shares(fit.likelihoods, fit.groups).tolist()
        weighed = _manifest(asked, shares)
        averaging = compare_members(
            [own.name for own in weighed.members],
            certify.members,
            certify.together(shares),
            certify.labels,
            certify.groups,
        )
        say(averaging.sentence)
        made = "\n\n".join(
            [
                _members(asked.members, weighed),
                _shares(fit, shares),
                _divided(division, [*table.notes, *allowed]),
                _compared(averaging, len(certify.labels), len(set(certify.groups))),
            ]
        )
        bundle = write_bundle(Path(folder) / "weighed", weighed, asked.members, card="")
        held_out = HeldOut(
            fit=division.fit,
            certify=division.certify,
            training=division.training,
            frames_per_clip=site.frames_per_clip,
            seed=site.seed,
            pictured=site.pictured,
        )
        finished = calibrate(bundle, engine_of(bundle), host, held_out, made=made, out=asked.asked.out, say=say)
    return certify_bundle(finished.bundle, host, asked.asked, say)


def divide(members: Sequence[Bundle], samples: Sequence[Sample], *, seed: int) -> Division:
    """Keep what no member was trained on, as far as the members' own tables tell.

    A bundle's tables name the groups it was fitted and certified on; any other group may have trained it. Groups that
    every member was certified on certify the ensemble, other groups that no member was trained on fit it. Where no
    member has tables, nothing is known, and the groups are divided 3 : 5.

    Raises:
        ViewerError: Too few groups are left.
    """
    tables = [_tables(member) for member in members]
    telling = [table for table in tables if table["fit"] | table["certify"]]
    silent = [m.manifest.name for m, table in zip(members, tables, strict=True) if table not in telling]
    kinds = {group: _kind(pseudonym(group), telling) for group in sorted({sample.group for sample in samples})}
    if not telling:
        held = split_held_out([s.label for s in samples], [s.group for s in samples], seed=seed)
        kinds = dict(held)
    counts = {part: sum(kind is part for kind in kinds.values()) for part in (Part.FIT, Part.CERTIFY)}
    known = "that no member was trained on" if telling else "in all"
    if sum(counts.values()) < FEWEST_GROUPS or not all(counts.values()):
        raise ViewerError(
            f"{counts[Part.FIT]} groups to fit on and {counts[Part.CERTIFY]} to certify on {known} are too few to "
            f"weigh an ensemble; {FEWEST_GROUPS} at least, of both. Without --data its members weigh alike"
        )
    note = f"{sum(counts.values())} of {len(kinds)} groups are told by the members' tables not to have trained any"
    if silent:
        note = f"{note}; " if telling else ""
        note += f"{', '.join(silent)} cannot tell which groups it was trained on: make sure none of these was"
    return Division(
        fit=[sample for sample in samples if kinds[sample.group] is Part.FIT],
        certify=[sample for sample in samples if kinds[sample.group] is Part.CERTIFY],
        training=[sample for sample in samples if kinds[sample.group] is Part.TRAIN] if not silent else [],
        note=note,
    )


def _tables(member: Bundle) -> Mapping[str, frozenset[str]]:
    return {part: frozenset(row["group"] for row in member.rows(part)) for part in ("fit", "certify")}


def _kind(group: str, telling: Sequence[Mapping[str, frozenset[str]]]) -> Part | None:
    """The part of one group; None of one that some members were trained on and others not."""
    if all(group in table["certify"] for table in telling):
        return Part.CERTIFY
    held_out = [group in table["fit"] | table["certify"] for table in telling]
    return Part.FIT if all(held_out) else None if any(held_out) else Part.TRAIN


def _answers(engine: AnyEngine, samples: Sequence[Sample], site: Site, say: Say) -> _Answers:
    reader = Reader(site.frames_per_clip, say)
    batches = list(read_evidence(engine, reader, samples, frozenset({Need.MEMBERS})))
    answers = [batch.evidence.members for batch in batches if batch.evidence.members is not None]
    return _Answers(
        members=np.exp(np.concatenate(answers, axis=1).astype(np.float64)),
        labels=np.concatenate([batch.labels for batch in batches]),
        groups=np.concatenate([batch.groups for batch in batches]).tolist(),
    )


def _manifest(asked: Ensembling, shares: Sequence[float] | None) -> Manifest:
    return ensemble_manifest(
        asked.members, asked.name, version=asked.version, weights=shares, intended_use=asked.intended_use
    )


def _members(members: Sequence[Bundle], manifest: Manifest) -> str:
    lines = [
        "An ensemble: every member looks at the picture in its own way; their probabilities are averaged by weight.",
        "",
        "| member | model | network | input | weight | own temperature | SHA-256 of its weights | licence |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for own, member in zip(manifest.members, members, strict=True):
        about = member.manifest
        lines.append(
            f"| {own.name} | {about.name} {about.version} | {about.architecture} | {about.input_size} "
            f"({about.resize}) | {own.weight:.3f} | {member.temperature:.3f} | {member.weights_digest[:16]} | "
            f"{about.licence} |"
        )
    return "\n".join(lines)


def _shares(fit: _Answers, shares: Sequence[float]) -> str:
    losses = [
        negative_log_likelihood(np.log(np.maximum(fit.together(w), 1e-300)), fit.labels, 1.0)
        for w in ([1 / len(shares)] * len(shares), shares)
    ]
    return (
        f"The weights are those most likely on the fit groups, each group counting once, and {FIRM:.0f} groups more "
        f"that speak for equal weights (mean negative log-likelihood {losses[0]:.3f} with equal weights, "
        f"{losses[1]:.3f} with these, before the ensemble's own temperature)."
    )


def _divided(division: Division, notes: Sequence[str]) -> str:
    said = [f"{note[0].upper()}{note[1:]}." for note in (*notes, division.note)]
    rows = [
        f"| {part} | {len({sample.group for sample in chosen})} | {len(chosen)} | {use} |"
        for part, chosen, use in (
            (
                Part.FIT,
                division.fit,
                "weights of the members, temperature, distribution functions, what scorers learn",
            ),
            (Part.CERTIFY, division.certify, "the figures below"),
        )
    ]
    return "\n".join([" ".join(said), "", "| part | groups | files | used for |", "|---|---|---|---|", *rows])


def _compared(averaging: Averaging, pictures: int, groups: int) -> str:
    rows = zip(
        (*averaging.names, "the ensemble"),
        averaging.accuracies,
        averaging.likelihoods,
        averaging.aurocs,
        strict=True,
    )
    return "\n".join(
        [
            f"On the {pictures} pictures of the {groups} certify groups, before the ensemble's own temperature:",
            "",
            "| | accuracy | mean negative log-likelihood | AUROC_f of the highest probability |",
            "|---|---|---|---|",
            *(f"| {name} | {right:.3f} | {loss:.3f} | {area:.3f} |" for name, right, loss, area in rows),
            "",
            f"{averaging.sentence[0].upper()}{averaging.sentence[1:]} (95 % intervals from a bootstrap over groups).",
        ]
    )


def _plain_card(manifest: Manifest, made: str) -> str:
    return f"# {manifest.name} {manifest.version}\n\n{manifest.intended_use}\n\n## {MADE_FROM}\n\n{made}\n"
