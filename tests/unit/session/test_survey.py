import numpy as np
import pytest

from viewer.domain.result import Assessment, Light
from viewer.session.survey import Survey, next_run, runs


def assessed(trust: float | None, light: Light = Light.GREY, final: int = 0) -> Assessment:
    return Assessment(
        classes=("a", "b"),
        probabilities=np.array([0.5, 0.5]),
        predicted=final,
        final=final,
        trail="",
        rows=(),
        trust=trust,
        light=light,
        reason="",
    )


def survey(*found: Assessment | None, failed: tuple[int, ...] = ()) -> Survey:
    made = Survey(len(found))
    for frame, assessment in enumerate(found):
        if assessment is not None:
            made.learn(frame, assessment)
    for frame in failed:
        made.fail(frame)
    return made


def frames(mask: np.ndarray) -> list[int]:
    return [int(frame) for frame in np.flatnonzero(mask)]


def test_that_under_a_certificate_for_frames_all_but_green_is_doubtful() -> None:
    lights = [assessed(0.9, light) for light in (Light.GREEN, Light.AMBER, Light.RED, Light.GREY)]
    made = survey(*lights, assessed(None, Light.GREEN), None, None, failed=(6,))
    assert frames(made.doubtful(lit=True)) == [1, 2, 3, 4, 6]
    assert made.missing == 1


def test_that_without_lights_a_trust_well_below_the_clips_is_doubtful() -> None:
    made = survey(*map(assessed, (0.8, 0.7, 0.62, 0.58, 0.8, None)), assessed(0.7, Light.RED), None, failed=(7,))
    assert made.mean_trust == pytest.approx(0.7)
    assert frames(made.doubtful(lit=False)) == [3, 5, 6, 7]


def test_that_even_trust_leaves_nothing_doubtful_and_nothing_known_nothing_to_tell() -> None:
    assert not survey(*map(assessed, (0.2, 0.25, 0.3))).doubtful(lit=False).any()
    assert not Survey(3).doubtful(lit=False).any()
    assert not Survey(3).doubtful(lit=True).any()
    assert Survey(3).mean_trust is None


def test_that_the_best_frame_has_the_clips_class_and_the_first_highest_trust() -> None:
    made = survey(*(assessed(trust, final=final) for trust, final in ((0.5, 0), (0.9, 1), (0.7, 0), (0.7, 0))))
    assert made.best(made.candidates(0, 0, 3, lit=False)) == 2
    assert made.best(made.candidates(0, 0, 1, lit=False)) == 0
    assert made.best(made.candidates(0, 1, 1, lit=False)) is None


@pytest.mark.parametrize(("lit", "best"), [(True, 1), (False, 2)])
def test_that_no_frame_whose_light_speaks_against_it_is_the_best(lit: bool, best: int) -> None:
    lights = (Light.RED, Light.AMBER, Light.GREY)
    made = survey(*(assessed(0.9 - 0.1 * abs(2 - frame), light) for frame, light in enumerate(lights)), failed=())
    assert made.best(made.candidates(0, 0, 2, lit=lit)) == best


def test_that_failed_frames_and_those_without_trust_are_never_the_best() -> None:
    made = survey(assessed(None), assessed(0.9), assessed(0.1), failed=(1,))
    assert made.best(made.candidates(0, 0, 2, lit=False)) == 2


def test_that_a_frame_that_is_assessed_after_it_failed_has_not_failed() -> None:
    made = survey(None, failed=(0,))
    made.learn(0, assessed(0.5))
    assert not made.failed[0]


def test_that_runs_are_found_from_any_frame() -> None:
    mask = np.array([True, True, False, True, False, True, True])
    assert runs(mask) == [(0, 2), (3, 4), (5, 7)]
    forward = [next_run(mask, frame, 1) for frame in (0, 2, 3, 5)]
    assert forward == [(3, 4), (3, 4), (5, 7), None]
    backward = [next_run(mask, frame, -1) for frame in (0, 1, 5, 6)]
    assert backward == [None, (0, 2), (3, 4), (5, 7)]
