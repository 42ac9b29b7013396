"""The map of similar frames: placing a frame and its path, beside network passes and openTSNE's own embedding.

The explainer is handed what a frame on screen brings with it: its picture, its answer and features, and those of ten
frames around it. It places them on three maps. The peer is one bare pass of MobileNetV2 over one picture, and
openTSNE's partial embedding of the same eleven frames on the same map with its own settings. One thread.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any

import numpy as np
import torch
import torchvision
from measure import Figure, arguments, interleaved, median_ms, p95_ms, write
from numpy.typing import NDArray
from openTSNE import TSNEEmbedding, affinity
from viewer_second_opinion.maps import MOST_FRAMES, SimilarFramesMap

from viewer.domain.evidence import CLIP_OFFSETS, Evidence, Labelled
from viewer.testing import builders

CHANNELS, PER_CLIP = 1280, 10
SIDE, TIMES = 28, 8
"""Of a made-up picture, and by what it is enlarged to the size that MobileNetV2 takes."""
PATH = len(CLIP_OFFSETS)


def enlarged(evidence: Evidence) -> Evidence:
    """The same evidence with its pictures at full size."""
    assert evidence.input is not None  # noqa: S101 - every builder fills it
    return builders.changed(evidence, input=evidence.input.repeat(TIMES, axis=2).repeat(TIMES, axis=3))


@dataclass(frozen=True)
class MadeUp:
    """A labelled stream, enlarged batch by batch."""

    small: builders.Batches
    training: tuple[Labelled, ...] = ()

    def __iter__(self) -> Iterator[Labelled]:
        """Start from the first batch."""
        return (replace(batch, evidence=enlarged(batch.evidence)) for batch in self.small)


def frames_on_screen(number: int) -> list[Evidence]:
    """Frames from the middle of clips."""
    around = [builders.evidence(2, seed=seed, channels=CHANNELS, side=SIDE) for seed in range(number)]
    return [enlarged(evidence)[1] for evidence in around]


def a_pass() -> Callable[[], object]:
    """A forward pass and nothing else."""
    network = torchvision.models.mobilenet_v2().eval()
    picture = torch.rand(1, 3, SIDE * TIMES, SIDE * TIMES)

    def work() -> object:
        with torch.inference_mode():
            return network(picture)

    return work


def bare_embedding(reduced: NDArray[Any], positions: NDArray[Any]) -> Callable[[], object]:
    """OpenTSNE's own way to put eleven frames on a map."""
    known = affinity.PerplexityBasedNN(reduced, perplexity=30, method="exact", n_jobs=1)
    middle = (positions.max(axis=0) + positions.min(axis=0)) / 2
    further = reduced[:PATH] + np.random.default_rng(0).normal(0, 0.1, (PATH, reduced.shape[1]))

    def work() -> object:
        whole = TSNEEmbedding(positions - middle, known, negative_gradient_method="bh", n_jobs=1)
        return whole.transform(further, perplexity=5)

    return work


def measure(frames: int, shown: int, repeats: int) -> list[Figure]:
    """Time all in turn."""
    explainer = SimilarFramesMap()
    state = explainer.fit(MadeUp(builders.calibration(frames // PER_CLIP, PER_CLIP, channels=CHANNELS, side=SIDE)))
    on_screen = cycle(frames_on_screen(shown))
    reduced, positions = (state[f"features_{name}"].astype(np.float64) for name in ("reduced", "positions"))
    works = {
        "explainer": lambda: explainer.explain(next(on_screen), state),
        "pass": a_pass(),
        "openTSNE": bare_embedding(reduced, positions),
    }
    interleaved(works, 2)
    seconds = interleaved(works, repeats)
    times = {name: median_ms(values) for name, values in seconds.items()}
    detail: dict[str, float | str] = {f"{name} p50 ms": value for name, value in times.items()}
    detail |= {"frames on the map": str(len(positions)), "repetitions": str(repeats)}
    return [
        Figure(
            name=f"placing {PATH} frames of a clip on three maps against {PATH} bare passes of MobileNetV2",
            value=times["explainer"] / (PATH * times["pass"]),
            goal=0.25,
            unit="×",
            detail=detail,
        ),
        Figure(
            name=f"placing {PATH} frames on three maps against openTSNE's partial embedding on one",
            value=times["explainer"] / times["openTSNE"],
            goal=0.25,
            unit="×",
            detail=detail,
        ),
        Figure(
            name="maps of one frame on screen, 95th percentile",
            value=p95_ms(seconds["explainer"]),
            goal=50,
            unit="ms",
            detail={"state kB": sum(array.nbytes for array in state.values()) / 1e3, "repetitions": str(repeats)},
        ),
    ]


def main() -> None:
    """Measure."""
    options = arguments(__doc__)
    torch.set_num_threads(1)
    write(measure(60, 2, 2) if options.quick else measure(MOST_FRAMES, 20, 40), options)


if __name__ == "__main__":
    main()
