"""Other weights are tried beside the light, and nothing else follows from them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from viewer.assessment.combine import combined_trust
from viewer.domain.result import Light
from viewer.testing.lights import KNOTS, WEIGHTS, basis, judged, row

from .conftest import opened


def test_that_a_what_if_is_shown_beside_the_light_and_changes_nothing_else(panel):
    amber = judged(Light.AMBER)
    panel.show_assessment(amber)
    before = [line.notes for model in panel.scores.values() for line in model.lines]
    panel.what_if.section.button.click()
    assert panel.what_if.isVisible()
    assert list(panel.what_if.weights) == list(WEIGHTS)
    assert not panel.card.what_if.isVisible()

    panel.what_if.weights["margin"].slider.setValue(100)
    mine = combined_trust(amber.rows, {"softmax": 0.75, "margin": 1.0}, basis().distributions)
    assert mine == pytest.approx((0.75 * 0.5 + 0.3) / 1.75)
    assert panel.card.what_if.words.text() == (
        "Uncertified what-if: trust 38.5 % instead of 45.0 %. No light follows from it."
    )
    assert panel.what_if.result.text() == panel.card.what_if.words.text()
    assert panel.card.word.text() == "AI unsure"
    assert panel.card.answer.text() == "AI answer: nevus, trust 45\u00a0%"
    assert [line.notes for model in panel.scores.values() for line in model.lines] == before

    panel.card.what_if.reset.click()
    assert not panel.card.what_if.isVisible()
    assert panel.what_if.weights["margin"].slider.value() == 25


def test_that_a_what_if_stays_from_frame_to_frame_and_goes_with_the_model(panel):
    panel.show_assessment(judged(Light.AMBER))
    panel.what_if.weights["margin"].slider.setValue(100)
    panel.show_assessment(judged(Light.GREEN))
    assert "instead of 85.0 %" in panel.card.what_if.words.text()
    panel.show_pending("Assessing this frame …")
    assert panel.card.what_if.words.text() == ""
    panel.use_basis(basis())
    panel.show_assessment(judged(Light.GREEN))
    assert panel.card.what_if.words.text() == ""


def test_that_a_what_if_without_trust_says_why(panel):
    panel.show_assessment(judged(Light.AMBER))
    for weight in panel.what_if.weights.values():
        weight.slider.setValue(0)
    assert panel.what_if.result.text() == "Uncertified what-if: no trust, since no score would weigh anything."
    panel.show_assessment(judged(Light.GREY, trust=None))
    panel.what_if.weights["margin"].slider.setValue(50)
    assert panel.what_if.result.text() == ("Uncertified what-if: trust 30.0 %; the model's own cannot be told.")


def test_that_there_is_no_what_if_where_nothing_was_calibrated(panel):
    panel.use_basis(basis(certificate=None, distributions={}, weights={"softmax": 1.0}))
    panel.show_assessment(judged(Light.GREY))
    assert not panel.what_if.isVisible()


def test_that_many_scores_that_answer_one_question_have_one_slider_and_keep_their_weights(panel):
    members = [row(name, name, 0.5, family="attention") for name in ("iou", "dice")]
    members.append(row("ssim", "SSIM", 0.5, family="attention", weight=1.0))
    rows = (row("attention", "Attention", 0.5), *members)
    weights = {"ssim": 1.0}
    panel.use_basis(basis(distributions=dict.fromkeys(("attention", "iou", "dice", "ssim"), KNOTS), weights=weights))
    panel.show_assessment(judged(Light.AMBER, rows=rows))
    assert list(panel.what_if.weights) == ["attention", "ssim"]
    assert not panel.what_if.moved


def test_that_a_slider_keeps_its_keys_from_the_window(room):
    room.session.made.basis = basis()
    room.open(opened(frames=3))
    room.work()
    room.window.reliability.show_assessment(judged(Light.AMBER))
    slider = room.window.reliability.what_if.weights["margin"].slider
    room.window.reliability.what_if.section.button.click()
    room.window.activateWindow()
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    room.settle()
    assert slider.value() == 26
    assert room.desk.frame == 0
    QTest.keyClick(room.window, Qt.Key.Key_Right)
    assert room.desk.frame == 1
