"""Calls to what plugins offer, with every answer checked: a wrong one becomes a `Failure`, never a number."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from viewer.domain.errors import UnreadableFile
from viewer.domain.evidence import Calibration, Evidence, State
from viewer.domain.image import Clip, Frame, FrameSource
from viewer.domain.outline import Outline
from viewer.domain.result import (
    NAME,
    Chart,
    Content,
    Exhibit,
    Failure,
    Gallery,
    Maps,
    Overlay,
    Placed,
    Placement,
    Proposal,
    Scatter,
    Score,
    Table,
    Text,
)
from viewer.host.discovery import Offer
from viewer.host.guard import FOREVER, Guard
from viewer.host.offers import fits, reads_of
from viewer.protocols import AnyExplainer, Opinion, Reader, Scorer

T = TypeVar("T")

LARGEST_STATE = 4 << 20
"""Bytes a scorer's state may take in a bundle, which is 15 MB as a whole."""


def score(guard: Guard, offer: Offer[Scorer], evidence: Evidence, state: State | None) -> tuple[Score | Failure, ...]:
    """Score B frames with one scorer.

    Args:
        guard: Runs it.
        offer: The scorer.
        evidence: B frames with the scorer's needs filled.
        state: What it fitted for the bundle, or None where it did not.

    Returns:
        One answer for each frame; a fault costs the frames it concerns.
    """
    return score_all(guard, [offer], evidence, {offer.thing.name: state})[offer.thing.name]


def score_all(
    guard: Guard, offers: Sequence[Offer[Scorer]], evidence: Evidence, states: Mapping[str, State | None]
) -> dict[str, tuple[Score | Failure, ...]]:
    """Score B frames with all scorers, handing over once for each plugin.

    Args:
        guard: Runs them.
        offers: The scorers, neighbours where they are of one plugin.
        evidence: B frames with every need filled.
        states: By scorer name, what it fitted for the bundle; None or absent where it did not.

    Returns:
        By scorer name, in the order of the offers, one answer for each frame.
    """
    rows: dict[str, tuple[Score | Failure, ...]] = {}
    for plugin, group in groupby(offers, key=lambda offer: offer.plugin):
        works = {o.thing.name: partial(_scores, o, evidence, states.get(o.thing.name) or {}) for o in group}
        for name, answer in guard.call_each(plugin, "score", works).items():
            rows[name] = _for_each_frame(guard, answer, len(evidence))
    return rows


def explain(
    guard: Guard, offer: Offer[AnyExplainer], evidence: Evidence, state: State | None = None
) -> tuple[Content, ...] | Failure:
    """Explain one frame (B = 1) for the class `evidence.targets[0]`, with what was fitted for it."""
    name = offer.thing.name
    answer = guard.call(offer.plugin, "explain", lambda: _contents(offer, evidence, state or {}), name=name)
    return guard.report(answer) if isinstance(answer, Failure) else answer


def propose(
    guard: Guard, offer: Offer[Opinion], evidence: Evidence, state: State | None
) -> tuple[Proposal | Failure | None, ...]:
    """Ask one opinion about B frames; None where it agrees with the model."""
    work = partial(_proposals, offer, evidence, state or {})
    answer = guard.call(offer.plugin, "propose", work, name=offer.thing.name)
    return _for_each_frame(guard, answer, len(evidence))


def fit(guard: Guard, offer: Offer[Any], calibration: Calibration, *, budget_s: float = FOREVER) -> State | Failure:
    """Let a scorer, an opinion or an explainer learn from the fit groups; it may take as long as it takes.

    Returns:
        Named, finite, contiguous arrays of at most 4 MB in total, fit to be stored as safetensors.
    """
    name = offer.thing.name
    answer = guard.call(offer.plugin, "fit", lambda: _state(offer, calibration), name=name, budget_s=budget_s)
    return guard.report(answer) if isinstance(answer, Failure) else answer


def guarded_readers(guard: Guard, offers: Sequence[Offer[Reader]]) -> tuple[Reader, ...]:
    """Readers that never raise anything but `UnreadableFile`, for the room that opens files."""
    return tuple(_GuardedReader(guard, offer) for offer in offers)


def _for_each_frame(guard: Guard, answer: tuple[T, ...] | Failure, frames: int) -> tuple[T | Failure, ...]:
    """Answers of all frames, with every fault in them remembered; one failure stands for all frames."""
    answers = (answer,) * frames if isinstance(answer, Failure) else answer
    for failure in dict.fromkeys(one for one in answers if isinstance(one, Failure)):
        guard.report(failure)
    return answers


def _scores(offer: Offer[Scorer], evidence: Evidence, state: State) -> tuple[Score | Failure, ...] | Failure:
    answers = offer.thing.score(evidence, state)
    if not isinstance(answers, Sequence) or len(answers) != len(evidence):
        return _fault(offer, "score", f"gave {_count(answers)} for {len(evidence)} frames")
    return tuple(_sound_score(offer, answer) for answer in answers)


def _sound_score(offer: Offer[Scorer], answer: object) -> Score | Failure:
    if type(answer) is not Score:
        return _fault(offer, "score", f"gave a {type(answer).__name__} instead of a Score")
    trust, raw = answer.trust, answer.raw
    if trust is not None and not (_is_number(trust) and 0 <= trust <= 1):
        return _fault(offer, "score", "gave a trust that is no number in [0, 1]")
    if raw is not None and not (_is_number(raw) and np.isfinite(raw)):
        return _fault(offer, "score", "gave a raw value that is no finite number")
    if not isinstance(answer.unit, str) or not isinstance(answer.note, str):
        return _fault(offer, "score", "gave a unit or note that is no text")
    if type(trust) is float and (raw is None or type(raw) is float):
        return answer
    return Score(
        trust=None if trust is None else float(trust),
        raw=None if raw is None else float(raw),
        unit=answer.unit,
        note=answer.note,
    )


def _proposals(
    offer: Offer[Opinion], evidence: Evidence, state: State
) -> tuple[Proposal | Failure | None, ...] | Failure:
    answers = offer.thing.propose(evidence, state)
    if not isinstance(answers, Sequence) or len(answers) != len(evidence):
        return _fault(offer, "propose", f"gave {_count(answers)} for {len(evidence)} frames")
    return tuple(_sound_proposal(offer, answer, len(evidence.classes)) for answer in answers)


def _sound_proposal(offer: Offer[Opinion], answer: object, classes: int) -> Proposal | Failure | None:
    if answer is None:
        return None
    if type(answer) is not Proposal:
        return _fault(offer, "propose", f"gave a {type(answer).__name__} instead of a Proposal")
    if not isinstance(answer.final, int | np.integer) or not 0 <= answer.final < classes:
        return _fault(offer, "propose", f"proposed class {answer.final!r} of {classes}")
    if not isinstance(answer.source, str) or not isinstance(answer.reason, str):
        return _fault(offer, "propose", "gave a source or reason that is no text")
    return Proposal(final=int(answer.final), source=answer.source, reason=answer.reason)


def _contents(offer: Offer[AnyExplainer], evidence: Evidence, state: State) -> tuple[Content, ...] | Failure:
    remembers = fits(offer.thing) or reads_of(offer.thing)
    answer = offer.thing.explain(evidence, state) if remembers else offer.thing.explain(evidence)  # type: ignore[call-arg]
    contents = tuple(answer)
    for content in contents:
        complaint = _content_fault(content)
        if complaint:
            return _fault(offer, "explain", complaint)
    return contents


def _content_fault(content: object) -> str:
    match content:
        case Overlay():
            return "" if _is_finite(content) else "gave an overlay that is not finite"
        case Outline():
            return "" if _is_drawable(content) else "gave an outline that is not finite"
        case Chart():
            finite = np.isfinite(content.values).all() and (
                content.spread is None or np.isfinite(content.spread).all()
            )
            return "" if finite else "gave a chart that is not finite"
        case Table():
            sound = all(isinstance(cell, str) for row in (content.header, *content.rows) for cell in row)
            return "" if sound else "gave a table with cells that are no text"
        case Gallery():
            return (
                "" if all(isinstance(item, Exhibit) for item in content.items) else "gave a gallery of other things"
            )
        case Scatter():
            finite = np.isfinite(content.points).all() and np.isfinite(content.path).all()
            return "" if finite else "gave a map that is not finite"
        case Maps():
            sound = all(
                isinstance(item, Overlay) and _is_finite(item) and isinstance(item.title, str)
                for item in content.items
            )
            sound = sound and (content.outline is None or _is_drawable(content.outline))
            return "" if sound else "gave a row of maps that are not finite overlays"
        case Placed():
            sound = all(isinstance(item, Placement) and _is_placed(item) for item in content.items)
            return "" if sound else "gave a row of values that are not finite"
        case Text():
            return "" if isinstance(content.body, str) else "gave a text that is no text"
    return f"gave a {type(content).__name__}, which cannot be shown"


def _is_finite(overlay: Overlay) -> bool:
    sound = overlay.values.dtype.kind == "f" and not np.isinf(overlay.values).any()
    return bool(sound and np.isfinite(overlay.limits).all())


def _is_drawable(outline: object) -> bool:
    return (
        isinstance(outline, Outline)
        and outline.values.dtype.kind == "f"
        and bool(np.isfinite(outline.values).all() and np.isfinite(outline.level))
        and isinstance(outline.title, str)
        and isinstance(outline.legend, str)
    )


def _is_placed(item: Placement) -> bool:
    worded = isinstance(item.title, str) and isinstance(item.words, str)
    return worded and _is_number(item.value) and bool(np.isfinite(item.value) and np.isfinite(item.sample).all())


def _state(offer: Offer[Any], calibration: Calibration) -> State | Failure:
    state = offer.thing.fit(calibration)
    if not isinstance(state, Mapping):
        return _fault(offer, "fit", f"gave a {type(state).__name__} instead of named arrays")
    for name, array in state.items():
        if not isinstance(name, str) or not NAME.fullmatch(name):
            return _fault(offer, "fit", f"named an array {name!r}")
        if not isinstance(array, np.ndarray) or array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
            return _fault(offer, "fit", f"made {name} of something that is no array of numbers")
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            return _fault(offer, "fit", f"fitted values of {name} that are not finite")
    size = sum(array.nbytes for array in state.values())
    if size > LARGEST_STATE:
        return _fault(offer, "fit", f"fitted {size / 2**20:.1f} MB, more than the {LARGEST_STATE >> 20} MB allowed")
    return {name: np.ascontiguousarray(array) for name, array in state.items()}


def _fault(offer: Offer[Any], stage: str, complaint: str) -> Failure:
    return Failure(plugin=offer.plugin, stage=stage, summary=f"{offer.thing.name} {complaint}")


def _count(answers: object) -> str:
    return f"{len(answers)} answers" if isinstance(answers, Sequence) else f"a {type(answers).__name__}"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


class _GuardedReader:
    """A plugin's reader behind the guard."""

    def __init__(self, guard: Guard, offer: Offer[Reader]) -> None:
        self.name = offer.thing.name
        self._guard = guard
        self._offer = offer

    def sniff(self, head: bytes, path: Path) -> bool:
        """Whether the file is of this format; a reader that fails does not know it."""
        work = partial(self._offer.thing.sniff, head, path)
        return self._guard.call(self._offer.plugin, "sniff", work, name=self.name) is True

    def open(self, path: Path) -> FrameSource:
        """Open the file.

        Raises:
            UnreadableFile: The reader's own sentence, or that the reader failed.
        """
        return _GuardedSource(self, path, self.run("open", path, lambda: _opened(self._offer.thing, path)))

    def run(self, stage: str, path: Path, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the work answers
        """Do a piece of the reader's work on `path`, or raise `UnreadableFile`."""
        plugin = self._offer.plugin
        answer = self._guard.call(plugin, stage, work, name=self.name, passes=(UnreadableFile,))
        if isinstance(answer, Failure):
            raise UnreadableFile(path, reason=f"the reader of plugin {plugin} failed ({answer.summary})")
        return answer


class _GuardedSource:
    """An opened clip of a plugin's reader behind the guard."""

    def __init__(self, reader: _GuardedReader, path: Path, opened: tuple[FrameSource, Clip]) -> None:
        self._reader = reader
        self._path = path
        self._source, self._clip = opened

    @property
    def clip(self) -> Clip:
        """What the file holds."""
        return self._clip

    def decode(self, index: int) -> Frame:
        """Decode frame `index`, or raise `UnreadableFile`."""
        frame: Frame = self._reader.run("decode", self._path, lambda: _decoded(self._source, index))
        return frame

    def close(self) -> None:
        """Release the file, if the plugin can."""
        self._reader.run("close", self._path, self._source.close)


def _opened(reader: Reader, path: Path) -> tuple[FrameSource, Clip]:
    source = reader.open(path)
    clip = source.clip
    if not isinstance(clip, Clip):
        raise TypeError(f"a {type(clip).__name__} instead of a Clip")
    return source, clip


def _decoded(source: FrameSource, index: int) -> Frame:
    frame = source.decode(index)
    if not isinstance(frame, Frame):
        raise TypeError(f"a {type(frame).__name__} instead of a Frame")
    return frame
