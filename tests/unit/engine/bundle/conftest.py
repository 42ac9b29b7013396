"""Zips of bundles, and bundles sealed again after a change."""

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import tomli_w


@pytest.fixture
def zipped() -> Callable[..., Path]:
    def pack(folder: Path, target: Path, prefix: str = "") -> Path:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    archive.write(path, prefix + path.relative_to(folder).as_posix())
        return target

    return pack


@pytest.fixture(name="seal")
def sealing() -> Callable[[Path], None]:
    """Record the hashes of what lies in a folder now, as an attacker would; lists of members stay."""

    def seal(folder: Path) -> None:
        files = [path for path in folder.rglob("*") if path.is_file() and path != folder / "hashes.toml"]
        hashes = {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
        }
        (folder / "hashes.toml").write_text(tomli_w.dumps({"sha256": hashes}))

    return seal
