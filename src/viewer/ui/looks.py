"""How the window looks: its colours and the size of its letters, each a setting with keys of its own."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from viewer.ui import theme
from viewer.ui.theme import NAMES, current_theme, load_theme, scaled

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow

USUAL, STEP, LEAST, MOST = 100, 10, 80, 200
"""Sizes of letters in per cent."""


class Looks:
    """Applies the settings `theme` and `font_scale`; keys change them as the dialog of settings does."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        window.preferences.follow("theme", self._use_theme)
        window.preferences.follow("font_scale", lambda percent: self._apply(current_theme(), percent))
        commands = {
            "next_theme": self.next_theme,
            "larger_text": lambda: self.scale_to(scaled(100) + STEP),
            "smaller_text": lambda: self.scale_to(scaled(100) - STEP),
            "usual_text": lambda: self.scale_to(USUAL),
        }
        for name, call in commands.items():
            window.action(name).triggered.connect(lambda _=False, call=call: call())

    def next_theme(self) -> None:
        """Dark, light, high contrast, and dark again."""
        name = NAMES[(NAMES.index(current_theme().name) + 1) % len(NAMES)]
        if self._window.preferences.settings.theme == name:  # the command line had asked for another
            self._use_theme(name)
        self._window.apply_setting("theme", name)

    def scale_to(self, percent: int) -> None:
        """Set the size of letters, within what a window has room for."""
        self._window.apply_setting("font_scale", min(max(percent, LEAST), MOST))

    def _use_theme(self, name: str) -> None:
        self._apply(load_theme(name), scaled(100))

    def _apply(self, colours: theme.Theme, percent: int) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply_theme(app, colours, percent)
        self._window.refresh_looks()
