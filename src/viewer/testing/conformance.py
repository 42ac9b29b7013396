"""The conformance suite: what the viewer expects of a scorer, an explainer, an opinion, a reader and a command.

Each `check_…` raises an `AssertionError` that lists every fault in a sentence; each `…_faults` returns the sentences.
The things are called through the same guard and checks as in the viewer.
"""

import io
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from viewer.domain.command import Command
from viewer.domain.errors import UnreadableFile, ViewerError
from viewer.domain.evidence import SAME, Calibration, Evidence, Need, State
from viewer.domain.outline import Outline
from viewer.domain.result import Content, Exhibit, Failure, Overlay, Placement, Proposal, Score
from viewer.host import calls
from viewer.host.discovery import Offer
from viewer.host.guard import Guard, blamed
from viewer.host.offers import faults_of, fits, reads_of
from viewer.protocols import AnyExplainer, Opinion, Reader, Scorer
from viewer.testing import builders

BUDGET_S = 10.0
"""Seconds for one call: the viewer's default budget."""

TOLERANCE = 1e-5
"""Rounding that depends on the size of a batch."""

Answer = Score | Proposal | Failure | None

Part = Exhibit | Outline | Overlay | Placement
"""What contents hold."""


def check_scorer(scorer: Scorer) -> None:
    """Raise an `AssertionError` unless the scorer conforms."""
    _demand(scorer_faults(scorer))


def check_opinion(opinion: Opinion, beside: Sequence[Scorer] = ()) -> None:
    """Raise an `AssertionError` unless the opinion conforms; see `opinion_faults`."""
    _demand(opinion_faults(opinion, beside))


def check_explainer(explainer: AnyExplainer, beside: Sequence[Scorer] = ()) -> None:
    """Raise an `AssertionError` unless the explainer conforms; see `explainer_faults`."""
    _demand(explainer_faults(explainer, beside))


def check_reader(reader: Reader, good: Path, broken: Path | None = None) -> None:
    """Raise an `AssertionError` unless the reader conforms.

    Args:
        reader: The reader.
        good: A file of its format.
        broken: A damaged one, which it must refuse with `UnreadableFile`.
    """
    _demand(reader_faults(reader, good, broken))


def check_command(command: Command, *words: str) -> None:
    """Raise an `AssertionError` unless the command conforms.

    Args:
        command: The command.
        words: With which it is run and must end in 0 or in one sentence (`ViewerError`); none for not running it.
    """
    _demand(command_faults(command, *words))


def scorer_faults(scorer: Scorer) -> list[str]:
    """Faults of a scorer, in sentences."""
    faults = faults_of("scorer", scorer)
    if faults:
        return faults
    with _Bench(Offer("conformance", scorer)) as bench:
        return bench.faults()


def opinion_faults(opinion: Opinion, beside: Sequence[Scorer] = ()) -> list[str]:
    """Faults of an opinion, in sentences.

    Args:
        opinion: The opinion.
        beside: Scorers of the same plugin that it may read.
    """
    faults = faults_of("opinion", opinion)
    if faults:
        return faults
    with _Bench(Offer("conformance", opinion), beside) as bench:
        return bench.faults()


def explainer_faults(explainer: AnyExplainer, beside: Sequence[Scorer] = ()) -> list[str]:
    """Faults of an explainer, in sentences.

    Args:
        explainer: The explainer; one with a memory is tried without it, and fitted.
        beside: Scorers of the same plugin that it may read.
    """
    faults = faults_of("explainer", explainer)
    if faults:
        return faults
    guard, offer = Guard(BUDGET_S), Offer("conformance", explainer)
    try:
        state = _handed(guard, explainer, beside)
        if isinstance(state, Failure):
            return [f"fitting: {state.summary}"]
        for what, whole in _cases().items():
            for how, known in _states(state):
                found = _explaining_faults(guard, offer, builders.only(whole, explainer.needs)[0], known)
                faults += [f"{what}, {how}: {fault}" for fault in found]
    finally:
        guard.close()
    return faults


def _explaining_faults(guard: Guard, offer: Offer[Any], evidence: Evidence, state: State) -> list[str]:
    faults = []
    before = _copied(evidence)
    first, second = (calls.explain(guard, offer, evidence, state) for _ in range(2))
    if isinstance(first, Failure):
        faults.append(first.summary)
    elif isinstance(second, Failure) or not _same_contents(first, second):
        faults.append("it explains the same frame differently the second time")
    if not _same(before, _copied(evidence)):
        faults.append("it changes the evidence")
    return faults


def _handed(guard: Guard, thing: object, beside: Sequence[Scorer]) -> State | Failure:
    """What a thing is handed: what it fitted itself, and what the parts of its plugin fitted that it reads."""
    state: dict[str, NDArray[Any]] = {}
    parts = [("", thing)] if fits(thing) else []
    parts += [(f"{part.name}.", part) for part in beside if part.name in reads_of(thing)]
    for prefix, part in parts:
        fitted = calls.fit(guard, Offer("conformance", part), builders.calibration(), budget_s=10 * BUDGET_S)
        if isinstance(fitted, Failure):
            return fitted
        state |= {prefix + key: array for key, array in fitted.items()}
    return state


def _states(state: State) -> Iterator[tuple[str, State]]:
    """Before anything was fitted, and as it comes back from a bundle."""
    yield "never fitted", {}
    if state:
        stored = safetensors.numpy.load(safetensors.numpy.save(dict(state)))
        for array in stored.values():
            array.setflags(write=False)
        yield "fitted", stored


def reader_faults(reader: Reader, good: Path, broken: Path | None = None) -> list[str]:
    """Faults of a reader, in sentences."""
    faults = faults_of("reader", reader)
    if faults:
        return faults
    guard = Guard(BUDGET_S)
    try:
        (guarded,) = calls.guarded_readers(guard, [Offer("conformance", reader)])
        if not guarded.sniff(good.read_bytes()[:4096], good):
            faults.append("it does not know a file of its own format")
        if guarded.sniff(bytes(4096), Path("other.bin")):
            faults.append("it takes a file of zeros for its own")
        return faults + _opening_faults(guarded, good) + ([] if broken is None else _refusal_faults(reader, broken))
    finally:
        guard.close()


def command_faults(command: Command, *words: str) -> list[str]:
    """Faults of a command, in sentences; the arguments are those of `check_command`."""
    faults = faults_of("command", command)
    if faults:
        return faults
    parser, printed = ArgumentParser(prog=f"viewer {command.name}"), io.StringIO()
    try:
        with blamed("adding its arguments"), redirect_stdout(printed), redirect_stderr(printed):
            command.add_arguments(parser)
        with blamed("writing its help"):
            parser.format_help()
    except ViewerError as error:
        return [str(error)]
    faults = ["it prints before it is run"] if printed.getvalue() else []
    return faults + (_running_faults(command, parser, words) if words else [])


class _Bench:
    """Puts a scorer or an opinion through its paces."""

    def __init__(self, offer: Offer[Scorer] | Offer[Opinion], beside: Sequence[Scorer] = ()) -> None:
        self._offer = offer
        self._beside = beside
        self._thing = offer.thing
        self._guard = Guard(BUDGET_S)

    def __enter__(self) -> "_Bench":
        return self

    def __exit__(self, *_: object) -> None:
        self._guard.close()

    def faults(self) -> list[str]:
        """All faults; those of fitting first."""
        state = self._fit(builders.calibration())
        if isinstance(state, Failure):
            return [f"fitting: {state.summary}"]
        faults = self._fitting_faults(state)
        handed = _handed(self._guard, self._thing, self._beside)
        if isinstance(handed, Failure):
            return [*faults, f"fitting: {handed.summary}"]
        for what, whole in _cases().items():
            faults += [f"{what}, {how}: {fault}" for how, s in _states(handed) for fault in self._case(whole, s)]
        return faults

    def _fitting_faults(self, state: State) -> list[str]:
        faults = []
        again = self._fit(builders.calibration())
        if isinstance(again, Failure) or not _same(state, again):
            faults.append("fitting: it learns something else from the same data the second time")
        whole = builders.evidence(5)
        stored = safetensors.numpy.load(safetensors.numpy.save(dict(state)))
        if not _alike(self._answers(whole, state), self._answers(whole, stored)):
            faults.append("fitting: its state does not survive being stored")
        for what, data in (("nothing", builders.Batches(())), ("one patient", builders.calibration(1))):
            outcome = self._fit(data)
            if isinstance(outcome, Failure):
                faults.append(f"fitting to {what}: {outcome.summary}")
        return faults

    def _case(self, whole: Evidence, state: State) -> list[str]:
        """Faults in scoring one batch of evidence."""
        evidence = builders.only(whole, self._thing.needs)
        before = _copied(evidence)
        answers = self._answers(evidence, state)
        failures = [answer.summary for answer in answers if isinstance(answer, Failure)]
        if failures:
            return [failures[0]]
        faults = []
        if answers != self._answers(evidence, state):
            faults.append("it answers differently the second time")
        if not _alike(answers, self._answers(whole, state)):
            faults.append("its answer depends on evidence it does not need by its own word")
        alone = [self._answers(evidence[index], state)[0] for index in range(len(evidence))]
        if not _alike(answers, alone):
            faults.append("a frame's answer depends on the other frames of its batch")
        if not _same(before, _copied(evidence)):
            faults.append("it changes the evidence")
        return faults

    def _fit(self, calibration: Calibration) -> State | Failure:
        return calls.fit(self._guard, self._offer, calibration, budget_s=10 * BUDGET_S)

    def _answers(self, evidence: Evidence, state: State) -> Sequence[Answer]:
        if isinstance(self._thing, Scorer):
            return calls.score(self._guard, Offer("conformance", self._thing), evidence, state)
        return calls.propose(self._guard, Offer("conformance", self._thing), evidence, state)


def _running_faults(command: Command, parser: ArgumentParser, words: Sequence[str]) -> list[str]:
    """Unguarded on purpose: an error of another kind shall reach the test with its traceback."""
    try:
        status: object = command.run(parser.parse_args(words))
    except ViewerError:
        return []
    return [] if isinstance(status, int) else [f"it ends in {status!r}, which is no exit status"]


def _cases() -> Mapping[str, Evidence]:
    """Evidence of the kinds a plugin meets: plain, and at the edge of what there is."""
    plain = builders.evidence(5)
    return {
        "plain evidence": plain,
        "a single frame": builders.evidence(1, seed=1),
        "another head": builders.evidence(3, seed=2, linear_head=False),
        "certain logits": builders.changed(plain, logits=plain.logits * np.float32(1000)),
        "equal logits": builders.changed(plain, logits=np.zeros_like(plain.logits)),
        "activations of zero": builders.changed(plain, **_zeros(plain, Need.ACTIVATIONS, Need.FEATURES, Need.MIDDLE)),
        "a blank picture": builders.changed(plain, **_zeros(plain, Need.INPUT, Need.STEM)),
        "a head without dropout": builders.changed(plain, head_samples=_repeated(plain)),
        "a still": builders.changed(plain, **_alone(plain)),
        "nothing to compare with": builders.changed(plain, references=None),
        "a single network": builders.changed(plain, members=None),
        "no second model": replace(plain, second=None),
        "nothing that draws masks": replace(plain, mask=None, mask_shows=""),
        "pictures without a mask": builders.changed(plain, mask=np.full_like(plain.mask, np.nan)),
    }


def _zeros(evidence: Evidence, *needs: Need) -> dict[str, NDArray[np.float32]]:
    return {need.value: np.zeros_like(getattr(evidence, need.value)) for need in needs}


def _alone(evidence: Evidence) -> dict[str, NDArray[np.float32]]:
    """Clip windows of frames that have no neighbours."""
    alone = {}
    for name in ("clip", "clip_features"):
        around = np.full_like(getattr(evidence, name), np.nan)
        around[:, SAME] = getattr(evidence, name)[:, SAME]
        alone[name] = around
    return alone


def _repeated(evidence: Evidence) -> NDArray[np.float32]:
    return np.repeat(evidence.logits[None], builders.SAMPLES, axis=0)


def _opening_faults(reader: Reader, good: Path) -> list[str]:
    try:
        source = reader.open(good)
        clip = source.clip
        for index in reversed(range(clip.frames)):
            shape = source.decode(index).values.shape[:2]
            if shape != (clip.rows, clip.columns):
                return [f"frame {index} is {shape}, the clip says {(clip.rows, clip.columns)}"]
        source.close()
        source.close()
    except UnreadableFile as error:
        return [error.reason]
    return []


def _refusal_faults(reader: Reader, broken: Path) -> list[str]:
    """Unguarded on purpose: an error of another kind shall reach the test with its traceback."""
    try:
        source = reader.open(broken)
        for index in range(source.clip.frames):
            source.decode(index)
    except UnreadableFile:
        return []
    return ["it reads a broken file without complaint"]


def _demand(faults: Sequence[str]) -> None:
    if faults:
        raise AssertionError("does not conform:\n" + "\n".join(f"- {fault}" for fault in faults))


def _copied(evidence: Evidence) -> dict[str, NDArray[Any]]:
    found = {item.name: getattr(evidence, item.name) for item in fields(evidence)}
    return {name: value.copy() for name, value in found.items() if isinstance(value, np.ndarray)}


def _same(first: Mapping[str, NDArray[Any]], second: Mapping[str, NDArray[Any]]) -> bool:
    return first.keys() == second.keys() and all(np.array_equal(first[n], second[n], equal_nan=True) for n in first)


def _alike(first: Sequence[Answer], second: Sequence[Answer]) -> bool:
    return len(first) == len(second) and all(_near(a, b) for a, b in zip(first, second, strict=True))


def _near(first: Answer, second: Answer) -> bool:
    if not isinstance(first, Score) or not isinstance(second, Score):
        return first == second
    return _close(first.trust, second.trust) and _close(first.raw, second.raw)


def _close(first: float | None, second: float | None) -> bool:
    if first is None or second is None:
        return first is second
    return abs(first - second) <= TOLERANCE * max(1.0, abs(first))


def _same_contents(first: Sequence[Content], second: Sequence[Content]) -> bool:
    return len(first) == len(second) and all(_same_content(a, b) for a, b in zip(first, second, strict=True))


def _same_content(first: Content | Part, second: Content | Part) -> bool:
    if type(first) is not type(second):
        return False
    pairs = ((getattr(first, item.name), getattr(second, item.name)) for item in fields(first))
    return all(_same_part(a, b) for a, b in pairs)


def _same_part(first: object, second: object) -> bool:
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray):
        return np.array_equal(first, second, equal_nan=first.dtype.kind == "f")
    if isinstance(first, tuple) and isinstance(second, tuple):
        return len(first) == len(second) and all(_same_part(a, b) for a, b in zip(first, second, strict=True))
    if isinstance(first, Part) and isinstance(second, Part):
        return _same_content(first, second)
    return first == second
