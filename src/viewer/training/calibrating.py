"""`viewer calibrate`: the combination and the certificate of a bundle, from its own tables or on a site's cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from viewer.assessment.claims import Answers, Terms, establish_claims
from viewer.assessment.fitting import Combination
from viewer.assessment.suitability import Gatekeeper
from viewer.datasets.guard import LeakGuard
from viewer.datasets.query import DataQuery
from viewer.datasets.reading import read_dataset
from viewer.datasets.sample import Sample
from viewer.datasets.split import Part, split_held_out
from viewer.domain.certificate import Certificate, NamedScorer, Unit
from viewer.domain.errors import ViewerError
from viewer.engine.architectures.registry import Architectures
from viewer.engine.bundle import Bundle, rewrite_bundle
from viewer.engine.bundle.files import DISTRIBUTIONS, GATE
from viewer.engine.opening import open_engine
from viewer.host.discovery import Offer, PluginHost
from viewer.protocols import Scorer
from viewer.settings import Settings
from viewer.training.calibration import HeldOut, calibrate
from viewer.training.card import MADE_FROM, read_section, with_certificate
from viewer.training.combining import combine, combined, names_of, usable_scorers
from viewer.training.pictures import Say
from viewer.training.plan import HELD_OUT_FRAMES
from viewer.training.predictions import read_part

FEWEST_GROUPS = 16
"""Groups below which a site's cases are not even divided: 6 to fit and 10 to certify could never certify anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site's own labelled cases.

    Attributes:
        table: Which files, classes and groups.
        frames_per_clip: Frames taken from a clip.
        seed: Of the division into fit and certify groups.
        guard: What is done about copies that the division would divide.
        pictured: Whether the bundle may keep thumbnails of the pictures.
        device: `auto`, `cpu` or `cuda`.
    """

    table: DataQuery
    frames_per_clip: int = HELD_OUT_FRAMES
    seed: int = 0
    guard: LeakGuard = field(default_factory=LeakGuard)
    pictured: bool = False
    device: str = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrating:
    """What is asked for.

    Attributes:
        out: Folder of the new bundle.
        made: Day that goes onto the certificate.
        terms: Risks and confidence.
    """

    out: Path
    made: date
    terms: Terms = field(default_factory=Terms)


def certify_bundle(bundle: Bundle, host: PluginHost, asked: Calibrating, say: Say) -> Bundle:
    """Fit the combination on the bundle's fit table, certify on its certify table, and write the result.

    The network does not run again: the tables keep every trust of the pictures of both parts, and the certificate is
    about the very weights that are in the bundle.

    Args:
        bundle: Calibrated, with its tables.
        host: Loaded plugins; they say what each scorer is about, and its version.
        asked: Where to, and what for.
        say: Told what came out.

    Raises:
        ViewerError: The bundle has no tables, or they are not what they should be.
    """
    offers = usable_scorers(bundle, host, say)
    combination, certificates = _test(bundle, host, offers, asked, say)
    return rewrite_bundle(
        bundle,
        asked.out,
        card=with_certificate(bundle.card, combination.sentence, *certificates),
        combination=combination.weights,
        combination_note=combination.sentence,
        certificate=certificates[0],
        clip_certificate=certificates[1],
    )


def _test(
    bundle: Bundle, host: PluginHost, offers: Sequence[Offer[Scorer]], asked: Calibrating, say: Say
) -> tuple[Combination, tuple[Certificate, Certificate | None]]:
    """The combination, and the certificates for frames and, where there are clips, for clips.

    The tables may be long: they are let go of before anything is written.
    """
    fit, certify = (read_part(bundle, part, names_of(offers)) for part in (Part.FIT, Part.CERTIFY))
    if set(fit.groups) & set(certify.groups):
        raise ViewerError(
            f"{bundle.path}: a group is in the fit and in the certify table, so nothing can be certified"
        )
    combination = combine(bundle, fit)
    say(combination.sentence)
    weights = combination.weights
    blind = Gatekeeper(bundle.gate).reason
    if blind:
        say(f"no light can be green: {blind}")
    tested = _Tested(bundle, _named(bundle, offers, weights), _gate_scorers(bundle, host), asked)
    fit_trust, certify_trust = (combined(bundle, part, weights) for part in (fit, certify))
    certificate = tested.certificate("frame", certify.frames(certify_trust), fit.frames(fit_trust))
    clips = certify.whole_clips(certify_trust), fit.whole_clips(fit_trust)
    for_clips = None if clips[0] is None or clips[1] is None else tested.certificate("clip", clips[0], clips[1])
    say(certificate.claim)
    if for_clips is not None:
        say(f"whole clips: {for_clips.claim}")
    return combination, (certificate, for_clips)


def recalibrate(
    bundle: Bundle, site: Site, settings: Settings, host: PluginHost, asked: Calibrating, say: Say
) -> Bundle:
    """Fit everything but the weights anew on a site's own cases, and certify on those of them that were set aside.

    The groups are divided 3 : 5 into fit and certify groups. None of them may have been among those the network was
    trained on; nothing here can check that.

    Raises:
        ViewerError: The cases are too few or of classes that the model does not know.
    """
    samples = _samples(bundle, site, say)
    part_of = split_held_out([s.label for s in samples], [s.group for s in samples], seed=site.seed)
    held_out = HeldOut(
        fit=[sample for sample in samples if part_of[sample.group] is Part.FIT],
        certify=[sample for sample in samples if part_of[sample.group] is Part.CERTIFY],
        frames_per_clip=site.frames_per_clip,
        seed=site.seed,
        pictured=site.pictured,
    )
    allowed = site.guard.check([{Part.FIT: held_out.fit, Part.CERTIFY: held_out.certify}], say)
    architectures = Architectures(offer.thing for offer in host.architectures)
    engine = open_engine(
        bundle, architectures, device=site.device, head_samples=settings.head_samples, cache_bytes=0, notify=say
    )
    made = (
        f"{read_section(bundle.card, MADE_FROM)}\n\nTemperature, distribution functions and states of scorers were "
        f"fitted anew on {len(held_out.fit)} files, and the figures below measured on {len(held_out.certify)} files, "
        f"of {len(part_of)} groups of another site on {asked.made.isoformat()}."
        + "".join(f" {note[0].upper()}{note[1:]}." for note in allowed)
    ).strip()
    calibrated = calibrate(bundle, engine, host, held_out, made=made, out=asked.out, say=say)
    return certify_bundle(calibrated.bundle, host, asked, say)


@dataclass(frozen=True, slots=True)
class _Tested:
    """What every certificate of a bundle depends on."""

    bundle: Bundle
    scorers: tuple[NamedScorer, ...]
    gate_scorers: tuple[NamedScorer, ...]
    asked: Calibrating

    def certificate(self, unit: Unit, certify: Answers, fit: Answers) -> Certificate:
        """Test what may be claimed of such decisions, and bind it to everything it depends on."""
        bundle, manifest, terms = self.bundle, self.bundle.manifest, self.asked.terms
        claims = establish_claims(certify, fit, terms, classes=manifest.classes, critical=manifest.critical_classes)
        return Certificate(
            weights=bundle.weights_digest,
            temperature=bundle.temperature,
            distributions=bundle.hashes[DISTRIBUTIONS],
            scorers=self.scorers,
            classes=manifest.classes,
            critical_classes=manifest.critical_classes,
            unit=unit,
            test=claims.test,
            risk=terms.risk,
            delta=terms.delta,
            critical_risk=terms.critical_risk,
            groups=claims.groups,
            decisions=claims.decisions,
            made=self.asked.made,
            green=claims.green,
            red=claims.red,
            by_class=claims.by_class,
            missed=claims.missed,
            missed_cases=claims.missed_cases,
            benign_green=claims.benign_green,
            more_groups=claims.more_groups,
            gate=bundle.hashes.get(GATE, ""),
            gate_scorers=self.gate_scorers,
        )


def _gate_scorers(bundle: Bundle, host: PluginHost) -> tuple[NamedScorer, ...]:
    """Scorers that the bundle's gate listens to.

    Raises:
        ViewerError: One of them is not installed, or in another version than the gate was made with.
    """
    offers = {offer.thing.name: offer for offer in host.scorers}
    names = () if bundle.gate is None else bundle.gate.scorers
    for name in names:
        if name not in offers or offers[name].thing.version != bundle.versions.get(name):
            raise ViewerError(f"{bundle.path}: its gate was made with {name}, which is not installed in that version")
    return _named(bundle, list(offers.values()), dict.fromkeys(names, 1.0))


def _named(bundle: Bundle, offers: Sequence[Offer[Scorer]], weights: Mapping[str, float]) -> tuple[NamedScorer, ...]:
    """The scorers that carry weight, as a certificate names them."""
    by_name = {offer.thing.name: offer for offer in offers}
    return tuple(
        NamedScorer(
            plugin=by_name[name].plugin,
            name=name,
            version=by_name[name].thing.version,
            state=bundle.state_digest(by_name[name].plugin, name, by_name[name].thing.version),
            weight=weight,
        )
        for name, weight in weights.items()
    )


def _samples(bundle: Bundle, site: Site, say: Say) -> list[Sample]:
    """The site's cases with the bundle's numbers of the classes."""
    table = read_dataset(site.table)
    for note in table.notes:
        say(note)
    table = site.guard.grouped(table, say)
    samples = table.labelled_for(bundle.manifest.classes, site.table.data)
    groups = len(set(table.groups))
    if groups < FEWEST_GROUPS:
        raise ViewerError(
            f"{site.table.data}: {groups} groups are too few to fit and certify; {FEWEST_GROUPS} at least"
        )
    return samples
