"""What the panel says, in the words of a clinician."""

from dataclasses import dataclass

from viewer.api import Evidence, Text
from viewer_attention_verification.metrics import Metric
from viewer_attention_verification.scorers import UNUSUAL

SELDOM = 0.1
"""p below which a place among others is called seldom."""

WHERE, THIS_PICTURE, DIFFERENCE, USUAL = "Where the AI looks", "This picture", "Difference", "Usual"
COMPARISONS = "How alike the two maps are"
YOUR_PICTURES, SECOND_MODEL, THIS_MODEL = "Your own pictures", "Second model", "This model"
BESIDE_SECOND = "Beside the second model"
BESIDE = "How alike the map is to others"
EARLY, EARLY_COMPARISONS = "Early maps: what the AI takes in", "How alike the early maps are"
EARLY_NOTE = (
    "Before it looks for any class: the mean answer of the network's first layer, from its least to its greatest."
)
ALL = "calibration pictures"
NOT_FITTED = (
    "Not fitted for this model: it was calibrated without this comparison, so nobody knows where it usually looks."
)
AS_USUAL = "Usual is not right: see whether both maps lie on the finding, and not beside it."
NO_REFERENCE = "The model met too few correct pictures of {name}: compared with where it looks for all classes."
NO_OTHERS = "Too few of them were called {name} to be compared with those alone."


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Words about one class of one frame.

    Attributes:
        name: The class that is explained, in words.
        answer: The model's own answer, in words.
        of_class: Whether the map it is compared with is that of the class, not of all.
        among_class: Whether the metrics are placed among pictures of the class, not of all.
    """

    name: str
    answer: str
    of_class: bool
    among_class: bool

    def lead(self, share: float, *, seen: bool) -> Text:
        """The one sentence that matters, and what has to be known to read it.

        Args:
            share: In how many calibration pictures the AI looks at least as unlike what is usual for theirs, [0, 1].
            seen: Whether there is attention at all.
        """
        if not seen:
            words = f"The AI looks nowhere in particular: no part of this picture speaks for {self.name}."
            often = f"That is so in {percent(share)} of {ALL} at most."
            return Text(title="No attention", body=self._with_asides(words, often))
        how = "elsewhere than usual" if share < UNUSUAL else "where it seldom does" if share < SELDOM else "as usual"
        words = f"The AI looks {how} for {self.name}: {percent(share)} of {ALL} are at least as unlike."
        caution = AS_USUAL if share >= SELDOM else ""
        return Text(title=f"Attention for {self.name}", body=self._with_asides(words, caution))

    def among(self, pictures: int, groups: int) -> str:
        """Who the bars of the strips are."""
        if self.among_class:
            return among(pictures, groups, f"{ALL} called {self.name}")
        return f"{among(pictures, groups, ALL)} {NO_OTHERS.format(name=self.name)}"

    @property
    def usual(self) -> str:
        """Title of the map it is compared with."""
        return f"{USUAL} for {self.name}" if self.of_class else f"{USUAL}, all classes"

    def _with_asides(self, *sentences: str) -> str:
        asides = [
            "" if self.answer == self.name else f"The classifier's own answer is {self.answer}.",
            "" if self.of_class else NO_REFERENCE.format(name=self.name),
        ]
        return " ".join(part for part in (*sentences, *asides) if part)


def among(pictures: int, groups: int, others: str) -> str:
    """Who the bars of strips are."""
    return f"Bars: {pictures} {others}, of {groups} patients or lesions. The line is this picture."


def place(share: float, *, early: bool) -> str:
    """What a place among others means."""
    if share >= SELDOM:
        return "usual"
    if share >= UNUSUAL:
        return "seldom"
    return "unlike usual pictures" if early else "looks elsewhere than usual"


def own_title(name: str, count: int) -> str:
    """Title of the row of maps beside the user's own pictures."""
    return f"Beside your own {count} pictures of {name}" if count > 1 else f"Beside your own picture of {name}"


def second_title(second: Evidence) -> str:
    """Title of the map of the second model."""
    return f"Second model: {class_name(second, int(second.targets[0]))}"


def second_words(name: str, second: Evidence) -> str:
    """What the second model answers, and what its map is of."""
    answer, shown = int(second.predicted[0]), class_name(second, int(second.targets[0]))
    told = (
        f"The second model answers {class_name(second, answer)}, {percent(float(second.probabilities[0, answer]))}."
    )
    return told if shown == name else f"{told} It knows no {name}: its map is of its own answer."


def class_name(evidence: Evidence, index: int) -> str:
    """A class as a person reads it."""
    return evidence.classes[index].replace("_", " ")


def metric_title(metric: Metric) -> str:
    """A metric's title, with its unit."""
    return f"{metric.title}, {metric.unit}" if metric.unit else metric.title


def number(value: float) -> str:
    """Three significant digits."""
    return f"{value:.3g}".replace("-", "−")


def percent(share: float) -> str:
    """Whole per cent, never rounded down to nothing."""
    return "<1 %" if 0 < share < 0.01 else f"{share:.0%}".replace("%", " %")
