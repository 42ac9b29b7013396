"""The traffic light of the final class. Grey is the default; without a certificate nothing else is possible."""

from collections.abc import Mapping, Sequence

from viewer.domain.image import Modality
from viewer.domain.result import Failure, Light, ScoreRow

NOT_CERTIFIED = "not certified: this model carries no certificate, so its reliability is not known"
UNCHECKED = (
    "not certified here: the model carries a certificate, but nothing has checked that this picture is of the kind "
    "it was certified on"
)
"""A certificate speaks of pictures like those it was made from; until that is tested no light may follow from it."""


def judge(
    rows: Sequence[ScoreRow], weights: Mapping[str, float], *, picture: Modality, model: Modality, certified: bool
) -> tuple[Light, str]:
    """Judge one frame.

    Args:
        rows: One per scorer that is there.
        weights: Weights in force, by scorer name; one that carries weight and is not among the rows is named.
        picture: What the picture shows.
        model: What the model was made for.
        certified: Whether the model carries a certificate that claims anything.

    Returns:
        The light and why it has its colour, in one sentence: the gravest reason first.
    """
    reasons = [*_modality(picture, model), *_silent(rows, weights), UNCHECKED if certified else NOT_CERTIFIED]
    return Light.GREY, "; ".join(reasons)


def _modality(picture: Modality, model: Modality) -> list[str]:
    if picture is model:
        return []
    if picture is Modality.UNKNOWN:
        return [f"nobody has said what kind of picture this is, and the model is for {model.value}"]
    shown = "of another kind" if picture is Modality.OTHER else picture.value
    return [f"wrong modality: the picture is {shown}, the model is for {model.value}"]


def _silent(rows: Sequence[ScoreRow], weights: Mapping[str, float]) -> list[str]:
    """Scorers that failed, and scorers that carry weight and are not there or abstained."""
    found = {row.name: row for row in rows}
    failed = [f"{row.name} ({row.result.summary})" for row in rows if isinstance(row.result, Failure)]
    absent = [name for name, weight in weights.items() if weight > 0 and name not in found]
    abstained = [
        name
        for name, weight in weights.items()
        if weight > 0 and name in found and not isinstance(found[name].result, Failure) and _abstains(found[name])
    ]
    return [
        *([f"no answer from {', '.join(failed)}"] if failed else []),
        *([f"not installed or switched off: {', '.join(absent)}"] if absent else []),
        *([f"abstained: {', '.join(abstained)}"] if abstained else []),
    ]


def _abstains(row: ScoreRow) -> bool:
    return not isinstance(row.result, Failure) and row.result.trust is None
