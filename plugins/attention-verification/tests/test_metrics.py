import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import ndimage, spatial, stats
from skimage.metrics import structural_similarity
from viewer_attention_verification.metrics import (
    METRICS,
    cosine,
    dice,
    iou,
    js_divergence,
    kl_divergence,
    pearson,
    ssim,
    values_of,
    wasserstein,
)

each = pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
SYMMETRIC = [metric for metric in METRICS if metric.name != "kl_divergence"]
BOUNDS = {"ssim": (-1, 1), "cosine": (0, 1), "pearson": (-1, 1), "kl_divergence": (0, 18.5)}

unit_maps = hnp.arrays(np.float64, (8, 9), elements=st.floats(0, 1))


def maps(count, rows=28, columns=28, seed=0):
    return np.random.default_rng(seed).random((count, rows, columns)) ** 4


def best(metric):
    return 1.0 if metric.higher_is_alike else 0.0


def test_that_they_stand_in_their_order():
    assert [metric.name for metric in METRICS] == [metric.function.__name__ for metric in METRICS]
    assert [metric.name for metric in METRICS] == (
        ["iou", "dice", "ssim", "cosine", "pearson", "kl_divergence", "js_divergence", "wasserstein"]
    )


@each
@settings(max_examples=60)
@given(unit_maps, unit_maps)
def test_that_every_value_lies_in_its_bounds(metric, test, reference):
    low, high = BOUNDS.get(metric.name, (0, 1))
    assert low <= metric.function(test, reference) <= high


@each
@settings(max_examples=60)
@given(unit_maps)
def test_that_equal_maps_are_as_alike_as_can_be(metric, test):
    assert metric.function(test, test.copy()) == pytest.approx(best(metric), abs=1e-12)


@pytest.mark.parametrize("metric", SYMMETRIC, ids=lambda metric: metric.name)
@settings(max_examples=60)
@given(unit_maps, unit_maps)
def test_that_all_but_kl_do_not_ask_which_is_the_reference(metric, test, reference):
    assert metric.function(test, reference) == pytest.approx(metric.function(reference, test), abs=1e-12)


@each
def test_that_other_maps_are_less_alike(metric):
    test, reference = maps(2)
    value = metric.function(test, reference)
    assert value < 0.95 if metric.higher_is_alike else value > 0.005


@each
@pytest.mark.parametrize("level", [0.0, 1e-300, 0.1, 0.7, 1.0])
def test_that_constant_maps_have_a_value_and_it_is_no_nan(metric, level):
    flat, other = np.full((28, 28), level), maps(1)[0]
    for value in (metric.function(flat, other), metric.function(other, flat), metric.function(flat, flat)):
        assert np.isfinite(value)
    assert metric.function(flat, flat) == best(metric)


@each
def test_that_the_place_in_a_batch_changes_no_digit(metric):
    test, reference = maps(33), maps(33, seed=1)
    together = metric.function(test, reference)
    assert together.shape == (33,)
    for index in range(33):
        assert together[index] == metric.function(test[index], reference[index])
        assert together[index] == metric.function(test[index : index + 1], reference[index : index + 1])[0]


@each
def test_that_what_is_prepared_once_for_all_changes_no_digit(metric):
    test, reference = maps(9), maps(9, seed=1)
    test[3], reference[4], reference[5] = 0, 0, test[5]
    together = values_of(METRICS, test, reference)
    assert (together[:, METRICS.index(metric)] == metric.function(test, reference)).all()
    assert (values_of(METRICS, test[7], reference[7]) == together[7]).all()


@each
def test_that_layout_and_precision_of_storage_change_no_digit(metric):
    test, reference = maps(4).astype(np.float32), maps(4, seed=1).astype(np.float16)
    turned = np.asfortranarray(test)
    assert (metric.function(test, reference) == metric.function(turned, reference.astype(np.float64))).all()


@each
def test_that_leading_shapes_are_broadcast(metric):
    test, reference = maps(3), maps(5, seed=1)
    crossed = metric.function(test[:, None], reference)
    assert crossed.shape == (3, 5)
    assert crossed[2, 4] == metric.function(test[2], reference[4])
    assert metric.function(test[:0], reference[0]).shape == (0,)


@each
def test_that_the_maps_are_left_as_they_are(metric):
    test, reference = maps(2)
    for each_map in (test, reference):
        each_map.setflags(write=False)
    metric.function(test, reference)


@each
@pytest.mark.parametrize(
    ("one", "other"),
    [((28, 28), (28, 27)), ((28,), (28,)), ((0, 0), (0, 0)), ((2, 9, 9), (3, 9, 9)), ((9, 9), ())],
)
def test_that_maps_that_do_not_fit_are_refused_in_one_sentence(metric, one, other):
    with pytest.raises(ValueError, match=r"^maps of shapes .* cannot be compared$"):
        metric.function(np.zeros(one), np.zeros(other))


@each
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_that_what_is_no_finite_number_is_refused(metric, bad):
    broken = maps(1)[0]
    broken[3, 4] = bad
    for pair in ((broken, maps(1)[0]), (maps(1)[0], broken)):
        with pytest.raises(ValueError, match="no finite numbers"):
            metric.function(*pair)


@pytest.mark.parametrize("function", [kl_divergence, js_divergence, wasserstein])
def test_that_cells_below_zero_cannot_be_shared_out(function):
    with pytest.raises(ValueError, match="below 0"):
        function(maps(1)[0] - 0.5, maps(1)[0])


def test_that_overlap_is_counted_above_one_half():
    test = np.array([[0.6, 0.9, 0.5], [0.1, 0.2, 1.0]])
    reference = np.array([[0.7, 0.1, 0.9], [0.1, 0.2, 1.0]])
    assert iou(test, reference) == pytest.approx(2 / 4)  # the cell of exactly .5 does not count
    assert dice(test, reference) == pytest.approx(4 / 6)


def test_that_maps_without_a_cell_above_one_half_overlap_fully_with_each_other_and_with_nothing_else():
    low, high = np.full((3, 3), 0.4), np.full((3, 3), 0.9)
    assert iou(low, low * 0.5) == dice(low, low * 0.5) == 1
    assert iou(low, high) == dice(low, high) == 0


def test_that_ssim_of_two_levels_is_what_the_formula_gives_by_hand():
    expected = (2 * 0.2 * 0.6 + 1e-4) / (0.2**2 + 0.6**2 + 1e-4)
    assert ssim(np.full((9, 9), 0.2), np.full((9, 9), 0.6)) == pytest.approx(expected)


def test_that_ssim_equals_one_computed_window_by_window():
    test, reference = maps(2, 12, 15)
    found = []
    for row in range(12 - 6):
        for column in range(15 - 6):
            a, b = (m[row : row + 7, column : column + 7].ravel() for m in (test, reference))
            (var_a, both), (_, var_b) = np.cov(a, b)
            above = (2 * a.mean() * b.mean() + 0.01**2) * (2 * both + 0.03**2)
            found.append(above / ((a.mean() ** 2 + b.mean() ** 2 + 0.01**2) * (var_a + var_b + 0.03**2)))
    assert ssim(test, reference) == pytest.approx(np.mean(found), abs=1e-12)


def test_that_ssim_equals_uniform_filters_cropped_by_half_a_window():
    test, reference = maps(2)

    def mean(values):
        return ndimage.uniform_filter(values, 7)[3:-3, 3:-3]

    mean_t, mean_r = mean(test), mean(reference)
    var_t, var_r, both = (
        49 / 48 * (mean(a * b) - mean(a) * mean(b))
        for a, b in ((test, test), (reference, reference), (test, reference))
    )
    above = (2 * mean_t * mean_r + 1e-4) * (2 * both + 9e-4)
    expected = (above / ((mean_t**2 + mean_r**2 + 1e-4) * (var_t + var_r + 9e-4))).mean()
    assert ssim(test, reference) == pytest.approx(expected, abs=1e-12)


def test_that_ssim_equals_scikit_image():
    for test, reference in zip(maps(5), maps(5, seed=1), strict=True):
        assert ssim(test, reference) == pytest.approx(
            structural_similarity(test, reference, data_range=1.0), abs=1e-12
        )


def test_that_ssim_refuses_maps_smaller_than_its_window():
    with pytest.raises(ValueError, match="smaller than the window of 7×7"):
        ssim(np.zeros((6, 9)), np.zeros((6, 9)))


def test_that_cosine_equals_scipy_and_is_right_by_hand():
    test, reference = maps(2)
    assert cosine(test, reference) == pytest.approx(1 - spatial.distance.cosine(test.ravel(), reference.ravel()))
    assert cosine([[1.0, 0.0]], [[1.0, 1.0]]) == pytest.approx(np.sqrt(0.5))


def test_that_pearson_equals_scipy_and_is_right_by_hand():
    test, reference = maps(2)
    assert pearson(test, reference) == pytest.approx(stats.pearsonr(test.ravel(), reference.ravel()).statistic)
    assert pearson([[1.0, 2.0, 3.0]], [[0.3, 0.2, 0.1]]) == pytest.approx(-1)


def test_that_a_map_that_points_nowhere_is_like_no_other_by_cosine_and_correlation():
    nothing, other = np.zeros((28, 28)), maps(1)[0]
    assert cosine(nothing, other) == pearson(nothing, other) == pearson(nothing + 0.1, other) == 0


@given(st.floats(1e-300, 1e-3))
@settings(max_examples=40)
def test_that_scale_does_not_matter_where_only_shares_or_directions_are_compared(factor):
    test, reference = maps(2)
    for function in (cosine, pearson, kl_divergence, js_divergence, wasserstein):
        assert function(test * factor, reference) == pytest.approx(function(test, reference), rel=1e-9)


def test_that_kl_equals_scipy_and_is_right_by_hand():
    test, reference = maps(2)
    p, q = ((m / m.sum() + 1e-8).ravel() for m in (test, reference))
    assert kl_divergence(test, reference) == pytest.approx(stats.entropy(p, q))
    assert kl_divergence([[3.0, 1.0]], [[1.0, 1.0]]) == pytest.approx(
        0.75 * np.log(1.5) + 0.25 * np.log(0.5), abs=1e-6
    )


def test_that_kl_is_large_where_the_test_looks_at_what_the_reference_leaves_out():
    narrow, wide = np.zeros((10, 10)), np.ones((10, 10))
    narrow[5, 5] = 1
    assert kl_divergence(narrow, wide) == pytest.approx(np.log(100), abs=1e-4)
    assert kl_divergence(wide, narrow) > 10
    assert kl_divergence(narrow, narrow[::-1]) == pytest.approx(np.log(1e8), abs=1e-3)


def test_that_jensen_shannon_equals_scipy_and_is_right_by_hand():
    test, reference = maps(2)
    theirs = spatial.distance.jensenshannon(test.ravel(), reference.ravel(), base=2)
    assert js_divergence(test, reference) == pytest.approx(theirs**2)
    assert js_divergence([[1.0, 0.0]], [[0.0, 1.0]]) == 1
    assert js_divergence([[1.0, 0.0]], [[1.0, 1.0]]) == pytest.approx(
        0.5 * np.log2(4 / 3) + 0.25 * (np.log2(2 / 3) + 1)
    )


def test_that_wasserstein_equals_scipy_along_each_side():
    test, reference = maps(2, 12, 20)
    across = stats.wasserstein_distance(np.arange(20), np.arange(20), test.sum(axis=0), reference.sum(axis=0)) / 20
    down = stats.wasserstein_distance(np.arange(12), np.arange(12), test.sum(axis=1), reference.sum(axis=1)) / 12
    assert wasserstein(test, reference) == pytest.approx((across + down) / 2)


def test_that_wasserstein_is_how_far_a_spot_has_moved():
    spot = np.zeros((28, 28))
    spot[4, 5] = 0.3
    assert wasserstein(spot, np.roll(spot, (6, 2), axis=(0, 1))) == pytest.approx((6 / 28 + 2 / 28) / 2)
    corners = np.zeros((2, 28, 28))
    corners[0, 0, 0] = corners[1, 27, 27] = 1
    assert wasserstein(*corners) == pytest.approx(27 / 28)
