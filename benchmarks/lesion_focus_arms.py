"""Trains the arms of the lesion-focus study, fold by fold, and keeps what the networks say of held-out pictures.

An arm is a way to train. What is finished is not repeated: one file for every arm, fold and seed.
"""

import json
import resource
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from viewer_lesion_focus.training.losses import class_maps
from viewer_lesion_focus.training.objective import LesionFocus
from viewer_lesion_focus.training.recipe import LESION_FOCUS

from viewer.datasets.folds import group_folds
from viewer.datasets.query import DataQuery
from viewer.datasets.reading import read_dataset
from viewer.datasets.sample import LabelTable, Sample
from viewer.datasets.split import Part, split_for_learning
from viewer.domain.bundle import Manifest
from viewer.domain.image import Modality
from viewer.domain.recipe import Batch, Choices, Hyperparameters
from viewer.engine.architectures import built_in
from viewer.engine.bundle import write_bundle
from viewer.host.discovery import PluginHost
from viewer.io.masks import BRIGHT
from viewer.training.chronicle import CHECKPOINTS, LAST
from viewer.training.learning import Learned
from viewer.training.masks import read_mask
from viewer.training.pictures import Reader, network_input, square
from viewer.training.plan import Description, Parts, TrainingPlan
from viewer.training.run import learn_members

FOLDS, FOLD_SEED = 5, 2026
NETWORK, SIDE = "mobilenet_v2", 224
REST = {"rest": ("common_nevus", "atypical_nevus")}

OFF: Choices = {"centre_term": False, "divergence_term": False, "mask_term": False, "optimiser": "adamw"}
CENTRE: Choices = {"centre_term": True}
DIVERGENCE: Choices = {"divergence_term": True}
MASK: Choices = {"mask_term": True}
ALL: Choices = {**OFF, **CENTRE, **DIVERGENCE, **MASK}
HYPER = Hyperparameters(
    epochs=8,
    batch=16,
    learning_rate=3e-4,
    weight_decay=0.02,
    stop_early=False,
    class_weight_power=1.0,
    precision="bf16-mixed",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """A way to train.

    Attributes:
        title: For the page.
        choices: For the options of the recipe.
        hyper: Hyperparameters; the seed is another for every repetition.
        merge: Classes taken together.
        bundled: Whether the networks are kept as bundles.
    """

    title: str
    choices: Choices
    hyper: Hyperparameters = HYPER
    merge: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: REST)
    bundled: bool = False


ARMS: Mapping[str, Arm] = {
    "ce": Arm(title="cross-entropy alone", choices=OFF, bundled=True),
    "mask": Arm(title="+ mask", choices={**OFF, **MASK}, bundled=True),
    "deciding": Arm(title="+ mask on what decides", choices={**OFF, **MASK, "mask_maps": "deciding"}, bundled=True),
    "all": Arm(title="all terms", choices=ALL, bundled=True),
    "no-centre": Arm(title="all without centre", choices={**OFF, **DIVERGENCE, **MASK}),
    "centre": Arm(title="+ centre, moving", choices={**OFF, **CENTRE}),
    "centre-first": Arm(title="+ centre, of the first pass", choices={**OFF, **CENTRE, "centres": "first_pass"}),
    "plain": Arm(title="+ divergence, λ = 0", choices={**OFF, **DIVERGENCE, "divergence_penalty": 0.0}),
    "penalised": Arm(title="+ divergence, λ = 1", choices={**OFF, **DIVERGENCE}),
    "printed": Arm(title="+ divergence, printed", choices={**OFF, **DIVERGENCE, "divergence_formula": "printed"}),
    "no-mask": Arm(title="all without mask", choices={**OFF, **CENTRE, **DIVERGENCE}),
    "no-divergence": Arm(title="all without divergence", choices={**OFF, **CENTRE, **MASK}),
    "focal": Arm(title="focal instead of cross-entropy", choices={**OFF, "class_loss": "focal"}),
    "light": Arm(title="all terms, centre × 0.01", choices={**ALL, "centre_weight": 0.01}, bundled=True),
    "three": Arm(
        title="three classes, all terms, centre × 0.01",
        choices={**ALL, "centre_weight": 0.01, "class_loss": "focal"},
        merge={},
    ),
}
"""In the order in which they are trained."""

LONGER = replace(HYPER, epochs=12)
SOURCE = replace(LONGER, learning_rate=1.0, weight_decay=0.0)
CANDIDATES: Mapping[str, Arm] = {
    "ce": Arm(title="AdamW at 3e-4, cross-entropy alone", choices=OFF, hyper=LONGER),
    "ce-fast": Arm(
        title="AdamW at 1e-3, cross-entropy alone", choices=OFF, hyper=replace(LONGER, learning_rate=1e-3)
    ),
    "ce-source": Arm(
        title="Adadelta at 1, cross-entropy alone", choices={**OFF, "optimiser": "adadelta"}, hyper=SOURCE
    ),
    "mask": Arm(title="AdamW at 3e-4, + mask", choices={**OFF, **MASK}, hyper=LONGER),
    "all": Arm(title="AdamW at 3e-4, all terms", choices=ALL, hyper=LONGER),
    "all-source": Arm(title="Adadelta at 1, all terms", choices={**ALL, "optimiser": "adadelta"}, hyper=SOURCE),
}
"""Ways to move the weights, compared on inner parts."""

INNER_FOLDS = (0, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Where everything lies.

    Attributes:
        data: Folder of the real data.
        weights: ImageNet start of MobileNetV2; None for a random start.
        work: Folder for what is kept.
    """

    data: Path
    weights: Path | None
    work: Path

    def table(self, arm: Arm) -> LabelTable:
        """PH2 with the arm's classes."""
        return read_dataset(
            DataQuery(
                data=self.data / "derm/labels.csv",
                label="class",
                group="group_id",
                mask="mask",
                where={"set": ("ph2",)},
                merge=arm.merge,
            )
        )

    def candidate(self, name: str, fold: int) -> Path:
        """File of what a candidate says of the pictures kept apart inside."""
        return self.work / "choosing" / f"{name}-fold{fold}.npz"

    def outputs(self, name: str, fold: int, seed: int) -> Path:
        """File of what the networks of one training say."""
        return self.work / "heldout" / f"{name}-fold{fold}-seed{seed}.npz"


def train_fold(study: Study, name: str, fold: int, seed: int, host: PluginHost) -> None:
    """Train one arm for one fold, and keep what it says of the fold's pictures; nothing where that is there."""
    out = study.outputs(name, fold, seed)
    if out.exists():
        return
    arm = ARMS[name]
    table = study.table(arm)
    parts = outer_parts(table, fold)
    plan = plan_of(study, arm, study.work / "trainings" / out.stem, seed)
    learned = learn_members(plan, LESION_FOCUS, table, parts, host, _silent)[0]
    manifest = manifest_of(plan, table, f"ph2-{out.stem}")
    if arm.bundled:
        write_bundle(study.work / "bundles" / out.stem, manifest, learned.tensors, card=f"{arm.title}, fold {fold}.")
    _keep(
        out,
        {
            "classes": np.array(table.classes),
            **_centres(plan.work),
            **heldout(manifest, learned, parts[Part.CERTIFY]),
        },
    )
    shutil.rmtree(plan.work)  # checkpoints of a hundred trainings would fill a disk


def try_candidate(study: Study, name: str, host: PluginHost) -> None:
    """Train a candidate on inner parts, and keep what it says of the pictures kept apart inside."""
    arm = CANDIDATES[name]
    table = study.table(arm)
    for fold in INNER_FOLDS:
        out = study.candidate(name, fold)
        if out.exists():
            continue
        parts = inner_parts(table, fold)
        plan = plan_of(study, arm, study.work / "choosing" / f"{name}-fold{fold}", seed=0)
        learned = learn_members(plan, LESION_FOCUS, table, parts, host, _silent)[0]
        _keep(out, heldout(manifest_of(plan, table, "candidate"), learned, parts[Part.CERTIFY]))


def one_epoch(study: Study, network: str, host: PluginHost) -> None:
    """One epoch of a network with all terms as the recipe has them, timed; its losses, step by step, into a JSON."""
    arm = Arm(title=network, choices={}, hyper=replace(LESION_FOCUS.defaults, epochs=1, stop_early=False))
    table = study.table(arm)
    parts = outer_parts(table, 0)
    work = study.work / "networks" / network
    plan = replace(plan_of(study, arm, work, seed=0), architecture=network, input_size=LESION_FOCUS.input_size)
    sums: list[float] = []
    recipe = replace(LESION_FOCUS, objective=lambda context: _Recorded(LesionFocus(context), sums))
    learned = learn_members(plan, recipe, table, parts, host, _silent)[0]
    record = {
        "network": network,
        "pictures": len(parts[Part.TRAIN]),
        "seconds": learned.history[-1].seconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "losses": sums,
    }
    (study.work / "networks" / f"{network}.json").write_text(json.dumps(record, indent=1), encoding="utf-8")


class _Recorded(nn.Module):
    """An objective that writes down the sum of its terms at every step."""

    def __init__(self, objective: nn.Module, sums: list[float]) -> None:
        super().__init__()
        self.objective, self.sums = objective, sums

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, torch.Tensor]:
        terms: dict[str, torch.Tensor] = self.objective(network, batch)
        self.sums.append(float(sum(term.detach() for term in terms.values())))
        return terms


def outer_parts(table: LabelTable, fold: int) -> Parts:
    """The fold's pictures apart, all others train; the folds are those of the three classes, whatever was merged."""
    number = folds_of(table)
    parts: dict[Part, list[Sample]] = {part: [] for part in Part}
    for sample in table.samples:
        parts[Part.CERTIFY if number[sample.group] == fold else Part.TRAIN].append(sample)
    return parts


def inner_parts(table: LabelTable, fold: int) -> Parts:
    """Of the pictures outside the fold, a fifth apart and the others to train on: for choosing settings."""
    inner = outer_parts(table, fold)[Part.TRAIN]
    part_of = split_for_learning([s.label for s in inner], [s.group for s in inner], seed=FOLD_SEED + fold)
    parts: dict[Part, list[Sample]] = {part: [] for part in Part}
    for sample in inner:
        parts[Part.CERTIFY if part_of[sample.group] is Part.FIT else Part.TRAIN].append(sample)
    return parts


def folds_of(table: LabelTable) -> dict[str, int]:
    """Fold of every group. In PH2 the folder of a file is its diagnosis."""
    diagnoses = sorted({sample.path.parent.name for sample in table.samples})
    labels = [diagnoses.index(sample.path.parent.name) for sample in table.samples]
    return group_folds(labels, table.groups, FOLDS, FOLD_SEED)


def plan_of(study: Study, arm: Arm, work: Path, seed: int) -> TrainingPlan:
    """What `viewer train dermoscopy-lesion-focus` would be asked for."""
    return TrainingPlan(
        table=DataQuery(data=study.data / "derm/labels.csv"),
        description=Description(
            name="ph2", intended_use="A study.", licence="Research and education only.", modality=Modality.DERMOSCOPY
        ),
        architecture=NETWORK,
        start=study.weights,
        out=work / "bundle",
        work=work,
        input_size=SIDE,
        hyper=replace(arm.hyper, seed=seed),
        choices=arm.choices,
        device="cpu",
    )


def manifest_of(plan: TrainingPlan, table: LabelTable, name: str) -> Manifest:
    """Of a network of this training."""
    return Manifest(
        name=name,
        version="1",
        architecture=plan.architecture,
        classes=table.classes,
        modality=Modality.DERMOSCOPY,
        intended_use=plan.description.intended_use,
        licence=plan.description.licence,
        input_size=plan.input_size,
    )


def heldout(manifest: Manifest, learned: Learned, samples: Sequence[Sample]) -> dict[str, NDArray[Any]]:
    """What the network says of pictures it was not trained on.

    Returns:
        files, labels (n,); logits (n, K); maps (n, K, h, w) before any ReLU; features (n, D), all float32; masks
        bool (n, side, side).
    """
    network = next(one for one in built_in() if one.name == manifest.architecture).build(len(manifest.classes))
    network.load_state_dict({name: torch.from_numpy(t) for name, t in learned.tensors.items()}, strict=False)
    network.eval()
    trunk, pool, classifier = (network.get_submodule(part) for part in ("trunk", "pool", "classifier"))
    weights = network.get_parameter("classifier.1.weight")
    reader = Reader(1, print)
    found: dict[str, list[NDArray[Any]]] = {key: [] for key in ("logits", "maps", "features", "masks")}
    with torch.inference_mode():
        for item, picture in reader.read(samples):
            assert item.sample.mask is not None  # noqa: S101 - PH2 has one for every picture
            activations = trunk(network_input(square(picture, manifest), manifest)[None])
            features = pool(activations)
            found["features"].append(features[0].numpy())
            found["logits"].append(classifier(features)[0].numpy())
            found["maps"].append(class_maps(activations, weights)[0].numpy())
            found["masks"].append(read_mask(item.sample.mask, picture, manifest)[0].numpy() >= BRIGHT)
    return {
        "files": np.array([item.sample.path.name for item in reader.items]),
        "labels": np.array([item.sample.label for item in reader.items]),
        **{key: np.stack(values) for key, values in found.items()},
    }


def _centres(work: Path) -> dict[str, NDArray[Any]]:
    """The centres that were learned, where there are any, from the last checkpoint."""
    checkpoint = torch.load(work / CHECKPOINTS / LAST, map_location="cpu", weights_only=True)
    found = checkpoint["state_dict"].get("objective.centres.centres")
    return {} if found is None else {"centres": found.numpy()}


def _keep(out: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """Whole or not at all."""
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_suffix(".part.npz")
    np.savez_compressed(partial, allow_pickle=False, **arrays)
    partial.replace(out)


def _silent(_sentence: str) -> None:
    """Nobody is told how a training goes."""
