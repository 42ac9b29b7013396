"""What Lightning trains, the same for every recipe: steps, the loss on the stopping pictures, what is frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from lightning.pytorch import LightningModule
from lightning.pytorch.utilities.types import OptimizerLRScheduler
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR, ReduceLROnPlateau

from viewer.domain.errors import ViewerError
from viewer.domain.recipe import Batch, Recipe, Steering, TrainingContext, logits_of
from viewer.host.guard import blamed
from viewer.training.classifier import WeightedCrossEntropy, warm_up_then_cosine
from viewer.training.garbage.norms import proper_norms
from viewer.training.recipe import frozen_parts
from viewer.training.temperature import fit_temperature, negative_log_likelihood

_RANK_STRIDE = 7_919
"""Between the seeds of the processes of one step, so that they do not draw the same dropout."""


class Learner(LightningModule):
    """Trains a `viewer.protocols.Network` by a recipe.

    Attributes:
        network: What is trained.
        objective: What the recipe made of the context; its parameters are trained too.
        frozen: Names of the parts that are not trained.
        stop_pictures: Of all processes; who gives the pictures says how many.
        judged: On the stopping pictures of the last epoch, `stop_loss` and `stop_accuracy`; empty without any.

    Args:
        recipe: How the network learns.
        context: What the recipe may know; it holds the network.

    Raises:
        ViewerError: The recipe fails, or freezes what the network does not have.
    """

    def __init__(self, recipe: Recipe, context: TrainingContext) -> None:
        super().__init__()
        self.network = context.network
        self.recipe = recipe
        self.context = context
        with blamed(f"the recipe {recipe.name}, asked for its objective,"):
            self.objective = (recipe.objective or WeightedCrossEntropy.for_training)(context)
        self.frozen = frozen_parts(recipe, context.choices)
        if not isinstance(self.objective, nn.Module):
            raise ViewerError(f"the recipe {recipe.name} made its objective a {type(self.objective).__name__}")
        for name in self.frozen:
            self._part(name).requires_grad_(False)
        self.stop_pictures = 0
        self.judged: dict[str, float] = {}
        self._means = _Means()
        self._stopping: list[tuple[Tensor, Tensor]] = []
        self._stop_means = _Means()
        self._rate = 0.0
        self._by_epoch: LambdaLR | ReduceLROnPlateau | Any | None = None
        self._by_epoch_state: dict[str, Any] | None = None
        self.train()

    def train(self, mode: bool = True) -> "Learner":
        """Switch to training, except for what is frozen: its batch norm and dropout stay in evaluation."""
        super().train(mode)
        for name in self.frozen:
            self._part(name).eval()
        return self

    def on_train_epoch_start(self) -> None:
        """Begin to count anew."""
        self.judged = {}
        self._means = _Means()

    def on_train_batch_start(self, _batch: Batch, _index: int) -> None:
        """Seed dropout by the step, so that a resumed training draws what an uninterrupted one would."""
        torch.manual_seed(self.context.hyper.seed * 1_000_003 + self.global_step + _RANK_STRIDE * self.global_rank)

    def training_step(self, batch: Batch, _index: int) -> Tensor:
        """Sum of the objective's terms."""
        proper = int((batch.labels < self.context.known).sum())
        with proper_norms(self.network, proper, len(batch)):  # garbage comes last in every batch
            terms = self._terms(batch)
        self._means.add(terms, len(batch))
        self._rate = float(self.trainer.optimizers[0].param_groups[0]["lr"])
        return torch.stack([term.float() for term in terms.values()]).sum()

    def validation_step(self, batch: Batch, _index: int) -> None:
        """Keep the logits of the stopping groups."""
        batch = _channels_last(batch)
        logits = logits_of(self.network, batch.inputs)[:, : self.context.known].float()
        self._stopping.append((logits, batch.labels))
        if self.recipe.judge == "objective":
            self._stop_means.add(self._terms(batch), len(batch))

    def on_validation_epoch_end(self) -> None:
        """Loss at the best temperature, and accuracy, on all stopping pictures.

        The bundle gets a temperature of its own, so an epoch must not be preferred for being less sure of itself:
        late epochs rank better and are only overconfident.
        """
        logits, labels = (self._of_all(torch.cat(parts)) for parts in zip(*self._stopping, strict=True))
        self._stopping.clear()
        answers, truth = logits.cpu().numpy(), labels.cpu().numpy()
        loss = negative_log_likelihood(answers, truth, fit_temperature(answers, truth))
        if self.recipe.judge == "objective":
            loss = sum(self._stop_means.over_all(self).values())
            self._stop_means = _Means()
        self.judged = {"stop_loss": float(loss), "stop_accuracy": float((answers.argmax(axis=1) == truth).mean())}

    def on_train_epoch_end(self) -> None:
        """Let a schedule by epochs take its step: before the checkpoint is written, so that it is in there."""
        if isinstance(self._by_epoch, ReduceLROnPlateau):
            self._by_epoch.step(self.judged.get("stop_loss", sum(self.terms().values())))
        elif self._by_epoch is not None:
            self._by_epoch.step()

    def terms(self) -> dict[str, float]:
        """Mean of every term over the pictures of this epoch so far, of all processes; all of them must ask."""
        return self._means.over_all(self)

    @property
    def rate(self) -> float:
        """Learning rate of the last step."""
        return self._rate

    def configure_optimizers(self) -> OptimizerLRScheduler:
        """The recipe's own, else AdamW under a warm-up and a cosine, stepped after every batch."""
        parameters = [parameter for parameter in self.parameters() if parameter.requires_grad]
        if not parameters:
            raise ViewerError(f"the recipe {self.recipe.name} freezes everything, so there is nothing to train")
        steering = self._steering(parameters)
        if steering.schedule is None:
            return steering.optimiser
        if steering.every == "step":
            return {
                "optimizer": steering.optimiser,
                "lr_scheduler": {"scheduler": steering.schedule, "interval": "step"},
            }
        # Lightning steps these after the checkpoint of the epoch, which then would not know of it.
        self._by_epoch = steering.schedule
        if self._by_epoch_state is not None:
            self._by_epoch.load_state_dict(self._by_epoch_state)
        return steering.optimiser

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Keep what Lightning does not know of."""
        checkpoint["learner"] = {
            "means": self._means.state(),
            "rate": self._rate,
            "by_epoch": None if self._by_epoch is None else self._by_epoch.state_dict(),
        }

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Take it up again."""
        kept = checkpoint["learner"]
        self._means = _Means.of(kept["means"])
        self._rate = kept["rate"]
        self._by_epoch_state = kept["by_epoch"]
        if self._by_epoch is not None:
            self._by_epoch.load_state_dict(self._by_epoch_state)

    def _steering(self, parameters: Sequence[nn.Parameter]) -> Steering:
        hyper = self.context.hyper
        if self.recipe.optimiser is None:
            optimiser = torch.optim.AdamW(parameters, lr=hyper.learning_rate, weight_decay=hyper.weight_decay)
            return Steering(
                optimiser=optimiser, schedule=LambdaLR(optimiser, warm_up_then_cosine(self.context.steps))
            )
        with blamed(f"the recipe {self.recipe.name}, asked for its optimiser,"):
            steering = self.recipe.optimiser(self.context, parameters)
        if not isinstance(steering, Steering):
            raise ViewerError(f"the recipe {self.recipe.name} made its optimiser a {type(steering).__name__}")
        return steering

    def _terms(self, batch: Batch) -> dict[str, Tensor]:
        """The objective's answer to a batch, checked.

        Raises:
            ViewerError: It raised, or gave something else than named finite numbers.
        """
        recipe = self.recipe.name
        with blamed(f"the objective of the recipe {recipe}"):
            terms = self.objective(self.network, _channels_last(batch))
        if not isinstance(terms, Mapping) or not terms:
            raise ViewerError(f"the objective of the recipe {recipe} gave {_kind(terms)} instead of named losses")
        for name, term in terms.items():
            if not isinstance(name, str) or not isinstance(term, Tensor) or term.ndim != 0:
                raise ViewerError(f"the objective of the recipe {recipe} gave {_kind(term)} as its loss {name!r}")
            if not torch.isfinite(term):
                raise ViewerError(f"the objective of the recipe {recipe} gave a loss {name} that is not finite")
        return dict(terms)

    def _of_all(self, own: Tensor) -> Tensor:
        """Rows of all processes in the order of the pictures; process r of n holds every n-th one from r on."""
        if self.trainer.world_size == 1:
            return own
        shares: Tensor = self.all_gather(own)  # type: ignore[assignment]
        return shares.transpose(0, 1).flatten(0, 1)[: self.stop_pictures]

    def _part(self, name: str) -> nn.Module:
        try:
            return self.network.get_submodule(name)
        except AttributeError as error:
            raise ViewerError(f"the network has no part {name!r} to be frozen") from error


class _Means:
    """Running means of named terms over pictures."""

    def __init__(self) -> None:
        self._sums: dict[str, float] = {}
        self._pictures = 0

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "_Means":
        """From what `state` returned."""
        means = cls()
        means._sums, means._pictures = dict(state["sums"]), state["pictures"]
        return means

    def state(self) -> dict[str, Any]:
        """Plain numbers."""
        return {"sums": dict(self._sums), "pictures": self._pictures}

    def add(self, terms: Mapping[str, Tensor], pictures: int) -> None:
        """Take in the terms of a batch.

        Raises:
            ViewerError: They are not those of the batches before.
        """
        if self._sums and self._sums.keys() != terms.keys():
            raise ViewerError("the objective must give losses of the same names for every batch")
        for name, term in terms.items():
            self._sums[name] = self._sums.get(name, 0.0) + float(term.detach()) * pictures
        self._pictures += pictures

    def over_all(self, learner: LightningModule) -> dict[str, float]:
        """Means over the pictures of all processes."""
        totals = torch.tensor([self._pictures, *self._sums.values()], dtype=torch.float64)
        if learner.trainer.world_size > 1:
            totals = learner.trainer.strategy.reduce(totals.to(learner.device), reduce_op="sum").cpu()
        pictures, *sums = totals.tolist()
        return {name: total / pictures for name, total in zip(self._sums, sums, strict=True)}


def _channels_last(batch: Batch) -> Batch:
    # Convolutions are about a third faster in this layout on CPUs with AVX-512 and on GPUs.
    return replace(batch, inputs=batch.inputs.contiguous(memory_format=torch.channels_last))


def _kind(value: object) -> str:
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    return "no losses" if isinstance(value, Mapping) else f"a {type(value).__name__}"
