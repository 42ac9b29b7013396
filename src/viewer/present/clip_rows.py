"""The one row per clip beside the frame table."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from viewer.domain.image import Clip
from viewer.present.rows import Row, frame_key, path_text, text

if TYPE_CHECKING:
    from viewer.assessment.verdict import ClipVerdict


def clip_columns(classes: Sequence[str]) -> tuple[str, ...]:
    """Columns of the clip table, in order."""
    return (
        *("file", "series", "frames", "duration_ms", "predicted", "final"),
        *(f"p_{name}" for name in classes),
        *("trust", "light", "reason", "course", "error"),
    )


def clip_row(clip: Clip, verdict: "ClipVerdict") -> Row:
    """One clip and its decision; the probabilities are empty where no frame could be assessed."""
    values = verdict.probabilities or (None,) * len(verdict.classes)
    return {
        "file": path_text(str(clip.path)),
        "series": text(frame_key(clip, 0).series),
        "frames": clip.frames,
        "duration_ms": duration_ms(clip),
        "predicted": text(verdict.predicted),
        "final": text(verdict.final),
        **{f"p_{name}": value for name, value in zip(verdict.classes, values, strict=True)},
        "trust": verdict.trust,
        "light": verdict.light.value,
        "reason": text(verdict.reason),
        "course": text(_course(verdict)),
        "error": text(verdict.error),
    }


def _course(verdict: "ClipVerdict") -> str:
    """What is shown when, e.g. `1-40 b_lines; 41-120 consolidation`, frames counted from 1; `""` for a still."""
    if verdict.frames < 2:
        return ""
    return "; ".join(f"{part.first + 1}-{part.last + 1} {part.name}" for part in verdict.course)


def duration_ms(clip: Clip) -> float | None:
    """How long a clip plays: to the start of its last frame, and that frame as long as the mean; None untimed."""
    if clip.frame_time_ms is None:
        return None
    return round(clip.frame_times_ms[-1] - clip.frame_times_ms[0] + clip.frame_time_ms, 3)
