"""The training loop: Lightning with checkpoints that survive a kill, early stopping, and a word per epoch."""

import json
import logging
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from lightning.fabric.utilities.warnings import PossibleUserWarning
from lightning.pytorch import Callback, Trainer
from lightning.pytorch.callbacks import EMAWeightAveraging
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from viewer.domain.errors import ViewerError
from viewer.domain.recipe import Hyperparameters
from viewer.training.activations import TrunkMemory
from viewer.training.chronicle import (
    BEST,
    CHECKPOINTS,
    LAST,
    Chronicle,
    Epoch,
    WholeCheckpoints,
    as_numbers,
    best_of,
    is_over,
    replace_text,
)
from viewer.training.learner import Learner
from viewer.training.loading import TrainingData
from viewer.training.pictures import Say
from viewer.training.processes import Processes

Tensors = Mapping[str, NDArray[Any]]


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
        return best_of(self.history)


def learn(
    learner: Learner,
    data: TrainingData,
    *,
    start: str,
    work: Path,
    processes: Processes,
    say: Say,
) -> Learned:
    """Train `learner`, or go on where an interrupted training in `work` stopped.

    Args:
        learner: The network with its recipe.
        data: Training and stopping pictures.
        start: Where the starting weights came from, one sentence.
        work: Folder for checkpoints, used by this training alone.
        processes: What trains together, and on what.
        say: Told every epoch.

    Raises:
        ViewerError: A checkpoint in `work` cannot be read, or the recipe fails.
    """
    hyper, folder = learner.context.hyper, work / CHECKPOINTS
    memory = TrunkMemory.of(learner, data, processes, say)
    learner.to(memory_format=torch.channels_last)
    chronicle = Chronicle(hyper, work, say)
    data.resume_with(chronicle)
    learner.stop_pictures = data.stop_pictures
    last = folder / LAST
    if last.exists():
        chronicle.load_state_dict(_read(last)["callbacks"][chronicle.state_key])
    if not is_over(chronicle.history, hyper):
        trainer = _trainer(hyper, chronicle, processes)
        if last.exists():
            say("going on where the interrupted training stopped")
        _fit(trainer, learner, data, last if last.exists() else None)
        if trainer.interrupted:
            raise ViewerError("training was interrupted; the same command goes on from the last checkpoint")
    tensors = {**memory.tensors, **_kept_tensors(folder / (BEST if hyper.stop_early else LAST))}
    return Learned(start=start, tensors=tensors, history=tuple(chronicle.history))


def save_learned(learned: Learned, work: Path) -> None:
    """Keep a finished training in `work`, the history last: its presence says that the weights are complete."""
    save_file(dict(learned.tensors), work / "network.safetensors")
    epochs = [{k: v for k, v in as_numbers(epoch).items() if k != "seconds"} for epoch in learned.history]
    replace_text(work / "history.json", json.dumps({"start": learned.start, "epochs": epochs}, indent=1))


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


def _trainer(hyper: Hyperparameters, chronicle: Chronicle, processes: Processes) -> Trainer:
    # Lightning's own tips and hardware lines are not for the person who trains.
    for library in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(library).setLevel(logging.ERROR)
    callbacks: list[Callback] = [chronicle]
    if hyper.average:
        callbacks.append(EMAWeightAveraging(decay=hyper.average))
    return Trainer(
        accelerator={"cuda": "gpu"}.get(processes.device, processes.device),
        devices=processes.devices,
        num_nodes=processes.nodes,
        strategy=processes.strategy,
        precision=hyper.precision,
        max_epochs=hyper.epochs,
        callbacks=callbacks,
        plugins=[WholeCheckpoints()],
        reload_dataloaders_every_n_epochs=1,
        use_distributed_sampler=False,  # the pictures come in shares already
        num_sanity_val_steps=0,
        logger=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        gradient_clip_val=5.0,
        default_root_dir=chronicle.folder,
    )


def _fit(trainer: Trainer, learner: Learner, data: TrainingData, checkpoint: Path | None) -> None:
    with warnings.catch_warnings():
        # Decoded pictures are in memory, and what is frozen is in evaluation: both are meant.
        warnings.simplefilter("ignore", PossibleUserWarning)
        # Without stopping groups there is nothing to validate on, and that is meant.
        warnings.filterwarnings("ignore", message="Total length of `list` across ranks is zero")
        # Lightning's own business with newer versions of torch.
        warnings.filterwarnings("ignore", message=".*LeafSpec", category=FutureWarning)
        trainer.fit(learner, datamodule=data, ckpt_path=checkpoint, weights_only=True)


def _read(checkpoint: Path) -> dict[str, Any]:
    """A checkpoint of this training.

    Raises:
        ViewerError: It is none.
    """
    try:
        state: dict[str, Any] = torch.load(checkpoint, map_location="cpu", weights_only=True)
        if state.keys() >= {"state_dict", "learner", "callbacks"}:
            return state
    except (OSError, EOFError, RuntimeError, UnpicklingError) as error:
        raise ViewerError(f"{checkpoint}: training cannot go on from this checkpoint") from error
    raise ViewerError(f"{checkpoint}: training cannot go on from this checkpoint")


def _kept_tensors(checkpoint: Path) -> dict[str, NDArray[Any]]:
    prefix = "network."
    return {
        name.removeprefix(prefix): tensor.contiguous().numpy()
        for name, tensor in _read(checkpoint)["state_dict"].items()
        if name.startswith(prefix) and not name.endswith("num_batches_tracked")
    }
