import pytest

from viewer.training.classifier import warm_up_then_cosine


def test_that_the_learning_rate_rises_over_the_first_steps_and_falls_to_one_per_cent():
    factor = warm_up_then_cosine(100)
    assert [factor(0), factor(14)] == pytest.approx([1 / 15, 1])
    assert factor(15) == pytest.approx(1)
    assert factor(100) == pytest.approx(0.01)
    assert all(factor(step) >= factor(step + 1) for step in range(15, 100))
