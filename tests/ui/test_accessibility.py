"""What is shown can be read, reached by key and told by a screen reader: in every theme, by rendered pixels."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QTabBar,
    QWidget,
)

from viewer.domain.result import Light
from viewer.ui.actions import COMMANDS, PRESETS
from viewer.ui.theme import NAMES, apply_theme, load_theme

from .conftest import Room, deliver, opened

TEXT, DISABLED = 4.5, 3.0
"""Least contrast of text (WCAG 2.2 AA), and of text that cannot be used now, where it asks for none."""

FOCUS = 3.0
"""Least contrast between a pixel with and without the focus (WCAG 2.2)."""

DIALOGS = ("settings", "shortcuts", "about", "plugins", "window_level", "notice", "problems")


@pytest.fixture(params=NAMES)
def theme(request: pytest.FixtureRequest, qapp: Any) -> Iterator[str]:
    apply_theme(qapp, load_theme(request.param))
    yield request.param
    apply_theme(qapp, load_theme("dark"))


@pytest.fixture
def full(room: Room) -> Room:
    """A window with everything it can show at once."""
    room.session.made.lights = {0: Light.AMBER, 1: Light.RED}
    room.open(opened(), opened("still.png", frames=1))
    room.work()
    window = room.window
    window.arrange(1600, 1000)
    window.docks["frames"].show()
    window.reliability.card.rests_on.button.click()
    window.problems.add("a.dcm: it ends too soon")
    settle()
    return room


def settle() -> None:
    for _ in range(8):
        deliver()


def dialog_of(room: Room, name: str) -> QDialog:
    before = {dialog for dialog in room.window.findChildren(QDialog) if dialog.isVisible()}
    if name == "problems":
        room.window.problems.show_all.click()
    else:
        room.window.action(name).trigger()
    room.work()
    settle()
    (found,) = {dialog for dialog in room.window.findChildren(QDialog) if dialog.isVisible()} - before
    return found


def luminances(image: QImage) -> NDArray[np.float64]:
    """Relative luminance by WCAG of every pixel, (rows, columns)."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    flat = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    shares = flat[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3) / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def ratio(one: Any, other: Any) -> Any:
    """Contrast of two luminances, 1 to 21."""
    return (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)


def legibility(image: QImage) -> float:
    """Contrast of the strongest ink with the ground, which is the commonest colour."""
    values = np.round(luminances(image), 4)
    ground = Counter(values.ravel().tolist()).most_common(1)[0][0]
    return float(ratio(values, ground).max())


def texts(root: QWidget) -> Iterator[tuple[str, QWidget, QRect, bool]]:
    """Everything below a widget that shows words, with its place in it and whether it can be used now."""
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or widget.window() is not root.window() or widget.visibleRegion().isEmpty():
            continue
        usable, words = widget.isEnabled(), ""
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            words = widget.text() or (widget.placeholderText() if isinstance(widget, QLineEdit) else "")
        elif isinstance(widget, QComboBox):
            words = widget.currentText()
        elif isinstance(widget, QTabBar):
            places = [(widget.tabText(n), widget.tabRect(n)) for n in range(widget.count())]
            yield from ((text, widget, place, usable) for text, place in places if on_top(widget, place))
        elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from cells(widget)
        whole = widget.visibleRegion().boundingRect().height() >= widget.height()  # not cut by a scrolled edge
        if words.strip() and whole and "canvas" not in widget.objectName():
            yield words, widget, inner(widget), usable


def on_top(widget: QWidget, place: QRect) -> bool:
    """Whether a part of a widget is not covered: Qt keeps bars of tabs that are not used now below others."""
    root = widget.window()
    return root.childAt(widget.mapTo(root, place.center())) is widget


def inner(widget: QWidget) -> QRect:
    """Where a widget shows its words: without its border, and without the arrow of a chooser."""
    room = widget.visibleRegion().boundingRect()
    if isinstance(widget, QLabel) or isinstance(widget.parent(), QAbstractSpinBox):
        return room
    return room.adjusted(6, 6, -28 if isinstance(widget, QComboBox) else -6, -6)


def cells(view: QAbstractItemView) -> Iterator[tuple[str, QWidget, QRect, bool]]:
    flat = isinstance(view, QListView)
    for row in range(view.model().rowCount(view.rootIndex())):
        for column in range(1 if flat else view.model().columnCount(view.rootIndex())):
            index = view.model().index(row, column, view.rootIndex())
            place = view.visualRect(index)
            if index.data() not in (None, "") and view.viewport().rect().contains(place):
                yield str(index.data()), view.viewport(), place, True


def illegible(root: QWidget) -> dict[str, float]:
    whole = root.grab().toImage()
    found = {}
    for words, widget, place, usable in texts(root):
        crop = whole.copy(QRect(widget.mapTo(root, place.topLeft()), place.size()).intersected(whole.rect()))
        contrast = legibility(crop) if crop.width() > 8 and crop.height() > 8 else TEXT
        if contrast < (TEXT if usable else DISABLED):
            found[f"{type(widget).__name__} {words[:40]!r}"] = round(contrast, 2)
    return found


def test_that_every_text_of_the_window_can_be_read(theme, full):
    assert len(list(texts(full.window))) > 60
    assert illegible(full.window) == {}


def test_that_faint_words_would_be_found(qtbot):
    root = QWidget()
    qtbot.addWidget(root)
    for words, ink in (("clear", "#a3b0be"), ("faint", "#5c6b7c")):
        words_shown = QLabel(words, root)
        words_shown.setStyleSheet(f"color: {ink}; background: #151a20")
        words_shown.setGeometry(0, 0, 80, 30)
    root.findChildren(QLabel)[1].move(0, 40)
    root.show()
    settle()
    assert [name.split()[1] for name in illegible(root)] == ["'faint'"]


@pytest.mark.parametrize("name", DIALOGS)
def test_that_every_text_of_the_dialogs_can_be_read(theme, full, name):
    dialog = dialog_of(full, name)
    assert len(list(texts(dialog))) >= 2
    assert illegible(dialog) == {}


def test_that_every_entry_of_the_menus_can_be_read(theme, full):
    found = {}
    for menu in full.window.menuBar().findChildren(QMenu):
        menu.popup(QPoint(0, 0))
        settle()
        whole = menu.grab().toImage()
        for action in menu.actions():
            if action.text() and not action.isSeparator():
                crop = whole.copy(menu.actionGeometry(action))
                contrast = legibility(crop)
                if contrast < (TEXT if action.isEnabled() else DISABLED):
                    found[f"{menu.title()}: {action.text()}"] = round(contrast, 2)
        menu.close()
    assert found == {}


# Focus --------------------------------------------------------------------------------------------------------------


def focusable(root: QWidget) -> list[QWidget]:
    """What Tab reaches in a window now."""
    widgets = [widget for widget in root.findChildren(QWidget) if widget.window() is root.window()]
    return [
        widget
        for widget in widgets
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusProxy() is None
        and (not isinstance(widget, QTabBar) or on_top(widget, widget.tabRect(0)))
        and not widget.objectName().startswith("qt_")
    ]


def without_sign_of_focus(root: QWidget) -> list[str]:
    lacking = []
    for widget in focusable(root):
        if widget.visibleRegion().isEmpty():
            continue
        root.setFocus()
        if QApplication.focusWidget() is not None:
            QApplication.focusWidget().clearFocus()
        settle()
        room = QRect(widget.mapTo(root, QPoint(0, 0)), widget.size()).adjusted(-4, -4, 4, 4)
        before = luminances(root.grab(room).toImage())
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        settle()
        after = luminances(root.grab(room).toImage())
        changed = int((ratio(before, after) >= FOCUS).sum()) if before.shape == after.shape else 0
        if changed < min(widget.width(), widget.height()):
            lacking.append(f"{type(widget).__name__} {name_of(widget)!r}: {changed} pixels")
    return lacking


def test_that_the_focus_is_seen_on_every_part_of_the_window(theme, qtbot, full):
    full.window.activateWindow()
    assert without_sign_of_focus(full.window) == []


@pytest.mark.parametrize("name", DIALOGS)
def test_that_the_focus_is_seen_on_every_part_of_the_dialogs(theme, full, name):
    dialog = dialog_of(full, name)
    dialog.activateWindow()
    assert without_sign_of_focus(dialog) == []


# Keys and names -----------------------------------------------------------------------------------------------------


def name_of(widget: QWidget) -> str:
    """What a screen reader says of a widget: its own name, or the words on a button."""
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")


@pytest.mark.parametrize("name", ["", *DIALOGS])
def test_that_everything_that_takes_the_focus_has_a_name(full, name):
    root = dialog_of(full, name) if name else full.window
    nameless = [f"{type(widget).__name__} {widget.objectName()}" for widget in focusable(root) if not name_of(widget)]
    assert nameless == []


@pytest.mark.parametrize("name", ["", *DIALOGS])
def test_that_tab_goes_round_through_everything_and_is_caught_nowhere(qtbot, full, name):
    root = dialog_of(full, name) if name else full.window
    root.activateWindow()
    everything = focusable(root)
    everything[0].setFocus(Qt.FocusReason.TabFocusReason)
    visited = []
    for _ in range(2 * len(everything)):
        here = QApplication.focusWidget()
        visited.append(here)
        qtbot.keyClick(here, Qt.Key.Key_Tab)
    missed = [f"{type(widget).__name__} {name_of(widget)!r}" for widget in everything if widget not in visited]
    assert missed == []


def test_that_every_command_stands_in_a_menu_with_a_tip_and_a_name(full):
    menus = full.window.menuBar().findChildren(QMenu)
    for menu in (*menus, full.window.presets):
        menu.aboutToShow.emit()  # some are filled when they open
    in_menus = {action for menu in (*menus, full.window.presets) for action in menu.actions()}
    for command in COMMANDS:
        action = full.window.action(command.name)
        assert action in in_menus or command.menu == PRESETS, command.name  # that menu has as many as the picture
        assert command.text
        assert command.tip
        assert action.toolTip().startswith(command.tip)


def test_that_the_menus_and_buttons_have_letters_of_their_own(full):
    window = full.window
    titles = [action.text() for action in window.menuBar().actions()]
    buttons = [part.text() for part in window.findChildren(QAbstractButton)]
    words = {letter: [] for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    for text in (*titles, *{text for text in buttons if text not in titles}):
        for letter in mnemonics(text):
            words[letter].append(text)
    assert all(mnemonics(title) for title in titles)
    assert {letter: found for letter, found in words.items() if len(found) > 1} == {}


def mnemonics(words: str) -> list[str]:
    """The letter after an ampersand that stands alone."""
    plain = words.replace("&&", "")
    place = plain.find("&")
    return [plain[place + 1].upper()] if 0 <= place < len(plain) - 1 else []
