"""Does an answer rest on the lesion, or on what lies around it? Measured on pictures with masks.

Two instruments: where the network's attention lies, corrected for the area; and what the network says once all that
lies outside the mask is covered.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from viewer.datasets.sample import Sample
from viewer.domain.errors import ViewerError
from viewer.domain.evidence import Evidence, Need
from viewer.engine.masks import MaskSource
from viewer.engine.opening import AnyEngine
from viewer.engine.picture import Picture
from viewer.engine.surroundings import never
from viewer.evaluation.attention import found_mask, has_mask
from viewer.evaluation.bootstrap import Bootstrap, Figure, Name, estimate
from viewer.evaluation.looking import looks_at
from viewer.evaluation.resizing import resized
from viewer.evaluation.weights import Floats, ratio
from viewer.training.focus import class_maps
from viewer.training.masks import read_mask
from viewer.training.pictures import Reader, square

RIM = 1 / 40
"""Spread of the soft edge of a cover, in sides of the picture: so much of what surrounds a lesion stays."""

SUSPICIOUS = 0.1
"""Part of a class's answers that may be lost under the cover before they are suspicious."""

FEWEST_GROUPS = 29
"""Of fewer groups none being lost does not show, at 95 %, that no more than `SUSPICIOUS` are: 0.9^29 < .05."""

Verdict = Literal["suspicious", "no sign", "unclear"]

FIGURES = ("outside", "area", "ratio", "lost")
"""Names of the figures of every answer; see `Looks`."""

CLASS_FIGURES = ("outside", "area", "ratio")
"""Names of the figures of every class."""

_BATCH, _HALF = 16, 127
_NEEDS = frozenset({Need.LOGITS, Need.ATTENTION})


class Masked(NamedTuple):
    """What the network sees of a picture, (side, side, 3), and the mask there, (side, side)."""

    sample: Sample
    rgb: NDArray[np.uint8]
    mask: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Looks:
    """What was seen in n pictures with masks.

    Attributes:
        samples: Their files, labels and groups; labels count the model's classes.
        classes: The model's classes.
        answers: int (n,), predicted class.
        probability: float (n,), of that class.
        area: float (n,), share of the picture outside the mask, [0, 1].
        class_outside: float (n, K), share of the attention for each class that lies outside the mask, [0, 1]; NaN for
            no attention.
        covered_answers: int (n,), predicted class once everything outside the mask is covered.
        covered_probability: float (n,), what then is left of the probability of the first answer.
    """

    samples: tuple[Sample, ...]
    classes: tuple[str, ...]
    answers: NDArray[np.intp]
    probability: Floats
    area: Floats
    class_outside: Floats
    covered_answers: NDArray[np.intp]
    covered_probability: Floats

    @property
    def outside(self) -> Floats:
        """Share of the attention for the answer that lies outside the mask, (n,)."""
        return self.class_outside[np.arange(len(self.answers)), self.answers]

    @property
    def ratio(self) -> Floats:
        """`outside / area`, (n,): 1 for attention spread evenly, below 1 where it favours the mask."""
        return ratio(self.outside, self.area)

    @property
    def class_ratio(self) -> Floats:
        """`class_outside / area`, (n, K)."""
        return ratio(self.class_outside, self.area[:, None])

    @property
    def lost(self) -> NDArray[np.bool_]:
        """Whether the answer becomes another one under the cover, (n,)."""
        lost: NDArray[np.bool_] = self.covered_answers != self.answers
        return lost

    @property
    def drop(self) -> Floats:
        """How much of the answer's probability goes under the cover, [−1, 1], (n,)."""
        return self.probability - self.covered_probability

    @cached_property
    def labels(self) -> NDArray[np.intp]:
        """True classes, (n,)."""
        return np.array([sample.label for sample in self.samples], np.intp)

    @cached_property
    def groups(self) -> NDArray[np.intp]:
        """Number of every picture's group, from 0, (n,)."""
        numbers: NDArray[np.intp] = np.unique([sample.group for sample in self.samples], return_inverse=True)[1]
        return numbers


def look(engine: AnyEngine, samples: Sequence[Sample], reader: Reader, source: MaskSource | None = None) -> Looks:
    """Ask a model about pictures as they are, and with everything outside their masks covered.

    Args:
        engine: With the model; it should remember a batch, see `CACHE_BYTES`.
        samples: With their masks, else drawn ones; what has none, or one of no use, is left out, which is said.
        reader: Reads their pictures.
        source: Draws masks of samples that have none.

    Raises:
        ViewerError: Too many files cannot be read, or there is no picture with a mask.
    """
    masked = [sample for sample in samples if sample.mask is not None or source is not None]
    stream = _masked(engine, masked, reader, source)
    seen: list[Sample] = []
    parts: list[Mapping[str, NDArray[Any]]] = []
    while batch := list(islice(stream, _BATCH)):
        seen += [one.sample for one in batch]
        parts.append(_seen(engine, batch))
    if not parts:
        raise ViewerError("there is no picture with a mask")
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Looks(samples=tuple(seen), classes=engine.bundle.manifest.classes, **columns)


def _masked(
    engine: AnyEngine, samples: Sequence[Sample], reader: Reader, source: MaskSource | None
) -> Iterator[Masked]:
    for item, picture in reader.read(samples):
        try:
            mask = _mask(engine, item.sample, picture, source)
        except ViewerError as error:
            reader.say(f"left out: {error}")
            continue
        if not mask.any():
            reader.say(f"left out: {item.sample.mask or item.sample.path}: the mask marks nothing")
            continue
        yield Masked(item.sample, square(picture, engine.bundle.manifest).permute(1, 2, 0).numpy(), mask)


def _mask(engine: AnyEngine, sample: Sample, picture: Picture, source: MaskSource | None) -> NDArray[np.bool_]:
    """The mask of the data, else the one that is drawn, at the size of the network's input.

    Raises:
        ViewerError: It cannot be read, is of another size, or cannot be drawn.
    """
    manifest = engine.bundle.manifest
    if sample.mask is not None:
        given: NDArray[np.bool_] = read_mask(sample.mask, picture, manifest)[0].numpy() > _HALF
        return given
    drawn = None if source is None else source.masks([picture], engine, never)
    if drawn is None or not has_mask(drawn)[0]:
        raise ViewerError(f"{sample.path}: no mask could be drawn")
    found: NDArray[np.bool_] = found_mask(resized(drawn, manifest.input_size, manifest.input_size))[0]
    return found


def _seen(engine: AnyEngine, batch: Sequence[Masked]) -> Mapping[str, NDArray[Any]]:
    """The columns of `Looks` for one batch."""
    masks = np.stack([one.mask for one in batch])
    plain = _ask(engine, [one.rgb for one in batch])
    maps = class_maps(engine, [Picture(rgb=one.rgb) for one in batch])
    covered = _ask(engine, [only_inside(one.rgb, one.mask) for one in batch])
    looks = [looks_at(maps[:, index], masks.astype(np.float32)) for index in range(maps.shape[1])]
    outside = np.stack([np.where(one.seen, 1 - one.inside, np.nan) for one in looks], axis=1)
    rows = np.arange(len(batch))
    return {
        "answers": plain.predicted,
        "probability": plain.probabilities[rows, plain.predicted],
        "area": 1 - looks[0].area,
        "class_outside": outside,
        "covered_answers": covered.predicted,
        "covered_probability": covered.probabilities[rows, plain.predicted],
    }


def _ask(engine: AnyEngine, squares: Sequence[NDArray[np.uint8]]) -> Evidence:
    evidence = engine.for_squares().evidence([Picture(rgb=rgb) for rgb in squares], _NEEDS)
    return replace(evidence, temperature=engine.bundle.temperature)


def only_inside(rgb: NDArray[np.uint8], mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """A picture with everything outside a mask covered by the usual tone there, with a soft edge around the mask.

    The tone is the median of what lies clearly outside, channel by channel. A mask that leaves nothing clearly
    outside leaves the picture as it is.

    Args:
        rgb: (H, W, 3).
        mask: (H, W).
    """
    blurred = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.GaussianBlur(RIM * max(mask.shape)))
    kept = np.minimum(np.asarray(blurred, np.float64) / 127.5, 1)  # from the mask's own edge on all of it
    kept[mask] = 1
    outside = rgb[kept == 0]
    if not len(outside):
        return rgb
    tone = np.median(outside, axis=0)
    covered: NDArray[np.uint8] = np.rint(rgb * kept[..., None] + tone * (1 - kept[..., None])).astype(np.uint8)
    return covered


@dataclass(frozen=True, slots=True, kw_only=True)
class OfClass:
    """Where the attention for one class lies, in all pictures, whatever they are called.

    Attributes:
        name: The class.
        pictures: In how many there is any.
        figures: Means of `CLASS_FIGURES` with their intervals, drawn by group.
    """

    name: str
    pictures: int
    figures: Mapping[str, Figure]


def by_class(looks: Looks) -> list[OfClass]:
    """Means of every class, with intervals over groups."""
    found = []
    for index, name in enumerate(looks.classes):
        values = (looks.class_outside[:, index], looks.area, looks.class_ratio[:, index])
        seen = np.isfinite(values[0])
        columns = dict(zip(CLASS_FIGURES, values, strict=True))
        figures = estimate(_means(columns), looks.groups, Bootstrap())
        found.append(
            OfClass(
                name=name,
                pictures=int(seen.sum()),
                figures={path[0]: figure for path, figure in figures.items()},
            )
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class OfAnswer:
    """Where one of the answers looks.

    Attributes:
        name: The class.
        pictures, groups: How many were given that answer.
        figures: Means of `FIGURES` with their intervals, drawn by group.
    """

    name: str
    pictures: int
    groups: int
    figures: Mapping[str, Figure]

    @property
    def verdict(self) -> Verdict:
        """Whether these answers may rest on what lies outside the mask, by the interval of how many are lost."""
        lost = self.figures["lost"]
        if lost.low > SUSPICIOUS:
            return "suspicious"
        return "no sign" if lost.high <= SUSPICIOUS and self.groups >= FEWEST_GROUPS else "unclear"


def by_answer(looks: Looks) -> list[OfAnswer]:
    """Means of every answer that was given, with intervals over groups."""
    found = []
    for index, name in enumerate(looks.classes):
        chosen = looks.answers == index
        if not chosen.any():
            continue
        numbers = np.unique(looks.groups[chosen], return_inverse=True)[1]
        columns = {figure: getattr(looks, figure)[chosen].astype(np.float64) for figure in FIGURES}
        figures = estimate(_means(columns), numbers, Bootstrap())
        found.append(
            OfAnswer(
                name=name,
                pictures=int(chosen.sum()),
                groups=int(numbers.max()) + 1,
                figures={path[0]: figure for path, figure in figures.items()},
            )
        )
    return found


def _means(columns: Mapping[str, Floats]) -> Callable[[Floats], Mapping[Name, Floats]]:
    """Weighted means; rows that are NaN are left out."""

    def measure(weights: Floats) -> Mapping[Name, Floats]:
        return {
            (name,): ratio(weights @ np.nan_to_num(values), weights @ np.isfinite(values).astype(np.float64))
            for name, values in columns.items()
        }

    return measure
