from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from viewer.domain.bundle import Manifest
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.domain.result import About
from viewer.engine.bundle import Bundle, read_bundle, write_bundle
from viewer.host.discovery import PluginHost
from viewer.settings import Settings
from viewer.testing.fakes import FakeScorer, entry_point, plugin_module
from viewer.training.calibrating import Calibrating, certify_bundle
from viewer.training.card import NOTHING_CERTIFIED
from viewer.training.split import Part, split_held_out

MADE = date(2026, 3, 1)
SCORERS = ("softmax", "second", "learned", "nearness")


def rows(groups: int, seed: int) -> list[dict[str, object]]:
    """Answers of which `softmax` and `second` know independent things; `nearness` knows everything."""
    random = np.random.default_rng(seed)
    correct = random.random(groups) < 0.85

    def trust(distance: float) -> np.ndarray:
        return 1 / (1 + np.exp(-(distance * (correct - 0.5) + random.normal(size=groups))))

    columns = {"softmax": trust(1.5), "second": trust(2.0), "learned": trust(0.5), "nearness": correct * 0.9}
    return [
        {
            "group": f"{seed}-{i}",
            "label": "nevus",
            "predicted": "nevus" if correct[i] else "melanoma",
            **{f"trust_{name}": repr(float(values[i])) for name, values in columns.items()},
        }
        for i in range(groups)
    ]


def make(folder: Path, fit: list, certify: list, *, version: str = "1") -> Bundle:
    manifest = Manifest(
        name="spots",
        version="1",
        architecture="squeezenet1_0",
        classes=("melanoma", "nevus"),
        critical_classes=("melanoma",),
        modality=Modality.DERMOSCOPY,
        intended_use="Tests.",
        licence="CC0-1.0",
        input_size=64,
    )
    return write_bundle(
        folder / "spots",
        manifest,
        {"a": np.linspace(0, 1, 7, dtype=np.float32)},
        card=f"# spots\n\n## Figures\n\nTemperature 1. {NOTHING_CERTIFIED}\n\n## Limits\n\nMany.\n",
        temperature=1.25,
        distributions={name: np.sort([float(row[f"trust_{name}"]) for row in fit]) for name in SCORERS if fit},
        states={("fakes", "learned"): (version, {"kept": np.ones(3)})},
        versions=dict.fromkeys(SCORERS, "1") | {"learned": version},
        predictions={"fit": fit, "certify": certify},
    )


@pytest.fixture
def host() -> Iterator[PluginHost]:
    things = [FakeScorer(name) for name in SCORERS[:3]] + [FakeScorer("nearness", about=About.SUITABILITY)]
    host = PluginHost(Settings(), [entry_point("fakes", plugin_module(scorers=things))])
    host.load()
    yield host
    host.close()


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    return make(tmp_path, rows(500, 1), rows(800, 2))


def certified(bundle: Bundle, host: PluginHost, out: Path) -> tuple[Bundle, list[str]]:
    said: list[str] = []
    return certify_bundle(bundle, host, Calibrating(out=out, made=MADE), said.append), said


def test_that_a_bundle_is_certified_from_its_own_tables(bundle, host, tmp_path):
    made, said = certified(bundle, host, tmp_path / "new")
    certificate = made.certificate
    assert certificate is not None
    assert certificate.certified
    assert (certificate.groups, certificate.decisions, certificate.test) == (800, 800, "exact binomial")
    assert (certificate.made, certificate.temperature, certificate.unit) == (MADE, 1.25, "frame")
    assert certificate.green.errors <= 0.1 * certificate.green.decisions
    assert {scorer.name: scorer.weight for scorer in certificate.scorers} == made.combination
    assert said == [made.combination_note, certificate.claim]
    assert made.hashes["weights.safetensors"] == bundle.hashes["weights.safetensors"]


def test_that_suitability_never_enters_the_combination_however_well_it_would_do(bundle, host, tmp_path):
    made, _ = certified(bundle, host, tmp_path / "new")
    assert {"softmax", "second"} <= set(made.combination) <= {"softmax", "second", "learned"}


def test_that_the_state_of_a_named_scorer_is_on_the_certificate(bundle, host, tmp_path):
    made, _ = certified(bundle, host, tmp_path / "new")
    states = {scorer.name: scorer.state for scorer in made.certificate.scorers}
    assert states["softmax"] == ""
    if "learned" in states:
        assert states["learned"] == bundle.hashes["state/fakes.learned/state.safetensors"]


def test_that_a_scorer_of_another_version_than_made_the_tables_is_left_out(host, tmp_path):
    stale = make(tmp_path, rows(500, 1), rows(800, 2), version="0")
    made, said = certified(stale, host, tmp_path / "new")
    assert "learned" not in made.combination
    assert said[0] == "learned is left out: the tables were made by another version of it"


def test_that_the_card_says_what_is_certified_and_says_it_once(bundle, host, tmp_path):
    made, _ = certified(bundle, host, tmp_path / "new")
    again, _ = certified(made, host, tmp_path / "new")
    assert NOTHING_CERTIFIED not in made.card
    assert "## Limits\n\nMany." in made.card
    assert made.card.count("## Certificate") == 1
    assert "At most 10 % of green answers are wrong, 95 % confidence, n = 800 groups" in made.card
    assert again.card == made.card
    assert again.digest == made.digest == read_bundle(tmp_path / "new").digest


def test_that_few_groups_give_a_certificate_of_nothing(host, tmp_path):
    made, said = certified(make(tmp_path, rows(20, 1), rows(30, 2)), host, tmp_path / "new")
    assert not made.certificate.certified
    assert made.combination == {"softmax": 1.0}
    assert said[-1].startswith("nothing is certified at 10 % errors (n = 30 groups")
    assert "the numbers do not allow it" in made.card


@pytest.mark.parametrize(
    ("fit", "certify", "sentence"),
    [
        (rows(20, 1), [], "keeps no predictions of certify groups"),
        (rows(20, 1), rows(20, 1), "a group is in the fit and in the certify table"),
        (rows(20, 1), [{"group": "g", "label": "nevus"}], "its table of certify groups is malformed"),
        (
            rows(20, 1),
            [{**rows(1, 3)[0], "trust_second": "often"}],
            "its table of certify groups is malformed",
        ),
        (rows(20, 1), [{**rows(1, 3)[0], "trust_second": "1.5"}], "a trust of 1.5"),
    ],
)
def test_that_tables_that_cannot_serve_are_refused_in_one_sentence(host, tmp_path, fit, certify, sentence):
    with pytest.raises(ViewerError, match=sentence):
        certified(make(tmp_path, fit, certify), host, tmp_path / "new")


def test_that_a_sites_groups_are_divided_three_to_five_within_every_class():
    labels, groups = [0] * 40 + [1] * 80, [f"g{i}" for i in range(40)] + [f"h{i // 2}" for i in range(80)]
    parts = split_held_out(labels, groups, seed=0)
    for letter in "gh":
        of_class = [part for group, part in parts.items() if group[0] == letter]
        assert (of_class.count(Part.FIT), of_class.count(Part.CERTIFY)) == (15, 25)
    assert parts == split_held_out(labels, groups, seed=0) != split_held_out(labels, groups, seed=1)
