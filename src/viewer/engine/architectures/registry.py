"""Which architectures there are."""

from collections.abc import Iterable

from viewer.domain.errors import ViewerError
from viewer.engine.architectures.ensemble import Ensemble, parse_ensemble_name
from viewer.engine.architectures.torchvision_nets import BUILT_IN
from viewer.protocols import Architecture


def built_in() -> tuple[Architecture, ...]:
    """The architectures the viewer ships."""
    return BUILT_IN


class Architectures:
    """Architectures by name.

    Args:
        extra: Architectures of plugins; a name that is taken already is refused.

    Raises:
        ViewerError: Two architectures share a name.
    """

    def __init__(self, extra: Iterable[Architecture] = ()) -> None:
        self._by_name: dict[str, Architecture] = {}
        for architecture in (*BUILT_IN, *extra):
            if architecture.name in self._by_name:
                raise ViewerError(f"the architecture {architecture.name} exists already")
            self._by_name[architecture.name] = architecture

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the built-in ones first."""
        return tuple(self._by_name)

    def get(self, name: str) -> Architecture:
        """The architecture of that name, or what is made of it.

        `mobilenet_v2_x3` is three networks as one, `mobilenet_v2_flips` averages mirrored views, and
        `mobilenet_v2_x3_flips` does both.

        Raises:
            ViewerError: There is none; the sentence lists the names.
        """
        if name in self._by_name:
            return self._by_name[name]
        base, members, flips = parse_ensemble_name(name)
        if base not in self._by_name:
            raise ViewerError(f"there is no architecture {name!r}; there are: {', '.join(self.names)}")
        if not self._by_name[base].gap_linear:
            raise ViewerError(f"{base} does not end in one linear layer, so there is no ensemble of it")
        return Ensemble(self._by_name[base], members, flips=flips)
