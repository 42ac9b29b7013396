"""Exact search for similar frames: what one frame costs among many, beside scikit-learn and a plain numpy comparison.

All answer the same questions exactly, on one thread, in turn: the eleven greatest cosines among unit vectors of 512
features. What is searched lies in clouds, as features of one network do. The study this follows took 30 s for a frame
among 30,000. A bundle's own memory holds at most 6,000 references of 128 features.
"""

import gc
from collections.abc import Callable

import numpy as np
from measure import Figure, arguments, interleaved, median_ms, resident_mb, write
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits
from viewer_second_opinion.search import ExactSearch, unit_vectors

WIDTH, NEIGHBOURS, BATCH = 512, 11, 8
GROUPS = 100
"""Groups among the vectors; the query's own one is left out in one of the figures."""

Floats = NDArray[np.float32]


def clouds(count: int) -> Floats:
    """Unit vectors (count, 512) around forty directions."""
    random = np.random.default_rng(0)
    centres = random.normal(size=(40, WIDTH)).astype(np.float32)
    vectors = centres[random.integers(0, len(centres), count)]
    vectors += random.normal(size=(count, WIDTH)).astype(np.float32)
    return unit_vectors(vectors)


def compared_with_all(known: Floats, queries: Floats) -> NDArray[np.intp]:
    """The peer in numpy: every cosine, and the eleven greatest in order."""
    cosines = queries @ known.T
    some = np.argpartition(-cosines, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    order = np.argsort(-np.take_along_axis(cosines, some, axis=1), axis=1)
    return np.take_along_axis(some, order, axis=1)


def searching(count: int, goal_ms: float, repeats: int) -> list[Figure]:
    """What a frame costs alone and in a batch of eight, and what the search holds in memory."""
    known, asked = np.split(clouds(count + BATCH), [count])
    gc.collect()
    before = resident_mb()
    ours = ExactSearch(known, np.arange(count) % GROUPS)
    gc.collect()
    held = resident_mb() - before
    peer = NearestNeighbors(n_neighbors=NEIGHBOURS, algorithm="brute", metric="cosine", n_jobs=1).fit(known)
    own = np.zeros(1, np.intp)
    works: dict[str, Callable[[], object]] = {
        "ours": lambda: ours.nearest(asked[:1], NEIGHBOURS),
        "without the own patient": lambda: ours.nearest(asked[:1], NEIGHBOURS, own),
        "scikit-learn": lambda: peer.kneighbors(asked[:1], return_distance=False),
        "numpy": lambda: compared_with_all(known, asked[:1]),
        "ours of 8": lambda: ours.nearest(asked, NEIGHBOURS),
        "scikit-learn of 8": lambda: peer.kneighbors(asked, return_distance=False),
        "numpy of 8": lambda: compared_with_all(known, asked),
    }
    with threadpool_limits(1):
        same = ours.nearest(asked, NEIGHBOURS)[0] == compared_with_all(known, asked)
        interleaved(works, 1)
        seconds = interleaved(works, repeats)
    ms = {name: median_ms(values) / (BATCH if name.endswith("of 8") else 1) for name, values in seconds.items()}
    detail = {f"{name} ms per frame": value for name, value in ms.items()} | {
        "same neighbours as numpy %": 100 * float(same.mean())
    }
    words = f"the {NEIGHBOURS} nearest of a frame among {count} × {WIDTH}"
    costs = {"": "ours", ", without the own patient": "without the own patient", ", eight at a time": "ours of 8"}
    return [
        *(
            Figure(name=words + how, value=ms[work], goal=goal_ms, unit="ms", detail=detail)
            for how, work in costs.items()
        ),
        _ratio(f"{words} against scikit-learn's brute force", ms["ours"], ms["scikit-learn"]),
        _ratio(f"{words} against numpy", ms["ours"], ms["numpy"]),
        Figure(
            name=f"memory of the search among {count} × {WIDTH}",
            value=held,
            goal=2.0 * count * WIDTH * 4 / 1e6,
            unit="MB",
            detail={"the vectors themselves, float32, MB": count * WIDTH * 4 / 1e6},
        ),
    ]


def _ratio(name: str, ours: float, theirs: float) -> Figure:
    return Figure(name=name, value=ours / theirs, goal=1.0, unit="×", detail={"ours ms": ours, "theirs ms": theirs})


def main() -> None:
    """Search among as many as the study had, and ten times as many."""
    options = arguments(__doc__)
    sizes = ((2000, 10.0),) if options.quick else ((30_000, 10.0), (300_000, 50.0))
    repeats = 3 if options.quick else 25
    write([figure for count, goal in sizes for figure in searching(count, goal, repeats)], options)


if __name__ == "__main__":
    main()
