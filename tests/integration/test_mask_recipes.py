"""`viewer train lesion-mask`: from pictures with masks to a bundle that draws, and a card that says how well."""

from pathlib import Path

import numpy as np
import pytest

from viewer.cli import train as command
from viewer.datasets.query import DataQuery
from viewer.datasets.reading import read_dataset
from viewer.domain.errors import ViewerError
from viewer.domain.evidence import Need
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import read_bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.host.discovery import PluginHost
from viewer.settings import Settings
from viewer.training.mask_figures import measure_masks

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("plain_settings")]

SMALL = ["--encoder", "small", "--input-size", "32", "--epochs", "1", "--batch", "8", "--device", "cpu"]


@pytest.fixture(scope="module")
def cohort(small_lesions) -> Path:
    folder: Path = small_lesions(28, 5)
    return folder


@pytest.fixture(scope="module")
def run(cohort, in_place, table_words):
    def call(out: Path, *more: str) -> int:
        words = [*table_words(cohort), "--mask", "mask", *SMALL, "--modality", "dermoscopy", "--out", out]
        status: int = in_place(command, "train", "lesion-mask", *words, *more)
        return status

    return call


@pytest.fixture(scope="module")
def made(run, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("bundles") / "outlines"
    assert run(out, "--auxiliary") == 0
    return out


@pytest.fixture(scope="module")
def engine(made) -> Engine:
    host = PluginHost(Settings())
    host.load()
    architectures = Architectures(offer.thing for offer in host.architectures)
    host.close()
    return Engine(read_bundle(made), architectures, device="cpu", cache_bytes=0)


@pytest.mark.parametrize(("more", "doubted"), [((), False), (("--seed", "7"), True)])
def test_that_a_training_goes_on_from_a_bundle_and_doubts_figures_on_groups_it_may_have_seen(
    run, made, tmp_path, capsys, more, doubted
):
    assert run(tmp_path / "later", "--weights", str(made), *more) == 0
    card = read_bundle(tmp_path / "later").card
    assert "The network, but for its classifier, started from outlines 1" in card
    assert ("started from outlines 1, which may have learnt from" in card) == doubted
    assert ("which may have learnt from" in "".join(capsys.readouterr())) == doubted


def test_that_a_bundle_says_how_many_parts_its_mask_has(made):
    assert read_bundle(made).manifest.mask_parts == 1


def test_that_the_bundle_says_what_its_mask_shows_and_that_it_serves_others(made):
    manifest = read_bundle(made).manifest
    assert (manifest.mask_shows, manifest.auxiliary, manifest.architecture) == ("lesion", True, "unet-classifier")


def test_that_one_pass_draws_the_mask(engine):
    picture = Picture(np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8))
    evidence = engine.evidence([picture], frozenset({Need.LOGITS, Need.MASK}))
    assert evidence.mask.shape == (1, 32, 32)
    assert ((evidence.mask >= 0) & (evidence.mask <= 1)).all()


def test_that_the_card_says_how_well_it_draws_on_groups_it_never_saw(made):
    card = read_bundle(made).card
    assert "- Draws: lesion" in card
    assert "masks drawn by hand, on 8 pictures of 8 certify groups" in card
    for figure in ("| Dice |", "| IoU |", "| pixel accuracy |", "Dice of the worst picture"):
        assert figure in card


def test_that_a_bundle_that_draws_can_be_fitted_anew(run, made):
    before = read_bundle(made)
    assert run(made, "--auxiliary", "--refit") == 0
    assert read_bundle(made).card == before.card


def test_that_a_bundle_that_draws_can_learn_garbage_afterwards(run, made):
    assert run(made, "--auxiliary", "--refit", "--garbage", "--bundle-version", "2") == 0
    manifest = read_bundle(made).manifest
    assert (manifest.garbage, manifest.mask_shows, manifest.auxiliary) == (True, "lesion", True)


def test_that_a_mask_that_cannot_be_read_costs_one_sentence_and_the_rest_is_measured(engine, cohort, tmp_path):
    query = DataQuery(data=cohort / "labels.csv", label="class", group="group_id", mask="mask")
    samples = list(read_dataset(query).samples[:4])
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    samples[1] = type(samples[1])(samples[1].path, samples[1].label, samples[1].group, mask=broken)
    said: list[str] = []
    figures = measure_masks(engine, samples, said.append)
    assert (figures.pictures, figures.groups) == (3, 3)
    assert [sentence for sentence in said if "broken.png" in sentence]
    assert figures.least_dice <= figures.means["Dice"].value


def test_that_nothing_is_said_of_masks_where_nobody_drew_one(engine, cohort):
    samples = read_dataset(DataQuery(data=cohort / "labels.csv", label="class", group="group_id")).samples
    assert measure_masks(engine, samples[:2], lambda _: None) is None


def test_that_a_network_without_a_decoder_is_refused_in_one_sentence(run, tmp_path):
    with pytest.raises(ViewerError, match="no part that draws"):
        run(tmp_path / "none", "--architecture", "unet-encoder")
