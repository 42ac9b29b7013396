"""Which answers are kept back: those under a red light, until the reader asks for each."""

from viewer.domain.result import Light

WHOLE = None
"""Stands for the clip as a whole, in place of a frame."""


class Withholding:
    """Remembers what the reader asked to see; free of Qt."""

    def __init__(self, on: bool) -> None:
        """Keep answers back, or (off) none at all."""
        self._on = on
        self._revealed: set[tuple[str, int | None]] = set()

    def hides(self, clip: str, frame: int | None, light: Light) -> bool:
        """Whether the class and its probabilities are kept back.

        Args:
            clip: The clip's file.
            frame: Which frame; `WHOLE` for the clip's own answer.
            light: Of that answer.
        """
        return self._on and light is Light.RED and (clip, frame) not in self._revealed

    def reveal(self, clip: str, frame: int | None) -> None:
        """The reader asked to see one answer all the same."""
        self._revealed.add((clip, frame))

    def forget(self) -> None:
        """Keep back again: the answers are others from now on."""
        self._revealed.clear()
