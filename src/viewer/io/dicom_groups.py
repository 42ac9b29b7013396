"""Functional groups of enhanced multi-frame objects: what is said of all frames, and of each (PS3.3 C.7.6.16)."""

from collections.abc import Sequence

from pydicom.dataset import Dataset

from viewer.io.dicom_values import items


def frame_groups(dataset: Dataset, frames: int) -> tuple[tuple[Dataset, ...], ...]:
    """Functional groups of every frame, its own before the shared one.

    One entry alone, for all frames, where not every frame has a group of its own.
    """
    shared = items(dataset, "SharedFunctionalGroupsSequence")[:1]
    groups = items(dataset, "PerFrameFunctionalGroupsSequence")
    if len(groups) < frames:
        return ((*groups[:1], *shared),)
    return tuple((group, *shared) for group in groups[:frames])


def macro_items(groups: Sequence[Dataset], macro: str) -> tuple[Dataset, ...]:
    """The item of a functional group macro in each group that has it, in the order of `groups`."""
    return tuple(item for group in groups for item in items(group, macro)[:1])
