"""Builds the engine of a model: its network on the device of the settings."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from viewer.engine.bundle import Bundle
from viewer.host.discovery import PluginHost
from viewer.settings import Settings

if TYPE_CHECKING:
    from viewer.engine.opening import AnyEngine


def build_engine(
    bundle: Bundle, host: PluginHost, settings: Settings, *, remembering: bool, notify: Callable[[str], None]
) -> "AnyEngine":
    """Build it; imports torch.

    Args:
        bundle: The model.
        host: Loaded plugins, which may offer its network.
        settings: Device, memory and dropout samples.
        remembering: Whether it keeps evidence: only where frames may be asked for twice, for finding it again costs
            a hash of their pixels.
        notify: Told in one sentence what is not as it was wished for.

    Raises:
        BundleRefused: The network cannot be built from the bundle.
    """
    # Imported here, not above: torch takes seconds, and the window paints its first image without it.
    from viewer.engine.architectures import Architectures
    from viewer.engine.opening import open_engine

    taken = Architectures().names
    offered = [offer.thing for offer in host.architectures]
    for name in (architecture.name for architecture in offered if architecture.name in taken):
        notify(f"A plugin offers the architecture {name}, which the viewer has already; it is left out.")
    return open_engine(
        bundle,
        Architectures(architecture for architecture in offered if architecture.name not in taken),
        device=settings.device,
        cache_bytes=settings.evidence_cache_mb * 2**20 if remembering else 0,
        head_samples=settings.head_samples,
        notify=notify,
    )
