"""What verifying attention costs: all maps and metrics of a frame against a bare forward of ResNet50, in one run.

Counted are the attention of the predicted class from the last convolution, the early map from the first, both on
their grid of 28×28, eight metrics of each beside what is usual, their conformal p-values and the score of each and of
all together. What they are counted on is made up, in ResNet50's shapes at 224 pixels; their time does not depend on
it.
The eight metrics of one pair of maps stand beside those of SciPy and scikit-image.
"""

import os
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
import torchvision
from measure import Figure, arguments, interleaved, median_ms, write
from numpy.typing import NDArray
from scipy import spatial, stats
from skimage.metrics import structural_similarity
from viewer_attention_verification import viewer_scorers
from viewer_attention_verification.early_maps import EarlyMaps
from viewer_attention_verification.maps import gam
from viewer_attention_verification.metrics import METRICS, THRESHOLD

from viewer.api import Evidence, Scorer, State, class_attention
from viewer.engine.capture import channel_mean
from viewer.testing import builders

CLASSES = 8
SIDE = 224
LAST, FIRST = (2048, 7, 7), (64, 112, 112)
"""Outputs of ResNet50's last and first convolution for one picture."""

Map = NDArray[np.float32]


def bare() -> Callable[[], None]:
    """A forward pass of torchvision's ResNet50 and nothing else."""
    torch.manual_seed(0)
    network = torchvision.models.resnet50(num_classes=CLASSES).eval()
    tensor = torch.rand(1, 3, SIDE, SIDE)

    def work() -> None:
        with torch.inference_mode():
            network(tensor)

    return work


def verified(scorers: Sequence[Scorer], states: Sequence[State], frames: int) -> Callable[[], None]:
    """Every map and metric of the next frame."""
    early = EarlyMaps.of(states[0])
    if early is None:
        raise SystemExit("the early maps were not learnt")
    shown = made_up(frames)

    def work() -> None:
        activations, gradients, stem = next(shown)
        maps = channel_mean(stem).numpy()
        logits = np.zeros((1, CLASSES), np.float32)
        evidence = Evidence(
            classes=tuple(f"class_{index}" for index in range(CLASSES)),
            temperature=1.0,
            logits=logits,
            targets=logits.argmax(axis=1),
            attention=class_attention(activations, gradients),
            early=maps,
        )
        for scorer, state in zip(scorers, states, strict=True):
            (score,) = scorer.score(evidence, state)
            if score.trust is None:
                raise SystemExit(f"{scorer.name} gave no answer: {score.note}")
        early.compared(maps)

    return work


def made_up(frames: int) -> Iterator[tuple[Map, Map, torch.Tensor]]:
    """Activations, gradients and the stem's output of so many frames."""
    random = np.random.default_rng(0)
    gradients = random.normal(0, 1, (1, LAST[0], 1, 1)).astype(np.float32)
    stem = torch.from_numpy(random.gamma(2.0, 0.5, (1, *FIRST)).astype(np.float32))
    for _ in range(frames):
        yield random.gamma(1.0, 0.1, (1, *LAST)).astype(np.float32), gradients, stem


def theirs(test: Map, reference: Map) -> list[float]:
    """The eight metrics as one would write them with SciPy and scikit-image."""
    a, b = test.astype(np.float64), reference.astype(np.float64)
    looked, usual = a > THRESHOLD, b > THRESHOLD
    flat_a, flat_b = a.ravel(), b.ravel()
    p, q = flat_a / flat_a.sum() + 1e-8, flat_b / flat_b.sum() + 1e-8
    places = np.arange(len(a))
    return [
        (looked & usual).sum() / (looked | usual).sum(),
        1 - spatial.distance.dice(looked.ravel(), usual.ravel()),
        structural_similarity(a, b, data_range=1.0),  # type: ignore[no-untyped-call]
        1 - spatial.distance.cosine(flat_a, flat_b),
        stats.pearsonr(flat_a, flat_b).statistic,
        stats.entropy(p, q),
        spatial.distance.jensenshannon(flat_a, flat_b, base=2) ** 2,
        sum(stats.wasserstein_distance(places, places, a.sum(axis=x), b.sum(axis=x)) for x in (0, 1)) / 2 / len(a),
    ]


def cost(repeats: int, warm_up: int) -> Figure:
    """All of one frame, as a share of a forward pass."""
    calibration = builders.calibration(40 if repeats < 10 else 200, classes=CLASSES)
    scorers = [scorer for scorer in viewer_scorers({}) if scorer.name.startswith("attention")]
    states = [scorer.fit(calibration) for scorer in scorers]
    works = {"verified": verified(scorers, states, repeats + warm_up), "bare": bare()}
    interleaved(works, warm_up)
    seconds = interleaved(works, repeats)
    spent, forward = median_ms(seconds["verified"]), median_ms(seconds["bare"])
    return Figure(
        name="all attention maps, metrics and p-values of a frame against a bare forward of resnet50",
        value=100 * spent / forward,
        goal=10.0,
        unit="%",
        detail={
            "ms": spent,
            "bare forward ms": forward,
            "calibration pictures": str(len(states[0]["known_values"])),
            "threads": str(torch.get_num_threads()),
            "repetitions": str(repeats),
        },
    )


def beside_peers(repeats: int) -> Figure:
    """Eight metrics of one pair of maps, ours and theirs, which must agree."""
    random = np.random.default_rng(1)
    test, reference = gam(random.gamma(1.0, 1.0, (2, *LAST[1:])))
    ours = [float(metric.function(test, reference)) for metric in METRICS]
    np.testing.assert_allclose(ours, theirs(test, reference), atol=1e-6)
    works: dict[str, Callable[[], object]] = {
        "ours": lambda: [metric.function(test, reference) for metric in METRICS],
        "theirs": lambda: theirs(test, reference),
    }
    interleaved(works, 3)
    seconds = {name: median_ms(values) for name, values in interleaved(works, repeats).items()}
    return Figure(
        name="eight metrics of a pair of 28×28 maps against those of SciPy and scikit-image",
        value=seconds["ours"] / seconds["theirs"],
        goal=1.0,
        unit="×",
        detail={"ms": seconds["ours"], "peers ms": seconds["theirs"], "repetitions": str(repeats)},
    )


def main() -> None:
    """Measure both."""
    options = arguments(__doc__)
    torch.set_num_threads(max(1, (os.cpu_count() or 2) - 1))
    repeats, warm_up = (3, 1) if options.quick else (100, 10)
    write([cost(repeats, warm_up), beside_peers(10 * repeats)], options)


if __name__ == "__main__":
    main()
