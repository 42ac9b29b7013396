"""`viewer bundles`: list the models that are installed, and why others are not."""

import argparse
import json

from viewer.assessment.suitability import why_not
from viewer.domain.bundle import Manifest
from viewer.domain.errors import BundleRefused
from viewer.engine.bundle import Bundle, find_bundles
from viewer.present.preparation import step_words
from viewer.resources import shipped_bundles, user_bundles


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer bundles`."""
    parser = subparsers.add_parser(
        "bundles",
        help="list the models",
        description=f"Lists the shipped models and those in {user_bundles()}; refused ones with the reason.",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Print every bundle; returns the exit status: 0, or 1 when one was refused."""
    found = find_bundles((shipped_bundles(), user_bundles()))
    for bundle in found:
        print(json.dumps(_record(bundle), ensure_ascii=False) if args.json else _paragraph(bundle))
    if not found and not args.json:
        print(f"There are no models; put bundles into {user_bundles()}.")
    return int(any(isinstance(bundle, BundleRefused) for bundle in found))


def _record(bundle: Bundle | BundleRefused) -> dict[str, object]:
    if isinstance(bundle, BundleRefused):
        return {"path": str(bundle.bundle), "error": bundle.reason}
    manifest = bundle.manifest
    return {
        "name": manifest.name,
        "version": manifest.version,
        "architecture": manifest.architecture,
        "members": {own.name: own.weight for own in manifest.members},
        "classes": manifest.classes,
        "modality": manifest.modality,
        "intended_use": manifest.intended_use,
        "licence": manifest.licence,
        "steps": manifest.steps,
        "demonstration": manifest.demonstration,
        "auxiliary": manifest.auxiliary,
        "mask_shows": manifest.mask_shows,
        "mask_parts": manifest.mask_parts,
        "certified": bundle.certificate is not None and bundle.certificate.certified,
        "gate_groups": 0 if bundle.gate is None else bundle.gate.group_count,
        "bytes": bundle.nbytes,
        "path": str(bundle.path),
        "digest": bundle.digest,
    }


def _paragraph(bundle: Bundle | BundleRefused) -> str:
    if isinstance(bundle, BundleRefused):
        return f"REFUSED {bundle.bundle}\n  {bundle.reason}"
    manifest = bundle.manifest
    purpose = ", for demonstration" if manifest.demonstration else ""
    purpose += ", to serve other models" if manifest.auxiliary else ""
    certificate = bundle.certificate
    certified = "certified" if certificate is not None and certificate.certified else "not certified"
    return "\n  ".join(
        (
            f"{manifest.name} {manifest.version}: {manifest.modality}{purpose}, {certified}",
            manifest.intended_use,
            f"classes: {', '.join(manifest.classes)}",
            f"network: {_network(manifest)}, {bundle.nbytes / 1e6:.1f} MB",
            *([f"draws: {manifest.mask_shows}"] if manifest.mask_shows else []),
            f"licence: {manifest.licence}",
            *([f"prepares pictures: {step_words(manifest.steps)}"] if manifest.steps else []),
            f"unsuitable pictures: {_gate(bundle)}",
            *([] if certificate is None else [f"certificate: {certificate.claim}"]),
            f"{bundle.path}",
        )
    )


def _network(manifest: Manifest) -> str:
    members = ", ".join(f"{own.name} ({own.weight:.2f})" for own in manifest.members)
    return f"{manifest.architecture} of {members}" if members else manifest.architecture


def _gate(bundle: Bundle) -> str:
    reason = why_not(bundle.gate)
    groups = 0 if bundle.gate is None else bundle.gate.group_count
    return f"not told apart, {reason}" if reason else f"told apart by {groups} calibration groups"
