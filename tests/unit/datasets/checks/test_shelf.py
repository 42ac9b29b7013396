import os

import numpy as np
import pytest

from viewer.datasets.checks.facts import look_at
from viewer.datasets.checks.looking import look_at_all
from viewer.datasets.checks.shelf import FactShelf
from viewer.domain.errors import ViewerError


def test_that_facts_come_back_as_they_were(paint, tmp_path):
    path = paint("a.png", 1)
    facts = look_at(path)
    with FactShelf(tmp_path / "shelf" / "facts.sqlite") as shelf:
        shelf.put(path, facts)
    with FactShelf(tmp_path / "shelf" / "facts.sqlite") as shelf:
        back = shelf.get(path)
    assert np.array_equal(back.small, facts.small)
    for name in ("size", "digest", "form", "pixels", "hashes", "brightness", "neighbour", "error", "missing"):
        assert getattr(back, name) == getattr(facts, name)


def test_that_a_changed_or_lost_file_is_looked_at_again(paint, tmp_path):
    path = paint("a.png", 1)
    with FactShelf(None) as shelf:
        shelf.put(path, look_at(path))
        assert shelf.get(path) is not None
        os.utime(path, ns=(1, 1))
        assert shelf.get(path) is None
        path.unlink()
        assert shelf.get(path) is None


def test_that_every_file_is_looked_at_once_and_progress_is_told(paint, tmp_path, monkeypatch):
    paths = [paint("a.png", 1), paint("b.png", 2)]
    told = []
    with FactShelf(None) as shelf:
        look_at_all([*paths, paths[0]], shelf, lambda done, total: told.append((done, total)))
        assert told == [(0, 2), (1, 2), (2, 2)]
        monkeypatch.setattr("viewer.datasets.checks.looking.look_at", lambda path: pytest.fail("read again"))
        assert set(look_at_all(paths, shelf, lambda done, total: None)) == set(paths)


def test_that_what_was_found_before_an_interruption_is_kept(paint, tmp_path):
    path = paint("a.png", 1)

    def interrupted(done, total):
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), FactShelf(tmp_path / "facts.sqlite") as shelf:
        look_at_all([path, paint("b.png", 2)], shelf, interrupted)
    with FactShelf(tmp_path / "facts.sqlite") as shelf:
        assert shelf.get(path) is not None


def test_that_a_file_that_is_no_shelf_costs_one_sentence(tmp_path):
    (tmp_path / "facts.sqlite").write_text("no database, but long enough to be looked at as one" * 20)
    with pytest.raises(ViewerError, match="facts of files cannot be kept there"):
        FactShelf(tmp_path / "facts.sqlite")


def test_that_the_shelf_names_no_files(paint, tmp_path):
    path = paint("Smith_John.png", 1)
    with FactShelf(tmp_path / "facts.sqlite") as shelf:
        shelf.put(path, look_at(path))
    assert b"Smith" not in (tmp_path / "facts.sqlite").read_bytes()
