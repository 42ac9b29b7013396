import numpy as np
import pytest

from viewer.domain.combination import distribution_function, distribution_functions, weighted_mean

KNOTS = np.array([0.2, 0.4, 0.4, 0.8])


@pytest.mark.parametrize(
    ("value", "share"), [(0.0, 0.0), (0.2, 0.125), (0.3, 0.25), (0.4, 0.5), (0.5, 0.75), (0.8, 0.875), (1.0, 1.0)]
)
def test_that_the_distribution_function_counts_ties_half(value: float, share: float) -> None:
    assert distribution_function(value, KNOTS) == share


def test_that_a_value_that_is_missing_stays_missing() -> None:
    assert np.isnan(distribution_functions(np.array([np.nan]), KNOTS)).all()


def test_that_the_weighted_mean_is_that_of_every_row() -> None:
    mapped = np.array([[0.5, 1.0], [0.0, 0.25]])
    assert weighted_mean(mapped, np.array([3.0, 1.0])).tolist() == [0.625, 0.0625]
