"""Every way in which a bundle can be wrong ends in one sentence."""

import hashlib
import pickle
import stat
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from viewer.domain.errors import BundleRefused
from viewer.engine.bundle import Bundle, read_bundle
from viewer.engine.bundle.files import MOST_FILES

Make = Callable[..., Bundle]
Zip = Callable[..., Path]


def seal(folder: Path) -> None:
    """Record the hashes of what lies there now, as an attacker would."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "hashes.toml"]
    hashes = {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    (folder / "hashes.toml").write_text(tomli_w.dumps({"sha256": hashes}))


def edit(folder: Path, name: str, change: Callable[[dict], object]) -> None:
    table = tomllib.loads((folder / name).read_text())
    change(table)
    (folder / name).write_text(tomli_w.dumps(table))
    seal(folder)


def sentence(path: Path) -> str:
    with pytest.raises(BundleRefused) as caught:
        read_bundle(path)
    reason = caught.value.reason
    assert "\n" not in reason
    assert str(path) in str(caught.value)
    return reason


def digest_or_reason(path: Path) -> str:
    try:
        return read_bundle(path).digest
    except BundleRefused as refusal:
        return refusal.reason


@pytest.fixture
def folder(make_bundle: Make) -> Path:
    return make_bundle(
        states={("confidence-scores", "knn"): ("1", {"kept": np.ones((4, 2), np.float32)})},
        distributions={"softmax": np.linspace(0, 1, 5)},
        predictions={"fit": [{"group": "g1", "true": "wart"}]},
    ).path


def test_that_something_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.zip").write_text("not a zip")
    assert sentence(tmp_path / "notes.zip") == "it is neither a folder nor a zip"
    assert "cannot be read" in sentence(tmp_path / "absent")
    (tmp_path / "empty").mkdir()
    assert sentence(tmp_path / "empty") == "it has no model.toml, so it is no bundle"


@pytest.mark.parametrize("name", ["model.toml", "weights.safetensors", "CARD.md", "hashes.toml"])
def test_that_a_bundle_without_one_of_its_parts_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert name in sentence(folder)


def test_that_a_listed_file_that_is_missing_is_refused(folder: Path) -> None:
    (folder / "state/confidence-scores.knn/state.safetensors").unlink()
    assert sentence(folder) == "state/confidence-scores.knn/state.safetensors is missing"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_that_a_changed_byte_anywhere_is_refused(folder: Path, data: st.DataObject) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    file = data.draw(st.sampled_from(files))
    whole = file.read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    flip = data.draw(st.integers(1, 255))
    file.write_bytes(whole[:place] + bytes([whole[place] ^ flip]) + whole[place + 1 :])
    answer = digest_or_reason(folder)
    file.write_bytes(whole)
    if answer == digest_or_reason(folder):  # a space more or less in the list of hashes lists the same hashes
        assert file.name == "hashes.toml"
    else:
        assert " " in answer


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_that_a_damaged_zip_is_refused_or_says_the_same(folder: Path, data: st.DataObject, zipped: Zip) -> None:
    path = zipped(folder, folder.parent / "damaged.zip")
    whole = path.read_bytes()
    place, flip = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(1, 255))
    path.write_bytes(whole[:place] + bytes([whole[place] ^ flip]) + whole[place + 1 :])
    answer = digest_or_reason(path)
    assert " " in answer or answer == digest_or_reason(folder)


def test_that_an_added_file_is_refused(folder: Path) -> None:
    (folder / "calibration/certify.csv").write_text("group\n")
    assert "was added" in sentence(folder)


def test_that_a_file_that_is_no_part_of_a_bundle_is_refused(folder: Path) -> None:
    (folder / "run_me.py").write_text("print('hello')")
    seal(folder)
    assert sentence(folder) == "run_me.py is no part of a bundle"


@pytest.mark.parametrize("name", ["weights.pth", "model.pkl", "state/confidence-scores.knn/state.npy", "a.ckpt"])
def test_that_a_pickle_is_refused_by_its_name(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"")
    assert "is a pickle" in sentence(folder)


def _npy(path: Path) -> bytes:
    np.save(path, np.array([{}], dtype=object), allow_pickle=True)
    return path.read_bytes()


def _zip_of_pickle(path: Path) -> bytes:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({}))
    return path.read_bytes()


@pytest.mark.parametrize(
    "name", ["weights.safetensors", "CARD.md", "hashes.toml", "state/confidence-scores.knn/state.safetensors"]
)
@pytest.mark.parametrize(
    "content",
    [lambda _: pickle.dumps({"a": 1}, 2), lambda _: pickle.dumps({"a": 1}), _npy, _zip_of_pickle],
    ids=["pickle-2", "pickle", "npy", "torch"],
)
def test_that_a_pickle_is_refused_by_its_content(
    folder: Path, tmp_path: Path, name: str, content: Callable[[Path], bytes]
) -> None:
    (folder / name).write_bytes(content(tmp_path / "made.npy"))
    if name != "hashes.toml":
        seal(folder)
    assert sentence(folder) == f"{name} is a pickle or an archive, which could run code"


def test_that_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("# Card\n")
    (folder / "CARD.md").unlink()
    try:
        (folder / "CARD.md").symlink_to(secret)
    except OSError:
        pytest.skip("this system does not let its users make links")
    assert sentence(folder) == "CARD.md leads to a path outside the bundle"


@pytest.mark.parametrize(
    "name", ["../outside.md", "/etc/passwd", "a/../../b.md", "C:/b.md", "..\\outside.md", "\\\\host\\share\\x.md"]
)
def test_that_a_zip_with_a_path_outside_is_refused(folder: Path, name: str, zipped: Zip) -> None:
    path = zipped(folder, folder.parent / "slip.zip")
    with zipfile.ZipFile(path, "a") as archive:
        member = zipfile.ZipInfo("placeholder")
        member.filename = name
        archive.writestr(member, "x")
    assert "leads to a path outside the bundle" in sentence(path)
    assert not (folder.parent.parent / "outside.md").exists()


@pytest.mark.parametrize("name", ["../outside.md", "/etc/passwd", "calibration/../../x"])
def test_that_hashes_naming_a_path_outside_are_refused(folder: Path, name: str) -> None:
    table = tomllib.loads((folder / "hashes.toml").read_text())
    table["sha256"][name] = "0" * 64
    (folder / "hashes.toml").write_text(tomli_w.dumps(table))
    assert sentence(folder) == f"{name} is missing"


def test_that_a_link_inside_a_zip_is_refused(folder: Path, zipped: Zip) -> None:
    path = zipped(folder, folder.parent / "link.zip")
    with zipfile.ZipFile(path, "a") as archive:
        member = zipfile.ZipInfo("calibration/certify.csv")
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "/etc/passwd")
    assert "is a link" in sentence(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_that_a_zip_holding_a_name_twice_is_refused(folder: Path, zipped: Zip) -> None:
    path = zipped(folder, folder.parent / "twice.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("CARD.md", "another card")
    assert sentence(path) == "it holds CARD.md twice"


def test_that_a_zip_bomb_is_refused_before_it_is_unpacked(folder: Path, zipped: Zip) -> None:
    path = zipped(folder, folder.parent / "bomb.zip")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("calibration/certify.csv", bytes(32 * 1024**2))
    assert "suspiciously many" in sentence(path)


def test_that_a_huge_file_is_refused_before_it_is_read(folder: Path) -> None:
    for name, size in (("calibration/fit.csv", 65 * 1024**2), ("model.toml", 2 * 1024**2)):
        with (folder / name).open("r+b") as file:
            file.truncate(size)
        assert sentence(folder) == f"{name} holds {size} bytes, more than a bundle may"
        (folder / name).write_bytes(b"")


def test_that_too_many_files_are_refused(folder: Path) -> None:
    for number in range(MOST_FILES // 2 + 1):
        place = folder / f"state/p.s{number}"
        place.mkdir()
        (place / "state.toml").write_text("")
        (place / "state.safetensors").write_text("")
    assert "more or larger files" in sentence(folder)


def test_that_arrays_of_an_unknown_kind_or_promising_more_than_they_hold_are_refused(folder: Path) -> None:
    header = b'{"a":{"dtype":"F32","shape":[1000000000000],"data_offsets":[0,4000000000000]}}'
    strange = b'{"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}'
    contents = (
        len(header).to_bytes(8, "little") + header,
        len(strange).to_bytes(8, "little") + strange + b"\x00\x00",
        (2**60).to_bytes(8, "little") + b"{}",
        b"\x00" * 4,
    )
    for content in contents:
        (folder / "calibration/distributions.safetensors").write_bytes(content)
        seal(folder)
        assert "is not safetensors" in sentence(folder)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.update(colour="red"), "does not know the key 'colour'"),
        (lambda t: t["input"].update(sise=3), "does not know the key 'sise'"),
        (lambda t: t.pop("classes"), "classes is missing"),
        (lambda t: t.update(classes="nevus"), "classes is not a list of texts"),
        (lambda t: t.update(classes=["nevus", 3]), "classes is not a list of texts"),
        (lambda t: t.update(classes=["nevus", "nevus"]), "at least two classes"),
        (lambda t: t.update(critical_classes=["lupus"]), "'lupus' is none of the classes"),
        (lambda t: t.update(modality="tarot"), "modality 'tarot' is none of dermoscopy"),
        (lambda t: t.update(name="Über / Bundle"), "is no name or version"),
        (lambda t: t.update(demonstration=1), "demonstration is not true or false"),
        (lambda t: t.update(format=2), "format 2 is not format 1"),
        (lambda t: t.update(format=True), "format is not a whole number"),
        (lambda t: t["input"].update(size=0), "outside 8 to"),
        (lambda t: t["input"].update(size=10**9), "outside 8 to"),
        (lambda t: t["input"].update(resize="stretch"), "squash or crop"),
        (lambda t: t["input"].update(steps=["sharpening"]), "the step 'sharpening' is none of corner_crop"),
        (lambda t: t["input"].update(steps=[3]), "not a list of texts"),
        (lambda t: t["input"].update(steps="hair_removal"), "steps is"),
        (lambda t: t["input"].update(std=[1.0, 0.0, 1.0]), "cannot normalise"),
        (lambda t: t["input"].update(mean=[0.5]), "one number for each"),
        (lambda t: t["input"].update(mean=[float("nan"), 0.0, 0.0]), "not a finite number"),
        (lambda t: t.update(taps="stem"), "taps is not a table"),
    ],
)
def test_that_a_manifest_that_makes_no_sense_is_refused(
    folder: Path, change: Callable[[dict], object], words: str
) -> None:
    edit(folder, "model.toml", change)
    assert words in sentence(folder)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.update(made_for="0" * 64), "made for other weights"),
        (lambda t: t.update(temperature=0.0), "temperature 0.0 is outside"),
        (lambda t: t.update(temperature=float("inf")), "not a finite number"),
        (lambda t: t.update(combination={"softmax": -1.0}), "is negative"),
        (lambda t: t.update(threshold=0.5), "does not know the key 'threshold'"),
    ],
)
def test_that_a_calibration_that_makes_no_sense_is_refused(
    folder: Path, change: Callable[[dict], object], words: str
) -> None:
    edit(folder, "calibration/calibration.toml", change)
    assert words in sentence(folder)


@pytest.mark.parametrize(
    "knots", [np.array([0.3, 0.1]), np.zeros((2, 2)), np.array([0.0, np.nan]), np.zeros(3, np.float32)]
)
def test_that_distributions_that_are_not_ascending_are_refused(folder: Path, knots: np.ndarray) -> None:
    file = folder / "calibration/distributions.safetensors"
    file.write_bytes(safetensors.numpy.save({"softmax": knots}))
    seal(folder)
    assert "distributions.safetensors: softmax" in sentence(folder)


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe", b"a = 1\na = 2", b"x = " + b"[" * 20000])
def test_that_a_manifest_that_is_not_toml_is_refused(folder: Path, content: bytes) -> None:
    (folder / "model.toml").write_bytes(content)
    seal(folder)
    assert sentence(folder).startswith("model.toml is not TOML")


def _swaps(bundle: Bundle) -> Iterator[Callable[[], object]]:
    yield bundle.weights
    yield lambda: bundle.state("confidence-scores", "knn", "1")
    yield lambda: bundle.predictions("fit")


def test_that_a_file_swapped_after_opening_is_refused(folder: Path) -> None:
    bundle = read_bundle(folder)
    for path in folder.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes() + b" ")
    for ask in _swaps(bundle):
        with pytest.raises(BundleRefused, match="was changed after"):
            ask()
