"""The study of pictures a model cannot judge: kinds and faults by hand, and the script on phantoms."""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from viewer.domain.errors import ViewerError
from viewer.engine.bundle import read_bundle
from viewer.engine.picture import Picture
from viewer.engine.preprocess import preprocess
from viewer.resources import shipped_bundles

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
BUNDLE = shipped_bundles() / "phantom-lesion"

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def study():
    """The modules of the study."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        names = ("kinds", "attention_sets", "attention_passes")
        yield SimpleNamespace(**{name.removeprefix("attention_"): importlib.import_module(name) for name in names})
    for name in [name for name in sys.modules if name == "kinds" or name.startswith("attention_")]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def manifest():
    return read_bundle(BUNDLE).manifest


def random_picture(side: int, seed: int = 0) -> Picture:
    return Picture(np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8))


def test_that_a_recoloured_picture_has_the_colours_of_the_other_in_its_own_order(study):
    ramp = Picture(np.repeat(np.arange(16, dtype=np.uint8).reshape(4, 4, 1), 3, axis=2))
    lesion = random_picture(4)
    (made,) = study.kinds.recoloured([ramp], [lesion])
    assert sorted(map(tuple, made.rgb.reshape(-1, 3))) == sorted(map(tuple, lesion.rgb.reshape(-1, 3)))
    assert (np.diff((made.rgb @ study.kinds.LUMINANCE).ravel()) >= 0).all()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("missing /255", lambda x, mean, std: (255 * x - mean) / std),
        ("/255 twice", lambda x, mean, std: (x / 255 - mean) / std),
        ("no mean and std", lambda x, _mean, _std: x),
        ("mean and std of .5", lambda x, _mean, _std: 2 * x - 1),
        ("inverted", lambda x, mean, std: (1 - x - mean) / std),
        ("channels swapped", lambda x, mean, std: (x[::-1] - mean) / std),
    ],
)
def test_that_a_fault_of_preparation_does_to_the_input_what_its_name_says(study, manifest, name, expected):
    picture = random_picture(manifest.input_size)
    fault = study.kinds.faults(manifest)[name]
    wrong = fault.of(read_bundle(BUNDLE)).manifest
    mean, std = (np.array(values)[:, None, None] for values in (manifest.mean, manifest.std))
    seen = preprocess(fault.shown(picture, manifest), wrong)
    levels = picture.rgb.transpose(2, 0, 1) / 255
    assert np.allclose(seen, expected(levels, mean, std), rtol=1e-4, atol=1e-4)


def test_that_saturation_is_nothing_for_grey_and_all_for_pure_colours(study):
    pixels = np.array([[[7, 7, 7], [200, 0, 0], [0, 0, 0], [100, 50, 100]]], np.uint8)
    assert study.passes.mean_saturation(pixels) == pytest.approx((0 + 1 + 0 + 0.5) / 4)


def test_that_a_model_for_pictures_the_study_has_none_of_is_refused_in_one_sentence(study):
    bundle = read_bundle(shipped_bundles() / "lung-ultrasound")
    with pytest.raises(ViewerError, match="pictures of lesions and X-rays, none of ultrasound"):
        study.sets.sets_of(bundle, study.sets.QUICK)


def test_that_pictures_to_choose_by_are_of_other_groups_than_those_to_report(study):
    chosen = {group: study.sets._to_choose_by(group) for group in ("00ab", "00a1", "00ff", "00f0")}
    assert chosen == {"00ab": False, "00a1": False, "00ff": False, "00f0": True}


@pytest.mark.slow
def test_that_the_study_goes_from_phantoms_to_figures_and_never_runs_a_set_twice(tmp_path):
    script = [sys.executable, BENCHMARKS / "attention_study.py"]
    common = ["--bundle", BUNDLE, "--work", tmp_path / "work", "--quick"]
    runs = [subprocess.run([*script, "collect", *common], capture_output=True, text=True, check=True) for _ in "12"]
    assert "phantom-lesion, inverted" in runs[0].stdout
    assert runs[1].stdout == ""
    out = tmp_path / "study.json"
    subprocess.run([*script, "figures", *common, "--out", out], capture_output=True, text=True, check=True)
    (found,) = json.loads(out.read_text(encoding="utf-8"))["bundles"]
    assert found["pictures"]["certify"] == 8
    assert {"attention_iou", "mahalanobis", "look", "smaller p", "these and attention"} <= set(found["methods"])
    method = found["methods"]["middle_mahalanobis"]
    assert 0 <= method["mean/auroc"]["low"] <= method["mean/auroc"]["value"] <= method["mean/auroc"]["high"] <= 1
    assert method["missing /255/auroc"]["value"] == 1
    assert set(method["folders"]["32"]) == set(found["kinds"])
