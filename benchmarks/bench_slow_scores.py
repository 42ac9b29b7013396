"""What slow scores cost: a picture assessed with them against the same without, in turn, on one network.

Slow scores ask for attention in mirrored views, each a further pass of the same shape. Pictures of skin lesions are
mirrored in two ways, others in one. Everything else is as in `bench_one_pass`.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import torch
from bench_one_pass import fitted, pictures
from measure import Figure, arguments, interleaved, median_ms, write

from viewer.domain.image import Modality
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.engine.surroundings import Place
from viewer.host.discovery import PluginHost
from viewer.session.assessor import Assessor
from viewer.settings import Settings

ARCHITECTURE = "mobilenet_v2"
VIEWS = {Modality.DERMOSCOPY: 2, Modality.XRAY: 1}
"""Mirrored views of a picture of each kind."""


def assessing(engine: Engine, host: PluginHost, shown: Iterator[Picture]) -> Callable[[], None]:
    """Assess the next picture; refuses to measure slow scorers that do not answer."""
    assessor = Assessor(engine, host, explaining=False)

    def work() -> None:
        (assessment,) = assessor.assess([Place.alone(next(shown))], engine.bundle.manifest.modality)
        silent = [row.name for row in assessment.rows if row.slow and getattr(row.result, "trust", None) is None]
        if silent:
            raise SystemExit(f"these scorers gave no answer: {', '.join(silent)}")

    return work


def measure(engine: Engine, hosts: dict[str, PluginHost], modality: Modality, *, quick: bool) -> Figure:
    """Time both in turn."""
    looking = engine.preparing(replace(engine.bundle.manifest, modality=modality))
    warm_up, repeats = (1, 3) if quick else (10, 100)
    shown = iter(pictures(2 * (warm_up + repeats), seed=0))
    works = {name: assessing(looking, host, shown) for name, host in hosts.items()}
    interleaved(works, warm_up)
    times = {name: median_ms(values) for name, values in interleaved(works, repeats).items()}
    return Figure(
        name=f"assessing with slow scores against without, {VIEWS[modality]} mirrored views, {ARCHITECTURE}",
        value=times["slow"] / times["usual"],
        goal=1.0 + VIEWS[modality],
        unit="×",
        detail={
            "with slow scores ms": times["slow"],
            "without ms": times["usual"],
            "threads": str(torch.get_num_threads()),
            "repetitions": str(repeats),
        },
    )


def main() -> None:
    """Measure both kinds of pictures."""
    options = arguments(__doc__)
    settings = Settings()
    torch.set_num_threads(max(1, (os.cpu_count() or 2) - 1))
    hosts = {"usual": PluginHost(settings), "slow": PluginHost(replace(settings, slow_scores=True))}
    for host in hosts.values():
        host.load()
    with tempfile.TemporaryDirectory() as folder:
        engine = fitted(ARCHITECTURE, Path(folder), hosts["slow"], settings, batches=4 if options.quick else 16)
        figures = [measure(engine, hosts, modality, quick=options.quick) for modality in VIEWS]
    for host in hosts.values():
        host.close()
    write(figures, options)


if __name__ == "__main__":
    main()
