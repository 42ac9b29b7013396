"""What explanation costs: every one-pass score and the CAM of one picture against a bare forward of the same network.

Both run on as many threads as the viewer uses. The bare forward gets a ready tensor; the viewer gets a picture, preprocesses it,
captures evidence, asks every scorer under guard and draws the class activation map. All scorers are fitted, none abstains.
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

from viewer.api import Labelled, Need
from viewer.domain.bundle import Manifest
from viewer.domain.evidence import State
from viewer.domain.image import Modality
from viewer.domain.result import Failure
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle, write_bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.host import calls
from viewer.host.discovery import PluginHost
from viewer.session.assessor import Assessor
from viewer.settings import Settings

GOALS = {"resnet50": 1.15, "mobilenet_v2": 1.25, "efficientnet_b0": 1.25}
CLASSES = tuple(f"class {index}" for index in range(8))
SIDE = 224


@dataclass(frozen=True)
class RandomCalibration:
    """Labelled evidence of random pictures, enough to fit every scorer."""

    engine: Engine
    needs: frozenset[Need]
    batches: int

    def __iter__(self) -> Iterator[Labelled]:
        """Yield batches of eight pictures of eight patients."""
        random = np.random.default_rng(0)
        for number in range(self.batches):
            evidence = self.engine.evidence([picture(random) for _ in range(8)], self.needs)
            groups = np.array([f"patient {number}-{index}" for index in range(8)])
            yield Labelled(evidence, np.arange(8) % len(CLASSES), groups)


def picture(random: np.random.Generator) -> Picture:
    """A picture never seen before, so that no cache helps."""
    return Picture(random.integers(0, 256, (SIDE, SIDE, 3), np.uint8))


def bundle_of(architecture: str, folder: Path, states: dict[tuple[str, str], tuple[str, State]]) -> Bundle:
    """A bundle of the named network with random weights and, where given, fitted scorers."""
    torch.manual_seed(0)
    network = Architectures().get(architecture).build(len(CLASSES))
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
    tensors = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    return write_bundle(folder / architecture, manifest, tensors, card="Random weights.", states=states)


def fitted(architecture: str, folder: Path, host: PluginHost, settings: Settings, batches: int) -> Engine:
    """An engine whose bundle holds the state of every scorer."""
    engine = Engine(bundle_of(architecture, folder, {}), Architectures(), device="cpu", head_samples=settings.head_samples)
    states = {}
    for offer in host.scorers:
        state = calls.fit(host.guard, offer, RandomCalibration(engine, offer.thing.needs, batches))
        if isinstance(state, Failure):
            raise SystemExit(f"{offer.thing.name} could not be fitted: {state.summary}")
        states[offer.plugin, offer.thing.name] = (offer.thing.version, state)
    whole = bundle_of(architecture, folder, states)
    return Engine(whole, Architectures(), device="cpu", head_samples=settings.head_samples)


def everything(assessor: Assessor) -> Callable[[], None]:
    """Assess and explain a new picture; refuses to measure a scorer that did not answer."""
    random = np.random.default_rng(1)

    def work() -> None:
        seen = picture(random)
        (assessment,) = assessor.assess([seen], Modality.OTHER)
        assessor.explain(seen, assessment.predicted)
        silent = [row.name for row in assessment.rows if isinstance(row.result, Failure) or row.result.trust is None]
        if silent:
            raise SystemExit(f"these scorers gave no answer: {', '.join(silent)}")

    return work


def bare(architecture: str) -> Callable[[], None]:
    """A forward pass of torchvision's own network."""
    torch.manual_seed(0)
    network = torchvision.models.get_model(architecture, num_classes=len(CLASSES)).eval()
    tensor = torch.rand(1, 3, SIDE, SIDE)

    def work() -> None:
        with torch.inference_mode():
            network(tensor)

    return work


def measure(architecture: str, host: PluginHost, settings: Settings, *, quick: bool) -> Figure:
    """Time both in turn."""
    with tempfile.TemporaryDirectory() as folder:
        engine = fitted(architecture, Path(folder), host, settings, batches=2 if quick else 12)
    works = {"bare": bare(architecture), "viewer": everything(Assessor(engine, host))}
    interleaved(works, 1 if quick else 10)
    seconds = interleaved(works, 3 if quick else 100)
    times = {name: median_ms(values) for name, values in seconds.items()}
    return Figure(
        name=f"all one-pass scores + CAM, batch 1, against a bare forward of {architecture}",
        value=times["viewer"] / times["bare"],
        goal=GOALS[architecture],
        unit="×",
        detail={
            "viewer ms": times["viewer"],
            "bare forward ms": times["bare"],
            "scorers": str(len(host.scorers)),
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
