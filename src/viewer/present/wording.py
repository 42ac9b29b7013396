"""Words from the clinic: how lights, trusts and failures are called wherever a person reads them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from viewer.domain.percent import ceiling_percent, floor_percent
from viewer.domain.result import STEP, About, Failure, Light, Score
from viewer.present.texts import marked, tr

if TYPE_CHECKING:
    from viewer.assessment.course import Segment

RESEARCH_USE = marked("Research software, not a medical device.")
"""Said at first start, in About and in every exported report."""

LIGHT_TITLE = marked("Reliability of AI")
"""Title of the light: without it, red could be read as "malignant"."""

LIGHT_WORDS = {
    Light.GREEN: marked("AI reliable"),
    Light.AMBER: marked("AI unsure"),
    Light.RED: marked("AI unreliable"),
    Light.GREY: marked("AI not judged"),
}

WORST_FIRST = (Light.RED, Light.AMBER, Light.GREY, Light.GREEN)
"""The order in which pictures call for a reader: what is not judged comes before what is reliable."""

UNAVAILABLE = marked("unavailable")
"""A scorer that gave no answer: never shown as safe."""

SHOW_ANYWAY = marked("Show anyway")
"""Shows an answer that is withheld because the AI is unreliable."""

WITHHELD = marked("withheld")
"""In place of a class or a probability of such an answer."""

ABOUT_WORDS = {
    About.CORRECTNESS: marked("is the answer likely right?"),
    About.SUITABILITY: marked("is the picture of the kind the model knows?"),
}

MOST_PARTS = 3
"""Of a clip's course that are named one by one."""


def light_word(light: Light) -> str:
    """What the light says, in two words."""
    return tr(LIGHT_WORDS[light])


def class_word(name: str) -> str:
    """A class as a person reads it: bundles write `basal_cell_carcinoma`."""
    return name.replace("_", " ")


def course_words(course: "Sequence[Segment]") -> str:
    """What a clip shows when, for a person; of many parts the first ones."""
    parts = [
        tr("{first}–{last} {name}").format(first=part.first + 1, last=part.last + 1, name=class_word(part.name))
        for part in course[:MOST_PARTS]
    ]
    further = len(course) - len(parts)
    more = tr(" and {n} further parts").format(n=further) if further else ""
    return tr("frames {parts}").format(parts=", ".join(parts)) + more


def trail_words(trail: str) -> str:
    """How an answer came about, for a person; `""` where the classifier alone spoke."""
    return class_word(trail) if STEP in trail else ""


def percent(value: float | None) -> str:
    """A probability or trust for a person: whole per cent, never rounded up to certainty or down to nothing."""
    if value is None:
        return "–"
    if 0 < value < 0.01:
        return "<1 %"
    if 0.99 < value < 1:
        return ">99 %"
    return f"{value:.0%}".replace("%", " %")


def percents(threshold: float, value: float) -> tuple[str, str]:
    """A threshold and what is compared with it, with as many decimals, four at most, as it takes to read true."""
    for digits in range(1, 5):
        texts = ceiling_percent(threshold, digits), floor_percent(value, digits)
        reads_above = float(texts[1][:-2]) >= float(texts[0][:-2])
        if reads_above == (value >= threshold):
            break
    return texts


def points(difference: float) -> str:
    """Size of a difference between two shares, in percentage points: `16 points`, `0.4 points`."""
    size = 100 * abs(difference)
    text = f"{size:.0f}" if size >= 0.95 or not size else f"{max(size, 0.1):.1f}"
    return (tr("{n} point") if text == "1" else tr("{n} points")).format(n=text)


def of_hundred(share: float) -> str:
    """A share as a person imagines it: `62 of 100`, `fewer than 1 of 100`; rounded down."""
    whole = int(100 * share + 1e-9)
    return tr("{n} of 100").format(n=whole) if whole else tr("fewer than 1 of 100")


def sentence(words: str) -> str:
    """Words with a capital and a full stop."""
    end = "" if words.endswith(("…", ".")) else "."
    return words[:1].upper() + words[1:] + end if words else ""


def quantity(score: Score) -> str:
    """A scorer's own value with its unit, four significant digits."""
    if score.raw is None:
        return "–"
    return f"{score.raw:.4g} {score.unit}".rstrip()


def health(result: Score | Failure) -> str:
    """How a scorer fares on this frame, in words; empty when all is well and it has nothing to add."""
    if isinstance(result, Failure):
        return f"{tr(UNAVAILABLE)}: {result.summary}"
    if result.trust is None:
        return tr("no answer: {why}").format(why=result.note) if result.note else tr("no answer")
    return result.note


def frame_word(index: int, frames: int) -> str:
    """Where in the clip, counted from 1 as a person does: `frame 3 of 120`."""
    return tr("frame {n} of {count}").format(n=index + 1, count=frames)


def duration_words(milliseconds: float) -> str:
    """A duration for a person: `0.53 s`, `12.4 s`, `1:05 min`."""
    seconds = milliseconds / 1000
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d} min"
