"""`viewer ensemble`: two models become one, which is asked as any other."""

import csv
from pathlib import Path

import pytest

from viewer.cli import main
from viewer.engine.bundle import read_bundle
from viewer.testing.bundles import tiny_bundle

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("plain_settings")]

CLASSES = ("keratosis", "melanoma", "nevus", "vascular")


@pytest.fixture(scope="module")
def cohort(small_lesions) -> Path:
    folder: Path = small_lesions(24, 6)
    return folder


@pytest.fixture(scope="module")
def members(tmp_path_factory) -> list[str]:
    folder = tmp_path_factory.mktemp("members")
    paths = [
        tiny_bundle(folder, name="a", classes=CLASSES, seed=1),
        tiny_bundle(folder, name="b", classes=CLASSES[::-1], seed=2),
    ]
    return [str(path) for path in paths]


@pytest.fixture(scope="module")
def ensemble(members, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("ensemble") / "both"
    assert main(["ensemble", *members, "--out", str(out)]) == 0
    return out


def test_that_members_weigh_alike_without_labelled_cases(ensemble):
    made = read_bundle(ensemble)
    assert [(own.name, own.weight) for own in made.manifest.members] == [("a", 0.5), ("b", 0.5)]
    assert made.manifest.name == "both"
    assert made.certificate is None
    assert "All members weigh alike" in made.card


def test_that_labelled_cases_weigh_calibrate_and_certify_it(members, cohort, tmp_path, capsys):
    words = ["--data", str(cohort / "labels.csv"), "--image-root", str(cohort), "--label", "class"]
    out = tmp_path / "weighed"
    asked = ["--group", "group_id", "--device", "cpu", "--name", "both", "--out", str(out)]
    assert main(["ensemble", *members, *words, *asked]) == 0
    said = capsys.readouterr()
    assert said.out == f"{out}\n"
    assert "a, b cannot tell which groups it was trained on" in said.err
    made = read_bundle(out)
    weights = [own.weight for own in made.manifest.members]
    assert sum(weights) == pytest.approx(1)
    assert weights != [0.5, 0.5]
    assert made.certificate.groups == 16
    assert made.certificate.weights == made.weights_digest
    assert made.temperature != 1
    assert made.distributions["members"].size
    assert "| a | a 1 | squeezenet1_0 |" in made.card
    assert "AUROC_f of the highest probability" in made.card
    assert not list(tmp_path.glob("*/members/*/state"))


def test_that_an_ensemble_assesses_and_its_table_tells_every_score(ensemble, cohort, tmp_path):
    pictures = sorted(cohort.rglob("*.png"))[:2]
    out = tmp_path / "frames.csv"
    assert main(["assess", *map(str, pictures), "--bundle", str(ensemble), "--out", str(out)]) == 0
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2
    assert all(row["trust_members"] for row in rows)
    assert {row["predicted"] for row in rows} <= set(CLASSES)


def test_that_bundles_tells_of_an_ensemble(ensemble, capsys, monkeypatch):
    monkeypatch.setattr("viewer.cli.bundles.shipped_bundles", lambda: ensemble.parent)
    main(["bundles"])
    assert "network: ensemble of a (0.50), b (0.50)" in capsys.readouterr().out


def test_that_members_that_do_not_fit_are_refused_in_one_sentence(members, ensemble, tmp_path, capsys):
    out = ["--out", str(tmp_path / "none")]
    assert main(["ensemble", members[0], *out]) == 2
    assert "an ensemble has 2 to 9 members, not 1" in capsys.readouterr().err
    assert main(["ensemble", members[0], str(ensemble), *out]) == 2
    assert "it is an ensemble itself; name its members instead" in capsys.readouterr().err
    assert main(["ensemble", members[0], str(tiny_bundle(tmp_path, name="c")), *out]) == 2
    assert "its classes are not those of the others" in capsys.readouterr().err
    assert main(["ensemble", members[0], str(tmp_path / "absent"), *out]) == 2
    assert "there is no model" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_that_an_ensemble_is_not_fitted_anew_as_a_network_is(ensemble, capsys):
    words = ["--data", "none.csv", "--architecture", "resnet18", "--refit", "--out", str(ensemble)]
    assert main(["train", "classifier", *words]) == 2
    assert "it is an ensemble: make it anew with viewer ensemble and its members" in capsys.readouterr().err


def test_that_a_damaged_member_is_refused_by_name(ensemble, cohort, tmp_path, capsys):
    weights = ensemble / "members" / "b" / "weights.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1] + b"x")
    picture = str(next(cohort.rglob("*.png")))
    try:
        assert main(["assess", picture, "--bundle", str(ensemble), "--out", str(tmp_path / "frames.csv")]) == 2
    finally:
        weights.write_bytes(whole)
    assert "members/b/weights.safetensors was changed" in capsys.readouterr().err
