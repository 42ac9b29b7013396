"""Reading a bundle: every byte is hashed before it is believed, and nothing in it can run."""

import csv
import hashlib
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from viewer.domain.bundle import Manifest, Membership
from viewer.domain.certificate import Certificate
from viewer.domain.errors import BundleRefused
from viewer.domain.evidence import State
from viewer.domain.gate import Gate
from viewer.engine.bundle.certificate import parse_certificate, refuse_foreign_certificate
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
    Below,
    Files,
    checked_bytes,
    open_files,
    state_file,
    unpickled_bytes,
)
from viewer.engine.bundle.gate import parse_gate
from viewer.engine.bundle.manifest import parse_manifest
from viewer.engine.bundle.tables import Arrays, Toml, parse_arrays

_KEPT = frozenset({MANIFEST, CARD, CALIBRATION, CERTIFICATE, CLIP_CERTIFICATE, DISTRIBUTIONS, GATE})
"""Files small enough to keep; the others are read, and checked again, when they are asked for."""

Group = Literal["fit", "certify"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Bundle:
    """A model, what it was calibrated with, and what scorers learned; immutable and verified.

    Attributes:
        path: Folder or zip.
        manifest: What it says of itself.
        digest: SHA-256 over the names and hashes of all files: changes with any byte.
        card: `CARD.md`.
        temperature: Divides the logits before the softmax; 1.0 where never fitted.
        distributions: Scorer name → float64 (n,), ascending trust values at evenly spaced shares of the fit groups.
        combination: Scorer name → weight ≥ 0 in the combined trust; empty where never fitted.
        combination_note: What fitting these weights came to, one sentence; `""` where never fitted.
        certificate: What is certified of these very weights and scorers for single frames; None where nothing was
            tested.
        clip_certificate: Likewise for whole clips.
        versions: Scorer name → version that made the tables and the gate; empty where never fitted.
        gate: What tells pictures of another kind apart; None where none was fitted.
        members: Bundles that an ensemble is made of, in the order of its manifest; empty where one network answers.
        nbytes: Size of all files.
    """

    path: Path
    manifest: Manifest
    digest: str
    card: str
    temperature: float
    distributions: Mapping[str, NDArray[np.float64]]
    combination: Mapping[str, float]
    combination_note: str
    certificate: Certificate | None
    clip_certificate: Certificate | None
    versions: Mapping[str, str]
    gate: Gate | None
    members: tuple["Bundle", ...]
    nbytes: int
    files: Files = field(repr=False)
    hashes: Mapping[str, str] = field(repr=False)

    @property
    def weights_digest(self) -> str:
        """SHA-256 of the network's weights; of an ensemble, of everything its answer is made of."""
        return self.hashes[WEIGHTS] if not self.members else ensemble_digest(self.manifest.members, self.members)

    def weights(self) -> Arrays:
        """The network's tensors by name, float16 (float32 where float16 overflows), read-only.

        An ensemble has none of its own.

        Raises:
            BundleRefused: They changed since the bundle was opened, are no finite tensors, or lie in members.
        """
        if self.members:
            raise BundleRefused(self.path, reason="it is an ensemble: its members have the weights")
        return self._arrays(WEIGHTS)

    def state(self, plugin: str, scorer: str, version: str) -> State | None:
        """What a scorer learned, or None where it was never fitted, or another version of it was.

        Raises:
            BundleRefused: The stored state is malformed or changed since the bundle was opened.
        """
        about = f"state/{plugin}.{scorer}/state.toml"
        if about not in self.hashes:
            return None
        table = Toml.parsed(self.path, about, self._bytes(about))
        fitted = table.text("version")
        table.done()
        return self._arrays(state_file(plugin, scorer)) if fitted == version else None

    def state_digest(self, plugin: str, scorer: str, version: str) -> str:
        """SHA-256 of what `state` gives this version of a scorer; `""` where it gives nothing."""
        given = self.state(plugin, scorer, version) is not None
        return self.hashes[state_file(plugin, scorer)] if given else ""

    def predictions(self, group: Group) -> tuple[Mapping[str, str], ...]:
        """The model's predictions on the fit or certify groups, one mapping per frame; empty without."""
        return tuple(self.rows(group))

    def rows(self, group: Group) -> Iterator[Mapping[str, str]]:
        """The same one by one: a table may be long."""
        name = f"calibration/{group}.csv"
        if name in self.hashes:
            yield from csv.DictReader(io.TextIOWrapper(io.BytesIO(self._bytes(name)), encoding="utf-8", newline=""))

    def content(self, *, without: Collection[str] = ()) -> Iterator[tuple[str, bytes]]:
        """Every file but the list of hashes, with its path, as it lies there; one at a time, as some are large.

        Args:
            without: Files to leave out.

        Raises:
            BundleRefused: One of them changed since the bundle was opened.
        """
        yield from ((name, self._bytes(name)) for name in self.hashes if name not in without)

    def _arrays(self, name: str) -> Arrays:
        return parse_arrays(self.path, name, self._bytes(name))

    def _bytes(self, name: str) -> bytes:
        return checked_bytes(self.files, self.path, name, self.hashes[name])


def read_bundle(path: Path) -> Bundle:
    """Open a bundle and verify every file of it; the network itself is checked when the engine builds it.

    Args:
        path: A folder, or a zip of one.

    Raises:
        BundleRefused: With one sentence.
    """
    return _read(path, open_files(path))


def ensemble_digest(memberships: Sequence[Membership], members: Sequence[Bundle]) -> str:
    """SHA-256 over name, weight, temperature and weights of every member: changes with any answer of the ensemble."""
    lines = (
        f"{own.name} {own.weight!r} {member.temperature!r} {member.weights_digest}\n"
        for own, member in zip(memberships, members, strict=True)
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _read(path: Path, files: Files) -> Bundle:
    hashes = _hashes(files, path)
    content = {}
    for name, sha256 in hashes.items():
        checked = checked_bytes(files, path, name, sha256)
        if name in _KEPT:
            content[name] = checked
    try:
        card = content[CARD].decode("utf-8")
    except UnicodeDecodeError as error:
        raise BundleRefused(path, reason=f"{CARD} is not UTF-8") from error
    manifest = parse_manifest(path, content[MANIFEST])
    members = _members(path, files, manifest)
    weights = ensemble_digest(manifest.members, members) if members else hashes[WEIGHTS]
    calibration = _calibration(path, content.get(CALIBRATION), weights)
    certificates = _certificates(path, content)
    for certificate in certificates.values():
        refuse_foreign_certificate(
            path,
            certificate,
            manifest,
            weights=weights,
            temperature=calibration.temperature,
            combination=calibration.combination,
            versions=calibration.versions,
            hashes=hashes,
        )
    return Bundle(
        path=path,
        manifest=manifest,
        digest=_digest(hashes),
        card=card,
        temperature=calibration.temperature,
        distributions=_distributions(path, content.get(DISTRIBUTIONS)),
        combination=calibration.combination,
        combination_note=calibration.note,
        certificate=certificates.get(CERTIFICATE),
        clip_certificate=certificates.get(CLIP_CERTIFICATE),
        versions=calibration.versions,
        gate=parse_gate(path, content[GATE]) if GATE in content else None,
        members=members,
        nbytes=sum(files.sizes.values()),
        files=files,
        hashes=hashes,
    )


def _hashes(files: Files, path: Path) -> Mapping[str, str]:
    """`hashes.toml`, which names every other file."""
    of_members = any(name.startswith(MEMBERS) for name in files.sizes)
    for name in (MANIFEST, HASHES, *(() if of_members else (WEIGHTS,)), CARD):
        if name not in files.sizes:
            raise BundleRefused(path, reason=f"it has no {name}, so it is no bundle")
    table = Toml.parsed(path, HASHES, unpickled_bytes(files, path, HASHES))
    listed = table.table("sha256").all_texts()
    table.done()
    for name, sha256 in listed.items():
        if not re.fullmatch("[0-9a-f]{64}", sha256):
            raise table.refusal(f"{name} has no SHA-256")
        if name not in files.sizes:
            raise BundleRefused(path, reason=f"{name} is missing")
    for name in files.sizes:
        if name not in listed and name != HASHES:
            raise BundleRefused(
                path, reason=f"{name} was added after the bundle was made ({HASHES} does not list it)"
            )
    return MappingProxyType(dict(sorted(listed.items())))


def _digest(hashes: Mapping[str, str]) -> str:
    lines = "".join(f"{name} {sha256}\n" for name, sha256 in sorted(hashes.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _members(path: Path, files: Files, manifest: Manifest) -> tuple[Bundle, ...]:
    """The bundles inside an ensemble.

    Raises:
        BundleRefused: One is missing, not named, damaged, for other classes or another kind of picture.
    """
    there = {name.split("/")[1] for name in files.sizes if name.startswith(MEMBERS)}
    named = {member.name for member in manifest.members}
    if there != named or bool(there) == (WEIGHTS in files.sizes):
        strange = ", ".join(sorted(there ^ named)) or WEIGHTS
        raise BundleRefused(path, reason=f"{MANIFEST} and the members that lie in it do not agree on {strange}")
    members = tuple(
        _read(path / MEMBERS / own.name, Below(files, f"{MEMBERS}{own.name}/")) for own in manifest.members
    )
    for member in members:
        if reason := misfit(member.manifest, manifest):
            raise BundleRefused(member.path, reason=reason)
    return members


def misfit(member: Manifest, whole: Manifest) -> str:
    """Why a bundle cannot answer beside others, one sentence; `""` where it can."""
    if member.members:
        return "it is an ensemble itself; name its members instead"
    if member.modality is not whole.modality:
        return f"it is made for {member.modality} pictures, the others for {whole.modality} pictures"
    if set(member.classes) != set(whole.classes):
        strange = sorted(set(member.classes) ^ set(whole.classes))
        return f"its classes are not those of the others, which differ in {', '.join(strange)}"
    return ""


class _Calibration(NamedTuple):
    """What `calibration.toml` holds."""

    temperature: float = 1.0
    combination: Mapping[str, float] = MappingProxyType({})
    note: str = ""
    versions: Mapping[str, str] = MappingProxyType({})


def _calibration(path: Path, content: bytes | None, weights: str) -> _Calibration:
    """Parse `calibration.toml`; refused where it belongs to other network weights."""
    if content is None:
        return _Calibration()
    table = Toml.parsed(path, CALIBRATION, content)
    if table.text("made_for") != weights:
        raise BundleRefused(path, reason="its calibration was made for other weights")
    temperature, combination = table.number("temperature"), table.table("combination", {}).all_numbers()
    note, versions = table.optional_text("combination_note"), table.table("versions", {}).all_texts()
    table.done()
    if not 1e-3 <= temperature <= 1e3:
        raise table.refusal(f"temperature {temperature} is outside 0.001 to 1000")
    if any(weight < 0 for weight in combination.values()):
        raise table.refusal("a weight of the combination is negative")
    return _Calibration(temperature, MappingProxyType(combination), note, MappingProxyType(versions))


def _certificates(path: Path, content: Mapping[str, bytes]) -> dict[str, Certificate]:
    """By file; refused where the one for clips was made with other scorers than the one for frames."""
    found = {
        name: parse_certificate(path, content[name], name)
        for name in (CERTIFICATE, CLIP_CERTIFICATE)
        if name in content
    }
    if len({(certificate.scorers, certificate.gate_scorers) for certificate in found.values()}) > 1:
        raise BundleRefused(path, reason="its certificates for frames and for clips name different scorers")
    return found


def _distributions(path: Path, content: bytes | None) -> Mapping[str, NDArray[np.float64]]:
    if content is None:
        return {}
    arrays = parse_arrays(path, DISTRIBUTIONS, content)
    for name, knots in arrays.items():
        if knots.ndim != 1 or knots.dtype != np.float64 or not knots.size or (np.diff(knots) < 0).any():
            raise BundleRefused(path, reason=f"{DISTRIBUTIONS}: {name} is no ascending list of float64")
    return MappingProxyType(dict(arrays))
