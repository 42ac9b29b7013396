"""What averaging gains, in figures and one sentence."""

import numpy as np
import pytest

from viewer.training.averaging import compare_members


def members(count: int, noise: float, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Members that are each right about a picture, up to noise of their own."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 2, count)
    evidence = np.where(labels[:, None] == np.arange(2), 1.0, 0.0) + random.normal(0, noise, (3, count, 2))
    exponents = np.exp(2 * evidence)
    return exponents / exponents.sum(axis=-1, keepdims=True), labels


def test_that_a_gain_is_told_where_the_interval_excludes_none() -> None:
    answers, labels = members(300, 1.0)
    found = compare_members("abc", answers, answers.mean(axis=0), labels, [str(n) for n in range(300)])
    assert found.accuracy.low > 0
    assert found.likelihood.high < 0
    assert found.sentence.startswith("the ensemble gains in accuracy (+")
    assert found.accuracies[-1] == pytest.approx(np.mean(found.accuracies[:3]) + found.accuracy.value)
    assert len(found.aurocs) == 4


def test_that_no_gain_is_told_where_all_say_the_same() -> None:
    answers, labels = members(60, 1.0)
    alike = np.repeat(answers[:1], 3, axis=0)
    found = compare_members("abc", alike, alike[0], labels, [str(n // 2) for n in range(60)])
    assert found.accuracy.value == found.likelihood.value == 0
    assert found.sentence.startswith("there is no gain that can be shown in accuracy")
    assert "loses" not in found.sentence


def test_that_a_loss_is_told() -> None:
    answers, labels = members(200, 0.2)
    found = compare_members("abc", answers, 1 - answers.mean(axis=0), labels, [str(n) for n in range(200)])
    assert "it loses in accuracy" in found.sentence
