"""Menus and tool bars of the window, from the table of commands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QToolButton

from viewer.ui.actions import MENUS, SUBMENUS, Actions
from viewer.ui.measuring import TOOLS
from viewer.ui.texts import tr
from viewer.ui.widgets.fitting_bar import FittingBar
from viewer.ui.widgets.tool_choice import ToolChoice

SPARE = ("reset_tone", "invert", "fit", "open_folder", "open_files", "hide_overlays", "windowing")
"""Commands whose buttons lose their words in a narrow window, the first one first."""

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow


PANEL_LETTERS = "ADIMNORSTWY"
"""Letters that press buttons of panels and notices with Alt; menus have others."""


def build_menus(window: "MainWindow", actions: Actions) -> dict[str, QMenu]:
    """Fill the menu bar; by the menus' names."""
    menus: dict[str, QMenu] = {}
    top = [name for name in MENUS if name not in SUBMENUS]
    titles = dict(zip(top, with_letters([tr(name) for name in top], PANEL_LETTERS), strict=True))
    for name in MENUS:
        within = SUBMENUS.get(name)
        menus[name] = menus[within].addMenu(tr(name)) if within else window.menuBar().addMenu(titles[name])
        menus[name].addActions(actions.of_menu(name))
    menus["View"].addMenu(window.presets)
    menus["File"].insertMenu(window.action("close_window"), window.recent)
    for past in (window.action("reopen_last"), window.recent):
        past.setEnabled(False)  # until there is something to remember
    return menus


def build_tool_bars(window: "MainWindow") -> None:
    """The banner on top, and below it the commands that are used most."""
    top = window.addToolBar(tr("Patient"))
    top.setObjectName("patient_bar")
    top.setMovable(False)
    top.addWidget(window.banner)
    window.addToolBarBreak()
    tools = FittingBar(tr("Tools"))
    window.addToolBar(tools)
    tools.setObjectName("tools")
    tools.setMovable(False)
    groups = (("open_files", "open_folder"), ("fit", "one_to_one", "windowing"), ("invert", "reset_tone"))
    for group in groups:
        tools.addActions([window.action(name) for name in group])
        if "windowing" in group:
            tools.addWidget(
                menu_button(tr("Presets"), tr("Windows to choose from: of the file, and usual ones"), window.presets)
            )
        else:
            tools.addSeparator()
    tools.addAction(window.action("hide_overlays"))
    tools.addSeparator()
    layouts = window.menus["Side by side"]
    tools.addWidget(menu_button(tr("Layout"), tr("One picture, or several side by side"), layouts))
    tools.addSeparator()
    tools.add_icon(window.action("pointer"))
    tools.addWidget(ToolChoice(tr("Measure"), [window.action(name) for name in TOOLS if name != "pointer"]))
    for name in ("key_image", "undo", "redo"):
        tools.add_icon(window.action(name))
    tools.spare_words_of([window.action(name) for name in SPARE])


def with_letters(titles: Sequence[str], taken: str = "") -> list[str]:
    """Titles with `&` before a letter of their own, the first one that is free; without where none is."""
    used = {letter.casefold() for letter in taken}
    lettered = []
    for title in titles:
        free = [n for n, letter in enumerate(title) if letter.isalpha() and letter.casefold() not in used]
        used |= {title[free[0]].casefold()} if free else set()
        lettered.append(f"{title[: free[0]]}&{title[free[0] :]}" if free else title)
    return lettered


def menu_button(text: str, tip: str, menu: QMenu) -> QToolButton:
    """A button of the tool bar that opens a menu."""
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setMenu(menu)
    return button
