import numpy as np
import pytest

from viewer.evaluation.bands import band
from viewer.evaluation.bootstrap import Bootstrap
from viewer.evaluation.curves import rank


def test_that_a_curve_is_read_at_every_coverage():
    found = band(
        rank(np.array([0.9, 0.8, 0.7, 0.6]), np.array([False, True, False, True])), np.arange(4), Bootstrap()
    )
    assert found.coverage.tolist() == [0.25, 0.5, 0.75, 1]
    assert found.risk == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert found.generalised == pytest.approx([0, 1 / 4, 1 / 4, 1 / 2])
    assert (found.low <= found.risk).all()
    assert (found.risk <= found.high).all()


def test_that_rows_of_one_trust_are_one_step():
    found = band(
        rank(np.array([0.9, 0.5, 0.5, 0.5]), np.array([False, True, False, True])), np.arange(4), Bootstrap()
    )
    assert found.risk == pytest.approx([0, 1 / 2, 1 / 2, 1 / 2])


def test_that_whole_groups_are_drawn():
    rng = np.random.default_rng(0)
    wrong = np.repeat(rng.random(40) < 0.3, 25)  # all frames of a patient are right, or all are wrong
    ranking = rank(rng.random(1000), wrong)
    narrow = band(ranking, np.arange(1000), Bootstrap(draws=200))
    wide = band(ranking, np.repeat(np.arange(40), 25), Bootstrap(draws=200))
    assert wide.high[-1] - wide.low[-1] > 3 * (narrow.high[-1] - narrow.low[-1])


def test_that_one_group_and_no_draws_give_no_band():
    ranking = rank(np.array([0.9, 0.8]), np.array([False, True]))
    for found in (band(ranking, np.zeros(2, np.intp), Bootstrap()), band(ranking, np.arange(2), Bootstrap(draws=0))):
        assert np.isnan(found.low).all()
        assert found.generalised.tolist() == [0, 0.5]
