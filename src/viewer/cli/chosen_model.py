"""The model that a command names, and its network."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.engine.bundle import Bundle, choose_bundle, find_bundles, read_bundle
from viewer.resources import shipped_bundles, user_bundles

if TYPE_CHECKING:
    from viewer.engine.opening import AnyEngine
    from viewer.host.discovery import PluginHost


def named_model(word: str) -> Bundle:
    """The model of that name, or at that path.

    Raises:
        ViewerError: There is none, or it is refused.
    """
    if Path(word).exists():
        return read_bundle(Path(word))
    return choose_bundle(find_bundles((shipped_bundles(), user_bundles())), name=word)


def engine_of(bundle: Bundle, host: "PluginHost", device: str, *, cache_bytes: int = 0) -> "AnyEngine":
    """Runs the network of a model; imports torch.

    Args:
        bundle: The model.
        host: Loaded plugins, which may offer its architecture.
        device: `auto`, `cpu` or `cuda`.
        cache_bytes: Evidence it keeps.

    Raises:
        ViewerError: The network cannot be built.
    """
    from viewer.engine.architectures import Architectures
    from viewer.engine.opening import open_engine

    architectures = Architectures(offer.thing for offer in host.architectures)
    return open_engine(bundle, architectures, device=device, cache_bytes=cache_bytes, notify=say)


def say(sentence: str) -> None:
    """Say a sentence on standard error."""
    print(sentence, file=sys.stderr, flush=True)
