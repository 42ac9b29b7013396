"""A frozen trunk sees every picture once: its activations are kept, and an epoch costs what the head costs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from viewer.engine.device import pick_device
from viewer.training.learner import Learner
from viewer.training.loading import LabelledPictures, TrainingData
from viewer.training.processes import Processes
from viewer.training.saying import Passing, Say

KEPT_BYTES = 4 * 2**30
"""Activations that would take more are computed anew in every epoch."""

_BATCH = 16

_LARGEST = torch.finfo(torch.float16).max


@dataclass(frozen=True, slots=True)
class TrunkMemory:
    """What was taken out of the network while its head learns.

    Attributes:
        tensors: Of the trunk, by name in the network; empty where the trunk stayed where it was.
    """

    tensors: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, learner: Learner, data: TrainingData, processes: Processes, say: Say) -> "TrunkMemory":
        """Where the trunk is frozen and pictures are not augmented, let it see all of them now and take it out.

        The batches then hold its activations, float16 as the bundle's weights are, and it hands them on as they are.
        """
        if "trunk" not in learner.frozen or data.augments:
            return cls()
        trunk = learner.network.get_submodule("trunk")
        device = pick_device(processes.device, say)
        trunk.to(device)
        kept = [_activations(trunk, pictures, count, device, say) for pictures, count in data.unchanging]
        trunk.to("cpu")
        tensors = {
            f"trunk.{n}": t.numpy() for n, t in trunk.state_dict().items() if not n.endswith("num_batches_tracked")
        }
        if any(activations is None for activations in kept):
            say("what the frozen layers answer would take too much memory to be kept; every epoch computes it")
            return cls()
        data.show_activations([activations for activations in kept if activations is not None])
        learner.network.trunk = nn.Identity()
        return cls(tensors)


def _activations(
    trunk: nn.Module, pictures: LabelledPictures, count: int, device: torch.device, say: Say
) -> Tensor | None:
    """float16 (n, C, h, w) of `count` pictures, or None where they take too much memory or too large numbers.

    Of garbage, numbers are only cut off: a picture without its /255 may answer with any, and is taught none the less.
    """
    kept: Tensor | None = None
    for begin in range(0, count, _BATCH):
        rows = range(begin, min(begin + _BATCH, count))
        inputs = torch.stack([pictures.as_it_is(index) for index in rows]).to(device)
        with torch.inference_mode():
            maps = trunk(inputs.contiguous(memory_format=torch.channels_last)).cpu()
            maps[max(0, len(pictures) - begin) :].clamp_(-_LARGEST, _LARGEST)
            answers = maps.half()
        if kept is None:
            if count * answers[0].numel() * answers.element_size() > KEPT_BYTES:
                return None
            kept = torch.empty(count, *answers.shape[1:], dtype=torch.float16)
        kept[begin : rows.stop] = answers
        if not torch.isfinite(answers).all():
            return None
        say(Passing(f"the frozen layers look at picture {rows.stop} of {count}"))
    return torch.empty(0) if kept is None else kept
