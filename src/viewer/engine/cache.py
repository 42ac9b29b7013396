"""Evidence already computed, kept within a number of bytes."""

from collections import OrderedDict
from typing import NamedTuple

from viewer.domain.evidence import Evidence, Need
from viewer.engine.mirroring import View


class Key(NamedTuple):
    """Whose evidence: a picture's and a bundle's digest, and how the picture was turned."""

    picture: str
    bundle: str
    view: View = View.PLAIN


class EvidenceCache:
    """Least recently used evidence is forgotten first; never raises, however small.

    Evidence of one frame is kept once, with everything captured so far: it serves every subset of its needs and,
    since gradients start at the activations, every target class.

    Args:
        capacity: Bytes; 0 keeps nothing.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._kept: OrderedDict[Key, tuple[Evidence, frozenset[Need]]] = OrderedDict()
        self.nbytes = 0

    def __len__(self) -> int:
        """Number of frames kept."""
        return len(self._kept)

    @property
    def is_off(self) -> bool:
        """Whether it keeps nothing, so that keys need not be computed."""
        return self._capacity <= 0

    def get(self, key: Key, needs: frozenset[Need]) -> Evidence | None:
        """The evidence of a frame, where it holds all of `needs`."""
        evidence, held = self._kept.get(key, (None, frozenset()))
        if evidence is None or not needs <= held:
            return None
        self._kept.move_to_end(key)
        return evidence

    def put(self, key: Key, evidence: Evidence, needs: frozenset[Need]) -> None:
        """Keep the evidence of one frame; one larger than the whole cache is not kept."""
        self._forget(key)
        if evidence.nbytes > self._capacity:
            return
        self._kept[key] = evidence, needs
        self.nbytes += evidence.nbytes
        while self.nbytes > self._capacity:
            self._forget(next(iter(self._kept)))

    def _forget(self, key: Key) -> None:
        if (gone := self._kept.pop(key, None)) is not None:
            self.nbytes -= gone[0].nbytes
