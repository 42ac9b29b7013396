"""What explanation costs: every one-pass score and the CAM of one picture against a bare forward of the same network.

Both run on as many threads as the viewer uses. The bare forward gets a ready tensor; the viewer gets a picture,
preprocesses it, captures evidence, asks every scorer under guard and makes the class activation maps. All scorers
are fitted and none may abstain. The viewer folds batch normalisation into the convolutions, torchvision does not;
what the viewer costs above a bare forward of its own folded network stands beside it.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torchvision
from measure import Figure, arguments, interleaved, median_ms, write
from torch import nn

from viewer.api import Labelled, Need
from viewer.domain.bundle import Manifest
from viewer.domain.evidence import State
from viewer.domain.image import Modality
from viewer.domain.result import Failure
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle, write_bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.engine.surroundings import Place, see
from viewer.engine.tensors import network_arrays
from viewer.host import calls
from viewer.host.discovery import PluginHost
from viewer.phantoms.lesion import lesion_phantom
from viewer.session.assessor import Assessor
from viewer.settings import Settings

GOALS = {"resnet50": 1.15, "mobilenet_v2": 1.25, "efficientnet_b0": 1.25}
CLASSES = tuple(f"class {index}" for index in range(8))
SIDE = 224

MAY_BE_SILENT = {
    *("members", "members_disagree", "temporal", "similar", "reliability_svc_per_class", "garbage"),
    *("attention_outside_mask", "mask_area", "mask_plausibility"),
}
"""One network has no members that differ, a still nothing around it, random weights teach not of every class, and
these networks have no output for garbage and draw no masks."""


@dataclass(frozen=True)
class RandomCalibration:
    """Labelled evidence, one lesion to each batch, enough to fit every scorer."""

    engine: Engine
    needs: frozenset[Need]
    batches: int

    def __iter__(self) -> Iterator[Labelled]:
        """Yield batches of eight pictures."""
        for number in range(self.batches):
            stills = [Place.alone(picture) for picture in pictures(8, seed=number + 1)]
            evidence = see(self.engine, stills, self.needs)
            groups = np.array([f"patient {number}-{index}" for index in range(8)])
            yield Labelled(evidence, np.arange(8) % len(CLASSES), groups)

    @property
    def training(self) -> tuple[Labelled, ...]:
        """Nothing was trained."""
        return ()


def pictures(number: int, seed: int) -> list[Picture]:
    """Noisy pictures of one lesion, each new to every cache."""
    random = np.random.default_rng(seed)
    lesion = lesion_phantom(seed, kind="nevus", size=SIDE, hair=False).pixels
    noise = random.integers(0, 12, (number, *lesion.shape), np.uint8)
    return [Picture(np.minimum(lesion, 255 - grain) + grain) for grain in noise]


def bundle_of(architecture: str, folder: Path, states: dict[tuple[str, str], tuple[str, State]]) -> Bundle:
    """A bundle of the named network with random weights and, where given, fitted scorers."""
    torch.manual_seed(0)
    network = Architectures().get(architecture).build(len(CLASSES))
    settle_statistics(network)
    manifest = Manifest(
        name=architecture.replace("_", "-"),
        version="1",
        architecture=architecture,
        classes=CLASSES,
        modality=Modality.OTHER,
        intended_use="Measuring time.",
        licence="Apache-2.0",
        input_size=SIDE,
    )
    weights = network_arrays(network)
    return write_bundle(folder / architecture, manifest, weights, card="Random weights.", states=states)


def settle_statistics(network: nn.Module) -> None:
    """Give BatchNorm the statistics of noise: without, the activations of random weights fade out layer by layer."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = None  # a plain average over the batches
    network.train()
    with torch.no_grad():
        for _ in range(2):
            network(torch.randn(8, 3, SIDE, SIDE))
    network.eval()


def fitted(architecture: str, folder: Path, host: PluginHost, settings: Settings, batches: int) -> Engine:
    """An engine whose bundle holds the state of every scorer."""
    engine = Engine(
        bundle_of(architecture, folder, {}), Architectures(), device="cpu", head_samples=settings.head_samples
    )
    states = {}
    for offer in host.scorers_of_one_model:
        state = calls.fit(host.guard, offer, RandomCalibration(engine, offer.thing.needs, batches))
        if isinstance(state, Failure):
            raise SystemExit(f"{offer.thing.name} could not be fitted: {state.summary}")
        states[offer.plugin, offer.thing.name] = (offer.thing.version, state)
    whole = bundle_of(architecture, folder, states)
    return Engine(whole, Architectures(), device="cpu", head_samples=settings.head_samples)


def everything(assessor: Assessor, shown: Iterator[Picture]) -> Callable[[], None]:
    """Assess and explain the next picture; refuses to measure a scorer that does not answer."""

    def work() -> None:
        picture = next(shown)
        still = Place.alone(picture)
        (assessment,) = assessor.assess([still], Modality.OTHER)
        assessor.explain(still, assessment.predicted)
        silent = {row.name for row in assessment.rows if isinstance(row.result, Failure) or row.result.trust is None}
        silent -= MAY_BE_SILENT
        if silent:
            raise SystemExit(f"these scorers gave no answer: {', '.join(sorted(silent))}")

    return work


def torchvisions(architecture: str) -> nn.Module:
    """The network as torchvision makes it, with random weights."""
    torch.manual_seed(0)
    network: nn.Module = torchvision.models.get_model(architecture, num_classes=len(CLASSES))
    return network.eval()


def bare(network: nn.Module, layout: torch.memory_format) -> Callable[[], None]:
    """A forward pass and nothing else."""
    tensor = torch.rand(1, 3, SIDE, SIDE).contiguous(memory_format=layout)

    def work() -> None:
        with torch.inference_mode():
            network(tensor)

    return work


def measure(architecture: str, host: PluginHost, settings: Settings, *, quick: bool) -> Figure:
    """Time both in turn."""
    with tempfile.TemporaryDirectory() as folder:
        engine = fitted(architecture, Path(folder), host, settings, batches=8 if quick else 16)
        warm_up, repeats = (1, 3) if quick else (10, 100)
        shown = iter(pictures(warm_up + repeats, seed=0))
        network = torchvisions(architecture)
        works = {
            "bare": bare(network, torch.contiguous_format),
            "folded": bare(engine.network, torch.channels_last),
            "viewer": everything(Assessor(engine, host), shown),
        }
        interleaved(works, warm_up)
        seconds = interleaved(works, repeats)
    times = {name: median_ms(values) for name, values in seconds.items()}
    return Figure(
        name=f"all one-pass scores + CAM, batch 1, against a bare forward of {architecture}",
        value=times["viewer"] / times["bare"],
        goal=GOALS[architecture],
        unit="×",
        detail={
            "viewer ms": times["viewer"],
            "bare forward ms": times["bare"],
            "bare forward of the folded network ms": times["folded"],
            "ratio to the folded network": times["viewer"] / times["folded"],
            "scorers": str(len(host.asked(host.scorers_of_one_model))),
            "threads": str(torch.get_num_threads()),
            "repetitions": str(len(seconds["viewer"])),
        },
    )


def main() -> None:
    """Measure every network of the goals."""
    options = arguments(__doc__)
    settings = Settings()
    torch.set_num_threads(max(1, (os.cpu_count() or 2) - 1))
    host = PluginHost(settings)
    host.load()
    names = ["mobilenet_v2"] if options.quick else list(GOALS)
    figures = [measure(name, host, settings, quick=options.quick) for name in names]
    host.close()
    write(figures, options)


if __name__ == "__main__":
    main()
