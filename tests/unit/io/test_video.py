from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from viewer.domain.errors import UnreadableFile
from viewer.io import video
from viewer.io.reader import open_source

SIZE = 64
TIMES_MS = (0, 40, 80, 160, 200, 360, 400, 440, 480, 700, 740, 780)
"""Uneven: a variable frame rate."""


COLOUR = (200, 40, 40)


def shade(index: int) -> int:
    return 30 + 15 * index


def record(
    path: Path,
    codec: str = "mpeg4",
    *,
    form: str | None = None,
    rotation: int = 0,
    space: int | None = None,
    **options,
) -> Path:
    """A video whose frame `index` is grey `shade(index)`, brighter in its upper left corner."""
    with av.open(str(path), "w", format=form) as container:
        stream = container.add_stream(codec, rate=25, options={key: str(value) for key, value in options.items()})
        stream.width, stream.height = SIZE, SIZE // 2
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.time_base = Fraction(1, 25) if form == "avi" else Fraction(1, 1000)
        stream.codec_context.gop_size = 5
        if space is not None:
            stream.codec_context.colorspace = space
        if rotation:
            stream.set_display_rotation(rotation)
        for index, time in enumerate(TIMES_MS):
            picture = np.full((SIZE // 2, SIZE, 3), shade(index), np.uint8)
            picture[:8, :8] = 255
            picture[-8:, -8:] = COLOUR
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame = frame.reformat(format=stream.pix_fmt, dst_colorspace=space)
            frame.pts, frame.time_base = (index if form == "avi" else time), stream.codec_context.time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def shown(source, index: int) -> float:
    return float(source.decode(index).values[20:, 20:50].mean())


def test_that_frame_times_are_those_of_the_file(tmp_path):
    source = open_source(record(tmp_path / "a.mp4"))

    assert source.clip.kind == "video"
    assert (source.clip.frames, source.clip.rows, source.clip.columns) == (len(TIMES_MS), SIZE // 2, SIZE)
    assert source.clip.frame_times_ms == TIMES_MS
    source.close()


@pytest.mark.parametrize(
    ("name", "codec", "form"),
    [
        ("a.mp4", "mpeg4", "mp4"),
        ("a.mov", "mpeg4", "mov"),
        ("a.mkv", "mpeg4", "matroska"),
        ("a.avi", "mjpeg", "avi"),
        pytest.param(
            "a.mp4",
            "libx264",
            "mp4",
            marks=pytest.mark.skipif("libx264" not in av.codecs_available, reason="no H.264"),
        ),
    ],
)
def test_that_any_frame_is_reached_exactly_in_any_order(tmp_path, name, codec, form):
    options = {"bf": 2, "sc_threshold": 0} if codec == "libx264" else {}
    path = record(tmp_path / name, codec, form=form, **options)
    source = open_source(path)
    order = [11, 0, 5, 6, 4, 10, 1, 2, 3, 9, 8, 7, 7]

    assert [shown(source, index) for index in order] == pytest.approx([shade(index) for index in order], abs=4)
    source.close()


def test_that_rotation_metadata_turns_the_picture(tmp_path):
    source = open_source(record(tmp_path / "a.mp4", rotation=90))  # counter-clockwise

    picture = source.decode(0).values

    assert (source.clip.rows, source.clip.columns) == picture.shape[:2] == (SIZE, SIZE // 2)
    assert picture[-6:, :6].mean() > 240  # the bright corner went from the upper to the lower left
    assert picture[:6, :6].mean() < 60
    source.close()


@pytest.mark.skipif("libx264" not in av.codecs_available, reason="this build of libav cannot write H.264")
@pytest.mark.parametrize("space", [1, 5])
def test_that_colour_follows_the_matrix_the_file_names(tmp_path, space):
    source = open_source(record(tmp_path / "a.mp4", "libx264", space=space, bf=2, crf=5))

    assert source.decode(7).values[-3, -3].tolist() == pytest.approx(COLOUR, abs=8)
    source.close()


def test_that_few_decoders_stay_open_over_many_videos(tmp_path):
    path = record(tmp_path / "a.mp4")
    sources = [open_source(path) for _ in range(5)]
    for source in sources:
        source.decode(3)

    assert sum(source._decoder is not None for source in sources) == video.MAX_OPEN_DECODERS
    assert shown(sources[0], 4) == pytest.approx(shade(4), abs=4)
    for source in sources:
        source.close()
    assert all(source._decoder is None for source in sources)


def test_that_a_video_without_pictures_or_end_gives_one_sentence(tmp_path):
    path = record(tmp_path / "a.mp4")
    path.write_bytes(path.read_bytes()[:300])

    with pytest.raises(UnreadableFile, match="the video cannot be read"):
        open_source(path)


def test_that_a_cut_video_keeps_its_readable_frames(tmp_path):
    path = record(tmp_path / "a.mkv", form="matroska")
    path.write_bytes(path.read_bytes()[:-200])

    source = open_source(path)

    assert shown(source, 0) == pytest.approx(shade(0), abs=4)
    source.close()
