"""The traffic light of the final class. Grey is the default; green must be earned."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from viewer.assessment.suitability import Suitability
from viewer.domain.certificate import Certificate, NamedScorer
from viewer.domain.gate import OUTSIDE, TYPICAL
from viewer.domain.image import Modality
from viewer.domain.percent import ceiling_percent, floor_percent
from viewer.domain.result import Failure, Light, Score, ScoreRow

NOT_CERTIFIED = "not certified: nobody has tested how often this model can be relied on"
NO_CLIP_CERTIFICATE = "no certificate for whole clips: this model was tested on single pictures only"
MISFIT = (
    "the picture does not reach the model as it should: its brightness, contrast or colours are met in fewer than 1 "
    "in 100 of the pictures the model was tested on"
)
UNLIKE = (
    "unlike the pictures the model knows, of which fewer than 1 in 100 are as unusual: its answer cannot be relied on"
)
NO_TRUST = "the trust in this answer cannot be told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """A scorer as it is installed here, to be compared with the one a certificate names.

    Attributes:
        plugin: That offers it.
        version: Its own.
        state: SHA-256 of the state it is given; `""` where it is given none.
    """

    plugin: str
    version: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grounds:
    """What holds of every picture that is judged: made once for a model, its plugins and the files that were opened.

    Attributes:
        model: What the model was made for.
        certificate: What is certified of single frames; None where nothing was tested.
        clip_certificate: What is certified of whole clips; None likewise.
        named: Scorers that have to answer: the trust is made of them, or they tell what is unlike.
        changed: What is not as the certificates name it, one sentence each.
        folder: Why the opened files as a whole do not fit the model, one sentence; `""` where they do.
        site: Why the cases seen here as a whole are not like those of the calibration any more, one sentence; `""`
            where they are, or nobody can tell.
    """

    model: Modality
    certificate: Certificate | None = None
    clip_certificate: Certificate | None = None
    named: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    folder: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Findings:
    """What was found out about one picture.

    Attributes:
        picture: What it shows.
        rows: One per scorer that is there.
        trust: Combined trust in [0, 1]; None where nothing can be combined.
        predicted: Name of the model's class.
        final: Name of the class after opinions.
        suited: Whether the picture is of the kind the model knows, and reached it as it should.
    """

    picture: Modality
    rows: Sequence[ScoreRow]
    trust: float | None
    predicted: str
    final: str
    suited: Suitability


def judge(found: Findings, grounds: Grounds) -> tuple[Light, str]:
    """Judge one frame.

    Returns:
        The light and why it has its colour, in one sentence; of several reasons for grey, the gravest first.
    """
    silent = _silent(found.rows, grounds.named)
    kind = of_another_kind(found.picture, grounds.model)
    faults = [
        *grounds.changed,
        *silent,
        *_overruled(found.predicted, found.final),
        *([MISFIT] if is_outside(found.suited.fingerprint) else []),
        *([grounds.folder] if grounds.folder else []),
        *([grounds.site] if grounds.site else []),
        *([] if silent else _untold(found)),
    ]
    if kind or faults:
        return Light.GREY, "; ".join([*kind, *uncertified(grounds.certificate), *faults])
    if is_outside(found.suited.suitability):
        return Light.RED, UNLIKE
    unusual = [] if is_typical(found.suited.suitability, found.suited.fingerprint) else _unusual(found.suited)
    return by_trust(found.trust, found.final, grounds.certificate, unusual)


def by_trust(
    trust: float | None, final: str, certificate: Certificate | None, unusual: Sequence[str]
) -> tuple[Light, str]:
    """The light that the certificate allows where nothing else is wrong.

    Args:
        trust: Combined trust.
        final: Name of the class.
        certificate: What was tested of such decisions.
        unusual: Why the decision may not be green, whatever its trust; empty where it may.
    """
    light = Light.GREY if certificate is None else certificate.judge(trust, final)
    if certificate is None or trust is None or light is Light.GREY:
        return Light.GREY, "; ".join(uncertified(certificate) or [NO_TRUST])
    if light is Light.RED and certificate.red is not None:
        limit = ceiling_percent(certificate.red.threshold)
        return light, (
            f"its trust of {floor_percent(trust)} is at or below {limit}, where at least half of the answers are "
            f"wrong ({_tested(certificate)})"
        )
    if light is Light.GREEN and not unusual:
        return light, certificate.claim
    low = [] if light is Light.GREEN or certificate.green is None else [_too_low(trust, certificate.green.threshold)]
    return Light.AMBER, "; ".join([*low, *unusual])


def of_another_kind(picture: Modality, model: Modality) -> list[str]:
    """Why the model has nothing to say about what the picture shows; empty where it is made for it."""
    if picture is model and picture is not Modality.UNKNOWN:
        return []
    if picture is Modality.UNKNOWN:
        return [f"nobody has said what kind of picture this is, and the model is for {model.value}"]
    shown = "of another kind" if picture is Modality.OTHER else picture.value
    return [f"wrong kind of picture: it is {shown}, the model is for {model.value}"]


def uncertified(certificate: Certificate | None) -> list[str]:
    """Why no such decision can be green: nothing was tested, or what was tested does not allow it."""
    if certificate is None:
        return [NOT_CERTIFIED]
    return [] if certificate.certified else [certificate.claim]


def changes(named: Sequence[NamedScorer], installed: Mapping[str, Installed]) -> tuple[str, ...]:
    """What is installed otherwise than it was tested, one sentence for each scorer; absent ones are left out.

    Args:
        named: As the certificate, or the bundle, names them.
        installed: By scorer name.
    """
    differing = (_change(scorer, installed[scorer.name]) for scorer in named if scorer.name in installed)
    return tuple(sentence for sentence in differing if sentence)


def is_outside(p: float | None) -> bool:
    """Whether a p-value speaks against a picture."""
    return p is not None and p < OUTSIDE


def is_typical(suitability: float | None, fingerprint: float | None) -> bool:
    """Whether a picture may be green, whatever its trust: the rule of the light and of every certificate alike."""
    return suitability is not None and fingerprint is not None and min(suitability, fingerprint) >= TYPICAL


def _silent(rows: Sequence[ScoreRow], named: Sequence[str]) -> list[str]:
    """Scorers that have to answer and did not: not there, failed, or abstained."""
    found = {row.name: row.result for row in rows}
    absent = [name for name in named if name not in found]
    answers = [(name, found[name]) for name in named if name in found]
    failed = [f"{name} ({answer.summary})" for name, answer in answers if isinstance(answer, Failure)]
    abstained = [name for name, answer in answers if isinstance(answer, Score) and answer.trust is None]
    return [
        *([f"not installed or switched off: {', '.join(absent)}"] if absent else []),
        *([f"no answer from {', '.join(failed)}"] if failed else []),
        *([f"abstained: {', '.join(abstained)}"] if abstained else []),
    ]


def _overruled(predicted: str, final: str) -> list[str]:
    """A certificate is about the model's own answers."""
    if predicted == final:
        return []
    return [f"the model's answer {predicted} was changed to {final}, and only the model's own answers were tested"]


def _change(named: NamedScorer, here: Installed) -> str:
    """The first difference between a scorer that is named and the one that is installed; `""` without any."""
    if here.plugin != named.plugin:
        return f"{named.name} comes from the plugin {here.plugin}, it was tested with that of {named.plugin}"
    if here.version != named.version:
        return f"{named.name} is of version {here.version}, it was tested with version {named.version}"
    if here.state != named.state:
        return f"{named.name} has not learned what it was tested with"
    return ""


def _untold(found: Findings) -> list[str]:
    """What cannot be told although every scorer answered."""
    untold = found.suited.suitability is None or found.suited.fingerprint is None
    told = found.trust is not None and math.isfinite(found.trust)
    return [
        *([f"nobody can tell whether the model knows such pictures: {found.suited.reason}"] if untold else []),
        *([] if told else [NO_TRUST]),
    ]


def _unusual(suited: Suitability) -> list[str]:
    """Why a picture may not be green although nothing speaks against it."""
    return [
        *_rare(suited.suitability, "the picture is unusual for the model"),
        *_rare(suited.fingerprint, "its brightness, contrast or colour is unusual"),
    ]


def _rare(p: float | None, what: str) -> list[str]:
    if p is None or p >= TYPICAL:
        return []
    return [
        f"{what}: {floor_percent(p)} of those it was tested on are as unusual, green needs {ceiling_percent(TYPICAL)}"
    ]


def _too_low(trust: float, threshold: float) -> str:
    return f"its trust of {floor_percent(trust)} is below the {ceiling_percent(threshold)} that green needs"


def _tested(certificate: Certificate) -> str:
    return (
        f"{100 * (1 - certificate.delta):.3g} % confidence, n = {certificate.groups} groups, calibrated on "
        f"{certificate.made.isoformat()}"
    )
