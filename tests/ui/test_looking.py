"""What the eye gets: pixels one to one, the file's graphics, the value under the mouse, on any screen."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from viewer.domain.display import GreyDisplay
from viewer.domain.image import Clip, Frame
from viewer.io.reader import Opened
from viewer.ui.canvas.view import Canvas

from .conftest import Room, clip
from .test_main_window import press
from .test_viewing import grey

SHIFT = Qt.KeyboardModifier.ShiftModifier


class DrawnSource:
    """Every pixel counts: its value is 100 times its row plus its column; the file draws over the upper left one."""

    def __init__(self, made: Clip) -> None:
        self.clip = made

    def decode(self, index: int) -> Frame:
        rows, columns = self.clip.rows, self.clip.columns
        values = (100 * np.arange(rows)[:, None] + np.arange(columns)).astype(np.int16)
        graphics = np.zeros((rows, columns), np.bool_)
        graphics[0, 0] = True
        return Frame(
            values=values,
            grey=GreyDisplay(center=10_000, width=20),
            graphics=graphics,
            pixel_aspect=self.clip.pixel_aspect,
        )

    def close(self) -> None:
        pass


def drawn(**changes: Any) -> Opened:
    made = clip("drawn.dcm", **{"frames": 2, "rows": 8, "columns": 8, "value_unit": "HU", **changes})
    return Opened(path=made.path, source=DrawnSource(made))


def place_of(room: Room, x: float, y: float) -> QPointF:
    """Where on the canvas a point of the stored frame lies, found by looking for it."""
    canvas = room.window.canvas
    found = min(
        (QPointF(left, top) for left in range(0, canvas.width(), 4) for top in range(0, canvas.height(), 4)),
        key=lambda at: sum((a - b) ** 2 for a, b in zip(canvas.stored_position(at), (x, y), strict=True)),
    )
    return found


def point_at(room: Room, x: float, y: float) -> str:
    QTest.mouseMove(room.window.canvas.viewport(), place_of(room, x, y).toPoint())
    room.settle()
    return room.window.readout.text()


@pytest.mark.parametrize("keys", ["", ".", ",", "H", "V", ".H", ",,V"])
@pytest.mark.parametrize("aspect", [1.0, 2.0])
def test_that_the_value_under_the_mouse_is_right_however_the_picture_lies(room, keys, aspect):
    room.open(drawn(pixel_aspect=aspect))
    for key in keys:
        press(room, {".": Qt.Key.Key_Period, ",": Qt.Key.Key_Comma, "H": Qt.Key.Key_H, "V": Qt.Key.Key_V}[key])
    assert point_at(room, 2.5, 5.5) == "x 2  y 5   502 HU"
    assert point_at(room, 7.5, 0.5) == "x 7  y 0   7 HU"


def test_that_the_value_follows_the_frames_and_goes_with_the_mouse(room):
    room.open(grey(), grey("b.dcm", value_unit=""))
    assert point_at(room, 0.5, 0.5) == "x 0  y 0   −1000 HU"
    press(room, Qt.Key.Key_Down)
    assert room.window.readout.text() == "x 0  y 0   −1000"
    QTest.mouseMove(room.window.banner)
    room.window.canvas.pointed.emit(None)
    assert room.window.readout.text() == ""


def painted(room: Room) -> QImage:
    return room.window.canvas.grab().toImage()


def test_that_a_key_hides_the_graphics_of_the_file_from_the_eye_alone(room):
    room.open(drawn())
    press(room, Qt.Key.Key_C)
    at = place_of(room, 0.5, 0.5).toPoint()
    assert painted(room).pixelColor(at).value() == 255
    press(room, Qt.Key.Key_O, SHIFT)
    assert painted(room).pixelColor(at).value() == 0
    assert room.window.canvas.frame.rgb()[0, 0].tolist() == [255, 255, 255]
    press(room, Qt.Key.Key_C)
    assert "Graphics of the file hidden" in room.window.canvas.furniture.words
    press(room, Qt.Key.Key_O, SHIFT)
    assert "Graphics of the file hidden" not in room.window.canvas.furniture.words
    assert painted(room).pixelColor(at).value() == 255


def test_that_a_picture_without_graphics_says_nothing_of_them(room):
    room.open(grey())
    press(room, Qt.Key.Key_O, SHIFT)
    assert not any("Graphics" in words for words in room.window.canvas.furniture.words)


def test_that_one_to_one_shows_every_pixel_as_it_is(qtbot):
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(301, 200)  # odd: the middle of the canvas lies within a pixel
    canvas.show()
    board = ((np.indices((60, 80)).sum(axis=0) % 2) * 255).astype(np.uint8)
    canvas.show_frame(Frame(values=np.repeat(board[..., None], 3, axis=2), grey=None))
    canvas.one_to_one()
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    seen = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())[:, :301]
    rows, columns = np.nonzero(seen == 255)
    inner = seen[rows.min() : rows.min() + 60, columns.min() - 1 : columns.min() + 81]
    assert set(np.unique(inner[:, 1:-1])) == {0, 255}
    assert (inner[:, 1:-1] == 255).sum() == pytest.approx(2400, abs=80)


@pytest.mark.parametrize(("ratio", "zoom"), [(1.0, 1.0), (1.5, 1 / 1.5), (2.0, 0.5)])
def test_that_one_to_one_and_the_zoom_count_pixels_of_the_screen(room, monkeypatch, ratio, zoom):
    monkeypatch.setattr(Canvas, "devicePixelRatioF", lambda canvas: ratio)
    room.open(grey(rows=240, columns=320))
    press(room, Qt.Key.Key_Z)
    assert room.window.canvas.zoom == pytest.approx(zoom)
    assert "Zoom 100 %" in room.window.canvas.furniture.words


def test_that_high_pixels_are_drawn_high(room):
    room.open(drawn(pixel_aspect=2.0))
    column = place_of(room, 7.5, 0.5).x() - place_of(room, 0.5, 0.5).x()
    row = place_of(room, 0.5, 7.5).y() - place_of(room, 0.5, 0.5).y()
    assert row / column == pytest.approx(2.0, rel=0.05)
    press(room, Qt.Key.Key_Period)
    along = place_of(room, 0.5, 0.5).x() - place_of(room, 0.5, 7.5).x()
    down = place_of(room, 7.5, 0.5).y() - place_of(room, 0.5, 0.5).y()
    assert along / down == pytest.approx(2.0, rel=0.05)
