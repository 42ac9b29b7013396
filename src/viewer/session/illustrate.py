"""Which frames of a clip stand for it in a report, and what is shown of them."""

from typing import TYPE_CHECKING

from viewer.domain.errors import JobCancelled, ViewerError
from viewer.domain.image import Clip, Modality
from viewer.engine.surroundings import Place, Surroundings
from viewer.present.clip_rows import duration_ms
from viewer.report.html import Section, Shot

if TYPE_CHECKING:
    from viewer.assessment.verdict import ClipVerdict
    from viewer.session.assessor import Assessor

SHOTS = 4
"""Most frames shown of one clip."""


def illustrate(
    assessor: "Assessor",
    clip: Clip,
    around: Surroundings,
    modality: Modality,
    verdict: "ClipVerdict",
    with_pictures: bool,
) -> Section:
    """The section of one clip; its frames are decoded once more and explained for their final class."""
    chosen = representative(clip.frames, verdict.least_trusted) if with_pictures else []
    shots = [_shot(assessor, clip, Place(around, index), modality) for index in chosen]
    return Section(
        file=str(clip.path),
        frames=clip.frames,
        duration_ms=duration_ms(clip),
        verdict=verdict,
        shots=tuple(shot for shot in shots if shot is not None),
    )


def representative(frames: int, least_trusted: int | None) -> list[int]:
    """Frames that stand for a clip, ascending: all of a short one, else evenly spaced ones and the least trusted."""
    if frames <= SHOTS:
        return list(range(frames))
    spaced = SHOTS if least_trusted is None else SHOTS - 1
    chosen = {round(place * (frames - 1) / (spaced - 1)) for place in range(spaced)}
    return sorted(chosen if least_trusted is None else {*chosen, least_trusted})


def _shot(assessor: "Assessor", clip: Clip, place: Place, modality: Modality) -> Shot | None:
    """One frame, or None where it cannot be read or assessed: the clip's error says so."""
    try:
        picture = place.picture
        assessment = assessor.assess([place], modality)[0]
        explanations = assessor.explain(place, assessment.final)
    except JobCancelled:
        raise
    except ViewerError:
        return None
    return Shot(
        frame=place.index,
        time_ms=clip.time_ms(place.index),
        rgb=picture.rgb,
        pixel_aspect=picture.pixel_aspect,
        assessment=assessment,
        explanations=explanations,
        view=assessor.field_of_view(picture),
    )
