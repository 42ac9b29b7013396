"""What an ensemble of three bundles costs beside its members: time of a pass, and memory at its highest.

EfficientNet B0, MobileNetV2 and ResNet18 with random weights at 224 pixels; two of them are prepared alike and share
the picture. Memory is the highest of a process that loads a model and looks at one picture, less that of one that has
only imported what it takes; every model is measured in a process of its own.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from measure import Figure, arguments, interleaved, median_ms, peak_mb, write

from viewer.domain.bundle import Manifest
from viewer.domain.evidence import Need
from viewer.domain.image import Modality
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import ensemble_manifest, read_bundle, write_bundle
from viewer.engine.opening import open_engine
from viewer.engine.picture import Picture
from viewer.engine.tensors import network_arrays

NETWORKS = ("efficientnet_b0", "mobilenet_v2", "resnet18")
CLASSES = tuple(f"class_{number}" for number in range(8))
NEEDS = frozenset({Need.LOGITS, Need.MEMBERS, Need.FEATURES, Need.LOOK, Need.ATTENTION, Need.EARLY})
TOGETHER = "together"


def made(folder: Path, side: int) -> Mapping[str, Path]:
    """Three bundles, and one of them all, by name."""
    members = []
    for seed, name in enumerate(NETWORKS):
        torch.manual_seed(seed)
        manifest = Manifest(
            name=name.replace("_", "-"),
            version="1",
            architecture=name,
            classes=CLASSES,
            modality=Modality.DERMOSCOPY,
            intended_use="Measuring.",
            licence="CC0-1.0",
            input_size=side,
            resize="crop" if name == NETWORKS[-1] else "squash",
        )
        network = Architectures().get(name).build(len(CLASSES))
        members.append(write_bundle(folder / name, manifest, network_arrays(network), card="# Measuring\n"))
    both = ensemble_manifest(members, TOGETHER)
    whole = write_bundle(folder / TOGETHER, both, members, card="# Measuring\n")
    return {name: member.path for name, member in zip(NETWORKS, members, strict=True)} | {TOGETHER: whole.path}


def picture(side: int) -> Picture:
    """Noise, larger than the input."""
    return Picture(np.random.default_rng(0).integers(0, 256, (3 * side, 4 * side, 3), np.uint8))


def times(paths: Mapping[str, Path], side: int, repeats: int) -> list[Figure]:
    """One pass of the ensemble, with what plugins ask for, beside those of its members."""
    engines = {name: open_engine(read_bundle(path), Architectures(), device="cpu") for name, path in paths.items()}
    seen = picture(side)
    works: dict[str, Callable[[], object]] = {
        name: partial(engine.evidence, [seen], NEEDS) for name, engine in engines.items()
    }
    bare: list[float] = []
    works["bare"] = lambda: bare.append(engines[TOGETHER].bare_pass_s(seen))
    interleaved(works, 2)
    bare.clear()
    seconds = {name: median_ms(values) for name, values in interleaved(works, repeats).items()}
    alone, passes = sum(seconds[name] for name in NETWORKS), median_ms(bare)
    detail: dict[str, float | str] = {
        "ms": seconds[TOGETHER],
        "members alone ms": alone,
        "their bare passes ms": passes,
        "threads": str(torch.get_num_threads()),
        "repetitions": str(repeats),
    }
    told = (("the bare passes of its members", passes, 1.25), ("its members asked one by one", alone, 1.05))
    return [
        Figure(
            name=f"a pass of an ensemble of three, against {words}",
            value=seconds[TOGETHER] / other,
            goal=goal,
            unit="×",
            detail=detail,
        )
        for words, other, goal in told
    ]


def memory(paths: Mapping[str, Path], side: int) -> Figure:
    """The highest memory of the ensemble beside the sum of its members."""
    least = peak_of("", side)
    peaks = {name: peak_of(str(path), side) - least for name, path in paths.items()}
    alone = sum(peaks[name] for name in NETWORKS)
    return Figure(
        name="highest memory of an ensemble of three, against the sum of its members",
        value=peaks[TOGETHER] / alone,
        goal=1.0,
        unit="×",
        detail={"MB": peaks[TOGETHER], "sum of the members MB": alone, "without a model MB": least},
    )


def peak_of(path: str, side: int) -> float:
    """Highest memory in MB of a process that looks at one picture with the model there; `""` for none."""
    finished = subprocess.run([sys.executable, __file__, "--peak", path, str(side)], capture_output=True, check=True)
    return float(finished.stdout)


def look(path: str, side: int) -> None:
    """What that process does."""
    seen = picture(side)
    if path:
        open_engine(read_bundle(Path(path)), Architectures(), device="cpu").evidence([seen], NEEDS)
    print(peak_mb())


def main() -> None:
    """Measure both."""
    options = arguments(__doc__)
    torch.set_num_threads(max(1, (os.cpu_count() or 2) - 1))
    side, repeats = (64, 3) if options.quick else (224, 40)
    with TemporaryDirectory() as folder:
        paths = made(Path(folder), side)
        figures = times(paths, side, repeats)
        if not options.quick:
            figures.append(memory(paths, side))
    write(figures, options)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peak"]:
        look(sys.argv[2], int(sys.argv[3]))
    else:
        main()
