"""Torch comes in without holding the interpreter for long, and leaves the collector as it was."""

import gc
import subprocess
import sys
from types import SimpleNamespace

import pytest

from viewer.engine import importing
from viewer.engine.importing import link_torch, unnoticed

LINKED_BUT_NOT_IMPORTED = """
import sys
from pathlib import Path
from viewer.engine.importing import link_torch
link_torch()
assert "torch" not in sys.modules
assert "libtorch_python.so" in Path("/proc/self/maps").read_text()
import torch
assert torch.ones(2).sum() == 2
"""


@pytest.fixture
def before_torch(monkeypatch):
    """As if torch had not been imported; freezing is counted, not done."""
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    frozen = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(gc.get_threshold()))
    monkeypatch.setattr(importing, "link_torch", lambda: None)
    return frozen


def test_that_the_oldest_objects_are_not_collected_while_torch_comes_in(before_torch):
    young, middle, old = gc.get_threshold()
    with unnoticed():
        assert gc.get_threshold() == (young, middle, importing._NEVER)
        assert before_torch == []
    assert len(before_torch) == 1
    assert gc.get_threshold() == (young, middle, old)


def test_that_the_collector_is_as_it_was_where_torch_cannot_be_imported(before_torch):
    usual = gc.get_threshold()
    with pytest.raises(ImportError), unnoticed():
        raise ImportError
    assert gc.get_threshold() == usual


def test_that_nothing_is_done_once_torch_is_there(before_torch, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", object())
    usual = gc.get_threshold()
    with unnoticed():
        assert gc.get_threshold() == usual
    assert before_torch == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="libraries are loaded beforehand on Linux only")
def test_that_the_libraries_of_torch_are_loaded_before_it_is_imported():
    finished = subprocess.run(
        [sys.executable, "-c", LINKED_BUT_NOT_IMPORTED], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr


def test_that_a_missing_package_or_library_is_left_to_the_import(monkeypatch):
    loaded = []
    libc = SimpleNamespace(dlopen=lambda *arguments: loaded.append(arguments))
    monkeypatch.setattr(importing.ctypes, "CDLL", lambda name: libc)
    monkeypatch.setattr(importing.sys, "platform", "linux")
    monkeypatch.setattr(importing, "_LIBRARIES", (("no_such_package", "a.so"), ("viewer", "no_such_library.so")))
    link_torch()
    assert loaded == []
