"""Keeps the table of measurements in step with the clip the reader works on."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDockWidget

from viewer.domain.annotation import Annotation, Kind
from viewer.domain.image import Clip
from viewer.present.measured import basis_words, measurement_line, statistics_lines
from viewer.ui.canvas.entry import writable
from viewer.ui.docks import show_whole_titles
from viewer.ui.marking import KINDS
from viewer.ui.panels.measurements import Row
from viewer.ui.texts import tr

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow

NO_BREAK = "\N{NO-BREAK SPACE}"


class Listing:
    """Fills the table while it is seen; a choice in it goes to the frame and chooses the shape."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._panel = window.measurements
        self._listed: tuple[Clip, tuple[Annotation, ...], int | None] | None = None
        self._panel.chosen.connect(self._go_to)
        self._panel.narrowed.connect(lambda: self.refresh())
        self._panel.model.renamed.connect(lambda name, words: window.measuring.marker.relabel(name, writable(words)))
        self._dock.visibilityChanged.connect(self._seen)
        window.values.counted.connect(self._counted)

    @property
    def _dock(self) -> QDockWidget:
        return self._window.docks["measurements"]

    def refresh(self) -> None:
        """Show what is drawn and chosen now."""
        if not self._panel.isVisible():
            return
        pane = self._window.panes.active
        if pane.on_canvas is None:
            return
        clip, frame = pane.on_canvas
        drawn = self._window.edits.edits(str(clip.path)).annotations
        narrowed = frame if self._panel.this_frame.isChecked() else None
        wanted = (clip, drawn, narrowed)
        if wanted != self._listed:
            self._listed = wanted
            entries = [entry for entry in drawn if narrowed in (None, entry.frame)]
            self._panel.show_rows([self._row(entry, clip) for entry in sorted(entries, key=_frame)])
        self._panel.show_chosen(pane.canvas.marks.selected)

    def _row(self, drawn: Annotation, clip: Clip) -> Row:
        values = self._window.values
        measured, found = values.measured(drawn, clip), values.statistics(drawn, clip)
        basis = basis_words(measured)
        lines = (
            *(measurement_line(entry) for entry in measured),
            *((basis,) if basis else ()),
            *((tr("Pixel values …"),) if found is None else map(_in_pairs, statistics_lines(found))),
        )
        shape = KINDS[drawn.kind]()
        return Row(drawn, (str(drawn.frame + 1), f"{shape[0].upper()}{shape[1:]}", drawn.text, "\n".join(lines)))

    def _counted(self, clip: str, name: str) -> None:
        """Show the statistics of one shape, which came a little later."""
        place = self._panel.model.place_of(name)
        if place is not None and self._listed is not None and str(self._listed[0].path) == clip:
            drawn = self._panel.model.rows[place].annotation
            self._panel.model.put_one(place, self._row(drawn, self._listed[0]))

    def _seen(self, on: bool) -> None:
        if on:
            show_whole_titles(self._window)
            self.refresh()

    def _go_to(self, drawn: Annotation) -> None:
        self._window.player.seek(drawn.frame)
        self._window.measuring.marker.select("" if drawn.kind is Kind.KEY_IMAGE else drawn.id)


def _frame(drawn: Annotation) -> int:
    return drawn.frame


def _in_pairs(line: str) -> str:
    """A line that is wrapped between its values, never between a name and its value."""
    return line.replace(" ", NO_BREAK).replace(3 * NO_BREAK, "   ")
