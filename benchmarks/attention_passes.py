"""One pass of a bundle's network over every set of the study of attention, kept so that figures take seconds."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from attention_sets import Shown
from numpy.typing import NDArray

from viewer.domain.evidence import Evidence, Labelled, Need
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle
from viewer.engine.bundle.files import WEIGHTS
from viewer.engine.engine import Engine
from viewer.engine.preprocess import resize

KEPT = ("logits", "features", "middle", "look", "attention", "early", "members", "garbage")
NEEDS = frozenset(Need(name) for name in KEPT)
SATURATION = "saturation"


def collect(bundle: Bundle, name: str, make: Callable[[], Shown], work: Path) -> bool:
    """Run the network over one set, unless that was done before.

    Returns:
        Whether anything was run.
    """
    path = _path(bundle, name, work)
    if path.exists():
        return False
    shown = make()
    faulty = shown.fault.of(bundle) if shown.fault else bundle
    pictures = [shown.fault.shown(p, bundle.manifest) for p in shown.pictures] if shown.fault else shown.pictures
    engine = Engine(faulty, Architectures(), device="cpu", cache_bytes=0)
    evidence = engine.evidence(pictures, NEEDS)
    arrays: dict[str, Any] = {kept: array for kept in KEPT if (array := getattr(evidence, kept)) is not None}
    labels = np.array(shown.labels or [-1] * len(pictures), np.intp)
    saturation = np.array([mean_saturation(resize(picture, bundle.manifest)) for picture in pictures])
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part.npz")
    arrays |= {"labels": labels, "groups": np.array(shown.groups, np.str_), SATURATION: saturation}
    np.savez(unfinished, allow_pickle=False, **arrays)
    unfinished.replace(path)
    return True


def recall(bundle: Bundle, name: str, work: Path) -> tuple[Labelled, NDArray[np.float64]]:
    """What was kept of one set at the bundle's temperature, and the saturation of every picture, float64 (n,)."""
    with np.load(_path(bundle, name, work)) as kept:
        arrays = {key: kept[key] for key in KEPT if key in kept.files}
        labels, groups, saturation = kept["labels"], kept["groups"], kept[SATURATION]
    evidence = Evidence(
        classes=bundle.manifest.classes,
        temperature=bundle.temperature,
        targets=arrays["logits"].argmax(axis=1),
        **arrays,
    )
    return Labelled(
        evidence, labels, groups, clips=np.arange(len(labels)), frames=np.zeros(len(labels), np.intp)
    ), saturation


def mean_saturation(pixels: NDArray[np.uint8]) -> float:
    """Mean of (max − min) / max over the pixels, in [0, 1]: how colourful a picture is, without any network."""
    levels = pixels.astype(np.float64)
    brightest = levels.max(axis=2)
    return float(np.mean((brightest - levels.min(axis=2)) / np.maximum(brightest, 1)))


def _path(bundle: Bundle, name: str, work: Path) -> Path:
    """Of the weights, so that another version of a bundle has sets of its own."""
    return work / bundle.hashes[WEIGHTS][:16] / f"{re.sub(r'[^A-Za-z0-9]+', '-', name).strip('-')}.npz"
