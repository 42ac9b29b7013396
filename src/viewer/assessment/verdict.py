"""One decision per clip from its frames, and beside it its course; of a frame only its probabilities are kept."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from viewer.assessment.course import Segment, course_of
from viewer.assessment.light import (
    MISFIT,
    NO_CLIP_CERTIFICATE,
    UNLIKE,
    Grounds,
    by_trust,
    is_outside,
    is_typical,
    of_another_kind,
    uncertified,
)
from viewer.domain.certificate import Certificate
from viewer.domain.image import Modality
from viewer.domain.result import Light

Cell = str | int | float | None

UNUSUAL = "half of its frames or more look unusual to the model"

_DIGITS = 6
_UNIT: int = 10**_DIGITS


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipVerdict:
    """One decision for a clip.

    Attributes:
        classes: The K class names.
        frames: Frames looked at.
        failed: Those among them that could not be read or assessed.
        probabilities: Mean over the assessed frames, length K; `()` where none was assessed.
        predicted, final: Names of the classes; `""` where no frame was assessed.
        least_trusted: Index of the assessed frame with the lowest trust (the first of equals); None without any.
        trust: Mean over the assessed frames; None where any of them has none.
        light: By the certificate for clips; a single frame's own.
        reason: Why the light has its colour.
        error: One sentence where frames failed, else `""`.
        course: What the clip shows from where to where, by the model alone; the decision does not rest on it.
    """

    classes: tuple[str, ...]
    frames: int
    failed: int
    probabilities: tuple[float, ...]
    predicted: str
    final: str
    least_trusted: int | None
    trust: float | None
    light: Light
    reason: str
    error: str
    course: tuple[Segment, ...] = ()

    @property
    def is_steady(self) -> bool:
        """Whether the model's one answer to the clip is that to every part of it."""
        return all(segment.name == self.predicted for segment in self.course)


class ClipSums:
    """The numbers of a clip's frames, added up in any order.

    Values are rounded as in every table and added as whole millionths, so that the decision is the same whichever
    way round the frames came, whether their rows were made just now or read back from a file, and whether it is
    certified or shown.

    Attributes:
        frames: How many there are.
        untold: Those among them that have no trust, no suitability or no fingerprint.
    """

    def __init__(self, classes: int) -> None:
        """Begin with no frame of a clip that may be of so many classes."""
        self.frames = 0
        self._sums = [0] * classes
        self._trust = 0
        self._untrusted = self._unusual = self._unlike = self._misfits = 0
        self._suited, self._printed = _Mean(), _Mean()
        self.untold = 0

    def add(
        self,
        probabilities: Sequence[float],
        trust: float | None,
        suitability: float | None,
        fingerprint: float | None,
    ) -> None:
        """Count one frame; its values as in `Assessment`."""
        self.frames += 1
        for index, probability in enumerate(probabilities):
            self._sums[index] += _millionths(probability)
        self._untrusted += trust is None
        self._trust += 0 if trust is None else _millionths(trust)
        suited, printed = _rounded(suitability), _rounded(fingerprint)
        self.untold += trust is None or suited is None or printed is None
        self._unusual += not is_typical(suited, printed)
        self._unlike += is_outside(suited)
        self._misfits += is_outside(printed)
        self._suited.add(suited)
        self._printed.add(printed)

    @property
    def best(self) -> int:
        """Index of the class of the highest mean probability; the first of equals."""
        return max(range(len(self._sums)), key=self._sums.__getitem__)

    @property
    def probabilities(self) -> tuple[float, ...]:
        """Mean over the frames; `()` without any."""
        return tuple(round(total / self.frames / _UNIT, _DIGITS) for total in self._sums) if self.frames else ()

    @property
    def trust(self) -> float | None:
        """Mean over the frames; None where any of them has none."""
        if self._untrusted or not self.frames:
            return None
        mean = self._trust / self.frames / _UNIT
        return round(mean, _DIGITS)

    @property
    def suitability(self) -> float | None:
        """Mean p over the frames; None where any of them has none."""
        return self._suited.value

    @property
    def fingerprint(self) -> float | None:
        """Mean p over the frames; None where any of them has none."""
        return self._printed.value

    def light(self, final: str, certificate: Certificate | None) -> Light:
        """The light by these numbers and a certificate alone, wherever they come from: for counting, not for showing.

        Args:
            final: Name of the class.
            certificate: What was tested of such decisions.
        """
        if self.untold or self.misfit or not self.frames:
            return Light.GREY
        if self.unlike:
            return Light.RED
        return by_trust(self.trust, final, certificate, [] if self.typical else [UNUSUAL])[0]

    @property
    def typical(self) -> bool:
        """Whether the clip may be green, whatever its trust: fewer than half of its frames are unusual."""
        return 2 * self._unusual < self.frames

    @property
    def unlike(self) -> bool:
        """Whether half of the frames or more are unlike the pictures that the model knows."""
        return 2 * self._unlike >= self.frames > 0

    @property
    def misfit(self) -> bool:
        """Whether half of the frames or more did not reach the model as they should."""
        return 2 * self._misfits >= self.frames > 0

    def weight(self, index: int) -> int:
        """What the frames give to class `index`, in millionths."""
        return self._sums[index]


class _Mean:
    """Mean of rounded values, added up as whole millionths; None where any is missing, or there is none."""

    def __init__(self) -> None:
        self._sum = self._count = self._missing = 0

    def add(self, value: float | None) -> None:
        self._count += 1
        self._missing += value is None
        self._sum += 0 if value is None else _millionths(value)

    @property
    def value(self) -> float | None:
        known = self._count and not self._missing
        return round(self._sum / self._count / _UNIT, _DIGITS) if known else None


class ClipTally:
    """Takes the rows of a clip's frames, and decides."""

    def __init__(self, classes: Sequence[str]) -> None:
        self._classes = tuple(classes)
        self._sums = ClipSums(len(self._classes))
        self._probabilities: dict[int, tuple[float, ...]] = {}
        self._lowest: tuple[float, int] | None = None
        self._finals: Counter[str] = Counter()
        self._changed = 0
        self._own: tuple[Light, str] = Light.GREY, ""
        self._errors: Counter[str] = Counter()
        self.frames = 0

    @property
    def sums(self) -> ClipSums:
        """The numbers of the frames that were assessed."""
        return self._sums

    def add(self, row: Mapping[str, Cell]) -> None:
        """Count one frame's row, as `present.rows` made it."""
        self.frames += 1
        if row["error"]:
            self._errors[str(row["error"])] += 1
            return
        trust = _number(row["trust"])
        frame = int(row["frame"] or 0)
        self._probabilities[frame] = tuple(float(row[f"p_{name}"] or 0) for name in self._classes)
        self._sums.add(
            self._probabilities[frame],
            trust,
            _number(row["suitability"]),
            _number(row["fingerprint"]),
        )
        if trust is not None:
            trusted = trust, frame
            self._lowest = min(self._lowest or trusted, trusted)
        self._finals[str(row["final"])] += 1
        self._changed += row["final"] != row["predicted"]
        self._own = Light(str(row["light"])), str(row["reason"])

    def verdict(self, grounds: Grounds, picture: Modality) -> ClipVerdict:
        """Decide: the class of the highest mean probability, or, where opinions changed frames, the most frequent.

        Args:
            grounds: What holds of every picture.
            picture: What the clip shows.
        """
        sums = self._sums
        predicted = self._classes[sums.best] if sums.frames else ""
        final = self._most_frequent(predicted) if self._changed else predicted
        light, reason = self._judge(grounds, picture, final)
        return ClipVerdict(
            classes=self._classes,
            frames=self.frames,
            failed=self._errors.total(),
            probabilities=sums.probabilities,
            predicted=predicted,
            final=final,
            least_trusted=self._lowest[1] if self._lowest else None,
            trust=sums.trust,
            light=light,
            reason=reason,
            error=self._error(),
            course=self._course(),
        )

    def _course(self) -> tuple[Segment, ...]:
        places = sorted(self._probabilities)
        if not places:
            return ()
        probabilities = np.array([self._probabilities[place] for place in places])
        return course_of(self._classes, probabilities, np.array(places))

    def _most_frequent(self, predicted: str) -> str:
        """The final class of most frames; a tie goes to the predicted class, then to the higher mean probability."""
        rank = {name: self._sums.weight(index) for index, name in enumerate(self._classes)}
        return max(self._finals, key=lambda name: (self._finals[name], name == predicted, rank.get(name, -1)))

    def _judge(self, grounds: Grounds, picture: Modality, final: str) -> tuple[Light, str]:
        sums = self._sums
        if not sums.frames:
            return Light.GREY, "no frame could be assessed"
        if self.frames == 1:
            return self._own
        kind = of_another_kind(picture, grounds.model)
        faults = [
            *grounds.changed,
            *self._of_frames(self._errors.total(), "could not be assessed"),
            *self._of_frames(self._changed, "had the model's answer changed, and only its own answers were tested"),
            *([MISFIT] if sums.misfit else []),
            *([grounds.folder] if grounds.folder else []),
            *([grounds.site] if grounds.site else []),
            *self._of_frames(sums.untold, "have no trust, or nobody can tell whether the model knows such pictures"),
        ]
        if kind or faults:
            return Light.GREY, "; ".join([*kind, *_uncertified(grounds), *faults])
        if sums.unlike:
            return Light.RED, UNLIKE
        if grounds.clip_certificate is None:
            return Light.GREY, "; ".join(_uncertified(grounds))
        return by_trust(sums.trust, final, grounds.clip_certificate, [] if sums.typical else [UNUSUAL])

    def _of_frames(self, count: int, what: str) -> list[str]:
        return [f"{count} of {self.frames} frames {what}"] if count else []

    def _error(self) -> str:
        failed = self._errors.total()
        if not failed:
            return ""
        sentence = min(self._errors, key=lambda error: (-self._errors[error], error))
        return sentence if self.frames == 1 else f"{failed} of {self.frames} frames failed, most often: {sentence}"


def _uncertified(grounds: Grounds) -> list[str]:
    """Why no clip can be green."""
    if grounds.clip_certificate is None and grounds.certificate is not None:
        return [NO_CLIP_CERTIFICATE]
    return uncertified(grounds.clip_certificate)


def _number(value: Cell) -> float | None:
    return None if value is None or value == "" else float(value)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def _millionths(value: float) -> int:
    return round(value * _UNIT)
