"""In read-first mode the reader answers before anything the AI says is shown; what becomes of it is recorded."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest

from viewer.assessment.light import Grounds
from viewer.assessment.verdict import ClipTally
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.domain.result import Assessment, Light
from viewer.present.wording import LIGHT_WORDS
from viewer.session.events import ClipAssessed
from viewer.store.acts import Act, Reveal, Review, Stage, StudyState
from viewer.store.journal import Journal
from viewer.testing.lights import basis, certificate

from .conftest import Room, assessment, deliver, opened
from .telling import told

READ_FIRST = pytest.mark.parametrize("room", [{"read_first": True}], indirect=True)
CONTROL = Qt.KeyboardModifier.ControlModifier


def recorded(room: Room) -> Sequence[Act]:
    with Journal(room.database) as journal:
        return [entry.act for entry in journal.entries() if not isinstance(entry.act, StudyState)]


def answer(room: Room, chosen: str) -> None:
    """Choose an answer and confirm it with the enter key."""
    window = room.window
    if not window.review.isAncestorOf(window.focusWidget()):
        QTest.keyClick(window, Qt.Key.Key_5)
    window.review.answers.setFocus()
    window.review.answers.setCurrentIndex(window.review.answers.findData(chosen))
    QTest.keyClick(window.review.answers, Qt.Key.Key_Tab)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)


def kept(room: Room) -> None:
    """Let the journal's thread write, and answer what was asked for then."""
    room.write()
    room.write()


def certified(room: Room) -> None:
    room.session.made.basis = basis(
        certificate=certificate(by_class={}, critical_classes=()), weights={"softmax": 1.0}, distributions={}
    )


def whole(room: Room, light: Light = Light.AMBER) -> None:
    """Say what the clip's own answer is, under a light."""
    tally = ClipTally(room.session.manifest.classes)
    for place in range(room.window.frames.rowCount()):
        tally.add(room.window.frames.row(place))
    verdict = replace(tally.verdict(Grounds(model=Modality.DERMOSCOPY), Modality.DERMOSCOPY), light=light)
    assert room.desk.clip is not None
    room.desk.clip_assessed.emit(ClipAssessed(generation=0, clip=str(room.desk.clip.path), verdict=verdict))


def go_to(room: Room, frame: int) -> None:
    room.window.player.seek(frame)
    room.settle()
    room.work()


def show_everything(room: Room) -> None:
    for dock in room.window.docks.values():
        dock.show()
    deliver()


def is_shown(room: Room) -> bool:
    return room.window.reliability.card.answer.text().startswith(
        ("AI answer: nevus", "AI answer, not to be relied on: nevus")
    )


@pytest.fixture
def clip(room: Room) -> Room:
    """A clip of three frames, in the colours of the light, assessed."""
    certified(room)
    room.session.made.lights = {0: Light.AMBER, 1: Light.GREEN, 2: Light.RED}
    room.open(opened(frames=3))
    room.work()
    return room


def assert_that_nothing_is_told(room: Room) -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    everything = told(room)
    for light in LIGHT_WORDS.values():
        assert light not in everything
    for secret in ("nevus", "because", "70 %", "0.7", "nothing is known", "trust 0 %", "classifier:"):
        assert secret not in everything
    window = room.window
    assert window.timeline.track.lights() == {}
    assert np.isnan(window.timeline.track.trusts()).all()
    assert window.explanations.overlays.shown() == {}
    assert window.canvas.maps == ()
    assert not window.review.agree.isEnabled()


@READ_FIRST
def test_that_no_part_of_the_window_tells_anything_before_the_answer(clip: Room) -> None:
    show_everything(clip)
    whole(clip)
    assert_that_nothing_is_told(clip)
    for frame in range(3):
        assert clip.window.timeline.track.words(frame).endswith("shown after your answer")


@READ_FIRST
def test_that_no_key_walks_to_what_is_kept_back(clip: Room) -> None:
    whole(clip)
    for key in (Qt.Key.Key_N, Qt.Key.Key_P, Qt.Key.Key_J):
        QTest.keyClick(clip.window, key)
        assert clip.desk.frame == 0
        assert_that_nothing_is_told(clip)


def others(pictures: Sequence[Any], modality: Modality, cancelled: object) -> list[Assessment]:
    changes = {
        "probabilities": np.array([0.0, 0.1, 0.9]),
        "predicted": 2,
        "final": 2,
        "trail": "classifier: keratosis",
    }
    return [assessment(0.93, light=Light.RED, reason="unlike", **changes) for _ in pictures]


@READ_FIRST
@pytest.mark.parametrize("frames", [1, 3])
def test_that_the_window_is_painted_alike_whatever_the_ai_says(
    room: Room, frames: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    certified(room)
    room.session.made.lights = dict.fromkeys(range(frames), Light.GREEN)
    room.open(opened(frames=frames))
    show_everything(room)
    room.work()
    words, picture = told(room), room.window.grab().toImage()
    monkeypatch.setattr(room.session.made, "assess", others)
    room.window.assess_again()
    room.work()
    assert told(room) == words
    assert room.window.grab().toImage() == picture


@READ_FIRST
def test_that_a_first_answer_opens_its_frame_alone_once_it_is_on_disk(clip: Room) -> None:
    window = clip.window
    assert window.review.before.text().startswith("Answer first")
    answer(clip, "melanoma")
    assert window.review.before.text() == "Saving … melanoma"
    assert not window.review.confirm.isEnabled()
    assert not is_shown(clip)
    kept(clip)
    assert is_shown(clip)
    assert window.reliability.card.word.text() == "AI unsure"
    assert list(window.explanations.overlays.shown()) == ["heat/0"]
    assert window.timeline.track.lights() == {0: Light.AMBER}
    assert [window.frames.index(row, 4).data() for row in range(3)] == ["nevus", "withheld", "withheld"]
    assert window.review.before.text() == "First answer kept: melanoma. The AI says nevus. Confirm or change yours."
    go_to(clip, 1)
    assert not is_shown(clip)
    (act,) = recorded(clip)
    assert isinstance(act, Review)
    assert (act.stage, act.answer, act.ai_seen, act.frame) == (Stage.FIRST, "melanoma", False, 0)
    assert act.ai is not None
    assert act.ai.final == "nevus"


@READ_FIRST
def test_that_the_first_answer_is_confirmed_or_changed_and_told_beside_the_ais(clip: Room) -> None:
    window, review = clip.window, clip.window.review
    answer(clip, "melanoma")
    kept(clip)
    assert review.agreement.text() == "First answers: 1 open"
    QTest.mouseClick(review.agree, Qt.MouseButton.LeftButton)
    QTest.mouseClick(review.confirm, Qt.MouseButton.LeftButton)
    kept(clip)
    first, final = recorded(clip)
    assert isinstance(first, Review)
    assert isinstance(final, Review)
    assert (final.stage, final.answer, final.follows, final.ai_seen) == (Stage.FINAL, "nevus", 1, True)
    assert review.before.text().startswith("Confirmed: nevus")
    said = review.agreement.toolTip().replace("\n", " ")
    assert said == "Of one first answer 0 agreed with the AI; you changed 1, 1 to the AI's class."

    go_to(clip, 1)
    answer(clip, "nevus")
    kept(clip)
    assert review.answers.currentData() == "nevus"
    QTest.mouseClick(review.confirm, Qt.MouseButton.LeftButton)
    kept(clip)
    assert review.agreement.text() == "First answers: 1 of 2 agreed with the AI, 1 changed, 0 open"
    said = review.agreement.toolTip().replace("\n", " ")
    assert said == "Of 2 first answers 1 agreed with the AI; you changed 1, 1 to the AI's class."
    assert window.review.before.text().startswith("Confirmed: nevus")


@READ_FIRST
def test_that_an_answer_to_the_clip_opens_the_clip_and_all_its_frames(clip: Room) -> None:
    window = clip.window
    window.review.whole.setChecked(True)
    answer(clip, "nevus")
    kept(clip)
    whole(clip)
    assert window.timeline.verdict.answer.text().startswith("nevus, 70 % on average")
    assert window.timeline.track.lights() == clip.session.made.lights
    light = window.series.clips.index_of(clip.desk.clip).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "AI unsure" in light
    assert is_shown(clip)
    (act,) = recorded(clip)
    assert isinstance(act, Review)
    assert (act.stage, act.frame) == (Stage.FIRST, None)


@READ_FIRST
def test_that_red_still_withholds_the_class_after_the_first_answer(clip: Room) -> None:
    go_to(clip, 2)
    answer(clip, "keratosis")
    kept(clip)
    card = clip.window.reliability.card
    assert card.word.text() == "AI unreliable"
    assert card.answer.text() == "AI answer withheld: it is unreliable here"
    assert clip.window.frames.index(2, 4).data() == "withheld"
    QTest.mouseClick(clip.window.review.confirm, Qt.MouseButton.LeftButton)
    kept(clip)
    assert clip.window.review.agreement.isHidden()  # it would tell whether the withheld class is the same
    QTest.keyClick(clip.window, Qt.Key.Key_A)
    kept(clip)
    assert is_shown(clip)
    *_, reveal = recorded(clip)
    assert isinstance(reveal, Reveal)
    assert reveal.why == "red light"


@READ_FIRST
def test_that_the_ai_is_shown_without_answering_by_key_and_recorded(clip: Room) -> None:
    whole(clip)
    QTest.keyClick(clip.window, Qt.Key.Key_A)
    assert is_shown(clip)
    assert clip.window.timeline.track.lights() == {0: Light.AMBER}
    QTest.keyClick(clip.window, Qt.Key.Key_A)
    assert clip.window.timeline.track.lights() == clip.session.made.lights
    assert clip.window.timeline.verdict.word.text() == "Clip: AI unsure"
    answer(clip, "melanoma")
    kept(clip)
    frame, all_of_it, review = recorded(clip)
    assert isinstance(frame, Reveal)
    assert isinstance(all_of_it, Reveal)
    assert [(act.frame, act.why) for act in (frame, all_of_it)] == [(0, "read first"), (None, "read first")]
    assert isinstance(review, Review)
    assert (review.stage, review.ai_seen) == (Stage.FINAL, True)


@READ_FIRST
def test_that_the_ai_is_shown_without_answering_by_mouse_once_there_is_an_answer(room: Room) -> None:
    room.open(opened("a.png", frames=1))
    button = room.window.reliability.card.anyway
    assert button.text() == "Show AI without answering"
    assert not button.isEnabled()
    room.work()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    kept(room)
    assert is_shown(room)
    assert not room.window.action("show_anyway").isEnabled()
    (act,) = recorded(room)
    assert isinstance(act, Reveal)


@READ_FIRST
def test_that_an_answer_may_come_before_the_ai_has_one(room: Room) -> None:
    room.open(opened("a.png", frames=1))
    room.window.review.offer_classes(room.session.manifest.classes)
    answer(room, "melanoma")
    room.write()
    assert room.window.reliability.card.word.text() == "No light yet"
    room.work()
    assert is_shown(room)
    assert "AI not judged" in told(room)
    QTest.mouseClick(room.window.review.confirm, Qt.MouseButton.LeftButton)
    kept(room)
    first, final = recorded(room)
    assert isinstance(first, Review)
    assert isinstance(final, Review)
    assert (first.stage, first.ai, final.stage, final.follows) == (Stage.FIRST, None, Stage.FINAL, 1)
    assert room.window.review.agreement.toolTip().startswith("Of one first answer 0 agreed")


@READ_FIRST
def test_that_an_answer_where_no_ai_can_follow_is_final_at_once(room: Room) -> None:
    room.session.refusal = ViewerError("no model fits")
    room.open(opened("a.png", frames=1))
    room.work()
    room.window.review.offer_classes(("nevus",))
    answer(room, "nevus")
    room.write()
    (act,) = recorded(room)
    assert isinstance(act, Review)
    assert (act.stage, act.ai) == (Stage.FINAL, None)


@READ_FIRST
def test_that_a_journal_that_fails_opens_the_ai_and_keeps_both_answers_in_order(
    clip: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise ViewerError("reviews.db: the disk is full")

    review = clip.window.review
    with monkeypatch.context() as broken:
        broken.setattr(Journal, "append", full)
        answer(clip, "melanoma")
        kept(clip)
        assert review.before.text() == "NOT SAVED: melanoma"
        assert clip.window.unsaved.isVisible()
        assert is_shown(clip)
        QTest.mouseClick(review.agree, Qt.MouseButton.LeftButton)
        QTest.mouseClick(review.confirm, Qt.MouseButton.LeftButton)
        kept(clip)
    QTest.mouseClick(clip.window.unsaved.retry, Qt.MouseButton.LeftButton)
    kept(clip)
    first, final = recorded(clip)
    assert isinstance(first, Review)
    assert isinstance(final, Review)
    assert (first.stage, final.stage, final.follows) == (Stage.FIRST, Stage.FINAL, 1)
    assert review.before.text().startswith("Confirmed: nevus")


def test_that_the_key_keeps_back_what_is_on_screen_and_shows_it_again(clip: Room) -> None:
    window = clip.window
    whole(clip)
    assert is_shown(clip)
    QTest.keyClick(window, Qt.Key.Key_R, CONTROL)
    assert window.action("read_first").isChecked()
    assert_that_nothing_is_told(clip)
    assert "has been on screen here" in window.review.before.text()
    QTest.keyClick(window, Qt.Key.Key_R, CONTROL)
    assert is_shown(clip)
    assert list(window.explanations.overlays.shown()) == ["heat/0"]
    assert window.timeline.track.lights() == clip.session.made.lights
    assert "AI unsure" in told(clip)


def test_that_an_answer_after_the_ai_was_seen_is_no_first_one(clip: Room) -> None:
    QTest.keyClick(clip.window, Qt.Key.Key_R, CONTROL)
    answer(clip, "melanoma")
    kept(clip)
    assert is_shown(clip)
    (act,) = recorded(clip)
    assert isinstance(act, Review)
    assert (act.stage, act.ai_seen) == (Stage.FINAL, True)


def test_that_lights_of_other_pictures_in_the_list_wait_too(room: Room) -> None:
    room.open(opened("a.png", frames=1), opened("b.png", frames=1))
    room.work()
    clips = room.window.series.clips
    room.desk.show_clip(clips.clips[1])
    room.settle()

    def word(place: int) -> str:
        return str(clips.index_of(clips.clips[place]).data(Qt.ItemDataRole.AccessibleTextRole))

    assert "AI not judged" in word(0)
    room.window.action("read_first").toggle()
    assert word(0).endswith("answer first")
    room.window.action("read_first").toggle()
    assert "AI not judged" in word(0)


@READ_FIRST
def test_that_another_model_shows_what_was_answered_and_not_what_was_only_revealed(clip: Room) -> None:
    answer(clip, "melanoma")
    kept(clip)
    go_to(clip, 1)
    QTest.keyClick(clip.window, Qt.Key.Key_A)
    assert is_shown(clip)
    clip.window.banner.bundle_chosen.emit("made-up")
    clip.work()
    assert not is_shown(clip)
    go_to(clip, 0)
    assert is_shown(clip)


@READ_FIRST
def test_that_an_answer_of_an_earlier_sitting_opens_the_ai_and_waits_to_be_confirmed(clip: Room) -> None:
    answer(clip, "melanoma")
    kept(clip)
    window, shown = clip.window, clip.desk.clip
    assert shown is not None
    window.conclusions._withholding._answered.clear()
    window.answering._first.clear()
    clip.desk.show_clip(shown)
    clip.settle()
    window.canvas.viewport().repaint()
    clip.work()
    assert not is_shown(clip)
    kept(clip)
    assert is_shown(clip)
    assert window.review.before.text() == "First answer kept: melanoma. The AI says nevus. Confirm or change yours."
    assert window.review.answers.currentData() == "melanoma"


@READ_FIRST
def test_that_answers_of_others_are_told_after_the_readers_own(clip: Room) -> None:
    clip.window.reviews._reviewing._reader = "Somebody else"
    answer(clip, "keratosis")
    kept(clip)
    clip.window.reviews._reviewing._reader = "Reader"
    clip.window.conclusions._withholding._answered.clear()
    clip.window.action("read_first").toggle()
    clip.window.action("read_first").toggle()
    assert "keratosis" not in clip.window.review.before.text()


@READ_FIRST
def test_that_a_frame_that_cannot_be_read_says_so_at_once(room: Room) -> None:
    room.open(opened(frames=2, broken=[0]))
    room.work()
    assert "frame 1 is damaged" in room.window.reliability.card.reason.text()
    assert room.window.timeline.track.words(0).endswith("cannot be assessed")
    assert not room.window.review.confirm.text().endswith("first answer")


@READ_FIRST
def test_that_space_presses_the_button_in_focus_and_does_not_play_the_clip(clip: Room) -> None:
    window = clip.window
    window.reliability.card.anyway.setFocus()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    assert is_shown(clip)
    assert not window.action("play").isChecked()
