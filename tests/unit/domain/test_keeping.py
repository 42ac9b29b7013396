"""What is made of an array once, for as long as it lives."""

import numpy as np
import pytest

from viewer.domain import keeping
from viewer.domain.keeping import kept


@pytest.fixture
def entries(monkeypatch):
    """What is kept, nothing yet."""
    known = {}
    monkeypatch.setattr(keeping, "_KEPT", known)
    return known


def test_that_something_is_made_once_of_an_array_and_once_again_of_another(entries):
    first, equal = np.zeros(3), np.zeros(3)
    made = [kept(array, what, object) for array in (first, first, equal) for what in ("one", "other")]
    assert [made.index(one) for one in made] == [0, 1, 0, 1, 4, 5]


def test_that_it_is_let_go_with_the_array(entries):
    array = np.zeros(3)
    kept(array, "one", object)
    assert len(entries) == 1
    del array
    assert not entries
