"""A bundle of bundles: whole, verified, and refused with the name of the member that is not."""

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from viewer.domain.bundle import Membership
from viewer.domain.errors import BundleRefused, ViewerError
from viewer.domain.image import Modality
from viewer.engine.bundle import Bundle, ensemble_manifest, read_bundle, rewrite_bundle, write_bundle

Make = Callable[..., Bundle]


@pytest.fixture
def members(make_bundle: Make) -> list[Bundle]:
    return [
        make_bundle(folder="a", name="a", seed=1, temperature=2.0, predictions={"fit": [{"group": "g"}]}),
        make_bundle(folder="b", name="b", seed=2, architecture="tiny_dense", classes=("wart", "nevus", "melanoma")),
    ]


@pytest.fixture
def ensemble(members: list[Bundle], tmp_path: Path) -> Bundle:
    manifest = ensemble_manifest(members, "both", weights=[0.75, 0.25])
    return write_bundle(tmp_path / "both", manifest, members, card="# Both\n", temperature=1.5)


def refusal(path: Path) -> str:
    with pytest.raises(BundleRefused) as caught:
        read_bundle(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_that_members_come_back_as_they_were(ensemble: Bundle, members: list[Bundle]) -> None:
    assert [own.name for own in ensemble.manifest.members] == ["a", "b"]
    assert ensemble.manifest.classes == members[0].manifest.classes
    for kept, member in zip(ensemble.members, members, strict=True):
        assert kept.manifest == member.manifest
        assert kept.temperature == member.temperature
        assert kept.weights_digest == member.weights_digest
        assert not kept.predictions("fit")


def test_that_it_has_no_weights_of_its_own(ensemble: Bundle) -> None:
    with pytest.raises(BundleRefused, match="its members have the weights"):
        ensemble.weights()


def test_that_a_member_can_be_used_alone(ensemble: Bundle) -> None:
    assert read_bundle(ensemble.path / "members" / "a").manifest.name == "a"


def test_that_a_zip_of_an_ensemble_is_the_same_bundle(ensemble: Bundle, zipped: Callable[..., Path]) -> None:
    packed = read_bundle(zipped(ensemble.path, ensemble.path.with_suffix(".zip"), "both/"))
    assert packed.digest == ensemble.digest
    assert packed.weights_digest == ensemble.weights_digest
    assert len(packed.members[1].weights())


def test_that_it_keeps_its_calibration_when_it_is_written_again(ensemble: Bundle, tmp_path: Path) -> None:
    again = rewrite_bundle(ensemble, tmp_path / "again", card="# Again\n", combination={}, combination_note="")
    assert again.weights_digest == ensemble.weights_digest
    assert again.temperature == 1.5


def test_that_other_weights_of_the_members_make_it_another_model(
    ensemble: Bundle, members: list[Bundle], tmp_path: Path
) -> None:
    equal = write_bundle(tmp_path / "equal", ensemble_manifest(members, "both"), members, card="# Both\n")
    assert equal.weights_digest != ensemble.weights_digest


def test_that_a_calibration_for_other_weights_is_refused(ensemble: Bundle, seal: Callable[[Path], None]) -> None:
    file = ensemble.path / "model.toml"
    file.write_text(file.read_text().replace("0.75", "0.5").replace("0.25", "0.5"))
    seal(ensemble.path)
    assert "its calibration was made for other weights" in refusal(ensemble.path)


def test_that_a_damaged_member_is_named(ensemble: Bundle) -> None:
    file = ensemble.path / "members" / "b" / "weights.safetensors"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert "members/b/weights.safetensors was changed after the bundle was made" in refusal(ensemble.path)


def test_that_a_member_damaged_before_it_was_hashed_is_named(ensemble: Bundle, seal: Callable[[Path], None]) -> None:
    (ensemble.path / "members" / "b" / "model.toml").write_text("format = 1\n")
    seal(ensemble.path)
    assert "members/b: model.toml was changed after the bundle was made" in refusal(ensemble.path)


def test_that_a_missing_member_is_named(ensemble: Bundle, seal: Callable[[Path], None]) -> None:
    shutil.rmtree(ensemble.path / "members" / "b")
    assert "members/b/CARD.md is missing" in refusal(ensemble.path)
    seal(ensemble.path)
    assert "do not agree on b" in refusal(ensemble.path)


def test_that_a_member_nobody_named_is_refused(ensemble: Bundle, seal: Callable[[Path], None]) -> None:
    shutil.copytree(ensemble.path / "members" / "b", ensemble.path / "members" / "c")
    seal(ensemble.path)
    assert "do not agree on c" in refusal(ensemble.path)


def test_that_weights_of_its_own_are_refused(ensemble: Bundle, seal: Callable[[Path], None]) -> None:
    shutil.copy(ensemble.path / "members" / "a" / "weights.safetensors", ensemble.path)
    seal(ensemble.path)
    assert "do not agree on weights.safetensors" in refusal(ensemble.path)


def test_that_a_pickle_inside_a_member_is_refused(ensemble: Bundle) -> None:
    (ensemble.path / "members" / "a" / "model.pkl").write_bytes(b"x")
    assert "is a pickle" in refusal(ensemble.path)


def test_that_members_of_other_classes_are_refused(make_bundle: Make, members: list[Bundle]) -> None:
    other = make_bundle(folder="c", name="c", classes=("melanoma", "nevus", "scar"))
    with pytest.raises(BundleRefused, match="which differ in scar, wart"):
        ensemble_manifest([*members, other], "all")


def test_that_members_for_another_kind_of_picture_are_refused(make_bundle: Make, members: list[Bundle]) -> None:
    other = make_bundle(folder="c", name="c", modality=Modality.XRAY)
    with pytest.raises(BundleRefused, match="made for xray pictures, the others for dermoscopy pictures"):
        ensemble_manifest([*members, other], "all")


def test_that_an_ensemble_of_ensembles_is_refused(ensemble: Bundle, members: list[Bundle]) -> None:
    with pytest.raises(BundleRefused, match="an ensemble itself"):
        ensemble_manifest([members[0], ensemble], "all")


def test_that_members_of_one_name_are_told_apart(members: list[Bundle]) -> None:
    manifest = ensemble_manifest([members[0], members[0], members[1]], "all")
    assert [own.name for own in manifest.members] == ["a-1", "a-2", "b"]


@pytest.mark.parametrize("count", [1, 10])
def test_that_too_few_or_many_members_are_refused(members: list[Bundle], count: int) -> None:
    with pytest.raises(ViewerError, match="2 to 9 members"):
        ensemble_manifest([members[0]] * count, "all")


@pytest.mark.parametrize("weights", [(0.7, 0.7), (-0.5, 1.5)])
def test_that_weights_that_are_no_shares_are_refused(members: list[Bundle], weights: tuple[float, float]) -> None:
    manifest = ensemble_manifest(members, "both")
    with pytest.raises(ValueError, match="no shares of 1"):
        replace(manifest, members=tuple(Membership(name=n, weight=w) for n, w in zip("ab", weights, strict=True)))


def test_that_only_an_ensemble_has_members(members: list[Bundle]) -> None:
    with pytest.raises(ValueError, match="nothing else, has members"):
        replace(ensemble_manifest(members, "both"), architecture="tiny")


def test_that_a_path_out_of_the_members_folder_is_refused(ensemble: Bundle, tmp_path: Path) -> None:
    packed = tmp_path / "evil.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("model.toml", "x")
        archive.writestr("members/a/../../x/model.toml", "x")
    assert "outside the bundle" in refusal(packed)
