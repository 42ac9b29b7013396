"""Whatever goes wrong, no light is green: every fault, on every shipped bundle and on one that does go green.

The plugin host, the engine and the scorers are the real ones. The bundle that is made here holds a network of random
weights whose own answers are its truth, so it is nearly always right and earns a certificate.
"""

import hashlib
import shutil
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
import tomli_w
from numpy.typing import NDArray
from PIL import Image
from viewer_second_opinion.cascade import Gain, SecondOpinion
from viewer_second_opinion.choosing import INPUTS
from viewer_segmentation_cam.network.architectures import unet_architectures

from viewer.datasets.sample import Sample
from viewer.domain.bundle import Manifest
from viewer.domain.errors import BundleRefused
from viewer.domain.evidence import Evidence, Need, State
from viewer.domain.image import Clip, Frame, Modality
from viewer.domain.result import Light, Proposal, Score
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle, find_bundles, read_bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.engine.preprocess import preprocess
from viewer.engine.surroundings import Place
from viewer.host.discovery import PluginHost
from viewer.phantoms.cohort import lesion_cohort, ultrasound_cohort
from viewer.phantoms.faults import FAULTS
from viewer.protocols import Opinion, Scorer
from viewer.resources import shipped_bundles
from viewer.session.assessor import Assessor
from viewer.session.folder import MISFIT, FolderCheck
from viewer.settings import Settings
from viewer.testing.bundles import tiny_bundle
from viewer.testing.fakes import MISBEHAVIOURS, FakeOpinion, Hangs, entry_point, plugin_module
from viewer.training.calibrating import Calibrating, certify_bundle
from viewer.training.calibration import HeldOut, calibrate

pytestmark = pytest.mark.integration

ARCHITECTURES = Architectures(unet_architectures())
"""The viewer's, and those of the plugin that shipped bundles need."""

SHIPPED = tuple(bundle.manifest.name for bundle in find_bundles([shipped_bundles()]) if isinstance(bundle, Bundle))
MADE_HERE = "made-here"
DEMONSTRATIONS = ("phantom-clip", "phantom-lesion")
"""Certified on phantoms, which are at hand; dermoscopy-8 needs real lesions (see test_shipped_bundles)."""
NAMES = (*SHIPPED, MADE_HERE)
PLUGIN = "confidence-scores"
FIT, CERTIFY, FRESH = 110, 110, 20
FEW = 2
"""Pictures that each fault of a plugin is tried on."""

Wrong = Callable[[NDArray[np.float32], Manifest], NDArray[np.float32]]


@pytest.fixture(scope="module")
def host() -> Iterator[PluginHost]:
    host = PluginHost(Settings())
    host.load()
    yield host
    host.close()


@pytest.fixture(scope="module")
def lesions() -> list[NDArray[np.uint8]]:
    pictures = lesion_cohort(FIT + CERTIFY + FRESH, seed=77, lesions_per_patient=1, size=96)
    return [lesion.pixels for lesion in pictures]


@pytest.fixture(scope="module")
def made_here(tmp_path_factory: pytest.TempPathFactory, host: PluginHost, lesions: list[NDArray[np.uint8]]) -> Bundle:
    """A bundle whose model is right but for the two answers in fifty that it trusts least."""
    folder = tmp_path_factory.mktemp("made")
    bundle = read_bundle(tiny_bundle(folder, name="raw"))
    engine = Engine(bundle, Architectures(), device="cpu", cache_bytes=0)
    known = lesions[: FIT + CERTIFY]
    evidence = engine.evidence([Picture(rgb) for rgb in known], frozenset({Need.LOGITS}))
    labels = np.array(evidence.predicted)
    doubtful = np.argsort(evidence.probabilities.max(axis=1))[: len(known) // 25]
    labels[doubtful] = (labels[doubtful] + 1) % len(bundle.manifest.classes)
    samples = []
    for number, (rgb, label) in enumerate(zip(known, labels, strict=True)):
        Image.fromarray(rgb).save(folder / f"{number}.png")
        samples.append(Sample(folder / f"{number}.png", int(label), f"patient {number}"))
    held_out = HeldOut(fit=samples[:FIT], certify=samples[FIT:], seed=0)
    silent: Callable[[str], None] = lambda sentence: None  # noqa: E731
    fitted = calibrate(bundle, engine, host, held_out, made="", out=folder / "fitted", say=silent).bundle
    asked = Calibrating(out=folder / MADE_HERE, made=date(2026, 3, 1))
    return certify_bundle(fitted, host, asked, silent)


class Still:
    """A file with one picture."""

    def __init__(self, path: Path, rgb: NDArray[np.uint8], modality: Modality) -> None:
        rows, columns, _ = rgb.shape
        self.clip = Clip(
            path=path, kind="raster", frames=1, rows=rows, columns=columns, photometric="RGB", modality=modality
        )
        self._frame = Frame(values=rgb, grey=None)

    def decode(self, index: int) -> Frame:
        return self._frame

    def close(self) -> None:
        pass


class Room:
    """One bundle, its engine, and pictures of the kind it is for."""

    def __init__(self, bundle: Bundle, pictures: Sequence[NDArray[np.uint8]]) -> None:
        self.bundle = bundle
        self.pictures = tuple(pictures)
        self.modality = bundle.manifest.modality
        self.grey = all(np.ptp(rgb, axis=2).max() == 0 for rgb in pictures)
        self.engine = Engine(bundle, ARCHITECTURES, device="cpu")

    def forget(self) -> None:
        """The evidence of earlier pictures, which a fault of preprocessing would else not touch."""
        self.engine = Engine(self.bundle, ARCHITECTURES, device="cpu", cache_bytes=0)

    def lights(
        self,
        host: PluginHost,
        pictures: Sequence[NDArray[np.uint8]] | None = None,
        modality: Modality | None = None,
        folder: str = "",
        site: str = "",
    ) -> set[Light]:
        assessor = Assessor(self.engine, host, explaining=False).within(folder).at(site)
        shown = [Place.alone(Picture(rgb)) for rgb in (self.pictures[:FEW] if pictures is None else pictures)]
        return {found.light for found in assessor.assess(shown, modality or self.modality)}


def shipped(name: str, lesions: list[NDArray[np.uint8]]) -> Room:
    """A shipped bundle with phantoms of what it is for."""
    bundle = read_bundle(shipped_bundles() / name)
    if bundle.manifest.modality is Modality.ULTRASOUND:
        clips = ultrasound_cohort(FRESH, 78, clips_per_patient=1, frames=2)
        return Room(bundle, [np.repeat(next(iter(clip)).pixels[..., None], 3, axis=2) for clip in clips])
    return Room(bundle, lesions[-FRESH:])


@pytest.fixture(scope="module", params=NAMES)
def room(request: pytest.FixtureRequest, lesions: list[NDArray[np.uint8]]) -> Room:
    if request.param == MADE_HERE:
        return Room(request.getfixturevalue("made_here"), lesions[-FRESH:])
    return shipped(request.param, lesions)


def test_that_good_pictures_do_go_green(
    made_here: Bundle, lesions: list[NDArray[np.uint8]], host: PluginHost
) -> None:
    """Without this, everything below would be true of a light that is always grey."""
    assert made_here.certificate is not None
    assert made_here.certificate.certified
    shown = [Place.alone(Picture(rgb)) for rgb in lesions[-FRESH:]]
    room = Room(made_here, lesions[-FRESH:])
    found = Assessor(room.engine, host, explaining=False).assess(shown, room.modality)
    assert sum(one.light is Light.GREEN for one in found) >= FRESH / 2
    assert Light.GREEN in room.lights(host)


@pytest.mark.parametrize("name", DEMONSTRATIONS)
def test_that_good_phantoms_do_go_green_on_the_bundles_for_them(
    name: str, lesions: list[NDArray[np.uint8]], host: PluginHost
) -> None:
    room = shipped(name, lesions)
    assert folder_fault(room, host) == ""
    shown = [Place.alone(Picture(rgb)) for rgb in room.pictures]
    found = Assessor(room.engine, host, explaining=False).assess(shown, room.modality)
    assert sum(one.light is Light.GREEN for one in found) >= FRESH / 2
    assert Light.GREEN in room.lights(host)  # of the few pictures that the faults below are tried on


class Tampered:
    """A scorer with another answer, version or name, that is else the one it stands for."""

    def __init__(self, scorer: Scorer, answer: Callable[[Evidence], Any] | None = None, version: str = "") -> None:
        self._scorer = scorer
        self._answer = answer
        self.name, self.title, self.about, self.needs = scorer.name, scorer.title, scorer.about, scorer.needs
        self.version = version or scorer.version

    def fit(self, calibration: Any) -> State:
        return {}

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        answers: Sequence[Score] = (
            self._scorer.score(evidence, state) if self._answer is None else self._answer(evidence)
        )
        return answers


def late(evidence: Evidence) -> Any:
    time.sleep(0.5)
    return [Score(trust=1.0, raw=0.0)] * len(evidence)


def abstains(evidence: Evidence) -> Any:
    return [Score(trust=None, note="not today")] * len(evidence)


FAULTS_OF_SCORERS: Mapping[str, Callable[[Scorer], list[Scorer]]] = {
    "missing": lambda scorer: [],
    "stale": lambda scorer: [Tampered(scorer, version="0")],
    "abstains": lambda scorer: [Tampered(scorer, abstains)],
    "late": lambda scorer: [Tampered(scorer, late)],
    **{
        name: lambda scorer, answer=answer: [Tampered(scorer, answer)]  # type: ignore[misc]
        for name, answer in MISBEHAVIOURS.items()
    },
}


@pytest.fixture
def hosts() -> Iterator[Callable[..., PluginHost]]:
    """Hosts of plugins made in memory, each with little patience."""
    with ExitStack() as stack:

        def make(
            scorers: Mapping[str, Sequence[Scorer]],
            budget_s: float = 10.0,
            opinions: Mapping[str, Sequence[Opinion]] = MappingProxyType({}),
        ) -> PluginHost:
            points = [
                entry_point(name, plugin_module(scorers=scorers.get(name, ()), opinions=opinions.get(name, ())))
                for name in dict.fromkeys([*scorers, *opinions])
            ]
            made = PluginHost(Settings(plugin_budget_s=budget_s), points)
            made.load()
            stack.callback(made.close)
            return made

        yield make


def scorers_of(host: PluginHost) -> dict[str, list[Scorer]]:
    """By plugin."""
    found: dict[str, list[Scorer]] = {}
    for offer in host.scorers:
        found.setdefault(offer.plugin, []).append(offer.thing)
    return found


def named_scorers(room: Room, host: PluginHost) -> Sequence[str]:
    named = Assessor(room.engine, host, explaining=False).grounds.named
    assert named
    return named


def replaced(host: PluginHost, name: str, by: Callable[[Scorer], list[Scorer]]) -> dict[str, list[Scorer]]:
    return {
        plugin: [kept for scorer in scorers for kept in (by(scorer) if scorer.name == name else [scorer])]
        for plugin, scorers in scorers_of(host).items()
    }


def test_that_the_same_scorers_made_in_memory_change_nothing(
    made_here: Bundle, room: Room, host: PluginHost, hosts: Callable[..., PluginHost]
) -> None:
    """So that what follows is due to the fault, and not to the way it is brought in."""
    assert room.lights(hosts(scorers_of(host))) == room.lights(host)


def test_that_no_light_claims_anything_at_a_site_whose_cases_have_drifted(room: Room, host: PluginHost) -> None:
    assert room.lights(host, site="the cases here have drifted") == {Light.GREY}


@pytest.mark.parametrize("fault", FAULTS_OF_SCORERS)
def test_that_no_fault_of_a_named_scorer_leaves_a_light_green(
    room: Room, host: PluginHost, hosts: Callable[..., PluginHost], fault: str
) -> None:
    for name in named_scorers(room, host):
        scorers = replaced(host, name, FAULTS_OF_SCORERS[fault])
        broken = hosts(scorers, 0.2 if fault == "late" else 10.0)
        assert Light.GREEN not in room.lights(broken), name
        # And of the next pictures, when the plugin has been switched off.
        assert fault != "late" or Light.GREEN not in room.lights(broken), name


def test_that_a_named_scorer_that_hangs_leaves_no_light_green(
    room: Room, host: PluginHost, hosts: Callable[..., PluginHost]
) -> None:
    for name in named_scorers(room, host):
        hangs = Hangs()
        scorers = replaced(host, name, lambda scorer, hangs=hangs: [Tampered(scorer, hangs)])
        stuck = hosts(scorers, 0.2)
        assert Light.GREEN not in room.lights(stuck), name
        hangs.release()
        assert Light.GREEN not in room.lights(stuck), name


def test_that_scorers_of_another_plugin_are_not_those_that_were_tested(
    room: Room, host: PluginHost, hosts: Callable[..., PluginHost]
) -> None:
    forks = {f"fork-of-{plugin}": scorers for plugin, scorers in scorers_of(host).items()}
    assert Light.GREEN not in room.lights(hosts(forks))


def test_that_a_disabled_plugin_leaves_no_light_green(room: Room) -> None:
    disabled = PluginHost(Settings(disabled_plugins=frozenset({PLUGIN})))
    disabled.load()
    assert Light.GREEN not in room.lights(disabled)
    disabled.close()


def test_that_an_opinion_that_changes_the_class_leaves_no_light_green(
    room: Room, host: PluginHost, hosts: Callable[..., PluginHost]
) -> None:
    def another(evidence: Evidence) -> list[Proposal]:
        others = (evidence.predicted + 1) % len(evidence.classes)
        return [Proposal(final=int(other), source="a test", reason="so it is") for other in others]

    overruling = hosts(scorers_of(host), opinions={"more": [FakeOpinion("contrary", another)]})
    assert Light.GREEN not in room.lights(overruling)


class Convinced(SecondOpinion):
    """The real one, where it had helped, no answer seemed reliable and similar frames were of other classes."""

    def propose(self, evidence: Evidence, state: State) -> Sequence[Proposal | None]:
        convinced = {
            **Gain(groups=100, before=0.5, after=0.6, least=0.05, by_class=0.05).state,
            "reliability.uses": np.array([name == "alone" for name in INPUTS]),
            "reliability.weight": np.ones(1),
            "reliability.bias": np.array([-100.0]),
            "similar.labels": (state["similar.labels"] + 1) % len(evidence.classes),
            "similar.features": state["similar.features"].copy(),
        }
        return super().propose(evidence, {**state, **convinced})


def test_that_answers_changed_by_similar_frames_are_grey_and_all_others_keep_their_light(
    made_here: Bundle, lesions: list[NDArray[np.uint8]], host: PluginHost, hosts: Callable[..., PluginHost]
) -> None:
    room = Room(made_here, lesions[-FRESH:])
    convinced = hosts(scorers_of(host), opinions={"second-opinion": [Convinced()]})
    shown = [Place.alone(Picture(rgb)) for rgb in room.pictures]
    plain, judged = (
        Assessor(room.engine, either, explaining=False).assess(shown, room.modality) for either in (host, convinced)
    )
    changed = [one for one in judged if one.final != one.predicted]
    assert changed
    assert {one.light for one in changed} == {Light.GREY}
    assert all("second opinion: " in one.trail and " other patient" in one.trail for one in changed)
    kept = [(before.light, after.light) for before, after in zip(plain, judged, strict=True) if after not in changed]
    assert all(before is after for before, after in kept)


@pytest.mark.parametrize("modality", Modality)
def test_that_a_picture_of_another_or_an_unsaid_kind_is_never_green(
    room: Room, host: PluginHost, modality: Modality
) -> None:
    if modality is not room.modality:
        assert room.lights(host, modality=modality) == {Light.GREY}


def _changed_input(change: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Wrong:
    """The network's input made of other RGB in [0, 1] than the picture's, normalised as ever."""

    def wrong(planes: NDArray[np.float32], manifest: Manifest) -> NDArray[np.float32]:
        mean, std = (np.asarray(values)[:, None, None] for values in (manifest.mean, manifest.std))
        return ((change(planes * std + mean) - mean) / std).astype(np.float32)

    return wrong


def _unnormalised(planes: NDArray[np.float32], manifest: Manifest) -> NDArray[np.float32]:
    mean, std = (np.asarray(values)[:, None, None] for values in (manifest.mean, manifest.std))
    return (planes * std + mean).astype(np.float32)


WRONG_INPUTS: Mapping[str, Wrong] = {
    "not divided by 255": _changed_input(lambda rgb: rgb * 255),
    "divided by 255 twice": _changed_input(lambda rgb: rgb / 255),
    "inverted": _changed_input(lambda rgb: 1 - rgb),
    "channels swapped": _changed_input(lambda rgb: rgb[::-1]),
    "mean and standard deviation left out": _unnormalised,
}


@pytest.mark.parametrize("fault", WRONG_INPUTS)
def test_that_a_folder_prepared_wrongly_is_never_green(
    room: Room, host: PluginHost, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """The look of single pictures, and of the folder where the single ones do not show it."""
    if room.grey and fault == "channels swapped":
        return  # that is no fault
    wrong = WRONG_INPUTS[fault]
    room.forget()
    manifest = room.bundle.manifest
    monkeypatch.setattr(Engine, "_input", lambda _, picture: wrong(preprocess(picture, manifest), manifest))
    assert Light.GREEN not in folder_lights(room, host, room.pictures)


@pytest.mark.parametrize("fault", ["inverted", "channels_swapped", "scaled_twice", "wrong_gamma", "other_modality"])
def test_that_a_folder_of_faulty_pictures_is_never_green(room: Room, host: PluginHost, fault: str) -> None:
    if room.grey and fault == "channels_swapped":
        return  # that is no fault
    faulty = [FAULTS[fault](rgb) for rgb in room.pictures]
    assert Light.GREEN not in folder_lights(room, host, faulty)


def test_that_a_good_folder_is_not_at_fault(
    made_here: Bundle, lesions: list[NDArray[np.uint8]], host: PluginHost
) -> None:
    room = Room(made_here, lesions[-FRESH:])
    assert folder_fault(room, host) == ""
    assert folder_fault(room, host, [FAULTS["channels_swapped"](rgb) for rgb in room.pictures]) == MISFIT


def folder_lights(room: Room, host: PluginHost, pictures: Sequence[NDArray[np.uint8]]) -> set[Light]:
    """Lights of a folder; where it is at fault as a whole that decides every light, and a few are looked at."""
    fault = folder_fault(room, host, pictures)
    return room.lights(host, pictures[:FEW] if fault else pictures, folder=fault)


def folder_fault(room: Room, host: PluginHost, pictures: Sequence[NDArray[np.uint8]] | None = None) -> str:
    """What the look at a folder of these pictures comes to."""
    shown = room.pictures if pictures is None else pictures
    assessor = Assessor(room.engine, host, explaining=False)

    def open_file(path: Path) -> Still:
        return Still(path, shown[int(path.stem)], room.modality)

    files = [Path(f"{number}.png") for number in range(len(shown))]
    return FolderCheck(assessor, files, open_file).fault(lambda: False, lambda done, total: None)


def copied(bundle: Bundle, folder: Path) -> Path:
    for name, data in bundle.content():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    shutil.copy(bundle.path / "hashes.toml", folder / "hashes.toml")
    return folder


def hashed_anew(folder: Path) -> Path:
    """Make the list of hashes right for what lies there, as somebody who knows the format would."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    listed = {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "hashes.toml"}
    (folder / "hashes.toml").write_text(tomli_w.dumps({"sha256": listed}), encoding="utf-8")
    return folder


def test_that_a_bundle_of_which_any_byte_was_changed_is_refused(room: Room, tmp_path: Path) -> None:
    for number, name in enumerate(room.bundle.hashes):
        folder = copied(room.bundle, tmp_path / str(number))
        data = bytearray((folder / name).read_bytes())
        data[len(data) // 2] ^= 1
        (folder / name).write_bytes(data)
        with pytest.raises(BundleRefused):
            read_bundle(folder)
        shutil.rmtree(folder)


def edited(path: Path, **values: Any) -> None:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    path.write_text(tomli_w.dumps(table | values), encoding="utf-8")


CERTIFICATE = "calibration/certificate.toml"


@pytest.mark.parametrize(
    ("name", "tamper"),
    [
        ("weights.safetensors", lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\x01")),
        ("calibration/gate.safetensors", lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\x01")),
        ("calibration/gate.safetensors", Path.unlink),
        ("calibration/distributions.safetensors", lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\x01")),
        ("calibration/calibration.toml", lambda path: edited(path, temperature=9.0)),
        ("calibration/calibration.toml", lambda path: edited(path, versions={"softmax": "0"})),
        ("calibration/calibration.toml", lambda path: edited(path, combination={"energy": 1.0})),
        (CERTIFICATE, lambda path: edited(path, made_for="0" * 64)),
        (CERTIFICATE, lambda path: edited(path, gate="0" * 64)),
        (CERTIFICATE, lambda path: edited(path, classes=["a", "b"])),
        (
            f"state/{PLUGIN}.middle_mahalanobis/state.safetensors",
            lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\x01"),
        ),
    ],
)
def test_that_a_certificate_for_anything_else_is_refused_though_every_hash_is_right(
    made_here: Bundle, tmp_path: Path, name: str, tamper: Callable[[Path], object]
) -> None:
    folder = copied(made_here, tmp_path / "tampered")
    tamper(folder / name)
    with pytest.raises(BundleRefused):
        read_bundle(hashed_anew(folder))


def test_that_a_state_of_another_version_is_not_used_and_leaves_no_light_green(
    made_here: Bundle, lesions: list[NDArray[np.uint8]], host: PluginHost, tmp_path: Path
) -> None:
    folder = copied(made_here, tmp_path / "stale")
    edited(folder / f"state/{PLUGIN}.middle_mahalanobis/state.toml", version="0")
    stale = Room(read_bundle(hashed_anew(folder)), lesions[-FRESH:])
    assert stale.lights(host) == {Light.GREY}


def test_that_a_bundle_without_its_certificate_or_its_gate_is_never_green(
    made_here: Bundle, lesions: list[NDArray[np.uint8]], host: PluginHost, tmp_path: Path
) -> None:
    for number, left_out in enumerate(([CERTIFICATE], [CERTIFICATE, "calibration/gate.safetensors"])):
        folder = copied(made_here, tmp_path / str(number))
        for name in left_out:
            (folder / name).unlink()
        bare = Room(read_bundle(hashed_anew(folder)), lesions[-FRESH:])
        assert Light.GREEN not in bare.lights(host)
