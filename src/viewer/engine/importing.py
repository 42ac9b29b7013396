"""Brings torch into the process without holding up the threads that are there already, above all the window's."""

import ctypes
import gc
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LIBRARIES = (
    ("torch", "lib/libtorch_global_deps.so"),
    ("torch", "lib/libtorch_python.so"),
    ("triton", "_C/libtriton.so"),
)
"""Packages and their libraries that `import torch` loads, in its order; all others take little, or come along."""

_NEVER = 1_000_000
"""Rounds of the middle generation between two collections of the oldest."""


@contextmanager
def unnoticed() -> Iterator[None]:
    """Import torch and what stays with it; other threads wait for the interpreter a few milliseconds at most.

    A full collection of garbage looks at every object there is while it holds the interpreter, and would look at the
    hundred thousands that come with torch again and again, for up to half a second. Here only young objects are
    looked at, and those that are there in the end, which stay for good, are never looked at again. Where torch is
    there already nothing is done.
    """
    if "torch" in sys.modules:
        yield
        return
    link_torch()
    young, middle, old = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(young, middle, old)


def link_torch() -> None:
    """Load the shared libraries of torch, which takes some 400 ms; importing it would hold the interpreter meanwhile.

    Only on Linux; where it fails, `import torch` does the same, or says what is wrong.
    """
    if not sys.platform.startswith("linux"):
        return
    for package, name in _LIBRARIES:
        found = importlib.util.find_spec(package)
        for folder in (found.submodule_search_locations or ()) if found is not None else ():
            _load(Path(folder) / name)


def _load(library: Path) -> None:
    """Load a library while other threads run: a foreign call lets go of the interpreter, `ctypes.CDLL` does not."""
    load = getattr(ctypes.CDLL(None), "dlopen", None)
    if load is not None and library.exists():
        load.restype, load.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
        mode = os.RTLD_GLOBAL if "global" in library.name else os.RTLD_LOCAL
        load(os.fsencode(library), os.RTLD_NOW | mode)
