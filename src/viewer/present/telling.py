"""How opened files and folders are called in a list: as short as tells them apart."""

from collections.abc import Sequence
from pathlib import PurePath


def telling(entries: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Words for each entry, a list of paths that were opened together.

    The name of the first path, preceded by as many of its folders as it takes to differ from the others; `+ 3 more`
    says that there are others beside it.
    """
    parts = [PurePath(entry[0]).parts for entry in entries]
    return tuple(
        f"{_shortest(own, [other for other in parts if other != own])}{_more(len(entry) - 1)}"
        for own, entry in zip(parts, entries, strict=True)
    )


def _shortest(own: tuple[str, ...], others: Sequence[tuple[str, ...]]) -> str:
    depth = 1
    while depth < len(own) and any(other[-depth:] == own[-depth:] for other in others):
        depth += 1
    return str(PurePath(*own[-depth:])) if own else ""


def _more(count: int) -> str:
    return f"  + {count} more" if count else ""
