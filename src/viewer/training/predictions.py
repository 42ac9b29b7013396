"""A bundle's tables of predictions, column by column, as the decisions that a certificate is about."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.assessment.claims import Answers
from viewer.assessment.light import is_typical
from viewer.assessment.verdict import ClipSums
from viewer.datasets.split import Part
from viewer.domain.errors import ViewerError
from viewer.engine.bundle import Bundle

Values = NDArray[np.float64]
Words = NDArray[np.str_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartTable:
    """The predictions of the fit or the certify groups, one row for each of n frames.

    Attributes:
        classes: The K classes.
        trusts: By scorer, float64 (n,), NaN where it gave none.
        probabilities: float64 (n, K).
        suitability, fingerprint: p-values, float64 (n,), NaN where the gate cannot tell.
        labels, predicted, groups: str (n,).
        clips: Which clip a frame is of, str (n,); `""` for a still.
    """

    classes: tuple[str, ...]
    trusts: Mapping[str, Values]
    probabilities: Values
    suitability: Values
    fingerprint: Values
    labels: Words
    predicted: Words
    groups: Words
    clips: Words

    def frames(self, trust: Values) -> Answers:
        """One decision for every frame.

        Args:
            trust: Combined trust of every frame, float64 (n,).
        """
        return Answers(
            trust=trust,
            typical=np.array([is_typical(_known(s), _known(f)) for s, f in self._p_values()], np.bool_),
            labels=self.labels,
            final=self.predicted,
            groups=self.groups,
        )

    def whole_clips(self, trust: Values) -> Answers | None:
        """One decision for every clip of more than one frame, as the clip's light makes it; None without such clips.

        Args:
            trust: Combined trust of every frame, float64 (n,).
        """
        rows_of: dict[str, list[int]] = {}
        for row, clip in enumerate(self.clips):
            if clip:
                rows_of.setdefault(str(clip), []).append(row)
        clips = [rows for rows in rows_of.values() if len(rows) > 1]
        if not clips:
            return None
        firsts = [rows[0] for rows in clips]
        decided = [self._decided(rows, trust) for rows in clips]
        trusts, typical, best = zip(*decided, strict=True)
        return Answers(
            trust=np.array(trusts),
            typical=np.array(typical),
            labels=self.labels[firsts],
            final=np.array(self.classes, np.str_)[list(best)],
            groups=self.groups[firsts],
        )

    def _decided(self, rows: Sequence[int], trust: Values) -> tuple[float, bool, int]:
        """Trust of a clip, whether it may be green, and the index of its class."""
        sums = ClipSums(len(self.classes))
        for row in rows:
            suitability, fingerprint = float(self.suitability[row]), float(self.fingerprint[row])
            sums.add(
                self.probabilities[row].tolist(), _known(float(trust[row])), _known(suitability), _known(fingerprint)
            )
        return np.nan if sums.trust is None else sums.trust, sums.typical and not sums.untold, sums.best

    def _p_values(self) -> Iterator[tuple[float, float]]:
        return zip(self.suitability.tolist(), self.fingerprint.tolist(), strict=True)


def read_part(bundle: Bundle, part: Part, scorers: Sequence[str]) -> PartTable:
    """Read one of a bundle's tables.

    Args:
        bundle: With its tables.
        part: Fit or certify.
        scorers: Whose trusts to read, where the table has them.

    Raises:
        ViewerError: There is no such table, or it is malformed.
    """
    classes = bundle.manifest.classes
    numbers = {name: array("d") for name in (*(f"p_{name}" for name in classes), "suitability", "fingerprint")}
    words: dict[str, list[str]] = {name: [] for name in ("label", "predicted", "group", "clip")}
    known: dict[str, str] = {}  # every word once: a table names few classes, groups and clips, many times
    trusts: dict[str, array[float]] = {}
    count = 0
    try:
        for count, row in enumerate(bundle.rows("fit" if part is Part.FIT else "certify"), start=1):
            if count == 1:
                trusts = {f"trust_{name}": array("d") for name in scorers if f"trust_{name}" in row}
            for name, values in (*numbers.items(), *trusts.items()):
                values.append(_share(name, row[name]))
            for name, cells in words.items():
                cells.append(known.setdefault(row[name], row[name]))
    except (KeyError, TypeError, ValueError) as error:
        raise ViewerError(f"{bundle.path}: its table of {part} groups is malformed ({error})") from error
    if not count:
        raise ViewerError(f"{bundle.path}: it keeps no predictions of {part} groups, so nothing can be certified")
    return PartTable(
        classes=classes,
        trusts={name.removeprefix("trust_"): np.frombuffer(values) for name, values in trusts.items()},
        probabilities=np.stack([np.frombuffer(numbers.pop(f"p_{name}")) for name in classes], axis=1),
        suitability=np.frombuffer(numbers["suitability"]),
        fingerprint=np.frombuffer(numbers["fingerprint"]),
        labels=np.array(words["label"], np.str_),
        predicted=np.array(words["predicted"], np.str_),
        groups=np.array(words["group"], np.str_),
        clips=np.array(words["clip"], np.str_),
    )


def _share(column: str, cell: str) -> float:
    value = float(cell) if cell else float("nan")
    if value < 0 or value > 1:
        raise ValueError(f"{column} is {cell}")
    return value


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
