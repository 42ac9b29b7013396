"""Which groups a classifier was trained on, from a table of labels or from the tables a bundle keeps."""

from pathlib import Path
from typing import Literal

from viewer.datasets.checks.predictions import KnownGroups
from viewer.datasets.query import DataQuery
from viewer.datasets.reading import read_dataset
from viewer.datasets.split import pseudonym
from viewer.engine.bundle import read_bundle

HELD_OUT: tuple[Literal["fit", "certify"], ...] = ("fit", "certify")
"""A bundle's tables of groups that it was not trained on."""


def groups_of_table(query: DataQuery) -> KnownGroups:
    """All groups of a table, which are taken to have been trained on.

    Raises:
        ViewerError: The table cannot be read.
    """
    trained = frozenset(pseudonym(group) for group in read_dataset(query).groups)
    return KnownGroups(query.data.name, trained=trained)


def groups_of_bundle(path: Path) -> KnownGroups:
    """Groups that a bundle was not trained on, as its tables of fit and certify groups name them.

    Raises:
        ViewerError: The bundle is refused.
    """
    bundle = read_bundle(path)
    held_out = frozenset(row["group"] for part in HELD_OUT for row in bundle.rows(part))
    return KnownGroups(bundle.manifest.name, held_out=held_out)
