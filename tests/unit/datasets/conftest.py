"""Pictures with structure, so that they can be recognised again, and tables of them."""

import csv

import numpy as np
import pytest
from PIL import Image

from viewer.datasets.checks.run import Checking, check
from viewer.datasets.checks.shelf import FactShelf
from viewer.datasets.query import DataQuery


def blobs(seed, side=96):
    """Smooth random structure, uint8 (side, side, 3); another seed gives another picture."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (9, 9, 3), np.uint8))
    return np.asarray(coarse.resize((side, side), Image.Resampling.BICUBIC))


@pytest.fixture
def paint(tmp_path):
    """Writes the picture of a seed below the test's folder and returns its path."""

    def write(name, seed, *, side=96, change=None, **options):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        picture = Image.fromarray(blobs(seed, side))
        (picture if change is None else change(picture)).save(path, **options)
        return path

    return write


@pytest.fixture
def table(tmp_path):
    """Writes rows as a CSV table and returns a query about its columns `class` and `patient`."""

    def write(rows, name="labels.csv", **asked):
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return DataQuery(data=path, **{"label": "class", "group": "patient", **asked})

    return write


@pytest.fixture
def findings(monkeypatch):
    """Checks data and returns the findings by kind; the control has fewer trees than usual."""
    monkeypatch.setattr("viewer.datasets.checks.control.TREES", 10)

    def run(*queries, **asked):
        with FactShelf(None) as shelf:
            checked = check(queries, Checking(**asked), shelf, lambda done, total: None)
        return {finding.kind: finding for finding in checked.findings}

    return run
