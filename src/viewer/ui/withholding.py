"""Which answers of the AI are kept back, and why: under a red light, or because the reader answers first."""

from collections.abc import Iterable
from enum import StrEnum

from viewer.domain.result import Light

WHOLE = None
"""Stands for the clip as a whole, in place of a frame."""

Place = tuple[str, int | None]
"""A clip's file and the frame; `WHOLE` for the clip's own answer."""


class Why(StrEnum):
    """Why an answer is kept back, in the journal's words."""

    READ_FIRST = "read first"
    """Everything the AI says is: class, probabilities, scores, trust, light, reason and explanations."""

    RED = "red light"
    """The class is, and all that could tell it; light and trust are shown."""


class Withholding:
    """Remembers what the reader answered, asked to see and has seen; free of Qt.

    In read-first mode an answer of the reader opens the AI's: one to a frame that of the frame, one to the clip as a
    whole that of the clip and of all its frames.

    Attributes:
        read_first: Whether the AI's answers wait for the reader's.
        on_red: Whether answers under a red light are kept back.
    """

    def __init__(self, *, on_red: bool, read_first: bool = False) -> None:
        """Keep answers back under a red light, until the reader has answered, both, or (neither) none at all."""
        self.read_first = read_first
        self.on_red = on_red
        self._answered: set[Place] = set()
        self._revealed: set[tuple[Why, Place]] = set()
        self._seen: set[Place] = set()
        self._seen_of_others: set[Place] = set()

    def hides(self, clip: str, frame: int | None, light: Light | None) -> Why | None:
        """Why an answer is kept back; None where it is shown.

        Args:
            clip: The clip's file.
            frame: Which frame; `WHOLE` for the clip's own answer.
            light: Of that answer; None while it is not known.
        """
        if self.read_first and not (self._opened(clip, frame) or self._opened(clip, WHOLE)):
            return Why.READ_FIRST
        if self.on_red and light is Light.RED and (Why.RED, (clip, frame)) not in self._revealed:
            return Why.RED
        return None

    def asks_first(self, clip: str, frame: int | None) -> bool:
        """Whether the reader's answer would be a first one: the AI's is kept back for it, and no model's was seen."""
        never_seen = (clip, frame) not in self._seen | self._seen_of_others
        return never_seen and self.hides(clip, frame, None) is Why.READ_FIRST

    def answered(self, clip: str, frame: int | None) -> None:
        """The reader has answered, which cannot be taken back."""
        self._answered.add((clip, frame))

    def reveal(self, clip: str, frame: int | None, why: Why) -> None:
        """The reader asked to see one answer all the same; for any other reason it stays kept back."""
        self._revealed.add((why, (clip, frame)))

    def saw(self, clip: str, frame: int | None) -> None:
        """The class of one answer is on screen."""
        self._seen.add((clip, frame))

    def told_elsewhere(self, places: Iterable[Place]) -> None:
        """The reader was told truth or answer in a table of a cohort; no answer to these is a first one any more."""
        for clip, frame in places:
            self._seen_of_others |= {(clip, frame), (clip, WHOLE)}

    def has_seen(self, clip: str, frame: int | None) -> bool:
        """Whether the class of one answer has been on screen."""
        return (clip, frame) in self._seen

    def forget(self) -> None:
        """Keep back again what was asked for: the AI's answers are others from now on, the reader's stay."""
        self._revealed.clear()
        self._seen_of_others |= self._seen
        self._seen.clear()

    def _opened(self, clip: str, frame: int | None) -> bool:
        return (clip, frame) in self._answered or (Why.READ_FIRST, (clip, frame)) in self._revealed
