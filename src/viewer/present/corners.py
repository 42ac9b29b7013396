"""The four-corner text over a picture: whose it is, which one, where in it, and how it is shown.

As readers are used to it: upper left the patient, upper right study and series, lower left the place in the clip,
lower right the display and what its millimetres rest on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from viewer.domain.calibration import Scale
from viewer.domain.image import Clip, Frame
from viewer.domain.view import View
from viewer.present.identity import Names
from viewer.present.texts import tr
from viewer.present.wording import frame_word

LONGEST = 64
"""Characters of a line; longer ones end in an ellipsis."""


class Line(NamedTuple):
    """One line of a corner.

    Attributes:
        words: Printable.
        rank: Where there is room for few lines, those of the lowest ranks stay.
    """

    words: str
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Corners:
    """Lines of each corner, from top to bottom."""

    top_left: tuple[Line, ...] = ()
    top_right: tuple[Line, ...] = ()
    bottom_left: tuple[Line, ...] = ()
    bottom_right: tuple[Line, ...] = ()


def corners(
    clip: Clip,
    index: int,
    frame: Frame | None,
    *,
    names: Names,
    view: View,
    zoom: float,
    scale: Scale,
    graphics_hidden: bool = False,
) -> Corners:
    """Text for the corners of one picture.

    Args:
        clip: On screen.
        index: Of the frame.
        frame: As decoded; None where it is not there yet.
        names: What the clip is called.
        view: How it is looked at.
        zoom: Screen pixels per stored column.
        scale: How large its pixels are.
        graphics_hidden: Whether what the file draws over the picture is hidden.
    """
    return Corners(
        top_left=_lines(*((words, rank) for rank, words in enumerate(names.patient))),
        top_right=_lines((names.study, 2), (names.date, 1), (names.series, 0)),
        bottom_left=_lines(*_place(clip, index, names)),
        bottom_right=_lines(*_display(frame, view, zoom, scale, graphics_hidden=graphics_hidden)),
    )


def _place(clip: Clip, index: int, names: Names) -> Iterator[tuple[str, int]]:
    yield names.image, 2
    if clip.frames > 1:
        yield frame_word(index, clip.frames).capitalize(), 0
        time = clip.time_ms(index)
        yield "" if time is None else f"{time / 1000:.2f} s", 1


def _display(
    frame: Frame | None, view: View, zoom: float, scale: Scale, *, graphics_hidden: bool
) -> Iterator[tuple[str, int]]:
    yield tr("Graphics of the file hidden") if graphics_hidden else "", 1
    yield _changed(view), 0
    window = view.window
    if window is None and frame is not None and frame.grey is not None:
        window = (frame.grey.center, frame.grey.width)
    yield "" if window is None else window_words(*window), 2
    yield tr("Zoom {share}").format(share=f"{zoom:.0%}".replace("%", " %")), 4
    yield f"mm: {tr(scale.basis)}" if scale.calibrated else tr(scale.basis).capitalize(), 3


def window_words(center: float, width: float) -> str:
    """Width and level of a window, as readers write them."""
    return tr("W {width}   L {level}").format(width=_level(width), level=_level(center))


def _changed(view: View) -> str:
    """What differs from the stored picture: a mirrored one must never pass for the patient as they are."""
    turned = tr("turned {angle}°").format(angle=90 * view.turn.quarters) if view.turn.quarters else ""
    mirrored = tr("mirrored") if view.turn.mirrored else ""
    inverted = tr("inverted") if view.inverted else ""
    return "   ".join(part for part in (mirrored, turned, inverted) if part).capitalize()


def _level(value: float) -> str:
    number = f"{value:.0f}" if abs(value) >= 10 or value == round(value) else f"{value:.3g}"
    return number.replace("-", "\N{MINUS SIGN}")


def _lines(*parts: tuple[str, int]) -> tuple[Line, ...]:
    """Lines that hold something, each printable and no longer than the corner is wide."""
    return tuple(Line(_printable(words), rank) for words, rank in parts if words.strip())


@lru_cache(maxsize=64)
def _printable(words: str) -> str:
    line = "".join(char if char.isprintable() else " " for char in words).strip()
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
