"""What the frames around say."""

import numpy as np
import pytest
from viewer_second_opinion.temporal import window_disagreement, window_mean

from viewer.api import CLIP_OFFSETS, SAME, smoothed, softmax


def test_that_windows_say_what_the_clip_says_where_the_same_frames_speak() -> None:
    logits = np.random.default_rng(0).normal(size=(31, 3)).astype(np.float32)
    window = logits[[15 + offset for offset in CLIP_OFFSETS]][None]
    shares = softmax(logits[::3] / 1.5)
    places = np.arange(31)[::3]
    assert window_mean(window, 1.5)[0] == pytest.approx(smoothed(shares, places)[SAME])
    others = np.delete(shares, SAME, axis=0)[:, shares[SAME].argmax()]
    assert window_disagreement(window, 1.5)[0] == pytest.approx(1 - others.mean())


def test_that_frames_that_are_missing_from_a_window_do_not_speak() -> None:
    window = np.full((2, len(CLIP_OFFSETS), 2), np.nan, dtype=np.float32)
    window[:, SAME] = [2.0, 0.0]
    window[1, SAME + 1] = [0.0, 2.0]
    own = softmax(np.array([2.0, 0.0]))
    assert window_mean(window, 1.0) == pytest.approx(np.array([own, [0.5, 0.5]]))
    alone, contradicted = window_disagreement(window, 1.0)
    assert np.isnan(alone)
    assert contradicted == pytest.approx(own[0])
