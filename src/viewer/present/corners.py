"""The four-corner text over a picture: whose it is, which one, where in it, and how it is shown.

As readers are used to it: upper left the patient, upper right study and series, lower left the place in the clip,
lower right the display and what its millimetres rest on.
"""

from dataclasses import dataclass

from viewer.domain.calibration import Scale
from viewer.domain.image import Clip, Frame
from viewer.domain.view import View
from viewer.present.texts import marked, tr
from viewer.present.wording import frame_word

DE_IDENTIFIED = marked("De-identified")

LONGEST = 64
"""Characters of a line; longer ones end in an ellipsis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corners:
    """Lines of each corner, from top to bottom."""

    top_left: tuple[str, ...]
    top_right: tuple[str, ...]
    bottom_left: tuple[str, ...]
    bottom_right: tuple[str, ...]


def corners(
    clip: Clip,
    index: int,
    frame: Frame | None,
    *,
    view: View,
    zoom: float,
    scale: Scale,
    de_identified: bool = False,
) -> Corners:
    """Text for the corners of one picture.

    Args:
        clip: On screen.
        index: Of the frame.
        frame: As decoded; None where it is not there yet.
        view: How it is looked at.
        zoom: Screen pixels per stored column.
        scale: How large its pixels are.
        de_identified: Leave out everything that tells whose it is: names, numbers, dates and free text.
    """
    return Corners(
        top_left=_lines(tr(DE_IDENTIFIED)) if de_identified else _patient(clip),
        top_right=_series(clip, de_identified=de_identified),
        bottom_left=_place(clip, index),
        bottom_right=_display(frame, view, zoom, scale),
    )


def date_words(date: str) -> str:
    """A DICOM date as year-month-day; anything else as it is."""
    return f"{date[:4]}-{date[4:6]}-{date[6:8]}" if len(date) == 8 and date.isdigit() else date


def _patient(clip: Clip) -> tuple[str, ...]:
    identity = tr("ID {number}").format(number=clip.patient_id) if clip.patient_id else ""
    return _lines(clip.patient_name, identity) or _lines(tr(DE_IDENTIFIED))


def _series(clip: Clip, *, de_identified: bool) -> tuple[str, ...]:
    number = tr("Series {number}").format(number=clip.series_number) if clip.series_number else ""
    if de_identified:
        return _lines(number)
    series = ": ".join(part for part in (number, clip.series_description) if part)
    return _lines(clip.study_description, date_words(clip.study_date), series or clip.path.name)


def _place(clip: Clip, index: int) -> tuple[str, ...]:
    image = tr("Image {number}").format(number=clip.instance_number) if clip.instance_number else ""
    if clip.frames == 1:
        return _lines(image)
    time = clip.time_ms(index)
    return _lines(image, frame_word(index, clip.frames).capitalize(), "" if time is None else f"{time / 1000:.2f} s")


def _display(frame: Frame | None, view: View, zoom: float, scale: Scale) -> tuple[str, ...]:
    window = view.window
    if window is None and frame is not None and frame.grey is not None:
        window = (frame.grey.center, frame.grey.width)
    inverted = tr("inverted") if view.inverted else ""
    shown = "" if window is None else f"W {_level(window[1])}   L {_level(window[0])}"
    return _lines(
        f"{shown}   {inverted}",
        _turn(view),
        tr("Zoom {share}").format(share=f"{zoom:.0%}".replace("%", " %")),
        f"mm: {tr(scale.basis)}" if scale.calibrated else tr(scale.basis).capitalize(),
    )


def _turn(view: View) -> str:
    """How the picture is turned: a mirrored one must never pass for the patient as they are."""
    turned = tr("turned {angle}°").format(angle=90 * view.turn.quarters) if view.turn.quarters else ""
    mirrored = tr("mirrored") if view.turn.mirrored else ""
    return "   ".join(part for part in (mirrored, turned) if part).capitalize()


def _level(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 10 or value == round(value) else f"{value:.3g}"


def _lines(*parts: str) -> tuple[str, ...]:
    """Lines that hold something, each printable and no longer than the corner is wide."""
    return tuple(_line(part) for part in parts if part.strip())


def _line(words: str) -> str:
    line = "".join(char if char.isprintable() else " " for char in words).strip()
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
