"""Rows that count several times: what lets a metric be computed for every bootstrap draw at once.

A draw of whole groups is kept as `weights`, float64 (draws, rows), whole numbers that say how often each row counts.
Every metric of this room takes such weights with any leading shape (…, n) and answers with that leading shape (…).
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def once(rows: int) -> Floats:
    """Weights that count every row once, (rows,)."""
    return np.ones(rows)


def tally(weights: Floats, cells: NDArray[np.intp], size: int) -> Floats:
    """Sum of the weights in each cell.

    Args:
        weights: (…, n).
        cells: Cell of every row, 0 ≤ cell < size, (n,).
        size: Number of cells.

    Returns:
        (…, size); 0 for a cell without rows.
    """
    sums = np.zeros((*weights.shape[:-1], size))
    if cells.size:
        order = np.argsort(cells, kind="stable")
        filled, starts = np.unique(cells[order], return_index=True)
        sums[..., filled] = np.add.reduceat(weights[..., order], starts, axis=-1)
    return sums


def ratio(part: Floats, whole: Floats) -> Floats:
    """`part / whole`, NaN where `whole` is 0; the two broadcast."""
    part, whole = np.broadcast_arrays(part, whole)
    shares: Floats = np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole != 0)
    return shares
