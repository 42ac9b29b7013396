import pytest

from viewer.domain.errors import ViewerError
from viewer.engine.bundle import read_bundle
from viewer.testing.bundles import ARCHITECTURE, CLASSES, INPUT_SIZE, tiny_bundle
from viewer.training.crossval_card import HEADING, add_to_card, section, with_cross_validation

FIGURE = {"value": 0.75, "low": 0.7, "high": 0.8}
ALONE = {"value": 0.1, "low": None, "high": None}
CARD = "# tiny 1\n\n## Figures\n\nits own\n\n## Limits\n\n- few\n\n## Certificate\n\nnone\n"


def record(classes=CLASSES, architecture=ARCHITECTURE, input_size=0):
    return {
        "input_size": input_size,
        "folds": [{"architecture": architecture, "right": right, "judged": 50} for right in (35, 40)],
        "figures": {
            "classes": list(classes),
            "n": 100,
            "groups": 90,
            "accuracy": FIGURE,
            "ece": {"value": None, "low": None, "high": None},
            "trust": {
                "trust": {"auroc_f": FIGURE, "augrc": FIGURE, "aurc": {"value": 0.1, "low": None, "high": None}}
            },
        },
    }


def test_that_the_section_says_whose_figures_they_are_not():
    text = section(record())
    assert "belong to 2 other trainings by the same recipe, not to the weights of this bundle" in text
    assert "no part of any certificate" in text


def test_that_the_section_holds_the_figures_with_their_intervals():
    text = section(record())
    assert "| accuracy | .750 (.700–.800) |" in text
    assert "| ECE | undefined |" in text
    assert "| accuracy, fold by fold | .700, .800 |" in text
    assert "| combined | .750 (.700–.800) | .750 (.700–.800) | .100 (?–?) |" in text


def test_that_the_section_stands_before_the_limits_and_replaces_an_earlier_one():
    once = with_cross_validation(CARD, "old")
    twice = with_cross_validation(once, "new")
    assert twice == CARD.replace("## Limits", f"## {HEADING}\n\nnew\n\n## Limits")


def test_that_a_card_without_limits_gets_it_at_its_end():
    assert with_cross_validation("# tiny 1\n", "text") == f"# tiny 1\n\n## {HEADING}\n\ntext\n\n"


def test_that_nothing_but_the_card_of_the_bundle_changes(tmp_path):
    before = read_bundle(tiny_bundle(tmp_path))
    hashes = dict(before.hashes)
    after = read_bundle(add_to_card(before, record(input_size=INPUT_SIZE)).path)
    assert f"## {HEADING}" in after.card
    assert hashes["weights.safetensors"] == after.hashes["weights.safetensors"]
    assert (after.certificate, after.combination, after.temperature) == (None, {}, 1.0)


@pytest.mark.parametrize(
    "other",
    [{"classes": ("round", "jagged")}, {"architecture": "resnet18"}, {"input_size": INPUT_SIZE + 32}],
    ids=["classes", "network", "size"],
)
def test_that_figures_of_something_else_are_refused(tmp_path, other):
    bundle = read_bundle(tiny_bundle(tmp_path))
    with pytest.raises(ViewerError, match="cross-validated"):
        add_to_card(bundle, record(**other))
    assert HEADING not in read_bundle(bundle.path).card
