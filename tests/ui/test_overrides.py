"""What the reader puts in the place of the viewer's own conclusions is in the journal; what is none is not."""

from collections.abc import Sequence

from viewer.domain.image import Modality
from viewer.store.acts import Act, Override
from viewer.store.journal import Journal

from .conftest import Room, opened


def recorded(room: Room) -> Sequence[Act]:
    room.write()
    if not room.database.exists():
        return ()
    with Journal(room.database) as journal:
        return [entry.act for entry in journal.entries()]


def test_that_another_model_than_the_viewers_choice_is_an_override_once(room: Room) -> None:
    room.open(opened(frames=3))
    room.work()
    room.window.banner.bundle_chosen.emit("another")
    room.window.banner.bundle_chosen.emit("a third")  # now the reader names models
    (act,) = recorded(room)
    assert isinstance(act, Override)
    assert (act.what, act.shown, act.chosen, act.frame) == ("model", "made-up", "another", None)
    assert act.ai is not None
    assert act.ai.final == "nevus"


def test_that_choosing_the_model_in_use_or_the_first_one_is_no_override(room: Room) -> None:
    room.open(opened(frames=3))
    room.window.banner.bundle_chosen.emit("made-up")  # before any model has answered
    room.work()
    room.window.banner.bundle_chosen.emit("made-up")
    assert recorded(room) == ()


def test_that_another_kind_of_picture_than_was_taken_is_an_override(room: Room) -> None:
    room.open(opened("a.png", frames=1, modality=Modality.UNKNOWN))
    room.work()
    room.window.banner.modality_chosen.emit(Modality.DERMOSCOPY)
    room.window.banner.modality_chosen.emit(Modality.XRAY)
    (act,) = recorded(room)
    assert isinstance(act, Override)
    assert (act.what, act.shown, act.chosen, act.frame) == ("modality", "dermoscopy", "xray", 0)


def test_that_saying_what_nobody_knew_is_no_override(room: Room) -> None:
    room.desk._said_modality = Modality.UNKNOWN
    room.open(opened("a.png", frames=1, modality=Modality.UNKNOWN))
    room.work()
    room.window.banner.modality_chosen.emit(Modality.DERMOSCOPY)
    assert recorded(room) == ()
