"""`viewer calibrate`: a shipped bundle from its own tables, and a bundle on a site's own pictures."""

from pathlib import Path

import pytest

from viewer.cli import main
from viewer.engine.bundle import read_bundle
from viewer.resources import shipped_bundles
from viewer.testing.bundles import tiny_bundle

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("plain_settings")]

CLASSES = ("keratosis", "melanoma", "nevus", "vascular")


@pytest.fixture(scope="module")
def cohort(small_lesions) -> Path:
    folder: Path = small_lesions(24, 6)
    return folder


def table(cohort: Path) -> list[str]:
    return ["--data", str(cohort / "labels.csv"), "--image-root", str(cohort), "--label", "class"]


@pytest.mark.parametrize("name", ["phantom-lesion", "phantom-clip"])
def test_that_a_shipped_bundle_is_calibrated_from_its_own_tables(tmp_path, name, capsys):
    assert main(["calibrate", str(shipped_bundles() / name), "--out", str(tmp_path / name)]) == 0
    shipped, made = read_bundle(shipped_bundles() / name), read_bundle(tmp_path / name)
    assert made.certificate is not None
    assert made.certificate.weights == shipped.hashes["weights.safetensors"]
    assert made.certificate.groups == len({row["group"] for row in shipped.predictions("certify")})
    assert made.combination
    output = capsys.readouterr()
    assert output.out == f"{tmp_path / name}\n"
    assert made.certificate.claim in output.err
    clips = {row["clip"] for row in shipped.predictions("certify")} - {""}
    if clips:
        assert made.clip_certificate.decisions == len(clips)
        assert f"whole clips: {made.clip_certificate.claim}" in output.err
    else:
        assert made.clip_certificate is None


def test_that_a_site_fits_and_certifies_on_its_own_cases(tmp_path, cohort, capsys):
    bundle = read_bundle(tiny_bundle(tmp_path, classes=CLASSES))
    words = ["--group", "group_id", "--device", "cpu", "--out", str(tmp_path / "site")]
    assert main(["calibrate", str(bundle.path), *table(cohort), *words]) == 0
    made = read_bundle(tmp_path / "site")
    fit, certify = ({row["group"] for row in made.predictions(part)} for part in ("fit", "certify"))
    assert not fit & certify
    assert len(fit) + len(certify) == 24
    assert made.certificate.groups == len(certify) == 16  # of six in each class, two fit
    assert not made.certificate.certified
    assert made.temperature != 1.0
    assert made.distributions["softmax"].size == 8
    assert made.hashes["weights.safetensors"] == bundle.hashes["weights.safetensors"]
    assert "of 24 groups of another site" in made.card
    assert "nothing is certified" in capsys.readouterr().err


def test_that_cases_that_cannot_serve_are_refused_in_one_sentence(tmp_path, cohort, capsys):
    bundle = str(tiny_bundle(tmp_path))
    out = ["--out", str(tmp_path / "site")]
    assert main(["calibrate", bundle, *table(cohort), *out]) == 2
    assert "with --group" in capsys.readouterr().err
    assert main(["calibrate", bundle, *table(cohort), "--group", "group_id", *out]) == 2
    assert "the model knows no class 'keratosis'; it knows round, jagged, striped" in capsys.readouterr().err
    assert main(["calibrate", bundle, *out]) == 2
    assert "it keeps no predictions of fit groups, so nothing can be certified" in capsys.readouterr().err
    assert main(["calibrate", bundle, *out, "--risk", "0.7"]) == 2
    assert "between 0 and 0.5" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()
