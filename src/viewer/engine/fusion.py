"""Folding BatchNorm into the convolution before it: the same function with fewer passes over memory."""

import itertools
from collections import Counter
from collections.abc import Iterator

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval
from torchvision.models.resnet import BasicBlock, Bottleneck


def fuse_batch_norm(network: nn.Module, keep: frozenset[str] = frozenset()) -> None:
    """Fold every BatchNorm that certainly follows a convolution, in place; the network must be in eval mode.

    Args:
        network: Its answers change by rounding only.
        keep: Names of modules that are tapped: their outputs must keep their meaning.
    """
    uses = Counter(id(module) for _, module in network.named_modules(remove_duplicate=False))
    for name, parent in list(network.named_modules()):
        for conv_name, norm_name in _pairs(parent):
            conv, norm = parent.get_submodule(conv_name), parent.get_submodule(norm_name)
            shared = uses[id(conv)] > 1 or uses[id(norm)] > 1
            if shared or keep & {_path(name, conv_name), _path(name, norm_name)}:
                continue
            setattr(parent, conv_name, fuse_conv_bn_eval(conv, norm))
            setattr(parent, norm_name, nn.Identity().eval())


def _pairs(parent: nn.Module) -> Iterator[tuple[str, str]]:
    """Names of children (convolution, norm) of which the second takes the first's output."""
    names = list(parent._modules)
    if type(parent).forward is nn.Sequential.forward:
        candidates = list(itertools.pairwise(names))
    elif isinstance(parent, BasicBlock | Bottleneck):
        candidates = [("conv1", "bn1"), ("conv2", "bn2"), ("conv3", "bn3")]
    else:
        candidates = []
    for conv, norm in candidates:
        if isinstance(parent._modules.get(conv), nn.Conv2d) and isinstance(parent._modules.get(norm), nn.BatchNorm2d):
            yield conv, norm


def _path(parent: str, child: str) -> str:
    return f"{parent}.{child}" if parent else child
