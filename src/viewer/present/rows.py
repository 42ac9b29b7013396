"""The one row per frame that the window, CSV, JSON lines and the report all show.

Numbers are rounded here and nowhere else, so that the tables are identical wherever they appear.
"""

from collections.abc import Sequence

from viewer.domain.errors import ViewerError
from viewer.domain.image import Clip
from viewer.domain.mask import MaskFound
from viewer.domain.result import Assessment, Failure, FrameKey, Score
from viewer.present.mask import mask_notes

Cell = str | int | float | None
"""A plain value; None is an empty cell."""

DIGITS = 6
"""Decimal places of probabilities, trust values and p-values."""

Row = dict[str, Cell]

_MASK_WORDS = {"mask_of", "mask_by", "mask_note"}

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


SECOND_COLUMNS = ("second_predicted", "second_probability", "second_agrees")
"""What a second model answers, how probable that is to it, and whether it is the first one's answer."""

ATTENTION_COLUMNS = ("attention_inside", "attention_area", "attention_even_share")
"""Share of the attention for the answer in the mask, the mask's part of what the model sees, one over the other."""

MASK_COLUMNS = (
    *("mask_of", "mask_by", "mask_percent", "mask_px", "mask_mm2", "mask_note"),
    *ATTENTION_COLUMNS,
)
"""What a mask is of, who drew it, how much of the picture it covers, its pixels, its area, what to know of it; then
where the attention lies."""


def frame_columns(
    classes: Sequence[str], scorers: Sequence[str], *, second: bool = False, masks: bool = False
) -> tuple[str, ...]:
    """Columns of the frame table, in order.

    Args:
        classes: Of the model.
        scorers: By name.
        second: Whether a second model answers as well.
        masks: Whether frames get masks.
    """
    return (
        *("file", "series", "frame", "time_ms", "predicted", "final", "trail"),
        *(f"p_{name}" for name in classes),
        *(SECOND_COLUMNS if second else ()),
        *(MASK_COLUMNS if masks else ()),
        *(f"trust_{name}" for name in scorers),
        *("trust", "suitability", "fingerprint", "light", "reason", "error"),
    )


def frame_row(key: FrameKey, assessment: Assessment, *, second: bool = False, masks: bool = False) -> Row:
    """One assessed frame; a scorer, or a second model, without an answer has empty cells, as has a mask not there.

    Args:
        key: Which frame.
        assessment: What was concluded.
        second: Whether the table has columns for a second model.
        masks: Whether it has columns for masks.
    """
    classes = assessment.classes
    probabilities = zip(classes, assessment.probabilities, strict=True)
    return {
        **_where(key),
        "predicted": text(classes[assessment.predicted]),
        "final": text(classes[assessment.final]),
        "trail": text(assessment.trail),
        **{f"p_{name}": rounded(float(value)) for name, value in probabilities},
        **(_second(assessment) if second else {}),
        **(_mask(assessment) if masks else {}),
        **{f"trust_{row.name}": rounded(trust_of(row.result)) for row in assessment.rows},
        "trust": rounded(assessment.trust),
        "suitability": rounded(assessment.suitability),
        "fingerprint": rounded(assessment.fingerprint),
        "light": assessment.light.value,
        "reason": text(assessment.reason),
        "error": "",
    }


def _second(assessment: Assessment) -> Row:
    """What the second model says; whether it agrees stays empty where it knows no class of that name."""
    answer = assessment.second
    if answer is None:
        return {"second_predicted": "", "second_probability": None, "second_agrees": ""}
    agrees = answer.agrees(assessment.classes[assessment.predicted])
    return {
        "second_predicted": text(answer.predicted),
        "second_probability": rounded(float(answer.probabilities.max())),
        "second_agrees": "" if agrees is None else "yes" if agrees else "no",
    }


def _mask(assessment: Assessment) -> Row:
    """The mask, measured; mm² only where the file is calibrated."""
    mask = assessment.mask
    if mask is None:
        return {name: "" if name in _MASK_WORDS else None for name in MASK_COLUMNS}
    return {
        "mask_of": text(mask.shows),
        "mask_by": text(mask.drawn_by),
        "mask_percent": rounded(100 * mask.share),
        "mask_px": mask.pixels,
        "mask_mm2": rounded(mask.area.value) if mask.area.unit == "mm²" else None,
        "mask_note": text("; ".join(mask_notes(mask))),
        **_looked_at(mask),
    }


def _looked_at(mask: MaskFound) -> Row:
    looked = mask.looked_at
    numbers = (None,) * 3 if looked is None else (looked.inside, looked.area, looked.even_share)
    return {name: rounded(value) for name, value in zip(ATTENTION_COLUMNS, numbers, strict=True)}


def error_row(key: FrameKey, columns: Sequence[str], error: ViewerError) -> Row:
    """A frame that could not be assessed: where it is and one sentence, everything else empty."""
    return {**_empty(columns), **_where(key), "error": text(error.reason)}


def file_error_row(file: str, columns: Sequence[str], sentence: str) -> Row:
    """A file that could not be opened, in the frame or the clip table: no frame at all."""
    return {**_empty(columns), "file": path_text(file), "error": text(sentence)}


def frame_key(clip: Clip, index: int) -> FrameKey:
    """Where frame `index` of a clip comes from."""
    series = clip.series_uid or clip.path.name
    return FrameKey(file=str(clip.path), series=series, frame=index, time_ms=clip.time_ms(index))


def trust_of(result: Score | Failure) -> float | None:
    """The trust of a scorer's answer, None where it has none."""
    return result.trust if isinstance(result, Score) else None


def rounded(value: float | None) -> float | None:
    """A value as every table shows it."""
    return None if value is None else round(value, DIGITS) + 0.0  # + 0.0 turns -0.0 into 0.0


def text(value: str) -> str:
    """Words for one cell: one line, and never a formula for a spreadsheet to run."""
    line = _printable(" ".join(value.splitlines())).strip()
    return f"'{line}" if line.startswith(_FORMULA_STARTS) else line


def path_text(file: str) -> str:
    """A path for one cell; one that looks like a formula gets `./` in front, which names the same file."""
    line = _printable(file.replace("\n", "\\n").replace("\r", "\\r"))
    return f"./{line}" if line.startswith(_FORMULA_STARTS) else line


def _printable(line: str) -> str:
    """The same words as UTF-8 can hold them: bytes of a name that are none are written out."""
    return line.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\0")


def _empty(columns: Sequence[str]) -> Row:
    """A row of empty cells, each empty as its column is: words or no number."""
    words = {"file", "series", "predicted", "final", "trail", "light", "reason", "error"}
    words |= {"second_predicted", "second_agrees"} | _MASK_WORDS
    return {name: "" if name in words else None for name in columns}


def _where(key: FrameKey) -> Row:
    time = None if key.time_ms is None else round(key.time_ms, 3) + 0.0
    return {"file": path_text(key.file), "series": text(key.series), "frame": key.frame, "time_ms": time}
