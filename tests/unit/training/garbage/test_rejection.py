"""What thresholds reject."""

import numpy as np
import pytest

from viewer.assessment.suitability import Suitability
from viewer.training.garbage.rejection import GarbageReport, Strange, Thresholds


def strange(odds, suitability, fingerprint=None):
    """Each picture of a group of its own."""
    fingerprint = np.ones(len(odds)) if fingerprint is None else fingerprint
    judged = [Suitability(suitability=s, fingerprint=f) for s, f in zip(suitability, fingerprint, strict=True)]
    return Strange(np.asarray(odds, float), judged, np.array([f"g{i:03d}" for i in range(len(odds))]))


@pytest.fixture
def thresholds():
    """Of 100 pictures; those with the highest odds have the highest p."""
    return Thresholds(strange(np.arange(100.0), np.linspace(0.01, 1, 100)))


def test_that_five_in_a_hundred_of_the_proper_pictures_are_rejected_by_either(thresholds):
    assert thresholds.odds == 95
    again = thresholds.rejection(strange(np.arange(100.0), np.linspace(0.01, 1, 100)), title="the same")
    assert again.alone.value == pytest.approx(0.04)
    assert again.gate.value == pytest.approx(0.04)
    assert again.together.value == pytest.approx(0.05, abs=0.02)


def test_that_what_either_finds_strange_is_rejected_by_all_together(thresholds):
    found = thresholds.rejection(strange([200, 200, 0, 0], [0.5, 0.5, 0.001, 0.5], [1, 1, 1, 0.001]), title="odd")
    assert (found.alone.value, found.gate.value, found.together.value) == (0.5, 0.5, 1.0)


def test_that_without_a_gate_only_the_output_alone_rejects():
    unknown = [None] * 20
    thresholds = Thresholds(strange(np.arange(20.0), unknown, unknown))
    found = thresholds.rejection(strange([100, 0], [None] * 2, [None] * 2), title="odd")
    assert found.alone.value == 0.5
    assert str(found.gate) == str(found.together) == "undefined"


def test_that_a_report_is_written_as_a_table_with_empty_cells_for_what_is_undefined(tmp_path):
    unknown = [None] * 20
    thresholds = Thresholds(strange(np.arange(20.0), unknown, unknown))
    rejected = thresholds.rejection(strange([100, 0], [None] * 2, [None] * 2), family="noise", title="noise")
    GarbageReport(threshold=0.5, proper=rejected, families=(rejected,)).write(tmp_path / "garbage.csv")
    lines = (tmp_path / "garbage.csv").read_text(encoding="utf-8").splitlines()
    assert lines[2] == "noise,0,2,0.5000,,"
