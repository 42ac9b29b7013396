"""The source study's own methods, on tables: reliability classifiers, re-scoring from similar frames, cascades.

What is learnt is learnt on the train table as the source did it, which is the mistake the study is about: the outputs
there are those on frames the network was trained on.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from viewer.api import EmbeddingMap
from viewer_second_opinion.classifiers import (
    Arrays,
    fit_network,
    fit_svc,
    fit_svc_per_class,
    network_trust,
    svc_per_class_trust,
    svc_trust,
)
from viewer_second_opinion.study.figures import RELIABLE, Answered, Judged
from viewer_second_opinion.study.frames import Frames
from viewer_second_opinion.voting import mean_vote, mode_vote

NEIGHBOURS = 11
"""Similar frames that vote."""

MOST_LEARNT = 10_000
"""Right frames, and wrong ones, that a reliability classifier learns from at most."""

MOST_ON_MAP = 5000
"""Train frames on the t-SNE map; of more, as many are drawn, each with the same chance."""

AT_ONCE = 1000
"""Frames that are asked about together, which bounds the memory for the distances to all support vectors."""

SEED = 0

HEADLINE = "svc/behaviour/mode"
"""The combination that stands for the source where one figure is wanted."""

VOTES = {"mode": mode_vote, "mean": mean_vote}

Say = Callable[[str], None]
T = TypeVar("T")
Values = NDArray[np.float64]
Indices = NDArray[np.intp]


def reliabilities(train: Frames, test: Frames, say: Say) -> Mapping[str, Judged]:
    """Ask the three reliability classifiers, fitted on the train table's outputs, about the test table's."""
    x, right, asked, answers = train.probabilities, train.correct, test.probabilities, test.predicted
    ways: Sequence[tuple[str, Callable[[], Arrays], Callable[..., Values]]] = (
        (
            "network",
            lambda: fit_network(x, right, SEED, most=MOST_LEARNT),
            lambda rows, arrays: network_trust(asked[rows], arrays),
        ),
        (
            "svc",
            lambda: fit_svc(x, right, SEED, most=MOST_LEARNT),
            lambda rows, arrays: svc_trust(asked[rows], arrays),
        ),
        (
            "svc_per_class",
            lambda: fit_svc_per_class(x, train.predicted, right, train.scores, SEED, most=MOST_LEARNT),
            lambda rows, arrays: svc_per_class_trust(asked[rows], answers[rows], arrays),
        ),
    )
    found = {}
    for name, fit, ask in ways:
        say(f"fitting the reliability classifier {name} …")
        arrays = fit()
        trust, seconds = timed(partial(_in_pieces, partial(ask, arrays=arrays), len(test)), len(test))
        # Where too little was wrong to learn from, the answer stands.
        found[name] = Judged(trust=np.nan_to_num(trust, nan=RELIABLE), seconds=seconds)
    return found


def rescorings(train: Frames, test: Frames, say: Say) -> Mapping[tuple[str, str], Answered]:
    """Scores by the votes of the similar frames of the train table, by similarity and vote.

    Their trust is the share of the similar frames that have the very score.
    """
    found = {}
    for similarity, search in (("behaviour", _by_behaviour), ("tsne", _by_map)):
        say(f"searching similar frames by {similarity} …")
        (rows, seconds) = search(train, test)
        scores = train.true[rows]
        for name, vote in VOTES.items():
            final = vote(scores)
            agreeing = (scores == final[:, None]).mean(axis=1)
            found[similarity, name] = Answered(final=final, trust=agreeing, seconds=seconds)
    return found


def cascade(test: Frames, judged: Judged, rescored: Answered) -> Answered:
    """The classifier's score where it is held to be reliable, else the re-score; the trust is of the part used."""
    doubted = judged.trust < RELIABLE
    seconds = None
    if judged.seconds is not None and rescored.seconds is not None:
        seconds = judged.seconds + float(doubted.mean()) * rescored.seconds
    return Answered(
        final=np.where(doubted, rescored.final, test.predicted),
        trust=np.where(doubted, rescored.trust, judged.trust),
        seconds=seconds,
    )


def timed(work: Callable[[], T], frames: int) -> tuple[T, float]:
    """What the work came to, and the seconds it took per frame."""
    started = time.perf_counter()
    done = work()
    return done, (time.perf_counter() - started) / frames


def _in_pieces(ask: Callable[[slice], Values], frames: int) -> Values:
    return np.concatenate([ask(slice(start, start + AT_ONCE)) for start in range(0, frames, AT_ONCE)])


def _by_behaviour(train: Frames, test: Frames) -> tuple[Indices, float]:
    """The train frames with the nearest outputs (Euclidean), int (m, k), and seconds per frame."""
    return timed(lambda: _nearest(train.probabilities, test.probabilities), len(test))


def _by_map(train: Frames, test: Frames) -> tuple[Indices, float]:
    """The train frames that lie nearest on a t-SNE map of their outputs, on which the test frames are placed."""
    drawn = on_map(len(train))
    plane = EmbeddingMap.of(train.probabilities[drawn], seed=SEED)
    rows, seconds = timed(lambda: _nearest(plane.positions, plane.place(test.probabilities)), len(test))
    return drawn[rows], seconds


def on_map(frames: int) -> Indices:
    """Which of so many train frames the t-SNE map is made of."""
    random = np.random.default_rng(SEED)
    return np.sort(random.choice(frames, min(frames, MOST_ON_MAP), replace=False))


def _nearest(known: NDArray[np.floating[Any]], asked: NDArray[np.floating[Any]]) -> Indices:
    from scipy.spatial import cKDTree

    rows: Indices = cKDTree(known).query(asked, k=range(1, min(NEIGHBOURS, len(known)) + 1))[1]
    return rows
