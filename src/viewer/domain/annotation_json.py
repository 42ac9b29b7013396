"""Annotations of one image as JSON, with a schema version; bad input is told in one sentence.

```json
{"schema": 1, "image": {"file": "clip.dcm", "rows": 480, "columns": 640, "frames": 30},
 "annotations": [{"id": "5f…", "kind": "distance", "frame": 3, "points": [[10.5, 20], [40, 20]],
                  "text": "", "author": "reader 1"}]}
```
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from viewer.domain.annotation import FARTHEST, Annotation, Kind
from viewer.domain.errors import ViewerError
from viewer.domain.geometry import Point
from viewer.domain.image import Clip

SCHEMA = 1
"""Version of the format; it changes when an older reader would misunderstand a newer file."""

T = TypeVar("T")

_SHOWN = 40
"""Characters of a wrong value that an error quotes."""


class BadAnnotations(ViewerError):
    """Annotations that cannot be read, or belong to another image."""

    def __init__(self, source: str, *, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageAnnotations:
    """All annotations of one image.

    Attributes:
        file: The file as the user named it.
        rows, columns, frames: Its size, which says whether annotations can belong to a picture.
        annotations: In the order in which they were made; no identifier twice, at most one key mark per frame.
    """

    file: str
    rows: int
    columns: int
    frames: int
    annotations: tuple[Annotation, ...]

    def __post_init__(self) -> None:
        """Refuse what cannot belong together."""
        if min(self.rows, self.columns, self.frames) < 1:
            raise ValueError("an image needs rows, columns and frames")
        beyond = next((entry.frame for entry in self.annotations if entry.frame >= self.frames), None)
        if beyond is not None:
            raise ValueError(f"an annotation lies on frame {beyond}, and the last one is {self.frames - 1}")
        if len({entry.id for entry in self.annotations}) < len(self.annotations):
            raise ValueError("two annotations have the same identifier")
        keys = [entry.frame for entry in self.annotations if entry.kind is Kind.KEY_IMAGE]
        if len(set(keys)) < len(keys):
            raise ValueError("a frame is marked as key image twice")

    @classmethod
    def of(cls, clip: Clip, annotations: tuple[Annotation, ...]) -> "ImageAnnotations":
        """Those of a clip."""
        return cls(
            file=str(clip.path), rows=clip.rows, columns=clip.columns, frames=clip.frames, annotations=annotations
        )

    def belongs_to(self, clip: Clip) -> bool:
        """Whether they can have been drawn on a clip: its picture has the same size and number of frames."""
        return (self.rows, self.columns, self.frames) == (clip.rows, clip.columns, clip.frames)


def record_of(annotation: Annotation) -> dict[str, Any]:
    """One annotation as values that JSON can hold."""
    return {
        "id": annotation.id,
        "kind": annotation.kind.value,
        "frame": annotation.frame,
        "points": [list(point) for point in annotation.points],
        "text": annotation.text,
        "author": annotation.author,
    }


def annotation_of(record: object, source: str) -> Annotation:
    """One annotation from such values.

    Args:
        record: As `record_of` makes it.
        source: What it is called in an error.

    Raises:
        BadAnnotations: A field is missing, unknown or of the wrong kind, or the annotation makes no sense.
    """
    fields = _Fields(record, source)
    kind = fields.text("kind")
    if kind not in tuple(Kind):
        raise BadAnnotations(source, reason=f"its kind is {_quoted(kind)}, which this version does not know")
    given = {
        "kind": Kind(kind),
        "frame": fields.integer("frame"),
        "points": fields.points("points"),
        "text": fields.text("text"),
        "author": fields.text("author"),
        "id": fields.text("id"),
    }
    fields.refuse_others()
    return _checked(Annotation, given, source)


def dumps(annotations: ImageAnnotations) -> str:
    """All annotations of an image as one JSON document, one line per annotation."""
    image = {
        "file": annotations.file,
        "rows": annotations.rows,
        "columns": annotations.columns,
        "frames": annotations.frames,
    }
    lines = ",\n  ".join(json.dumps(record_of(entry), ensure_ascii=False) for entry in annotations.annotations)
    body = f"\n  {lines}\n" if lines else ""
    return f'{{"schema": {SCHEMA},\n "image": {json.dumps(image)},\n "annotations": [{body}]}}\n'


def loads(document: str | bytes, source: str) -> ImageAnnotations:
    """Read such a document.

    Args:
        document: JSON, as UTF-8 where it is bytes.
        source: What it is called in an error: usually its file.

    Raises:
        BadAnnotations: It is no JSON, of a newer schema, or says something that makes no sense.
    """
    try:
        parsed = json.loads(document, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadAnnotations(source, reason="it is not valid JSON") from error
    fields = _Fields(parsed, source)
    schema = fields.integer("schema")
    if schema != SCHEMA:
        reason = f"it has schema {schema}, and this version reads schema {SCHEMA}"
        raise BadAnnotations(source, reason=reason)
    image = _Fields(fields.any("image"), f"{source}: image")
    records = fields.any("annotations")
    if not isinstance(records, list):
        raise BadAnnotations(source, reason='"annotations" is not a list')
    given = {
        "file": image.text("file"),
        "rows": image.integer("rows"),
        "columns": image.integer("columns"),
        "frames": image.integer("frames"),
        "annotations": tuple(
            annotation_of(record, f"{source}: annotation {number}") for number, record in enumerate(records, start=1)
        ),
    }
    image.refuse_others()
    fields.refuse_others()
    return _checked(ImageAnnotations, given, source)


class _Fields:
    """The fields of a JSON object, each checked as it is taken."""

    def __init__(self, given: object, source: str) -> None:
        if not isinstance(given, Mapping):
            raise BadAnnotations(source, reason=f"it is {_quoted(given)} where an object belongs")
        self._left = dict(given)
        self._source = source

    def any(self, name: str) -> object:
        """Whatever a field holds."""
        if name not in self._left:
            raise BadAnnotations(self._source, reason=f'the field "{name}" is missing')
        return self._left.pop(name)

    def text(self, name: str) -> str:
        """A text."""
        found = self.any(name)
        if not isinstance(found, str):
            raise BadAnnotations(self._source, reason=f'"{name}" is {_quoted(found)} where a text belongs')
        return found

    def integer(self, name: str) -> int:
        """A whole number."""
        found = self.any(name)
        if not isinstance(found, int) or isinstance(found, bool):
            raise BadAnnotations(self._source, reason=f'"{name}" is {_quoted(found)} where a whole number belongs')
        return found

    def points(self, name: str) -> tuple[Point, ...]:
        """A list of pairs of numbers."""
        found = self.any(name)
        if not isinstance(found, list) or not all(_is_pair(entry) for entry in found):
            raise BadAnnotations(self._source, reason=f'"{name}" is not a list of pairs of numbers')
        return tuple((_float(x), _float(y)) for x, y in found)

    def refuse_others(self) -> None:
        """Refuse fields that nobody has asked for: dropping them would lose what somebody wrote."""
        for name in self._left:
            raise BadAnnotations(self._source, reason=f"the field {_quoted(name)} is unknown")


def _checked(make: Callable[..., T], given: Mapping[str, Any], source: str) -> T:
    """A value that refuses nonsense at birth, its refusal told as an error of the source."""
    try:
        return make(**given)
    except ValueError as error:
        raise BadAnnotations(source, reason=str(error)) from error


def _is_pair(entry: object) -> bool:
    return isinstance(entry, list) and len(entry) == 2 and all(type(value) in (int, float) for value in entry)


def _float(value: float) -> float:
    """A number as float; a whole number too large for one is as far away as any."""
    return float(value) if abs(value) <= FARTHEST else math.inf


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _quoted(value: object) -> str:
    shown = json.dumps(value, ensure_ascii=False, default=repr)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
