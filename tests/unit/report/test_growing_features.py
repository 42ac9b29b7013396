from pathlib import Path

import numpy as np
import pytest

from viewer.domain.errors import ViewerError
from viewer.report.growing_features import GrowingFeatures

ROWS = np.arange(12, dtype=np.float32).reshape(4, 3)


def test_that_features_cut_at_any_byte_go_on_with_the_rows_that_were_kept(tmp_path: Path) -> None:
    path = tmp_path / "features.part"
    with GrowingFeatures(path) as features:
        features.recover(0)
        features.append(ROWS)
    whole = path.read_bytes()
    for length in range(4 + 2 * 6, len(whole) + 1):
        path.write_bytes(whole[:length])
        with GrowingFeatures(path) as features:
            features.recover(2)
            features.append(ROWS[2:])
            assert features.read().tolist() == ROWS.tolist()


@pytest.mark.parametrize("length", [0, 3, 10])
def test_that_lost_features_are_said(tmp_path: Path, length: int) -> None:
    path = tmp_path / "features.part"
    with GrowingFeatures(path) as features:
        features.recover(0)
        features.append(ROWS)
    path.write_bytes(path.read_bytes()[:length])
    with GrowingFeatures(path) as features, pytest.raises(ViewerError, match="--fresh"):
        features.recover(2)


def test_that_a_run_without_rows_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "features.part"
    path.write_bytes(b"rubbish")
    with GrowingFeatures(path) as features:
        features.recover(0)
        assert features.read().shape == (0, 1)
        features.append(ROWS)
        assert features.read().tolist() == ROWS.tolist()


def test_that_what_float16_cannot_hold_is_clipped(tmp_path: Path) -> None:
    with GrowingFeatures(tmp_path / "features.part") as features:
        features.recover(0)
        features.append(np.array([[1e6, -1e6]], np.float32))
        assert features.read().tolist() == [[65504, -65504]]


def test_that_finished_features_are_taken_back(tmp_path: Path) -> None:
    with GrowingFeatures(tmp_path / "features.part") as features:
        features.refill(ROWS.astype(np.float16))
        features.recover(4)
        assert features.read().tolist() == ROWS.tolist()
        features.remove()
    assert not (tmp_path / "features.part").exists()
