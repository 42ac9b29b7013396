import numpy as np
import pytest

from viewer.domain.bundle import Manifest
from viewer.domain.image import Modality
from viewer.training.card import MADE_FROM, Calibrated, read_section, write_card
from viewer.training.figures import Figure, measure

MANIFEST = Manifest(
    name="tiny",
    version="2",
    architecture="squeezenet1_0",
    classes=("nevus", "melanoma"),
    critical_classes=("melanoma",),
    modality=Modality.DERMOSCOPY,
    intended_use="Tests.",
    licence="Apache-2.0",
    input_size=64,
)


@pytest.fixture
def calibrated():
    labels, predicted = np.array([0, 0, 1, 1]), np.array([0, 0, 1, 0])
    trusts = {"softmax": np.array([0.9, 0.8, 0.7, 0.1]), "silent": np.full(4, np.nan)}
    groups = np.array(["a", "b", "c", "d"])
    return Calibrated(
        temperature=1.25,
        likelihood_before=0.9,
        likelihood_after=0.8,
        figures=measure(labels, predicted, groups, trusts, 2),
        titles={"softmax": "Softmax probability"},
    )


def test_that_figures_are_those_of_the_predictions(calibrated):
    figures = calibrated.figures
    assert (figures.pictures, figures.groups, figures.supports) == (4, 4, (2, 2))
    assert figures.accuracy.value == pytest.approx(0.75)
    assert figures.balanced_accuracy.value == pytest.approx(0.75)
    assert [recall.value for recall in figures.recalls] == pytest.approx([1.0, 0.5])
    assert figures.aurocs["softmax"].value == pytest.approx(1.0)
    assert np.isnan(figures.aurocs["silent"].value)
    assert figures.abstained == {"softmax": 0, "silent": 4}


def test_that_intervals_hold_their_figure(calibrated):
    accuracy = calibrated.figures.accuracy
    assert accuracy.low <= accuracy.value <= accuracy.high


def test_that_a_figure_reads_as_the_field_writes_it():
    assert str(Figure(0.7416, 0.69, 1.0)) == ".742 (.690–1.000)"
    assert str(Figure(float("nan"), 0, 1)) == "undefined"


def test_that_the_card_names_figures_licence_limits_and_critical_classes(calibrated):
    card = write_card(MANIFEST, "Generated pictures.", calibrated)
    for words in (
        "# tiny 2",
        "Apache-2.0",
        "must not be missed: melanoma",
        "| accuracy | .750 (",
        "nothing is certified",
    ):
        assert words in card
    assert "It is no medical device" in card


def test_that_a_section_survives_being_read_and_written_again(calibrated):
    made = "Generated pictures.\n\n| part | groups |\n|---|---|\n| train | 3 |"
    assert read_section(write_card(MANIFEST, made, calibrated), MADE_FROM) == made
    assert read_section("# nothing", MADE_FROM) == ""
