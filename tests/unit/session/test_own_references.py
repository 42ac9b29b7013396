"""One picture after the other is kept as the command line keeps whole folders."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from viewer.datasets.query import DataQuery
from viewer.datasets.split import pseudonym
from viewer.domain.errors import UnreadableFile, ViewerError
from viewer.domain.evidence import ReferenceSet
from viewer.domain.image import Frame, Modality
from viewer.engine.bundle import read_bundle
from viewer.engine.bundle.files import WEIGHTS
from viewer.host.discovery import PluginHost
from viewer.session.own_references import OwnPicture, OwnReferences
from viewer.session.session import Session
from viewer.settings import Settings
from viewer.store.references import ReferenceStore
from viewer.testing.bundles import tiny_bundle
from viewer.training.referencing import add_references

TODAY = date(2026, 3, 1)


def frame(seed: int) -> Frame:
    values = np.random.default_rng(seed).integers(0, 256, (70, 90, 3), np.uint8)
    return Frame(values=values, grey=None)


@pytest.fixture
def room(tmp_path: Path) -> Any:
    settings = Settings(device="cpu")
    session = Session(settings, PluginHost(settings, entry_points=[]))
    bundle = session.use_bundle(str(tiny_bundle(tmp_path)), Modality.DERMOSCOPY)
    told: list[str] = []
    own = OwnReferences(tmp_path / "own", told.append)
    yield SimpleNamespace(session=session, bundle=bundle, own=own, told=told, root=tmp_path / "own")
    session.close()


def add(room: Any, file: Path, number: int, answer: str, patient: str = "") -> int:
    picture = OwnPicture(file=file, frame=number, decode=frame, answer=answer, patient=patient)
    kept: int = room.own.add(room.session.assessor(), picture, TODAY)
    return kept


def found(room: Any) -> ReferenceSet:
    known = room.own.load(room.bundle)
    assert known is not None
    return known


def test_that_a_picture_is_on_disk_and_there_to_compare_with_at_once(room: Any, tmp_path: Path) -> None:
    assert room.own.load(room.bundle) is None
    assert add(room, tmp_path / "a.png", 0, "jagged", "Doe") == 1
    assert add(room, tmp_path / "b.png", 0, "jagged") == 2
    known = found(room)
    assert known.labels.tolist() == [1, 1]
    assert set(known.groups.tolist()) == {pseudonym("Doe"), pseudonym(str((tmp_path / "b.png").resolve()))}
    again = OwnReferences(room.root, room.told.append).load(room.bundle)
    assert again is not None
    np.testing.assert_array_equal(again.attention, known.attention)
    assert not any(b"Doe" in path.read_bytes() for path in room.root.rglob("*.safetensors"))


def test_that_frames_of_a_clip_gather_and_the_same_frame_is_replaced(room: Any, tmp_path: Path) -> None:
    file = tmp_path / "clip.dcm"
    for number, answer in ((3, "round"), (7, "round"), (3, "striped")):
        add(room, file, number, answer)
    known = found(room)
    assert dict(zip(known.frames.tolist(), known.labels.tolist(), strict=True)) == {7: 0, 3: 2}
    ((folder,), _) = room.own.listed(room.bundle)
    assert (folder.data, folder.pictures, folder.classes) == (file.resolve(), 2, {"round": 1, "striped": 1})


def test_that_it_is_what_the_command_line_keeps_of_the_same_picture(room: Any, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "striped").mkdir(parents=True)
    Image.fromarray(frame(0).rgb()).save(data / "striped" / "a.png")
    add(room, data / "striped" / "a.png", 0, "striped")
    store = ReferenceStore(tmp_path / "other", room.bundle.hashes[WEIGHTS])
    engine = room.session.assessor()._engine
    add_references(engine, DataQuery(data=data), store, frames_per_clip=1, today=TODAY, say=lambda words: None)
    theirs, _ = store.load(room.bundle.manifest.classes)
    assert theirs is not None
    for name in ("features", "labels", "frames", "thumbnails", "attention"):
        np.testing.assert_array_equal(getattr(found(room), name), getattr(theirs, name), err_msg=name)


def test_that_what_was_added_is_forgotten(room: Any, tmp_path: Path) -> None:
    add(room, tmp_path / "a.png", 0, "round")
    room.own.remove(room.bundle, (tmp_path / "a.png").resolve())
    assert room.own.load(room.bundle) is None
    assert room.own.listed(room.bundle) == ((), ())


def test_that_a_damaged_entry_is_told_once_and_mended_by_adding_again(room: Any, tmp_path: Path) -> None:
    add(room, tmp_path / "a.png", 0, "round")
    (entry,) = room.root.rglob("*.safetensors")
    entry.write_bytes(b"no")
    fresh = OwnReferences(room.root, room.told.append)
    assert fresh.load(room.bundle) is None
    assert fresh.load(room.bundle) is None
    assert ["damaged" in sentence for sentence in room.told] == [True]
    add(room, tmp_path / "a.png", 0, "round")
    assert len(found(room).labels) == 1


def test_that_a_frame_that_cannot_be_decoded_changes_nothing(room: Any, tmp_path: Path) -> None:
    def damaged(index: int) -> Frame:
        raise UnreadableFile(tmp_path / "a.png", reason="it is damaged")

    picture = OwnPicture(file=tmp_path / "a.png", frame=0, decode=damaged, answer="round")
    with pytest.raises(UnreadableFile, match="damaged"):
        room.own.add(room.session.assessor(), picture, TODAY)
    assert not room.root.exists()


def test_that_a_class_the_model_does_not_know_is_refused(room: Any, tmp_path: Path) -> None:
    with pytest.raises(ViewerError, match="the model tiny knows no class b_lines"):
        add(room, tmp_path / "a.png", 0, "b_lines")


def test_that_a_full_store_is_refused_in_one_sentence(
    room: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.store.references.MOST_PICTURES", 1)
    add(room, tmp_path / "a.png", 0, "round")
    with pytest.raises(ViewerError, match="more than 1"):
        add(room, tmp_path / "b.png", 0, "round")
    assert len(found(room).labels) == 1


def test_that_the_session_hands_them_to_its_plugins(tmp_path: Path) -> None:
    settings = Settings(device="cpu")
    session = Session(settings, PluginHost(settings, entry_points=[]), references=tmp_path / "own")
    bundle = read_bundle(tiny_bundle(tmp_path))
    assert session.own.load(bundle) is None
    session.close()
