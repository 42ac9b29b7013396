"""What the clips that are open are called in the window, and whether anybody may read whose they are."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from viewer.domain.image import Clip
from viewer.present.identity import Identity, Names


class Naming(QObject):
    """The one place that panels ask; they ask again when told.

    Signals:
        changed: Names are others from now on.
    """

    changed = Signal()

    def __init__(self, *, de_identified: bool = False) -> None:
        super().__init__()
        self._clips: list[Clip] = []
        self._identity = Identity(de_identified=de_identified)

    @property
    def identity(self) -> Identity:
        """The names as they are now."""
        return self._identity

    @property
    def de_identified(self) -> bool:
        """Whether names are kept back."""
        return self._identity.de_identified

    def names(self, clip: Clip) -> Names:
        """What a clip is called."""
        return self._identity.names(clip)

    def sentence(self, words: str) -> str:
        """A sentence about a file, without its path where nobody shall read it."""
        return self._identity.sentence(words)

    def add(self, clips: Sequence[Clip]) -> None:
        """More clips are open; neutral names count them all."""
        self._clips += clips
        if self.de_identified:
            self._use(de_identified=True)

    def set_de_identified(self, on: bool) -> None:
        """Keep names back, or tell them."""
        if on != self.de_identified:
            self._use(de_identified=on)

    def _use(self, *, de_identified: bool) -> None:
        self._identity = Identity(self._clips, de_identified=de_identified)
        self.changed.emit()
