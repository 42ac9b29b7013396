"""Writing a bundle: the folder appears whole or not at all."""

import csv
import hashlib
import io
import shutil
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
import tomli_w
from numpy.typing import NDArray

from viewer.domain.bundle import Manifest
from viewer.domain.certificate import Certificate
from viewer.domain.errors import BundleRefused
from viewer.domain.evidence import State
from viewer.domain.gate import Gate
from viewer.engine.bundle.certificate import format_certificate
from viewer.engine.bundle.files import (
    CALIBRATION,
    CARD,
    CERTIFICATE,
    CLIP_CERTIFICATE,
    DISTRIBUTIONS,
    GATE,
    HASHES,
    MANIFEST,
    MEMBERS,
    WEIGHTS,
)
from viewer.engine.bundle.gate import gate_arrays
from viewer.engine.bundle.manifest import format_manifest
from viewer.engine.bundle.reading import Bundle, Group, ensemble_digest, read_bundle
from viewer.engine.bundle.tables import Arrays

Predictions = Mapping[Group, Sequence[Mapping[str, object]]]
"""Rows of the fit and certify tables, each with the same columns."""

ANSWERS = (MANIFEST, WEIGHTS, CARD, CALIBRATION)
"""Files of a bundle that it needs to answer as a member of an ensemble; the others judge it alone."""

_LARGEST_HALF = float(np.finfo(np.float16).max)


def write_bundle(
    folder: Path,
    manifest: Manifest,
    network: Arrays | Sequence[Bundle],
    *,
    card: str,
    temperature: float = 1.0,
    distributions: Mapping[str, NDArray[np.float64]] | None = None,
    combination: Mapping[str, float] | None = None,
    states: Mapping[tuple[str, str], tuple[str, State]] | None = None,
    versions: Mapping[str, str] | None = None,
    gate: Gate | None = None,
    predictions: Predictions | None = None,
) -> Bundle:
    """Write a bundle and read it back, so that nothing is written that would be refused.

    Args:
        folder: Where; a bundle already there is replaced, anything else is left alone.
        manifest: Content of `model.toml`.
        network: The network's tensors by name; floats are stored as float16 where they fit. Of an ensemble, its
            members in the order of the manifest: of each is kept what it needs to answer.
        card: `CARD.md`.
        temperature: Divides the logits before the softmax.
        distributions: Scorer name → ascending trust values on the fit groups.
        combination: Scorer name → weight.
        states: (plugin, scorer) → (version, what its `fit` returned).
        versions: Scorer name → version that made the tables and the gate.
        gate: What tells pictures of another kind apart.
        predictions: Tables of the fit and certify groups.

    Returns:
        The bundle as read back.

    Raises:
        BundleRefused: What was given is no bundle, or something that is no bundle lies there already.
    """
    if isinstance(network, Mapping):
        weights = _packed(folder, WEIGHTS, {name: _half(array) for name, array in network.items()})
        answering, made_for = {WEIGHTS: weights}, hashlib.sha256(weights).hexdigest()
    else:
        answering, made_for = _members(manifest, network), ensemble_digest(manifest.members, network)
    content = {
        MANIFEST: format_manifest(manifest).encode(),
        **answering,
        CARD: card.encode(),
        CALIBRATION: _calibration(made_for, temperature, combination or {}, "", versions or {}),
        DISTRIBUTIONS: _packed(
            folder, DISTRIBUTIONS, {n: np.asarray(a, np.float64) for n, a in (distributions or {}).items()}
        ),
    }
    if gate is not None:
        content[GATE] = _packed(folder, GATE, gate_arrays(gate))
    for (plugin, scorer), (version, state) in (states or {}).items():
        place = f"state/{plugin}.{scorer}"
        content[f"{place}/state.toml"] = tomli_w.dumps({"version": version}).encode()
        content[f"{place}/state.safetensors"] = _packed(folder, place, state)
    for group, rows in (predictions or {}).items():
        content[f"calibration/{group}.csv"] = _csv(rows)
    return _placed(folder, content.items())


def rewrite_bundle(
    bundle: Bundle,
    folder: Path,
    *,
    card: str,
    combination: Mapping[str, float],
    combination_note: str,
    certificate: Certificate | None = None,
    clip_certificate: Certificate | None = None,
) -> Bundle:
    """Write the same bundle with another combination and certificate; all else stays as it is, byte for byte.

    Args:
        bundle: The original, which may lie in `folder` itself.
        folder: Where; a bundle already there is replaced, anything else is left alone.
        card: `CARD.md`.
        combination: Scorer name → weight.
        combination_note: What fitting them came to, one sentence.
        certificate: Made for this combination; the original's is dropped in any case.
        clip_certificate: Likewise, for whole clips.

    Raises:
        BundleRefused: The certificate was made for something else, or something that is no bundle lies there.
    """
    calibration = _calibration(
        bundle.weights_digest, bundle.temperature, combination, combination_note, bundle.versions
    )
    certificates = {CERTIFICATE: certificate, CLIP_CERTIFICATE: clip_certificate}
    new = {CARD: card.encode(), CALIBRATION: calibration}
    new |= {name: format_certificate(made) for name, made in certificates.items() if made is not None}
    return _placed(folder, chain(new.items(), bundle.content(without={*new, *certificates})))


def _calibration(
    made_for: str, temperature: float, combination: Mapping[str, float], note: str, versions: Mapping[str, str]
) -> bytes:
    table: dict[str, Any] = {"made_for": made_for, "temperature": float(temperature)}
    if note:
        table["combination_note"] = note
    table["combination"] = {name: float(weight) for name, weight in combination.items()}
    table["versions"] = dict(versions)
    return tomli_w.dumps(table).encode()


def _members(manifest: Manifest, members: Sequence[Bundle]) -> dict[str, bytes]:
    """The files of every member, byte for byte, each in its folder with its own list of hashes."""
    content: dict[str, bytes] = {}
    for own, member in zip(manifest.members, members, strict=True):
        kept = dict(member.content(without=member.hashes.keys() - set(ANSWERS)))
        kept[HASHES] = _listed({name: hashlib.sha256(data).hexdigest() for name, data in kept.items()})
        content |= {f"{MEMBERS}{own.name}/{name}": data for name, data in kept.items()}
    return content


def _listed(hashes: Mapping[str, str]) -> bytes:
    """`hashes.toml`."""
    return tomli_w.dumps({"sha256": dict(sorted(hashes.items()))}).encode()


def _placed(folder: Path, content: Iterable[tuple[str, bytes]]) -> Bundle:
    """Write beside the target, add the hashes, check, then swap."""
    if folder.exists() and not _is_replaceable(folder):
        raise BundleRefused(folder, reason="something that is no bundle lies there already")
    draft = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    hashes: dict[str, str] = {}
    try:
        for name, data in content:
            file = draft / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
            hashes[name] = hashlib.sha256(data).hexdigest()
        (draft / HASHES).write_bytes(_listed(hashes))
        read_bundle(draft)
    except BundleRefused as refusal:
        shutil.rmtree(draft, ignore_errors=True)
        raise BundleRefused(folder, reason=refusal.reason) from refusal
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    draft.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return read_bundle(folder)


def _is_replaceable(folder: Path) -> bool:
    """An empty folder, or one with a bundle's two marks."""
    return folder.is_dir() and (
        all((folder / mark).is_file() for mark in (MANIFEST, HASHES)) or not any(folder.iterdir())
    )


def _half(array: NDArray[Any]) -> NDArray[Any]:
    """float16, except for numbers it cannot hold: running variances of an untamed network, for one."""
    if array.dtype.kind != "f" or (array.size and np.abs(array).max() > _LARGEST_HALF):
        return array
    return array.astype(np.float16)


def _packed(folder: Path, name: str, arrays: Arrays) -> bytes:
    try:
        plain = {key: np.array(array, order="C") for key, array in arrays.items()}
        return safetensors.numpy.save(plain)
    except (safetensors.SafetensorError, KeyError, TypeError, ValueError) as error:
        raise BundleRefused(folder, reason=f"{name} holds an array that is not made of plain numbers") from error


def _csv(rows: Sequence[Mapping[str, object]]) -> bytes:
    text = io.StringIO(newline="")
    if rows:
        writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return text.getvalue().encode()
