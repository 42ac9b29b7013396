"""What a light rests on, in words: the claim behind it, where the picture stands, and what the claim leaves open."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from viewer.domain.basis import Basis
from viewer.domain.certificate import Certificate, Claim
from viewer.domain.gate import OUTSIDE, TYPICAL
from viewer.domain.percent import floor_percent
from viewer.domain.result import Assessment
from viewer.present.texts import marked, tr
from viewer.present.wording import class_word, of_hundred, percent, percents, sentence

if TYPE_CHECKING:
    from viewer.assessment.verdict import ClipVerdict

NO_CLAIM = marked("Nothing is claimed: the model carries no certificate")
NO_CLIP_CLAIM = marked("Nothing is claimed of whole clips: the model carries no certificate for them")


@dataclass(frozen=True, slots=True)
class Backing:
    """One thing a light rests on.

    Attributes:
        title: A few words.
        words: One or two sentences.
    """

    title: str
    words: str


def frame_backing(assessment: Assessment, basis: Basis) -> tuple[Backing, ...]:
    """What the light of one frame rests on; it names no class as the answer, so that it may be shown at any time."""
    certificate = basis.certificate
    found = [*_claims(certificate, NO_CLAIM, assessment.reason), *_here(certificate, assessment.trust)]
    found.append(Backing(tr("Kind of picture"), sentence(kind_words(assessment.suitability))))
    found.append(Backing(tr("Preparation"), sentence(preparation_words(assessment.fingerprint))))
    if basis.note:
        found.append(Backing(tr("Weights"), sentence(basis.note)))
    return tuple(found)


def clip_backing(verdict: "ClipVerdict", basis: Basis) -> tuple[Backing, ...]:
    """What the light of a whole clip rests on."""
    certificate = basis.clip_certificate
    why = [Backing(tr("Why"), sentence(verdict.reason))] if verdict.reason else []
    return (*why, *_claims(certificate, NO_CLIP_CLAIM, verdict.reason), *_here(certificate, verdict.trust))


def frame_lights_certified(basis: Basis) -> bool:
    """Whether single frames of a clip may carry the colours of the light."""
    certificate = basis.certificate
    return certificate is not None and certificate.certified and certificate.unit == "frame"


def kind_words(suitability: float | None) -> str:
    """Whether a picture is of the kind the model knows, by its p-value."""
    if suitability is None:
        return tr("it cannot be told whether the picture is of the kind the model knows")
    alike = tr("{share} pictures of that kind look at least as unusual").format(share=of_hundred(suitability))
    if suitability < OUTSIDE:
        return tr("unlike those the model knows: {share}").format(share=alike)
    if suitability < TYPICAL:
        return tr("unusual for this model: only {share}").format(share=alike)
    return tr("like those the model knows: {share}").format(share=alike)


def preparation_words(fingerprint: float | None) -> str:
    """Whether a picture was prepared as those the model knows, by its p-value."""
    if fingerprint is None:
        return tr("it cannot be told whether the picture was prepared as those the model knows")
    alike = tr("{share} of those deviate at least as much in brightness, contrast and colour")
    alike = alike.format(share=of_hundred(fingerprint))
    if fingerprint < OUTSIDE:
        return tr("not prepared as the pictures the model knows: {share}").format(share=alike)
    if fingerprint < TYPICAL:
        return tr("hardly prepared as the pictures the model knows: only {share}").format(share=alike)
    return tr("prepared as the pictures the model knows: {share}").format(share=alike)


def _claims(certificate: Certificate | None, without: str, reason: str) -> list[Backing]:
    """What is claimed; the claim itself only where the reason beside the light does not state it already."""
    if certificate is None:
        return [Backing(tr("Claim"), sentence(tr(without)))]
    found = []
    if certificate.claim not in reason:
        found.append(Backing(tr("Green claims") if certificate.green else tr("Claim"), sentence(certificate.claim)))
    if certificate.red is not None:
        found.append(Backing(tr("Red claims"), sentence(_red(certificate, certificate.red))))
    if certificate.green is not None and certificate.critical_classes:
        found.append(Backing(tr("Missed critical cases"), sentence(_missed(certificate))))
    if certificate.green is not None:
        found.append(Backing(tr("Class by class"), sentence(_by_class(certificate))))
    return found


def _red(certificate: Certificate, red: Claim) -> str:
    words = tr(
        "at least half of red answers are wrong, {confidence} confidence "
        "({errors} of {count} were on the groups it was tested on)"
    )
    return words.format(confidence=percent(1 - certificate.delta), errors=red.errors, count=red.decisions)


def _missed(certificate: Certificate) -> str:
    """How many critical cases lie among the green answers for other classes."""
    names = f" {tr('or')} ".join(class_word(name) for name in certificate.critical_classes)
    counted = tr("{cases} of {count} green answers for other classes were {names}").format(
        cases=certificate.missed_cases, count=certificate.benign_green, names=names
    )
    if certificate.missed is None:
        return tr("{counted}; no limit to this share is certified").format(counted=counted)
    limit, confidence = percent(certificate.critical_risk), percent(1 - certificate.delta)
    words = tr("{counted}; at most {limit}, {confidence} confidence")
    return words.format(counted=counted, limit=limit, confidence=confidence)


def _by_class(certificate: Certificate) -> str:
    """For which classes the claim holds on their own."""
    one = tr("{name} ({errors} of {count} green answers wrong)")
    alone = [
        one.format(name=class_word(name), errors=claim.errors, count=claim.decisions)
        for name, claim in certificate.by_class.items()
    ]
    rest = [class_word(name) for name in certificate.classes if name not in certificate.by_class]
    if not alone:
        return tr("the claim holds for green answers together, for no class on its own")
    held = tr("the claim also holds on its own for {names}").format(names=", ".join(alone))
    return tr("{held}; not for {names}").format(held=held, names=", ".join(rest)) if rest else held


def _here(certificate: Certificate | None, trust: float | None) -> list[Backing]:
    """Where the combined trust stands between the certified thresholds."""
    if trust is None:
        return [Backing(tr("Combined trust"), tr("It cannot be told."))]
    if certificate is None or (certificate.green is None and certificate.red is None):
        words = tr("Here {trust}; no threshold is certified.").format(trust=floor_percent(trust))
        return [Backing(tr("Combined trust"), words)]
    places = []
    if certificate.green:
        places.append(tr("green from {trust}").format(trust=percents(certificate.green.threshold, trust)[0]))
    if certificate.red:
        places.append(tr("red up to {trust}").format(trust=percents(certificate.red.threshold, trust)[0]))
    nearest = min((c.threshold for c in (certificate.green, certificate.red) if c), key=lambda t: abs(t - trust))
    words = tr("Here {trust}; {places}.").format(trust=percents(nearest, trust)[1], places=", ".join(places))
    return [Backing(tr("Combined trust"), words)]
