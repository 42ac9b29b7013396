"""`viewer bundles` lists what is there and why the rest is not."""

import json
from argparse import Namespace
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from viewer.cli import bundles, main
from viewer.domain.bundle import Manifest, Step
from viewer.domain.certificate import Certificate, Claim, NamedScorer
from viewer.domain.gate import Gate
from viewer.domain.image import Modality
from viewer.engine.bundle import Bundle, rewrite_bundle, write_bundle


def place(
    folder: Path,
    name: str,
    *,
    demonstration: bool = False,
    gate: Gate | None = None,
    steps: tuple[Step, ...] = (),
) -> Bundle:
    manifest = Manifest(
        name=name,
        version="1.0",
        architecture="mobilenet_v2",
        classes=("melanoma", "naevus (Mal)"),
        modality=Modality.DERMOSCOPY,
        intended_use="Shows how.",
        licence="CC0-1.0",
        input_size=180,
        demonstration=demonstration,
        steps=steps,
    )
    return write_bundle(
        folder / name, manifest, {"a": np.zeros(3, np.float32)}, card="# Card\n", gate=gate, versions={"softmax": "1"}
    )


@pytest.fixture
def shelves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    monkeypatch.setattr(bundles, "shipped_bundles", lambda: shipped)
    monkeypatch.setattr(bundles, "user_bundles", lambda: own)
    return shipped, own


def test_that_every_bundle_is_one_json_object_on_its_own_line(
    shelves: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    shipped = place(shelves[0], "skin")
    place(shelves[1], "phantom", demonstration=True)
    assert main(["bundles", "--json"]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first == {
        "name": "skin",
        "version": "1.0",
        "architecture": "mobilenet_v2",
        "classes": ["melanoma", "naevus (Mal)"],
        "modality": "dermoscopy",
        "intended_use": "Shows how.",
        "licence": "CC0-1.0",
        "steps": [],
        "members": {},
        "mask_shows": "",
        "mask_parts": 0,
        "auxiliary": False,
        "demonstration": False,
        "certified": False,
        "gate_groups": 0,
        "bytes": shipped.nbytes,
        "path": str(shelves[0] / "skin"),
        "digest": shipped.digest,
    }
    assert (second["name"], second["demonstration"]) == ("phantom", True)


def test_that_a_refused_bundle_is_listed_with_its_sentence_and_the_others_too(
    shelves: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    (place(shelves[0], "changed").path / "CARD.md").write_text("something else")
    place(shelves[0], "skin")
    assert bundles.run(Namespace(json=True)) == 1
    refused, good = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert refused["path"] == str(shelves[0] / "changed")
    assert refused["error"].startswith("CARD.md was changed after the bundle was made")
    assert good["name"] == "skin"
    assert bundles.run(Namespace(json=False)) == 1
    assert f"REFUSED {shelves[0] / 'changed'}\n  CARD.md was changed" in capsys.readouterr().out


def test_that_a_person_reads_a_paragraph_per_bundle(
    shelves: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    place(shelves[1], "phantom", demonstration=True)
    assert bundles.run(Namespace(json=False)) == 0
    assert capsys.readouterr().out.splitlines() == [
        "phantom 1.0: dermoscopy, for demonstration, not certified",
        "  Shows how.",
        "  classes: melanoma, naevus (Mal)",
        "  network: mobilenet_v2, 0.0 MB",
        "  licence: CC0-1.0",
        "  unsuitable pictures: not told apart, the model keeps nothing to compare pictures with",
        f"  {shelves[1] / 'phantom'}",
    ]


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        (100, "told apart by 100 calibration groups"),
        (99, "not told apart, too few calibration groups (99; 100 needed)"),
    ],
)
def test_that_a_bundle_says_whether_it_tells_unsuitable_pictures(
    shelves: tuple[Path, Path], capsys: pytest.CaptureFixture[str], groups: int, words: str
) -> None:
    distances = {"knn": np.arange(groups, dtype=np.float64)}
    looks = np.ones((groups, 6), np.float32)
    place(
        shelves[0],
        "skin",
        gate=Gate(
            scorers=("knn",),
            distances=distances,
            looks=looks,
            groups=np.arange(groups),
            labels=np.zeros(groups, np.intp),
        ),
    )
    bundles.run(Namespace(json=False))
    assert f"  unsuitable pictures: {words}\n" in capsys.readouterr().out
    bundles.run(Namespace(json=True))
    assert json.loads(capsys.readouterr().out)["gate_groups"] == groups


def test_that_a_certified_bundle_says_what_it_claims(
    shelves: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    made = place(shelves[1], "skin")
    claim = Claim(threshold=0.5, decisions=50, groups=50, errors=1, coverage=0.5)
    certificate = Certificate(
        weights=made.hashes["weights.safetensors"],
        temperature=made.temperature,
        distributions=made.hashes["calibration/distributions.safetensors"],
        scorers=(NamedScorer(plugin="scores", name="softmax", version="1", state="", weight=1.0),),
        classes=made.manifest.classes,
        critical_classes=(),
        unit="frame",
        test="exact binomial",
        risk=0.1,
        delta=0.05,
        critical_risk=0.05,
        groups=100,
        decisions=100,
        made=date(2026, 3, 1),
        green=claim,
        red=None,
        by_class={},
        missed=None,
        missed_cases=0,
        benign_green=0,
        more_groups=None,
    )
    for given in (certificate, replace(certificate, green=None)):
        made = rewrite_bundle(
            made, made.path, card="#\n", combination={"softmax": 1.0}, combination_note="", certificate=given
        )
        bundles.run(Namespace(json=True))
        assert json.loads(capsys.readouterr().out)["certified"] is given.certified
        bundles.run(Namespace(json=False))
        text = capsys.readouterr().out
        assert f"dermoscopy, {'certified' if given.certified else 'not certified'}\n" in text
        assert f"  certificate: {given.claim}\n" in text


def test_that_no_bundles_at_all_says_where_they_go(
    shelves: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert bundles.run(Namespace(json=False)) == 0
    assert capsys.readouterr().out == f"There are no models; put bundles into {shelves[1]}.\n"
    assert bundles.run(Namespace(json=True)) == 0
    assert capsys.readouterr().out == ""


def test_that_what_a_model_does_to_pictures_first_is_told(
    shelves: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    place(shelves[1], "plain")
    place(shelves[1], "prepared", steps=("corner_crop", "hair_removal"))
    assert bundles.run(Namespace(json=False)) == 0
    plain, prepared = capsys.readouterr().out.split("prepared 1.0")
    assert "prepares pictures: dark corners cut off, dark hairs painted over" in prepared
    assert "prepares pictures" not in plain
    assert bundles.run(Namespace(json=True)) == 0
    told = [json.loads(line)["steps"] for line in capsys.readouterr().out.splitlines()]
    assert told == [[], ["corner_crop", "hair_removal"]]
