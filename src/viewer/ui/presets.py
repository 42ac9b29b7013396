"""The menu of windows to choose from, the first nine with a key."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from viewer.domain.windowing import presets_of
from viewer.present.corners import window_words
from viewer.ui.actions import PRESETS
from viewer.ui.texts import marked, tr
from viewer.ui.viewing import Viewing

Window = tuple[float, float] | None

USUAL = (
    marked("Full range"),
    marked("Soft tissue"),
    marked("Lung"),
    marked("Bone"),
    marked("Brain"),
    marked("Mediastinum"),
    marked("More contrast"),
    marked("Less contrast"),
    marked("Brighter"),
    marked("Much brighter"),
    marked("Darker"),
)
"""Names that are translated; all others are the file's own words."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """One line of the menu.

    Attributes:
        words: Its name.
        choose: What it does.
        window: What it sets; None for the file's own window.
        known: Whether the window is known before it is chosen.
    """

    words: str
    choose: Callable[[], None]
    window: Window = None
    known: bool = True


class Presets(QMenu):
    """Fills itself for the picture before the reader, and gives the keys their meaning."""

    def __init__(self, keys: list[QAction], viewing: Viewing, parent: QWidget) -> None:
        """Prepare.

        Args:
            keys: An action for each of the first places, with its key.
            viewing: What the windows are for.
            parent: Owns the menu, which may hang in several places.
        """
        super().__init__(tr(PRESETS), parent)
        self._keys = keys
        self._viewing = viewing
        self.aboutToShow.connect(self.fill)
        for place, action in enumerate(keys):
            action.setCheckable(True)
            action.triggered.connect(partial(self._choose, place))

    def fill(self) -> None:
        """Offer what fits the picture."""
        self.clear()
        if self._viewing.frame is None:
            self.addAction(tr("No picture open")).setEnabled(False)
            return
        now = self._viewing.view.window
        for place, choice in enumerate(self._choices()):
            if place < len(self._keys):
                action = self._keys[place]
                self.addAction(action)
            else:
                action = self.addAction("")
                action.setCheckable(True)
                action.triggered.connect(partial(self._choose, place))
            action.setText(choice.words.replace("&", "&&"))
            action.setChecked(choice.known and choice.window == now)

    def _choose(self, place: int, _checked: bool = False) -> None:
        choices = tuple(self._choices())
        if place < len(choices):
            choices[place].choose()

    def _choices(self) -> Iterator[_Choice]:
        frame, clip = self._viewing.frame, self._viewing.clip
        if frame is None or clip is None:
            return
        yield _Choice(tr("Window of the file"), partial(self._viewing.set_window, None))
        yield _Choice(tr("Automatic, from this frame"), self._viewing.set_auto_window, known=False)
        for preset in presets_of(frame, clip.presets):
            window = (preset.center, preset.width)
            name = tr(preset.name) if preset.name in USUAL else preset.name
            words = f"{name}   {window_words(*window)}"
            yield _Choice(words, partial(self._viewing.set_window, window), window)
