from itertools import permutations
from typing import Any

import pytest

from viewer.assessment.verdict import ClipTally, ClipVerdict
from viewer.domain.result import Light

CLASSES = ("a", "b")


def row(frame: int, p_a: float, trust: float | None = 0.5, **changes: Any) -> dict[str, Any]:
    name = "a" if p_a >= 0.5 else "b"
    values = {"frame": frame, "p_a": p_a, "p_b": round(1 - p_a, 6), "predicted": name, "final": name, "trust": trust}
    return {**values, "light": "grey", "reason": "not certified", "error": "", **changes}


def verdict(*rows: dict[str, Any]) -> ClipVerdict:
    tally = ClipTally(CLASSES)
    for item in rows:
        tally.add(item)
    return tally.verdict()


def test_that_the_class_of_the_highest_mean_probability_wins() -> None:
    found = verdict(row(0, 0.6, 0.2), row(1, 0.6, 0.4), row(2, 0.1, 0.9))
    assert found.probabilities == (0.433333, 0.566667)
    assert (found.predicted, found.final, found.trust, found.least_trusted) == ("b", "b", 0.5, 0)


def test_that_the_order_of_the_frames_does_not_matter() -> None:
    rows = [row(0, 0.123457, 0.1), row(1, 0.654321, 0.1), row(2, 0.333333, 0.7), row(3, 0.9, error="broken")]
    assert len({repr(verdict(*order)) for order in permutations(rows)}) == 1


def test_that_where_opinions_changed_frames_the_most_frequent_final_class_wins() -> None:
    found = verdict(row(0, 0.9, final="b"), row(1, 0.9, final="b"), row(2, 0.9))
    assert (found.predicted, found.final) == ("a", "b")
    assert verdict(row(0, 0.9, final="b"), row(1, 0.9)).final == "a"


def test_that_one_frame_without_trust_leaves_the_clip_without() -> None:
    found = verdict(row(0, 0.9, 0.8), row(1, 0.9, None))
    assert found.trust is None
    assert found.least_trusted == 0


@pytest.mark.parametrize(
    ("lights", "expected"),
    [(("green", "amber"), "amber"), (("green", "red", "amber"), "red"), (("green", "grey", "red"), "grey")],
)
def test_that_the_gravest_light_is_the_clips(lights: tuple[str, ...], expected: str) -> None:
    found = verdict(*(row(i, 0.9, light=light, reason=light) for i, light in enumerate(lights)))
    assert found.light is Light(expected)
    assert found.reason == f"{expected} (1 of {len(lights)} frames)"


def test_that_failed_frames_are_counted_and_the_others_decide() -> None:
    found = verdict(row(0, 0.9), row(1, 0.5, error="frame 2 is damaged"), row(2, 0.9))
    assert found.probabilities == (0.9, 0.1)
    assert found.error == "1 of 3 frames failed, most often: frame 2 is damaged"


def test_that_a_clip_without_an_assessed_frame_has_no_class() -> None:
    found = verdict(row(0, 0.5, error="the picture is damaged"))
    assert (found.probabilities, found.predicted, found.final, found.trust) == ((), "", "", None)
    assert (found.light, found.reason, found.error) == (
        Light.GREY,
        "no frame could be assessed",
        "the picture is damaged",
    )
