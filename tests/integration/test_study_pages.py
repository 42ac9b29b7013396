"""The pages of the studies hold what was measured, and nothing that was typed in."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pages():
    found = importlib.util.spec_from_file_location("study_pages", ROOT / "benchmarks" / "study_pages.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_that_the_pages_are_up_to_date(pages, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["study_pages.py", "--check"])
    assert pages.main() == 0


def test_that_a_block_is_filled_and_filled_again_and_the_words_around_it_stay(pages):
    blocks = {"one": lambda record: iter([record["x"]]), "two": lambda record: iter(["2"])}
    page = "before\n<!-- one -->\n<!-- end -->\nbetween\n<!-- two -->\n<!-- end -->\nafter\n"
    once = pages.filled(page, blocks, {"x": "first"})
    assert once == "before\n<!-- one -->\nfirst\n<!-- end -->\nbetween\n<!-- two -->\n2\n<!-- end -->\nafter\n"
    assert pages.filled(once, blocks, {"x": "second"}) == once.replace("first", "second")


def test_that_only_a_difference_whose_interval_excludes_0_is_bold(pages):
    assert pages.change({"difference": 0.02, "low": 0.005, "high": 0.04}) == "**+.020 (+.005 to +.040)**"
    assert pages.change({"difference": -0.02, "low": -0.05, "high": 0.01}) == "−.020 (−.050 to +.010)"
    assert pages.change({"difference": -0.02, "low": -0.05, "high": -0.01}).startswith("**−.020")


def test_that_what_is_not_measured_is_a_dash(pages):
    assert pages.ranged(None) == "–"
    assert pages.ranged({"value": 1.25, "low": 0.5, "high": 2.0}) == "1.250 (.500–2.000)"
