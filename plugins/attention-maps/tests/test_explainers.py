import numpy as np
import pytest
import viewer_attention_maps as plugin

from viewer.api import Overlay, Text
from viewer.testing import builders
from viewer.testing.conformance import check_explainer

EXPLAINERS = {explainer.name: explainer for explainer in plugin.viewer_explainers({})}


@pytest.fixture(params=EXPLAINERS)
def explainer(request):
    return EXPLAINERS[request.param]


def test_that_the_explainer_conforms(explainer):
    check_explainer(explainer)


def test_that_the_overlay_names_its_class_its_unit_and_its_limits(explainer):
    evidence = builders.evidence(1)
    overlay, text = explainer.explain(evidence)
    assert isinstance(overlay, Overlay)
    assert overlay.title == f"{explainer.title}: {evidence.classes[evidence.targets[0]]}"
    assert (overlay.unit, overlay.limits) == ("share of maximum", (0.0, 1.0))
    assert overlay.values.shape == (5, 5)
    assert (overlay.values.min(), overlay.values.max()) >= (0, 1)
    assert "of the area" in text.body


def test_that_any_class_can_be_explained(explainer):
    evidence = builders.evidence(1)
    other = (evidence.targets + 1) % 4
    gradients = evidence.linear_head.weight[other][:, :, None, None] / np.float32(25)
    aimed = builders.changed(evidence, targets=other, gradients=gradients)
    assert evidence.classes[other[0]] in explainer.explain(aimed)[-1].body


def test_that_a_map_without_attention_is_said_and_not_drawn(explainer):
    evidence = builders.evidence(1)
    against = builders.changed(evidence, gradients=-np.abs(evidence.gradients))
    (content,) = explainer.explain(against)
    assert isinstance(content, Text)
    assert content.body.startswith("No attention")


@pytest.mark.parametrize(
    ("cell", "words"),
    [((3, 3), "concentrated and lies mostly in its middle"), ((0, 0), "mostly away from its middle")],
)
def test_that_the_sentence_says_where_the_attention_lies(cell, words):
    activations = np.zeros((1, 2, 7, 7), np.float32)
    activations[0, 0, cell[0], cell[1]] = 1
    evidence = builders.evidence(1, channels=2, grid=7)
    pointed = builders.changed(evidence, activations=activations, gradients=np.ones((1, 2, 1, 1), np.float32))
    assert words in EXPLAINERS["grad_cam"].explain(pointed)[1].body
