"""One record per file: what `viewer info` prints."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viewer.domain.errors import UnreadableFile
from viewer.domain.image import Clip, FrameSource, Region
from viewer.io.reader import Opened, walk

if TYPE_CHECKING:
    from viewer.protocols import Reader

Record = dict[str, Any]
"""`file` with either the fields of an image, or `kind` of what is no image, or `error`; values JSON can hold."""


def records(paths: Iterable[Path], readers: Sequence["Reader"] = ()) -> Iterator[Record]:
    """Describe every file given or found; an image counts as opened when its first frame decodes."""
    for opened in walk(paths, readers):
        yield _record(opened)


def _record(opened: Opened) -> Record:
    file = str(opened.path)
    if opened.source is None:
        return {"file": file, "error": opened.error} if opened.error else {"file": file, "kind": opened.kind}
    try:
        return _checked(file, opened.source)
    except UnreadableFile as error:
        return {"file": file, "error": error.reason}
    finally:
        opened.source.close()


def _checked(file: str, source: FrameSource) -> Record:
    source.decode(0).rgb()
    return {"file": file, **image_fields(source.clip)}


def image_fields(clip: Clip) -> Record:
    """The fields of an image; `frame_time_ms` and `spacing_mm` are None where the file gives none."""
    return {
        "kind": clip.kind,
        "frames": clip.frames,
        "rows": clip.rows,
        "columns": clip.columns,
        "photometric": clip.photometric,
        "transfer_syntax": clip.transfer_syntax,
        "frame_time_ms": None if clip.frame_time_ms is None else round(clip.frame_time_ms, 6),
        "spacing_mm": None if clip.spacing_mm is None else list(clip.spacing_mm),
        "regions": [_region(region) for region in clip.regions],
    }


def _region(region: Region) -> Record:
    return {
        "left": region.left,
        "top": region.top,
        "right": region.right,
        "bottom": region.bottom,
        "spatial_format": region.spatial_format,
        "data_type": region.data_type,
        "units": list(region.units),
        "delta": list(region.delta),
    }
