import numpy as np
import pytest
from viewer_second_opinion.study.figures import Answered, Judged, figures_of_answers, figures_of_judgements
from viewer_second_opinion.study.frames import Frames

TRUE = np.array([0, 0, 1, 1, 1, 1])
PREDICTED = np.array([0, 1, 1, 1, 0, 1])


@pytest.fixture
def six():
    return Frames(
        source="six",
        paths=np.array(list("abcdef")),
        patients=np.array(["p", "p", "p", "q", "q", "q"]),
        clips=np.arange(6),
        places=np.zeros(6, dtype=np.intp),
        true=TRUE,
        predicted=PREDICTED,
        probabilities=np.full((6, 2), 0.5),
    )


def test_figures_of_answers_by_hand(six):
    trust = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4])
    found = figures_of_answers(six, Answered(final=PREDICTED, trust=trust, seconds=0.0012345))
    assert found["accuracy"] == pytest.approx(4 / 6, abs=1e-6)
    assert found["balanced_accuracy"] == pytest.approx((1 / 2 + 3 / 4) / 2)
    # right .9 .7 .6 .4, wrong .8 .5: 1 + 2 … of 8 pairs are in order
    assert found["auroc_f"] == pytest.approx((2 + 1 + 1 + 0) / 8)
    assert found["per_patient"]["p"] == {
        "frames": 3,
        "accuracy": pytest.approx(2 / 3, abs=1e-6),
        "balanced_accuracy": 0.75,
        "auroc_f": 0.5,
    }
    assert found["per_score"]["0"]["accuracy"] == 0.5
    assert found["per_score"]["1"]["frames"] == 4
    assert found["seconds_per_frame"] == 0.00123


def test_figures_of_judgements_by_hand(six):
    trust = np.array([0.9, 0.2, 0.7, 0.1, 0.5, 0.6])
    found = figures_of_judgements(six, Judged(trust=trust))
    # held to be right: 1 0 1 0 1 1; right: 1 0 1 1 0 1
    assert found["accuracy"] == pytest.approx(4 / 6, abs=1e-6)
    assert found["balanced_accuracy"] == pytest.approx((3 / 4 + 1 / 2) / 2)
    assert found["auroc_f"] == pytest.approx((2 + 2 + 0 + 2) / 8)
    assert "seconds_per_frame" not in found


def test_that_a_figure_without_an_answer_is_none(six):
    found = figures_of_answers(six, Answered(final=TRUE, trust=np.full(6, 0.5)))
    assert found["auroc_f"] is None
    assert found["per_patient"]["q"]["auroc_f"] is None
