"""The model that a command names."""

from pathlib import Path

from viewer.engine.bundle import Bundle, choose_bundle, find_bundles, read_bundle
from viewer.resources import shipped_bundles, user_bundles


def named_model(word: str) -> Bundle:
    """The model of that name, or at that path.

    Raises:
        ViewerError: There is none, or it is refused.
    """
    if Path(word).exists():
        return read_bundle(Path(word))
    return choose_bundle(find_bundles((shipped_bundles(), user_bundles())), name=word)
