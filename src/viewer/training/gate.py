"""The gate of a bundle, from the pictures of its fit groups; and what it says of the pictures of either part."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from viewer.assessment.suitability import GATE_SCORERS, Gatekeeper, Suitability
from viewer.datasets.clips import spread_frames
from viewer.domain.gate import Gate
from viewer.domain.result import About
from viewer.host.discovery import PluginHost
from viewer.training.fitting import Scored
from viewer.training.pictures import Item

MOST_PICTURES = 2000
"""Pictures a gate keeps at most: 2000 looks of 70 numbers take 0.6 MB."""

FRAMES_OF_A_CLIP = 4
"""Frames kept of a clip, spread evenly; frames of one clip look much alike."""


def make_gate(host: PluginHost, items: Sequence[Item], fit: Scored) -> tuple[Gate | None, Mapping[str, int]]:
    """The gate of these fit pictures.

    Args:
        host: Loaded plugins; the gate listens to the scorers of suitability named in `GATE_SCORERS`.
        items: Where each picture comes from.
        fit: The pictures, each scored by a state that has not seen its group.

    Returns:
        The gate, None where none of the scorers answers; and by name of a group its number in the gate.
    """
    offered = {offer.thing.name for offer in host.scorers if offer.thing.about is About.SUITABILITY}
    scorers = tuple(name for name in GATE_SCORERS if name in offered and np.isfinite(fit.raws[name]).any())
    if not scorers:
        return None, {}
    answered = np.all([np.isfinite(fit.raws[name]) for name in scorers], axis=0)
    rows = np.flatnonzero(answered & _few_of_a_clip(items))
    rows = rows[:: max(1, -(-len(rows) // MOST_PICTURES))]
    if not len(rows):
        return None, {}
    names, numbers = np.unique(fit.groups[rows], return_inverse=True)
    gate = Gate(
        scorers=scorers,
        distances={name: fit.raws[name][rows] for name in scorers},
        looks=fit.looks[rows],
        groups=numbers.astype(np.intp),
        labels=fit.labels[rows],
    )
    return gate, {str(name): number for number, name in enumerate(names)}


def judge_pictures(gate: Gate | None, scored: Scored, numbers: Mapping[str, int] | None = None) -> list[Suitability]:
    """What the gate says of every picture; where its group is among `numbers`, by all other groups."""
    keeper = Gatekeeper(gate)
    return [
        keeper.judge(
            {name: float(scored.raws[name][i]) for name in keeper.scorers},
            scored.looks[i],
            own=(numbers or {}).get(str(scored.groups[i])),
        )
        for i in range(len(scored))
    ]


def _few_of_a_clip(items: Sequence[Item]) -> NDArray[np.bool_]:
    """Which pictures are stills, or among the few kept of their clip."""
    of_file: defaultdict[object, list[int]] = defaultdict(list)
    for row, item in enumerate(items):
        of_file[item.sample].append(row)
    kept = np.zeros(len(items), np.bool_)
    for rows in of_file.values():
        kept[[rows[i] for i in spread_frames(len(rows), FRAMES_OF_A_CLIP)]] = True
    return kept
