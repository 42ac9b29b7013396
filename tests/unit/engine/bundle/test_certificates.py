"""A bundle's certificate: read back as it was, and refused wherever it belongs to something else."""

import hashlib
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import tomli_w

from viewer.domain.certificate import Certificate, Claim, NamedScorer
from viewer.domain.errors import BundleRefused
from viewer.domain.gate import Gate
from viewer.engine.bundle import Bundle, read_bundle, rewrite_bundle
from viewer.engine.bundle.certificate import format_certificate, parse_certificate
from viewer.engine.bundle.files import CERTIFICATE, DISTRIBUTIONS, GATE, WEIGHTS

Make = Callable[..., Bundle]
WEIGHTED = {"softmax": 0.75, "knn": 0.25}
CLAIM = Claim(threshold=1 / 3, decisions=120, groups=110, errors=4, coverage=0.5)


@pytest.fixture
def bundle(make_bundle: Make) -> Bundle:
    return make_bundle(
        temperature=1.3,
        states={("scores", "knn"): ("2", {"kept": np.ones((4, 2), np.float32)})},
        distributions={"softmax": np.linspace(0, 1, 5), "knn": np.linspace(0, 1, 5)},
        versions={"softmax": "1", "knn": "2"},
    )


@pytest.fixture
def gated(make_bundle: Make, bundle: Bundle) -> Bundle:
    return make_bundle(
        folder="gated",
        temperature=1.3,
        states={("scores", "knn"): ("2", {"kept": np.ones((4, 2), np.float32)})},
        distributions=bundle.distributions,
        versions=bundle.versions,
        gate=Gate(
            scorers=("knn",),
            distances={"knn": np.array([0.1, 0.4])},
            looks=np.ones((2, 8), np.float32),
            groups=np.array([0, 1]),
            labels=np.array([0, 1]),
        ),
    )


def with_gate(bundle: Bundle) -> Certificate:
    """The certificate of a bundle with a gate."""
    made = certificate(bundle)
    return replace(made, gate=bundle.hashes[GATE], gate_scorers=(replace(made.scorers[1], weight=1.0),))


def certificate(bundle: Bundle) -> Certificate:
    state = bundle.hashes["state/scores.knn/state.safetensors"]
    return Certificate(
        weights=bundle.hashes[WEIGHTS],
        temperature=bundle.temperature,
        distributions=bundle.hashes[DISTRIBUTIONS],
        scorers=(
            NamedScorer(plugin="scores", name="softmax", version="1", state="", weight=0.75),
            NamedScorer(plugin="scores", name="knn", version="2", state=state, weight=0.25),
        ),
        classes=bundle.manifest.classes,
        critical_classes=bundle.manifest.critical_classes,
        unit="frame",
        test="exact binomial",
        risk=0.1,
        delta=0.05,
        critical_risk=0.05,
        groups=240,
        decisions=240,
        made=date(2026, 3, 1),
        green=CLAIM,
        red=replace(CLAIM, threshold=0.1, errors=100),
        by_class={"nevus": CLAIM},
        missed=CLAIM,
        missed_cases=4,
        benign_green=100,
        more_groups=None,
    )


def rewritten(bundle: Bundle, folder: Path, made: Certificate | None, for_clips: Certificate | None = None) -> Bundle:
    return rewrite_bundle(
        bundle,
        folder,
        card="# New\n",
        combination=WEIGHTED,
        combination_note="Fitted.",
        certificate=made,
        clip_certificate=for_clips,
    )


def test_that_a_certificate_is_read_back_exactly(bundle: Bundle, tmp_path: Path) -> None:
    made = certificate(bundle)
    found = rewritten(bundle, tmp_path / "new", made)
    assert found.certificate == made
    assert (found.combination, found.combination_note, found.card) == (WEIGHTED, "Fitted.", "# New\n")
    assert found.hashes[WEIGHTS] == bundle.hashes[WEIGHTS]
    assert found.temperature == bundle.temperature
    assert bundle.certificate is None


def test_that_claims_that_are_not_made_are_read_back_as_none(bundle: Bundle, tmp_path: Path) -> None:
    made = replace(certificate(bundle), green=None, red=None, by_class={}, missed=None, more_groups=17)
    assert parse_certificate(tmp_path, format_certificate(made)) == made
    assert rewritten(bundle, tmp_path / "new", made).certificate == made


def test_that_a_bundle_can_be_rewritten_in_its_own_place_and_loses_its_old_certificate(bundle: Bundle) -> None:
    certified = rewritten(bundle, bundle.path, certificate(bundle))
    assert certified.certificate is not None
    assert rewritten(certified, bundle.path, None).certificate is None
    assert read_bundle(bundle.path).certificate is None


def test_that_a_certificate_for_clips_lies_beside_the_one_for_frames(bundle: Bundle, tmp_path: Path) -> None:
    made = certificate(bundle)
    for_clips = replace(made, unit="clip", test="betting", green=replace(CLAIM, threshold=0.25), groups=200)
    found = rewritten(bundle, tmp_path / "new", made, for_clips)
    assert (found.certificate, found.clip_certificate) == (made, for_clips)
    assert rewritten(found, tmp_path / "new", made).clip_certificate is None


def test_that_a_certificate_in_the_wrong_file_is_refused(bundle: Bundle, tmp_path: Path) -> None:
    made = certificate(bundle)
    with pytest.raises(
        BundleRefused, match=r"certificate\.toml: it is about every clip, so it lies in the wrong file"
    ):
        rewritten(bundle, tmp_path / "new", replace(made, unit="clip"))
    with pytest.raises(BundleRefused, match=r"certificate-clip\.toml: it is about every frame"):
        rewritten(bundle, tmp_path / "new", made, made)


def test_that_both_certificates_name_the_same_scorers(bundle: Bundle, tmp_path: Path) -> None:
    made = certificate(bundle)
    other = replace(made, unit="clip", scorers=(replace(made.scorers[0], plugin="fork"), made.scorers[1]))
    with pytest.raises(BundleRefused, match="for frames and for clips name different scorers"):
        rewritten(bundle, tmp_path / "new", made, other)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"weights": "0" * 64}, "weights"),
        ({"temperature": 1.4}, "a temperature"),
        ({"distributions": "0" * 64}, "distribution functions"),
        ({"classes": ("melanoma", "wart", "nevus")}, "classes"),
        ({"critical_classes": ()}, "classes"),
    ],
)
def test_that_a_certificate_for_something_else_is_refused(
    bundle: Bundle, tmp_path: Path, change: dict, what: str
) -> None:
    with pytest.raises(BundleRefused, match=f"its certificate was made for {what} it does not have"):
        rewritten(bundle, tmp_path / "new", replace(certificate(bundle), **change))
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"weight": 0.3}, "weights of the combination"),
        ({"name": "energy"}, "weights of the combination"),
        ({"state": "0" * 64}, "states of its scorers"),
        ({"state": ""}, "states of its scorers"),
        ({"plugin": "other"}, "states of its scorers"),
        ({"version": "3"}, "versions of its scorers"),
    ],
)
def test_that_a_certificate_for_other_scorers_is_refused(
    bundle: Bundle, tmp_path: Path, change: dict, what: str
) -> None:
    made = certificate(bundle)
    changed = replace(made, scorers=(made.scorers[0], replace(made.scorers[1], **change)))
    with pytest.raises(BundleRefused, match=f"made for {what}"):
        rewritten(bundle, tmp_path / "new", changed)


def test_that_a_certificate_names_the_gate_and_whom_it_listens_to(gated: Bundle, tmp_path: Path) -> None:
    made = with_gate(gated)
    assert rewritten(gated, tmp_path / "new", made).certificate == made


def test_that_a_certificate_for_another_gate_is_refused(gated: Bundle, bundle: Bundle, tmp_path: Path) -> None:
    made = with_gate(gated)
    for ground, given in ((gated, replace(made, gate="0" * 64)), (bundle, made)):
        with pytest.raises(BundleRefused, match="its certificate was made for a gate it does not have"):
            rewritten(ground, tmp_path / "new", given)
    with pytest.raises(BundleRefused, match="its certificate was made without the gate it has"):
        rewritten(gated, tmp_path / "new", certificate(gated))


@pytest.mark.parametrize(
    ("change", "what"),
    [({"state": "0" * 64}, "states of its scorers"), ({"version": "3"}, "versions of its scorers")],
)
def test_that_a_gate_that_listened_to_other_scorers_is_refused(
    gated: Bundle, tmp_path: Path, change: dict, what: str
) -> None:
    made = with_gate(gated)
    with pytest.raises(BundleRefused, match=f"made for {what}"):
        rewritten(gated, tmp_path / "new", replace(made, gate_scorers=(replace(made.gate_scorers[0], **change),)))


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda table: table.update(colour="green"), "does not know the key 'colour'"),
        (lambda table: table["green"].update(threshold=2.0), r"outside \[0, 1\]"),
        (lambda table: table["green"].update(extra=2.0), "does not know the key 'extra'"),
        (lambda table: table.update(made="yesterday"), "yesterday"),
        (lambda table: table.update(unit="pixel"), "no unit"),
        (lambda table: table.pop("scorers"), "scorers is missing"),
        (lambda table: table["scorers"]["knn"].pop("version"), "version is missing"),
    ],
)
def test_that_a_malformed_certificate_is_refused(bundle: Bundle, tmp_path: Path, edit, reason: str) -> None:
    folder = rewritten(bundle, tmp_path / "new", certificate(bundle)).path
    table = tomllib.loads((folder / CERTIFICATE).read_text())
    edit(table)
    (folder / CERTIFICATE).write_text(tomli_w.dumps(table))
    hashes = tomllib.loads((folder / "hashes.toml").read_text())
    hashes["sha256"][CERTIFICATE] = hashlib.sha256((folder / CERTIFICATE).read_bytes()).hexdigest()
    (folder / "hashes.toml").write_text(tomli_w.dumps(hashes))
    with pytest.raises(BundleRefused, match=reason):
        read_bundle(folder)
