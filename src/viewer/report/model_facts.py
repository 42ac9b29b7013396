"""What a reader of a report should know of the models behind it."""

from typing import TYPE_CHECKING

from viewer.domain.certificate import Certificate
from viewer.present.preparation import step_words
from viewer.present.wording import class_word

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle


def model_facts(bundle: "Bundle") -> tuple[tuple[str, str], ...]:
    """What a reader should know of a model, as titles and words."""
    manifest = bundle.manifest
    calibrated = ", ".join(
        f"{name} {weight:.3g}" for name, weight in sorted(bundle.combination.items()) if weight > 0
    )
    return (
        ("Model", f"{manifest.name} {manifest.version}" + (" (demonstration)" if manifest.demonstration else "")),
        ("Made for", manifest.modality.value),
        ("Intended use", manifest.intended_use),
        ("Classes", ", ".join(map(class_word, manifest.classes))),
        ("Must not be missed", ", ".join(map(class_word, manifest.critical_classes)) or "none named"),
        ("Network", f"{manifest.architecture}, {manifest.input_size} × {manifest.input_size} pixels"),
        *([("Prepares pictures", step_words(manifest.steps))] if manifest.steps else []),
        ("Combined trust", calibrated or "never fitted: the softmax probability alone"),
        ("Claimed of single pictures", _claim(bundle.certificate)),
        ("Claimed of whole clips", _claim(bundle.clip_certificate)),
        ("Licence", manifest.licence),
        ("Digest", bundle.digest),
    )


def second_facts(second: "Bundle | None") -> tuple[tuple[str, str], ...]:
    """What a reader should know of a model that is compared with; nothing without one."""
    if second is None:
        return ()
    manifest = second.manifest
    words = f"{manifest.name} {manifest.version}, classes {', '.join(map(class_word, manifest.classes))}"
    return (("Compared with", words), ("Its weights (SHA-256)", second.weights_digest))


def _claim(certificate: Certificate | None) -> str:
    return "nothing was tested" if certificate is None else certificate.claim
