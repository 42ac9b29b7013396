"""What the study of masks trains: one network per fold of groups, and what each says of the groups it never saw."""

import csv
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.datasets.folds import group_folds
from viewer.datasets.guard import LeakGuard
from viewer.datasets.query import DataQuery
from viewer.datasets.reading import read_dataset
from viewer.datasets.sample import LabelTable, Sample
from viewer.datasets.split import Part
from viewer.domain.evidence import Need
from viewer.domain.image import Modality
from viewer.domain.recipe import Value
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle
from viewer.engine.engine import Engine
from viewer.engine.masks import full_size
from viewer.engine.picture import Picture
from viewer.evaluation.overlap import dice, iou, pixel_accuracy
from viewer.host.discovery import PluginHost
from viewer.io.masks import read_inside
from viewer.settings import Settings
from viewer.training.masks import read_mask
from viewer.training.pictures import Reader
from viewer.training.plan import Description, TrainingPlan
from viewer.training.recipe import offered_recipes
from viewer.training.run import learn_members, manifest_of, write_uncalibrated

FOLDS = 5
SEED = 2026

Arrays = dict[str, NDArray[Any]]

MEASURES = {"dice": dice, "iou": iou, "accuracy": pixel_accuracy}
"""Of the mask that was found and the one that was drawn by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One way to train, on one set of data.

    Attributes:
        recipe: Its name.
        table, where, mask: The table below the folder of data, its rows, and the column of the masks.
        modality: The kind of picture.
        choices, hyper: For the recipe, where they are not its defaults.
        input_size: Side of the network's input in pixels.
        folds: Those that are trained, of `FOLDS`.
        only_masked: Whether pictures without a mask are left out.
        before: A run on the same table whose network this one goes on from; it learns from the groups of the same
            folds, but for those that are held out here.
    """

    recipe: str
    table: str
    where: Mapping[str, tuple[str, ...]]
    modality: Modality
    mask: str = ""
    choices: Mapping[str, Value] = field(default_factory=dict)
    hyper: Mapping[str, Any] = field(default_factory=dict)
    input_size: int = 192
    folds: tuple[int, ...] = tuple(range(FOLDS))
    only_masked: bool = False
    before: "Run | None" = None


_WEAK_LUNGS = Run(
    recipe="lung-mask",
    table="cxr/labels.csv",
    where={"class": ("covid19", "other_pneumonia")},
    modality=Modality.XRAY,
    mask="mask_auto",
    hyper={"batch": 8, "epochs": 12},
    only_masked=True,
)
"""Masks that a program drew, which agree less with radiologists."""

_LUNGS = replace(_WEAK_LUNGS, mask="mask_manual", hyper={"batch": 8, "epochs": 45}, before=_WEAK_LUNGS)
_LESIONS = Run(
    recipe="lesion-mask",
    table="derm/labels.csv",
    where={"set": ("ph2",)},
    modality=Modality.DERMOSCOPY,
    mask="mask",
    hyper={"batch": 8, "epochs": 30},
)

RUNS: Mapping[str, Run] = {
    "lungs": _LUNGS,
    "lesions": _LESIONS,
    "lesions-mask": replace(_LESIONS, choices={"learn": "mask"}),
    "lesions-class": replace(_LESIONS, choices={"learn": "class"}),
    "chest-class": replace(
        _LUNGS,
        where={"class": ("covid19", "other_pneumonia", "no_finding")},
        mask="",
        choices={"learn": "class"},
        hyper={"batch": 16, "epochs": 8},
        only_masked=False,
        before=None,
    ),
}


def query_of(run: Run, data: Path) -> DataQuery:
    """The rows of a run."""
    table = data / run.table
    return DataQuery(
        data=table, image_root=table.parent, label="class", group="group_id", mask=run.mask, where=dict(run.where)
    )


def folds_of(run: Run, data: Path) -> tuple[LabelTable, Iterator[tuple[int, list[Sample], list[Sample]]]]:
    """The classes, and for every fold what trains and what is held out."""
    table = _grouped(run, data)
    fold_of = group_folds(table.labels, table.groups, FOLDS, SEED)
    half = half_drawn(data)

    def divided() -> Iterator[tuple[int, list[Sample], list[Sample]]]:
        for fold in run.folds:
            outside = [sample for sample in table.samples if fold_of[sample.group] != fold]
            train = [replace(s, mask=None) if s.path.name in half else s for s in outside]
            yield fold, train, [sample for sample in table.samples if fold_of[sample.group] == fold]

    return table, divided()


def _grouped(run: Run, data: Path) -> LabelTable:
    """The pictures of a run, those that share a picture in one group."""
    table = LeakGuard(merge=True).grouped(read_dataset(query_of(run, data)), print)
    if run.only_masked:
        table = replace(table, samples=tuple(sample for sample in table.samples if sample.mask))
    return table


def half_drawn(data: Path) -> frozenset[str]:
    """File names of X-rays of whose lungs the radiologist drew one alone, as the table says itself."""
    with (data / "cxr/labels.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["mask_manual"]]
    both = ("Left Lung", "Right Lung")
    return frozenset(
        Path(row["file"]).name for row in rows if any(lung not in row["annotated_structures"] for lung in both)
    )


def train(name: str, data: Path, weights: Path, work: Path) -> None:
    """Train what is not trained yet of a run, and keep what every fold's network says of its held-out pictures."""
    run = RUNS[name]
    table, divided = folds_of(run, data)
    host = PluginHost(Settings())
    host.load()
    try:
        for fold, learnt_from, held in divided:
            kept = heldout_file(work, name, fold)
            if not kept.exists():
                print(f"{name}, fold {fold + 1}: {len(learnt_from)} pictures train, {len(held)} are held out")
                begun = time.process_time()
                start = _learnt_before(run, data, weights, work / f"{name}-{fold}-before", held, host)
                bundle = _learnt(run, data, start, work / f"{name}-{fold}", table, learnt_from, host)
                seconds = time.process_time() - begun
                architectures = Architectures(offer.thing for offer in host.architectures)
                engine = Engine(bundle, architectures, device="cpu", cache_bytes=0)
                kept.parent.mkdir(parents=True, exist_ok=True)
                np.savez_compressed(kept, allow_pickle=False, **judge(engine, held), seconds=np.array(seconds))
    finally:
        host.close()


def heldout_file(work: Path, name: str, fold: int) -> Path:
    """Where the answers to a fold's held-out pictures are kept."""
    return work / "heldout" / f"{name}-{fold}.npz"


def recall(name: str, work: Path) -> Arrays:
    """The held-out answers of the folds that were judged, one after the other; `fold` says which is whose.

    `seconds` holds what the training of each fold took.
    """
    folds = judged(name, work)
    found = [dict(np.load(heldout_file(work, name, fold))) for fold in folds]
    seconds = [float(part.pop("seconds")) for part in found]
    joined = {key: np.concatenate([part[key] for part in found]) for key in found[0]}
    fold = np.repeat(folds, [len(part["names"]) for part in found])
    return {**joined, "fold": fold, "seconds": np.array(seconds)}


def judged(name: str, work: Path) -> list[int]:
    """The folds of a run that were judged."""
    return [fold for fold in RUNS[name].folds if heldout_file(work, name, fold).exists()]


def _learnt_before(run: Run, data: Path, weights: Path, work: Path, held: Sequence[Sample], host: PluginHost) -> Path:
    """What a network starts from: ImageNet weights, or the bundle of the run before, which saw nothing held out."""
    if run.before is None:
        return weights
    table = _grouped(run.before, data)
    apart = {sample.group for sample in held}
    return _learnt(
        run.before, data, weights, work, table, [s for s in table.samples if s.group not in apart], host
    ).path


def _learnt(
    run: Run,
    data: Path,
    start: Path,
    work: Path,
    table: LabelTable,
    learnt_from: Sequence[Sample],
    host: PluginHost,
) -> Bundle:
    """Train a network on these pictures alone; with its float16 weights, as a bundle holds them."""
    recipe = next(offer.thing for offer in offered_recipes(host) if offer.thing.name == run.recipe)
    choices = recipe.choose(run.choices)
    plan = TrainingPlan(
        table=query_of(run, data),
        description=Description(name="study", intended_use="A study.", licence="none", modality=run.modality),
        architecture=recipe.architecture_for(choices),
        start=start,
        out=work / "bundle",
        work=work / "training",
        input_size=run.input_size,
        hyper=replace(recipe.defaults, stop_early=False, precision="bf16-mixed", seed=SEED, **run.hyper),
        choices=choices,
        device="cpu",
    )
    parts: dict[Part, Sequence[Sample]] = {Part.TRAIN: learnt_from, Part.STOP: [], Part.FIT: [], Part.CERTIFY: []}
    members = learn_members(plan, recipe, table, parts, host, print)
    manifest = manifest_of(plan, recipe, table, Architectures(offer.thing for offer in host.architectures))
    return write_uncalibrated(plan, manifest, members, card="# One fold of a study\n")


def judge(engine: Engine, held: Sequence[Sample]) -> Arrays:
    """What a network says of pictures, one row each.

    Returns:
        `names`, `groups`, `labels`, `logits`, `has_mask`; `masks`, probabilities float16 (n, side, side); `true`, the
        masks that were drawn by hand, on the same grid; and, at the size of the picture, each of `MEASURES`, NaN
        where nobody drew a mask.
    """
    rows: dict[str, list[Any]] = {}
    for item, picture in Reader(1, print).read(held):
        evidence = engine.evidence([picture], frozenset({Need.LOGITS, Need.MASK}))
        row: dict[str, Any] = {
            "names": item.sample.path.name,
            "groups": item.sample.group,
            "labels": item.sample.label,
            "logits": evidence.logits[0],
            "has_mask": item.sample.mask is not None,
        }
        if evidence.mask is not None:
            row |= _overlap(engine, evidence.mask[0], item.sample, picture)
        for key, value in row.items():
            rows.setdefault(key, []).append(value)
    return {key: np.array(values) for key, values in rows.items()}


def _overlap(engine: Engine, mask: NDArray[np.float32], sample: Sample, picture: Picture) -> dict[str, Any]:
    row: dict[str, Any] = {"masks": mask.astype(np.float16), "true": np.zeros(mask.shape, np.bool_)}
    if sample.mask is None:
        return row | dict.fromkeys(MEASURES, float("nan"))
    size = picture.rgb.shape[:2]
    drawn = read_inside(sample.mask, *size)
    found = full_size(mask, engine.field_of_view(picture), *size)
    row["true"] = read_mask(sample.mask, picture, engine.bundle.manifest)[0].numpy() > 127
    return row | {name: agree(found, drawn) for name, agree in MEASURES.items()}
