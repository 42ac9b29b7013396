import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from viewer.domain.image import Frame
from viewer.domain.view import Turn
from viewer.ui.canvas.turning import turning

from .conftest import opened
from .test_main_window import press


def test_that_a_corner_goes_where_the_turn_takes_it():
    frame = Frame(values=np.zeros((30, 40, 3), np.uint8), grey=None, pixel_aspect=2.0)
    assert turning(frame, Turn()).map(QPointF(3, 8)) == QPointF(3, 8)
    assert turning(frame, Turn(quarters=1)).map(QPointF(0, 0)) == QPointF(60, 0)
    assert turning(frame, Turn(mirrored=True)).map(QPointF(0, 0)) == QPointF(40, 0)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (Qt.Key.Key_Period, Turn(quarters=1)),
        (Qt.Key.Key_Comma, Turn(quarters=3)),
        (Qt.Key.Key_H, Turn(mirrored=True)),
        (Qt.Key.Key_V, Turn(quarters=2, mirrored=True)),
    ],
)
def test_that_keys_turn_the_view_and_reset_lays_it_upright_again(room, key, expected):
    room.open(opened())
    before = room.window.canvas.frame
    press(room, key)
    assert room.window.canvas.view.turn == expected
    assert room.window.canvas.frame is before
    press(room, Qt.Key.Key_R)
    assert room.window.canvas.view.turn == Turn()


def test_that_a_point_is_told_in_the_upright_picture_however_it_is_turned(room):
    room.open(opened())
    canvas = room.window.canvas
    middle = QPointF(canvas.width() / 2, canvas.height() / 2)
    aside = QPointF(30, 20)
    upright = canvas.picture_position(middle + aside)
    press(room, Qt.Key.Key_Period)
    press(room, Qt.Key.Key_Period)
    turned = canvas.picture_position(middle - aside)
    assert (turned.x(), turned.y()) == pytest.approx((upright.x(), upright.y()), abs=2 / canvas.zoom)
