"""What is drawn on one pane: shows the annotations of its frame, and takes what the hand does to the model."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QTimer

from viewer.domain.annotation import Annotation, Kind
from viewer.domain.geometry import Point
from viewer.domain.handles import handles, is_empty, kept_within, with_handle
from viewer.domain.image import Clip
from viewer.present.measured import basis_words, measurement_lines, statistics_lines, value_words
from viewer.session.edits import EditModel
from viewer.ui.canvas.entry import WordsEntry
from viewer.ui.canvas.hand import Hand
from viewer.ui.canvas.labels import Mark
from viewer.ui.canvas.outline import on_screen
from viewer.ui.pane import Pane
from viewer.ui.texts import tr

if TYPE_CHECKING:
    from viewer.ui.measuring import Measuring

KINDS: dict[Kind, Callable[[], str]] = {
    Kind.DISTANCE: lambda: tr("distance"),
    Kind.ANGLE: lambda: tr("angle"),
    Kind.COBB: lambda: tr("Cobb angle"),
    Kind.ELLIPSE: lambda: tr("ellipse"),
    Kind.RECTANGLE: lambda: tr("rectangle"),
    Kind.POLYGON: lambda: tr("polygon"),
    Kind.ARROW: lambda: tr("arrow"),
    Kind.TEXT: lambda: tr("text"),
    Kind.KEY_IMAGE: lambda: tr("key image"),
}
"""What each kind is called."""

FEW = 5
"""So many shapes are drawn smoothly even while the picture moves."""
REST_MS = 120
NUDGE_MS = 400
"""Moves by keys that follow each other sooner are one step: a key that is held down makes thirty in a second."""
AWAY_MS = 250
"""A clip that was playing may show one more frame before it stands still; later ones end what is being drawn."""


class Marker:
    """Keeps one canvas in step with the model of edits, and the model with the hand."""

    def __init__(self, pane: Pane, edits: EditModel, measuring: "Measuring") -> None:
        self.pane = pane
        self.hand = Hand(pane.canvas)
        self._edits = edits
        self._measuring = measuring
        self._entry = WordsEntry(pane.canvas)
        self._write: Callable[[str], None] = lambda words: None
        self._made: dict[str, tuple[Annotation, Mark]] = {}
        self._begun_on = 0
        self._away = QTimer(pane, interval=AWAY_MS, singleShot=True)
        self._away.timeout.connect(self._leave)
        self._nudged = QTimer(pane, interval=NUDGE_MS, singleShot=True)
        self._nudged.timeout.connect(edits.commit)
        self._rest = QTimer(pane, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._smooth)
        self._entry.given.connect(lambda words: self._write(words))
        self.hand.begun.connect(self._stand_still)
        self.hand.drawn.connect(lambda kind, points: self.draw(kind, points, self._begun_on))
        self.hand.placed.connect(lambda kind, points: self.draw(kind, points, self.frame))
        self.hand.text_asked.connect(self._ask_text)
        self.hand.words_asked.connect(self.ask_words)
        self.hand.picked.connect(self.select)
        self.hand.drag_begun.connect(self._begin)
        self.hand.dragged.connect(lambda changed: edits.change(self.key, changed))
        self.hand.drag_ended.connect(lambda keep: edits.commit() if keep else edits.cancel())
        pane.clip_changed.connect(self._clip_changed)
        pane.shown.connect(self._shown)

    @property
    def key(self) -> str:
        """The clip on the canvas as the model knows it; `""` before there is one."""
        return "" if self.pane.on_canvas is None else str(self.pane.on_canvas[0].path)

    @property
    def frame(self) -> int:
        """Index of the frame on the canvas."""
        return 0 if self.pane.on_canvas is None else self.pane.on_canvas[1]

    @property
    def selected(self) -> Annotation | None:
        """The annotation the reader has chosen."""
        return self.pane.canvas.marks.find(self.pane.canvas.marks.selected)

    @property
    def _on_frame(self) -> tuple[Annotation, ...]:
        return self._edits.edits(self.key).on(self.frame)

    def refresh(self) -> None:
        """Show what lies on the frame now."""
        canvas = self.pane.canvas
        if self.pane.on_canvas is None or canvas.frame is None:
            canvas.marks.show_marks((), "")
            return
        clip, drawn = self.pane.on_canvas[0], self._on_frame
        key = any(entry.kind is Kind.KEY_IMAGE for entry in drawn)
        chosen = canvas.marks.selected
        marks = [self._mark(entry, clip, entry.id == chosen) for entry in drawn if entry.kind is not Kind.KEY_IMAGE]
        if len(marks) > FEW and tuple(marks) != canvas.marks.marks:
            canvas.marks.in_motion = True
            self._rest.start()
        canvas.marks.show_marks(marks, tr("★ Key image") if key else "")

    def select(self, identifier: str) -> None:
        """Choose an annotation of the frame; `""` for none."""
        self.settle()
        marks = self.pane.canvas.marks
        if identifier != marks.selected:
            marks.selected, marks.handle = identifier, None
            self.refresh()
            self._measuring.refresh()

    def select_next(self, by: int) -> None:
        """Choose the next annotation of the frame, in the order they were made."""
        names = [entry.id for entry in self._on_frame if entry.kind is not Kind.KEY_IMAGE]
        if names:
            chosen = self.selected
            before = names.index(chosen.id) if chosen else min(-by, 0)
            self.select(names[(before + by) % len(names)])

    def next_handle(self) -> None:
        """Choose the next handle of the annotation; after the last one, all of it."""
        chosen, marks = self.selected, self.pane.canvas.marks
        if chosen is not None and chosen.kind is not Kind.TEXT:
            after = 0 if marks.handle is None else marks.handle + 1
            marks.handle = after if after < len(handles(chosen)) else None
            marks.update()

    def nudge(self, right: float, down: float) -> None:
        """Move the annotation, or its chosen handle, by pixels of the canvas as it is seen."""
        chosen, canvas = self.selected, self.pane.canvas
        if chosen is None or canvas.frame is None:
            return
        back, _ = canvas.stored_to_scene.inverted()
        step = back.map(QPointF(right, down)) - back.map(QPointF(0.0, 0.0))
        x, y = step.x(), step.y()
        rows, columns = canvas.frame.values.shape[:2]
        box = (0.0, 0.0, float(columns), float(rows))
        handle = canvas.marks.handle
        if handle is None:
            changed = chosen.moved(*kept_within(chosen, x, y, box))
        else:
            place = handles(chosen)[handle]
            x, y = kept_within(chosen.with_points((place,) * len(chosen.points)), x, y, box)
            changed = with_handle(chosen, handle, (place[0] + x, place[1] + y))
        if not is_empty(changed):
            if not self._nudged.isActive():
                self._edits.begin(self.key, self._label(chosen, handle))
            self._edits.change(self.key, changed)
            self._nudged.start()

    def settle(self) -> None:
        """Let what the keys have moved be a step now."""
        if self._nudged.isActive():
            self._nudged.stop()
            self._edits.commit()

    def draw(self, kind: Kind, points: tuple[Point, ...], frame: int, text: str = "") -> None:
        """Add a shape to a frame and choose it; one without any extent is a slip."""
        self.settle()
        if not self.key:
            return
        made = Annotation(kind=kind, frame=frame, points=points, text=text, author=self._measuring.reader)
        if not is_empty(made):
            self._edits.add(self.key, made, tr("Draw {shape}").format(shape=KINDS[kind]()))
            self.select(made.id)

    def delete(self) -> None:
        """Take the chosen annotation away."""
        chosen = self.selected
        if chosen is not None:
            self.remove(chosen)

    def remove(self, annotation: Annotation) -> None:
        """Take an annotation of the clip away."""
        self.settle()
        self.hand.give_up()
        self._edits.delete(self.key, annotation.id, tr("Delete {shape}").format(shape=KINDS[annotation.kind]()))

    def delete_all(self) -> None:
        """Take everything that is drawn on the frame away."""
        self.settle()
        self.hand.give_up()
        if self.key:
            self._edits.delete_all(self.key, self.frame, tr("Delete all on the frame"))

    def toggle_key_image(self) -> None:
        """Mark the frame as key image, or take the mark away."""
        self.settle()
        if self.key and self.pane.canvas.frame is not None:
            marked = any(entry.kind is Kind.KEY_IMAGE for entry in self._on_frame)
            label = tr("Unmark key image") if marked else tr("Mark key image")
            self._edits.toggle_key_image(self.key, self.frame, self._measuring.reader, label)

    def ask_words(self, identifier: str) -> None:
        """Ask for other words of an annotation."""
        found = self.pane.canvas.marks.find(identifier)
        if found is None:
            return
        place = self.pane.canvas.marks.places().get(identifier)
        corner = on_screen(found.points[0], self.pane.canvas.stored_to_scene) if place is None else place.topLeft()
        self._write = lambda words: self.relabel(identifier, words)
        self._entry.ask(corner.toPoint(), found.text)

    def relabel(self, identifier: str, words: str) -> None:
        """Give an annotation of the clip other words; a text keeps its own where there are none."""
        self.settle()
        found = self._edits.edits(self.key).find(identifier)
        if found is not None and (words or found.kind is not Kind.TEXT):
            label = tr("Rename {shape}").format(shape=KINDS[found.kind]())
            self._edits.change(self.key, found.with_text(words), label)

    def _ask_text(self, point: Point) -> None:
        self._stand_still()
        frame = self.frame

        def write(words: str) -> None:
            if words:
                self.draw(Kind.TEXT, (point,), frame, words)

        self._write = write
        self._entry.ask(on_screen(point, self.pane.canvas.stored_to_scene).toPoint(), "")

    def _stand_still(self) -> None:
        """Drawing needs a picture that stands still: the one that is seen now."""
        self.settle()
        self._begun_on = self.frame
        self._measuring.stay_at(self.frame)

    def _leave(self) -> None:
        """Give up what was begun on another frame."""
        if self.hand.busy and self.frame != self._begun_on:
            self.hand.leave()

    def _begin(self, annotation: Annotation, handle: int | None) -> None:
        self._stand_still()
        self._edits.begin(self.key, self._label(annotation, handle))

    def _label(self, annotation: Annotation, handle: int | None) -> str:
        words = tr("Move {shape}") if handle is None else tr("Change {shape}")
        return words.format(shape=KINDS[annotation.kind]())

    def _smooth(self) -> None:
        """The picture stands still: draw the lines as well as can be."""
        self.pane.canvas.marks.in_motion = False
        self.pane.canvas.marks.update()

    def _clip_changed(self, clip: Clip) -> None:
        self.hand.leave()
        self._entry.leave()
        self._made.clear()
        self.select("")

    def _shown(self) -> None:
        if self.hand.busy and self.frame != self._begun_on:
            self._away.start()
        self.refresh()

    def _mark(self, drawn: Annotation, clip: Clip, chosen: bool) -> Mark:
        """The annotation with its label: all that is known of it where it is chosen, else made once for each form."""
        if chosen:
            return self._in_full(drawn, clip)
        kept = self._made.get(drawn.id)
        if kept is None or kept[0] != drawn:
            kept = self._made[drawn.id] = drawn, self._in_brief(drawn, clip)
        return kept[1]

    def _in_brief(self, drawn: Annotation, clip: Clip) -> Mark:
        words = (drawn.text,) if drawn.text else ()
        measured = self._measuring.values.measured(drawn, clip)
        if not measured:
            return Mark(drawn, words)
        return Mark(drawn, (*words, value_words(measured[0])), (measured[0].basis,))

    def _in_full(self, drawn: Annotation, clip: Clip) -> Mark:
        values = self._measuring.values
        words = (drawn.text,) if drawn.text else ()
        measured, found = values.measured(drawn, clip), values.statistics(drawn, clip)
        basis = basis_words(measured)
        counted = (tr("Pixel values …"),) if found is None else statistics_lines(found)
        return Mark(drawn, (*words, *measurement_lines(measured)), (*((basis,) if basis else ()), *counted))
