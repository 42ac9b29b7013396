"""What is true of clips alone: their frames repeat each other, and somebody may have cut them out."""

from collections.abc import Iterator

import numpy as np

from viewer.datasets.checks.copies import ALIKE
from viewer.datasets.checks.finding import Finding, Severity, counted
from viewer.datasets.checks.inspected import Inspected

CUT_OUT_SHARE = 0.5
"""Share of square files, in many sizes, from which on somebody is taken to have cut them out."""

FEWEST_SIZES = 10

SIZES_PER_FILE = 0.25
"""Sizes per square file; a scanner that makes squares makes them in few sizes."""


def clip_facts(data: Inspected) -> Iterator[Finding]:
    """Neighbouring frames that are almost copies, and squares of many sizes."""
    neighbours = [fact.neighbour for fact in data.facts.values() if fact.neighbour is not None]
    if neighbours:
        alike = sum(value >= ALIKE for value in neighbours)
        yield Finding(
            kind="frames-alike",
            severity=Severity.INFORM,
            sentence=f"in {alike} of {counted(len(neighbours), 'clip')} neighbouring frames are almost copies "
            f"(median correlation {np.median(neighbours):.3f}): the frames of a clip count as one case, and must not "
            "be divided between training and measuring",
        )
    yield from _torn_clips(data)
    readable = {path: fact for path, fact in data.facts.items() if fact.readable}
    squares = [path for path, fact in readable.items() if fact.rows == fact.columns]
    sizes = {readable[path].rows for path in squares}
    many = len(sizes) >= max(FEWEST_SIZES, SIZES_PER_FILE * len(squares))
    if many and len(squares) >= CUT_OUT_SHARE * len(readable):
        yield Finding(
            kind="cut-outs",
            severity=Severity.WARN,
            sentence=f"{len(squares)} of {counted(len(readable), 'file')} are square, in {len(sizes)} sizes: no "
            "scanner makes such pictures; somebody cut them out, and how may tell who did",
        )


def _torn_clips(data: Inspected) -> Iterator[Finding]:
    torn = [path for path, groups in data.groups_of().items() if len(groups) > 1]
    if torn:
        yield Finding(
            kind="file-in-two-groups",
            severity=Severity.REFUSE,
            sentence=f"{counted(len(torn), 'file')} {'is' if len(torn) == 1 else 'are'} in more than one group: "
            "frames of one clip, or one picture, would lie on both sides of a split",
            files=tuple(torn),
        )
