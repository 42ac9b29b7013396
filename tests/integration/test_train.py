"""`viewer train classifier` from generated lesions to a bundle that the engine opens."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from viewer.cli import train as command
from viewer.domain.errors import ViewerError
from viewer.engine.bundle import Bundle, read_bundle
from viewer.training.card import GARBAGE, MADE_FROM, read_section

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("plain_settings")]

CLASSES = ("keratosis", "melanoma", "nevus", "vascular")


@pytest.fixture(scope="module")
def cohort(small_lesions) -> Path:
    folder: Path = small_lesions(28, 5)
    return folder


@pytest.fixture(scope="module")
def run(cohort, in_place, table_words):
    def call(out: Path, *more: str) -> int:
        network = ["--architecture", "squeezenet1_0", "--input-size", "64", "--epochs", "1", "--batch", "8"]
        words = ["train", "classifier", *table_words(cohort), *network, "--device", "cpu", "--modality", "dermoscopy"]
        status: int = in_place(command, *words, "--out", out, *more)
        return status

    return call


@pytest.fixture(scope="module")
def made(run, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("bundles") / "tiny-lesion"
    assert run(out, "--critical", "melanoma") == 0
    return out


@pytest.fixture(scope="module")
def bundle(made) -> Bundle:
    return read_bundle(made)


def test_that_the_bundle_says_what_it_is(bundle):
    manifest = bundle.manifest
    assert (manifest.name, manifest.classes, manifest.critical_classes) == ("tiny-lesion", CLASSES, ("melanoma",))
    assert (manifest.architecture, manifest.input_size, manifest.modality) == ("squeezenet1_0", 64, "dermoscopy")


def test_that_fit_and_certify_groups_are_disjoint_and_of_the_right_number(bundle):
    fit, certify = ({row["group"] for row in bundle.predictions(part)} for part in ("fit", "certify"))
    assert not fit & certify
    assert (len(fit), len(certify)) == (4, 8)


def test_that_no_patient_name_is_in_the_bundle(made):
    assert not [file for file in made.rglob("*") if file.is_file() and b"PHANTOM-" in file.read_bytes()]


def test_that_predictions_hold_probabilities_and_the_trust_of_every_scorer(bundle):
    rows = bundle.predictions("certify")
    for row in rows:
        assert sum(float(row[f"p_{name}"]) for name in CLASSES) == pytest.approx(1, abs=1e-5)
        assert row["predicted"] == max(CLASSES, key=lambda name: float(row[f"p_{name}"]))
    softmax = [float(row["trust_softmax"]) for row in rows]
    assert softmax == pytest.approx([max(float(row[f"p_{name}"]) for name in CLASSES) for row in rows], abs=1e-5)


def test_that_distribution_functions_are_those_of_the_fit_groups(bundle):
    trusts = sorted(float(row["trust_softmax"]) for row in bundle.predictions("fit"))
    assert bundle.distributions["softmax"] == pytest.approx(trusts, rel=1e-5)
    assert bundle.combination == {}


def test_that_tables_say_which_picture_each_row_is_and_what_the_gate_says_of_it(bundle):
    row = bundle.predictions("certify")[0]
    assert list(row)[:5] == ["group", "clip", "frame", "label", "predicted"]
    assert list(row)[-2:] == ["suitability", "fingerprint"]
    # A still; and with so few groups the distances abstain, so that there is nothing to compare with.
    assert (row["clip"], row["frame"], row["suitability"], row["fingerprint"]) == ("", "0", "", "")


def test_that_the_versions_of_the_scorers_are_written_down(bundle):
    assert bundle.versions["softmax"] == "1"
    assert {f"trust_{name}" for name in bundle.versions} == {
        name for name in bundle.predictions("fit")[0] if name.startswith("trust_")
    }


def test_that_the_card_says_that_the_start_was_random(bundle):
    assert "started from random weights (seed 0)" in bundle.card
    assert "| accuracy |" in bundle.card


def test_that_running_again_after_training_only_fits_again_and_gives_the_same_bundle(run, made, bundle, capsys):
    assert run(made, "--critical", "melanoma") == 0
    assert "epoch" not in capsys.readouterr().err
    assert read_bundle(made).digest == bundle.digest


def test_that_a_bundle_can_be_fitted_anew_without_its_work_folder(run, made, bundle):
    work = made.with_name(made.name + ".work")
    hidden = work.rename(work.with_name("hidden"))
    assert run(made, "--refit") == 0
    hidden.rename(work)
    again = read_bundle(made)
    assert again.digest == bundle.digest
    assert read_section(again.card, MADE_FROM) == read_section(bundle.card, MADE_FROM)


def test_that_similar_frames_come_from_the_training_groups_too_and_are_shown_only_where_that_is_asked_for(
    run, made, bundle, tmp_path
):
    shown = tmp_path / "shown"
    shutil.copytree(made, shown)
    assert run(shown, "--refit", "--thumbnails") == 0
    plain, pictured = (one.state("second-opinion", "similar", "2") for one in (bundle, read_bundle(shown)))
    fit, certify = ({row["group"] for row in bundle.predictions(part)} for part in ("fit", "certify"))
    remembered = {f"{group:016x}" for group in plain["groups"].tolist()}
    assert fit < remembered  # and training groups
    assert not certify & remembered
    assert len(plain["picture_ends"]) == len(plain["pictures"]) == 0
    assert len(pictured["picture_ends"]) == len(pictured["labels"])


def test_that_maps_hold_fit_and_training_pictures_and_those_of_raw_pictures_the_fit_ones_alone(made):
    state = load_file(made / "state" / "second-opinion.map" / "state.safetensors")
    fit, training = 4, 16
    assert [len(state[f"{kind}_classes"]) for kind in ("features", "answers", "pictures")] == [
        fit + training,
        fit + training,
        fit,
    ]


def test_that_fitting_anew_on_another_split_is_refused(run, made):
    with pytest.raises(ViewerError, match="do not give the groups it was measured on"):
        run(made, "--refit", "--seed", "1")


def test_that_a_work_folder_of_other_settings_is_refused(run, made):
    with pytest.raises(ViewerError, match="other data or settings; name another --work-dir"):
        run(made, "--lr", "0.01")


def test_that_an_unknown_architecture_costs_one_sentence_that_lists_those_there_are(run, tmp_path):
    with pytest.raises(ViewerError, match=r"there is no architecture 'magic'.*mobilenet_v2"):
        run(tmp_path / "b", "--architecture", "magic")


def test_that_too_few_groups_of_a_class_cost_one_sentence(run, tmp_path):
    with pytest.raises(ViewerError, match="a class needs at least 7 groups"):
        run(tmp_path / "b", "--where", "ruler=1")


def test_that_an_unknown_critical_class_costs_one_sentence(run, tmp_path):
    with pytest.raises(ViewerError, match="critical class 'wart' is none of the classes"):
        run(tmp_path / "b", "--critical", "wart")


def test_that_an_ensemble_is_trained_member_by_member_and_answers_with_the_mean_logits(run, tmp_path):
    out = tmp_path / "three-eyes"
    assert run(out, "--members", "2", "--no-stop", "--average", "0.9") == 0
    bundle = read_bundle(out)
    assert bundle.manifest.architecture == "squeezenet1_0_x2"
    for words in ("It is an ensemble: 2 networks", "decay 0.9", "stopping groups were trained on as well"):
        assert words in bundle.card
    members = [load_file(out.with_name("three-eyes.work") / f"member-{n}" / "network.safetensors") for n in (1, 2)]
    assert not np.array_equal(members[0]["classifier.1.weight"], members[1]["classifier.1.weight"])
    joined = bundle.weights()["classifier.1.weight"]
    assert np.allclose(joined[:, :512], members[0]["classifier.1.weight"] / 2, atol=1e-3)


def test_that_a_balanced_split_trains_on_its_number_of_groups_and_measures_on_the_others(run, tmp_path):
    assert run(tmp_path / "even", "--split", "balanced", "--train-groups", "16") == 0
    made = read_bundle(tmp_path / "even")
    held_out = {row["group"] for part in ("fit", "certify") for row in made.predictions(part)}
    assert len(held_out) == 28 - 16


def test_that_a_balanced_split_without_a_number_costs_one_sentence(run, tmp_path):
    with pytest.raises(ViewerError, match=r"--split balanced and --train-groups N .* go together"):
        run(tmp_path / "even", "--split", "balanced")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--garbage-leave-out", "noise"], "--garbage-folder and --garbage-leave-out belong to --garbage"),
        (["--garbage", "--garbage-leave-out", "nose"], "there is no family of garbage 'nose' to leave out"),
        (["--garbage", "--garbage-folder", "nowhere"], "nowhere: no folder with pictures"),
    ],
)
def test_that_garbage_that_makes_no_sense_costs_one_sentence(run, tmp_path, words, sentence):
    with pytest.raises(ViewerError, match=sentence):
        run(tmp_path / "x", *words)


@pytest.fixture(scope="module")
def knowing(run, tmp_path_factory) -> Path:
    """A bundle that knows garbage, all families but noise."""
    out = tmp_path_factory.mktemp("knowing") / "tiny-lesion"
    assert run(out, "--garbage", "--garbage-leave-out", "noise", "--members", "2") == 0
    return out


def test_that_a_network_that_knows_garbage_answers_among_its_classes(knowing):
    bundle = read_bundle(knowing)
    assert bundle.manifest.garbage
    assert bundle.weights()["classifier.1.bias"].shape == (5,)
    row = bundle.predictions("certify")[0]
    assert [name for name in row if name.startswith("p_")] == [f"p_{name}" for name in CLASSES]
    assert sum(float(row[f"p_{name}"]) for name in CLASSES) == pytest.approx(1, abs=1e-5)
    assert 0 < float(row["trust_garbage"]) <= 1


def test_that_the_card_says_what_is_rejected_of_families_taught_and_left_out(knowing):
    section = read_section(read_bundle(knowing).card, GARBAGE)
    rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| ")][1:]
    assert [row[2] for row in rows] == ["no", *["yes"] * 7, "no"]
    assert rows[-1][0] == "| noise"
    assert "too few fit groups" in section
    table = (knowing.with_name("tiny-lesion.work") / "garbage.csv").read_text(encoding="utf-8").splitlines()
    assert table[0] == "family,trained,pictures,alone,gate,together"
    assert [line.split(",")[0] for line in table[1:]] == [
        *["proper", "other_modality", "texture", "shuffled", "inverted", "misprepared", "blank", "screen", "noise"]
    ]


def test_that_a_bundle_that_knows_garbage_is_fitted_anew_only_by_the_command_that_says_so(run, knowing):
    words = ["--refit", "--members", "2"]
    before = read_section(read_bundle(knowing).card, GARBAGE)
    with pytest.raises(ViewerError, match="it knows garbage, so this command must say --garbage"):
        run(knowing, *words)
    assert run(knowing, *words, "--garbage", "--garbage-leave-out", "noise") == 0
    assert read_section(read_bundle(knowing).card, GARBAGE) == before


def test_that_a_finished_network_gets_an_output_for_garbage_and_its_answers_stay_as_they_were(run, made, tmp_path):
    out = tmp_path / "tiny-lesion"
    shutil.copytree(made, out)
    words = ["--refit", "--garbage", "--critical", "melanoma"]
    with pytest.raises(ViewerError, match="with another output it is another version"):
        run(out, *words)
    assert run(out, *words, "--bundle-version", "2") == 0
    before, after = read_bundle(made), read_bundle(out)
    assert (after.manifest.version, after.manifest.garbage) == ("2", True)
    assert after.manifest.critical_classes == before.manifest.critical_classes
    assert after.weights()["classifier.1.weight"].shape[0] == len(CLASSES) + 1
    rows = [[row[f"p_{name}"] for name in CLASSES] for row in before.predictions("certify")]
    assert [[row[f"p_{name}"] for name in CLASSES] for row in after.predictions("certify")] == rows
    assert "was added to version 1 afterwards" in read_section(after.card, MADE_FROM)
    assert "| pictures | tried | taught as garbage |" in read_section(after.card, GARBAGE)
