from collections.abc import Callable
from pathlib import Path

import pytest

from viewer.evaluation.table import PredictionTable, read_predictions

FOUR = """\
id,group,true,predicted,p_mole,p_melanoma,trust,trust_softmax,light
1,anna,mole,mole,.9,.1,.8,.9,green
2,anna,mole,melanoma,.4,.6,.3,.6,amber
3,bert,melanoma,melanoma,.2,.8,.9,.8,green
4,cleo,melanoma,mole,.7,.3,,.7,grey
"""


@pytest.fixture
def four() -> str:
    """Four cases of three patients, two of them right, one trust missing."""
    return FOUR


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Write text into a table."""

    def write(text: str | bytes, name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


@pytest.fixture
def table(written: Callable[..., Path]) -> Callable[..., PredictionTable]:
    """A table with this text."""
    return lambda text, *trusts, name="table.csv": read_predictions(written(text, name), trusts or None)
