import numpy as np
import pytest
import torch
from torch.nn import functional

from viewer.evaluation.resizing import resized


@pytest.mark.parametrize("size", [(28, 28), (4, 5), (7, 40)])
def test_that_maps_are_resized_as_torch_does(size):
    maps = np.random.default_rng(0).random((2, 14, 9))
    theirs = functional.interpolate(
        torch.from_numpy(maps)[None], size=size, mode="bilinear", align_corners=False, antialias=True
    )[0]
    assert resized(maps, *size) == pytest.approx(theirs.numpy(), abs=1e-6)
