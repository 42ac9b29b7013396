"""The frames around a frame: the same evidence in any order, each frame decoded and run once."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.domain.errors import JobCancelled, UnreadableFile, ViewerError
from viewer.domain.evidence import CLIP_OFFSETS, SAME, Evidence, Need
from viewer.engine import surroundings
from viewer.engine.bundle import Bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.engine.surroundings import Place, Surroundings, make_ready, see

AROUND = frozenset({Need.LOGITS, Need.CLIP})
BOTH = AROUND | {Need.FEATURES}


class CountingEngine:
    """Answers each picture by its first pixel, and counts the passes."""

    def __init__(self, batch: int = 1, refused: Sequence[int] = ()) -> None:
        self.batch = batch
        self.refused = frozenset(refused)
        self.run: Counter[int] = Counter()
        self.passes = 0

    def evidence(
        self,
        pictures: Sequence[Picture],
        needs: frozenset[Need],
        targets: Sequence[int] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Evidence:
        if cancelled():
            raise JobCancelled
        assert Need.CLIP not in needs
        values = [int(picture.rgb[0, 0, 0]) + 256 * int(picture.rgb[0, 0, 1]) for picture in pictures]
        self.passes += -(-len(values) // self.batch)
        self.run.update(values)
        if self.refused & set(values):
            raise ViewerError("the model's answer to this picture is not a finite number")
        logits = np.array([[value, -value] for value in values], np.float32)
        return Evidence(
            classes=("a", "b"),
            temperature=1.0,
            logits=logits,
            targets=np.array(targets or logits.argmax(axis=1), np.intp),
            features=np.repeat(logits[:, :1], 3, axis=1) if Need.FEATURES in needs else None,
        )


class Film:
    """A clip whose frames say their own number."""

    def __init__(self, frames: int, broken: Sequence[int] = ()) -> None:
        self.frames = frames
        self.broken = frozenset(broken)
        self.decoded: list[int] = []

    def around(self, planned: Sequence[int] | None = None) -> Surroundings:
        return Surroundings(self.frames, self.decode, planned)

    def decode(self, index: int) -> Picture:
        self.decoded.append(index)
        if index in self.broken:
            raise UnreadableFile("film", reason=f"frame {index + 1} is damaged")
        rgb = np.zeros((2, 2, 3), np.uint8)
        rgb[0, 0, :2] = index % 256, index // 256
        return Picture(rgb)


def expected(film: Film, index: int) -> list[float]:
    """First logits of the window of a frame."""
    near = [index + offset for offset in CLIP_OFFSETS]
    return [float(j) if 0 <= j < film.frames and j not in film.broken else np.nan for j in near]


def assess(engine: Any, around: Surroundings, frames: Sequence[int], needs: frozenset[Need] = AROUND) -> Any:
    """Windows of frames that are assessed together; those that are broken are left out."""
    places = []
    for index in frames:
        try:
            make_ready(engine, place := Place(around, index), needs)
            places.append(place)
        except UnreadableFile:
            continue
    return {} if not places else dict(zip([p.index for p in places], see(engine, places, needs).clip, strict=True))


def test_that_a_window_holds_the_frames_around_and_nan_beyond_the_ends() -> None:
    film = Film(40)
    (evidence,) = [see(CountingEngine(), [Place(film.around(), 6)], BOTH)]
    assert evidence.clip.shape == (1, len(CLIP_OFFSETS), 2)
    np.testing.assert_array_equal(evidence.clip[0, :, 0], expected(film, 6))
    np.testing.assert_array_equal(evidence.clip_features[0, :, 2], expected(film, 6))
    np.testing.assert_array_equal(evidence.clip[:, SAME], evidence.logits)


def test_that_a_still_stands_alone_and_costs_one_pass() -> None:
    engine = CountingEngine(batch=8)
    stills = [Place.alone(Film(9).decode(index)) for index in range(8)]
    evidence = see(engine, stills, AROUND)
    assert engine.passes == 1
    assert np.isnan(np.delete(evidence.clip, SAME, axis=1)).all()
    np.testing.assert_array_equal(evidence.clip[:, SAME], evidence.logits)


def test_that_nothing_around_is_run_where_nobody_asks_for_it() -> None:
    film, engine = Film(100), CountingEngine()
    around = film.around(range(100))
    assert make_ready(engine, place := Place(around, 50), frozenset({Need.LOGITS})) == 0
    assert see(engine, [place], frozenset({Need.LOGITS})).clip is None
    assert film.decoded == [50]
    assert dict(engine.run) == {50: 1}


@pytest.mark.parametrize("batch", [1, 8])
@pytest.mark.parametrize("at_a_time", [1, 3, 8, 50])
def test_that_a_clip_in_order_is_decoded_in_order_and_run_once(batch: int, at_a_time: int) -> None:
    film, engine = Film(100, broken=[7, 40, 41, 42, 99]), CountingEngine(batch)
    around = film.around(range(100))
    for first in range(0, 100, at_a_time):
        assess(engine, around, range(first, min(first + at_a_time, 100)))
    assert film.decoded == list(range(100))
    assert engine.run == Counter(set(range(100)) - film.broken)


def test_that_full_passes_are_made_where_the_device_takes_several_frames() -> None:
    engine = CountingEngine(batch=8)
    around = Film(160).around(range(160))
    for index in range(160):
        make_ready(engine, Place(around, index), AROUND)
    assert engine.passes == 160 / 8


def test_that_a_clip_taken_up_in_the_middle_reads_on_from_the_first_window() -> None:
    film, engine = Film(300), CountingEngine()
    around = film.around(range(200, 300))
    windows = {index: assess(engine, around, [index])[index][:, 0] for index in range(200, 300)}
    assert film.decoded == list(range(185, 300))
    for index, window in windows.items():
        np.testing.assert_array_equal(window, expected(film, index))


def test_that_sampled_frames_read_only_what_lies_around_them_in_order() -> None:
    film, engine = Film(200), CountingEngine()
    around = film.around([20, 26, 120])
    assess(engine, around, [20, 26, 120])
    needed = {index + offset for index in (20, 26, 120) for offset in CLIP_OFFSETS}
    assert film.decoded == sorted(needed)
    assert around.held(20) is None
    assert not any(around.held(index) for index in range(200))  # what is never assessed is not kept


def test_that_a_jump_costs_a_window_and_no_frame_is_run_again() -> None:
    film, engine = Film(200), CountingEngine()
    around = film.around()
    assess(engine, around, [0])
    assert sum(engine.run.values()) == 6
    assess(engine, around, [150])
    assert sum(engine.run.values()) == 6 + 11
    for index in [*range(151, 166), *range(149, 134, -1)]:
        assess(engine, around, [index])
    assert max(engine.run.values()) == 1


def test_that_evidence_kept_ahead_is_bounded_and_made_again_where_it_was_let_go() -> None:
    film, engine = Film(2000), CountingEngine()
    around = film.around()
    for index in range(15, 2000, 100):
        assess(engine, around, [index])
    assert 0 < sum(around.held(index) is not None for index in range(2000)) <= surroundings.HELD
    np.testing.assert_array_equal(assess(engine, around, [12])[12][:, 0], expected(film, 12))
    assert engine.run[12] == 2


def test_that_what_is_known_of_a_long_clip_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "KEPT_BRIEFS", 40)
    film, engine = Film(300), CountingEngine()
    around = film.around(range(300))
    for index in range(300):
        np.testing.assert_array_equal(assess(engine, around, [index])[index][:, 0], expected(film, index))
    assert engine.run == Counter(range(300))
    np.testing.assert_array_equal(assess(engine, around, [20])[20][:, 0], expected(film, 20))


def test_that_frames_that_cannot_be_read_are_nan_to_the_others_and_a_fault_of_their_own() -> None:
    film, engine = Film(60, broken=[30]), CountingEngine()
    around = film.around()
    np.testing.assert_array_equal(assess(engine, around, [33])[33][:, 0], expected(film, 33))
    with pytest.raises(UnreadableFile, match="frame 31 is damaged"):
        make_ready(engine, Place(around, 30), AROUND)
    with pytest.raises(UnreadableFile, match="frame 31 is damaged"):
        see(engine, [Place(around, 31), Place(around, 30)], AROUND)


@pytest.mark.parametrize("batch", [1, 8])
def test_that_a_frame_without_an_answer_costs_itself(batch: int) -> None:
    film, engine = Film(60), CountingEngine(batch, refused=[30])
    around = film.around(range(60))
    make_ready(engine, Place(around, 30), AROUND)  # it can be read; only the model has no answer
    with pytest.raises(ViewerError, match="not a finite number"):
        see(engine, [Place(around, 30)], AROUND)
    film.broken = frozenset({30})
    np.testing.assert_array_equal(assess(engine, around, [33])[33][:, 0], expected(film, 33))


def test_that_cancelling_stops_between_passes_and_keeps_what_was_run() -> None:
    film, engine = Film(100), CountingEngine()
    around = film.around()
    with pytest.raises(JobCancelled):
        make_ready(engine, Place(around, 50), AROUND, lambda: sum(engine.run.values()) >= 4)
    assert sum(engine.run.values()) == 4
    assess(engine, around, [50])
    assert max(engine.run.values()) == 1


def test_that_another_class_is_aimed_at_with_the_same_window() -> None:
    film, engine = Film(100), CountingEngine()
    around = film.around()
    before = assess(engine, around, [50])[50]
    evidence = see(engine, [Place(around, 50)], AROUND, targets=[1])
    assert evidence.targets.tolist() == [1]
    np.testing.assert_array_equal(evidence.clip[0], before)
    assert sum(engine.run.values()) == 11 + 1  # the engine's own cache answers where there is one


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_that_windows_depend_neither_on_the_order_nor_on_how_many_at_a_time(data: st.DataObject) -> None:
    frames = data.draw(st.integers(2, 60))
    broken = data.draw(st.sets(st.integers(0, frames - 1), max_size=5))
    film, engine = Film(frames, sorted(broken)), CountingEngine(data.draw(st.sampled_from([1, 3, 8])))
    order = data.draw(st.permutations(range(frames)))
    planned = data.draw(st.booleans())
    around = film.around(range(frames) if planned else None)
    while order:
        size = data.draw(st.integers(1, 8))
        for index, window in assess(engine, around, order[:size]).items():
            np.testing.assert_array_equal(window[:, 0], expected(film, index))
        order = order[size:]
    assert set(engine.run) == set(range(frames)) - broken
    # Where nobody knew the order, a frame that was run for others may have been let go of before its turn.
    assert max(engine.run.values(), default=0) <= (1 if planned else 2)


def test_that_a_real_network_says_the_same_of_a_clip_in_any_order(
    make_bundle: Callable[..., Bundle], architectures: Any, picture: Callable[..., Picture]
) -> None:
    def windows(order: Sequence[int], at_a_time: int, **kwargs: Any) -> dict[int, bytes]:
        engine = Engine(bundle, architectures, device="cpu", threads=1, **kwargs)
        around = Surroundings(20, picture, None if kwargs else range(20))
        found = {}
        for first in range(0, 20, at_a_time):
            batch = order[first : first + at_a_time]
            evidence = see(engine, [Place(around, index) for index in batch], frozenset(Need))
            for row, index in enumerate(batch):
                one = evidence[row]
                assert one.clip is not None
                assert one.clip_features is not None
                assert one.activations is not None
                found[index] = one.clip.tobytes() + one.clip_features.tobytes() + one.activations.tobytes()
        return found

    bundle = make_bundle()
    in_order = windows(range(20), 8)
    assert windows([*range(10, 20), *range(9, -1, -1)], 3, cache_bytes=0) == in_order
