"""The engine of a bundle, whether one network answers or several bundles do."""

import logging
from collections.abc import Callable

from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle
from viewer.engine.engine import Engine
from viewer.engine.ensemble import EnsembleEngine

log = logging.getLogger(__name__)

AnyEngine = Engine | EnsembleEngine
"""What runs a bundle."""


def open_engine(
    bundle: Bundle,
    architectures: Architectures,
    *,
    device: str = "auto",
    cache_bytes: int = 0,
    head_samples: int = 50,
    notify: Callable[[str], None] = log.warning,
) -> AnyEngine:
    """Build what runs a bundle; arguments as for `Engine`.

    Raises:
        BundleRefused: A network cannot be built from the bundle, or from one of its members.
    """
    kind = EnsembleEngine if bundle.members else Engine
    return kind(
        bundle,
        architectures,
        device=device,
        cache_bytes=cache_bytes,
        head_samples=head_samples,
        notify=notify,
    )
