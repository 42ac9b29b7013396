"""`model.toml` to and from `Manifest`."""

from pathlib import Path

import tomli_w

from viewer.domain.bundle import Manifest, Membership
from viewer.domain.errors import BundleRefused
from viewer.domain.image import Modality
from viewer.engine.bundle.files import MANIFEST
from viewer.engine.bundle.tables import Toml

FORMAT = 1
"""Raised when a bundle written now could no longer be read by an earlier viewer."""


def parse_manifest(path: Path, content: bytes) -> Manifest:
    """Read `model.toml`.

    Raises:
        BundleRefused: A key is missing, unknown or of the wrong kind, or the format is another.
    """
    table = Toml.parsed(path, MANIFEST, content)
    if (number := table.whole("format")) != FORMAT:
        raise table.refusal(f"format {number} is not format {FORMAT}, which this viewer reads")
    network_input, taps = table.table("input"), table.table("taps", {})
    try:
        modality = Modality(word := table.text("modality"))
    except ValueError as error:
        raise table.refusal(f"modality {word!r} is none of {', '.join(Modality)}") from error
    try:
        manifest = Manifest(
            name=table.text("name"),
            version=table.text("version"),
            architecture=table.text("architecture"),
            classes=table.texts("classes"),
            critical_classes=table.texts("critical_classes", []),
            modality=modality,
            intended_use=table.text("intended_use"),
            licence=table.text("licence"),
            demonstration=table.flag("demonstration", default=False),
            auxiliary=table.flag("auxiliary", default=False),
            garbage=table.flag("garbage", default=False),
            mask_shows=table.optional_text("mask_shows"),
            mask_parts=table.optional_whole("mask_parts"),
            input_size=network_input.whole("size"),
            mean=network_input.numbers("mean"),  # type: ignore[arg-type] # Manifest checks the length
            std=network_input.numbers("std"),  # type: ignore[arg-type]
            resize=network_input.text("resize"),  # type: ignore[arg-type] # and the word
            steps=network_input.texts("steps", []),  # type: ignore[arg-type] # and these
            stem=taps.optional_text("stem"),
            middle=taps.optional_text("middle"),
            members=tuple(_membership(name, one) for name, one in table.table("members", {}).all_tables().items()),
        )
    except ValueError as error:
        raise BundleRefused(path, reason=f"{MANIFEST}: {error}") from error
    for part in (table, network_input, taps):
        part.done()
    return manifest


def format_manifest(manifest: Manifest) -> str:
    """Write `model.toml`."""
    members = {member.name: {"weight": member.weight} for member in manifest.members}
    return tomli_w.dumps(
        {
            "format": FORMAT,
            "name": manifest.name,
            "version": manifest.version,
            "architecture": manifest.architecture,
            "classes": list(manifest.classes),
            "critical_classes": list(manifest.critical_classes),
            "modality": manifest.modality.value,
            "intended_use": manifest.intended_use,
            "licence": manifest.licence,
            "demonstration": manifest.demonstration,
            "auxiliary": manifest.auxiliary,
            "garbage": manifest.garbage,
            "mask_shows": manifest.mask_shows,
            "mask_parts": manifest.mask_parts,
            "input": {
                "size": manifest.input_size,
                "mean": list(manifest.mean),
                "std": list(manifest.std),
                "resize": manifest.resize,
                **({"steps": list(manifest.steps)} if manifest.steps else {}),
            },
            "taps": {"stem": manifest.stem, "middle": manifest.middle},
            **({"members": members} if members else {}),
        }
    )


def _membership(name: str, table: Toml) -> Membership:
    member = Membership(name=name, weight=table.number("weight"))
    table.done()
    return member
