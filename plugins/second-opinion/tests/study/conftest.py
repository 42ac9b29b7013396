"""Small generated tables of a frame classifier's outputs, like those of the study."""

import csv

import numpy as np
import pytest
from viewer_second_opinion.study.frames import read_frames

HEADER = ["path", "true", "predicted"]


def rows_of(patients, *, scores=4, clips=3, frames=30, seed=0, noise=1.0, sure=2.0):
    """Rows of clips whose score changes once in the middle, with outputs of a classifier that errs frame by frame.

    Args:
        patients: Names.
        scores, clips, frames: How many there are, of clips per patient and frames per clip.
        seed: Of everything that is drawn.
        noise: Standard deviation of the logits from frame to frame.
        sure: Logit of the true score, above the others.
    """
    random = np.random.default_rng(seed)
    rows = []
    for patient in patients:
        for clip in range(clips):
            halves = random.integers(0, scores, 2)
            for frame in range(frames):
                true = int(halves[2 * frame // frames])
                logits = random.normal(0, noise, scores)
                logits[true] += sure
                outputs = np.exp(logits) / np.exp(logits).sum()
                path = f"images/{patient}_7_{clip}_{frame}_{true}.png"
                rows.append([path, true, int(outputs.argmax()), *outputs.round(7)])
    return rows


@pytest.fixture
def write(tmp_path):
    """Write rows as a table, with the usual columns unless others are given."""

    def write(rows, name="table.csv", header=None):
        path = tmp_path / name
        header = header or [*HEADER, *(f"sm{score}" for score in range(len(rows[0]) - len(HEADER)))]
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *rows])
        return path

    return write


@pytest.fixture
def tables(write):
    """Paths of a train and a test table."""
    train = write(rows_of(["11", "12", "13", "14"], seed=1, noise=1.5, frames=16), "train.csv")
    return train, write(rows_of(["21", "22"], seed=2, noise=1.5, frames=16), "test.csv")


@pytest.fixture
def frames(write):
    """Frames of generated rows, read from a table; arguments as for `rows_of`."""
    return lambda patients=("21", "22"), **changes: read_frames(write(rows_of(patients, **changes)))
