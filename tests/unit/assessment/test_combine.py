import numpy as np
import pytest

from viewer.assessment.combine import combined_trust, effective_weights
from viewer.domain.result import About, Failure, Score, ScoreRow

KNOTS = np.array([0.2, 0.4, 0.4, 0.8])


def row(name: str, result: Score | Failure | float | None, about: About = About.CORRECTNESS) -> ScoreRow:
    if not isinstance(result, Failure):
        result = result if isinstance(result, Score) else Score(trust=result)
    return ScoreRow(name=name, title=name, plugin="p", about=about, weight=0.0, result=result)


def test_that_the_combination_is_the_weighted_mean_of_the_mapped_scores() -> None:
    rows = [row("softmax", 0.4), row("margin", 0.8), row("doctor", 0.1)]
    distributions = {"softmax": KNOTS, "margin": KNOTS}
    # (3 · F(0.4) + 1 · F(0.8)) / 4 = (3 · 0.5 + 0.875) / 4
    assert combined_trust(rows, {"softmax": 3.0, "margin": 1.0, "doctor": 0.0}, distributions) == 0.59375


def test_that_an_unfitted_bundle_falls_back_to_softmax_alone() -> None:
    rows = [row("softmax", 0.4), row("margin", 0.9)]
    assert combined_trust(rows, {}, {}) == 0.4
    assert combined_trust(rows, {}, {"softmax": KNOTS}) == 0.5
    assert combined_trust([row("margin", 0.9)], {}, {}) is None
    assert effective_weights({}) == {"softmax": 1.0}


@pytest.mark.parametrize(
    "silent",
    [None, Failure(plugin="p", stage="score", summary="raised"), Score(trust=None, note="too small")],
)
def test_that_missing_evidence_is_never_averaged_away(silent: Score | Failure | None) -> None:
    rows = [row("softmax", 0.4), row("margin", silent)]
    assert combined_trust(rows, {"softmax": 1.0, "margin": 1.0}, {"softmax": KNOTS, "margin": KNOTS}) is None


def test_that_a_weighted_scorer_that_is_not_there_leaves_no_trust() -> None:
    assert combined_trust([row("softmax", 0.4)], {"softmax": 1.0, "gone": 1.0}, {"softmax": KNOTS}) is None


def test_that_a_fitted_weight_without_its_distribution_leaves_no_trust() -> None:
    assert combined_trust([row("softmax", 0.4)], {"softmax": 1.0}, {}) is None


def test_that_suitability_never_enters_the_combination() -> None:
    rows = [row("knn", 0.9, About.SUITABILITY)]
    assert combined_trust(rows, {"knn": 1.0}, {"knn": KNOTS}) is None


def test_that_weights_that_are_all_zero_leave_no_trust() -> None:
    assert combined_trust([row("softmax", 0.4)], {"softmax": 0.0}, {"softmax": KNOTS}) is None
