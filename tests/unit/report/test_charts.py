import re

import numpy as np
import pytest

from viewer.evaluation.probability import reliability
from viewer.report.charts import LINE, MOST_POINTS, Line, line_chart, reliability_chart, scatter_chart, spread

X = np.linspace(0, 1, 5000)


def lines():
    return [
        Line(label="best", role="ideal", x=X, y=X**3 / 4),
        Line(label="mine", role="first", x=X, y=X / 3, low=X / 4, high=X / 2),
    ]


@pytest.fixture(scope="module")
def drawn() -> str:
    return line_chart("risk", "accepted", "wrong", lines(), from_zero=True)


def test_that_a_chart_is_small_and_its_text_is_text(drawn: str) -> None:
    assert len(drawn) < 40_000
    texts = re.findall(r"<text [^>]*>([^<]*)</text>", drawn)
    assert {"accepted", "wrong"} <= set(texts)
    assert "100 %" in texts


def test_that_a_chart_names_no_address_and_no_colour_of_its_own(drawn: str) -> None:
    assert "http" not in drawn
    assert not re.findall(r"#[0-9a-f]{6}\b", drawn)
    assert {"var(--first)", "var(--ideal)", "var(--font)"} <= set(re.findall(r"var\(--[a-z]+\)", drawn))


def test_that_two_charts_on_a_page_share_no_ids(drawn: str) -> None:
    other = line_chart("other", "accepted", "wrong", lines())
    ids = [set(re.findall(r'\bid="([^"]+)"', chart)) for chart in (drawn, other)]
    assert ids[0]
    assert ids[1]
    assert not ids[0] & ids[1]


def test_that_the_same_chart_is_drawn_alike(drawn: str) -> None:
    assert line_chart("risk", "accepted", "wrong", lines(), from_zero=True) == drawn


def test_that_lines_are_thinned_and_keep_their_ends(drawn: str) -> None:
    assert drawn.count(" L ") < 5 * MOST_POINTS


def test_that_missing_points_are_left_out() -> None:
    gappy = Line(label="a", role="first", x=np.array([0.0, 0.5, 1.0]), y=np.array([np.nan, 0.2, 0.3]))
    assert "nan" not in line_chart("gap", "a", "b", [gappy], from_zero=True).lower()


def test_that_a_chart_of_nothing_is_a_chart() -> None:
    flat = Line(label="a", role="first", x=np.array([1.0]), y=np.array([0.0]))
    assert line_chart("flat", "a", "b", [flat], from_zero=True).startswith("<svg")


def test_that_reliability_is_drawn_for_one_case() -> None:
    chart = reliability_chart("r", "confidence", "right", reliability(np.array([[0.9, 0.1]]), np.array([0])))
    assert chart.startswith("<svg")
    assert "http" not in chart


def test_that_points_of_several_kinds_have_marks_and_names_of_their_own() -> None:
    random = np.random.default_rng(0)
    kinds = [(name, random.normal(size=(2_000, 2)) + place) for place, name in enumerate(("nevus", "melanoma"))]
    drawn = scatter_chart("features", kinds)
    assert all(f">{name}<" in drawn for name, _ in kinds)
    assert drawn.count("<use") < 2 * MOST_POINTS + 60
    assert not re.search(r"#0\d0\d0\d", drawn)
    assert scatter_chart("one", [("alone", np.zeros((1, 2)))]).startswith("<svg")


def test_that_names_of_middles_that_lie_together_are_spread() -> None:
    middles = np.array([[100.0, 100.0], [102.0, 100.0], [98.0, 101.0], [5.0, 20.0]])
    places = spread(middles, np.full(4, 40.0), np.array([0.0, 0.0, 200.0, 200.0]))
    assert places[3].tolist() == [20.0, 20.0 + LINE]  # not beyond the left end
    gaps = np.abs(places[:, None] - places[None])
    apart = (gaps[..., 0] >= 40) | (gaps[..., 1] >= LINE)
    assert apart[~np.eye(4, dtype=bool)].all()


def test_that_names_without_any_room_are_drawn_all_the_same() -> None:
    middles = np.array([[5.0, 5.0], [6.0, 5.0]])
    np.testing.assert_array_equal(spread(middles, np.ones(2), np.array([0.0, 0.0, 10.0, 10.0])), middles)
