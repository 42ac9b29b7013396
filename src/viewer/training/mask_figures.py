"""How well a network draws, on groups it never saw whose masks somebody drew by hand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.datasets.sample import Sample
from viewer.domain.errors import ViewerError
from viewer.domain.evidence import Need
from viewer.engine.masks import full_size
from viewer.engine.opening import AnyEngine
from viewer.engine.picture import Picture
from viewer.evaluation.metrics import group_interval
from viewer.evaluation.overlap import dice, iou, pixel_accuracy
from viewer.io.masks import read_inside
from viewer.training.figures import SEED, Figure
from viewer.training.pictures import Reader, Say

MEASURES: Mapping[str, Callable[[NDArray[np.bool_], NDArray[np.bool_]], float]] = {
    "Dice": dice,
    "IoU": iou,
    "pixel accuracy": pixel_accuracy,
}
"""By name, each of (found, drawn by hand)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskFigures:
    """Agreement with masks drawn by hand, at the size of the pictures.

    Attributes:
        shows: What the mask is of.
        pictures, groups: How many there are.
        means: Of every measure over the pictures.
        least_dice: Of the worst picture.
    """

    shows: str
    pictures: int
    groups: int
    means: Mapping[str, Figure]
    least_dice: float


def measure_masks(engine: AnyEngine, samples: Sequence[Sample], say: Say) -> MaskFigures | None:
    """Draw the masks of samples that have one; None where nothing is drawn or there is nothing to compare with.

    Args:
        engine: With the weights as they are shipped.
        samples: Of groups that the network never saw.
        say: Told which masks cannot be read.
    """
    shows = engine.bundle.manifest.mask_shows
    with_mask = [sample for sample in samples if sample.mask is not None] if shows else []
    rows, groups = [], []
    for item, picture in Reader(1, say).read(with_mask):
        try:
            rows.append(_agreement(engine, item.sample, picture))
            groups.append(item.sample.group)
        except ViewerError as error:
            say(f"left out: {error}")
    if not rows:
        return None
    values = np.array(rows)
    return MaskFigures(
        shows=shows,
        pictures=len(rows),
        groups=len(set(groups)),
        means={name: _mean(values[:, column], groups) for column, name in enumerate(MEASURES)},
        least_dice=float(values[:, 0].min()),
    )


def _agreement(engine: AnyEngine, sample: Sample, picture: Picture) -> list[float]:
    """Every measure of one picture."""
    assert sample.mask is not None  # noqa: S101 - those without one were left out
    rows, columns = picture.rgb.shape[:2]
    drawn = read_inside(sample.mask, rows, columns)
    evidence = engine.evidence([picture], frozenset({Need.MASK}))
    assert evidence.mask is not None  # noqa: S101 - a bundle that says what its mask shows draws one
    found = full_size(evidence.mask[0], engine.field_of_view(picture), rows, columns)
    return [measure(found, drawn) for measure in MEASURES.values()]


def _mean(values: NDArray[np.float64], groups: Sequence[str]) -> Figure:
    low, high = group_interval(lambda rows: float(values[rows].mean()), groups, seed=SEED)
    return Figure(float(values.mean()), low, high)


def mask_section(figures: MaskFigures) -> str:
    """For the card, as Markdown."""
    lines = [
        f"Beside its answer it draws the {figures.shows}. Agreement with masks drawn by hand, on {figures.pictures} "
        f"pictures of {figures.groups} certify groups, at the size of the pictures, where a pixel is inside whose "
        "probability is above one half; in brackets 95 % intervals from a bootstrap over groups.",
        "",
        "| figure | mean |",
        "|---|---|",
        *(f"| {name} | {figure} |" for name, figure in figures.means.items()),
        "",
        f"Dice of the worst picture: {figures.least_dice:.3f}.".replace(" 0.", " ."),
    ]
    return "\n".join(lines)
