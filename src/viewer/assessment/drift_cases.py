"""Frames → cases: what a patient's pictures come to, at a site and in a model's own table alike."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.assessment.certify import ORDER_SEED
from viewer.assessment.combine import combined_trusts, effective_weights
from viewer.assessment.verdict import Cell, ClipSums
from viewer.domain.certificate import Certificate
from viewer.domain.drift import Case


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counting:
    """What turns the numbers of a picture or clip into a case.

    Attributes:
        classes: The K class names.
        certificate, clip_certificate: Of the model, for single frames and for whole clips; None where nothing was
            tested.
    """

    classes: tuple[str, ...]
    certificate: Certificate | None = None
    clip_certificate: Certificate | None = None

    def case(self, sums: ClipSums) -> Case | None:
        """What the frames of one picture or clip come to; None where none was assessed."""
        if not sums.frames:
            return None
        predicted = self.classes[sums.best]
        certificate = self.certificate if sums.frames == 1 else self.clip_certificate
        return Case(
            predicted=predicted,
            light=sums.light(predicted, certificate),
            trust=sums.trust,
            suitability=sums.suitability,
            fingerprint=sums.fingerprint,
        )

    def case_of(self, rows: Iterable[Mapping[str, Cell]]) -> Case | None:
        """The same from rows of frames, of `viewer assess` or a bundle's table; frames that failed are passed over.

        Raises:
            KeyError: A probability is missing.
            ValueError: A number is none.
        """
        sums = ClipSums(len(self.classes))
        for row in rows:
            if not row.get("error"):
                probabilities = [_number(row[f"p_{name}"]) or 0.0 for name in self.classes]
                trust, suitability = _number(row.get("trust")), _number(row.get("suitability"))
                sums.add(probabilities, trust, suitability, _number(row.get("fingerprint")))
        return self.case(sums)


def calibration_cases(
    rows: Iterable[Mapping[str, str]],
    counting: Counting,
    *,
    weights: Mapping[str, float],
    distributions: Mapping[str, NDArray[np.float64]],
) -> tuple[Case, ...]:
    """One case for every group of a bundle's table, in an order by lot; `()` where a trust cannot be made from it.

    A group with several pictures or clips is spoken for by one of them, drawn by lot, as a site's patient is by the
    first.

    Args:
        rows: Of the certify groups, as `Bundle.rows` gives them.
        counting: Of the bundle.
        weights: Of the combined trust; `{}` where never fitted.
        distributions: By scorer name, ascending.
    """
    things: defaultdict[str, defaultdict[str, list[Mapping[str, Cell]]]] = defaultdict(lambda: defaultdict(list))
    for number, row in enumerate(_with_trust(rows, effective_weights(weights), distributions)):
        things[str(row["group"])][str(row["clip"] or number)].append(row)
    random = np.random.default_rng(ORDER_SEED)
    groups = sorted(things)
    drawn = [list(things[group].values())[int(random.integers(len(things[group])))] for group in groups]
    cases = [counting.case_of(drawn[place]) for place in random.permutation(len(drawn))]
    return tuple(case for case in cases if case is not None)


def _with_trust(
    rows: Iterable[Mapping[str, str]], weights: Mapping[str, float], distributions: Mapping[str, NDArray[np.float64]]
) -> Iterator[Mapping[str, Cell]]:
    """The rows with their combined trust; none where the table lacks what a trust is made of."""
    for row in rows:
        if "clip" not in row or any(name not in distributions or f"trust_{name}" not in row for name in weights):
            return
        cells = {name: _number(row[f"trust_{name}"]) for name in weights}
        known = {name: np.array([np.nan if value is None else value]) for name, value in cells.items()}
        trust = float(combined_trusts(known, weights, distributions)[0])
        yield {**row, "trust": None if np.isnan(trust) else trust}


def _number(value: Cell) -> float | None:
    return None if value is None or value == "" else float(value)
