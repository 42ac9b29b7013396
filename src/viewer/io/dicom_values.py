"""Reads single header values; a missing or malformed one gives the default, never an error."""

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from viewer.io.faults import FAULTS


def value(dataset: Dataset, keyword: str) -> object:
    """The element's value, or None when it is missing, empty or malformed."""
    try:
        return dataset.get(keyword)  # type: ignore[no-any-return, unused-ignore]
    except FAULTS:
        return None


def texts(dataset: Dataset, keyword: str) -> tuple[str, ...]:
    """All values as text without padding; `()` by default."""
    found = value(dataset, keyword)
    if found is None:
        return ()
    several = found if isinstance(found, list | tuple | MultiValue) else (found,)
    return tuple(str(item).strip(" \0") for item in several)


def text(dataset: Dataset, keyword: str) -> str:
    """The first value as text without padding; `""` by default."""
    return next(iter(texts(dataset, keyword)), "")


def numbers(dataset: Dataset, keyword: str) -> tuple[float, ...]:
    """All values as finite numbers; `()` when one of them is not."""
    found = value(dataset, keyword)
    if found is None or isinstance(found, str | bytes):
        return ()
    try:
        items = tuple(float(item) for item in found) if hasattr(found, "__iter__") else (float(found),)  # type: ignore[arg-type]
    except FAULTS:
        return ()
    return items if all(abs(item) < float("inf") for item in items) else ()


def number(dataset: Dataset, keyword: str) -> float | None:
    """The first value as a finite number, or None."""
    found = numbers(dataset, keyword)
    return found[0] if found else None


def integer(dataset: Dataset, keyword: str) -> int:
    """The first value as an integer; 0 by default."""
    found = number(dataset, keyword)
    return 0 if found is None else int(found)


def items(dataset: Dataset, keyword: str) -> tuple[Dataset, ...]:
    """The items of a sequence; `()` by default."""
    found = value(dataset, keyword)
    if found is None or isinstance(found, str | bytes):
        return ()
    try:
        return tuple(item for item in found if isinstance(item, Dataset))  # type: ignore[attr-defined]
    except FAULTS:
        return ()
