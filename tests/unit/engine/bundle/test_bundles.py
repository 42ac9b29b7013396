"""Writing, reading and choosing bundles."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from viewer.domain.errors import BundleRefused, ViewerError
from viewer.domain.gate import Gate
from viewer.domain.image import Modality
from viewer.engine.bundle import Bundle, choose_bundle, find_bundles, read_bundle

Make = Callable[..., Bundle]
Zip = Callable[..., Path]

GATE = Gate(
    scorers=("knn",),
    distances={"knn": np.array([0.1, 0.2, 0.4])},
    looks=np.arange(12, dtype=np.float32).reshape(3, 4),
    groups=np.array([0, 1, 1]),
    labels=np.array([2, 0, 0]),
)


def full(make_bundle: Make) -> Bundle:
    return make_bundle(
        temperature=1.7,
        distributions={"softmax": np.linspace(0.2, 1, 9), "margin": np.array([0.5])},
        combination={"softmax": 0.75, "margin": 0.25},
        states={
            ("confidence-scores", "knn"): ("2", {"kept": np.eye(3, dtype=np.float32)}),
            ("other", "flat"): ("1", {}),
        },
        versions={"knn": "2"},
        gate=GATE,
        predictions={"fit": [{"group": "a,b", "p": 0.25}], "certify": []},
        card="# Spots\n",
    )


def test_that_what_was_written_is_read_back(make_bundle: Make) -> None:
    bundle = read_bundle(full(make_bundle).path)
    assert bundle.manifest.classes == ("melanoma", "nevus", "wart")
    assert bundle.manifest.critical_classes == ("melanoma",)
    assert (bundle.temperature, bundle.card) == (1.7, "# Spots\n")
    assert bundle.combination == {"softmax": 0.75, "margin": 0.25}
    np.testing.assert_array_equal(bundle.distributions["softmax"], np.linspace(0.2, 1, 9))
    assert bundle.versions == {"knn": "2"}
    assert bundle.gate is not None
    assert (bundle.gate.scorers, bundle.gate.group_count) == (("knn",), 2)
    np.testing.assert_array_equal(bundle.gate.distances["knn"], GATE.distances["knn"])
    np.testing.assert_array_equal(bundle.gate.looks, GATE.looks)
    np.testing.assert_array_equal(bundle.gate.groups, GATE.groups)
    np.testing.assert_array_equal(bundle.gate.labels, GATE.labels)
    assert bundle.predictions("fit") == ({"group": "a,b", "p": "0.25"},)
    assert bundle.predictions("certify") == ()


def test_that_a_bundle_never_calibrated_reads_as_such(make_bundle: Make) -> None:
    bundle = make_bundle()
    assert (bundle.temperature, dict(bundle.combination), dict(bundle.distributions)) == (1.0, {}, {})
    assert bundle.predictions("fit") == ()
    assert (dict(bundle.versions), bundle.gate) == ({}, None)


def test_that_a_state_is_given_to_the_version_that_fitted_it_only(make_bundle: Make) -> None:
    bundle = full(make_bundle)
    state = bundle.state("confidence-scores", "knn", "2")
    assert state is not None
    np.testing.assert_array_equal(state["kept"], np.eye(3))
    assert bundle.state("confidence-scores", "knn", "3") is None
    assert bundle.state("confidence-scores", "softmax", "1") is None
    assert bundle.state("other", "flat", "1") == {}


def test_that_weights_are_stored_in_half_precision_where_they_fit(make_bundle: Make) -> None:
    weights = make_bundle(tensors={"a": np.full(3, 1 / 3, np.float32), "b": np.array([1e6], np.float32)}).weights()
    assert weights["a"].dtype == np.float16
    assert weights["b"].dtype == np.float32
    assert weights["b"][0] == 1e6
    assert not weights["a"].flags.writeable


def test_that_the_same_content_has_the_same_digest_wherever_it_lies(
    make_bundle: Make, tmp_path: Path, zipped: Zip
) -> None:
    bundle = full(make_bundle)
    packed = read_bundle(zipped(bundle.path, tmp_path / "a.zip"))
    nested = read_bundle(zipped(bundle.path, tmp_path / "b.zip", prefix="spots/"))
    assert packed.digest == nested.digest == bundle.digest
    np.testing.assert_array_equal(nested.weights()["classifier.1.bias"], bundle.weights()["classifier.1.bias"])
    assert nested.state("confidence-scores", "knn", "2") is not None
    assert make_bundle(folder="other", card="# Other\n").digest != bundle.digest


def test_that_files_desktops_leave_behind_do_no_harm(make_bundle: Make, tmp_path: Path, zipped: Zip) -> None:
    bundle = full(make_bundle)
    (bundle.path / ".DS_Store").write_bytes(b"\x00")
    path = zipped(bundle.path, tmp_path / "mac.zip", prefix="spots/")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/spots/._model.toml", "x")
    assert read_bundle(bundle.path).digest == read_bundle(path).digest == bundle.digest


def test_that_a_bundle_is_replaced_whole_or_not_at_all(make_bundle: Make) -> None:
    old = make_bundle(card="# Old\n")
    with pytest.raises(BundleRefused, match="not finite"):
        make_bundle(card="# New\n", distributions={"softmax": np.array([np.nan])})
    assert read_bundle(old.path).card == "# Old\n"
    assert [path.name for path in old.path.parent.iterdir()] == ["bundle"]
    assert make_bundle(card="# New\n").card == read_bundle(old.path).card == "# New\n"


def test_that_writing_never_replaces_what_is_no_bundle(make_bundle: Make, tmp_path: Path) -> None:
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday/photo.png").write_bytes(b"precious")
    (tmp_path / "letter").write_text("precious")
    for name in ("holiday", "letter"):
        with pytest.raises(BundleRefused, match="no bundle lies there already"):
            make_bundle(folder=name)
    assert (tmp_path / "holiday/photo.png").read_bytes() == b"precious"
    assert (tmp_path / "letter").read_text() == "precious"
    (tmp_path / "empty").mkdir()
    assert make_bundle(folder="empty").path == tmp_path / "empty"


@pytest.mark.parametrize("array", [np.array(["text"]), np.array([{}], dtype=object), np.array([1j])])
def test_that_a_state_of_anything_but_numbers_is_not_written(make_bundle: Make, array: np.ndarray) -> None:
    with pytest.raises(BundleRefused, match="plain numbers"):
        make_bundle(states={("plugin", "scorer"): ("1", {"strange": array})})


@pytest.mark.parametrize("plugin", ["../..", "a/b", "", "a.b"])
def test_that_a_state_cannot_be_written_elsewhere(make_bundle: Make, plugin: str, tmp_path: Path) -> None:
    with pytest.raises(BundleRefused, match="is no part of a bundle"):
        make_bundle(states={(plugin, "scorer"): ("1", {})})
    assert not list(tmp_path.rglob("state.toml"))


def test_that_listing_bundles_imports_no_torch() -> None:
    code = "import sys, viewer.cli.bundles, viewer.engine.bundle; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_that_folders_and_zips_are_found_and_the_refused_say_why(
    make_bundle: Make, tmp_path: Path, zipped: Zip
) -> None:
    good = make_bundle(folder="shelf/b-good")
    zipped(good.path, tmp_path / "shelf/c-packed.zip")
    (make_bundle(folder="shelf/a-bad").path / "CARD.md").write_text("changed")
    (tmp_path / "shelf/notes.txt").write_text("not a bundle")
    (tmp_path / "shelf/.hidden").mkdir()
    found = find_bundles([tmp_path / "absent", tmp_path / "shelf"])
    assert [type(item).__name__ for item in found] == ["BundleRefused", "Bundle", "Bundle"]
    assert "CARD.md was changed" in str(found[0])


def test_that_the_only_bundle_for_the_modality_is_chosen(make_bundle: Make) -> None:
    skin = make_bundle(folder="a", name="skin")
    lung = make_bundle(folder="b", name="lung", modality=Modality.ULTRASOUND)
    demo = make_bundle(folder="c", name="phantom", demonstration=True)
    chest = make_bundle(folder="d", name="chest", modality=Modality.XRAY, demonstration=True)
    everything = (skin, lung, demo, chest)
    assert choose_bundle(everything, name=None, modality=Modality.DERMOSCOPY) is skin
    assert choose_bundle(everything, name=None, modality=Modality.ULTRASOUND) is lung
    assert choose_bundle(everything, name=None, modality=Modality.XRAY) is chest
    assert choose_bundle(everything, name="phantom", modality=Modality.ULTRASOUND) is demo
    with pytest.raises(ViewerError, match=r"no model is made for unknown pictures; name one: chest \(xray\), lung"):
        choose_bundle(everything, name=None, modality=Modality.UNKNOWN)
    with pytest.raises(ViewerError, match="there is no model 'heart'; there are: chest"):
        choose_bundle(everything, name="heart", modality=Modality.XRAY)
    with pytest.raises(ViewerError, match="none installed"):
        choose_bundle((), name=None, modality=Modality.XRAY)


def test_that_two_bundles_for_one_modality_must_be_told_apart(make_bundle: Make) -> None:
    both = (make_bundle(folder="a", name="skin"), make_bundle(folder="b", name="moles"))
    with pytest.raises(ViewerError, match=r"more than one model .* moles \(dermoscopy\), skin \(dermoscopy\)"):
        choose_bundle(both, name=None, modality=Modality.DERMOSCOPY)


def test_that_a_bundle_that_serves_others_is_chosen_only_where_nothing_but_demonstrations_matches(
    make_bundle: Make,
) -> None:
    skin, outlines = make_bundle(folder="a", name="skin"), make_bundle(folder="b", name="outlines", auxiliary=True)
    demo = make_bundle(folder="c", name="phantom", demonstration=True)
    assert choose_bundle((outlines, demo, skin), modality=Modality.DERMOSCOPY) is skin
    assert choose_bundle((outlines, demo), modality=Modality.DERMOSCOPY) is outlines
    assert choose_bundle((outlines, demo, skin), name="outlines") is outlines


def test_that_the_newest_version_is_chosen_unless_another_is_named(make_bundle: Make) -> None:
    versions = [make_bundle(folder=f"v{version}", version=version) for version in ("1.9", "1.10", "1.2")]
    assert choose_bundle(versions, name=None, modality=Modality.DERMOSCOPY).manifest.version == "1.10"
    assert choose_bundle(versions, name="spots@1.9").manifest.version == "1.9"


def test_that_naming_a_refused_bundle_says_why_it_was_refused(tmp_path: Path) -> None:
    refusal = BundleRefused(tmp_path / "spots.zip", reason="CARD.md was changed")
    with pytest.raises(BundleRefused, match=r"CARD\.md was changed"):
        choose_bundle((refusal,), name="spots")


def test_that_a_state_whose_header_is_as_long_as_a_pickle_begins_is_no_pickle(make_bundle: Make) -> None:
    # The length 0x0180 of the header is written 80 01, as pickle protocol 1 begins.
    for letters in range(250, 330):
        state = {"a" * letters: np.zeros(1, np.float32)}
        if len(save(state)) - 4 - 8 == 0x0180:
            break
    bundle = make_bundle(states={("other", "long"): ("1", state)})
    content = dict(bundle.content())["state/other.long/state.safetensors"]
    assert content.startswith(b"\x80\x01")
    kept = bundle.state("other", "long", "1")
    assert kept is not None
    assert list(kept) == list(state)
