"""What readers draw and mark, as acts for the journal and back; free of Qt."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from viewer.domain.annotation import Annotation, Kind
from viewer.domain.annotation_json import SCHEMA, BadAnnotations, annotation_of, record_of
from viewer.domain.image import Clip
from viewer.session.edits import Change
from viewer.store import acts, current
from viewer.store.acts import Act, Subject
from viewer.store.entries import Entry
from viewer.store.journal import Journal

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the journal holds of a clip now.

    Attributes:
        annotations: Shapes in the order in which they were last changed, then key marks.
        unreadable: Number of entries that this version cannot show; they stay in the journal.
    """

    annotations: tuple[Annotation, ...]
    unreadable: int


@dataclass(frozen=True, slots=True)
class Deed:
    """One annotation that was made, changed or taken away.

    Attributes:
        annotation: As it is now, or as it was last.
        removed: Whether it is gone.
    """

    annotation: Annotation
    removed: bool

    def act(self, reader: str, subject: Subject) -> Act:
        """The entry of the journal that says so."""
        drawn = self.annotation
        if drawn.kind is Kind.KEY_IMAGE:
            return acts.KeyImage(reader=reader, subject=subject, frame=drawn.frame, marked=not self.removed)
        return acts.Annotation(
            reader=reader,
            subject=subject,
            frame=drawn.frame,
            item=drawn.id,
            payload=None if self.removed else record_of(drawn),
            payload_schema=SCHEMA,
        )


def deeds_of(change: Change) -> Iterator[Deed]:
    """What a change did to each annotation; none for a change of the view alone, or one that is not final."""
    if not change.final or change.before.annotations is change.after.annotations:
        return
    before = {entry.id: entry for entry in change.before.annotations}
    after = {entry.id: entry for entry in change.after.annotations}
    yield from (Deed(entry, removed=True) for name, entry in before.items() if name not in after)
    yield from (Deed(entry, removed=False) for name, entry in after.items() if before.get(name) != entry)


def drawn_on(journal: Journal, clip: Clip, digest: str) -> Drawn:
    """What is drawn and marked on a clip.

    Args:
        journal: Where it stands.
        clip: Says which frames there are.
        digest: Of the clip's file.

    Raises:
        ViewerError: The journal cannot be read.
    """
    entries = current.annotations(journal, digest)
    shapes = [shape for entry in entries if (shape := _shape(entry, clip)) is not None]
    marked = current.key_images(journal, digest)
    keys = [Annotation(kind=Kind.KEY_IMAGE, frame=frame) for frame in sorted(marked) if frame < clip.frames]
    unreadable = len(entries) - len(shapes) + len(marked) - len(keys)
    return Drawn((*shapes, *keys), unreadable)


def _shape(entry: Entry[acts.Annotation], clip: Clip) -> Annotation | None:
    """The shape of an entry; None where this version does not know its form, or the clip has no such frame."""
    source = f"entry {entry.sequence}"
    if entry.act.payload_schema != SCHEMA:
        log.warning("%s: its form %d is unknown", source, entry.act.payload_schema)
        return None
    try:
        shape = annotation_of(entry.act.payload, source)
    except BadAnnotations:
        log.warning("%s: its shape makes no sense", source)  # what it says may hold a name
        return None
    return shape if shape.frame < clip.frames and shape.kind is not Kind.KEY_IMAGE else None
