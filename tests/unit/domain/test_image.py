from pathlib import Path

import numpy as np
import pytest

from viewer.domain.display import GreyDisplay
from viewer.domain.image import Clip, Frame, FrameGeometry, Modality, group_clips


def clip(name: str = "a/b.dcm", **fields) -> Clip:
    given = {"kind": "dicom", "frames": 1, "rows": 2, "columns": 3, "photometric": "RGB", **fields}
    return Clip(path=Path(name), **given)


@pytest.mark.parametrize(
    "fields",
    [
        {"frames": 0},
        {"rows": 0},
        {"pixel_aspect": 0},
        {"pixel_aspect": float("nan")},
        {"frame_times_ms": (0, 1)},
        {"frame_geometries": (FrameGeometry(), FrameGeometry())},
    ],
)
def test_that_a_clip_refuses_nonsense_at_birth(fields):
    with pytest.raises(ValueError, match=r"."):
        clip(**fields)


def test_that_the_mean_frame_time_spans_the_clip():
    uneven = clip(frames=3, frame_times_ms=(0, 10, 50))

    assert (uneven.frame_time_ms, uneven.time_ms(1)) == (25, 10)
    assert (clip().frame_time_ms, clip().time_ms(0)) == (None, None)


def test_that_a_frame_refuses_what_it_cannot_show():
    with pytest.raises(ValueError, match="colour"):
        Frame(values=np.zeros((2, 2), np.uint8), grey=None)
    with pytest.raises(ValueError, match="uint8"):
        Frame(values=np.zeros((2, 2, 3), np.uint16), grey=None)
    with pytest.raises(ValueError, match="grey"):
        Frame(values=np.zeros((2, 2, 3), np.uint8), grey=GreyDisplay(center=0, width=1))


def test_that_pixels_are_read_only_and_shown_in_three_channels():
    frame = Frame(values=np.array([[0, 255]], np.uint8), grey=GreyDisplay(center=128, width=256))

    assert frame.rgb().tolist() == [[[0, 0, 0], [255, 255, 255]]]
    with pytest.raises(ValueError, match="read-only"):
        frame.values[0, 0] = 1


def test_that_dicom_clips_group_by_study_and_series_in_instance_order():
    clips = [
        clip("x/2", study_uid="S", series_uid="B", series_number=2, instance_number=1),
        clip("x/1", study_uid="S", series_uid="A", series_number=1, instance_number=2, series_description="Heart"),
        clip("x/0", study_uid="S", series_uid="A", series_number=1, instance_number=1),
    ]

    (study,) = group_clips(clips)

    assert [[entry.path.name for entry in series.clips] for series in study.series] == [["0", "1"], ["2"]]


def test_that_loose_files_group_by_folder():
    studies = group_clips([clip("one/a.png"), clip("two/b.png"), clip("one/c.png")])

    assert [(study.title, len(study.series)) for study in studies] == [("one", 2), ("two", 1)]


@pytest.mark.parametrize(
    ("code", "wanted"),
    [("US", Modality.ULTRASOUND), ("DX", Modality.XRAY), ("MR", Modality.OTHER), ("", Modality.UNKNOWN)],
)
def test_that_modality_codes_are_translated(code, wanted):
    assert Modality.from_dicom(code) is wanted


def test_that_graphics_stay_white_under_any_window_and_never_touch_the_values():
    graphics = np.array([[True, False]])
    frame = Frame(values=np.array([[7, 9]], np.uint8), grey=GreyDisplay(center=128, width=256), graphics=graphics)

    assert frame.painted(np.array([[1, 2]], np.uint8)).tolist() == [[255, 2]]
    assert frame.rgb()[0, 0].tolist() == [255, 255, 255]
    assert frame.values.tolist() == [[7, 9]]
    assert frame.nbytes == 4


def test_that_graphics_of_another_size_are_refused():
    with pytest.raises(ValueError, match="graphics are bool"):
        Frame(values=np.zeros((2, 2, 3), np.uint8), grey=None, graphics=np.zeros((1, 2), bool))
