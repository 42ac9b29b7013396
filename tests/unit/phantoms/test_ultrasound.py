import hashlib

import numpy as np
import pytest

from viewer.phantoms.chest import draw_chest
from viewer.phantoms.probe import LINES, SAMPLES, Probe, ScanConverter
from viewer.phantoms.ultrasound import KINDS, ultrasound_phantom


def small(seed, **options):
    return ultrasound_phantom(seed, **{"rows": 180, "columns": 240, "frames": 24, **options})


def digest(frame):
    return hashlib.sha256(frame.pixels.tobytes() + frame.mask.tobytes()).hexdigest()


@pytest.mark.parametrize("kind", KINDS)
def test_that_the_same_seed_gives_the_same_frames_in_any_order(kind):
    forwards = [digest(frame) for frame in small(5, kind=kind)]
    again = small(5, kind=kind)
    backwards = [digest(again.frame(index)) for index in reversed(range(again.frames))]
    assert forwards == backwards[::-1]
    assert len(set(forwards)) == len(forwards)


@pytest.mark.parametrize("probe", ["convex", "linear"])
def test_that_frames_have_the_promised_shape_and_stay_black_outside_the_region(probe):
    clip = small(1, kind="b_lines", probe=probe)
    frame = clip.frame(3)
    assert frame.pixels.shape == frame.mask.shape == (180, 240)
    assert frame.pixels.dtype == np.uint8
    assert frame.mask.dtype == bool
    assert not frame.pixels.flags.writeable
    region = clip.region
    outside = frame.pixels.copy()
    outside[region.top : region.bottom + 1, region.left : region.right + 1] = 0
    outside[:, -6:] = 0  # the depth scale
    assert not outside.any()
    assert frame.pixels[region.top : region.bottom, region.left : region.right].mean() > 15


def test_that_the_region_is_calibrated_in_centimetres():
    clip = small(2, kind="a_lines", probe="linear")
    assert clip.region.units == ("cm", "cm")
    assert clip.region.delta == pytest.approx((clip.mm_per_pixel / 10,) * 2)
    ticks = np.flatnonzero(clip.frame(0).pixels[:, -1])
    assert np.diff(ticks) * clip.mm_per_pixel == pytest.approx(10, abs=clip.mm_per_pixel)


def test_that_a_lines_repeat_the_depth_of_the_pleura():
    """In a linear picture the middle of the mask's bands lies at two, three … times the pleural depth."""
    chest = draw_chest(np.random.default_rng(1), "a", "linear")
    for seed in range(20):
        clip = small(seed, kind="a_lines", chest=chest, rows=360)
        rows = np.flatnonzero(clip.frame(0).mask.sum(axis=1) > 5)
        if len(rows):
            depth = (rows.mean() - clip.region.top) * clip.mm_per_pixel / chest.pleura_mm
            assert 1.7 < depth < 4.3, seed


@pytest.mark.parametrize("kind", KINDS)
def test_that_findings_lie_inside_the_region(kind):
    for seed in range(10):
        clip = small(seed, kind=kind, frames=1)
        mask, region = clip.frame(0).mask.copy(), clip.region
        mask[region.top : region.bottom + 1, region.left : region.right + 1] = False
        assert not mask.any(), seed


@pytest.mark.parametrize("kind", ["a_lines", "b_lines"])
def test_that_reverberations_are_brighter_than_what_lies_beside_them(kind):
    ratios = []
    for seed in range(10):
        frame = small(seed, kind=kind, frames=1).frame(0)
        rows, cols = np.nonzero(frame.mask)
        if len(rows) > 40:
            box = frame.pixels[rows.min() : rows.max() + 1, cols.min() : cols.max() + 1]
            ratios.append(frame.pixels[frame.mask].mean() / box.mean())
    assert len(ratios) >= 5
    assert np.median(ratios) > 1.25


def test_that_a_consolidation_is_darker_than_the_lung_beneath():
    ratios = []
    for seed in range(10):
        frame = small(seed, kind="consolidation", frames=1).frame(0)
        beneath = [frame.pixels[np.flatnonzero(mask).max() + 3 :, col][:12] for col, mask in columns_of(frame.mask)]
        if beneath:
            ratios.append(frame.pixels[frame.mask].mean() / np.concatenate(beneath).mean())
    assert len(ratios) >= 5
    assert np.median(ratios) < 0.95


def columns_of(mask):
    return [(col, mask[:, col]) for col in np.flatnonzero(mask.any(axis=0))]


def test_that_severity_follows_the_class():
    scores = {kind: [max(f.severity for f in small(s, kind=kind, frames=6)) for s in range(12)] for kind in KINDS}
    assert set(scores["a_lines"]) == {0}
    assert set(scores["b_lines"]) <= {0, 1, 2}
    assert np.mean(scores["b_lines"]) > 0.5
    assert set(scores["consolidation"]) <= {2, 3}


def test_that_some_b_line_clips_show_their_finding_only_in_part_of_the_breath():
    partial = 0
    for seed in range(12):
        areas = [frame.mask.sum() for frame in small(seed, kind="b_lines", frames=60, rows=64, columns=80)]
        partial += bool(min(areas) < 0.7 * max(areas))
    assert 2 <= partial < 12


def test_that_neighbouring_frames_are_alike_and_distant_ones_less_so():
    clip = small(9, kind="b_lines", frames=40)
    region = clip.region
    frames = [
        clip.frame(n).pixels[region.top : region.bottom, region.left : region.right].ravel() for n in (0, 1, 25)
    ]
    near, far = np.corrcoef(frames)[0, 1:]
    assert 0.8 < near < 0.9995
    assert far < near


def test_that_nonsense_is_refused():
    with pytest.raises(ValueError, match="unknown clip kind 'c_lines'"):
        ultrasound_phantom(0, kind="c_lines")
    with pytest.raises(ValueError, match="at least 64"):
        ultrasound_phantom(0, kind="a_lines", rows=10)
    with pytest.raises(ValueError, match="at least 64"):
        ultrasound_phantom(0, kind="a_lines", frames=0)
    with pytest.raises(IndexError, match="frame 24 of a clip of 24"):
        small(0, kind="a_lines").frame(24)


def test_that_a_scan_converter_keeps_a_constant_and_places_depth():
    probe = Probe(kind="linear", width_mm=40, depth_mm=50)
    converter = ScanConverter(probe, 212, 212, margin=6)
    assert converter.mm_per_pixel == pytest.approx(50 / 200)
    left, top, right, bottom = converter.bounds
    assert (right - left, bottom - top) == pytest.approx((40 / 0.25, 50 / 0.25), abs=1)
    constant = converter.picture(np.full((SAMPLES, LINES), 7, np.float32))
    assert np.allclose(constant[top : bottom + 1, left : right + 1], 7)
    depth = converter.picture(np.repeat(probe.depths()[:, None], LINES, axis=1))
    assert depth[converter.row_of_depth(25.0), 106] == pytest.approx(25.0, abs=0.01)


def test_that_a_convex_probe_opens_to_its_angle():
    probe = Probe(kind="convex", radius_mm=60, half_angle=0.5, depth_mm=100)
    height, width = probe.extent_mm()
    assert width == pytest.approx(2 * 160 * np.sin(0.5))
    assert height == pytest.approx(160 - 60 * np.cos(0.5))
    assert probe.line_pitch_mm(40) == pytest.approx(100 / (LINES - 1))
