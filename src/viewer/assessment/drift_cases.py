"""Frames → cases: what a patient's pictures come to, at a site and in a model's own table alike."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np
from numpy.typing import NDArray

from viewer.assessment.certify import ORDER_SEED
from viewer.assessment.combine import combined_trusts, effective_weights
from viewer.assessment.drift import Case
from viewer.assessment.light import by_certificate
from viewer.assessment.verdict import Cell, ClipSums
from viewer.domain.certificate import Certificate


@dataclass(slots=True)
class CaseSums:
    """The frames of one picture or clip, added up.

    Attributes:
        classes: The K class names.
    """

    classes: Sequence[str]
    _sums: ClipSums = field(init=False)
    _suitability: list[float] = field(init=False, default_factory=list)
    _fingerprint: list[float] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        """Begin with no frame."""
        self._sums = ClipSums(len(self.classes))

    def add(self, row: Mapping[str, Cell]) -> None:
        """Count one frame's row, of `viewer assess` or of a bundle's table; one that failed is passed over."""
        if row.get("error"):
            return
        suitability, fingerprint = _number(row.get("suitability")), _number(row.get("fingerprint"))
        trust = _number(row.get("trust"))
        self._sums.add([_number(row[f"p_{name}"]) or 0.0 for name in self.classes], trust, suitability, fingerprint)
        self._suitability += [] if suitability is None else [round(suitability, _DIGITS)]
        self._fingerprint += [] if fingerprint is None else [round(fingerprint, _DIGITS)]

    def case(self, certificate: Certificate | None) -> Case | None:
        """What they come to; None where no frame was assessed.

        Args:
            certificate: Of the model, for what its table holds: whole clips where it has such a certificate.
        """
        if not self._sums.frames:
            return None
        predicted, trust = self.classes[self._sums.best], self._sums.trust
        suitability = median(self._suitability) if self._suitability else None
        fingerprint = median(self._fingerprint) if self._fingerprint else None
        return Case(
            predicted=predicted,
            light=by_certificate(trust, predicted, suitability, fingerprint, certificate),
            trust=trust,
            suitability=suitability,
            fingerprint=fingerprint,
        )


def calibration_cases(
    rows: Iterable[Mapping[str, str]],
    classes: Sequence[str],
    *,
    weights: Mapping[str, float],
    distributions: Mapping[str, NDArray[np.float64]],
    certificate: Certificate | None,
) -> tuple[Case, ...]:
    """One case for every group of a bundle's table, in an order by lot; `()` where the table has no p-values.

    A group with several pictures or clips is spoken for by one of them, drawn by lot, as a site's patient is by the
    first.

    Args:
        rows: Of the certify groups, as `Bundle.rows` gives them.
        classes: The K class names.
        weights: Of the combined trust; `{}` where never fitted.
        distributions: By scorer name, ascending.
        certificate: As in `CaseSums.case`.
    """
    things: dict[tuple[str, str], CaseSums] = {}
    of_group: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for number, row in enumerate(_with_trust(rows, effective_weights(weights), distributions)):
        key = str(row["group"]), str(row["clip"] or number)
        if key not in things:
            things[key] = CaseSums(classes)
            of_group[key[0]].append(key)
        things[key].add(row)
    random = np.random.default_rng(ORDER_SEED)
    drawn = [keys[int(random.integers(len(keys)))] for _, keys in sorted(of_group.items())]
    cases = [things[drawn[place]].case(certificate) for place in random.permutation(len(drawn))]
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


_DIGITS = 6
