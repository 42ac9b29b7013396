"""From a bundle to a network that is ready to be asked."""

import torch

from viewer.domain.errors import BundleRefused, ViewerError
from viewer.engine.architectures import Architectures
from viewer.engine.architectures.ensemble import Ensemble
from viewer.engine.bundle import Bundle
from viewer.engine.capture import TappedNetwork
from viewer.engine.fusion import fuse_batch_norm
from viewer.engine.tensors import load_arrays


def load_network(bundle: Bundle, architectures: Architectures, samples: int) -> TappedNetwork:
    """Build the bundle's network on the CPU, in evaluation mode, frozen, and try it once.

    Args:
        bundle: Weights and manifest.
        architectures: Where to find the architecture.
        samples: Dropout samples of the head.

    Raises:
        BundleRefused: Unknown architecture, tensors that do not fit it, tap layers it does not have, or a network
            that does not answer with one finite logit for each class (and one more where it knows garbage).
    """
    manifest = bundle.manifest
    try:
        architecture = architectures.get(manifest.architecture)
    except ViewerError as error:
        raise BundleRefused(bundle.path, reason=error.reason) from error
    network = architecture.build(manifest.outputs)
    load_arrays(network, bundle.weights(), bundle.path)
    network.eval()
    stem, middle = manifest.stem or architecture.stem, manifest.middle or architecture.middle
    fuse_batch_norm(network, keep=frozenset({f"trunk.{stem}", f"trunk.{middle}"}))
    network.to(memory_format=torch.channels_last)
    try:
        tapped = TappedNetwork(
            network,
            classes=len(manifest.classes),
            stem=stem,
            middle=middle,
            gap_linear=architecture.gap_linear,
            samples=samples,
            members=architecture.members if isinstance(architecture, Ensemble) else 1,
        )
    except AttributeError as error:
        raise BundleRefused(bundle.path, reason=f"the network has no tap layer {stem} or {middle}") from error
    if manifest.mask_shows and not tapped.draws_masks:
        raise BundleRefused(bundle.path, reason=f"{manifest.architecture} draws no mask of {manifest.mask_shows}")
    _try_out(tapped, bundle)
    return tapped


def _try_out(network: TappedNetwork, bundle: Bundle) -> None:
    """Run noise through the network once; a head that is not what its architecture says is treated as any other."""
    side, outputs = bundle.manifest.input_size, bundle.manifest.outputs
    noise = torch.randn(1, 3, side, side, generator=torch.Generator().manual_seed(0))
    try:
        with torch.inference_mode():
            activations = network.trunk(noise.contiguous(memory_format=torch.channels_last))
            answer = network.after_trunk(activations)
    except RuntimeError as error:
        raise BundleRefused(bundle.path, reason=f"the network cannot take an input of {side} pixels") from error
    if answer.shape != (1, outputs) or not torch.isfinite(answer).all():
        raise BundleRefused(bundle.path, reason=f"the network does not answer with {outputs} finite logits")
    if network.linear is not None:
        pooled = network.linear(activations.mean(dim=(2, 3)))
        if not torch.allclose(pooled, answer, rtol=1e-3, atol=1e-3):
            network.linear = None
