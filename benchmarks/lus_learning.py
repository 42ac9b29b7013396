"""Cross-validation on lung-ultrasound clips: a network for every fold and seed, and what it says of the others."""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lus_clips import FOLDS, LABELS, MANIFEST, STEP, LusClip, folds_of, read_clips
from numpy.typing import NDArray
from torch import Tensor, nn
from torchvision.transforms import v2
from viewer_second_opinion.network.recipes import FINDING, SEVERITY

from viewer.domain.recipe import Batch, Choices, Hyperparameters, TrainingContext
from viewer.engine.architectures import Architectures
from viewer.engine.preprocess import normalise
from viewer.training.augment import augmented, transform_for
from viewer.training.classifier import WeightedCrossEntropy

Values = NDArray[np.float32]

RECIPES = {"finding": FINDING, "severity": SEVERITY}

DRAWN = 6
"""Frames of every clip that an epoch is made of, drawn anew each time."""

AT_A_TIME = 32
"""Frames that go through the network together when it is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A network and how it learns, as anybody can ask `viewer train` for it.

    Attributes:
        choices: For the options of the recipes.
        hyper: Hyperparameters.
    """

    choices: Choices
    hyper: Hyperparameters


NETWORKS = {
    "whole": Network(choices={}, hyper=FINDING.defaults),
    "textures": Network(
        choices={"backbone": "mobilenet_v2_textures", "layers": "last"},
        hyper=Hyperparameters(epochs=15, batch=16, learning_rate=3e-3, weight_decay=0.1, class_weight_power=0.0),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One training.

    Attributes:
        task: `finding` or `severity`.
        network: One of `NETWORKS`.
        loss: Where the recipe offers several.
        seed: Of the folds and of everything drawn in the training.
        fold: Held out.
    """

    task: str
    network: str
    loss: str
    seed: int
    fold: int

    @property
    def name(self) -> str:
        """Of its files."""
        return f"{self.task}-{self.network}-{self.loss}-seed{self.seed}-fold{self.fold}"

    @property
    def choices(self) -> Choices:
        """For all options of the recipe."""
        own = {"loss": self.loss} if self.task == "severity" else {}
        return RECIPES[self.task].choose({**NETWORKS[self.network].choices, **own})

    @property
    def hyper(self) -> Hyperparameters:
        """Hyperparameters."""
        return NETWORKS[self.network].hyper


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Frames of clips, as a list.

    Attributes:
        clips: Index of the clip of each (n,).
        rows: Which of the clip's kept frames each is (n,).
    """

    clips: NDArray[np.intp]
    rows: NDArray[np.intp]


def learn(run: Run, data: Path, work: Path, weights: Path) -> None:
    """Train one network and keep what it says, unless that was done before.

    Kept are, of every frame of the clips held out, and of every fourth of the others: `clip` (index into `files`),
    `place` (frame number), `logits` float32 (n, K), `features` float16 (n, D), `held_out` bool (n,); and of the clips
    `files`, `groups`, `labels` and `moving`, which is false for stills.
    """
    out = work / "predictions" / f"{run.name}.npz"
    if out.exists():
        return
    started = time.monotonic()
    clips = read_clips(data, work / "frames", run.task)
    held_out = folds_of(clips, run.seed) == run.fold
    network = _started(run, weights)
    if RECIPES[run.task].frozen_for(run.choices):
        clips = _through_trunk(clips, network, work / "activations" / run.network)
    _train(run, network, [clip for clip, held in zip(clips, held_out, strict=True) if not held])
    kept = _kept_frames(clips, held_out)
    logits, features = _answers(network, clips, kept)
    labels, asked = np.array([clip.label for clip in clips]), held_out[kept.clips]
    right = logits.argmax(axis=1) == labels[kept.clips]
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = out.with_suffix(".part.npz")
    np.savez(
        draft,
        clip=kept.clips,
        place=kept.rows * STEP,
        logits=logits,
        features=features.astype(np.float16),
        held_out=asked,
        files=np.array([clip.file for clip in clips]),
        groups=np.array([clip.group for clip in clips]),
        labels=labels,
        moving=np.array([clip.moving for clip in clips]),
    )
    draft.replace(out)
    say(
        f"{run.name}: right on {right[asked].mean():.3f} of the frames held out, {right[~asked].mean():.3f} of the "
        f"others; {time.monotonic() - started:.0f} s"
    )


def _started(run: Run, weights: Path) -> nn.Module:
    """The recipe's network before it has learned anything, in evaluation."""
    torch.manual_seed(run.seed * FOLDS + run.fold)
    architecture = Architectures().get(RECIPES[run.task].architecture_for(run.choices))
    network: nn.Module = architecture.build(len(LABELS[run.task][1]))
    architecture.load_pretrained(network, weights)
    return network.to(memory_format=torch.channels_last).eval()


@torch.inference_mode()
def _through_trunk(clips: Sequence[LusClip], network: nn.Module, folder: Path) -> list[LusClip]:
    """The clips as a frozen trunk sees them; it is taken out of the network, and what it says kept in `folder`.

    The trunk is that of the ImageNet start in every run, so it looks at every frame once for all of them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    trunk, seen = network.get_submodule("trunk"), []
    for clip in clips:
        path = folder / f"{Path(clip.file).name}.npy"
        if not path.exists():
            parts = np.array_split(np.arange(len(clip.frames)), max(1, len(clip.frames) // AT_A_TIME))
            maps = [trunk(_stacked([_input(clip.frames[row]) for row in part])).half().numpy() for part in parts]
            np.save(path, np.concatenate(maps))
        seen.append(replace(clip, frames=np.load(path, mmap_mode="r")))
    network.add_module("trunk", nn.Identity())
    return seen


def _train(run: Run, network: nn.Module, clips: Sequence[LusClip]) -> None:
    """Let the network learn by the recipe, and leave it in evaluation."""
    recipe, hyper, rng = RECIPES[run.task], run.hyper, np.random.default_rng([run.seed, run.fold])
    classes = LABELS[run.task][1]
    labels = np.array([clip.label for clip in clips])[_drawn(clips, rng).clips]
    context = TrainingContext(
        network=network.train(),
        classes=classes,
        counts=tuple(np.bincount(labels, minlength=len(classes)).tolist()),
        hyper=hyper,
        choices=run.choices,
        steps_per_epoch=len(labels) // hyper.batch,
    )
    objective = (recipe.objective or WeightedCrossEntropy.for_training)(context)
    assert recipe.optimiser is not None  # noqa: S101 - both recipes have one
    steering = recipe.optimiser(context, list(network.parameters()))
    assert steering.schedule is not None  # noqa: S101 - the rate falls unless another is asked for
    transform = transform_for(recipe, MANIFEST, run.choices)
    for _ in range(hyper.epochs):
        for batch in _batches(clips, _drawn(clips, rng), transform, hyper.batch, rng):
            steering.optimiser.zero_grad(set_to_none=True)
            torch.autograd.backward([torch.stack(list(objective(network, batch).values())).sum()])
            steering.optimiser.step()
            steering.schedule.step()
    network.eval()


def _drawn(clips: Sequence[LusClip], rng: np.random.Generator) -> Places:
    """From every clip as many frames, one of each of as many equal stretches; fewer where it has fewer."""
    of, rows = [], []
    for index, clip in enumerate(clips):
        borders = np.linspace(0, len(clip.frames), min(DRAWN, len(clip.frames)) + 1)
        rows.append(rng.uniform(borders[:-1], borders[1:]).astype(np.intp))
        of.append(np.full(len(rows[-1]), index))
    return Places(clips=np.concatenate(of), rows=np.concatenate(rows))


def _batches(
    clips: Sequence[LusClip], drawn: Places, transform: v2.Transform | None, size: int, rng: np.random.Generator
) -> Iterator[Batch]:
    """Shuffled, every frame changed by itself; what does not fill the last batch is left out."""
    order = rng.permutation(len(drawn.clips))
    for start in range(0, len(order) - size + 1, size):
        chosen = order[start : start + size]
        frames = [clips[clip].frames[row] for clip, row in zip(drawn.clips[chosen], drawn.rows[chosen], strict=True)]
        inputs = [_input(_changed(frame, transform, rng)) for frame in frames]
        labels = torch.tensor([clips[clip].label for clip in drawn.clips[chosen]])
        yield Batch(inputs=_stacked(inputs), labels=labels)


def _changed(frame: NDArray[np.uint8], transform: v2.Transform | None, rng: np.random.Generator) -> NDArray[np.uint8]:
    if transform is None:
        return frame
    levels = torch.from_numpy(np.array(frame)).permute(2, 0, 1)
    changed, _ = augmented(levels, transform, seed=int(rng.integers(2**31)))
    return changed.permute(1, 2, 0).numpy()


def _kept_frames(clips: Sequence[LusClip], held_out: NDArray[np.bool_]) -> Places:
    """All frames of clips held out, every fourth of the others."""
    rows = [np.arange(0, len(clip.frames), 1 if held else 4) for clip, held in zip(clips, held_out, strict=True)]
    clip = np.repeat(np.arange(len(clips)), [len(one) for one in rows])
    return Places(clips=clip, rows=np.concatenate(rows))


@torch.inference_mode()
def _answers(network: nn.Module, clips: Sequence[LusClip], asked: Places) -> tuple[Values, Values]:
    """Logits (n, K) and features (n, D)."""
    trunk, pool, classifier = (network.get_submodule(part) for part in ("trunk", "pool", "classifier"))
    logits, features = [], []
    for start in range(0, len(asked.clips), AT_A_TIME):
        part = slice(start, start + AT_A_TIME)
        frames = [clips[clip].frames[row] for clip, row in zip(asked.clips[part], asked.rows[part], strict=True)]
        seen = pool(trunk(_stacked([_input(frame) for frame in frames])))
        features.append(seen.numpy())
        logits.append(classifier(seen).numpy())
    return np.concatenate(logits), np.concatenate(features)


def _input(frame: NDArray[Any]) -> Tensor:
    """What the network takes: a picture normalised, or a trunk's maps as they are; float32."""
    if frame.dtype == np.uint8:
        return torch.from_numpy(normalise(np.asarray(frame), MANIFEST))
    return torch.from_numpy(frame.astype(np.float32))


def _stacked(inputs: Sequence[Tensor]) -> Tensor:
    return torch.stack(list(inputs)).contiguous(memory_format=torch.channels_last)


def say(sentence: str) -> None:
    """Tell how far it is."""
    print(sentence, file=sys.stderr, flush=True)
