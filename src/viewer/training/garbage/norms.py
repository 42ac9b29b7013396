"""Batch norm that learns what is usual from proper pictures alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from torch import Tensor, cat, nn
from torch.nn import functional
from torch.nn.modules.batchnorm import _BatchNorm


@contextmanager
def proper_norms(network: nn.Module, proper: int, rows: int) -> Iterator[None]:
    """Within, batch norm in training is as if only the first `proper` of a batch of `rows` rows were in it.

    The others are normalised as they would be by the finished network, with the running statistics. A picture without
    its /255 is hundreds of times as bright as the others: in the statistics of its batch it would leave nothing of
    these, and the running statistics would be those of no picture at all.
    """
    norms = [] if proper == rows else [m for m in network.modules() if isinstance(m, _BatchNorm) and m.training]
    for norm in norms:
        norm.forward = partial(_normalised, norm, proper, rows)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for norm in norms:
            del norm.forward


def _normalised(norm: _BatchNorm, proper: int, rows: int, batch: Tensor) -> Tensor:
    usual = type(norm).forward
    if len(batch) != rows or norm.running_mean is None or norm.running_var is None:
        return usual(norm, batch)
    learnt = usual(norm, batch[:proper])
    mean, variance = norm.running_mean.clone(), norm.running_var.clone()  # the next batch changes them in place
    others = functional.batch_norm(batch[proper:], mean, variance, norm.weight, norm.bias, eps=norm.eps)
    return cat([learnt, others])
