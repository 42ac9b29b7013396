"""The light in the window: signs, words, what it rests on, why it has its colour, and what if weights were others."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from viewer.assessment.course import Segment
from viewer.assessment.verdict import ClipVerdict
from viewer.domain.result import Light
from viewer.present.colours import contrast
from viewer.testing.lights import CLASSES, basis, certificate, judged
from viewer.ui.panels.clip_verdict import ClipVerdictView, answer_words
from viewer.ui.panels.series_list import SeriesList, fitting
from viewer.ui.panels.track import TrustTrack
from viewer.ui.panels.track_drawing import HEIGHT, HEIGHTS
from viewer.ui.theme import NAMES, apply_theme, load_theme
from viewer.ui.widgets.light_sign import CELL, MARK, ORDER, LightMark, LightSign, ink

from .conftest import clip, deliver, opened

ALIKE = 0.8
"""Share of ink in common above which two shapes would be mistaken for one another."""


def grey(widget: QWidget) -> NDArray[np.float64]:
    """What is left without any colour: luminance by pixel, float64 (rows, columns)."""
    return pixels(widget) @ np.array([0.2126, 0.7152, 0.0722])


def pixels(widget: QWidget) -> NDArray[np.uint8]:
    """A widget as it stands on its window, uint8 (rows, columns, 3)."""
    window = widget.window()
    place = QRect(widget.mapTo(window, QPoint()), widget.size())
    image = window.grab(place).toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.array(image.constBits()).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return np.ascontiguousarray(rows[:, : image.width(), 2::-1])


def inked(luminance: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where something is drawn, whatever its brightness."""
    ground = luminance[0, 0]
    strongest = np.abs(luminance - ground).max()
    return np.abs(luminance - ground) > strongest / 2


def overlap(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    return float((one & other).sum() / (one | other).sum())


def best_contrast(widget: QWidget) -> float:
    """Contrast of the strongest pixel with the commonest one: of words with their ground."""
    colours, counts = np.unique(pixels(widget).reshape(-1, 3), axis=0, return_counts=True)
    names = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in colours.tolist()]
    ground = names[int(counts.argmax())]
    return max(contrast(name, ground) for name in names)


def whole(light: Light) -> ClipVerdict:
    """A clip's decision under a light."""
    return ClipVerdict(
        classes=CLASSES,
        frames=5,
        failed=0,
        probabilities=(0.7, 0.2, 0.1),
        predicted="nevus",
        final="nevus",
        least_trusted=2,
        trust=0.7,
        light=light,
        reason="because",
        error="",
    )


def test_that_a_clip_says_where_it_is_not_the_same_throughout_and_not_while_its_answer_is_withheld():
    steady = whole(Light.AMBER)
    parts = [Segment(first=40 * i, last=40 * i + 39, name=CLASSES[i % 2], probability=0.8) for i in range(5)]
    changing = replace(steady, course=tuple(parts))
    assert "throughout" not in answer_words(steady, withheld=False)
    words = answer_words(changing, withheld=False)
    assert words.endswith(
        "not the same throughout: frames 1–40 nevus, 41–80 melanoma, 81–120 nevus and 2 further parts"
    )
    assert "throughout" not in answer_words(changing, withheld=True)


@pytest.fixture(params=NAMES)
def theme(request: Any, qapp: Any) -> Any:
    apply_theme(qapp, load_theme(request.param))
    yield load_theme(request.param)
    apply_theme(qapp, load_theme("dark"))


def marks(qtbot: Any) -> dict[Light | None, NDArray[np.bool_]]:
    """The ink of every light that stands alone."""
    found = {}
    for light in (*Light, None):
        mark = LightMark()
        qtbot.addWidget(mark)
        mark.set_light(light)
        found[light] = inked(grey(mark))
    return found


def test_that_the_four_lights_differ_in_shape_without_any_colour(qtbot, theme):
    shapes = marks(qtbot)
    alike = {
        (str(one), str(other)): overlap(shapes[one], shapes[other])
        for one, other in combinations(shapes, 2)
        if overlap(shapes[one], shapes[other]) > ALIKE
    }
    assert alike == {}
    assert all(shape.sum() > 20 for light, shape in shapes.items() if light is not None)


def test_that_the_four_lights_of_the_sign_differ_in_place_and_shape_without_any_colour(qtbot, theme):
    lit = {}
    for light in Light:
        sign = LightSign()
        qtbot.addWidget(sign)
        sign.set_light(light)
        drawn = np.abs(grey(sign) - grey(sign)[0, 0])
        cells = [drawn[:, place * CELL : (place + 1) * CELL] for place in range(len(ORDER))]
        assert int(np.argmax([cell.sum() for cell in cells])) == ORDER.index(light)
        lit[light] = inked(cells[ORDER.index(light)])
    alike = {pair: overlap(lit[pair[0]], lit[pair[1]]) for pair in combinations(Light, 2)}
    assert {pair: share for pair, share in alike.items() if share > ALIKE} == {}


def test_that_a_sign_without_a_light_has_none_on(qtbot):
    sign = LightSign()
    qtbot.addWidget(sign)
    sign.set_light(Light.GREEN)
    lit = grey(sign)
    sign.set_light(None)
    assert np.abs(grey(sign) - lit).max() > 50
    assert sign.accessibleName() == "Reliability of AI: not known yet"


def test_that_every_light_stands_out_from_every_surface(theme):
    ratios = {
        (light.value, surface): contrast(ink(light).name(), theme.colours[surface])
        for light in Light
        for surface in ("panel", "raised", "window", "selection", "hover")
    }
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < 3} == {}


def test_that_the_words_beside_lights_are_legible(qtbot, theme, panel):
    shown = SeriesList()
    verdict = ClipVerdictView()
    for widget in (shown, verdict):
        qtbot.addWidget(widget)
        widget.show()
    shown.clips.add([clip("a.png", frames=1)])
    shown.resize(260, 120)
    shown.select(shown.clips.clips[0])
    ratios = {}
    for light in Light:
        panel.show_assessment(judged(light))
        shown.clips.set_light(str(shown.clips.clips[0].path), light, "because")
        for part in (panel.card.word, panel.card.reason, panel.card.answer, panel.change):
            ratios[light.value, part.text()] = best_contrast(part)
        verdict.show_verdict(whole(light), basis(), withheld=False)
        ratios[light.value, "clip"] = min(best_contrast(verdict.word), best_contrast(verdict.answer))
        ratios[light.value, "series"] = best_contrast(shown.viewport())
    assert {what: ratio for what, ratio in ratios.items() if ratio < 4.5} == {}


def test_that_muted_words_are_legible_on_chosen_rows(theme):
    ratios = {surface: contrast(theme.colours["muted"], theme.colours[surface]) for surface in ("selection", "hover")}
    assert {surface: ratio for surface, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("light", list(Light))
def test_that_the_card_says_word_reason_and_answer(panel, light):
    panel.show_assessment(judged(light))
    words = {"green": "AI reliable", "amber": "AI unsure", "red": "AI unreliable", "grey": "AI not judged"}
    assert panel.card.word.text() == words[light.value]
    assert panel.card.reason.text()[1:].rstrip(".") == judged(light).reason[1:]
    relied = "AI answer, not to be relied on" if light is Light.RED else "AI answer"
    assert panel.card.answer.text().startswith(f"{relied}: nevus, trust")


def test_that_the_card_says_how_the_answer_came_about_where_more_than_the_classifier_spoke(panel):
    panel.show_assessment(judged(Light.GREY))
    assert not panel.card.trail.isVisible()
    trail = "classifier: basal_cell_carcinoma › second opinion: melanoma (reliability 31 %)"
    panel.show_assessment(judged(Light.GREY, trail=trail))
    assert panel.card.trail.isVisible()
    assert panel.card.trail.text() == trail.replace("_", " ")
    panel.show_assessment(judged(Light.RED, trail=trail), withheld=True)
    assert not panel.card.trail.isVisible()
    assert panel.card.trail.text() == ""


def test_that_the_claim_is_told_on_hover(panel):
    panel.show_assessment(judged(Light.GREEN))
    told = " ".join(panel.card.toolTip().split())
    assert "At most 10 % of green answers are wrong, 95 % confidence, n = 240 groups" in told
    assert "Missed critical cases: 2 of 100 green answers" in told
    assert max(len(line) for line in panel.card.toolTip().splitlines()) <= 80
    assert panel.card.accessibleDescription() == panel.card.toolTip()


def test_that_a_click_on_the_card_opens_what_the_light_rests_on(panel):
    panel.show_assessment(judged(Light.AMBER))
    assert not panel.card.backing.isVisible()
    QTest.mouseClick(panel.card, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert panel.card.backing.isVisible()
    assert "Here 45.0 %; green from 59.0 %, red up to 10.0 %." in panel.card.backing.words
    QTest.mouseClick(panel.card, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert not panel.card.backing.isVisible()


def test_that_what_the_light_rests_on_opens_by_keyboard(panel):
    panel.show_assessment(judged(Light.AMBER))
    button = panel.card.rests_on.button
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert panel.card.backing.isVisible()


def test_that_what_the_light_rests_on_follows_the_frame_while_it_is_open(panel):
    panel.show_assessment(judged(Light.AMBER))
    panel.card.rests_on.button.click()
    panel.show_assessment(judged(Light.GREEN))
    assert "Here 85.0 %; green from 59.0 %, red up to 10.0 %." in panel.card.backing.words
    panel.use_basis(basis(certificate=None))
    panel.show_assessment(judged(Light.GREY))
    assert panel.card.backing.words[0] == "Nothing is claimed: the model carries no certificate."
    panel.show_pending("Assessing this frame …")
    assert panel.card.backing.words == ()


def test_that_no_sentence_of_the_light_is_cut_off(qtbot, panel):
    panel.resize(400, 900)
    panel.card.rests_on.button.click()
    for light in Light:
        panel.show_assessment(judged(light))
        parts = [panel.card.reason, panel.card.answer, panel.change, *panel.card.backing.labels]
        qtbot.waitUntil(lambda parts=parts: all(part.height() >= part.heightForWidth(part.width()) for part in parts))


def test_that_rows_mark_the_trust_that_green_takes(panel):
    panel.show_assessment(judged(Light.AMBER))
    lines = {line.score.name: line for model in panel.scores.values() for line in model.lines}
    assert lines["softmax"].threshold == pytest.approx(0.7)
    assert lines["softmax"].notes[1] == "green from 70.0 %, the others as they are: 15 points short"
    assert panel.change.text().startswith("Green from a combined trust of 59.0 %; here 45.0 %.")


def test_that_notes_of_a_row_are_broken_and_not_cut(panel):
    model = panel._sections[1][1]
    panel.show_assessment(judged(Light.AMBER))
    tall = model.height()
    panel.resize(300, 900)
    deliver()
    assert model.height() > tall


def test_that_the_timeline_has_a_height_for_every_light(qtbot):
    assert len(set(HEIGHTS.values())) == len(Light)
    track = TrustTrack()
    qtbot.addWidget(track)
    track.resize(446, 78)
    track.show_clip(5, ())
    neutral = track.grab().toImage()
    for frame, light in enumerate(Light):
        track.set_trust(frame, 0.5, light)
    assert track.words(0) == "frame 1 of 5: AI reliable, trust 50 %"
    assert track.lights() == dict(enumerate(Light))
    lit = track.grab().toImage()
    heights = {
        light: sum(lit.pixelColor(34 + 80 * frame + 20, y) == ink(light) for y in range(HEIGHT - 28, HEIGHT))
        for frame, light in enumerate(Light)
    }
    assert heights == {light: pytest.approx(height, abs=1) for light, height in HEIGHTS.items()}
    assert neutral != lit


def test_that_the_list_says_what_is_known_of_every_clip(qtbot):
    shown = SeriesList()
    qtbot.addWidget(shown)
    shown.clips.add([clip("a.png", frames=1)])
    index = shown.clips.index_of(shown.clips.clips[0])
    assert "Reliability of AI: not assessed" in index.data(Qt.ItemDataRole.ToolTipRole)
    shown.clips.set_light("study/a.png", Light.AMBER, "trust is low")
    assert "Reliability of AI: AI unsure. Trust is low." in index.data(Qt.ItemDataRole.ToolTipRole)
    assert "AI unsure" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    shown.clips.drop_lights()
    assert "not assessed" in index.data(Qt.ItemDataRole.AccessibleTextRole)


@pytest.mark.parametrize("light", list(Light))
def test_that_the_list_draws_the_shape_of_the_light(qtbot, light):
    shown = SeriesList()
    qtbot.addWidget(shown)
    shown.clips.add([clip("a.png", frames=1)])
    shown.clips.set_light("study/a.png", light, "because")
    shown.resize(260, 120)
    image = shown.viewport().grab().toImage()
    row = shown.visualRect(shown.clips.index_of(shown.clips.clips[0]))
    rows = range(row.top(), row.bottom())
    drawn = sum(image.pixelColor(x, y) == ink(light) for x in range(68, 68 + MARK) for y in rows)
    mark = LightMark()
    qtbot.addWidget(mark)
    mark.set_light(light)
    alone = mark.grab().toImage()
    expected = sum(alone.pixelColor(x, y) == ink(light) for x in range(MARK) for y in range(MARK))
    assert drawn == pytest.approx(expected, rel=0.3)


def test_that_details_of_a_row_are_left_out_rather_than_cut(qtbot):
    shown = SeriesList()
    qtbot.addWidget(shown)
    metrics = shown.fontMetrics()
    whole = "60 frames  ·  4.0 s  ·  480 × 360"
    assert fitting(whole, metrics, 1000) == whole
    assert fitting(whole, metrics, metrics.horizontalAdvance("60 frames  ·  4.0 s") + 1) == "60 frames  ·  4.0 s"
    assert fitting(whole, metrics, 1) == "60 frames"


def test_that_no_class_is_an_answer_in_what_the_light_rests_on(panel):
    panel.use_basis(basis(certificate=certificate(by_class={}, critical_classes=())))
    panel.show_assessment(judged(Light.RED), withheld=True)
    assert not any(name in panel.card.toolTip() for name in CLASSES)


@pytest.mark.parametrize(("width", "height"), [(900, 600), (1100, 700), (1920, 1200)])
def test_that_the_panel_beside_the_picture_is_never_cut(room, width, height):
    room.session.made.lights = {0: Light.RED}
    room.open(opened(frames=3))
    room.work()
    room.window.arrange(width, height)
    deliver()
    panel = room.window.reliability
    assert (room.window.width(), room.window.height()) == (width, height)
    assert panel.widget().width() <= panel.viewport().width()
    timeline = room.window.timeline
    for part in (timeline.verdict.word, timeline.position):
        assert part.width() >= part.fontMetrics().horizontalAdvance(part.text())
    assert timeline.width() >= timeline.layout().minimumSize().width()
