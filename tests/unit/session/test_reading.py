from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from viewer.domain.errors import JobCancelled, UnreadableFile, ViewerError
from viewer.domain.image import Clip, Frame, Modality
from viewer.session.events import ClipAssessed, Event, Explained, Failed, FrameAssessed, FrameFailed, Progress
from viewer.session.folder import LOOKING
from viewer.session.jobs import ByHand
from viewer.session.reading import Reading, nearest

MakeClip = Callable[..., Clip]


def decode(index: int) -> Frame:
    return Frame(values=np.full((2, 2, 3), index, np.uint8), grey=None)


class Bench:
    """A reading on jobs that are stepped by hand."""

    def __init__(self, assessor: Any, batch_size: int = 8) -> None:
        self.jobs = ByHand()
        self.events: list[Event] = []
        self.reading = Reading(self.jobs, lambda: assessor, self.events.append, batch_size=batch_size)

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def bench(assessor: Any) -> Bench:
    return Bench(assessor)


def test_that_the_nearest_frames_ahead_come_before_those_behind() -> None:
    assert nearest(range(100), 50, 1, 6) == [49, 50, 51, 52, 53, 54]
    assert nearest(range(100), 50, -1, 6) == [46, 47, 48, 49, 50, 51]
    assert nearest([0, 99], 50, 1, 1) == [99]


def test_that_the_shown_frame_is_assessed_and_explained_first(
    bench: Bench, make_clip: MakeClip, assessor: Any
) -> None:
    generation = bench.reading.open(make_clip(20), decode, shown=10)
    bench.jobs.step()
    assert assessor.batches == [[10]]
    assert [type(event) for event in bench.events] == [FrameAssessed, Progress, Explained]
    first = bench.events[0]
    assert isinstance(first, FrameAssessed)
    assert (first.generation, first.clip, first.key.frame, first.key.time_ms) == (generation, "clip.dcm", 10, 400.0)
    assert first.row["trust"] == 0.05
    (explained,) = bench.of(Explained)
    assert (explained.picture.dtype, explained.picture.shape[2]) == (np.uint8, 3)


def test_that_neighbours_follow_and_then_the_rest_in_batches(
    bench: Bench, make_clip: MakeClip, assessor: Any
) -> None:
    bench.reading.open(make_clip(20), decode, shown=10)
    bench.jobs.run_all()
    assert assessor.batches[0] == [10]
    assert assessor.batches[1] == [9, 11, 12, 13]
    assert all(len(batch) <= 8 for batch in assessor.batches)
    assert sorted(chain.from_iterable(assessor.batches)) == list(range(20))
    assert bench.of(Progress)[-1].done == 20


def test_that_the_rest_follows_where_the_eye_goes(bench: Bench, make_clip: MakeClip, assessor: Any) -> None:
    bench.reading.open(make_clip(200), decode, shown=0)
    bench.jobs.step()
    bench.reading.show(150)
    bench.reading.show(151)
    bench.jobs.step()  # the request for 150 was superseded
    bench.jobs.step()
    bench.jobs.step()
    assert assessor.batches[1] == [151]
    assert assessor.batches[2] == [150, 152, 153, 154]


def test_that_a_batch_ends_early_where_the_frames_around_take_many_passes(
    bench: Bench, make_clip: MakeClip, assessor: Any
) -> None:
    assessor.passes = 5
    bench.reading.open(make_clip(20), decode)
    bench.jobs.run_all()
    assert assessor.batches[0] == [0]
    assert {len(batch) for batch in assessor.batches[1:]} == {2, 1}  # 5 passes are less than a batch of 8, 10 are not
    assert sorted(chain.from_iterable(assessor.batches)) == list(range(20))


def test_that_each_frame_is_assessed_once_however_often_it_is_shown(
    bench: Bench, make_clip: MakeClip, assessor: Any
) -> None:
    bench.reading.open(make_clip(6), decode)
    bench.jobs.run_all()
    bench.reading.show(3)
    bench.reading.show(0)
    bench.jobs.run_all()
    assert sorted(chain.from_iterable(assessor.batches)) == list(range(6))
    assert [event.key.frame for event in bench.of(Explained)] == [0, 0]


def test_that_a_chosen_class_is_explained_and_none_means_the_final_one(
    bench: Bench, make_clip: MakeClip, assessor: Any
) -> None:
    bench.reading.open(make_clip(1), decode)
    bench.jobs.run_all()
    bench.reading.explain(1)
    bench.jobs.run_all()
    bench.reading.explain(None)
    bench.jobs.run_all()
    assert [event.target for event in bench.of(Explained)] == [0, 1, 0]


def test_that_a_broken_frame_costs_itself(bench: Bench, make_clip: MakeClip, assessor: Any) -> None:
    def read(index: int) -> Frame:
        if index == 2:
            raise UnreadableFile("clip.dcm", reason="frame 3 is damaged")
        return decode(index)

    bench.reading.open(make_clip(5), read, shown=2)
    bench.jobs.run_all()
    (failed,) = bench.of(FrameFailed)
    assert (failed.key.frame, failed.row["error"]) == (2, "frame 3 is damaged")
    assert sorted(event.key.frame for event in bench.of(FrameAssessed)) == [0, 1, 3, 4]
    (clip,) = bench.of(ClipAssessed)
    assert (clip.verdict.frames, clip.verdict.failed) == (5, 1)


def test_that_opening_another_clip_drops_the_first(bench: Bench, make_clip: MakeClip, assessor: Any) -> None:
    old = bench.reading.open(make_clip(50), decode)
    bench.jobs.step()
    new = bench.reading.open(replace(make_clip(3), path=Path("other.dcm")), decode)
    bench.jobs.run_all()
    assert new > old
    assert {event.generation for event in bench.of(FrameAssessed)[1:]} == {new}
    assert bench.of(Progress)[-1].total == 3


def test_that_an_answer_that_comes_after_closing_is_not_published(
    bench: Bench, make_clip: MakeClip, assessor: Any
) -> None:
    bench.reading.open(make_clip(3), decode)
    assessor.before = bench.reading.close
    bench.jobs.run_all()
    assert bench.of(FrameAssessed) == []


def test_that_a_model_that_cannot_answer_is_told_once(make_clip: MakeClip) -> None:
    def no_assessor() -> Any:
        raise ViewerError("no model has been chosen")

    bench = Bench(None)
    bench.reading = Reading(bench.jobs, no_assessor, bench.events.append)
    bench.reading.open(make_clip(30), decode)
    bench.jobs.run_all()
    assert [event.sentence for event in bench.of(Failed)] == ["no model has been chosen"]


@pytest.mark.parametrize(
    ("of_file", "said", "expected"),
    [
        (Modality.UNKNOWN, Modality.DERMOSCOPY, Modality.DERMOSCOPY),
        (Modality.ULTRASOUND, Modality.DERMOSCOPY, Modality.ULTRASOUND),
    ],
)
def test_that_what_the_file_says_of_itself_goes_first(
    bench: Bench, make_clip: MakeClip, assessor: Any, of_file: Modality, said: Modality, expected: Modality
) -> None:
    bench.reading.open(make_clip(1, of_file), decode, modality=said)
    bench.jobs.run_all()
    assert assessor.modalities == [expected]


def test_that_the_opened_files_are_looked_at_before_the_first_light(
    bench: Bench, make_clip: MakeClip, assessor: Any
) -> None:
    seen: list[int] = []

    def whole(cancelled: Callable[[], bool], tell: Callable[[int, int], None]) -> str:
        seen.append(len(assessor.batches))
        tell(0, 24)
        return "the files are odd"

    bench.reading.open(make_clip(2), decode, whole=whole)
    bench.jobs.run_all()
    assert seen[0] == 0
    assert bench.events[0] == Progress(generation=bench.reading.generation, text=LOOKING, done=0, total=24)
    assert assessor.grounds.folder == "the files are odd"


def test_that_an_interrupted_look_at_the_files_is_taken_up_by_the_next_frame(
    bench: Bench, make_clip: MakeClip, assessor: Any
) -> None:
    asked: list[bool] = []

    def whole(cancelled: Callable[[], bool], tell: Callable[[int, int], None]) -> str:
        asked.append(True)
        if len(asked) == 1:
            bench.reading.show(3)  # the eye moves on, which cancels the job of the frame before
        if cancelled():
            raise JobCancelled
        return ""

    bench.reading.open(make_clip(5), decode, whole=whole)
    bench.jobs.run_all()
    assert assessor.batches[0] == [3]
    assert sorted(chain(*assessor.batches)) == list(range(5))
    assert not bench.of(Failed)


def test_that_a_clip_that_is_opened_again_is_told_again_and_not_assessed_again(
    bench: Bench, make_clip: MakeClip, assessor: Any
) -> None:
    first, other = make_clip(6), replace(make_clip(3), path=Path("other.dcm"))
    bench.reading.open(first, decode)
    bench.jobs.run_all()
    before = [event.row for event in bench.of(FrameAssessed)]
    bench.reading.open(other, decode)
    bench.jobs.run_all()
    bench.events.clear()
    assessor.batches.clear()

    generation = bench.reading.open(first, decode, shown=2)
    bench.jobs.run_all()

    assert [event.row for event in bench.of(FrameAssessed)] == before
    assert {event.generation for event in bench.events} == {generation}
    assert [event.clip for event in bench.of(ClipAssessed)] == ["clip.dcm"]
    assert bench.of(Explained)[0].key.frame == 2
    assert assessor.batches == []


def test_that_a_clip_that_was_left_half_read_goes_on_where_it_was_left(
    bench: Bench, make_clip: MakeClip, assessor: Any
) -> None:
    bench.reading.open(make_clip(20), decode)
    bench.jobs.step()
    bench.reading.close()
    bench.reading.open(make_clip(20), decode)
    bench.jobs.run_all()
    assert sorted(chain.from_iterable(assessor.batches)) == list(range(20))
    assert len(bench.of(FrameAssessed)) == 21  # the first one was told twice


def test_that_frames_that_cannot_be_read_are_told_again_too(bench: Bench, make_clip: MakeClip) -> None:
    def broken(index: int) -> Frame:
        if index == 1:
            raise UnreadableFile(Path("clip.dcm"), reason="frame 2 is damaged")
        return decode(index)

    for _ in range(2):
        bench.reading.open(make_clip(3), broken)
        bench.jobs.run_all()
    first, second = bench.of(FrameFailed)
    assert (first.sentence, first.row) == (second.sentence, second.row)


def test_that_what_was_learned_is_forgotten_when_it_is_asked_for(
    bench: Bench, make_clip: MakeClip, assessor: Any
) -> None:
    bench.reading.open(make_clip(4), decode)
    bench.jobs.run_all()
    bench.reading.forget()
    assessor.batches.clear()
    bench.reading.open(make_clip(4), decode)
    bench.jobs.run_all()
    assert sorted(chain.from_iterable(assessor.batches)) == list(range(4))


def test_that_the_clip_read_longest_ago_is_forgotten_first(
    bench: Bench, make_clip: MakeClip, assessor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.session.reading.KEPT_FRAMES", 9)
    clips = [replace(make_clip(4), path=Path(f"{number}.dcm")) for number in range(4)]
    for clip in clips:
        bench.reading.open(clip, decode)
        bench.jobs.run_all()
    assessor.batches.clear()
    for clip in (clips[3], clips[2], clips[0]):
        bench.reading.open(clip, decode)
        bench.jobs.run_all()
    assert sorted(chain.from_iterable(assessor.batches)) == list(range(4))
