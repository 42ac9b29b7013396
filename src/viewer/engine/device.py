"""Where the network runs."""

import os
from collections.abc import Callable

import torch

FRAMES_PER_GPU_PASS = 8


def pick_device(wish: str, notify: Callable[[str], None]) -> torch.device:
    """The device for `auto`, `cpu` or `cuda`; a GPU that is not there is said aloud and becomes the CPU."""
    there = torch.cuda.is_available()
    if wish == "cuda" and not there:
        notify("No CUDA device was found, so the model runs on the CPU.")
    return torch.device("cuda" if there and wish in ("auto", "cuda") else "cpu")


def spare_threads() -> int:
    """All cores but one, which is left to the window."""
    return max(1, (os.cpu_count() or 1) - 1)


def is_out_of_memory(error: RuntimeError) -> bool:
    """Whether a device, or the CPU's allocator, ran out of memory."""
    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)
