"""What a light rests on apart from the picture: what was tested, compared with what is installed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from viewer.assessment.light import Grounds, Installed, changes
from viewer.domain.basis import Basis
from viewer.domain.certificate import NamedScorer

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle
    from viewer.host.discovery import Offer
    from viewer.protocols import Scorer


def grounds_of(
    bundle: "Bundle", offers: "Iterable[Offer[Scorer]]", weights: Mapping[str, float], gate_scorers: Sequence[str]
) -> Grounds:
    """Compare every scorer that touches the light with the one of that name that is installed.

    Args:
        bundle: The model; that its certificates belong to its weights and states was checked when it was opened.
        offers: Scorers of the loaded plugins.
        weights: In force in the combined trust.
        gate_scorers: Scorers that tell pictures of another kind.
    """
    installed = {
        offer.thing.name: Installed(
            plugin=offer.plugin,
            version=offer.thing.version,
            state=bundle.state_digest(offer.plugin, offer.thing.name, offer.thing.version),
        )
        for offer in offers
    }
    certificate = bundle.certificate or bundle.clip_certificate
    if certificate is None:
        tested = [_of_the_gate(bundle, name, installed[name]) for name in gate_scorers if name in installed]
    else:
        tested = [*certificate.scorers, *certificate.gate_scorers]
    weighted = (name for name, weight in weights.items() if weight > 0)
    return Grounds(
        model=bundle.manifest.modality,
        certificate=bundle.certificate,
        clip_certificate=bundle.clip_certificate,
        named=tuple(dict.fromkeys([*weighted, *gate_scorers])),
        changed=changes(tested, installed),
    )


def basis_of(bundle: "Bundle", weights: Mapping[str, float], gate_scorers: Sequence[str]) -> Basis:
    """What the lights of a model rest on, to be told.

    Args:
        bundle: The model.
        weights: In force in the combined trust.
        gate_scorers: Scorers that tell pictures of another kind.
    """
    return Basis(
        certificate=bundle.certificate,
        clip_certificate=bundle.clip_certificate,
        weights=weights,
        distributions=bundle.distributions,
        note=bundle.combination_note,
        gate_scorers=tuple(gate_scorers),
    )


def _of_the_gate(bundle: "Bundle", name: str, here: Installed) -> NamedScorer:
    """A scorer as it was when the gate was made: without a certificate only its version is known."""
    version = bundle.versions.get(name, "unknown")
    return NamedScorer(plugin=here.plugin, name=name, version=version, state=here.state, weight=1.0)
