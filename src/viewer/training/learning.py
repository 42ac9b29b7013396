"""The training loop: Lightning with a checkpoint per epoch, early stopping, and a word per epoch."""

import json
import logging
import time
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import torch
from lightning.fabric.utilities.warnings import PossibleUserWarning
from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.callbacks import EarlyStopping, EMAWeightAveraging, ModelCheckpoint
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from viewer.domain.errors import ViewerError
from viewer.training.loading import TrainingData
from viewer.training.pictures import Say
from viewer.training.plan import Hyperparameters

Tensors = Mapping[str, NDArray[Any]]

_HEARTBEAT_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """What one epoch came to.

    Attributes:
        number: Counted from 1.
        train_loss: On the training part, nats.
        stop_loss: On the stopping part, nats; None where that was trained on as well.
        stop_accuracy: Likewise, [0, 1].
    """

    number: int
    train_loss: float
    stop_loss: float | None = None
    stop_accuracy: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """The end of a training.

    Attributes:
        start: Where the starting weights came from, one sentence.
        tensors: Weights of the kept epoch, by name in the network, float32.
        history: Every epoch.
    """

    start: str
    tensors: Tensors
    history: tuple[Epoch, ...]

    @property
    def best(self) -> Epoch:
        """The epoch whose weights were kept: that with the lowest stopping loss, else the last one."""
        judged = [(epoch.stop_loss, epoch) for epoch in self.history if epoch.stop_loss is not None]
        return min(judged, key=lambda pair: pair[0])[1] if judged else self.history[-1]


class Chronicle(Callback):
    """Says how training goes and remembers every epoch, across interruptions."""

    def __init__(self, epochs: int, say: Say) -> None:
        self.history: list[Epoch] = []
        self._epochs = epochs
        self._say = say
        self._spoke = time.monotonic()

    def on_train_batch_end(self, trainer: Trainer, _module: LightningModule, *_: object) -> None:
        """Say where training stands, not more often than every twenty seconds."""
        if time.monotonic() - self._spoke < _HEARTBEAT_S:
            return
        self._spoke = time.monotonic()
        done = trainer.fit_loop.epoch_loop.batch_progress.current.completed
        self._say(f"epoch {trainer.current_epoch + 1}/{self._epochs}: step {done}/{trainer.num_training_batches}")

    def on_train_epoch_end(self, trainer: Trainer, _module: LightningModule) -> None:
        """Note the epoch."""
        known = trainer.callback_metrics
        figures = {name: float(known[name]) for name in ("train_loss", "stop_loss", "stop_accuracy") if name in known}
        epoch = Epoch(number=trainer.current_epoch + 1, **figures)
        self.history.append(epoch)
        self._spoke = time.monotonic()
        judged = (
            f", on the stopping groups loss {epoch.stop_loss:.3f}, accuracy {epoch.stop_accuracy:.3f}"
            if epoch.stop_loss is not None
            else ""
        )
        self._say(f"epoch {epoch.number}/{self._epochs}: training loss {epoch.train_loss:.3f}{judged}")

    def state_dict(self) -> dict[str, Any]:
        """The history, as plain numbers."""
        return {"history": [asdict(epoch) for epoch in self.history]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up the history of the interrupted training."""
        self.history = [Epoch(**epoch) for epoch in state_dict["history"]]


def learn(
    module: LightningModule,
    data: TrainingData,
    hyper: Hyperparameters,
    *,
    start: str,
    work: Path,
    device: str,
    say: Say,
) -> Learned:
    """Train `module`, or go on where an interrupted training in `work` stopped.

    Args:
        module: What a recipe built; it trains its `network` and logs `train_loss`, `stop_loss`, `stop_accuracy`.
        data: Training and stopping pictures.
        hyper: Hyperparameters.
        start: Where the starting weights came from, one sentence.
        work: Folder for checkpoints, used by this training alone.
        device: `auto`, `cpu` or `cuda`.
        say: Told every epoch.

    Raises:
        ViewerError: A checkpoint in `work` cannot be read.
    """
    checkpoints = work / "checkpoints"
    module.to(memory_format=torch.channels_last)
    chronicle = Chronicle(hyper.epochs, say)
    trainer = _trainer(hyper, chronicle, checkpoints, device)
    last = checkpoints / "last.ckpt"
    if last.exists():
        say("going on where the interrupted training stopped")
    _fit(trainer, module, data, last if last.exists() else None)
    if trainer.interrupted:
        raise ViewerError("training was interrupted; the same command goes on from the last finished epoch")
    kept = checkpoints / ("best.ckpt" if hyper.stop_early else "last.ckpt")
    return Learned(start=start, tensors=_kept_tensors(kept), history=tuple(chronicle.history))


def save_learned(learned: Learned, work: Path) -> None:
    """Keep a finished training in `work`, the history last: its presence says that the weights are complete."""
    save_file(dict(learned.tensors), work / "network.safetensors")
    story = {"start": learned.start, "epochs": [asdict(epoch) for epoch in learned.history]}
    (work / "history.json").write_text(json.dumps(story, indent=1), encoding="utf-8")


def load_learned(work: Path) -> Learned | None:
    """A finished training in `work`, or None."""
    if not (work / "history.json").exists():
        return None
    story = json.loads((work / "history.json").read_text(encoding="utf-8"))
    return Learned(
        start=story["start"],
        tensors=load_file(work / "network.safetensors"),
        history=tuple(Epoch(**epoch) for epoch in story["epochs"]),
    )


def _trainer(hyper: Hyperparameters, chronicle: Chronicle, checkpoints: Path, device: str) -> Trainer:
    # Lightning's own tips and hardware lines are not for the person who trains.
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    every_epoch = ModelCheckpoint(checkpoints, "last", save_on_train_epoch_end=True, enable_version_counter=False)
    callbacks: list[Callback] = [chronicle, every_epoch]
    if hyper.stop_early:
        callbacks += [
            EarlyStopping("stop_loss", patience=hyper.patience, check_on_train_epoch_end=True),
            ModelCheckpoint(
                checkpoints, "best", monitor="stop_loss", save_on_train_epoch_end=True, enable_version_counter=False
            ),
        ]
    if hyper.average:
        callbacks.append(EMAWeightAveraging(decay=hyper.average))
    return Trainer(
        accelerator={"cuda": "gpu"}.get(device, device),
        devices=1,
        precision=hyper.precision,
        max_epochs=hyper.epochs,
        callbacks=callbacks,
        reload_dataloaders_every_n_epochs=1,
        num_sanity_val_steps=0,
        logger=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        gradient_clip_val=5.0,
        default_root_dir=checkpoints.parent,
    )


def _fit(trainer: Trainer, module: LightningModule, data: TrainingData, checkpoint: Path | None) -> None:
    with warnings.catch_warnings():
        # Decoded pictures are in memory: worker processes would only copy them.
        warnings.simplefilter("ignore", PossibleUserWarning)
        # A folder with checkpoints is what going on after an interruption looks like.
        warnings.filterwarnings("ignore", message="Checkpoint directory .* exists and is not empty")
        # Without stopping groups there is nothing to validate on, and that is meant.
        warnings.filterwarnings("ignore", message="Total length of `list` across ranks is zero")
        # Lightning's own business with newer versions of torch.
        warnings.filterwarnings("ignore", message=".*LeafSpec", category=FutureWarning)
        try:
            trainer.fit(module, datamodule=data, ckpt_path=checkpoint, weights_only=True)
        except (OSError, EOFError, RuntimeError, UnpicklingError) as error:
            if checkpoint is None:
                raise
            raise ViewerError(f"{checkpoint}: training cannot go on from this checkpoint") from error


def _kept_tensors(checkpoint: Path) -> dict[str, NDArray[np.float32]]:
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)["state_dict"]
    prefix = "network."
    return {
        name.removeprefix(prefix): tensor.contiguous().numpy()
        for name, tensor in state.items()
        if name.startswith(prefix) and not name.endswith("num_batches_tracked")
    }
