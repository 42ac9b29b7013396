"""The bundles that come with the viewer: sound, small, complete, and as good as their cards say."""

import csv
import re
from collections.abc import Container, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from viewer_segmentation_cam.usual import UNUSUAL

from viewer.assessment.claims import Answers
from viewer.cli import main
from viewer.datasets.query import DataQuery
from viewer.datasets.reading import read_dataset
from viewer.datasets.sample import Sample
from viewer.datasets.split import pseudonym
from viewer.domain.evidence import Evidence, Need
from viewer.domain.image import Modality
from viewer.domain.result import Light, Score
from viewer.engine.architectures import Architectures
from viewer.engine.architectures.ensemble import parse_ensemble_name
from viewer.engine.bundle import Bundle, read_bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.engine.surroundings import Place, see
from viewer.host import calls
from viewer.host.discovery import PluginHost
from viewer.phantoms.cohort import lesion_cohort, ultrasound_cohort
from viewer.resources import shipped_bundles
from viewer.session.assessor import Assessor
from viewer.settings import Settings

pytestmark = pytest.mark.integration

NAMES = ("chest-xray", "dermoscopy-8", "lesion-mask", "lung-ultrasound", "phantom-clip", "phantom-lesion")
DRAWING = {"chest-xray": "lungs", "lesion-mask": "lesion"}
MADE_FROM = {
    "chest-xray": ("cxr", "class", {"class": ("covid19", "other_pneumonia"), "view": ("PA",)}),
    "dermoscopy-8": ("derm", "class_clean", {"set": ("isic9_180",), "exact_dup": ("0",)}),
    "lesion-mask": ("derm", "class", {"set": ("ph2",)}),
}
"""Folder of the real data, column of the class, and which rows."""
FEW = 6
"""Real pictures looked at for what is the same of every one."""
FRESH_SEED = 999
"""Used in no training: the shipped phantoms were drawn from 101 and 102."""

MAY_ABSTAIN = frozenset({"cam_mask", "similar", "temporal", "reliability_svc_per_class"})
"""They look for a dark foreground, for close frames, for frames around, for errors of every class; each abstains
where it finds none."""
FROM_ERRORS = frozenset({"reliability", "reliability_network", "reliability_svc"})
"""They learn from wrong answers to fit groups, of which a bundle of few groups may have next to none."""
SECOND_OPINION = ("dermoscopy-8", "lung-ultrasound", "phantom-clip")
"""Bundles with wrong answers enough."""
NEEDED = {
    "garbage": "garbage",
    "members": "members",
    "members_disagree": "members",
    "second_model": "second",
    "second_model_look": "second",
    "mask_plausibility": "mask",
}
"""By scorer, the evidence that some bundles have and others lack: without it a scorer is silent, with it never."""
BESIDE_MASKS = ("attention_outside_mask", "mask_area")
"""Where there is a mask they tell what they measured, and judge it unless the mask is unlike usual ones."""


@pytest.fixture(params=NAMES)
def bundle(request) -> Bundle:
    return read_bundle(shipped_bundles() / request.param)


@pytest.fixture(scope="module")
def host() -> Iterator[PluginHost]:
    host = PluginHost(Settings())
    host.load()
    yield host
    host.close()


def engine_of(name: str) -> Engine:
    return Engine(read_bundle(shipped_bundles() / name), Architectures(), device="cpu", cache_bytes=0)


def asked(
    host: PluginHost, bundle: Bundle, pictures: Sequence[Picture], names: Container[str]
) -> tuple[Evidence, dict[str, list[Score]]]:
    """What the scorers of these names need to see of the pictures, and by name what they say of each."""
    architectures = Architectures(offer.thing for offer in host.architectures)
    engine = Engine(bundle, architectures, device="cpu", cache_bytes=0)
    offers = [offer for offer in host.scorers if offer.thing.name in names]
    needs = frozenset[Need]().union(*(offer.thing.needs for offer in offers))
    evidence = see(engine, [Place.alone(picture) for picture in pictures], needs)
    answers = {}
    for offer in offers:
        state = bundle.state(offer.plugin, offer.thing.name, offer.thing.version)
        scores = calls.score(host.guard, offer, evidence, state)
        assert all(isinstance(score, Score) for score in scores), scores
        answers[offer.thing.name] = scores
    return evidence, answers


def accuracy_of(engine: Engine, pictures: Sequence[Picture], labels: Sequence[str]) -> tuple[float, set[str]]:
    """Share of right answers, and the classes that were named."""
    evidence = engine.evidence(pictures, frozenset({Need.LOGITS}))
    named = [evidence.classes[k] for k in evidence.predicted]
    return float(np.mean([a == b for a, b in zip(named, labels, strict=True)])), set(named)


def stated_accuracy(bundle: Bundle) -> tuple[float, float, float]:
    """Accuracy with its interval, as the card says it."""
    found = re.search(r"\| accuracy \| (\S+) \((\S+)–(\S+)\) \|", bundle.card)
    assert found is not None
    value, low, high = (float(text) for text in found.groups())
    return value, low, high


def lower_limit(bundle: Bundle, pictures: int) -> float:
    """Low end of the stated interval, less two standard errors of a sample of this size."""
    value, low, _ = stated_accuracy(bundle)
    return low - 2 * float(np.sqrt(value * (1 - value) / pictures))


def test_that_a_shipped_bundle_takes_at_most_15_mb(bundle):
    assert bundle.nbytes <= 15e6


@pytest.mark.parametrize(("name", "shows"), DRAWING.items())
def test_that_what_a_bundle_draws_and_how_well_stands_on_its_card(name, shows):
    bundle = read_bundle(shipped_bundles() / name)
    assert bundle.manifest.mask_shows == shows
    assert bundle.manifest.auxiliary == (name == "lesion-mask")
    for words in ("| Dice |", "Dice of the worst picture"):
        assert words in bundle.card


def test_that_only_the_phantom_bundles_are_demonstrations(bundle):
    assert bundle.manifest.demonstration == bundle.manifest.name.startswith("phantom-")
    assert bundle.manifest.name == bundle.path.name


def test_that_every_bundle_knows_garbage_and_its_card_says_what_it_rejects(bundle):
    assert bundle.manifest.garbage
    assert "## Pictures of no kind it knows" in bundle.card


def test_that_enough_groups_are_left_for_a_certificate_or_there_is_none(bundle):
    fit, certify = ({row["group"] for row in bundle.predictions(part)} for part in ("fit", "certify"))
    assert not fit & certify
    if len(certify) < 100 or len(fit) < 50:
        assert bundle.certificate is None


def test_that_the_card_states_the_accuracy_of_the_certify_table(bundle):
    rows = bundle.predictions("certify")
    measured = np.mean([row["label"] == row["predicted"] for row in rows])
    assert stated_accuracy(bundle)[0] == pytest.approx(measured, abs=5e-4)
    for words in (bundle.manifest.licence, "What it was made from", "Limits"):
        assert words in bundle.card


def test_that_every_scorer_has_a_state_or_needs_none(bundle, host):
    for offer in host.scorers:
        fitted = [key for key in bundle.hashes if key.startswith(f"state/{offer.plugin}.{offer.thing.name}/")]
        if fitted:
            assert bundle.state(offer.plugin, offer.thing.name, offer.thing.version) is not None, offer.thing.name


@pytest.mark.parametrize("name", SECOND_OPINION)
def test_that_bundles_keep_a_second_opinion(name, host):
    bundle = read_bundle(shipped_bundles() / name)
    learnt = [offer for offer in host.fitted if offer.plugin == "second-opinion" and offer.thing.name != "temporal"]
    assert {"reliability", "similar", "map", "second_opinion"} <= {offer.thing.name for offer in learnt}
    for offer in learnt:
        assert bundle.state(offer.plugin, offer.thing.name, offer.thing.version), offer.thing.name


def test_that_a_scorer_is_silent_on_a_shipped_bundle_only_where_that_lacks_what_it_needs(bundle, host):
    rgb = next(lesion_cohort(1, FRESH_SEED)).pixels
    names = [offer.thing.name for offer in host.scorers]
    evidence, all_answers = asked(host, bundle, [Picture(rgb)], names)
    answers = {name: answer for name, (answer,) in all_answers.items()}
    assert (evidence.mask is None) == (bundle.manifest.name not in DRAWING)
    _, members, flips = parse_ensemble_name(bundle.manifest.architecture)
    assert (evidence.members is None) == (members == 1)
    assert (evidence.garbage is None) == (not bundle.manifest.garbage)
    for name, answer in answers.items():
        assert answer.trust is not None or answer.note, name
        if name in NEEDED:
            assert (answer.trust is None) == (getattr(evidence, NEEDED[name]) is None), name
        elif name in FROM_ERRORS and bundle.manifest.name not in SECOND_OPINION:
            assert answer.trust is not None or "too few wrong answers" in answer.note, name
        elif name not in {*MAY_ABSTAIN, *BESIDE_MASKS}:
            silent = flips and name == "attention_under_flips"  # who always looks in the mirror compares nothing
            assert (answer.trust is None) == silent, (name, answer.note)
            assert silent or name in bundle.distributions
    plausible = answers["mask_plausibility"].trust
    for name in BESIDE_MASKS:
        assert (answers[name].raw is None) == (evidence.mask is None), name
        assert (answers[name].trust is None) == (plausible is None or plausible < UNUSUAL), name


def test_that_fresh_lesion_phantoms_are_recognised_as_the_card_says():
    lesions = list(lesion_cohort(20, FRESH_SEED))
    engine = engine_of("phantom-lesion")
    accuracy, named = accuracy_of(engine, [Picture(lesion.pixels) for lesion in lesions], [x.label for x in lesions])
    assert named == set(engine.bundle.manifest.classes)
    assert accuracy >= lower_limit(engine.bundle, len(lesions))


def test_that_fresh_ultrasound_phantoms_are_recognised_as_the_card_says():
    clips = list(ultrasound_cohort(24, FRESH_SEED, clips_per_patient=1, frames=3))
    shown = [np.repeat(next(islice(iter(clip), 1, None)).pixels[..., None], 3, axis=2) for clip in clips]
    engine = engine_of("phantom-clip")
    accuracy, named = accuracy_of(engine, [Picture(rgb) for rgb in shown], [clip.label for clip in clips])
    assert named == set(engine.bundle.manifest.classes)
    assert accuracy >= lower_limit(engine.bundle, len(clips))


@pytest.mark.real_data
def test_that_lung_ultrasound_is_chosen_unasked_and_its_light_stays_grey_for_want_of_a_certificate(
    viewer_data, tmp_path, capsys
):
    clip = viewer_data / "lus" / "videos" / "convex__Reg-Atlas.gif"
    assert main(["assess", str(clip), "--modality", "ultrasound", "--out", str(tmp_path / "out.csv")]) == 0
    assert "assessing with the model lung-ultrasound 2, made for ultrasound" in capsys.readouterr().err
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["light"] for row in rows} == {"grey"}
    assert all("not certified" in row["reason"] for row in rows)
    assert all("too few to tell whether it helps" in row["trail"] for row in rows)


@pytest.mark.real_data
def test_that_dermoscopy_8_answers_on_unseen_lesions_as_its_table_says(viewer_data):
    engine = engine_of("dermoscopy-8")
    rows = engine.bundle.predictions("certify")
    samples = certify_samples(engine.bundle, viewer_data)
    assert [engine.bundle.manifest.classes[sample.label] for sample in samples] == [row["label"] for row in rows]
    some = range(0, len(samples), 3)
    pictures = [Picture(np.asarray(Image.open(samples[i].path).convert("RGB"))) for i in some]
    # One or two pictures may fall the other way on another processor.
    agreement, _ = accuracy_of(engine, pictures, [rows[i]["predicted"] for i in some])
    assert agreement >= 0.98
    accuracy, _ = accuracy_of(engine, pictures, [rows[i]["label"] for i in some])
    assert accuracy >= lower_limit(engine.bundle, len(some))


@pytest.mark.real_data
def test_that_the_lights_of_dermoscopy_8_reproduce_its_certificate(viewer_data, host):
    engine = engine_of("dermoscopy-8")
    certificate = engine.bundle.certificate
    assert certificate is not None
    assert certificate.green is not None
    samples = certify_samples(engine.bundle, viewer_data)
    drawn = drawn_rows(engine.bundle)
    assert len(drawn) == certificate.decisions == certificate.groups
    assessor = Assessor(engine, host, explaining=False)
    green, wrong = 0, 0
    for row in drawn:
        picture = Picture(np.asarray(Image.open(samples[row].path).convert("RGB")))
        (found,) = assessor.assess([Place.alone(picture)], Modality.DERMOSCOPY)
        if found.light is Light.GREEN:
            green += 1
            wrong += found.final != samples[row].label
    # One or two pictures may fall the other way on another processor.
    assert green == pytest.approx(certificate.green.decisions, abs=2)
    assert green / len(drawn) == pytest.approx(certificate.green.coverage, abs=0.01)
    assert wrong == pytest.approx(certificate.green.errors, abs=1)


@pytest.mark.real_data
@pytest.mark.parametrize("name", DRAWING)
def test_that_masks_of_unseen_pictures_are_judged(name, viewer_data, host):
    bundle = read_bundle(shipped_bundles() / name)
    some = certify_samples(bundle, viewer_data)[:FEW]
    assert len(some) == FEW
    pictures = [Picture(np.asarray(Image.open(sample.path).convert("RGB"))) for sample in some]
    _, answers = asked(host, bundle, pictures, ("mask_plausibility", *BESIDE_MASKS))
    assert all(score.trust is not None for score in answers["mask_plausibility"])
    for scorer in BESIDE_MASKS:
        judged = [score.trust for score in answers[scorer] if score.trust is not None]
        assert len(judged) >= FEW / 2, scorer  # not beside masks unlike usual ones, which are few


def drawn_rows(bundle: Bundle) -> list[int]:
    """Rows of the certify table that the certificate counts: one of each group, by its own lot."""
    rows = bundle.predictions("certify")
    table = Answers(
        trust=np.arange(len(rows), dtype=np.float64),  # tells the rows apart
        typical=np.ones(len(rows), np.bool_),
        labels=np.array([row["label"] for row in rows]),
        final=np.array([row["predicted"] for row in rows]),
        groups=np.array([row["group"] for row in rows]),
    )
    return table.drawn().trust.astype(int).tolist()


def certify_samples(bundle: Bundle, data: Path) -> list[Sample]:
    """The pictures of the bundle's certify groups, in the real data."""
    folder, label, where = MADE_FROM[bundle.manifest.name]
    table, root = data / folder / "labels.csv", data / folder
    query = DataQuery(data=table, image_root=root, label=label, group="group_id", where=where)
    groups = {row["group"] for row in bundle.predictions("certify")}
    return [sample for sample in read_dataset(query).samples if pseudonym(sample.group) in groups]
