from pathlib import Path

import numpy as np
import pytest

from viewer.domain.calibration import Scale
from viewer.domain.display import GreyDisplay
from viewer.domain.image import Clip, Frame
from viewer.domain.view import Turn, View
from viewer.present.corners import LONGEST, Line, corners
from viewer.present.identity import Identity

MM = Scale(width=0.5, height=0.5, unit="mm", basis="at the detector")
PX = Scale(width=1, height=1, unit="px", basis="not calibrated")
GREY = Frame(values=np.zeros((2, 2), np.int16), grey=GreyDisplay(center=40, width=400))
COLOUR = Frame(values=np.zeros((2, 2, 3), np.uint8), grey=None)


def clip(**changes) -> Clip:
    fields = {
        "kind": "dicom",
        "frames": 30,
        "rows": 2,
        "columns": 2,
        "photometric": "MONOCHROME2",
        "frame_times_ms": tuple(40.0 * index for index in range(30)),
        "patient_name": "Doe Jane",
        "patient_id": "4711",
        "study_uid": "1",
        "study_description": "Thorax",
        "study_date": "20240305",
        "series_description": "Soft tissue",
        "series_number": 3,
        "instance_number": 12,
    }
    return Clip(path=Path("Doe.dcm"), **{**fields, **changes})


def shown(picture: Clip | None = None, frame: Frame | None = GREY, **changes) -> dict[str, tuple[str, ...]]:
    made = picture or clip()
    fields = {"names": Identity().names(made), "view": View(), "zoom": 1.2, "scale": MM, **changes}
    found = corners(made, 2, frame, **fields)
    places = ("top_left", "top_right", "bottom_left", "bottom_right")
    return {place: tuple(line.words for line in getattr(found, place)) for place in places}


def test_that_each_corner_tells_one_thing():
    assert shown() == {
        "top_left": ("Doe Jane", "ID 4711"),
        "top_right": ("Thorax", "2024-03-05", "Series 3: Soft tissue"),
        "bottom_left": ("Image 12", "Frame 3 of 30", "0.08 s"),
        "bottom_right": ("W 400   L 40", "Zoom 120 %", "mm: at the detector"),
    }


def test_that_the_name_the_frame_and_a_mirrored_picture_are_given_up_last():
    names = Identity().names(clip())
    found = corners(clip(), 2, GREY, names=names, view=View(turn=Turn(mirrored=True)), zoom=1.0, scale=MM)
    last = [min(lines, key=lambda line: line.rank).words for lines in (found.top_left, found.bottom_left)]
    assert last == ["Doe Jane", "Frame 3 of 30"]
    assert found.bottom_right[0] == Line("Mirrored", 0)


def test_that_nothing_of_a_person_is_left_in_the_de_identified_display():
    found = shown(names=Identity([clip()], de_identified=True).names(clip()))

    assert (found["top_left"], found["top_right"]) == (("De-identified",), ("Study 1", "Series 1"))
    assert not any(secret in str(found) for secret in ("Doe", "Jane", "4711", "Thorax", "2024", "Soft"))


def test_that_a_file_without_a_patient_says_so():
    assert shown(clip(patient_name="", patient_id=""))["top_left"] == ("De-identified",)


def test_that_a_file_without_a_header_is_called_by_its_name():
    bare = Clip(path=Path("x/a.png"), kind="raster", frames=1, rows=2, columns=2, photometric="RGB")

    found = shown(bare, COLOUR, scale=PX)

    assert (found["top_right"], found["bottom_left"]) == (("x", "a.png"), ())
    assert found["bottom_right"] == ("Zoom 120 %", "Not calibrated")


def test_that_it_says_where_graphics_of_the_file_are_hidden():
    assert shown(graphics_hidden=True)["bottom_right"][0] == "Graphics of the file hidden"


@pytest.mark.parametrize(
    ("view", "line"),
    [
        (View(window=(-600.0, 1500.0)), "W 1500   L −600"),
        (View(window=(0.123, 1.5)), "W 1.5   L 0.123"),
        (View(inverted=True), "Inverted"),
        (View(turn=Turn(quarters=1)), "Turned 90°"),
        (View(turn=Turn(mirrored=True)), "Mirrored"),
        (View(turn=Turn(quarters=3, mirrored=True)), "Mirrored   turned 270°"),
    ],
)
def test_that_what_was_done_to_the_display_is_told(view, line):
    assert line in shown(view=view)["bottom_right"]


def test_that_colour_has_a_window_only_once_it_was_changed():
    assert shown(frame=COLOUR)["bottom_right"][0] == "Zoom 120 %"
    assert shown(frame=COLOUR, view=View(window=(128, 180)))["bottom_right"][0] == "W 180   L 128"
    assert shown(frame=COLOUR, view=View(inverted=True))["bottom_right"][0] == "Inverted"
    assert shown(frame=None)["bottom_right"][0] == "Zoom 120 %"


def test_that_a_still_tells_no_frame_and_an_untimed_clip_no_time():
    assert shown(clip(frames=1, frame_times_ms=()))["bottom_left"] == ("Image 12",)
    assert shown(clip(frame_times_ms=()))["bottom_left"] == ("Image 12", "Frame 3 of 30")


def test_that_words_of_a_file_cannot_break_the_corner():
    found = shown(clip(study_description="A\x00\n" + "x" * 200, study_date="unknown"))

    assert found["top_right"][0] == "A  " + "x" * (LONGEST - 4) + "…"
    assert found["top_right"][1] == "unknown"
