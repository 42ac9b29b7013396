"""How a picture is looked at: window, inversion and turns by keys, mouse, menu and numbers, with undo."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from viewer.domain.display import GreyDisplay, WindowPreset
from viewer.domain.image import Clip, Frame
from viewer.domain.view import Turn, View
from viewer.io.reader import Opened
from viewer.ui.dialogs.window_level import WindowLevelDialog

from .conftest import Room, clip, opened
from .test_canvas import drag
from .test_main_window import press

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LUNG = WindowPreset("Lung & chest", -600.0, 1500.0)


class GreySource:
    """A CT-like clip: values rise from left to right from -1000 to 1000."""

    def __init__(self, made: Clip) -> None:
        self.clip = made

    def decode(self, index: int) -> Frame:
        row = np.linspace(-1000, 1000, self.clip.columns).astype(np.int16)
        return Frame(
            values=np.tile(row, (self.clip.rows, 1)),
            grey=GreyDisplay(center=40.0, width=400.0),
            pixel_aspect=self.clip.pixel_aspect,
        )

    def close(self) -> None:
        pass


def grey(name: str = "ct.dcm", **changes: Any) -> Opened:
    made = clip(name, **{"frames": 2, "value_unit": "HU", "presets": (LUNG,), **changes})
    return Opened(path=made.path, source=GreySource(made))


def view(room: Room) -> View:
    return room.window.edits.edits(str(room.desk.clip.path)).view


def undo(room: Room) -> None:
    room.window.edits.undo(str(room.desk.clip.path))


def test_that_a_right_drag_changes_the_window_and_is_one_step(room):
    room.open(grey())
    drag(room.window.canvas, Qt.MouseButton.RightButton, (100, 100), (180, 160))
    center, width = view(room).window
    assert center > 40
    assert width > 400
    assert room.window.canvas.view == view(room)
    undo(room)
    assert room.window.canvas.view == View()


def test_that_the_left_button_changes_the_window_in_window_mode_and_pans_without_it(room):
    room.open(grey())
    press(room, Qt.Key.Key_W)
    drag(room.window.canvas, Qt.MouseButton.LeftButton, (100, 100), (180, 160))
    changed = view(room)
    assert changed.window is not None
    press(room, Qt.Key.Key_W)
    drag(room.window.canvas, Qt.MouseButton.LeftButton, (100, 100), (180, 160))
    assert view(room) == changed


def test_that_two_clicks_of_the_right_button_give_the_window_up_and_nothing_else(room):
    room.open(grey())
    press(room, Qt.Key.Key_Period)
    drag(room.window.canvas, Qt.MouseButton.RightButton, (100, 100), (180, 160))
    double_click(room)
    assert view(room) == View(turn=Turn(quarters=1))


def double_click(room: Room) -> None:
    """Two clicks of the right button; pyqtgraph reads buttons from the events themselves."""
    target, at = room.window.canvas.viewport(), QPointF(120, 120)
    right, none = Qt.MouseButton.RightButton, Qt.MouseButton.NoButton
    for kind in (
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseButtonRelease,
    ):
        held = none if kind is QEvent.Type.MouseButtonRelease else right
        event = QMouseEvent(kind, at, target.mapToGlobal(at), right, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(target, event)


def test_that_a_clip_that_is_shown_again_has_its_view_again(room):
    room.open(grey("a.dcm"), grey("b.dcm"))
    press(room, Qt.Key.Key_Plus)
    press(room, Qt.Key.Key_H)
    changed = view(room)
    press(room, Qt.Key.Key_Down)
    assert room.window.canvas.view == View()
    assert not room.window.action("invert").isChecked()
    press(room, Qt.Key.Key_Up)
    assert room.window.canvas.view == changed == View(inverted=True, turn=Turn(mirrored=True))
    assert room.window.action("invert").isChecked()


def test_that_the_view_of_the_next_clip_never_touches_the_picture_still_on_screen(room):
    room.open(grey("a.dcm"), grey("b.dcm"))
    room.window.edits.look(str(room.window.series.clips.clips[1].path), View(inverted=True), "Invert")
    room.store.frames.clear()
    room.store.eager = False
    before = room.window.canvas.grab().toImage()
    press(room, Qt.Key.Key_Down)
    assert room.window.canvas.grab().toImage() == before
    room.store.answer()
    room.settle()
    assert room.window.canvas.view.inverted
    assert room.window.canvas.grab().toImage() != before


def test_that_undo_and_redo_reach_the_screen(room):
    room.open(grey())
    press(room, Qt.Key.Key_Plus)
    press(room, Qt.Key.Key_V)
    undo(room)
    assert room.window.canvas.view == View(inverted=True)
    undo(room)
    assert room.window.canvas.view == View()
    assert not room.window.action("invert").isChecked()
    room.window.edits.redo(str(room.desk.clip.path))
    assert room.window.canvas.view == View(inverted=True)
    assert room.window.action("invert").isChecked()


def test_that_a_turned_picture_is_shown_whole(room):
    room.open(grey(columns=64))
    fitted = room.window.canvas.zoom
    room.window.canvas.set_zoom(50)
    press(room, Qt.Key.Key_Period)
    assert room.window.canvas.zoom < fitted


def test_that_the_first_nine_presets_have_keys_and_the_menu_shows_them(room):
    room.open(grey())
    presets = room.window.presets
    presets.fill()
    lines = [(action.text(), action.shortcut().toString()) for action in presets.actions()]
    assert lines == [
        ("Window of the file", "Ctrl+1"),
        ("Automatic, from this frame", "Ctrl+2"),
        ("Full range   W 2000   L 0", "Ctrl+3"),
        ("Lung && chest   W 1500   L −600", "Ctrl+4"),
    ]
    press(room, Qt.Key.Key_4, CONTROL)
    assert view(room).window == (-600.0, 1500.0)
    presets.fill()
    assert [action.isChecked() for action in presets.actions()] == [False, False, False, True]
    press(room, Qt.Key.Key_3, CONTROL)
    assert view(room).window == (0.0, 2000.0)
    press(room, Qt.Key.Key_2, CONTROL)
    assert view(room).window == pytest.approx((0.0, 1960.0), abs=60)
    press(room, Qt.Key.Key_1, CONTROL)
    assert view(room).window is None
    press(room, Qt.Key.Key_9, CONTROL)
    assert view(room).window is None


def test_that_presets_beyond_the_ninth_can_still_be_clicked(room):
    many = tuple(WindowPreset(f"Window {place}", float(place), 10.0) for place in range(12))
    room.open(grey(presets=many))
    room.window.presets.fill()
    last = room.window.presets.actions()[-1]
    assert last.shortcut().isEmpty()
    last.trigger()
    assert view(room).window == (11.0, 10.0)


def test_that_a_colour_picture_is_offered_steps_of_brightness(room):
    room.open(opened())
    room.window.presets.fill()
    names = [action.text().split("   ")[0] for action in room.window.presets.actions()]
    assert {"Brighter", "Darker", "More contrast"} <= set(names)
    room.window.presets.actions()[names.index("Brighter")].trigger()
    assert view(room).window == (96.0, 256.0)


def test_that_without_a_picture_nothing_is_offered_and_no_key_does_anything(room):
    room.window.presets.fill()
    assert [action.text() for action in room.window.presets.actions()] == ["No picture open"]
    press(room, Qt.Key.Key_3, CONTROL)
    press(room, Qt.Key.Key_H)
    drag(room.window.canvas, Qt.MouseButton.RightButton, (100, 100), (180, 160))
    assert room.window.canvas.view == View()
    press(room, Qt.Key.Key_Plus)
    assert not room.window.action("invert").isChecked()


def dialog_of(room: Room) -> WindowLevelDialog:
    press(room, Qt.Key.Key_W, SHIFT)
    found = room.window.findChild(WindowLevelDialog)
    assert found is not None
    return found


def test_that_a_window_can_be_typed(room):
    room.open(grey())
    dialog = dialog_of(room)
    assert (dialog.center.value(), dialog.width_box.value()) == (40.0, 400.0)
    assert dialog.center.suffix() == " HU"
    assert not dialog.isModal()
    dialog.center.setFocus()
    dialog.center.selectAll()
    QTest.keyClicks(dialog.center, "-600")
    QTest.keyClick(dialog.center, Qt.Key.Key_Return)
    assert view(room).window == (-600.0, 400.0)
    dialog.width_box.selectAll()
    QTest.keyClicks(dialog.width_box, "-3")
    QTest.keyClick(dialog.width_box, Qt.Key.Key_Return)
    assert view(room).window[1] >= 1


def test_that_the_numbers_follow_the_picture(room):
    room.open(grey("a.dcm"), grey("b.dcm"))
    dialog = dialog_of(room)
    drag(room.window.canvas, Qt.MouseButton.RightButton, (100, 100), (180, 160))
    assert dialog.center.value() == pytest.approx(view(room).window[0], abs=0.5)
    press(room, Qt.Key.Key_Down)
    assert dialog.width_box.value() == 400.0
    QTest.mouseClick(dialog.auto, Qt.MouseButton.LeftButton)
    assert view(room).window[1] > 1500
    QTest.mouseClick(dialog.of_file, Qt.MouseButton.LeftButton)
    assert view(room).window is None
    assert dialog.width_box.value() == 400.0
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
