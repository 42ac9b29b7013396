import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from viewer.domain.display import GreyDisplay
from viewer.domain.image import Frame
from viewer.domain.view import View
from viewer.present.heat import coloured, enlarged
from viewer.ui.canvas.display import pixels_of
from viewer.ui.canvas.view import EMPTY, Canvas


@pytest.fixture
def canvas(qtbot):
    made = Canvas()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    QApplication.processEvents()
    return made


def colour_frame(rows=30, columns=40, value=100, aspect=1.0):
    return Frame(values=np.full((rows, columns, 3), value, np.uint8), grey=None, pixel_aspect=aspect)


def grey_frame(rows=30, columns=40, value=100):
    values = np.full((rows, columns), value, np.int16)
    return Frame(values=values, grey=GreyDisplay(center=100, width=201))


def painted(canvas):
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return lines[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def drag(canvas, button, start, end, steps=4):
    """Press, move in steps and release; pyqtgraph reads buttons from the events themselves."""
    view = canvas.viewport()

    def send(kind, at, pressed):
        held = button if pressed else Qt.MouseButton.NoButton
        which = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else button
        point = QPointF(*at)
        event = QMouseEvent(kind, point, view.mapToGlobal(point), which, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(view, event)

    send(QEvent.Type.MouseButtonPress, start, True)
    for step in range(1, steps + 1):
        share = step / steps
        at = (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
        canvas.lastMousePos = None
        send(QEvent.Type.MouseMove, at, True)
    send(QEvent.Type.MouseButtonRelease, end, False)


def test_that_an_empty_canvas_says_what_to_do(canvas):
    assert canvas.note == EMPTY


def test_that_the_pixels_of_a_colour_picture_reach_the_screen_unchanged(canvas):
    canvas.show_frame(colour_frame(value=137))
    assert (painted(canvas)[150, 200] == 137).all()


def test_that_a_new_picture_fits_the_canvas(canvas):
    canvas.show_frame(colour_frame(rows=30, columns=40))
    assert canvas.zoom == pytest.approx(10, rel=0.02)


def test_that_pixels_twice_as_high_as_wide_are_drawn_so(canvas):
    canvas.show_frame(colour_frame(rows=30, columns=40, aspect=2.0))
    assert canvas.zoom == pytest.approx(5, rel=0.02)  # 60 units of height in 300 pixels


def test_that_one_to_one_shows_a_column_per_pixel(canvas):
    canvas.show_frame(colour_frame())
    canvas.one_to_one()
    assert canvas.zoom == pytest.approx(1, rel=0.01)
    canvas.fit()
    assert canvas.zoom == pytest.approx(10, rel=0.02)


def test_that_zooming_stays_while_frames_change(canvas):
    canvas.show_frame(colour_frame())
    canvas.set_zoom(20)
    canvas.show_frame(colour_frame(value=5))
    assert canvas.zoom == pytest.approx(20, rel=0.01)


def test_that_the_wheel_zooms_to_the_cursor(canvas):
    canvas.show_frame(colour_frame())
    at = QPointF(300, 80)
    before = canvas.picture_position(at)
    wheel = QWheelEvent(
        at,
        canvas.viewport().mapToGlobal(at),
        QPoint(0, 0),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    zoom = canvas.zoom
    QApplication.sendEvent(canvas.viewport(), wheel)
    after = canvas.picture_position(at)
    assert canvas.zoom > zoom
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()), abs=0.05)


def test_that_a_left_drag_moves_the_picture_with_the_hand(canvas):
    canvas.show_frame(colour_frame())
    before = canvas.picture_position(QPointF(100, 100))
    drag(canvas, Qt.MouseButton.LeftButton, (100, 100), (180, 140))
    after = canvas.picture_position(QPointF(180, 140))
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()), abs=0.6)


def test_that_a_window_on_a_colour_picture_changes_the_display_alone():
    frame = colour_frame(value=100)
    assert (pixels_of(frame, View()) == 100).all()
    assert (pixels_of(frame, View(window=(100.0, 100.0))) == 128).all()
    assert (frame.rgb() == 100).all()


def test_that_inverting_shows_black_as_white_and_leaves_the_frame():
    assert (pixels_of(colour_frame(value=0), View(inverted=True)) == 255).all()
    grey = grey_frame(value=-5)
    assert (pixels_of(grey, View()) == 0).all()
    assert (pixels_of(grey, View(inverted=True)) == 255).all()
    assert (grey.rgb() == 0).all()


def test_that_an_overlay_is_drawn_over_its_part_and_never_alters_the_picture(canvas):
    canvas.show_frame(colour_frame(value=100))
    red = np.zeros((4, 4, 4), np.uint8)
    red[..., 0] = red[..., 3] = 255
    canvas.set_map("heat", red, QRectF(0.5, 0, 0.5, 1), opacity=0.5)
    image = painted(canvas)
    assert (image[150, 100] == 100).all()
    assert image[150, 300].tolist() == pytest.approx([178, 50, 50], abs=2)
    canvas.set_map_opacity("heat", 0.0)
    assert (painted(canvas)[150, 300] == 100).all()
    assert (canvas.frame.values == 100).all()
    canvas.drop_map("heat")
    assert canvas.maps == ()


def test_that_it_tells_when_a_picture_has_been_painted(canvas, qtbot):
    with qtbot.waitSignal(canvas.painted, timeout=2000):
        canvas.show_frame(colour_frame())


def test_that_a_large_picture_made_small_is_averaged_and_not_sampled(canvas):
    stripes = np.zeros((1200, 1600, 3), np.uint8)
    stripes[:, ::2] = 200
    canvas.show_frame(Frame(values=stripes, grey=None))
    middle = painted(canvas)[140:160, 150:250, 0]
    assert middle.min() > 80
    assert middle.max() < 120


def test_that_the_double_arrow_cursor_tells_of_window_mode(canvas):
    canvas.set_windowing(True)
    assert canvas.cursor().shape() is Qt.CursorShape.SizeAllCursor
    QTest.mouseMove(canvas.viewport(), QPoint(5, 5))
    canvas.set_windowing(False)
    assert canvas.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_that_a_map_is_interpolated_between_cell_centres():
    two = np.array([[0.0, 1.0]], np.float32)
    assert enlarged(two, side=4)[0].tolist() == pytest.approx([0.0, 0.25, 0.75, 1.0])


def test_that_a_map_is_clear_where_there_is_nothing_and_unknown():
    values = np.array([[0.0, 1.0, np.nan]], np.float32)
    alpha = coloured(values, (0.0, 1.0), "inferno")[..., 3]
    side = alpha.shape[1] // 3
    assert alpha[0, 0] == 0
    assert alpha[0, side + side // 4] == 255
    assert alpha[0, -1] == 0


def test_that_the_middle_of_a_diverging_map_is_clear():
    alpha = coloured(np.array([[-1.0], [0.0], [1.0]], np.float32), (-1.0, 1.0), "coolwarm")[..., 3]
    side = len(alpha) // 3
    assert alpha[0, 0] == alpha[-1, 0] == 255
    assert alpha[side + side // 2, 0] < 10


@pytest.mark.parametrize("zoom", [1.0, 8.0])
def test_that_an_outline_is_as_thin_however_near_one_looks(canvas, zoom):
    canvas.show_frame(colour_frame(value=100))
    canvas.set_outline("lungs", [np.array([[0.5, 0.0], [0.5, 1.0]])], QRectF(0, 0, 1, 1), opacity=1.0)
    canvas.set_zoom(zoom * canvas.zoom)
    row = painted(canvas)[150, :, 0]
    assert (row != 100).sum() in (4, 5, 6)
    assert row.max() > 150  # half of the line lies in each of two pixels
    assert row.min() < 60


def test_that_an_outline_takes_the_place_of_a_map_of_its_name_and_lies_over_other_maps(canvas):
    canvas.show_frame(colour_frame(value=100))
    red = np.zeros((4, 4, 4), np.uint8)
    red[..., 0] = red[..., 3] = 255
    line = [np.array([[0.5, 0.0], [0.5, 1.0]])]
    canvas.set_map("lungs", red, QRectF(0, 0, 1, 1), opacity=1.0)
    canvas.set_outline("lungs", line, QRectF(0, 0, 1, 1), opacity=1.0)
    assert (painted(canvas)[150, 20] == 100).all()
    canvas.set_map("heat", red, QRectF(0, 0, 1, 1), opacity=1.0)
    assert painted(canvas)[150, :, 1].max() > 150
    canvas.drop_map("lungs")
    assert painted(canvas)[150, :, 1].max() == 0
