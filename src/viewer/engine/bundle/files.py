"""The files of a bundle, in a folder or a zip, with everything unsafe refused before a byte is interpreted."""

import hashlib
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Protocol

from viewer.domain.errors import BundleRefused

MANIFEST = "model.toml"
HASHES = "hashes.toml"
CARD = "CARD.md"
WEIGHTS = "weights.safetensors"
CALIBRATION = "calibration/calibration.toml"
DISTRIBUTIONS = "calibration/distributions.safetensors"
CERTIFICATE = "calibration/certificate.toml"
CLIP_CERTIFICATE = "calibration/certificate-clip.toml"
GATE = "calibration/gate.safetensors"
MEMBERS = "members/"


def state_file(plugin: str, name: str) -> str:
    """Where the arrays that a scorer or an opinion learned lie."""
    return f"state/{plugin}.{name}/state.safetensors"


LARGEST_WEIGHTS = 2 * 1024**3
"""Bytes; VGG16's float16 weights take 0.27 GB."""

LARGEST_OTHER = 64 * 1024**2
"""Bytes of any other arrays or table."""

LARGEST_TEXT = 1024**2
"""Bytes of TOML or Markdown."""

LARGEST_TOTAL = LARGEST_WEIGHTS + 512 * 1024**2

MOST_FILES = 500

MOST_SWOLLEN = 200
"""Uncompressed by compressed size of a zip member; weights and tables stay far below."""

_PARTS = re.compile(
    r"(members/[a-z0-9][a-z0-9._-]{0,63}/)?"
    r"(model\.toml|hashes\.toml|CARD\.md|weights\.safetensors"
    r"|calibration/((calibration|certificate|certificate-clip)\.toml|(distributions|gate)\.safetensors|(fit|certify)\.csv)"
    r"|state/[A-Za-z0-9][A-Za-z0-9_-]*\.[a-z][a-z0-9_]*/(state\.toml|state\.safetensors))"
)
_LEFT_BY_DESKTOPS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_PICKLE_SUFFIXES = frozenset({".pkl", ".pickle", ".pth", ".pt", ".ckpt", ".npy", ".npz", ".joblib", ".bin"})
_PICKLE_OPENINGS = (b"PK\x03\x04", b"\x93NUMPY", *(bytes([0x80, protocol]) for protocol in range(1, 6)))
"""How torch's zip files, numpy's arrays and pickles of protocol 1 to 5 begin."""


class Files(Protocol):
    """Named bytes."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """Bytes of every file by its path inside the bundle."""
        ...

    def read(self, name: str) -> bytes:
        """All bytes of one file.

        Raises:
            BundleRefused: It cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class Below:
    """The files of a folder inside a bundle, as a bundle's own.

    Attributes:
        files: Of the bundle around it.
        folder: With its slash.
    """

    files: Files
    folder: str

    @property
    def sizes(self) -> Mapping[str, int]:
        """Bytes of every file by its path inside the folder."""
        inside = ((name, size) for name, size in self.files.sizes.items() if name.startswith(self.folder))
        return MappingProxyType({name.removeprefix(self.folder): size for name, size in inside})

    def read(self, name: str) -> bytes:
        """All bytes of one file; refused as the bundle around it would refuse."""
        return self.files.read(self.folder + name)


def open_files(path: Path) -> Files:
    """List a bundle's files without reading them.

    Raises:
        BundleRefused: No bundle is there, a path leads outside it, a file is no part of a bundle, or it is too large.
    """
    try:
        return _Folder.listed(path) if path.is_dir() else _Zip.listed(path)
    except OSError as error:
        raise BundleRefused(path, reason=f"it cannot be read ({error.strerror or error})") from error


def checked_bytes(files: Files, path: Path, name: str, sha256: str) -> bytes:
    """Read one file and refuse it where it begins like a pickle or its SHA-256 is not the one recorded."""
    content = unpickled_bytes(files, path, name)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise BundleRefused(path, reason=f"{name} was changed after the bundle was made (its hash does not match)")
    return content


def unpickled_bytes(files: Files, path: Path, name: str) -> bytes:
    """Read one file and refuse it where it begins like a pickle."""
    content = files.read(name)
    if content.startswith(_PICKLE_OPENINGS) and not _is_safetensors(content):
        raise _pickle(path, name)
    return content


def _is_safetensors(content: bytes) -> bool:
    """Whether bytes begin with the length of a header and the header: some lengths begin like a pickle."""
    return content[8:9] == b"{" and int.from_bytes(content[:8], "little") <= len(content) - 8


@dataclass(frozen=True, slots=True)
class _Folder:
    root: Path
    sizes: Mapping[str, int]

    @classmethod
    def listed(cls, root: Path) -> "_Folder":
        """List a folder, going into no link."""
        return cls(root, _checked_sizes(root, _walked(root, root)))

    def read(self, name: str) -> bytes:
        try:
            return (self.root / name).read_bytes()
        except OSError as error:
            raise BundleRefused(self.root, reason=f"{name} cannot be read ({error.strerror})") from error


@dataclass(frozen=True, slots=True)
class _Zip:
    path: Path
    prefix: str
    sizes: Mapping[str, int]

    @classmethod
    def listed(cls, path: Path) -> "_Zip":
        """List a zip whose members lie at the top or all in one folder."""
        try:
            with zipfile.ZipFile(path) as archive:
                members = [member for member in archive.infolist() if not _is_clutter(member.filename)]
        except (zipfile.BadZipFile, ValueError) as error:
            raise BundleRefused(path, reason="it is neither a folder nor a zip") from error
        for member in members:
            _check_member(path, member)
        files = [member for member in members if not member.is_dir()]
        prefix = _shared_folder([member.filename for member in files])
        listing = ((member.filename.removeprefix(prefix), member.file_size) for member in files)
        return cls(path, prefix, _checked_sizes(path, listing))

    def read(self, name: str) -> bytes:
        try:
            with zipfile.ZipFile(self.path) as archive:
                return archive.read(self.prefix + name)
        except (
            OSError,
            KeyError,
            ValueError,
            RuntimeError,
            EOFError,
            zipfile.BadZipFile,
            zlib.error,
        ) as error:
            raise BundleRefused(self.path, reason=f"{name} cannot be unpacked") from error


def _walked(root: Path, folder: Path) -> Iterator[tuple[str, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = Path(entry.path).relative_to(root).as_posix()
            if entry.is_symlink() or not (entry.is_dir() or entry.is_file()):
                raise BundleRefused(root, reason=f"{name} leads to a path outside the bundle")
            if entry.is_dir():
                yield from _walked(root, Path(entry.path))
            elif entry.name not in _LEFT_BY_DESKTOPS:
                yield name, entry.stat().st_size


def _check_member(path: Path, member: zipfile.ZipInfo) -> None:
    name = member.filename
    # orig_filename keeps what ZipInfo tidies away: NUL bytes and the other system's separators.
    inside = PurePosixPath(name)
    if "\\" in member.orig_filename or ":" in name or inside.is_absolute() or ".." in inside.parts:
        raise BundleRefused(path, reason=f"{name} leads to a path outside the bundle")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise BundleRefused(path, reason=f"{name} is a link, which may lead outside the bundle")
    if member.flag_bits & 1:
        raise BundleRefused(path, reason=f"{name} is encrypted")
    if member.file_size > MOST_SWOLLEN * max(member.compress_size, 1024):
        raise BundleRefused(path, reason=f"{name} would unpack to {member.file_size} bytes, suspiciously many")


def _checked_sizes(path: Path, listing: Iterator[tuple[str, int]]) -> Mapping[str, int]:
    sizes: dict[str, int] = {}
    for name, size in listing:
        if name in sizes:
            raise BundleRefused(path, reason=f"it holds {name} twice")
        if PurePosixPath(name).suffix.lower() in _PICKLE_SUFFIXES:
            raise _pickle(path, name)
        if not _PARTS.fullmatch(name):
            raise BundleRefused(path, reason=f"{name} is no part of a bundle")
        if size > _largest(name):
            raise BundleRefused(path, reason=f"{name} holds {size} bytes, more than a bundle may")
        sizes[name] = size
        if len(sizes) > MOST_FILES or sum(sizes.values()) > LARGEST_TOTAL:
            raise BundleRefused(path, reason="it holds more or larger files than a bundle may")
    return MappingProxyType(sizes)


def _largest(name: str) -> int:
    if PurePosixPath(name).name == WEIGHTS:
        return LARGEST_WEIGHTS
    return LARGEST_TEXT if name.endswith((".toml", ".md")) else LARGEST_OTHER


def _pickle(path: Path, name: str) -> BundleRefused:
    return BundleRefused(path, reason=f"{name} is a pickle or an archive, which could run code")


def _is_clutter(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(name).name in _LEFT_BY_DESKTOPS


def _shared_folder(names: list[str]) -> str:
    """The one folder everything lies in, with its slash, as when a folder itself was zipped; else nothing."""
    if MANIFEST in names:
        return ""
    tops = {name.split("/", 1)[0] for name in names if "/" in name}
    return f"{tops.pop()}/" if len(tops) == 1 and all("/" in name for name in names) else ""
