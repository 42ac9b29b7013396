"""The worklist: studies that are open and those the journal knows, as the same rows in the window and without it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marks:
    """What readers did to one clip or picture, as far as it is confirmed.

    Attributes:
        answers: Final answers that hold now, to its frames and to it as a whole.
        key_images: Frames marked as key images now.
    """

    answers: int = 0
    key_images: int = 0


NO_MARKS = Marks()
