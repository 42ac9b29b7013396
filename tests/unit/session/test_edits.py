import pytest

from viewer.domain.annotation import Annotation, Kind
from viewer.domain.view import Turn, View
from viewer.session.edits import Change, EditModel, Edits

CLIP, OTHER = "a.dcm", "b.dcm"
LINE = Annotation(kind=Kind.DISTANCE, frame=3, points=((0, 0), (5, 5)), id="line")
BOX = Annotation(kind=Kind.RECTANGLE, frame=3, points=((1, 1), (4, 4)), id="box")


@pytest.fixture
def model() -> EditModel:
    return EditModel()


@pytest.fixture
def told(model) -> list[Change]:
    changes: list[Change] = []
    model.watch(changes.append)
    return changes


def test_that_adding_changing_and_deleting_can_be_undone_and_redone(model):
    model.add(CLIP, LINE)
    model.change(CLIP, LINE.moved(2, 2), "Move line")
    model.delete(CLIP, "line")
    states = []
    for turn in (model.undo, model.undo, model.undo, model.redo, model.redo, model.redo):
        turn(CLIP)
        states.append(model.edits(CLIP).annotations)

    assert states == [(LINE.moved(2, 2),), (LINE,), (), (LINE,), (LINE.moved(2, 2),), ()]


def test_that_the_menu_says_what_would_be_undone(model):
    assert (model.undo_label(CLIP), model.redo_label(CLIP)) == ("", "")
    model.add(CLIP, LINE)
    model.change(CLIP, LINE.moved(1, 0), "Move line")
    assert (model.undo_label(CLIP), model.redo_label(CLIP)) == ("Move line", "")
    model.undo(CLIP)
    assert (model.undo_label(CLIP), model.redo_label(CLIP)) == ("Add distance", "Move line")


def test_that_a_step_tells_which_frame_to_show(model):
    model.add(CLIP, LINE)
    model.look(CLIP, View(inverted=True), "Invert")

    assert model.undo(CLIP).frame is None
    assert model.undo(CLIP).frame == 3
    assert model.undo(CLIP) is None
    assert model.redo(CLIP).label == "Add distance"


def test_that_something_new_forgets_what_was_undone(model):
    model.add(CLIP, LINE)
    model.undo(CLIP)
    model.add(CLIP, BOX)

    assert model.redo(CLIP) is None
    assert model.edits(CLIP).annotations == (BOX,)


def test_that_an_undone_deletion_puts_it_back_where_it_was(model):
    for entry in (LINE, BOX):
        model.add(CLIP, entry)
    model.delete(CLIP, "line")
    model.undo(CLIP)

    assert model.edits(CLIP).annotations == (LINE, BOX)


def test_that_undo_concerns_the_clip_on_screen_alone_and_survives_leaving_it(model):
    model.add(CLIP, LINE)
    model.add(OTHER, BOX)
    model.look(OTHER, View(turn=Turn(quarters=1)), "Rotate right")

    model.undo(CLIP)

    assert model.edits(CLIP) == Edits()
    assert model.edits(OTHER).annotations == (BOX,)
    assert model.undo(OTHER).label == "Rotate right"
    assert model.redo(CLIP).label == "Add distance"


def test_that_a_drag_is_one_step(model, told):
    model.add(CLIP, LINE)
    told.clear()

    model.begin(CLIP, "Move line")
    for right in (1, 2, 3):
        model.change(CLIP, LINE.moved(right, 0))
    model.commit()

    assert [change.final for change in told] == [False, False, False, True]
    assert {change.label for change in told} == {"Move line"}
    assert (told[-1].before.annotations, told[-1].after.annotations) == ((LINE,), (LINE.moved(3, 0),))
    assert told[-1].frame == 3
    model.undo(CLIP)
    assert model.edits(CLIP).annotations == (LINE,)


def test_that_a_drag_that_is_given_up_leaves_nothing(model, told):
    model.add(CLIP, LINE)
    model.begin(CLIP, "Move line")
    model.change(CLIP, LINE.moved(9, 9))
    told.clear()

    model.cancel()

    assert model.edits(CLIP).annotations == (LINE,)
    assert [(change.final, change.after.annotations) for change in told] == [(False, (LINE,))]
    assert model.undo_label(CLIP) == "Add distance"


def test_that_a_drag_back_to_where_it_began_is_no_step(model, told):
    model.add(CLIP, LINE)
    told.clear()
    model.begin(CLIP, "Move line")
    model.change(CLIP, LINE.moved(1, 0))
    model.change(CLIP, LINE)
    model.commit()

    assert model.undo_label(CLIP) == "Add distance"
    assert [change.final for change in told] == [False, False]


def test_that_drawing_with_the_mouse_is_one_step(model):
    model.begin(CLIP, "Draw distance")
    model.add(CLIP, LINE)
    for x in range(6, 9):
        model.change(CLIP, LINE.with_point(1, (x, 5)))
    model.commit()

    assert model.undo_label(CLIP) == "Draw distance"
    model.undo(CLIP)
    assert model.edits(CLIP).annotations == ()
    model.redo(CLIP)
    assert model.edits(CLIP).find("line").points == ((0, 0), (8, 5))


def test_that_undo_in_the_middle_of_a_drag_takes_the_drag_back(model):
    model.begin(CLIP, "Window")
    model.look(CLIP, View(window=(40, 400)), "Window")

    assert model.undo(CLIP).label == "Window"
    assert model.edits(CLIP).view == View()
    model.commit()
    assert model.redo_label(CLIP) == "Window"


def test_that_beginning_another_drag_keeps_the_first(model):
    model.begin(CLIP, "Window")
    model.look(CLIP, View(window=(40, 400)), "Window")
    model.begin(OTHER, "Window")
    model.look(OTHER, View(window=(50, 350)), "Window")
    model.commit()

    assert (model.undo_label(CLIP), model.undo_label(OTHER)) == ("Window", "Window")


def test_that_a_change_of_another_clip_is_no_part_of_a_drag(model, told):
    model.begin(CLIP, "Window")
    model.toggle_key_image(OTHER, 1)
    model.commit()

    assert [(change.clip, change.final) for change in told] == [(OTHER, True)]
    assert model.undo_label(OTHER) == "Add key image"


def test_that_several_changes_can_be_one_step_or_none(model):
    with model.one_step(CLIP, "Flip and invert"):
        model.look(CLIP, View(inverted=True), "Invert")
        model.look(CLIP, View(inverted=True, turn=Turn().flipped_over()), "Flip")
    with pytest.raises(ValueError, match="there already"), model.one_step(CLIP, "Paste"):
        model.add(CLIP, LINE), model.add(CLIP, LINE)

    assert model.undo_label(CLIP) == "Flip and invert"
    assert model.edits(CLIP).annotations == ()
    model.undo(CLIP)
    assert model.edits(CLIP) == Edits()


def test_that_a_key_image_is_marked_and_unmarked(model):
    model.toggle_key_image(CLIP, 7, author="reader 1")
    model.toggle_key_image(CLIP, 2)
    (mark,) = model.edits(CLIP).on(7)
    assert (mark.author, model.edits(CLIP).key_frames) == ("reader 1", (2, 7))

    model.toggle_key_image(CLIP, 7)
    assert model.edits(CLIP).key_frames == (2,)
    model.undo(CLIP)
    assert model.edits(CLIP).key_frames == (2, 7)


def test_that_deleting_all_on_a_frame_is_one_step_and_keeps_its_key_mark(model):
    elsewhere = Annotation(kind=Kind.TEXT, frame=4, points=((0, 0),), text="x")
    for entry in (LINE, BOX, elsewhere):
        model.add(CLIP, entry)
    model.toggle_key_image(CLIP, 3)

    model.delete_all(CLIP, 3)

    assert [entry.kind for entry in model.edits(CLIP).annotations] == [Kind.TEXT, Kind.KEY_IMAGE]
    model.undo(CLIP)
    assert len(model.edits(CLIP).annotations) == 4


def test_that_what_changes_nothing_is_no_step(model, told):
    model.look(CLIP, View(), "Reset")
    model.delete_all(CLIP, 0)
    model.commit()
    model.cancel()

    assert told == []
    assert model.undo(CLIP) is None


def test_that_watchers_are_told_of_undo_and_redo_until_they_leave(model):
    changes: list[Change] = []
    leave = model.watch(changes.append)
    model.add(CLIP, LINE)
    model.undo(CLIP)
    model.redo(CLIP)
    leave()
    model.delete(CLIP, "line")

    assert [(change.label, change.final) for change in changes] == [
        ("Add distance", True),
        ("Undo: Add distance", True),
        ("Redo: Add distance", True),
    ]
    assert [change.after.annotations for change in changes] == [(LINE,), (), (LINE,)]


def test_that_a_watcher_sees_the_model_as_it_is_told(model):
    seen = []
    model.watch(lambda change: seen.append(model.edits(change.clip) == change.after))
    model.add(CLIP, LINE)
    model.begin(CLIP, "Move line")
    model.change(CLIP, LINE.moved(1, 1))
    model.cancel()
    model.undo(CLIP)
    model.redo(CLIP)

    assert seen == [True] * 5


def test_that_the_oldest_steps_are_forgotten_first():
    model = EditModel(history=2)
    for quarters in (1, 2, 3):
        model.look(CLIP, View(turn=Turn(quarters=quarters)), f"Rotate {quarters}")

    assert [model.undo(CLIP).label, model.undo(CLIP).label, model.undo(CLIP)] == ["Rotate 3", "Rotate 2", None]
    assert model.edits(CLIP).view.turn.quarters == 1


def test_that_what_was_kept_is_where_a_clip_begins(model, told):
    model.bring_back(CLIP, (LINE,))

    assert (model.edits(CLIP).annotations, model.undo(CLIP)) == ((LINE,), None)
    assert [change.final for change in told] == [False]


def test_that_impossible_edits_are_refused_and_change_nothing(model):
    model.add(CLIP, LINE)
    model.toggle_key_image(CLIP, 0)
    before = model.edits(CLIP)

    with pytest.raises(ValueError, match="there already"):
        model.add(CLIP, LINE)
    with pytest.raises(ValueError, match="key image already"):
        model.add(CLIP, Annotation(kind=Kind.KEY_IMAGE, frame=0))
    with pytest.raises(ValueError, match="no annotation"):
        model.delete(CLIP, "box")
    with pytest.raises(ValueError, match="no annotation"):
        model.change(CLIP, BOX)
    with pytest.raises(ValueError, match="keeps its kind"):
        model.change(CLIP, Annotation(kind=Kind.DISTANCE, frame=0, points=((0, 0), (1, 1)), id="line"))

    assert model.edits(CLIP) == before
    assert model.undo_label(CLIP) == "Add key image"


def test_that_asking_creates_nothing(model):
    assert model.edits(CLIP) == Edits()
    assert (model.undo(CLIP), model.redo(CLIP)) == (None, None)
    model.bring_back(CLIP, (LINE,))
    assert model.edits(CLIP).find("line") == LINE
    assert model.edits(CLIP).find("box") is None


KEPT = Annotation(kind=Kind.ELLIPSE, frame=1, points=((1, 1), (4, 4)), id="kept")
KEY = Annotation(kind=Kind.KEY_IMAGE, frame=3, id="key")


def test_that_what_was_kept_may_arrive_late_and_no_undo_takes_it_away(model, told):
    model.add(CLIP, LINE)
    model.add(CLIP, BOX)
    model.undo(CLIP)
    told.clear()
    model.bring_back(CLIP, (KEPT, KEY))

    assert model.edits(CLIP).annotations == (KEPT, KEY, LINE)
    assert [(change.final, change.before.annotations) for change in told] == [(False, (LINE,))]
    model.redo(CLIP)
    assert model.edits(CLIP).annotations == (KEPT, KEY, LINE, BOX)
    while model.undo(CLIP):
        pass
    assert model.edits(CLIP).annotations == (KEPT, KEY)


def test_that_what_was_kept_may_arrive_during_a_drag(model, told):
    model.add(CLIP, LINE)
    model.begin(CLIP, "Move line")
    model.change(CLIP, LINE.moved(1, 1))
    model.bring_back(CLIP, (KEPT,))
    model.change(CLIP, LINE.moved(2, 2))
    model.commit()

    assert model.edits(CLIP).annotations == (KEPT, LINE.moved(2, 2))
    assert told[-1].before.annotations == (KEPT, LINE)
    model.undo(CLIP)
    assert model.edits(CLIP).annotations == (KEPT, LINE)


def test_that_what_the_reader_did_meanwhile_wins_over_what_was_kept(model, told):
    model.add(CLIP, LINE.moved(1, 1))
    model.delete(CLIP, "line")
    model.toggle_key_image(CLIP, 3)
    mine = model.edits(CLIP).annotations
    told.clear()
    model.bring_back(CLIP, (LINE, KEY))

    assert model.edits(CLIP).annotations == mine
    assert told == []
