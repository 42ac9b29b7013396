"""Cross-validation on lung-ultrasound clips: one network for every fold and seed, and what it says of the others."""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from lus_clips import LABELS, MANIFEST, STEP, LusClip, folds_of, read_clips
from numpy.typing import NDArray
from torch import Tensor, nn
from torchvision.transforms import v2
from viewer_second_opinion.network.recipes import FINDING, SEVERITY

from viewer.domain.recipe import Batch, Hyperparameters, TrainingContext, Value
from viewer.engine.architectures import Architectures
from viewer.engine.preprocess import normalise
from viewer.training.augment import augmented, transform_for
from viewer.training.classifier import WeightedCrossEntropy
from viewer.training.pictures import network_input

Values = NDArray[np.float32]

RECIPES = {"finding": FINDING, "severity": SEVERITY}

DRAWN = 6
"""Frames of every clip that an epoch is made of, drawn anew each time."""

HYPER = Hyperparameters(epochs=8, batch=16, learning_rate=1e-4, weight_decay=0.0)

AT_A_TIME = 32
"""Frames that go through the network together when it is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One training.

    Attributes:
        task: `finding` or `severity`.
        loss: Where the recipe offers several.
        seed: Of the folds and of everything drawn in the training.
        fold: Held out.
        member: Of networks that learn from the same clips.
    """

    task: str
    loss: str
    seed: int
    fold: int
    member: int = 0

    @property
    def name(self) -> str:
        """Of its files."""
        return f"{self.task}-{self.loss}-seed{self.seed}-fold{self.fold}-member{self.member}"

    @property
    def choices(self) -> dict[str, Value]:
        """For the options of the recipe."""
        return RECIPES[self.task].choose({"loss": self.loss} if self.task == "severity" else {})

    def random(self) -> np.random.Generator:
        """For all that is drawn."""
        return np.random.default_rng([self.seed, self.fold, self.member])


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
    network = _trained(run, [clip for clip, held in zip(clips, held_out, strict=True) if not held], weights)
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


def _trained(run: Run, clips: Sequence[LusClip], weights: Path) -> nn.Module:
    """The recipe's network after the last epoch."""
    rng, recipe, choices = run.random(), RECIPES[run.task], run.choices
    torch.manual_seed(int(rng.integers(2**31)))
    classes = LABELS[run.task][1]
    architecture = Architectures().get(recipe.architecture_for(choices))
    network: nn.Module = architecture.build(len(classes))
    architecture.load_pretrained(network, weights)
    network = network.to(memory_format=torch.channels_last).train()
    labels = np.array([clip.label for clip in clips])[_drawn(clips, rng).clips]
    context = TrainingContext(
        network=network,
        classes=classes,
        counts=tuple(np.bincount(labels, minlength=len(classes)).tolist()),
        hyper=HYPER,
        choices=choices,
        steps_per_epoch=len(labels) // HYPER.batch,
    )
    objective = (recipe.objective or WeightedCrossEntropy.for_training)(context)
    assert recipe.optimiser is not None  # noqa: S101 - both recipes have one
    steering = recipe.optimiser(context, list(network.parameters()))
    assert steering.schedule is not None  # noqa: S101 - the rate falls unless another is asked for
    transform = transform_for(recipe, MANIFEST, choices)
    assert transform is not None  # noqa: S101 - both recipes change frames
    for _ in range(HYPER.epochs):
        for batch in _batches(clips, _drawn(clips, rng), transform, rng):
            steering.optimiser.zero_grad(set_to_none=True)
            torch.autograd.backward([torch.stack(list(objective(network, batch).values())).sum()])
            steering.optimiser.step()
            steering.schedule.step()
    return network.eval()


def _drawn(clips: Sequence[LusClip], rng: np.random.Generator) -> Places:
    """From every clip as many frames, one of each of as many equal stretches; fewer where it has fewer."""
    of, rows = [], []
    for index, clip in enumerate(clips):
        borders = np.linspace(0, len(clip.frames), min(DRAWN, len(clip.frames)) + 1)
        rows.append(rng.uniform(borders[:-1], borders[1:]).astype(np.intp))
        of.append(np.full(len(rows[-1]), index))
    return Places(clips=np.concatenate(of), rows=np.concatenate(rows))


def _batches(
    clips: Sequence[LusClip], drawn: Places, transform: v2.Transform, rng: np.random.Generator
) -> Iterator[Batch]:
    """Shuffled, every frame changed by itself; what does not fill the last batch is left out."""
    order = rng.permutation(len(drawn.clips))
    for start in range(0, len(order) - HYPER.batch + 1, HYPER.batch):
        chosen = order[start : start + HYPER.batch]
        inputs = []
        for clip, row in zip(drawn.clips[chosen], drawn.rows[chosen], strict=True):
            levels = torch.from_numpy(np.array(clips[clip].frames[row])).permute(2, 0, 1)
            changed, _ = augmented(levels, transform, seed=int(rng.integers(2**31)))
            inputs.append(network_input(changed, MANIFEST))
        labels = torch.tensor([clips[clip].label for clip in drawn.clips[chosen]])
        yield Batch(inputs=_stacked(inputs), labels=labels)


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
        levels = [clips[clip].frames[row] for clip, row in zip(asked.clips[part], asked.rows[part], strict=True)]
        inputs = [torch.from_numpy(normalise(np.asarray(one), MANIFEST)) for one in levels]
        seen = pool(trunk(_stacked(inputs)))
        features.append(seen.numpy())
        logits.append(classifier(seen).numpy())
    return np.concatenate(logits), np.concatenate(features)


def _stacked(inputs: Sequence[Tensor]) -> Tensor:
    return torch.stack(list(inputs)).contiguous(memory_format=torch.channels_last)


def say(sentence: str) -> None:
    """Tell how far it is."""
    print(sentence, file=sys.stderr, flush=True)
