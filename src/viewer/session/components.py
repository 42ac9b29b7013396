"""What the viewer is made of: itself, the libraries it stands on, the font and the models, each with its licence."""

import platform
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import TYPE_CHECKING

from viewer.domain.errors import BundleRefused

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle

PROGRAM = "reliability-viewer"
UNSAID = "not stated"
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_LONGEST = 240
"""Characters of a licence; some distributions have its whole text where the name belongs."""


@dataclass(frozen=True, slots=True)
class Component:
    """One part.

    Attributes:
        name: As its makers call it.
        version: `""` where it has none.
        licence: Its name or names.
    """

    name: str
    version: str
    licence: str


def program_version() -> str:
    """Version of the viewer; `""` in a source tree that was never installed."""
    found = _found(PROGRAM)
    return found.version if found is not None else ""


def libraries() -> tuple[Component, ...]:
    """Python and every installed distribution that the viewer needs, directly or through another, by name."""
    python = Component("Python", platform.python_version(), "PSF-2.0")
    return (python, *(component_of(found) for found in _needed()))


def models(bundles: "Iterable[Bundle | BundleRefused]") -> tuple[Component, ...]:
    """Every model that can be used."""
    manifests = [bundle.manifest for bundle in bundles if not isinstance(bundle, BundleRefused)]
    return tuple(Component(manifest.name, manifest.version, manifest.licence) for manifest in manifests)


def assets() -> tuple[Component, ...]:
    """What ships with the viewer and is no library."""
    return (
        Component("Inter (font)", "", "OFL-1.1"),
        Component("inferno, viridis (colour maps)", "", "CC0-1.0"),
    )


def component_of(found: Distribution) -> Component:
    """A distribution with the licence it states: as an expression, else in words, else among its classifiers."""
    stated = [words for field in ("License-Expression", "License") for words in found.metadata.get_all(field) or ()]
    classified = [
        words.rpartition(" :: ")[2]
        for words in found.metadata.get_all("Classifier") or ()
        if words.startswith("License :: ") and words.count(" :: ") > 1
    ]
    names = [
        words.strip() for words in stated if words.strip() and len(words) <= _LONGEST and "\n" not in words.strip()
    ]
    return Component(found.metadata["Name"], found.version, (names or [", ".join(classified) or UNSAID])[0])


def _needed() -> Iterator[Distribution]:
    known: dict[str, Distribution] = {}
    waiting = [PROGRAM]
    while waiting:
        found = _found(waiting.pop())
        if found is None or _key(found.metadata["Name"]) in known:
            continue
        known[_key(found.metadata["Name"])] = found
        for requirement in found.requires or ():
            name = _NAME.match(requirement)
            if name is not None and "extra ==" not in requirement:
                waiting.append(name[0])
    yield from (known[key] for key in sorted(known) if key != PROGRAM)


def _found(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:  # for another system, or a source tree that was never installed
        return None


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
