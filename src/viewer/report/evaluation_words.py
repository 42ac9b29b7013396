"""What an evaluation comes to, in a clinician's words: the beginning of the page."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from viewer.domain.result import Light
from viewer.evaluation.bootstrap import Figure
from viewer.evaluation.evaluate import Evaluation
from viewer.evaluation.table import PredictionTable
from viewer.present.wording import class_word, of_hundred, percent, sentence
from viewer.report.cohort import CohortRecord
from viewer.report.evaluation_claim import LEVEL, Checked

Kind = Literal["plain", "good", "bad", "open"]
"""Marks a sentence: it says how things are, that all is well, that something is wrong, or that nobody knows."""


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of the summary."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """How well a trust does, for the summary.

    Attributes:
        label: Of the trust, in words.
        auroc: Figure of AUROC_f; its value is NaN without errors or without right answers.
        rival: Label of what it is compared with; `""` for nothing.
        gain: AUGRC of the rival minus its own, with the interval; None without a rival.
        risk_at_half: Share of errors among the most trusted half.
    """

    label: str
    auroc: Figure
    rival: str
    gain: Figure | None
    risk_at_half: float


def summary(
    evaluation: Evaluation,
    record: CohortRecord | None,
    claims: Sequence[Checked],
    trusted: Trusted | None,
    missed: int | None,
    unread: int,
) -> list[Said]:
    """Sentences, the weightiest first.

    Args:
        evaluation: Every figure.
        record: Of the model; None for a table of which nothing more is known.
        claims: What was checked of its certificate.
        trusted: How well the trust does; None without any.
        missed: Critical cases that were missed under green; None where nobody can tell.
        unread: Cases that could not be read.
    """
    return [
        _right(evaluation),
        *(Said("open", sentence(caveat)) for caveat in (() if record is None else record.caveats)),
        *_trusted_and_wrong(evaluation, trusted),
        *_claims(record, claims),
        *_missed(missed),
        *(_trust(trusted) if trusted else ()),
        *_weakest(evaluation.table),
        *_unread(unread),
    ]


def claim_sentence(checked: Checked) -> Said:
    """What came of one claim."""
    side = "at most" if checked.at_most else "at least"
    claim = f"{side} {percent(checked.limit)} {checked.about}"
    if checked.outcome == "empty":
        return Said("open", f"Claimed: {claim}. There is no such answer here, so nothing could be checked.")
    here = (
        f"here {checked.errors} of {checked.decisions} ({percent(checked.share)}), of {checked.groups} groups; "
        f"{100 * LEVEL:g} % interval {percent(checked.low)} to {percent(checked.high)}"
    )
    if checked.outcome == "confirmed":
        return Said("good", f"The certificate's claim held here. Claimed: {claim}; {here}.")
    if checked.outcome == "broken":
        return Said("bad", f"The certificate's claim did not hold here. Claimed: {claim}; {here}.")
    return Said("open", f"Too few cases to confirm or refute the certificate's claim here. Claimed: {claim}; {here}.")


def _right(evaluation: Evaluation) -> Said:
    accuracy, balanced = (evaluation.figures[name,] for name in ("accuracy", "balanced_accuracy"))
    groups = "" if evaluation.groups is None else f" about {evaluation.groups} groups (patients, else lesions)"
    return Said(
        "plain",
        f"{of_hundred(accuracy.value).capitalize()} answers were right{_between(accuracy)}: {len(evaluation.table)} "
        f"answers{groups}. With every class weighing alike it is {percent(balanced.value)}.",
    )


def _trusted_and_wrong(evaluation: Evaluation, trusted: Trusted | None) -> Iterator[Said]:
    table = evaluation.table
    if table.lights is None or not (table.lights >= 0).any():
        if trusted is not None:
            risk = percent(trusted.risk_at_half)
            yield Said("plain", f"Among the half that is trusted most ({trusted.label}), {risk} were wrong.")
        return
    green = table.lights == list(Light).index(Light.GREEN)
    wrong = int((green & (table.true != table.answer)).sum())
    if not green.any():
        yield Said("open", f"No answer was green{_commonest_reason(table)}.")
        return
    error = evaluation.figures["lights", Light.GREEN.value, "error"]
    share = percent(float(green.sum() / (table.lights >= 0).sum()))
    yield Said(
        "plain",
        f"{share} of the answers were green. {wrong} of these {int(green.sum())} were wrong and trusted "
        f"({percent(error.value)}).",
    )


def _commonest_reason(table: PredictionTable) -> str:
    reasons = Counter(table.words["reason"].tolist()) if "reason" in table.words else Counter[str]()
    return f"; the commonest reason: {reasons.most_common(1)[0][0]}" if reasons else ""


def _claims(record: CohortRecord | None, claims: Sequence[Checked]) -> Iterator[Said]:
    if record is not None and record.claimed is None:
        yield Said("open", "Nothing is certified of this model, so there is no claim to check.")
    elif record is not None and record.claimed is not None and not record.claimed.green:
        yield Said("open", f"There is no claim to check: {record.claimed.sentence}.")
    yield from map(claim_sentence, claims)


def _missed(missed: int | None) -> Iterator[Said]:
    if missed:
        were = "was" if missed == 1 else "were"
        yield Said("bad", f"{_cases(missed, 'critical case')} {were} missed under a green light: see below.")
    elif missed == 0:
        yield Said("good", "No critical case was missed under a green light.")


def _trust(trusted: Trusted) -> Iterator[Said]:
    if np.isnan(trusted.auroc.value):
        yield Said(
            "plain", "How well the trust finds errors cannot be told: all answers are right, or all are wrong."
        )
        return
    words = (
        f"Of a right and a wrong answer, the {trusted.label} is higher for the right one in "
        f"{of_hundred(trusted.auroc.value)} pairs{_between(trusted.auroc)}; tossing a coin gives 50."
    )
    if trusted.gain is not None:
        if trusted.gain.low > 0:
            words += f" It finds errors better than the {trusted.rival}."
        elif trusted.gain.high < 0:
            words += f" It finds errors less well than the {trusted.rival}."
        else:
            words += f" No difference to the {trusted.rival} could be shown."
    yield Said("plain", words)


def _weakest(table: PredictionTable) -> Iterator[Said]:
    """The class that is recognised least, and what it is taken for."""
    lines = []
    for k, name in enumerate(table.classes):
        of = table.true == k
        if of.any():
            lines.append((float((table.answer[of] == k).mean()), int(of.sum()), k, name))
    if len(lines) < 2:
        return
    recall, cases, k, name = min(lines)
    if recall == 1:
        return
    others = Counter(table.answer[(table.true == k) & (table.answer != k)].tolist())
    taken = class_word(table.classes[others.most_common(1)[0][0]])
    yield Said(
        "plain",
        f"Look at {class_word(name)}: recognised in {percent(recall)} of {_cases(cases, 'case')}, most often taken "
        f"for {taken}.",
    )


def _unread(unread: int) -> Iterator[Said]:
    if unread:
        yield Said("bad", f"{_cases(unread, 'case')} could not be read or assessed and stand in no figure.")


def _between(figure: Figure) -> str:
    if np.isnan(figure.low):
        return ""
    return f" ({100 * LEVEL:g} % interval {percent(figure.low)} to {percent(figure.high)})"


def _cases(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
