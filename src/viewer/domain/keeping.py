"""What is made of an array once, for as long as the array lives."""

import weakref
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from numpy.typing import NDArray

T = TypeVar("T")

_KEPT: dict[tuple[int, Hashable], Any] = {}


def kept(of: NDArray[Any], what: Hashable, make: Callable[[], T]) -> T:
    """What was made of an array, until that is let go; what is made must not hold on to it.

    Args:
        of: An array of a state, whose other arrays live and change with it.
        what: Tells what is made of the same array apart.
        make: Makes it, the first time.
    """
    key = id(of), what
    if key not in _KEPT:
        _KEPT[key] = make()
        weakref.finalize(of, _KEPT.pop, key, None)
    made: T = _KEPT[key]
    return made
