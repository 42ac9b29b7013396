"""What the commands do: connects the actions of a window with its parts."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from viewer.domain.errors import ViewerError
from viewer.domain.view import Turn
from viewer.session.components import assets, libraries, models, program_version
from viewer.store.journal import database_path
from viewer.ui.dialogs.about import AboutDialog, Parts
from viewer.ui.dialogs.first_notice import FirstNotice
from viewer.ui.dialogs.plugins import PluginsDialog
from viewer.ui.dialogs.settings import SettingsDialog
from viewer.ui.dialogs.shortcuts import ShortcutsDialog
from viewer.ui.dialogs.verification import VerificationDialog
from viewer.ui.dialogs.window_level import WindowLevelDialog
from viewer.ui.docks import Dock, give_height, give_room
from viewer.ui.model_check import ModelCheck
from viewer.ui.texts import tr
from viewer.ui.theme import scaled

if TYPE_CHECKING:
    from viewer.session.session import Session
    from viewer.ui.main_window import MainWindow

D = TypeVar("D", bound=QWidget)

SAID_MS = 8_000
"""How long the status line answers a command that found nothing to do."""


EXPLORER_SIZE = (1100, 760)
"""Of the evaluated cohort in a window of its own, in pixels at 100 %."""


class Commands:
    """Every command of the main window."""

    def __init__(self, window: "MainWindow", session: "Session") -> None:
        self._window = window
        self._session = session
        self._dialogs: dict[str, QWidget] = {}
        self.model_check = ModelCheck(window, session, lambda: self._dialog(VerificationDialog))
        self._connect()

    def _connect(self) -> None:
        w = self._window
        triggered: dict[str, Callable[[], object]] = {
            "open_files": lambda: self._ask(tr("Open files"), QFileDialog.FileMode.ExistingFiles),
            "open_folder": lambda: self._ask(tr("Open folder"), QFileDialog.FileMode.Directory),
            "open_cohort": self._ask_for_cohort,
            "close_window": w.close,
            "previous_frame": lambda: self.step(-1),
            "next_frame": lambda: self.step(1),
            "first_frame": lambda: w.player.seek(0),
            "last_frame": lambda: w.player.seek(w.desk.clip.frames - 1 if w.desk.clip else 0),
            "previous_clip": lambda: self.step_clip(-1),
            "next_clip": lambda: self.step_clip(1),
            "previous_unanswered": lambda: self.step_unanswered(-1),
            "next_unanswered": lambda: self.step_unanswered(1),
            "previous_failure": lambda: w.exploring.step_failure(-1),
            "next_failure": lambda: w.exploring.step_failure(1),
            "fit": lambda: w.canvas.fit(),
            "one_to_one": lambda: w.canvas.one_to_one(),
            "zoom_in": lambda: w.canvas.zoom_in(),
            "zoom_out": lambda: w.canvas.zoom_out(),
            "turn_left": lambda: w.viewing.turn(lambda turn: turn.rotated(-1), tr("Turn left")),
            "turn_right": lambda: w.viewing.turn(lambda turn: turn.rotated(1), tr("Turn right")),
            "flip_sideways": lambda: w.viewing.turn(Turn.flipped_sideways, tr("Flip sideways")),
            "flip_over": lambda: w.viewing.turn(Turn.flipped_over, tr("Flip over")),
            "reset_tone": w.viewing.reset,
            "invert": w.viewing.invert,
            "window_level": self.show_window_level,
            "reset_layout": w.arrangement.reset,
            "show_series": lambda: reveal(w.docks["series"]),
            "show_worklist": lambda: reveal(w.docks["worklist"]),
            "show_reliability": lambda: reveal(w.docks["reliability"]),
            "show_explanations": lambda: reveal(w.docks["explanations"]),
            "show_frames": lambda: reveal(w.docks["frames"]),
            "show_disagreement": lambda: self.show_roomy("disagreement"),
            "show_review": lambda: reveal(w.docks["review"]),
            "show_measurements": lambda: reveal(w.docks["measurements"]),
            "show_explorer": self.show_explorer,
            "show_site": lambda: self.show_roomy("site"),
            "assess_again": w.assess_again,
            "verify_model": self.model_check.begin,
            "cancel": w.desk.cancel,
            "settings": self.show_settings,
            "plugins": self.show_plugins,
            "shortcuts": lambda: self._dialog(ShortcutsDialog),
            "notice": self.show_notice,
            "about": self.show_about,
        }
        for name, call in triggered.items():
            w.action(name).triggered.connect(lambda _=False, call=call: call())
        toggled: dict[str, Callable[[bool], object]] = {
            "play": w.player.set_playing,
            "loop": w.player.set_loop,
            "windowing": w.viewing.set_windowing,
            "corner_text": w.furnishing.set_shown,
            "file_graphics": w.furnishing.show_graphics,
            "de_identified": w.naming.set_de_identified,
            "hide_overlays": lambda on: w.explanations.overlays.hide_all(not on),
            "float_explorer": self.float_explorer,
            "show_backing": w.reliability.card.rests_on.button.setChecked,
        }
        for name, switch in toggled.items():
            w.action(name).toggled.connect(switch)
        w.reliability.card.rests_on.opened.connect(w.action("show_backing").setChecked)
        w.docks["explorer"].topLevelChanged.connect(w.action("float_explorer").setChecked)
        w.action("de_identified").setChecked(w.naming.de_identified)
        w.viewing.changed.connect(lambda: w.action("invert").setChecked(w.viewing.view.inverted))

    def step(self, by: int) -> None:
        """Go on by frames; among single pictures, by pictures."""
        clip = self._window.desk.clip
        if clip is not None and clip.frames == 1:
            self.step_clip(by)
        elif clip is not None:
            self._window.player.seek(min(max(self._window.desk.frame + by, 0), clip.frames - 1))

    def step_clip(self, by: int) -> None:
        """Go on by clips in the order of the list; it ends at its ends."""
        shown = self._window.desk.clip
        other = None if shown is None else self._window.series.clips.step(shown, by)
        if other is not None:
            self._window.desk.show_clip(other)

    def step_unanswered(self, by: int) -> None:
        """Go on to the next clip of the list that nobody has answered, round its ends."""
        shown = self._window.desk.clip
        if shown is None:
            return
        other = self._window.series.clips.step_unanswered(shown, by)
        if other is None:
            self._window.statusBar().showMessage(tr("No other picture of the list is without an answer"), SAID_MS)
        else:
            self._window.desk.show_clip(other)

    def show_window_level(self) -> None:
        """Show the centre and width of the window as numbers."""
        new = WindowLevelDialog.__name__ not in self._dialogs
        dialog = self._dialog(WindowLevelDialog)
        if new:
            dialog.follow(self._window.viewing)

    def show_notice(self) -> None:
        """Show what to know before the first picture."""
        self._dialog(FirstNotice).show_journal(database_path(self._window.preferences.settings))

    def show_roomy(self, name: str) -> None:
        """Show a panel below the light, with room enough to read it."""
        reveal(self._window.docks[name])
        if self._window.docks[name].isVisible():
            give_room(self._window, name)

    def show_explorer(self) -> None:
        """Show or hide the evaluated cohort, which takes room."""
        reveal(self._window.docks["explorer"])
        if self._window.docks["explorer"].isVisible():
            give_height(self._window, "explorer")

    def float_explorer(self, on: bool) -> None:
        """Take the evaluated cohort out of the window, or put it back."""
        dock = self._window.docks["explorer"]
        if dock.isFloating() != on:
            dock.setFloating(on)
            if on:
                dock.resize(scaled(EXPLORER_SIZE[0]), scaled(EXPLORER_SIZE[1]))
        dock.show()

    def show_plugins(self) -> None:
        """Show which plugins there are."""
        new = PluginsDialog.__name__ not in self._dialogs
        dialog = self._dialog(PluginsDialog)
        disabled = self._window.preferences.settings.disabled_plugins
        dialog.show_records(self._session.host.records(), frozenset(disabled))
        if new:
            dialog.switched.connect(self._switch_plugin)

    def _switch_plugin(self, name: str, on: bool) -> None:
        """Keep the choice for the next start."""
        preferences = self._window.preferences
        preferences.become(preferences.settings.with_plugin(name, enabled=on))

    def show_about(self) -> None:
        """Show what the viewer is made of; what is installed is looked up in the background."""
        dialog, session = self._dialog(AboutDialog), self._session
        if dialog.filled:
            return

        def work() -> Parts:
            return (
                (tr("Models"), models(session.bundles())),
                (tr("Libraries"), libraries()),
                (tr("Font and colours"), assets()),
            )

        def show(found: "Parts | ViewerError") -> None:
            if not isinstance(found, ViewerError):
                dialog.show_parts(program_version(), found)

        self._window.desk.look_up(work, show)

    def show_settings(self) -> None:
        """Show every setting."""
        window = self._window
        self._dialog(SettingsDialog).show_preferences(window.preferences, window.keeper)

    def _ask(self, title: str, mode: QFileDialog.FileMode) -> None:
        dialog = QFileDialog(self._window, title)
        dialog.setFileMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self._window.desk.opener.open([Path(name) for name in names]))
        dialog.open()

    def _ask_for_cohort(self) -> None:
        dialog = QFileDialog(self._window, tr("Open evaluated cohort"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._window.exploring.open(Path(name)))
        dialog.open()

    def _dialog(self, make: Callable[[QWidget], D]) -> D:
        """Show a dialog beside the window; it stays open while reading goes on."""
        name = make.__name__
        if name not in self._dialogs:
            self._dialogs[name] = make(self._window)
        dialog: D = self._dialogs[name]  # type: ignore[assignment]  # stored under the name of its class
        dialog.show()
        dialog.raise_()
        return dialog


def reveal(dock: Dock) -> None:
    """Show a dock and give it the keys; hide it where it has them already."""
    widget, focused = dock.widget(), QApplication.focusWidget()
    if dock.isVisible() and focused is not None and (widget is focused or widget.isAncestorOf(focused)):
        dock.hide()
        return
    dock.show()
    dock.raise_()
    dock.entry.setFocus(Qt.FocusReason.ShortcutFocusReason)
