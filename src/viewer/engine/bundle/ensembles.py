"""What an ensemble of bundles says of itself, from what its members say."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from viewer.domain.bundle import ENSEMBLE, MOST_MEMBERS, Manifest, Membership
from viewer.domain.errors import BundleRefused, ViewerError
from viewer.engine.bundle.reading import Bundle, misfit


def ensemble_manifest(
    members: Sequence[Bundle],
    name: str,
    *,
    version: str = "1",
    weights: Sequence[float] | None = None,
    intended_use: str = "",
) -> Manifest:
    """The manifest of an ensemble; order of classes, network input and intended use are those of the first member.

    Args:
        members: Two or more bundles for the same classes and kind of picture.
        name: Of the ensemble.
        version: Of the ensemble.
        weights: Of the members, which sum to 1; None for equal ones.
        intended_use: One sentence; `""` for the first member's.

    Raises:
        BundleRefused: A member cannot answer beside the others.
        ViewerError: The name is none, or there are too few or too many members.
    """
    if not 2 <= len(members) <= MOST_MEMBERS:
        raise ViewerError(f"an ensemble has 2 to {MOST_MEMBERS} members, not {len(members)}")
    first = members[0].manifest
    for member in members:
        if reason := misfit(member.manifest, first):
            raise BundleRefused(Path(member.path), reason=reason)
    manifests = [member.manifest for member in members]
    shares = weights or [1 / len(members)] * len(members)
    critical = {word for manifest in manifests for word in manifest.critical_classes}
    try:
        return replace(
            first,
            name=name,
            version=version,
            architecture=ENSEMBLE,
            critical_classes=tuple(word for word in first.classes if word in critical),
            intended_use=intended_use or first.intended_use,
            licence="; ".join(dict.fromkeys(manifest.licence for manifest in manifests)),
            demonstration=any(manifest.demonstration for manifest in manifests),
            garbage=any(manifest.garbage for manifest in manifests),
            mask_shows=next((manifest.mask_shows for manifest in manifests if manifest.mask_shows), ""),
            mask_parts=0,
            stem="",
            middle="",
            members=tuple(
                Membership(name=own, weight=share) for own, share in zip(_names(manifests), shares, strict=True)
            ),
        )
    except ValueError as error:
        raise ViewerError(f"no such ensemble can be made: {error}") from error


def _names(manifests: Sequence[Manifest]) -> list[str]:
    """A name for each member: its own, with a number where several have it."""
    often = Counter(manifest.name for manifest in manifests)
    seen: Counter[str] = Counter()
    names = []
    for manifest in manifests:
        seen[manifest.name] += 1
        number = f"-{seen[manifest.name]}" if often[manifest.name] > 1 else ""
        names.append(f"{manifest.name[: 64 - len(number)]}{number}")
    return names
