"""What every epoch came to: remembered across interruptions, said, and written down beside the checkpoints."""

import csv
import io
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from lightning.fabric.plugins import TorchCheckpointIO
from lightning.pytorch import LightningModule, Trainer
from lightning.pytorch.callbacks import Checkpoint

from viewer.domain.recipe import Hyperparameters
from viewer.training.learner import Learner
from viewer.training.saying import Passing, Say

CHECKPOINTS, LAST, BEST, LOG = "checkpoints", "last.ckpt", "best.ckpt", "log.csv"

KEEP_EVERY_S = 180.0
"""Longest time between two checkpoints, where an epoch takes longer."""

GLIMPSE_S = 0.5
"""Between two sentences about progress."""

ASK_EVERY = 25
"""Steps between two looks at the clock: all processes must agree, which costs them a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """What one epoch came to.

    Attributes:
        number: Counted from 1.
        train_loss: On the training part, the sum of the terms.
        stop_loss: On the stopping part, what decides which epoch is best; None where that was trained on as well.
        stop_accuracy: Likewise, [0, 1].
        terms: Every loss term on the training part, by name.
        learning_rate: Of the last step.
        seconds: It took, all sittings together; no part of what is compared.
    """

    number: int
    train_loss: float
    stop_loss: float | None = None
    stop_accuracy: float | None = None
    terms: dict[str, float] = field(default_factory=dict)
    learning_rate: float = 0.0
    seconds: float = field(default=0.0, compare=False)


def best_of(history: list[Epoch] | tuple[Epoch, ...]) -> Epoch:
    """The first epoch with the lowest stopping loss, else the last one."""
    judged = [epoch for epoch in history if epoch.stop_loss is not None]
    return min(judged, key=lambda epoch: epoch.stop_loss or 0.0) if judged else history[-1]


def is_over(history: list[Epoch], hyper: Hyperparameters) -> bool:
    """Whether all epochs are done, or the last `patience` of them brought nothing."""
    if not history:
        return False
    fruitless = hyper.stop_early and history[-1].number - best_of(history).number >= hyper.patience
    return history[-1].number >= hyper.epochs or fruitless


class Chronicle(Checkpoint):
    """Says how training goes, remembers every epoch, and writes checkpoints: of every epoch, and of long ones midway.

    The weights of the best epoch are written before the checkpoint that knows of them: a training killed in between
    repeats the epoch, and writes the same weights again.

    Args:
        hyper: Says when training is over.
        folder: Gets the log, and a folder of checkpoints.
        say: Told every epoch.

    Attributes:
        folder: As given.
        history: Every finished epoch.
        done: Steps of the epoch at hand that a resumed training need not repeat.
    """

    def __init__(self, hyper: Hyperparameters, folder: Path, say: Say) -> None:
        self.history: list[Epoch] = []
        self.done = 0
        self._hyper = hyper
        self.folder = folder
        self._say = say
        self._before_s = 0.0
        self._began = self._kept = self._spoke = time.monotonic()
        self._first = 0

    def on_train_start(self, trainer: Trainer, _module: LightningModule) -> None:
        """Write the log as it stands, so that it fits the checkpoint whatever was written after it."""
        self._began = self._kept = time.monotonic()
        self._first = self.done
        if self.history and trainer.is_global_zero:
            write_log(self.history, self.folder / LOG)

    def on_train_epoch_start(self, _trainer: Trainer, _module: LightningModule) -> None:
        """Start the clock."""
        self._before_s, self._began, self._first, self.done = 0.0, time.monotonic(), 0, 0

    def on_train_batch_end(self, trainer: Trainer, _module: LightningModule, *_: object) -> None:
        """Say where training stands, and keep it where the last checkpoint is long ago."""
        step = trainer.fit_loop.epoch_loop.batch_progress.current.ready
        steps = int(trainer.num_training_batches)
        now = time.monotonic()
        if now - self._spoke >= GLIMPSE_S:
            self._spoke = now
            left = (now - self._began) / (step - self._first) * (steps - step + steps * self._epochs_left(trainer))
            self._say(Passing(f"epoch {self._number(trainer)}: step {step}/{steps}, {in_words(left)} left at most"))
        due = step % ASK_EVERY == 0 and step < steps and trainer.strategy.broadcast(now - self._kept >= KEEP_EVERY_S)
        if due:
            self.done = step
            self._keep(trainer, LAST)

    def on_train_epoch_end(self, trainer: Trainer, module: LightningModule) -> None:
        """Note the epoch, keep the weights if they are the best, and keep everything."""
        assert isinstance(module, Learner)  # noqa: S101 - nothing else is trained here
        terms = module.terms()
        epoch = Epoch(
            number=trainer.current_epoch + 1,
            train_loss=sum(terms.values()),
            terms=terms,
            learning_rate=module.rate,
            seconds=self._elapsed(),
            **module.judged,
        )
        self.history.append(epoch)
        self.done = 0
        trainer.should_stop = trainer.should_stop or is_over(self.history, self._hyper)
        if self._hyper.stop_early and best_of(self.history) is epoch:
            self._keep(trainer, BEST)
        self._keep(trainer, LAST)
        if trainer.is_global_zero:
            write_log(self.history, self.folder / LOG)
        self._spoke = time.monotonic()
        judged = (
            f", on the stopping groups loss {epoch.stop_loss:.3f}, accuracy {epoch.stop_accuracy:.3f}"
            if epoch.stop_loss is not None
            else ""
        )
        parts = ", ".join(f"{name} {value:.3f}" for name, value in terms.items()) if len(terms) > 1 else ""
        self._say(
            f"epoch {epoch.number}/{self._hyper.epochs}: training loss {epoch.train_loss:.3f}"
            f"{f' ({parts})' if parts else ''}{judged}"
        )

    def state_dict(self) -> dict[str, Any]:
        """The history, and where in an epoch this is, as plain numbers."""
        return {
            "history": [as_numbers(epoch) for epoch in self.history],
            "done": self.done,
            "seconds": self._elapsed(),
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up the history of the interrupted training."""
        self.history = [Epoch(**epoch) for epoch in state_dict["history"]]
        self.done = state_dict["done"]
        self._before_s = state_dict["seconds"] if self.done else 0.0

    def _elapsed(self) -> float:
        return self._before_s + time.monotonic() - self._began

    def _epochs_left(self, trainer: Trainer) -> int:
        """After the one at hand, if it is not ended early."""
        return self._hyper.epochs - trainer.current_epoch - 1

    def _number(self, trainer: Trainer) -> str:
        return f"{trainer.current_epoch + 1}/{self._hyper.epochs}"

    def _keep(self, trainer: Trainer, name: str) -> None:
        trainer.save_checkpoint(self.folder / CHECKPOINTS / name)
        self._kept = time.monotonic()


def as_numbers(epoch: Epoch) -> dict[str, Any]:
    """The epoch as plain numbers; `Epoch(**…)` is the way back."""
    names = ("number", "train_loss", "stop_loss", "stop_accuracy", "terms", "learning_rate", "seconds")
    return {name: getattr(epoch, name) for name in names}


def write_log(history: list[Epoch], path: Path) -> None:
    """Write one row per epoch as CSV."""
    terms = list(dict.fromkeys(name for epoch in history for name in epoch.terms))
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["epoch", "train_loss", *terms, "stop_loss", "stop_accuracy", "learning_rate", "seconds"])
    for epoch in history:
        judged = ["" if value is None else repr(value) for value in (epoch.stop_loss, epoch.stop_accuracy)]
        losses = [repr(epoch.terms[name]) if name in epoch.terms else "" for name in terms]
        rest = [repr(epoch.learning_rate), f"{epoch.seconds:.2f}"]
        table.writerow([epoch.number, repr(epoch.train_loss), *losses, *judged, *rest])
    replace_text(path, text.getvalue())


def replace_text(path: Path, text: str) -> None:
    """Write a file at once: a reader finds the old one or the new one, never a part of it."""
    partial = path.with_name(f"{path.name}.part")
    partial.write_text(text, encoding="utf-8", newline="")
    partial.replace(path)


def in_words(seconds: float) -> str:
    """A time in the unit a person would name it in."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


class WholeCheckpoints(TorchCheckpointIO):
    """Writes a checkpoint beside the one it replaces: a kill or a full disk leaves the old one as it was."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: Any, storage_options: Any = None) -> None:  # noqa: ANN401 - Lightning's
        """Write, make sure that it is on the disk, and put it into its place."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.part")
        with partial.open("wb") as file:
            torch.save(checkpoint, file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
