import numpy as np
import pytest

from viewer.training.fingerprint import LEVELS, channel_statistics, fingerprint


def test_that_statistics_are_means_then_spreads_per_channel():
    maps = np.array([[[[1.0, 3.0]], [[5.0, 5.0]]]])  # one picture, two channels, a grid of 1×2
    assert channel_statistics(maps) == pytest.approx(np.array([[2, 5, 1, 0]]))


def test_that_quantiles_span_the_pictures_and_mean_and_spread_go_with_them():
    arrays = fingerprint({"input": [np.array([[1.0], [2.0]], np.float32), np.array([[6.0]], np.float32)]})
    quantiles = arrays["input_quantiles"]
    assert quantiles.shape == (len(LEVELS), 1)
    assert (quantiles[0, 0], quantiles[32, 0], quantiles[-1, 0]) == (1, 2, 6)
    assert arrays["input_mean"] == pytest.approx([3.0])
    assert arrays["input_sd"] == pytest.approx([np.sqrt((4 + 1 + 9) / 3)])
