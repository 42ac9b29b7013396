"""Where progress and notes go; free of torch, so that a command line can speak before it trains."""

from collections.abc import Callable

Say = Callable[[str], None]
"""Where progress and notes go, one sentence at a time."""


class Passing(str):
    """A sentence that the next one may overwrite: how far something is."""

    __slots__ = ()
