"""What panels and scores say, in the words of a clinician."""

from viewer.api import Evidence, Looking
from viewer_segmentation_cam.facts import FACTS, Fact, Values
from viewer_segmentation_cam.usual import UNUSUAL, Usual

EVEN = 0.05
"""Difference from 1 within which attention is spread evenly over what is outlined and the rest."""

NEARLY_ALL = 0.95
"""Part of the picture from which on a mask says little of where attention lies."""

USUAL_RANGE = (0.05, 0.95)
"""Nine of ten calibration pictures lie between these shares."""

LEAST = 1e-9
"""A share that is never told as nothing: nobody has seen all pictures."""

NO_MASK = "no outline: nothing draws one in this picture"
EMPTY = "nothing is outlined"
NO_ATTENTION = "no attention: the network looks nowhere in particular"
NOT_FITTED = "not fitted for this model"
BY_ANOTHER = "outlined by another model, {name}, with which nothing was calibrated"
GIVEN = "your own outline, with which nothing was calibrated"
GIVEN_MASK = "given"
"""`Evidence.mask_from` of the user's own masks."""

NOT_KNOWN = "Not fitted for this model: nobody knows what its outlines are usually like. Compare it with the picture."
MASKING = "A map cut to the outline hides what lies outside: look at both."
DOUBT = "The outline is unlike usual ones, so what follows cannot be relied on: compare it with the picture."
WRONG_OUTLINE = "the outline is unlike usual ones and cannot be relied on"


class Thing:
    """What is outlined, in words.

    Attributes:
        name: Such as `lungs`.
        plural: Whether there are several.
    """

    def __init__(self, shows: str) -> None:
        """As `Evidence.mask_shows` has it; something where it says nothing."""
        self.name = shows.replace("_", " ") or "structure"
        self.plural = self.name.endswith("s")

    def takes_up(self) -> str:
        """The verb that goes with it."""
        return "take up" if self.plural else "takes up"


def without(mask_from: str) -> str:
    """That a frame has no mask though others may have."""
    if mask_from == GIVEN_MASK:
        return "No outline: you gave none for this picture."
    return "No outline: none could be drawn in this picture."


def drawn_by(mask_from: str) -> str:
    """Who drew the outline, in a few words."""
    if not mask_from:
        return "as this model sees it"
    return "your own" if mask_from == GIVEN_MASK else f"as {mask_from} sees it"


def nothing_to_tell(thing: Thing, looks: Looking, mask_from: str) -> str:
    """Why attention and mask of one frame cannot be compared."""
    if not looks.masked[0]:
        return without(mask_from)
    if looks.area[0] == 0:
        return f"Nothing is outlined: no {thing.name} found, so nobody can say whether the AI looks there."
    return "The AI looks nowhere in particular: no part of this picture speaks for this class."


def who(mask_from: str) -> str:
    """Who drew the outline, a sentence."""
    if not mask_from:
        return "Outlined by this model itself."
    if mask_from == GIVEN_MASK:
        return "Your own outline."
    return f"Outlined by another model, {mask_from}: it is right or wrong independently of the answer."


def percent(share: float) -> str:
    """Whole per cent, never rounded to nothing or all."""
    if 0 < share < 0.01:
        return "<1 %"
    if 0.99 < share < 1:
        return ">99 %"
    return f"{100 * share:.0f} %"


def times(ratio: float) -> str:
    """A ratio to an even share in words."""
    if abs(ratio - 1) < EVEN:
        return "an even share"
    return f"{ratio:.1f} times an even share"


def attention_words(thing: Thing, inside: float, area: float, ratio: float) -> str:
    """Where the attention lies, how large what is outlined is, and what that means; then what lies outside."""
    lead = (
        f"{percent(inside)} of the attention lies in the {thing.name}, which {thing.takes_up()} {percent(area)} of "
        f"the picture: {times(ratio)}. {percent(1 - inside)} lies outside."
    )
    if area >= NEARLY_ALL:
        return f"{lead} Where nearly everything is outlined, that says little."
    if ratio < 1 - EVEN:
        return f"{lead} The AI looks at the {thing.name} less than at the rest of the picture."
    return lead


def size_words(thing: Thing, area: float, parts: int) -> str:
    """How much of the picture is outlined, and in how many parts."""
    if area == 0:
        return f"Nothing is outlined: no {thing.name} found."
    if area == 1:
        return f"The whole picture is taken for {thing.name}: there is no edge to draw."
    pieces = "one part" if parts == 1 else f"{parts} parts"
    return f"The {thing.name} {thing.takes_up()} {percent(area)} of the picture, in {pieces}."


def usual_words(p: float) -> str:
    """How usual an outline is among those of calibration pictures."""
    if p < UNUSUAL:
        return (
            f"Unlike usual outlines: {percent(max(p, LEAST))} of calibration pictures have one at least as unusual. "
            "Do not rely on it before you have compared it with the picture."
        )
    return (
        f"As outlines usually are: {percent(p)} of calibration pictures have one at least as unusual. Usual is not "
        "right: compare it with the picture."
    )


def not_own(mask_from: str) -> str:
    """Why an outline that somebody else drew is not judged."""
    return GIVEN if mask_from == GIVEN_MASK else BY_ANOTHER.format(name=mask_from)


def not_judged(mask_from: str, *, fitted: bool) -> str:
    """Why attention beside an outline has a value but no trust."""
    if mask_from:
        return not_own(mask_from)
    return WRONG_OUTLINE if fitted else NOT_FITTED


def unusual_note(usual: Usual, facts: Values) -> str:
    """That an outline is unlike usual ones, and in which of its facts (F,), the strangest first."""
    p = usual.p_values(facts[None])[0]
    found = sorted(
        (share, fact.title.lower()) for fact, share in zip(FACTS, p.tolist(), strict=True) if share < UNUSUAL
    )
    return ": ".join(["unlike usual outlines", *([", ".join(words for _, words in found)] if found else [])])


def fact_text(fact: Fact, value: float) -> str:
    """One fact in its unit."""
    if fact.percent:
        return percent(value)
    return f"{value:.0f}" if value == round(value) else f"{value:.1f}"


def class_name(evidence: Evidence) -> str:
    """The class that is explained, as a person reads it."""
    return evidence.classes[int(evidence.targets[0])].replace("_", " ")


def range_text(fact: Fact, low: float, high: float) -> str:
    """Two ends of a range in a fact's unit."""
    ends = fact_text(fact, low), fact_text(fact, high)
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)
