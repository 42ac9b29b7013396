"""One model of everything a reader draws, marks and turns, with undo and redo.

Each clip has its own history: undo takes back what was done to the clip on screen, never something out of sight, and
a clip that is opened again still has its history. Whoever shows or keeps edits watches the model and is told of every
change; a change on the way, such as one step of a drag, is told as not final.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from viewer.domain.annotation import Annotation, Kind
from viewer.domain.view import View

HISTORY = 10_000
"""Steps kept per clip; the oldest one is forgotten first. A step holds references: a full history of a clip with a
hundred annotations takes some 13 MB."""


@dataclass(frozen=True, slots=True)
class Edits:
    """What a reader did to one clip.

    Attributes:
        annotations: In the order in which they were made.
        view: How it is looked at.
    """

    annotations: tuple[Annotation, ...] = ()
    view: View = field(default_factory=View)

    def find(self, identifier: str) -> Annotation | None:
        """The annotation of that identifier."""
        return next((entry for entry in self.annotations if entry.id == identifier), None)

    def on(self, frame: int) -> tuple[Annotation, ...]:
        """What lies on a frame."""
        return tuple(entry for entry in self.annotations if entry.frame == frame)

    @property
    def key_frames(self) -> tuple[int, ...]:
        """Frames marked as key image, ascending."""
        return tuple(sorted(entry.frame for entry in self.annotations if entry.kind is Kind.KEY_IMAGE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one undo takes back.

    Attributes:
        label: What was done, in words for the menu: `Move line`.
        frame: Where it is seen; None where on every frame.
        before, after: The clip's edits around it.
    """

    label: str
    frame: int | None
    before: Edits
    after: Edits


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What watchers are told.

    Attributes:
        clip: The clip's file, as in `FrameKey.file`.
        label: As in `Step`.
        frame: As in `Step`.
        before, after: The clip's edits around this change.
        final: False on the way, while a drag goes on: show it, but do not keep it. The final change of a drag spans
            all of it; a drag that is given up ends with a change back that is not final.
    """

    clip: str
    label: str
    frame: int | None
    before: Edits
    after: Edits
    final: bool


Watcher = Callable[[Change], None]


class EditModel:
    """The edits of all clips. Used from one thread."""

    def __init__(self, history: int = HISTORY) -> None:
        """Prepare.

        Args:
            history: Steps kept per clip.
        """
        self._history = history
        self._clips: dict[str, _ClipHistory] = {}
        self._watchers: list[Watcher] = []
        self._drag: _Drag | None = None

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Be told of every change from now on.

        Args:
            watcher: Called after the model has changed; it may read the model, but not change it.

        Returns:
            Call it to be told no more.
        """
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def edits(self, clip: str) -> Edits:
        """What has been done to a clip."""
        return self._clips[clip].now if clip in self._clips else Edits()

    def bring_back(self, clip: str, annotations: Sequence[Annotation]) -> None:
        """Put what was kept of a clip under everything the reader has done to it so far.

        It becomes part of every step, so that no undo takes it away; watchers are told of a change that is not final,
        for it is kept already. What the clip holds under the same identifier, or a second key mark, is left out.
        """
        history = self._of(clip)
        before = history.now
        known = {entry.id for edits in history.ever() for entry in edits.annotations}
        marked = {frame for edits in history.ever() for frame in edits.key_frames}
        kept = tuple(
            entry
            for entry in annotations
            if entry.id not in known and not (entry.kind is Kind.KEY_IMAGE and entry.frame in marked)
        )
        if not kept:
            return
        history.put_under(kept)
        if self._drag is not None and self._drag.clip == clip:
            self._drag.before = _with(kept, self._drag.before)
        self._tell(clip, "", None, before, history.now, final=False)

    def add(self, clip: str, annotation: Annotation, label: str = "") -> None:
        """Add an annotation; `label` is as in `change`, by default `Add` and the kind.

        Raises:
            ValueError: Its identifier is taken, or the frame is marked as key image already.
        """
        edits = self.edits(clip)
        if edits.find(annotation.id) is not None:
            raise ValueError("an annotation of that identifier is there already")
        if annotation.kind is Kind.KEY_IMAGE and annotation.frame in edits.key_frames:
            raise ValueError("that frame is marked as key image already")
        after = replace(edits, annotations=(*edits.annotations, annotation))
        self._apply(clip, label or f"Add {annotation.kind}", annotation.frame, after)

    def change(self, clip: str, annotation: Annotation, label: str = "") -> None:
        """Put a changed annotation in the place of the one with its identifier.

        Args:
            clip: The clip's file.
            annotation: As it shall be, of the same kind and on the same frame.
            label: What was done; by default `Change` and the kind.

        Raises:
            ValueError: There is none, or it is of another kind or on another frame.
        """
        edits = self.edits(clip)
        old = _known(edits, annotation.id)
        if (old.kind, old.frame) != (annotation.kind, annotation.frame):
            raise ValueError("an annotation keeps its kind and its frame")
        after = tuple(annotation if entry.id == annotation.id else entry for entry in edits.annotations)
        self._apply(clip, label or f"Change {old.kind}", old.frame, replace(edits, annotations=after))

    def delete(self, clip: str, identifier: str, label: str = "") -> None:
        """Take an annotation away; `label` is as in `change`, by default `Delete` and the kind.

        Raises:
            ValueError: There is none of that identifier.
        """
        edits = self.edits(clip)
        old = _known(edits, identifier)
        after = tuple(entry for entry in edits.annotations if entry is not old)
        self._apply(clip, label or f"Delete {old.kind}", old.frame, replace(edits, annotations=after))

    def delete_all(self, clip: str, frame: int, label: str = "Delete all drawn on the frame") -> None:
        """Take away everything drawn on a frame, in one step; its key mark stays."""
        edits = self.edits(clip)
        kept = tuple(entry for entry in edits.annotations if entry.frame != frame or entry.kind is Kind.KEY_IMAGE)
        self._apply(clip, label, frame, replace(edits, annotations=kept))

    def toggle_key_image(self, clip: str, frame: int, author: str = "", label: str = "") -> None:
        """Mark a frame as key image, or take the mark away; `label` is as in `change`."""
        marks = [entry for entry in self.edits(clip).on(frame) if entry.kind is Kind.KEY_IMAGE]
        if marks:
            self.delete(clip, marks[0].id, label)
        else:
            self.add(clip, Annotation(kind=Kind.KEY_IMAGE, frame=frame, author=author), label)

    def look(self, clip: str, view: View, label: str) -> None:
        """Look at a clip in another way.

        Args:
            clip: The clip's file.
            view: From now on.
            label: What was done, e.g. `Window`, `Invert`, `Rotate right`.
        """
        self._apply(clip, label, None, replace(self.edits(clip), view=view))

    @contextmanager
    def one_step(self, clip: str, label: str) -> Iterator[None]:
        """Make several changes one step; none of them where the block raises."""
        self.begin(clip, label)
        try:
            yield
        except BaseException:
            self.cancel()
            raise
        self.commit()

    def begin(self, clip: str, label: str) -> None:
        """Begin a drag: all changes of the clip until `commit` are one step. One that goes on is committed first."""
        self.commit()
        self._drag = _Drag(clip=clip, label=label, before=self.edits(clip))

    def commit(self) -> None:
        """End the drag and keep what it did; without one, nothing happens."""
        drag, self._drag = self._drag, None
        if drag is not None:
            self._keep(drag.clip, drag.label, drag.frame, drag.before, self.edits(drag.clip))

    def cancel(self) -> None:
        """End the drag and take back what it did."""
        drag, self._drag = self._drag, None
        if drag is None:
            return
        now = self.edits(drag.clip)
        if now != drag.before:
            self._of(drag.clip).now = drag.before
            self._tell(drag.clip, drag.label, drag.frame, now, drag.before, final=False)

    def undo(self, clip: str) -> Step | None:
        """Take back the last step of a clip; None without one. A drag that goes on is committed first."""
        self.commit()
        step = self._clips[clip].back() if clip in self._clips else None
        if step is not None:
            self._tell(clip, f"Undo: {step.label}", step.frame, step.after, step.before, final=True)
        return step

    def redo(self, clip: str) -> Step | None:
        """Do again what was taken back last; None without it."""
        self.commit()
        step = self._clips[clip].forth() if clip in self._clips else None
        if step is not None:
            self._tell(clip, f"Redo: {step.label}", step.frame, step.before, step.after, final=True)
        return step

    def undo_label(self, clip: str) -> str:
        """What undo would take back; `""` for nothing."""
        return _label(self._clips[clip].done) if clip in self._clips else ""

    def redo_label(self, clip: str) -> str:
        """What redo would do again; `""` for nothing."""
        return _label(self._clips[clip].undone) if clip in self._clips else ""

    def _of(self, clip: str) -> "_ClipHistory":
        return self._clips.setdefault(clip, _ClipHistory(self._history))

    def _apply(self, clip: str, label: str, frame: int | None, after: Edits) -> None:
        """Make a change: a step of its own, or a part of the drag of that clip."""
        before = self.edits(clip)
        if before == after:
            return
        drag = self._drag
        if drag is not None and drag.clip == clip:
            drag.frame = frame
            self._of(clip).now = after
            self._tell(clip, drag.label, frame, before, after, final=False)
        else:
            self._keep(clip, label, frame, before, after)

    def _keep(self, clip: str, label: str, frame: int | None, before: Edits, after: Edits) -> None:
        if before != after:
            self._of(clip).did(Step(label=label, frame=frame, before=before, after=after))
            self._tell(clip, label, frame, before, after, final=True)

    def _tell(self, clip: str, label: str, frame: int | None, before: Edits, after: Edits, *, final: bool) -> None:
        change = Change(clip=clip, label=label, frame=frame, before=before, after=after, final=final)
        for watcher in tuple(self._watchers):
            watcher(change)


@dataclass(slots=True, kw_only=True)
class _Drag:
    """Changes that will be one step."""

    clip: str
    label: str
    before: Edits
    frame: int | None = None


class _ClipHistory:
    """The edits of one clip, and the steps that led to them."""

    def __init__(self, steps: int) -> None:
        self.now = Edits()
        self.done: deque[Step] = deque(maxlen=steps)
        self.undone: list[Step] = []

    def did(self, step: Step) -> None:
        """Go on with a new step; what was taken back before it is forgotten."""
        self.now = step.after
        self.done.append(step)
        self.undone.clear()

    def back(self) -> Step | None:
        """Go one step back."""
        if not self.done:
            return None
        step = self.done.pop()
        self.undone.append(step)
        self.now = step.before
        return step

    def ever(self) -> Iterator[Edits]:
        """Its edits as they are, and as they were or would be around every step that can be gone."""
        yield self.now
        for step in (*self.done, *self.undone):
            yield step.before
            yield step.after

    def put_under(self, kept: tuple[Annotation, ...]) -> None:
        """Let annotations have been there from the beginning."""
        self.now = _with(kept, self.now)
        self.done = deque((_step_with(kept, step) for step in self.done), maxlen=self.done.maxlen)
        self.undone = [_step_with(kept, step) for step in self.undone]

    def forth(self) -> Step | None:
        """Go one step forward again."""
        if not self.undone:
            return None
        step = self.undone.pop()
        self.done.append(step)
        self.now = step.after
        return step


def _with(kept: tuple[Annotation, ...], edits: Edits) -> Edits:
    return replace(edits, annotations=(*kept, *edits.annotations))


def _step_with(kept: tuple[Annotation, ...], step: Step) -> Step:
    return replace(step, before=_with(kept, step.before), after=_with(kept, step.after))


def _known(edits: Edits, identifier: str) -> Annotation:
    found = edits.find(identifier)
    if found is None:
        raise ValueError("there is no annotation of that identifier")
    return found


def _label(steps: Sequence[Step]) -> str:
    return steps[-1].label if steps else ""
