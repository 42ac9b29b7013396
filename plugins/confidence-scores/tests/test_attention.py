import numpy as np
import pytest
from viewer_confidence_scores import attention, foreground

from viewer.api import attention_shares
from viewer.phantoms.lesion import lesion_phantom
from viewer.testing import builders

PEAK = np.array([[[0.0, 0.0], [0.0, 4.0]]])
FLAT = np.ones((1, 2, 2))
MASK = np.array([[[0.0, 0.0], [0.0, 1.0]]])  # a quarter of the area


def test_that_cam_and_grad_cam_agree_up_to_scale_for_a_linear_head():
    evidence = builders.evidence(3, grid=5)
    cam = attention.class_maps(evidence)
    grad_cam = attention.class_maps(builders.changed(evidence, linear_head=None))
    np.testing.assert_allclose(cam, 25 * grad_cam, rtol=1e-4, atol=1e-4)


def test_that_the_cam_is_the_heads_weighted_sum_of_channels():
    evidence = builders.evidence(1)
    weights = evidence.linear_head.weight[evidence.predicted[0]]
    expected = sum(w * channel for w, channel in zip(weights, evidence.activations[0], strict=True))
    np.testing.assert_allclose(attention.class_maps(evidence)[0], expected, rtol=1e-4, atol=1e-5)


def test_that_gradients_of_another_class_are_refused():
    evidence = builders.evidence(1, linear_head=False)
    aimed = builders.changed(evidence, targets=(evidence.targets + 1) % 4)
    with pytest.raises(ValueError, match="predicted class"):
        attention.class_maps(aimed)


def test_that_a_map_with_nothing_positive_is_no_attention_and_never_nan():
    shares = attention_shares(-FLAT)
    assert shares.tolist() == [[[0, 0], [0, 0]]]
    assert attention.any_attention(shares).tolist() == [False]


def test_that_concentration_runs_from_even_to_a_single_cell():
    assert attention.concentration(attention_shares(FLAT)) == pytest.approx([0])
    assert attention.concentration(attention_shares(PEAK)) == pytest.approx([1])
    two_cells = np.array([[[1.0, 1.0], [0.0, 0.0]]])
    assert attention.concentration(attention_shares(two_cells)) == pytest.approx([0.5])


def test_that_iou_compares_the_bright_half_with_the_mask():
    assert attention.cam_iou(PEAK, MASK) == pytest.approx([1])
    assert attention.cam_iou(np.array([[[4.0, 0.0], [0.0, 4.0]]]), MASK) == pytest.approx([0.5])
    assert attention.cam_iou(FLAT, 0 * MASK) == pytest.approx([0])


def normalised(pixels):
    scaled = pixels.astype(np.float32) / 255
    return ((scaled - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]).transpose(2, 0, 1).astype(np.float32)


def test_that_the_foreground_of_a_clear_lesion_is_the_lesion():
    y, x = np.mgrid[:224, :224]
    lesion = np.hypot(y - 110, x - 120) < 50
    pixels = np.where(lesion[..., None], (90, 60, 40), (220, 180, 160)).astype(np.uint8)
    masks, plausible = foreground.foreground(normalised(pixels)[None])
    assert plausible.tolist() == [True]
    np.testing.assert_array_equal(masks[0], lesion[::4, ::4])


def test_that_the_foreground_of_phantom_lesions_mostly_matches_their_masks():
    lesions = [lesion_phantom(seed, kind=kind) for kind in ("melanoma", "nevus") for seed in range(6)]
    masks, plausible = foreground.foreground(np.stack([normalised(lesion.pixels) for lesion in lesions]))
    truth = np.stack([lesion.mask[::4, ::4] for lesion in lesions])
    iou = (masks & truth).sum(axis=(1, 2)) / (masks | truth).sum(axis=(1, 2))
    assert plausible.mean() > 0.7
    assert np.median(iou[plausible]) > 0.6


@pytest.mark.parametrize("picture", ["noise", "blank", "ramp"])
def test_that_a_picture_without_foreground_says_so(picture):
    random = np.random.default_rng(0)
    pixels = {
        "noise": random.normal(0, 1, (2, 3, 224, 224)),
        "blank": np.zeros((2, 3, 224, 224)),
        "ramp": np.broadcast_to(np.linspace(-2, 2, 224), (2, 3, 224, 224)),
    }[picture]
    assert foreground.foreground(pixels.astype(np.float32))[1].tolist() == [False, False]


def test_that_otsu_separates_two_clusters_by_hand():
    threshold, separability = foreground.otsu(np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0]]))
    assert 0 < threshold[0] < 1
    assert separability == pytest.approx([1, 0])
