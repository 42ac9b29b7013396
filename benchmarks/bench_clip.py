"""What it takes to score a clip without a window, with everything on, against the bare network at batch 8.

The viewer decodes every frame, prepares it, runs the network, asks every scorer and opinion of every plugin, the
frames around among them, judges, and writes the rows and the clip's decision, as `viewer assess` does. Whatever
learns is fitted on generated clips, and no scorer may stay silent. The bare network gets ready tensors of eight
frames and runs on as many threads. It is torchvision's; the viewer's own, with batch normalisation folded into the
convolutions and channels lying last, stands beside it.
"""

import csv
import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import torch
import torchvision
from clip import clip
from measure import Figure, arguments, interleaved, median_ms, write
from torch import nn

from viewer.api import Need, State
from viewer.datasets.sample import Sample
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle, read_bundle, write_bundle
from viewer.engine.engine import Engine
from viewer.host.discovery import PluginHost
from viewer.io.dicom_writer import write_clip
from viewer.phantoms.cohort import ultrasound_cohort
from viewer.resources import shipped_bundles
from viewer.session.batch import Order, Watcher, assess_all
from viewer.session.session import Session
from viewer.settings import Settings
from viewer.training.evidences import Evidences, read_evidence
from viewer.training.fitting import fit_states
from viewer.training.pictures import Reader

GOAL = 1 / 0.7
BATCH = 8
ROWS, COLUMNS = 480, 640
SIDES = (224, 144)
"""Of the network's input: the usual one, and that of the shipped bundle for generated clips."""

MISTAKEN = 0.3
"""Share of the clips that teach the scorers under a wrong class, so that there are mistakes to learn from."""

MAY_BE_SILENT = {
    *("trust_members", "trust_members_disagree", "trust_cam_mask", "trust_similar", "trust_garbage"),
    *("trust_attention_outside_mask", "trust_mask_area", "trust_mask_plausibility"),
}
"""One network has no members that could differ, ultrasound no dark lesion, a frame may have nothing like it, and the
network knows no garbage and draws no masks."""


def fitted(folder: Path, side: int, host: PluginHost, *, quick: bool) -> Bundle:
    """The shipped bundle for generated clips with another size of input, and all that learns fitted to it."""
    shipped = read_bundle(shipped_bundles() / "phantom-clip")
    manifest = replace(shipped.manifest, name=f"side-{side}", input_size=side)

    def made(states: dict[tuple[str, str], tuple[str, State]]) -> Bundle:
        return write_bundle(
            folder / str(side), manifest, shipped.weights(), card="For measuring.", gate=shipped.gate, states=states
        )

    samples, random = [], np.random.default_rng(0)
    for number, phantom in enumerate(ultrasound_cohort(30 if quick else 60, seed=5, clips_per_patient=1, frames=16)):
        path = folder / f"{number}.dcm"
        write_clip(path, [frame.pixels for frame in phantom], modality="US", frame_time_ms=40.0)
        label = manifest.classes.index(phantom.label) + int(random.random() < MISTAKEN)
        samples.append(Sample(path, label % len(manifest.classes), f"patient {number}"))
    needs = frozenset[Need]().union(*(offer.thing.needs for offer in host.fitted))
    engine = Engine(made({}), Architectures(), cache_bytes=0)
    evidences = Evidences(tuple(read_evidence(engine, Reader(5, print), samples, needs)))
    return made(fit_states(host, host.fitted, evidences, print))


def scored(session: Session, bundle: Bundle, path: Path, folder: Path) -> Callable[[], None]:
    """Score the clip into a new table; refuses to measure a scorer that does not answer."""
    watcher = Watcher(lambda note: None, lambda totals, file: None)
    numbers = count()

    def work() -> None:
        out = folder / f"{bundle.manifest.name}-{next(numbers)}.csv"
        totals = assess_all(session, Order(paths=(path,), out=out, bundle=str(bundle.path)), watcher)
        with out.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        silent = {name for row in rows for name, cell in row.items() if name.startswith("trust_") and not cell}
        silent -= MAY_BE_SILENT
        if silent or totals.failed:
            raise SystemExit(f"{totals.failed} frames failed; no answer from {', '.join(sorted(silent)) or 'none'}")

    return work


def bare(network: nn.Module, side: int, layout: torch.memory_format, passes: int) -> Callable[[], None]:
    """Forward passes of eight ready frames, and nothing else."""
    tensor = torch.rand(BATCH, 3, side, side).contiguous(memory_format=layout)

    def work() -> None:
        with torch.inference_mode():
            for _ in range(passes):
                network(tensor)

    return work


def measure(side: int, host: PluginHost, *, quick: bool) -> Figure:
    """Time both in turn."""
    frames, repeats, passes = (40, 1, 3) if quick else (300, 5, 20)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle = fitted(folder, side, host, quick=quick)
        session = Session(Settings(), host, explaining=False)
        own = Engine(bundle, Architectures(), device="cpu").network
        theirs = torchvision.models.mobilenet_v2(num_classes=3).eval()
        works = {
            "viewer": scored(session, bundle, clip(frames, ROWS, COLUMNS), folder),
            "bare": bare(theirs, side, torch.contiguous_format, passes),
            "folded": bare(own, side, torch.channels_last, passes),
        }
        interleaved(works, 1)
        seconds = interleaved(works, repeats)
    viewer_ms = median_ms(seconds["viewer"]) / frames
    bare_ms, folded_ms = (median_ms(seconds[name]) / (passes * BATCH) for name in ("bare", "folded"))
    return Figure(
        name=f"a clip scored with everything on, against the bare mobilenet_v2 at batch 8, {side}×{side}",
        value=viewer_ms / bare_ms,
        goal=GOAL,
        unit="×",
        detail={
            "viewer frames/s": 1e3 / viewer_ms,
            "bare network frames/s": 1e3 / bare_ms,
            "share of the bare network's rate": bare_ms / viewer_ms,
            "folded network frames/s": 1e3 / folded_ms,
            "share of the folded network's rate": folded_ms / viewer_ms,
            "clip": f"{frames} frames of {COLUMNS}×{ROWS}, JPEG in DICOM",
            "scorers": str(len(host.scorers_of_one_model)),
            "opinions": str(len(host.opinions)),
            "threads": str(torch.get_num_threads()),
            "repetitions": str(repeats),
        },
    )


def main() -> None:
    """Measure both sizes."""
    options = arguments(__doc__)
    host = PluginHost(Settings())
    host.load()
    figures = [measure(side, host, quick=options.quick) for side in (SIDES[1:] if options.quick else SIDES)]
    host.close()
    write(figures, options)


if __name__ == "__main__":
    main()
