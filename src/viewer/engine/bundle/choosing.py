"""Which bundles there are, and which one a run uses."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from viewer.domain.errors import BundleRefused, ViewerError
from viewer.domain.image import Modality
from viewer.engine.bundle.reading import Bundle, read_bundle


def find_bundles(folders: Sequence[Path]) -> tuple[Bundle | BundleRefused, ...]:
    """Read every bundle (a folder or a zip) lying directly in the given folders, in order of name.

    A folder that does not exist holds none; a bundle that is refused appears as its refusal.
    """
    return tuple(_read_or_refusal(path) for folder in folders for path in _candidates(folder))


def choose_bundle(
    bundles: Iterable[Bundle | BundleRefused], *, name: str | None = None, modality: Modality = Modality.UNKNOWN
) -> Bundle:
    """One bundle per run: the named one, else the only one made for the modality.

    One made to serve other models is taken unasked only where no other matches, and one made for demonstration only
    where none of these does either. Of several versions of one name the newest is taken; `name@version` names
    another.

    Raises:
        ViewerError: Nothing or too much matches; the sentence lists the choices.
        BundleRefused: The named bundle is there, and refused.
    """
    found = tuple(bundles)
    usable = tuple(bundle for bundle in found if isinstance(bundle, Bundle))
    if name is not None:
        return _named(found, usable, name)
    matching = [bundle for bundle in usable if bundle.manifest.modality == modality]
    candidates = first_choices(matching)
    if len({bundle.manifest.name for bundle in candidates}) == 1:
        return max(candidates, key=_age)
    several = "more than one model is" if candidates else "no model is"
    raise ViewerError(f"{several} made for {modality} pictures; name one: {choices_of(candidates or usable)}")


def first_choices(bundles: Sequence[Bundle]) -> list[Bundle]:
    """Those a run takes unasked: models in their own right, else those that serve others, else demonstrations."""
    ranks = [(bundle.manifest.demonstration, bundle.manifest.auxiliary) for bundle in bundles]
    return [bundle for bundle, rank in zip(bundles, ranks, strict=True) if rank == min(ranks)]


def choices_of(bundles: Iterable[Bundle | BundleRefused]) -> str:
    """Names and modalities of the usable bundles, for a sentence."""
    usable = (bundle for bundle in bundles if isinstance(bundle, Bundle))
    names = sorted({f"{bundle.manifest.name} ({bundle.manifest.modality})" for bundle in usable})
    return ", ".join(names) or "none installed"


def _named(found: Sequence[Bundle | BundleRefused], usable: Sequence[Bundle], name: str) -> Bundle:
    wanted, _, version = name.partition("@")
    same = [bundle for bundle in usable if bundle.manifest.name == wanted]
    same = [bundle for bundle in same if version in ("", bundle.manifest.version)]
    if same:
        return max(same, key=_age)
    for refusal in found:
        if isinstance(refusal, BundleRefused) and Path(refusal.bundle).stem == wanted:
            raise refusal
    raise ViewerError(f"there is no model {name!r}; there are: {choices_of(usable)}")


def _candidates(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    entries = (path for path in folder.iterdir() if not path.name.startswith("."))
    return sorted(path for path in entries if path.is_dir() or path.suffix.lower() == ".zip")


def _read_or_refusal(path: Path) -> Bundle | BundleRefused:
    try:
        return read_bundle(path)
    except BundleRefused as refusal:
        return refusal


def _age(bundle: Bundle) -> tuple[tuple[int, ...], str]:
    version = bundle.manifest.version
    return tuple(int(number) for number in re.findall(r"\d+", version)), version
