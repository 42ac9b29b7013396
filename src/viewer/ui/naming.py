"""What the clips that are open are called in the window, and whether anybody may read whose they are."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from viewer.domain.image import Clip
from viewer.present.identity import Identity, Names

COUNT_MS = 500
"""While a folder is opened, neutral names are counted anew at most this often: it takes a look at every clip."""


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
        self.count = QTimer(self, interval=COUNT_MS, singleShot=True)
        self.count.timeout.connect(self._count)
        self._uncounted = False

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
        """More clips are open; neutral names count them all, those that come in quick succession a little later."""
        self._clips += clips
        self._uncounted = True
        if not self.count.isActive():
            self._count()

    def set_de_identified(self, on: bool) -> None:
        """Keep names back, or tell them."""
        if on != self.de_identified:
            self._use(de_identified=on)

    def _count(self) -> None:
        if self._uncounted and self.de_identified:
            self._use(de_identified=True)
            self.count.start()

    def _use(self, *, de_identified: bool) -> None:
        self._uncounted = False
        self._identity = Identity(tuple(self._clips), de_identified=de_identified)
        self.changed.emit()
