import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from viewer.phantoms.fields import fractal_noise, gaussian_blur, glaze, smooth_noise, smoothstep


def test_that_blur_agrees_with_scipy():
    image = np.random.default_rng(0).standard_normal((40, 50)).astype(np.float32)
    reference = gaussian_filter(image, (1.5, 0.8), mode="mirror", radius=(5, 3))
    assert np.abs(gaussian_blur(image, (1.5, 0.8)) - reference).max() < 1e-5


def test_that_blur_treats_planes_alike():
    planes = np.random.default_rng(0).standard_normal((3, 20, 30)).astype(np.float32)
    assert np.array_equal(gaussian_blur(planes, 2.0)[1], gaussian_blur(planes[1], 2.0))


@pytest.mark.parametrize(
    "field", [lambda r: smooth_noise(r, (90, 70), (12, 9)), lambda r: fractal_noise(r, (90, 70), 6)]
)
def test_that_noise_has_about_unit_spread_and_no_offset(field):
    values = np.stack([field(np.random.default_rng(seed)) for seed in range(40)])
    assert values.shape == (40, 90, 70)
    assert values.mean() == pytest.approx(0, abs=0.1)
    assert values.std() == pytest.approx(1, abs=0.2)


def test_that_smoothstep_is_flat_outside_its_ramp():
    assert smoothstep(np.array([-1, 0, 1, 2, 9], np.float32), 0, 2).tolist() == [0, 0, 0.5, 1, 1]


def test_that_a_glaze_covers_as_far_as_it_says():
    image = np.zeros((3, 1, 2), np.float32)
    glaze(image, np.array([[0, 0.5]], np.float32), (1, 0.5, 0))
    assert image[:, 0].tolist() == [[0, 0.5], [0, 0.25], [0, 0]]
