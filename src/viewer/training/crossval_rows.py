"""The tables of cross-validation: one row per judged picture, in `viewer evaluate`'s format."""

import csv
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from viewer.datasets.sample import Sample
from viewer.domain.errors import ViewerError
from viewer.training.pictures import Item

Rows = Sequence[Mapping[str, str]]


def joint_folder(samples: Sequence[Sample]) -> Path:
    """The deepest folder that all files lie in; the names of cases start from there."""
    return Path(os.path.commonpath([sample.path.parent for sample in samples]))


def judged_rows(
    items: Sequence[Item],
    predictions: Iterable[Mapping[str, str]],
    trust: NDArray[np.float64],
    *,
    fold: int,
    root: Path,
) -> list[dict[str, str]]:
    """One row per picture: which it is, the truth, the answer, and every trust.

    Columns are `id, file, frame, group, fold, true, predicted, p_<class>…, trust, trust_<scorer>…, suitability,
    fingerprint`. Groups are pseudonyms, as in a bundle.

    Args:
        items: The pictures.
        predictions: The bundle's rows about them, in their order.
        trust: Combined trust of every picture, NaN where there is none, (n,).
        fold: Number of the fold, from 1.
        root: Folder that names of cases start from.
    """
    rows = []
    for item, given, combined in zip(items, predictions, trust.tolist(), strict=True):
        name = item.sample.path.relative_to(root).as_posix()
        row = {
            "id": f"{name}#{item.frame}" if item.of_clip else name,
            "file": str(item.sample.path),
            "frame": str(item.frame),
            "group": given["group"],
            "fold": str(fold),
            "true": given["label"],
            "predicted": given["predicted"],
        }
        row |= {key: value for key, value in given.items() if key.startswith("p_")}
        row["trust"] = "" if np.isnan(combined) else repr(combined)
        row |= {key: value for key, value in given.items() if key.startswith("trust_")}
        rows.append(row | {"suitability": given["suitability"], "fingerprint": given["fingerprint"]})
    return rows


def write_rows(path: Path, rows: Rows) -> None:
    """Write a table whole: under another name first, so that a table is there completely or not at all.

    A column that only some rows have (a class without pictures, a scorer that was added) is empty in the others.
    """
    columns = list(dict.fromkeys(name for row in rows for name in row))
    part = path.with_suffix(".part")
    with part.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    part.replace(path)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read a table that `write_rows` wrote.

    Raises:
        ViewerError: It is not there, or no table.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ViewerError(f"{path}: the rows of a finished fold cannot be read; delete the folder") from error
