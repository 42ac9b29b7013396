"""Compares pictures that a model has seen at a site with its calibration, and says whether it suits them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from viewer.assessment.shift import Pictures, Shift, shift_of
from viewer.assessment.suitability import why_not
from viewer.assessment.suiting import FEWEST_GROUPS, GROUND_VERDICTS, Compared, better_of, ground_of
from viewer.datasets.split import pseudonym
from viewer.domain.gate import TYPICAL
from viewer.domain.result import About, Assessment
from viewer.domain.verification import QUANTILES, TOLD, Beside, Flagged, Metric, ModelNamed, Share, Verification
from viewer.evaluation.bootstrap import Bootstrap, Name, estimate
from viewer.evaluation.conformal import group_weights
from viewer.evaluation.weights import Floats, ratio
from viewer.present.rows import rounded, trust_of
from viewer.present.texts import marked

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle
    from viewer.session.assessor import Assessor

GATE_METRICS = {
    "suitability": marked("kind of picture"),
    "fingerprint": marked("brightness, contrast and colours"),
}
"""The two p-values of the gate, by the columns of a bundle's tables."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """One picture that was assessed.

    Attributes:
        file: Where it lies.
        frame: From 0; None for a still.
        group: What tells its patient, else lesion, else file.
        elsewhere: Whether its file says that it shows something else than the model is made for.
        answer: Index of the model's class.
        values: Trust by scorer, and the two p-values of the gate, as tables show them; None where it has none.
        look: float32 (D,); None where nothing knows looks.
    """

    file: Path
    frame: int | None
    group: str = field(repr=False)
    elsewhere: bool
    answer: int
    values: Mapping[str, float | None]
    look: NDArray[np.float32] | None

    def value(self, name: str) -> float:
        """A metric; NaN where the picture has none."""
        value = self.values.get(name)
        return np.nan if value is None else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Which files were looked at.

    Attributes:
        files, of: How many, and of how many.
        skipped: Those that hold no image.
        unreadable: File and sentence of every file, or frame, that could not be read or assessed.
    """

    files: int
    of: int
    skipped: int
    unreadable: tuple[tuple[Path, str], ...]


def values_of(assessment: Assessment) -> Mapping[str, float | None]:
    """The metrics of a picture, as tables show them."""
    gate = {"suitability": assessment.suitability, "fingerprint": assessment.fingerprint}
    found = {row.name: trust_of(row.result) for row in assessment.rows} | gate
    return {name: rounded(value) for name, value in found.items()}


def is_flagged(seen: Seen) -> bool:
    """Whether the gate calls a picture unusual; one that it cannot tell of never looks safe."""
    return not all(seen.value(name) >= TYPICAL for name in GATE_METRICS)


def verified(assessor: "Assessor", seen: Sequence[Seen], looked: Looked) -> Verification:
    """Compare pictures with the calibration of the assessor's model.

    Args:
        assessor: Of the model.
        seen: The pictures, at least one.
        looked: The files they come from.
    """
    bundle, gate = assessor.bundle, why_not(assessor.bundle.gate)
    rows = _calibration_rows(bundle, {one.group for one in seen})
    metrics = _comparable(assessor, seen, rows)
    here = Pictures(
        values=np.array([[one.value(name) for name in metrics] for one in seen], np.float64),
        answers=np.array([one.answer for one in seen], np.intp),
        groups=_numbers([one.group for one in seen]),
    )
    there = Pictures(
        values=np.array([[_cell(row, name) for name in metrics] for row in rows], np.float64),
        answers=np.array([bundle.manifest.classes.index(row["predicted"]) for row in rows], np.intp),
        groups=_numbers([row["group"] for row in rows]),
    )
    shift = shift_of(here, there) if metrics else None
    shares = _flagged_shares(seen, here, rows, there) if not gate else (None, None)
    told = _metrics(metrics, here, there, shift)
    by_name = {metric.name: metric for metric in told}
    effects = [by_name[name].effect if name in by_name else None for name in GATE_METRICS]
    looks = [one.look for one in seen if one.look is not None]
    found = Compared(
        n=len(seen),
        elsewhere=sum(one.elsewhere for one in seen),
        groups=here.group_count,
        calibrated=there.group_count,
        gate=gate,
        silent=0 if gate else sum(any(np.isnan(one.value(name)) for name in GATE_METRICS) for one in seen),
        flagged=shares[0],
        usual=shares[1],
        kind=effects[0],
        look=effects[1],
        p_value=None if shift is None else shift.p_value,
        folder_p=assessor.folder_p(np.stack(looks)) if looks else None,
    )
    ground = ground_of(found)
    manifest = bundle.manifest
    return Verification(
        model=ModelNamed(
            name=manifest.name,
            version=manifest.version,
            weights=bundle.weights_digest,
            modality=manifest.modality,
            calibrated=there.group_count,
        ),
        verdict=GROUND_VERDICTS[ground],
        ground=ground,
        detail=gate,
        n=found.n,
        groups=found.groups,
        files=(looked.files, looked.of),
        flagged_share=found.flagged,
        calibrated_share=found.usual,
        p_value=found.p_value,
        folder_p=found.folder_p,
        metrics=told,
        flagged=() if gate else _flagged(seen, manifest.classes),
        elsewhere=found.elsewhere,
        silent=found.silent,
        unreadable=looked.unreadable,
        skipped=looked.skipped,
    )


# What is compared --------------------------------------------------------------------------------------------------


def _calibration_rows(bundle: "Bundle", met: Collection[str]) -> list[Mapping[str, str]]:
    """Rows of the certify groups, without those whose patients are met here: they are no others."""
    here = {pseudonym(group) for group in met}
    return [row for row in bundle.rows("certify") if row["group"] not in here]


def _comparable(
    assessor: "Assessor", seen: Sequence[Seen], rows: Sequence[Mapping[str, str]]
) -> dict[str, tuple[str, About | None]]:
    """Title and question of every metric that the pictures here and the calibration have by the same version."""
    if not rows:
        return {}
    made = assessor.bundle.versions
    metrics: dict[str, tuple[str, About | None]] = {
        name: (scorer.title, scorer.about)
        for name, scorer in assessor.offered.items()
        if f"trust_{name}" in rows[0] and made.get(name) == scorer.version
    }
    metrics |= {name: (title, None) for name, title in GATE_METRICS.items() if name in rows[0]}
    return {
        name: told
        for name, told in metrics.items()
        if any(np.isfinite(_cell(row, name)) for row in rows) and any(np.isfinite(one.value(name)) for one in seen)
    }


def _cell(row: Mapping[str, str], name: str) -> float:
    cell = row[name if name in GATE_METRICS else f"trust_{name}"]
    return round(float(cell), 6) if cell else np.nan


def _numbers(groups: Sequence[str]) -> NDArray[np.intp]:
    numbers: NDArray[np.intp] = np.unique(np.array(groups, np.str_), return_inverse=True)[1]
    return numbers


def _metrics(
    named: Mapping[str, tuple[str, About | None]], here: Pictures, there: Pictures, shift: Shift | None
) -> tuple[Metric, ...]:
    if shift is None:
        return ()
    return tuple(
        Metric(
            name=name,
            title=title,
            about=about,
            here=_quantiles(here, column),
            calibration=_quantiles(there, column),
            p_value=_finite(shift.p_values[column]),
            effect=_finite(shift.effects[column]),
        )
        for column, (name, (title, about)) in enumerate(named.items())
    )


def _quantiles(pictures: Pictures, column: int) -> tuple[float, ...]:
    """Smallest values that at least these shares of the pictures do not exceed, each group weighing alike."""
    values = pictures.values[:, column]
    known = np.isfinite(values)
    order = np.argsort(values[known], kind="stable")
    shares = np.cumsum(group_weights(pictures.groups)[known][order])
    places = np.searchsorted(shares / shares[-1], np.array(QUANTILES) - 1e-9)
    return tuple(float(value) for value in values[known][order][places])


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


# What is flagged ---------------------------------------------------------------------------------------------------


def _flagged_shares(
    seen: Sequence[Seen], here: Pictures, rows: Sequence[Mapping[str, str]], there: Pictures
) -> tuple[Share | None, Share | None]:
    """Share of flagged pictures here, and in the calibration where there are enough groups."""
    flags = np.array([is_flagged(one) for one in seen])
    if there.group_count < FEWEST_GROUPS:
        return _share(flags, here.groups), None
    usual = np.array([all(_cell(row, name) >= TYPICAL for name in GATE_METRICS) for row in rows])
    return _share(flags, here.groups), _share(~usual, there.groups)


def _share(flags: NDArray[np.bool_], groups: NDArray[np.intp]) -> Share:
    """A share with its interval from draws of whole groups; nothing is known of it from a single one."""
    alike = group_weights(groups)

    def measure(weights: Floats) -> dict[Name, Floats]:
        return {("flagged",): ratio((weights * alike * flags).sum(axis=-1), (weights * alike).sum(axis=-1))}

    found = estimate(measure, groups, Bootstrap())["flagged",]
    low, high = (found.low, found.high) if groups.max() > 0 else (0.0, 1.0)
    return Share(value=found.value, low=low, high=high)


def _flagged(seen: Sequence[Seen], classes: Sequence[str]) -> tuple[Flagged, ...]:
    """Flagged pictures, the strangest first."""
    flagged = [
        Flagged(
            file=one.file,
            frame=one.frame,
            answer=classes[one.answer],
            suitability=one.values.get("suitability"),
            fingerprint=one.values.get("fingerprint"),
        )
        for one in seen
        if is_flagged(one)
    ]
    return tuple(sorted(flagged, key=lambda one: min(one.suitability or 0.0, one.fingerprint or 0.0)))


# Two models --------------------------------------------------------------------------------------------------------

LOOK_ALIKE = "second_model_look"
"""The scorer that tells how alike two models look at a picture, where it is installed."""


def beside(
    first: tuple["Bundle", Sequence[Seen], Verification], second: tuple["Bundle", Sequence[Seen], Verification]
) -> Beside:
    """What a second model says of the same pictures.

    Args:
        first: Model, what it saw with the second one beside it, and what that came to.
        second: The second model, what it saw alone, and what that came to.
    """
    classes, others = first[0].manifest.classes, second[0].manifest.classes
    shared = tuple(name for name in classes if name in others)
    answers = {(one.file, one.frame): others[one.answer] for one in second[1]}
    pairs = [
        (one.group, classes[one.answer] == answers[one.file, one.frame])
        for one in first[1]
        if classes[one.answer] in shared and answers.get((one.file, one.frame)) in shared
    ]
    alike = np.array([one.value(LOOK_ALIKE) for one in first[1]])
    known = np.isfinite(alike)
    return Beside(
        found=second[2],
        shared=shared,
        agreement=_share(np.array([same for _, same in pairs]), _numbers([group for group, _ in pairs]))
        if pairs
        else None,
        alike=tuple(np.quantile(alike[known], TOLD).tolist()) if known.any() else None,
        better=better_of(first[2], second[2]),
    )
