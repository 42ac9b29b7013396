"""The worklist: what is open and what the journal knows, states by key and mouse, other viewers on one journal."""

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from viewer.cli import main
from viewer.domain.errors import ViewerError
from viewer.domain.result import Light
from viewer.io.reader import Opened
from viewer.session.worklist import Sort, row_record
from viewer.store.acts import AiAnswer, KeyImage, ReadingState, Review, StudyState, Subject
from viewer.store.journal import Journal
from viewer.ui.panels.worklist_model import study_name

from .conftest import Room, digest_of_name, opened
from .test_main_window import press

UNREAD, IN_REVIEW, DONE = ReadingState
CTRL = Qt.KeyboardModifier.ControlModifier


def names(room: Room) -> list[str]:
    return [study_name(row) for row in room.window.worklist.list.studies.rows]


def states(room: Room) -> dict[str, ReadingState]:
    return {row.study: row.state for row in room.window.worklist.rows}


def recorded_states(room: Room) -> Sequence[ReadingState]:
    with Journal(room.database) as journal:
        return [entry.act.state for entry in journal.entries() if isinstance(entry.act, StudyState)]


def answer(room: Room) -> None:
    """Answer what is on screen."""
    room.settle()
    room.window.canvas.viewport().repaint()
    room.work()  # the classes are those of the model
    review = room.window.review
    review.answers.setCurrentIndex(review.answers.findData("melanoma"))
    QTest.mouseClick(review.confirm, Qt.MouseButton.LeftButton)
    room.write()


def choose(room: Room, place: int) -> None:
    """Click the row of a study."""
    listed = room.window.worklist.list
    room.window.docks["worklist"].raise_()
    room.settle()
    index = listed.studies.index(place, 0)
    listed.scrollTo(index)
    QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=listed.visualRect(index).center())


@pytest.fixture
def three(room: Room) -> Room:
    """Three studies of one, two and one clips; nothing is done yet."""
    room.open(
        opened("a.dcm", 1, study_uid="1", study_description="Skin", patient_name="Doe^Jane", study_date="20260301"),
        opened("b1.dcm", 1, study_uid="2", study_description="Back", study_date="20260105"),
        opened("b2.dcm", 3, study_uid="2", study_description="Back"),
        opened("c.dcm", 1, study_uid="3", study_description="Arm", study_date="20251224"),
    )
    room.write()
    return room


def test_that_opening_puts_studies_on_the_list_unread_and_begins_no_journal(three: Room) -> None:
    assert names(three) == ["Doe Jane", "Back", "Arm"]
    assert set(states(three).values()) == {UNREAD}
    assert three.window.worklist.counts.text() == "3 unread, 0 in review, 0 done"
    assert not three.database.exists()


def test_that_the_first_answer_puts_a_study_in_review(three: Room) -> None:
    answer(three)
    assert states(three) == {"1": IN_REVIEW, "2": UNREAD, "3": UNREAD}
    assert recorded_states(three) == [IN_REVIEW]
    row = three.window.worklist.rows[0]
    assert (row.answered, row.pictures, row.reader) == (1, 1, "Reader")
    assert three.window.worklist.counts.text() == "2 unread, 1 in review, 0 done"
    assert (three.window.worklist.overall.value(), three.window.worklist.overall.maximum()) == (1, 4)


def test_that_an_answer_is_marked_in_the_list_once_it_is_on_disk(three: Room) -> None:
    clip = three.desk.clip
    assert clip is not None
    answer(three)
    assert three.window.series.clips.marks(clip).answers == 1
    press(three, Qt.Key.Key_Down, CTRL)
    press(three, Qt.Key.Key_Up, CTRL)
    assert three.desk.clip.path.name == "c.dcm"  # type: ignore[union-attr]  # round the end, past what is answered


def test_that_a_study_is_done_by_key_once_it_is_on_disk(three: Room) -> None:
    press(three, Qt.Key.Key_Return, CTRL)
    model = three.window.worklist.list.studies
    assert "Saving … done" in model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert states(three)["1"] is UNREAD
    three.write()
    assert states(three)["1"] is DONE
    assert "Saving" not in model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert recorded_states(three) == [DONE]
    press(three, Qt.Key.Key_Return, CTRL)  # done already
    three.write()
    assert recorded_states(three) == [DONE]


def test_that_a_state_that_is_not_saved_is_said_to_be_so_until_it_is(
    three: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise ViewerError("reviews.db: the disk is full")

    model = three.window.worklist.list.studies
    with monkeypatch.context() as broken:
        broken.setattr(Journal, "append", full)
        press(three, Qt.Key.Key_Return, CTRL)
        three.write()
        assert three.window.unsaved.isVisible()
        assert "NOT SAVED: done" in model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        assert states(three)["1"] is UNREAD
    QTest.mouseClick(three.window.unsaved.retry, Qt.MouseButton.LeftButton)
    three.write()
    assert states(three)["1"] is DONE
    assert not three.window.unsaved.isVisible()


def test_that_buttons_change_the_state_of_the_chosen_study(three: Room) -> None:
    choose(three, 1)
    marks = three.window.worklist.marks
    assert not marks[UNREAD].isEnabled()
    for state in (DONE, IN_REVIEW, UNREAD):
        QTest.mouseClick(marks[state], Qt.MouseButton.LeftButton)
        three.write()
        assert states(three) == {"1": UNREAD, "2": state, "3": UNREAD}
    assert recorded_states(three) == [DONE, IN_REVIEW, UNREAD]


def test_that_a_click_shows_the_first_clip_without_an_answer(three: Room) -> None:
    choose(three, 1)
    assert three.desk.clip.path.name == "b1.dcm"  # type: ignore[union-attr]
    answer(three)
    choose(three, 0)
    choose(three, 1)
    assert three.desk.clip.path.name == "b2.dcm"  # type: ignore[union-attr]


def test_that_arrows_and_enter_choose_a_study_while_the_list_has_the_keys(three: Room) -> None:
    listed = three.window.worklist.list
    QTest.keyClick(three.window, Qt.Key.Key_7)
    assert three.window.docks["worklist"].isVisible()
    assert three.window.focusWidget() is listed
    QTest.keyClick(listed, Qt.Key.Key_Down)
    QTest.keyClick(listed, Qt.Key.Key_Down)
    assert three.desk.clip.path.name == "a.dcm"  # type: ignore[union-attr]
    QTest.keyClick(listed, Qt.Key.Key_Return)
    assert three.desk.clip.path.name == "c.dcm"  # type: ignore[union-attr]


def test_that_the_list_is_sorted_and_searched_by_keys(three: Room) -> None:
    panel = three.window.worklist
    three.window.docks["worklist"].raise_()
    panel.filters.button.click()
    QTest.keyClick(panel.sort, Qt.Key.Key_Down)
    assert Sort(panel.sort.currentData()) is Sort.NAME
    assert names(three) == ["Arm", "Back", "Doe Jane"]
    QTest.keyClicks(panel.words, "back")
    assert names(three) == ["Back"]
    panel.words.clear()
    panel.state.setCurrentIndex(panel.state.findData(DONE.value))
    assert names(three) == []
    panel.state.setCurrentIndex(0)
    three.window.series.clips.set_light("study/c.dcm", Light.RED, "because")
    three.settle()
    panel.light.setCurrentIndex(panel.light.findData(Light.RED.value))
    assert names(three) == ["Arm"]
    assert panel.counts.text() == "3 unread, 0 in review, 0 done"


def test_that_the_worst_light_comes_first_and_is_told_in_words(three: Room) -> None:
    clips = three.window.series.clips
    clips.set_light("study/b1.dcm", Light.AMBER, "because")
    clips.set_light("study/b2.dcm", Light.RED, "because")
    clips.set_light("study/c.dcm", Light.GREEN, "because")
    three.settle()
    panel = three.window.worklist
    panel.sort.setCurrentIndex(panel.sort.findData(Sort.LIGHT.value))
    assert names(three) == ["Back", "Arm", "Doe Jane"]
    told = panel.list.studies.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert told.index("■ AI unreliable: 1") < told.index("▲ AI unsure: 1")
    assert "0 of 2 answered" in told


def test_that_rows_are_drawn_differently_by_state_light_and_progress(three: Room) -> None:
    three.window.docks["worklist"].raise_()
    three.settle()
    pictures = [three.window.worklist.list.viewport().grab().toImage()]
    three.window.series.clips.set_light("study/a.dcm", Light.RED, "because")
    three.settle()
    pictures.append(three.window.worklist.list.viewport().grab().toImage())
    press(three, Qt.Key.Key_Return, CTRL)
    pictures.append(three.window.worklist.list.viewport().grab().toImage())
    three.write()
    pictures.append(three.window.worklist.list.viewport().grab().toImage())
    assert all(one != other for one, other in pairwise(pictures))


def test_that_another_viewer_on_the_same_journal_is_seen(three: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = three.desk.clip
    assert clip is not None
    subject = Subject(study="1", file=str(clip.path), digest=digest_of_name(clip.path))
    with Journal(three.database) as other:
        other.append(Review(reader="Berta", subject=subject, frame=0, answer="nevus", ai=None, ai_seen=False))
        other.append(KeyImage(reader="Berta", subject=subject, frame=0))
        other.append(StudyState(reader="Berta", subject=Subject(study="1", file="study"), state=DONE))
        other.append(StudyState(reader="Berta", subject=Subject(study="9", file="elsewhere/x.png"), state=UNREAD))
        monkeypatch.setattr(three.window, "isActiveWindow", lambda: False)
        three.window.studies.poll.timeout.emit()
        three.write()
        assert states(three)["1"] is UNREAD  # a window in the background does not ask
        monkeypatch.setattr(three.window, "isActiveWindow", lambda: True)
        three.window.studies.poll.timeout.emit()
        three.write()
    assert states(three) == {"1": DONE, "2": UNREAD, "3": UNREAD, "9": UNREAD}
    assert three.window.worklist.rows[0].reader == "Berta"
    marks = three.window.series.clips.marks(clip)
    assert (marks.answers, marks.key_images) == (1, 1)
    assert three.window.review.before.text().startswith("Confirmed: nevus, Berta")


def test_that_a_poll_without_news_asks_for_nothing_more(three: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(three)
    surveys: list[object] = []
    three.window.reviews.surveyed.connect(surveys.append)
    monkeypatch.setattr(three.window, "isActiveWindow", lambda: True)
    three.window.studies.poll.timeout.emit()
    three.write()
    assert surveys == []


@pytest.fixture
def closed(three: Room) -> Room:
    """A study of the journal whose file is not open."""
    with Journal(three.database) as journal:
        journal.append(
            StudyState(reader="Berta", subject=Subject(study="9", file="elsewhere/x.png"), state=IN_REVIEW)
        )
    three.window.reviews.survey()
    three.write()
    return three


def test_that_a_study_that_is_not_open_is_opened_again_and_shown(closed: Room) -> None:
    assert names(closed)[-1] == "x.png"
    closed.session.files = [opened("y.png", 1), opened("x.png", 1, study_uid="9")]
    choose(closed, 3)
    closed.files.run_all()
    closed.settle()
    assert closed.session.asked[-1] == Path("elsewhere/x.png")
    assert closed.desk.clip.path.name == "x.png"  # type: ignore[union-attr]


def test_that_a_study_whose_file_is_gone_says_so(closed: Room) -> None:
    closed.session.files = [Opened(path=Path("elsewhere/x.png"), error="it does not exist")]
    choose(closed, 3)
    closed.files.run_all()
    closed.settle()
    assert closed.window.problems.isVisible()
    assert closed.desk.clip.path.name == "a.dcm"  # type: ignore[union-attr]
    closed.open(opened("x.png", 1, study_uid="9"))  # by other means, later: it does not take the screen
    assert closed.desk.clip.path.name == "a.dcm"  # type: ignore[union-attr]


def test_that_a_journal_that_cannot_be_read_is_said_in_the_worklist(
    three: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    three.database.write_bytes(b"no database at all" * 100)
    three.window.reviews.survey()
    three.write()
    assert "The reviews cannot be read: " in three.window.worklist.fault.text()
    assert names(three) == ["Doe Jane", "Back", "Arm"]


def test_that_the_window_and_the_command_line_say_the_same(three: Room, capsys: pytest.CaptureFixture[str]) -> None:
    answer(three)
    press(three, Qt.Key.Key_Return, CTRL)
    three.write()
    choose(three, 1)
    answer(three)
    known = [row for row in three.window.worklist.rows if row.reader]
    assert main(["reviews", "worklist", "--json", "--database", str(three.database)]) == 0
    headless = {record["study"]: record for record in map(json.loads, capsys.readouterr().out.splitlines())}
    for row in known:
        assert headless[row.study] == {**row_record(row), "open": False}
    assert len(headless) == len(known) == 2


def test_that_reviews_are_exported_beside_the_reading(three: Room, tmp_path: Path) -> None:
    answer(three)
    three.window.action("export_reviews").trigger()
    (dialog,) = three.window.findChildren(QFileDialog)
    assert not dialog.isModal() or dialog.windowModality() is not Qt.WindowModality.ApplicationModal
    dialog.fileSelected.emit(str(tmp_path / "all.json"))
    dialog.close()
    three.write()
    assert str(tmp_path / "all.json") in three.window.statusBar().currentMessage()
    entries = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))["entries"]
    assert [entry["kind"] for entry in entries] == ["review", "study"]


def test_that_an_export_that_fails_says_why(three: Room, tmp_path: Path) -> None:
    answer(three)
    three.window.reviews.export(tmp_path / "no folder" / "all.csv")
    three.write()
    assert three.window.problems.isVisible()


def test_that_a_row_says_what_study_it_is(three: Room) -> None:
    index: Any = three.window.worklist.list.studies.index(1, 0)
    assert "Dermoscopy" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert "2026-01-05" in index.data(Qt.ItemDataRole.ToolTipRole)


def test_that_read_first_keeps_back_the_lights_of_earlier_answers(three: Room) -> None:
    clip = three.desk.clip
    assert clip is not None
    ai = AiAnswer(predicted="nevus", final="nevus", trust=0.2, light=Light.RED, bundle="b 1", bundle_digest="b" * 64)
    subject = Subject(study="1", file=str(clip.path), digest=digest_of_name(clip.path))
    with Journal(three.database) as other:
        other.append(Review(reader="Berta", subject=subject, frame=0, answer="nevus", ai=ai, ai_seen=True))
    three.window.reviews.survey()
    three.write()
    assert three.window.worklist.rows[0].lights == {Light.RED: 1}
    press(three, Qt.Key.Key_R, CTRL)
    assert three.window.worklist.rows[0].lights == {}
    assert three.window.worklist.rows[0].answered == 1


def test_that_a_de_identified_display_tells_no_study_and_writes_what_it_is_all_the_same(closed: Room) -> None:
    press(closed, Qt.Key.Key_D, CTRL)
    model = closed.window.worklist.list.studies
    assert names(closed) == ["Study 1", "Study 2", "Study 3", "Study 4"]
    told = "".join(model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) for row in range(4))
    assert not any(words in told for words in ("Doe", "Skin", "2026-03-01", "x.png", "a.dcm"))
    press(closed, Qt.Key.Key_Return, CTRL)
    closed.write()
    with Journal(closed.database) as journal:
        last = list(journal.entries())[-1].act
    assert isinstance(last, StudyState)
    assert last.about is not None
    assert last.about.title == "Skin"
    closed.session.files = [opened("x.png", 1, study_uid="9")]
    choose(closed, 3)
    assert closed.session.asked[-1:] != [Path("Study 4")]
    closed.files.run_all()
    assert closed.session.asked[-1] == Path("elsewhere/x.png")
