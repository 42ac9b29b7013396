"""What a light rests on, in words: the claim behind it, where the picture stands, and what the claim leaves open."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from viewer.domain.basis import Basis
from viewer.domain.certificate import Certificate, Claim
from viewer.domain.gate import OUTSIDE, TYPICAL
from viewer.domain.percent import floor_percent
from viewer.domain.result import Assessment
from viewer.present.wording import class_word, of_hundred, percent, percents, sentence

if TYPE_CHECKING:
    from viewer.assessment.verdict import ClipVerdict

NO_CLAIM = "Nothing is claimed: the model carries no certificate"
NO_CLIP_CLAIM = "Nothing is claimed of whole clips: the model carries no certificate for them"


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
    found.append(Backing("Kind of picture", sentence(kind_words(assessment.suitability))))
    found.append(Backing("Preparation", sentence(preparation_words(assessment.fingerprint))))
    if basis.note:
        found.append(Backing("Weights", sentence(basis.note)))
    return tuple(found)


def clip_backing(verdict: "ClipVerdict", basis: Basis) -> tuple[Backing, ...]:
    """What the light of a whole clip rests on."""
    certificate = basis.clip_certificate
    why = [Backing("Why", sentence(verdict.reason))] if verdict.reason else []
    return (*why, *_claims(certificate, NO_CLIP_CLAIM, verdict.reason), *_here(certificate, verdict.trust))


def frame_lights_certified(basis: Basis) -> bool:
    """Whether single frames of a clip may carry the colours of the light."""
    certificate = basis.certificate
    return certificate is not None and certificate.certified and certificate.unit == "frame"


def kind_words(suitability: float | None) -> str:
    """Whether a picture is of the kind the model knows, by its p-value."""
    if suitability is None:
        return "it cannot be told whether the picture is of the kind the model knows"
    alike = f"{of_hundred(suitability)} pictures of that kind look at least as unusual"
    if suitability < OUTSIDE:
        return f"unlike those the model knows: {alike}"
    if suitability < TYPICAL:
        return f"unusual for this model: only {alike}"
    return f"like those the model knows: {alike}"


def preparation_words(fingerprint: float | None) -> str:
    """Whether a picture was prepared as those the model knows, by its p-value."""
    if fingerprint is None:
        return "it cannot be told whether the picture was prepared as those the model knows"
    alike = f"{of_hundred(fingerprint)} of those deviate at least as much in brightness, contrast and colour"
    if fingerprint < OUTSIDE:
        return f"not prepared as the pictures the model knows: {alike}"
    if fingerprint < TYPICAL:
        return f"hardly prepared as the pictures the model knows: only {alike}"
    return f"prepared as the pictures the model knows: {alike}"


def _claims(certificate: Certificate | None, without: str, reason: str) -> list[Backing]:
    """What is claimed; the claim itself only where the reason beside the light does not state it already."""
    if certificate is None:
        return [Backing("Claim", sentence(without))]
    found = []
    if certificate.claim not in reason:
        found.append(Backing("Green claims" if certificate.green else "Claim", sentence(certificate.claim)))
    if certificate.red is not None:
        found.append(Backing("Red claims", sentence(_red(certificate, certificate.red))))
    if certificate.green is not None and certificate.critical_classes:
        found.append(Backing("Missed critical cases", sentence(_missed(certificate))))
    if certificate.green is not None:
        found.append(Backing("Class by class", sentence(_by_class(certificate))))
    return found


def _red(certificate: Certificate, red: Claim) -> str:
    counted = f"{red.errors} of {red.decisions} were on the groups it was tested on"
    return f"at least half of red answers are wrong, {percent(1 - certificate.delta)} confidence ({counted})"


def _missed(certificate: Certificate) -> str:
    """How many critical cases lie among the green answers for other classes."""
    names = " or ".join(class_word(name) for name in certificate.critical_classes)
    counted = f"{certificate.missed_cases} of {certificate.benign_green} green answers for other classes were {names}"
    if certificate.missed is None:
        return f"{counted}; no limit to this share is certified"
    return f"{counted}; at most {percent(certificate.critical_risk)}, {percent(1 - certificate.delta)} confidence"


def _by_class(certificate: Certificate) -> str:
    """For which classes the claim holds on their own."""
    alone = [
        f"{class_word(name)} ({claim.errors} of {claim.decisions} green answers wrong)"
        for name, claim in certificate.by_class.items()
    ]
    rest = [class_word(name) for name in certificate.classes if name not in certificate.by_class]
    if not alone:
        return "the claim holds for green answers together, for no class on its own"
    held = f"the claim also holds on its own for {', '.join(alone)}"
    return f"{held}; not for {', '.join(rest)}" if rest else held


def _here(certificate: Certificate | None, trust: float | None) -> list[Backing]:
    """Where the combined trust stands between the certified thresholds."""
    if trust is None:
        return [Backing("Combined trust", "It cannot be told.")]
    if certificate is None or (certificate.green is None and certificate.red is None):
        return [Backing("Combined trust", f"Here {floor_percent(trust)}; no threshold is certified.")]
    green = [f"green from {percents(certificate.green.threshold, trust)[0]}"] if certificate.green else []
    red = [f"red up to {percents(certificate.red.threshold, trust)[0]}"] if certificate.red else []
    nearest = min((c.threshold for c in (certificate.green, certificate.red) if c), key=lambda t: abs(t - trust))
    return [Backing("Combined trust", f"Here {percents(nearest, trust)[1]}; {', '.join(green + red)}.")]
