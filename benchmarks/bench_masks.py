"""What a mask costs beside drawing it: its scores, and its panels and line, against a bare forward of ResNet50.

Counted are the facts of a mask of 256×256, the attention inside it, the three scores with their p-values; then both
panels, and the outline traced and drawn over a picture of a report. Masks and attention are made up; their time does
not depend on what they show.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import torch
from bench_attention import bare
from measure import Figure, arguments, interleaved, median_ms, write
from viewer_segmentation_cam import viewer_scorers
from viewer_segmentation_cam.explainers import AttentionAndMask, MaskExplainer
from viewer_segmentation_cam.scorers import MaskPlausibility

from viewer.api import Evidence, Outline
from viewer.domain.bundle import FieldOfView
from viewer.present.outlines import outlined, traced
from viewer.testing import builders

SIDE, CELLS = 256, 8
PICTURE = (320, 320, 3)
WHOLE = FieldOfView(left=0, top=0, right=1, bottom=1)


def made_up(frames: int) -> Iterator[Evidence]:
    """So many frames with two lungs, each mask an array of its own, as a pass leaves it."""
    random = np.random.default_rng(0)
    plain = builders.evidence(1)
    down, across = (np.mgrid[:SIDE, :SIDE] + 0.5) / SIDE
    for _ in range(frames):
        lungs = np.zeros((SIDE, SIDE))
        for middle in np.array([0.3, 0.72]) + random.normal(0, 0.02, 2):
            lungs += 1 / (1 + np.exp(40 * (np.hypot((across - middle) * 1.6, down - 0.5) - 0.28)))
        mask = (lungs + random.normal(0, 0.02, lungs.shape)).clip(0, 1).astype(np.float32)[None]
        attention = random.normal(0, 1, (1, CELLS, CELLS)).astype(np.float32)
        yield replace(plain, mask=mask, attention=attention)


def scored(frames: int, groups: int) -> Callable[[], None]:
    """Every score of the next frame."""
    calibration = builders.calibration(groups)
    scorers = [(scorer, scorer.fit(calibration)) for scorer in viewer_scorers({})]
    shown = made_up(frames)

    def work() -> None:
        evidence = next(shown)
        for scorer, state in scorers:
            scorer.score(evidence, state)

    return work


def explained(frames: int, groups: int) -> Callable[[], None]:
    """Both panels of the next frame, and its outline in window and report."""
    calibration = builders.calibration(groups)
    known = MaskPlausibility().fit(calibration)
    state = {f"{MaskPlausibility.name}.{key}": array for key, array in known.items()}
    panels = MaskExplainer(), AttentionAndMask()
    shown = made_up(frames)
    picture = np.full(PICTURE, 100, np.uint8)

    def work() -> None:
        evidence = next(shown)
        for panel in panels:
            for content in panel.explain(evidence, state):
                if isinstance(content, Outline):
                    traced(content)
                    outlined(picture, content, WHOLE)

    return work


def main() -> None:
    """Measure both."""
    options = arguments(__doc__)
    torch.set_num_threads(max(1, (os.cpu_count() or 2) - 1))
    repeats, warm_up = (3, 1) if options.quick else (100, 10)
    groups = 30 if options.quick else 200
    frames = repeats + warm_up
    works = {"scores": scored(frames, groups), "panels": explained(frames, groups), "bare": bare()}
    interleaved(works, warm_up)
    seconds = {name: median_ms(values) for name, values in interleaved(works, repeats).items()}
    told = {
        "scores": ("all scores of a frame with a mask", 5.0),
        "panels": ("both panels of a frame with a mask", 25.0),
    }
    write(
        [
            Figure(
                name=f"{words} against a bare forward of resnet50",
                value=100 * seconds[name] / seconds["bare"],
                goal=goal,
                unit="%",
                detail={
                    "ms": seconds[name],
                    "bare forward ms": seconds["bare"],
                    "threads": str(torch.get_num_threads()),
                    "repetitions": str(repeats),
                },
            )
            for name, (words, goal) in told.items()
        ],
        options,
    )


if __name__ == "__main__":
    main()
