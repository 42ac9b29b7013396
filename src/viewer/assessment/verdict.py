"""One decision per clip from the rows of its frames, in memory that does not grow with the clip."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from viewer.domain.result import Light

Cell = str | int | float | None

_DIGITS = 6
_UNIT = 10**_DIGITS
_GRAVITY = (Light.GREY, Light.RED, Light.AMBER, Light.GREEN)
"""What a clip's light is taken from: the gravest of its frames' lights."""


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
        light: The gravest of the frames' lights.
        reason: The most frequent reason among the frames with that light.
        error: One sentence where frames failed, else `""`.
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


class ClipTally:
    """Adds up the rows of a clip's frames, in any order.

    It adds the rounded values of the rows as whole millionths, so the verdict is the same whichever way round the
    frames came and whether their rows were made just now or read back from a file.
    """

    def __init__(self, classes: Sequence[str]) -> None:
        self._classes = tuple(classes)
        self._sums = [0] * len(self._classes)
        self._trust = 0
        self._trusted = True
        self._lowest: tuple[float, int] | None = None
        self._finals: Counter[str] = Counter()
        self._overruled = False
        self._reasons: Counter[tuple[Light, str]] = Counter()
        self._errors: Counter[str] = Counter()
        self.frames = 0

    def add(self, row: Mapping[str, Cell]) -> None:
        """Count one frame's row, as `present.rows` made it."""
        self.frames += 1
        if row["error"]:
            self._errors[str(row["error"])] += 1
            return
        for index, name in enumerate(self._classes):
            self._sums[index] += _millionths(row[f"p_{name}"])
        self._trusted = self._trusted and row["trust"] is not None
        self._trust += _millionths(row["trust"])
        if row["trust"] is not None:
            trusted = float(row["trust"]), int(row["frame"] or 0)
            self._lowest = min(self._lowest or trusted, trusted)
        self._finals[str(row["final"])] += 1
        self._overruled = self._overruled or row["final"] != row["predicted"]
        self._reasons[Light(str(row["light"])), str(row["reason"])] += 1

    def verdict(self) -> ClipVerdict:
        """Decide: the class of the highest mean probability, or, where opinions changed frames, the most frequent."""
        failed = self._errors.total()
        assessed = self.frames - failed
        means = tuple(round(total / assessed / _UNIT, _DIGITS) for total in self._sums) if assessed else ()
        predicted = self._classes[max(range(len(means)), key=self._sums.__getitem__)] if means else ""
        light, reason = self._judge(assessed)
        return ClipVerdict(
            classes=self._classes,
            frames=self.frames,
            failed=failed,
            probabilities=means,
            predicted=predicted,
            final=self._most_frequent(predicted) if self._overruled else predicted,
            least_trusted=self._lowest[1] if self._lowest else None,
            trust=round(self._trust / assessed / _UNIT, _DIGITS) if assessed and self._trusted else None,
            light=light,
            reason=reason,
            error=self._error(failed),
        )

    def _most_frequent(self, predicted: str) -> str:
        """The final class of most frames; a tie goes to the predicted class, then to the higher mean probability."""
        rank = dict(zip(self._classes, self._sums, strict=True))
        return max(self._finals, key=lambda name: (self._finals[name], name == predicted, rank.get(name, -1)))

    def _judge(self, assessed: int) -> tuple[Light, str]:
        if not assessed:
            return Light.GREY, "no frame could be assessed"
        light = next(light for light in _GRAVITY if any(found is light for found, _ in self._reasons))
        reasons = [(count, why) for (found, why), count in self._reasons.items() if found is light]
        count, reason = max(reasons, key=lambda item: (item[0], item[1]))
        return light, reason if count == assessed else f"{reason} ({count} of {assessed} frames)"

    def _error(self, failed: int) -> str:
        if not failed:
            return ""
        sentence = min(self._errors, key=lambda error: (-self._errors[error], error))
        return sentence if self.frames == 1 else f"{failed} of {self.frames} frames failed, most often: {sentence}"


def _millionths(value: Cell) -> int:
    return round(float(value) * _UNIT) if value is not None and value != "" else 0
