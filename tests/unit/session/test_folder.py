"""The look at the opened files as a whole: which of them it opens, what it says, and that it can be interrupted."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from viewer.domain.errors import JobCancelled, NotAnImage, UnreadableFile, ViewerError
from viewer.domain.image import Clip, Frame, Modality
from viewer.session.folder import LOOKED_AT, MISFIT, FolderCheck, spread

SKIN = Modality.DERMOSCOPY


class Looker:
    """An assessor that only looks; the look of a picture is its first pixel."""

    bundle = SimpleNamespace(manifest=SimpleNamespace(modality=SKIN))

    def __init__(self, p: float | None = 0.5, knows_looks: bool = True) -> None:
        self.p = p
        self.knows_looks = knows_looks
        self.compared: list[int] = []

    def look(self, picture: Any, cancelled: Any) -> Any:
        value = int(picture.rgb[0, 0, 0])
        if value == 255:
            raise ViewerError("the model's answer to this picture is not a finite number")
        return np.array([value], np.float32)

    def folder_p(self, looks: Any) -> float | None:
        self.compared = looks[:, 0].astype(int).tolist()
        return self.p


class Shelf:
    """Files by number; each shows its number as a grey level, unless told otherwise."""

    def __init__(self, count: int, **clips: dict[str, Any]) -> None:
        self.files = [Path(f"{number}.png") for number in range(count)]
        self.opened: list[int] = []
        self.closed = 0
        self.clips = {int(name.removeprefix("n")): changes for name, changes in clips.items()}

    def open(self, path: Path) -> Any:
        number = int(path.stem)
        self.opened.append(number)
        changes = dict(self.clips.get(number, {}))
        error = changes.pop("error", None)
        if error is not None:
            raise error
        value = changes.pop("value", number)
        values = {"path": path, "kind": "raster", "frames": 1, "rows": 1, "columns": 1, "modality": SKIN}
        frame = Frame(values=np.full((1, 1, 3), value, np.uint8), grey=None)
        return SimpleNamespace(
            clip=Clip(photometric="RGB", **{**values, **changes}), decode=lambda index: frame, close=self._close
        )

    def _close(self) -> None:
        self.closed += 1


def never() -> bool:
    return False


def unheard(done: int, total: int) -> None:
    pass


def check(assessor: Looker, shelf: Shelf, said: Modality = Modality.UNKNOWN) -> FolderCheck:
    return FolderCheck(assessor, shelf.files, shelf.open, said)  # type: ignore[arg-type]


@pytest.mark.parametrize(("p", "fault"), [(0.0009, MISFIT), (0.001, ""), (0.5, ""), (None, "")])
def test_that_files_are_at_fault_below_one_in_a_thousand(p: float | None, fault: str) -> None:
    assert check(Looker(p), Shelf(40)).fault(never, unheard) == fault


def test_that_files_spread_over_all_are_looked_at_and_no_more_than_needed() -> None:
    shelf, assessor = Shelf(200), Looker()
    check(assessor, shelf).fault(never, unheard)
    assert len(shelf.opened) == len(assessor.compared) == shelf.closed == LOOKED_AT
    seen = sorted(shelf.opened)
    assert max(np.diff([0, *seen, 199])) <= 200 / LOOKED_AT * 2


def test_that_below_twenty_files_it_is_silent_and_opens_nothing() -> None:
    shelf = Shelf(19)
    assert check(Looker(0.0), shelf).fault(never, unheard) == ""
    assert shelf.opened == []


def test_that_it_is_silent_where_the_model_has_nothing_to_compare_with() -> None:
    shelf = Shelf(40)
    assert check(Looker(0.0, knows_looks=False), shelf).fault(never, unheard) == ""
    assert shelf.opened == []


def test_that_files_that_cannot_be_read_or_show_something_else_are_passed_over() -> None:
    odd: dict[str, dict[str, Any]] = {
        "n1": {"error": UnreadableFile("1.png", reason="damaged")},
        "n2": {"error": NotAnImage("2.png", kind="text")},
        "n3": {"modality": Modality.XRAY},
        "n4": {"modality": Modality.UNKNOWN},
        "n5": {"value": 255},
    }
    assessor = Looker(0.0)
    assert check(assessor, Shelf(25, **odd)).fault(never, unheard) == MISFIT
    assert sorted(assessor.compared) == [0, *range(6, 25)]
    assert check(Looker(0.0), Shelf(24, **odd)).fault(never, unheard) == ""  # only 19 are left
    assert check(Looker(0.0), Shelf(24, **odd), SKIN).fault(never, unheard) == MISFIT  # the user said what 4 shows


def test_that_a_patient_counts_once() -> None:
    """Pictures of one patient look alike: twenty of them say little about the folder."""
    of_two = {f"n{number}": {"patient_id": "A" if number < 30 else "B"} for number in range(60)}
    assessor = Looker(0.0)
    assert check(assessor, Shelf(60, **of_two)).fault(never, unheard) == ""
    assert assessor.compared == []


def test_that_it_tells_how_far_it_is_and_goes_on_where_it_was_stopped() -> None:
    shelf, told = Shelf(30), []
    interrupted = check(Looker(0.0), shelf)
    looks = iter([False] * 10 + [True])
    with pytest.raises(JobCancelled):
        interrupted.fault(lambda: next(looks), lambda done, total: told.append((done, total)))
    assert told == [(done, LOOKED_AT) for done in range(10)]
    assert interrupted.fault(never, unheard) == MISFIT
    assert len(shelf.opened) == LOOKED_AT
    told.clear()
    assert interrupted.fault(never, lambda done, total: told.append((done, total))) == MISFIT
    assert told == []  # it is known by now


def test_that_a_file_in_work_when_it_is_stopped_is_looked_at_again() -> None:
    shelf, assessor = Shelf(20), Looker(0.0)
    stopped = check(assessor, shelf)
    look = assessor.look

    def gone(picture: Any, cancelled: Any) -> Any:
        raise JobCancelled

    assessor.look = gone  # type: ignore[method-assign]
    with pytest.raises(JobCancelled):
        stopped.fault(never, unheard)
    assessor.look = look  # type: ignore[method-assign]
    assert stopped.fault(never, unheard) == MISFIT
    assert sorted(assessor.compared) == list(range(20))


def test_that_every_beginning_of_the_order_is_spread_evenly() -> None:
    assert spread(8) == [0, 4, 2, 6, 1, 5, 3, 7]
    assert sorted(spread(37)) == list(range(37))
    assert (spread(0), spread(1)) == ([], [0])
