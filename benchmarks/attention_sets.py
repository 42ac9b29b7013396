"""The pictures that the study of attention tries a model on: its own, those of other kinds, and faulty preparations.

*Own* pictures are of the parts the weights were made and tested with: `train`, `fit`, `certify`. Every other set
comes twice, of different patients: under its name, for the figures, and under `choose/` and its name, for whatever is
chosen by looking, with lesions of the fit groups instead of those of the certify groups.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path

import numpy as np
from kinds import CUT_OUTS, DATA, Fault, faults, photographs, read, recoloured, rows_of, thinned

from viewer.datasets.split import pseudonym
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.engine.bundle import Bundle
from viewer.engine.picture import Picture
from viewer.engine.preprocess import resize
from viewer.phantoms.cohort import lesion_cohort, ultrasound_cohort

CHOOSE = "choose/"
GREY_RECOLOURED = "grey and recoloured"
ELSEWHERE = "another hospital"
"""Lesions of another hospital: of the model's own kind, and reported apart."""

OF_COLOUR = ("channels swapped", "without colour")
"""Faults that a picture in shades of grey cannot show."""


ANY = "*"
SEEDS = {
    "fit": 7_100_001,
    "certify": 7_100_002,
    "train": 7_100_003,
    "ultrasound phantoms": 7_100_004,
    CHOOSE: 7_100_005,
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """Pictures at most of every set for the figures, of every set to choose by, and of the training groups."""

    shown: int
    choosing: int
    training: int


USUAL = Sizes(shown=60, choosing=20, training=200)
QUICK = Sizes(shown=8, choosing=4, training=40)


@dataclass(frozen=True, slots=True)
class Shown:
    """Pictures with what is known of them.

    Attributes:
        pictures: n of them.
        groups: Pseudonym of each one's patient, else lesion, else photograph.
        labels: Class of each in the order of the model's, −1 where it has none; empty where none has one.
        fault: How they are prepared wrongly; None where they are prepared as they should be.
    """

    pictures: Sequence[Picture]
    groups: Sequence[str]
    labels: Sequence[int] = ()
    fault: Fault | None = None

    def only(self, rows: Sequence[int]) -> "Shown":
        """Some of them."""
        labels = [self.labels[i] for i in rows] if self.labels else ()
        return replace(
            self, pictures=[self.pictures[i] for i in rows], groups=[self.groups[i] for i in rows], labels=labels
        )


Make = Callable[[], Shown]
Row = tuple[Path, str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """Pictures of one table.

    Attributes:
        table: Below the folder of real data.
        group: Column of the patient, else lesion.
        label: Column of the class; `""` where classes do not matter.
        only: Values that columns must have; `ANY` for any but none.
    """

    table: str
    group: str
    label: str = ""
    only: Mapping[str, str] = field(default_factory=dict)

    def rows(self) -> list[Row]:
        """File, pseudonym of the group, and class of each."""
        folder = DATA / Path(self.table).parts[0]
        return [
            (folder / row["file"], pseudonym(row[self.group]), row[self.label] if self.label else "")
            for row in rows_of(self.table)
            if all(row[column] and value in (ANY, row[column]) for column, value in self.only.items())
        ]


LESIONS = Source(
    "derm/labels.csv", "group_id", "class_clean", {"set": "isic9_180", "exact_dup": "0", "class_clean": ANY}
)
OTHER_LESIONS = Source("derm/labels.csv", "group_id", only={"set": "ph2"})
CHILDREN = Source("cxr/labels_kermany.csv", "patient_id", "class")
KINDS: Mapping[str, Source] = {
    "X-rays of adults": Source("cxr/labels.csv", "patient_id"),
    "X-rays of children": CHILDREN,
    "ultrasound": Source("lus/labels.csv", "group_id"),
    "lesions": LESIONS,
}
OWN = {Modality.DERMOSCOPY: LESIONS, Modality.XRAY: CHILDREN}
PHOTOGRAPHS, PHANTOMS = "photographs", "ultrasound phantoms"


def sets_of(bundle: Bundle, sizes: Sizes) -> dict[str, Make]:
    """What makes every set of a bundle for lesions or X-rays, by name; of one made for phantoms, sets of phantoms.

    Raises:
        ViewerError: The bundle is for pictures of which the study has none.
    """
    modality = bundle.manifest.modality
    if modality not in OWN:
        raise ViewerError(f"{bundle.path}: the study has pictures of lesions and X-rays, none of {modality.value}")
    colourful, source = modality is Modality.DERMOSCOPY, OWN[modality]
    own = cache(partial(_own_part, bundle, sizes))
    kinds = [PHANTOMS] if bundle.manifest.demonstration else [*(k for k in KINDS if KINDS[k] != source), PHOTOGRAPHS]
    makers: dict[str, Make] = {part: partial(own, part) for part in ("fit", "certify")}
    for prefix in (CHOOSE, ""):
        few = partial(_few_own, own, prefix, sizes)
        for kind in kinds:
            stranger = cache(partial(_strangers, kind, prefix, sizes))
            makers[f"{prefix}{kind}"] = stranger
            makers[f"{prefix}{kind}, recoloured"] = partial(_recoloured, bundle, stranger, own)
        for name, fault in faults(bundle.manifest).items():
            if colourful or name not in OF_COLOUR:
                makers[f"{prefix}{name}"] = partial(_faulty, few, fault)
        if colourful:
            makers[f"{prefix}{GREY_RECOLOURED}"] = partial(_recoloured, bundle, few, own)
    if source is LESIONS and not bundle.manifest.demonstration:
        makers[ELSEWHERE] = lambda: _read(thinned(OTHER_LESIONS.rows(), sizes.shown))
    makers["train"] = partial(own, "train")
    return makers


def _own_part(bundle: Bundle, sizes: Sizes, part: str) -> Shown:
    """Pictures of the parts that the bundle was made from, or phantoms of new patients."""
    manifest = bundle.manifest
    if manifest.demonstration:
        most = {"fit": sizes.training, "certify": sizes.shown, "train": sizes.training}[part]
        drawn = list(lesion_cohort(most, SEEDS[part], lesions_per_patient=1))
        labels = [manifest.classes.index(one.label) for one in drawn]
        return Shown([Picture(one.pixels) for one in drawn], [one.group for one in drawn], labels)
    groups = {name: {row["group"] for row in bundle.predictions(name)} for name in ("fit", "certify")}
    held_out = groups["fit"] | groups["certify"]
    chosen = [
        row
        for row in OWN[manifest.modality].rows()
        if (row[1] not in held_out if part == "train" else row[1] in groups[part])
    ]
    return _read(thinned(chosen, sizes.training if part == "train" else len(chosen)), manifest.classes)


def _few_own(own: Callable[[str], Shown], prefix: str, sizes: Sizes) -> Shown:
    """Some pictures of the certify groups, each of another; to choose by, of the fit groups."""
    shown = own("fit" if prefix else "certify")
    rows = sorted(dict(zip(reversed(shown.groups), reversed(range(len(shown.groups))), strict=True)).values())
    return shown.only(thinned(rows, sizes.choosing if prefix else sizes.shown))


def _strangers(kind: str, prefix: str, sizes: Sizes) -> Shown:
    """Pictures of another kind; those to choose by are of other patients."""
    most = sizes.choosing if prefix else sizes.shown
    if kind == PHANTOMS:
        clips = ultrasound_cohort(most, SEEDS[prefix or kind], clips_per_patient=1)
        frames = [(clip.frame(clip.frames // 2).pixels, clip.group) for clip in clips]
        return Shown(
            [Picture(np.repeat(pixels[..., None], 3, axis=2)) for pixels, _ in frames], [g for _, g in frames]
        )
    if kind == PHOTOGRAPHS:
        taken = list(photographs())
        shown = Shown(taken, [pseudonym(f"photograph {i // (1 + CUT_OUTS)}") for i in range(len(taken))])
        return shown.only(thinned([i for i, g in enumerate(shown.groups) if _to_choose_by(g) == bool(prefix)], most))
    return _read(thinned([row for row in KINDS[kind].rows() if _to_choose_by(row[1]) == bool(prefix)], most))


def _to_choose_by(group: str) -> bool:
    """Half of the groups, by chance."""
    return int(group[-1], 16) % 2 == 0


def _recoloured(bundle: Bundle, make: Make, own: Callable[[str], Shown]) -> Shown:
    """What the network sees of pictures, in the colours of fit pictures."""
    shown = make()
    squares = [Picture(resize(picture, bundle.manifest)) for picture in shown.pictures]
    return replace(shown, pictures=recoloured(squares, own("fit").pictures))


def _faulty(make: Make, fault: Fault) -> Shown:
    return replace(make(), fault=fault)


def _read(rows: Sequence[Row], classes: Sequence[str] = ()) -> Shown:
    labels = [classes.index(name) if name in classes else -1 for _, _, name in rows]
    return Shown(read([file for file, _, _ in rows]), [group for _, group, _ in rows], labels)
